"""The exporters' own habits: weibo-crawler's rows by position, weiboSpider's repeated headers, names, ids, links."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

import pytest

from originality.collect import reasons
from originality.models import BEIJING
from tests.test_collect import ROWS, csv_text, lines, read, reason_counts, refused, workbook, write

OWN = ["id", "bid", "正文", "头条文章url", "原始图片url", "视频url", "Live Photo视频url", "位置", "日期", "工具"]
OWN += ["点赞数", "评论数", "转发数", "话题", "@用户"]
FULL, EDITED = ["完整日期"], ["是否编辑过", "编辑次数"]
REPOST = ["是否原创", "源用户id", "源用户昵称"]
MID, BID = "4383183661430868", "HyTZc60ew"


def source(names: list[str]) -> list[str]:
    return ["源微博" + name for name in names]


def own_cells(post_id: str, bid: str, text: str, without: frozenset[str]) -> list[str]:
    start = [post_id + "\t", *([] if "bid" in without else [bid]), text, "", "http://example.com/1.jpg", ""]
    live = [] if "live" in without else [""]
    full = [] if "full" in without else ["2024-05-02 12:00:05"]
    return [*start, *live, "上海", "2024-05-02T12:00:00", "某手机", "12", "5", "3", "茶", "", *full]


def cells(text: str, *, repost: bool = False, without: frozenset[str] = frozenset()) -> list[str]:
    """Return a row as a version of weibo-crawler writes it."""
    row = own_cells(MID, BID, text, without) + ([] if "edited" in without else ["False", "0"])
    if not repost:
        return [*row, "True"]
    return [*row, "False", "1234567890", "茶友", *own_cells("4454572602912349", "ImTGkcdDn", "原文", without)]


def table(*rows: list[str]) -> str:
    return "".join(",".join(f'"{cell}"' for cell in row) + "\r\n" for row in rows)


WITHOUT_LIVE = [name for name in OWN if not name.startswith("Live")]
BEFORE_2025 = [*WITHOUT_LIVE, *REPOST, *source(WITHOUT_LIVE)]
ERAS = {
    "today": ([*OWN, *FULL, *EDITED, *REPOST, *source([*OWN, *FULL, *EDITED])], ""),
    "2025, one column right": ([*WITHOUT_LIVE, *FULL, *REPOST, *source([*WITHOUT_LIVE, *FULL])], "edited"),
    "2023, a date without a column": (BEFORE_2025, "edited live"),
    "2020": (BEFORE_2025, "edited live full"),
    "before bids": (["微博id", *WITHOUT_LIVE[2:], *REPOST, *source(["id", *WITHOUT_LIVE[2:]])], "edited live full bid"),
    "old header, rows of today": (BEFORE_2025, ""),
    "old header, rows of 2025-12": ([*OWN, *FULL, *REPOST, *source([*OWN, *FULL])], ""),
}


@pytest.mark.parametrize("era", ERAS)
def test_weibo_crawler_rows_of_all_times_are_read_rightly(tmp_path, era):
    header, without = ERAS[era][0], frozenset(ERAS[era][1].split())
    rows = [cells("头采春茶\n到店了", without=without), cells("转发微博", repost=True, without=without)]
    posts, dropped = read(write(tmp_path / "花间茶事" / "2608812381.csv", table(header, *rows), "utf-8-sig"))
    assert dropped == []
    assert [post.text for post in posts] == ["头采春茶\n到店了", "转发微博"]
    assert [post.repost_of for post in posts] == ["", "4454572602912349"]
    for post in posts:
        assert (post.post_id, post.account, post.account_id) == (MID, "花间茶事", "2608812381")
        assert post.published_at == datetime(2024, 5, 2, 12, 0, 0 if "full" in without else 5, tzinfo=BEIJING)
        assert (post.likes, post.comments, post.reposts) == (12, 5, 3)
        assert post.url == f"https://weibo.com/2608812381/{BID}"


def test_weibo_crawler_rows_with_unknown_columns_keep_what_is_sound(tmp_path):
    header = ERAS["today"][0]
    row = cells("春茶")
    posts, dropped = read(write(tmp_path / "a.csv", table(header, [*row[:15], "积极", "产品", *row[15:]], row[:9])))
    assert [(post.text, post.likes) for post in posts] == [("春茶", 12)]
    assert posts[0].published_at == datetime(2024, 5, 2, 12, tzinfo=BEIJING)
    assert reason_counts(dropped) == {reasons.OUT_OF_LINE: 1}


def test_weibo_crawler_table_saved_again_as_a_workbook(tmp_path):
    header = ERAS["today"][0]
    row = cells("春茶")
    values: list[object] = [4383183661430860.0, *row[1:], *[None] * (len(header) - len(row))]
    posts, _ = read(workbook(tmp_path / "花间茶事_2608812381.xlsx", [dict(zip(header, values, strict=True))]))
    assert [(post.post_id, post.account, post.account_id) for post in posts] == [(MID, "花间茶事", "2608812381")]


def test_weibo_crawler_json_names_account_and_repost(tmp_path):
    weibo = [
        {"user_id": 2608812381, "id": 4383183661430868, "bid": BID, "text": "转发微博", "attitudes_count": 3,
         "created_at": "2024-05-02T12:00:00", "full_created_at": "2024-05-02 12:00:05",
         "retweet": {"user_id": 1, "id": 4454572602912349, "text": "原文"}},
        {"user_id": "", "id": 4454081098040623, "text": "新品", "created_at": "2024-05-02"},
    ]  # fmt: skip
    document = {"user": {"id": "2608812381", "screen_name": "花间茶事"}, "weibo": weibo}
    posts, _ = read(write(tmp_path / "2608812381.json", json.dumps(document)))
    assert [post.post_id for post in posts] == [MID, "4454081098040623"]
    assert {(post.account, post.account_id) for post in posts} == {("花间茶事", "2608812381")}
    assert [post.repost_of for post in posts] == ["4454572602912349", ""]
    assert posts[1].url == "https://weibo.com/2608812381/ImGTzxJJt"


SPIDER = "微博id,微博正文,原始图片url,发布位置,发布时间,发布工具,点赞数,转发数,评论数"
SPIDER_ALL = (
    "微博id,微博正文,原始图片url,被转发微博原始图片url,是否为原创微博,发布位置,发布时间,发布工具,点赞数,转发数,评论数"
)


def test_weibo_spider_repeats_its_header_with_and_without_changes(tmp_path):
    content = (
        f"{SPIDER}\n{BID},头采到店\xa0原图\xa0,无,无,2019-08-16 14:39\xa0,无,715,115,64\n"
        f"{SPIDER}\nImTGkcdDn,无,无,无,2019-08-17 09:00,无,1,2,3\n"
        f"{SPIDER_ALL}\nImGTzxJJt,第二次,无,无,True,无,2019-08-18 09:00,无,4,5,6\n"
    )
    posts, dropped = read(write(tmp_path / "花间茶事_2608812381.csv", content, "utf-8-sig"))
    assert [(post.post_id, post.text) for post in posts] == [
        (MID, "头采到店\xa0原图\xa0"),
        ("4454081098040623", "第二次"),
    ]
    assert (posts[0].likes, posts[0].reposts, posts[0].comments) == (715, 115, 64)
    assert posts[1].published_at == datetime(2019, 8, 18, 9, tzinfo=BEIJING)
    assert posts[0].url == f"https://weibo.com/2608812381/{BID}"
    assert posts[0].account == "花间茶事"
    assert [(item.reason, item.line) for item in dropped] == [
        (reasons.REPEATED_HEADER, 3),
        (reasons.NO_TEXT, 4),
        (reasons.REPEATED_HEADER, 5),
    ]


@pytest.mark.parametrize(
    ("cell", "own"),
    [
        ("转发理由:这款我们店里也有\xa0\xa0\n原始用户: 茶友\n转发内容: 原文第一句 第二句\xa0", "这款我们店里也有"),
        ("转发理由:转发微博\xa0\xa0\n原始用户: 茶友\n转发内容: 原文", "转发微博"),
        ("转发理由：两行\n都是自己的\n转发内容：原文", "两行\n都是自己的"),
        ("转发理由:只有自己的话", "只有自己的话"),
        ("说说转发理由:因为好喝", "说说转发理由:因为好喝"),
    ],
)
def test_of_a_weibo_spider_repost_only_the_own_words_remain(tmp_path, cell, own):
    row = {"微博id": BID, "微博正文": cell, "发布时间": "2019-08-16 14:39", "发布工具": "无", "点赞数": 1}
    posts, _ = read(write(tmp_path / "a.csv", csv_text([row])))
    assert [post.text for post in posts] == [own]
    posts, _ = read(write(tmp_path / "a.json", json.dumps({"user": {}, "weibo": [{"id": BID, "content": cell}]})))
    assert [post.text for post in posts] == [own]


@pytest.mark.parametrize("cell", ["转发理由:\xa0\n原始用户: 茶友\n转发内容: 原文", "//@茶友:春茶到了"])
def test_a_repost_without_own_words_says_what_the_site_says(tmp_path, cell):
    row = {"微博id": BID, "微博正文": cell, "发布工具": "无"}
    posts, dropped = read(write(tmp_path / "a.csv", csv_text([row])))
    assert [(post.text, post.raw) for post in posts] == [("转发微博", cell)]
    assert dropped == []


def test_the_topic_fork_writes_the_name_before_the_text(tmp_path):
    row = {"微博id": BID, "微博正文": "花间茶事:头采到店", "发布工具": "无", "发布者": "花间茶事"}
    posts, _ = read(write(tmp_path / "a.csv", csv_text([row])))
    assert [(post.account, post.text) for post in posts] == [("花间茶事", "头采到店")]


def test_ids_destroyed_by_excel_come_back_or_are_dropped(tmp_path):
    content = f"mid,bid,text,url\n4.38318E+15,{BID},一,\n4383183661430860,{BID},二,\n4.38318E+15,,三,\n4.38318E+15,,四,"
    posts, dropped = read(write(tmp_path / "a.csv", content + f"https://m.weibo.cn/detail/{MID}\n"))
    assert [(post.text, post.post_id) for post in posts] == [("一", MID), ("二", MID), ("四", MID)]
    assert [(item.reason, item.line, item.detail) for item in dropped] == [(reasons.DAMAGED_ID, 4, "4.38318E+15")]


def test_which_name_of_a_post_becomes_its_id(tmp_path):
    rows: list[dict[str, Any]] = [
        {"mblogid": BID, "text": "只有短号"},
        {"url": f"https://weibo.com/2608812381/{MID}", "text": "只有链接"},
        {"id": 7, "bid": BID, "text": "行号"},
        {"id": 7, "text": "只有行号"},
        {"mid": "5612814510546515491", "id": 11488058246, "text": "接口"},
        {"post_id": "abcDEF123", "text": "自己的编号"},
        {"_id": {"$oid": "5e"}, "id": MID, "text": "数据库"},
    ]
    posts, _ = read(write(tmp_path / "a.jsonl", lines(rows)))
    assert [post.post_id for post in posts] == [MID, MID, MID, "7", "11488058246", "abcDEF123", MID]
    assert posts[1].account_id == "2608812381"
    assert all(isinstance(post.post_id, str) for post in posts)


def test_posts_without_any_id_get_a_stable_one(tmp_path):
    content = "日期,昵称,内容\n2026-03-01,花间茶事,春茶\n2026/3/1,花间茶事,春茶\n2026-03-02,花间茶事,春茶\n"
    posts, _ = read(write(tmp_path / "a.csv", content))
    assert posts[0].post_id == posts[1].post_id != posts[2].post_id
    assert posts[0].post_id.startswith("x")
    again, _ = read(write(tmp_path / "b.tsv", content.replace(",", "\t"), "gb18030"))
    assert [post.post_id for post in again] == [post.post_id for post in posts]


def test_whose_posts_they_are(tmp_path):
    plain = lines([{"text": "春茶"}])
    assert read(write(tmp_path / "花间茶事.jsonl", plain))[0][0].account == "花间茶事"
    assert read(tmp_path / "花间茶事.jsonl", account="半山咖啡")[0][0].account == "半山咖啡"
    assert read(write(tmp_path / "data" / "2608812381.jsonl", plain))[0][0].account == "2608812381"
    named = lines(
        [{"text": "春茶", "user": {"id": 5, "screen_name": "山野户外"}}, {"text": "春", "nickname": "示***微"}]
    )
    posts, _ = read(write(tmp_path / "花间茶事_2608812381.jsonl", named), account="半山咖啡")
    assert [(post.account, post.account_id) for post in posts] == [("山野户外", "5"), ("半山咖啡", "")]


def test_media_crawler_time_is_taken_from_the_sound_column(tmp_path):
    times = {"create_time": 1714651200, "create_date_time": "2024-05-02 12:00:00+08:00"}
    counts = {"liked_count": "1.2万", "shared_count": "100万+", "comments_count": "5"}
    row = {"note_id": MID, "content": "春茶", **times, **counts}
    post = read(write(tmp_path / "a.jsonl", lines([row])))[0][0]
    assert post.published_at == datetime(2024, 5, 2, 12, tzinfo=BEIJING)
    assert (post.likes, post.reposts, post.comments) == (12000, 1000000, 5)


def test_a_mapping_wins_over_names(tmp_path):
    path = write(tmp_path / "a.csv", "编号,text,描述,品牌方\n1,看这里,头采到店,花间茶事\n")
    mapping = {"text": "描述", "post_id": "编号", "account": " 品牌方"}
    post = read(path, mapping=mapping)[0][0]
    assert (post.post_id, post.text, post.account) == ("1", "头采到店", "花间茶事")
    assert "no column '文案'" in refused(path, mapping={"text": "文案"})
    assert "编号, text, 描述, 品牌方" in refused(path, mapping={"text": "文案"})
    assert "no field 'title'" in refused(path, mapping={"title": "text"})
    objects = write(tmp_path / "a.jsonl", lines([{"描述": "头采到店"}, {"另": 1}]))
    posts, dropped = read(objects, mapping={"text": "描述"})
    assert [post.text for post in posts] == ["头采到店"]
    assert reason_counts(dropped) == {reasons.NO_TEXT: 1}
    assert "no column '文案'" in refused(objects, mapping={"text": "文案"})


def test_the_first_sheet_with_texts_is_read(tmp_path):
    posts, _ = read(workbook(tmp_path / "a.xlsx", ROWS, title="Contents", before=["封面"]))
    assert [post.post_id for post in posts] == ["a1", "a2", "a3"]


def test_links_are_links_or_nothing(tmp_path):
    rows = [
        {"text": "春", "url": url} for url in ("javascript:alert(1)", "//weibo.com/1/a", "无", "https://example.com/p")
    ]
    posts, _ = read(write(tmp_path / "a.jsonl", lines(rows)))
    assert [post.url for post in posts] == ["", "https://weibo.com/1/a", "", "https://example.com/p"]


def test_long_posts_cut_by_the_exporter_are_marked(tmp_path):
    rows: list[dict[str, Any]] = [
        {"text": "前半句...全文"},
        {"text": "前半句", "isLongText": True},
        {"text": "前半句", "isLongText": True, "longText": {"longTextContent": "前半句，后半句"}},
        {"text": "完整"},
    ]
    posts, _ = read(write(tmp_path / "a.jsonl", lines(rows)))
    assert [post.truncated for post in posts] == [True, True, False, False]
    assert posts[2].text == "前半句，后半句"
