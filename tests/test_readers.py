"""Every exporter's files, small and invented: the right posts come out of each, whatever the file is called."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from originality.collect import reasons
from originality.models import Post
from tests import export_files as files
from tests.export_feeds import BID, NAME, RSS, UID
from tests.export_files import CHAIN, MID, OWN, REPOST, SECOND, THIRD
from tests.test_collect import read, reason_counts, refused, write

FIRST_TIME = "2019-06-14 20:38"


@pytest.fixture(scope="module")
def exports(tmp_path_factory):
    folder: Path = tmp_path_factory.mktemp("exports")
    files.write_all(folder)
    return folder


def only(posts: list[Post]) -> Post:
    (post,) = posts
    return post


@pytest.mark.parametrize("path", files.TEXTS)
def test_a_file_is_what_it_says_whatever_it_is_called(exports, tmp_path, path):
    want = [post.post_id for post in read(exports / path)[0]]
    assert want
    for name in ("export", "export.csv", "export.txt"):
        copy = write(tmp_path / name, (exports / path).read_bytes())
        assert [post.post_id for post in read(copy)[0]] == want or path == "weibo_spider.txt"


def test_a_folder_of_everything(exports):
    posts, dropped = read(exports)
    assert {post.platform for post in posts} == {"weibo", "xiaohongshu", "douyin", "wechat"}
    assert {item.reason for item in dropped} == {reasons.OTHERS_POST, reasons.NO_POST}
    assert not any("别人的原文" in post.text or "路人" in post.text or "//@" in post.text for post in posts)


def test_weibo_crawler_database_without_the_posts_of_others(exports):
    posts, dropped = read(exports / "weibo_crawler.db")
    assert [(post.post_id, post.text) for post in posts] == [(MID, OWN), (SECOND, REPOST)]
    assert (posts[0].likes, posts[0].at_least, posts[0].edits) == (1_000_000, True, 2)
    assert (posts[1].repost_of, posts[1].raw) == (THIRD, CHAIN)
    assert [(item.reason, item.line) for item in dropped] == [(reasons.OTHERS_POST, 3)]


def test_whose_database_it_is_the_table_of_users_tells_or_the_user(tmp_path):
    rows = [{**row, "retweet_id": ""} for row in files.WEIBO_CRAWLER]
    path = files.database(tmp_path / "a.db", {"weibo": rows, "user": [{"id": UID, "nick_name": NAME}]})
    assert {post.account for post in read(path)[0]} == {NAME}
    path = files.database(tmp_path / "b.db", {"weibo": rows})
    assert {post.account for post in read(path)[0]} == {NAME, "山野户外"}
    assert {post.account for post in read(path, account="1234567890")[0]} == {"山野户外"}
    with_ip = [{**row, "ip": "浙江"} for row in files.WEIBO_CRAWLER]  # weibo-search: all who match
    path = files.database(tmp_path / "c.db", {"weibo": with_ip})
    assert {post.account for post in read(path)[0]} == {NAME, "山野户外"}


def test_weibo_spider_database(tmp_path):
    row = {"id": BID, "user_id": UID, "content": f"转发理由:{REPOST}\n原始用户: 山野户外\n转发内容: 别人的原文",
           "publish_place": "无", "publish_time": "2026-06-14 20:38", "publish_tool": "无", "up_num": 12,
           "retweet_num": 3, "comment_num": 5}  # fmt: skip
    post = only(read(files.database(tmp_path / "weibo.db", {"weibo": [row]}))[0])
    assert (post.post_id, post.text, post.account_id, str(post.published_at)[:16]) == (MID, REPOST, UID, FIRST_TIME)
    assert (post.likes, post.reposts, post.comments) == (12, 3, 5)


def test_other_databases(tmp_path):
    own = files.database(
        tmp_path / "a.db", {"文案": [{"编号": 1, "正文": OWN}], "comments": [{"id": 1, "text": "路人"}]}
    )
    assert [post.text for post in read(own)[0]] == [OWN]
    assert "tables: prices" in refused(files.database(tmp_path / "b.db", {"prices": [{"tea": 3}]}))
    assert len(read(files.database(tmp_path / "c.db", {"prices": [{"tea": OWN}]}), mapping={"text": "tea"})[0]) == 1


def test_weibo_crawler_markdown(exports):
    posts, dropped = read(exports / "weibo_crawler.md")
    assert [(post.post_id, post.text) for post in posts] == [(MID, f"{OWN}\n网页链接"), (SECOND, REPOST)]
    assert [str(post.published_at)[:16] for post in posts] == [FIRST_TIME, "2019-06-14 21:00"]
    assert {post.account for post in posts} == {NAME}
    assert "> 转发: 别人的原文。" in posts[1].raw
    assert dropped == []


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16"])
def test_weibo_spider_text(tmp_path, encoding):
    posts, dropped = read(write(tmp_path / "a.txt", files.SPIDER_TEXT, encoding))
    assert [post.text.rstrip() for post in posts] == [f"{OWN}\n第二行 \xa0原图", REPOST]
    assert [str(post.published_at)[:16] for post in posts] == [FIRST_TIME, "2019-12-28 20:17"]
    assert [(post.likes, post.at_least) for post in posts] == [(1_000_000, True), (12, False)]
    assert {(post.account, post.account_id) for post in posts} == {(NAME, UID)}
    assert dropped == []
    assert "别人的原文" in posts[1].raw


def test_weibo_spider_text_cut_off_within_a_post(tmp_path):
    posts, dropped = read(write(tmp_path / "a.txt", files.SPIDER_TEXT[: files.SPIDER_TEXT.rindex("微博位置")]))
    assert len(posts) == 1
    assert reason_counts(dropped) == {reasons.DAMAGED_REST: 1}


def test_weibo_search_without_spaces_and_with_an_id_that_excel_ruined(exports):
    posts, dropped = read(exports / "weibo_search.csv")
    assert [(post.post_id, post.text) for post in posts] == [(MID, "头采fastcharging到店"), (SECOND, REPOST)]
    assert (posts[0].likes, posts[1].repost_of, dropped) == (12_000, THIRD, [])


@pytest.mark.parametrize("name", ["media_new.csv", "media_new.jsonl", "media.xlsx", "media.db"])
def test_media_crawler_since_july_2026(exports, name):
    posts = [post for post in read(exports / name)[0] if post.platform == "weibo"]
    assert [(post.post_id, post.text) for post in posts] == [(MID, "头采春茶 & 明前龙井 <3"), (SECOND, REPOST)]
    assert str(posts[0].published_at) == "2019-06-14 20:38:03+08:00"
    assert (posts[0].likes, posts[0].reposts, posts[0].at_least) == (12_000, 1_000_000, True)
    assert str(posts[0].seen_at) == "2026-07-31 20:13:20+08:00"
    assert [post.account for post in posts] == ["花***事", "山***外"]
    found = [post for post in read(exports / name, account=UID)[0] if post.platform == "weibo"]
    assert [(post.account, post.account_id) for post in found] == [(UID, UID), ("山***外", "")]


@pytest.mark.parametrize("name", ["media_old.csv", "media_old.json"])
def test_media_crawler_before_july_2026(exports, name):
    posts, _ = read(exports / name)
    assert {(post.account, post.account_id) for post in posts} == {(NAME, UID)}
    assert str(posts[0].published_at) == "2019-06-14 20:38:03+08:00"


def test_media_crawler_upgraded_within_a_day(tmp_path):
    new, old = files.table(files.MEDIA_NEW).splitlines(), files.table(files.MEDIA_OLD).splitlines()
    for content in ([*old[:2], new[2]], [*new[:2], old[2]]):
        posts, dropped = read(write(tmp_path / "a.csv", "\n".join(content)))
        assert dropped == []
        assert {post.account for post in posts} in ({NAME, "山***外"}, {NAME, "花***事"})


@pytest.mark.parametrize("name", ["xiaohongshu.jsonl", "xiaohongshu.csv"])
def test_xiaohongshu(exports, name):
    post = only(read(exports / name)[0])
    assert (post.platform, post.post_id, post.account) == ("xiaohongshu", files.NOTE_ID, NAME)
    assert post.text == "春茶怎么选\n先看叶底，再闻冷香。#春茶[话题]#"
    assert str(post.published_at) == "2024-09-30 22:26:36+08:00"
    assert (post.likes, post.comments, post.reposts, post.edits) == (12_000, 5, 3, 1_727_706_400)
    assert post.url.startswith("https://www.xiaohongshu.com/")


def test_douyin_and_wechat(exports):
    post = only(read(exports / "douyin.json")[0])
    assert (post.platform, post.post_id, post.text) == ("douyin", "7300000000000000123", OWN)
    post = only(read(exports / "wechat.csv")[0])
    assert (post.platform, post.account, post.text) == ("wechat", NAME, "春茶怎么选\n先看叶底，再闻冷香。")
    assert (post.url, post.likes, post.comments) == ("https://mp.weixin.qq.com/s/AbCdEf", 12, 5)


def test_the_platform_of_a_plain_table(tmp_path):
    rows = [{"id": "a1", "text": OWN, "平台": "小红书"}, {"id": "a2", "text": OWN, "url": "https://www.douyin.com/v/1"},
            {"id": "a3", "text": OWN, "url": "https://notweibo.example/"}]  # fmt: skip
    posts, _ = read(write(tmp_path / "a.jsonl", files.lines(rows)))
    assert [post.platform for post in posts] == ["xiaohongshu", "douyin", "weibo"]


@pytest.mark.parametrize("kind", files.SUPER_SPIDER)
def test_weibo_super_spider(exports, kind):
    post = only(read(exports / f"super_{kind}.csv")[0])
    assert (post.post_id, str(post.published_at)[:16]) == (MID, FIRST_TIME)
    assert post.text.startswith(OWN)
    assert (post.likes, post.comments, post.reposts) == (12, 5, 3)
    assert post.account == NAME or kind in {"gui", "wid"}


def test_weibo_archiver(exports):
    post = only(read(exports / "archiver.json")[0])
    assert (post.post_id, post.account, post.account_id, post.repost_of) == (MID, NAME, UID, THIRD)
    assert post.text == f"@茶友小林 {OWN}\u200b\u200b\u200b"


def test_saved_replies_of_the_mobile_site(exports):
    posts, dropped = read(exports / "mobile.json")
    assert [post.post_id for post in posts] == [MID, SECOND, THIRD]
    assert posts[0].text == "#春茶#头采[doge]到店 & 试喝\n第二行"
    assert posts[0].raw == files.BLOG["text"]
    assert (posts[0].reposts, posts[0].likes, posts[0].at_least, posts[0].edits) == (1_000_000, 12_000, True, 2)
    assert [post.truncated for post in posts] == [False, True, False]
    assert (posts[2].text, posts[2].repost_of) == (REPOST, "4454081098040000")
    assert reason_counts(dropped) == {reasons.NO_POST: 1}
    again, _ = read(exports / "mobile.jsonl")
    assert again == [*posts, *posts]


def test_other_saved_replies(exports, tmp_path):
    post = only(read(exports / "ajax.json")[0])
    assert (post.post_id, post.text, post.truncated) == (MID, f"{OWN}[doge]\n第二行", True)
    assert only(read(exports / "open.json")[0]).text == OWN
    assert (only(read(exports / "dump.json")[0]).post_id, only(read(exports / "dump.json")[0]).repost_of) == (
        MID,
        THIRD,
    )
    shown = {
        "ok": 1,
        "data": {**files.BLOG, "isLongText": True, "longText": {"longTextContent": "全文在此<br/>第二行"}},
    }
    post = only(read(write(tmp_path / "show.json", files.document(shown)))[0])
    assert (post.text, post.truncated) == ("全文在此\n第二行", False)
    page = [{"status": files.BLOG, "call": 1}]
    assert only(read(write(tmp_path / "detail.json", files.document(page)))[0]).post_id == MID


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        ({"ok": -100, "url": "https://weibo.com/login.php"}, "asked to log in"),
        ({"ok": 0, "msg": "这里还没有内容"}, "nothing to show (ok: 0), 这里还没有内容"),
        ({"error": "expired_token", "error_code": 21327}, "an error of the Open API, 21327: expired_token"),
        ({"url": "https://m.weibo.cn/captcha/x"}, "captcha"),
        ({"access_token": "2.00secret", "uid": "1"}, "an access token"),
    ],
)
def test_refusals_are_told_in_one_line(tmp_path, reply, words):
    for content in (files.document(reply), files.document([reply]), files.lines([reply, reply])):
        message = refused(write(tmp_path / "reply.json", content))
        assert words in message
        assert "2.00secret" not in message
    posts, dropped = read(write(tmp_path / "mixed.jsonl", files.lines([files.OPEN, reply])))
    assert len(posts) == 1
    assert reason_counts(dropped) == {reasons.NO_POST: 1}


def test_web_pages_and_login_pages(tmp_path):
    page = "<!DOCTYPE html><html><title>Sina Visitor System</title></html>"
    assert "login page" in refused(write(tmp_path / "a.json", page))
    assert "a web page" in refused(write(tmp_path / "a.csv", "<html><body>微博</body></html>"))


@pytest.mark.parametrize("name", ["feed.xml", "feed.atom", "feed.json"])
def test_feeds(exports, name):
    post = only(read(exports / name)[0])
    assert (post.post_id, post.account, post.account_id) == (MID, NAME, UID)
    assert post.text == "头采[doge]到店\n第二行 & 试喝"
    assert post.published_at is not None
    assert post.published_at.timestamp() == 1560515883
    assert "别人的原文" in post.raw


def test_feeds_of_other_platforms(tmp_path):
    feed = RSS.replace(f"https://weibo.com/{UID}/{BID}", "https://mp.weixin.qq.com/s/AbC")
    post = only(read(write(tmp_path / "a.xml", feed, "utf-8"))[0])
    assert (post.platform, post.text) == ("wechat", "头采\n头采[doge]到店\n第二行 & 试喝")
    assert post.post_id == only(read(tmp_path / "a.xml")[0]).post_id != ""


def test_notices_of_deleted_posts_are_not_posts(tmp_path):
    rows = [
        {"id": MID, "text": "此微博已被原作者删除。"},
        {"id": SECOND, "text": "抱歉，此微博已被作者删除。查看帮助："},
        {"id": THIRD, "text": "微博运营的同事昨天说，删除也是一种编辑。"},
    ]
    posts, dropped = read(write(tmp_path / "a.jsonl", files.lines(rows)))
    assert [post.post_id for post in posts] == [THIRD]
    assert reason_counts(dropped) == {reasons.DELETED: 2}


def test_times_that_only_the_id_or_the_time_of_crawling_completes(tmp_path):
    rows: list[dict[str, Any]] = [
        {"id": MID, "text": "一", "created_at": "昨天 20:38"},
        {"id": MID, "text": "二", "created_at": "06-14"},
        {"id": "7", "text": "三", "created_at": "5分钟前", "crawl_time": 1560515883},
        {"id": "8", "text": "四", "created_at": "06月14日 18:12", "crawl_time": 1560515883},
        {"id": "9", "text": "五", "created_at": "昨天 12:25", "crawl_time": 1560515883},
        {"id": "10", "text": "六", "created_at": "12-31", "crawl_time": 1560515883},
        {"id": "11", "text": "七", "created_at": "昨天 12:25"},
    ]
    posts, _ = read(write(tmp_path / "a.jsonl", files.lines(rows)))
    assert [str(post.published_at)[:16] for post in posts] == [
        "2019-06-14 20:38", "2019-06-14 20:38", "2019-06-14 20:33", "2019-06-14 18:12", "2019-06-13 12:25",
        "2018-12-31 00:00", "None",
    ]  # fmt: skip


def test_what_the_package_exported_is_read_back_to_the_letter(tmp_path):
    post = Post(post_id=BID, account=NAME, text="<b>原样</b>//@谁:不拆", raw="整段", edits=3, at_least=True, likes=0,
                truncated=True, platform="wechat", account_id="7")  # fmt: skip
    row = {name: getattr(post, name) for name in Post.__dataclass_fields__}
    assert read(write(tmp_path / "a.jsonl", files.lines([row])))[0] == [post]
    pq.write_table(pa.Table.from_pylist([row]), tmp_path / "a.parquet")
    assert read(tmp_path / "a.parquet")[0] == [post]
    assert json.loads((tmp_path / "a.jsonl").read_text(encoding="utf-8"))["post_id"] == BID
