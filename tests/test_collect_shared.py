"""Files as the exporters really write them."""

from __future__ import annotations

import re
from typing import Any

import pytest

from originality.collect import reasons
from originality.collect.detect import family_of, kind_of_bytes, kind_of_text
from originality.collect.table import key_of
from originality.models import Post
from tests.test_collect import read, reason_counts, refused

pytestmark = pytest.mark.shared

# File: posts, distinct ids.
COUNTS = {
    "WeiboSuperSpider_1676317545_清华大学_first15.csv": (15, 15),
    "WeiboSuperSpider_1930378853_腾讯微信团队_first15.csv": (15, 15),
    "WeiboSuperSpider_2557129567_华为中国_first15.csv": (15, 15),
    "华为中国_2557129567.csv": (138, 138),
    "清华大学_1676317545.csv": (59, 59),
    "腾讯微信团队_1930378853.csv": (36, 36),
    "weiboSpider_all_two_runs.csv": (12, 6),
    "weiboSpider.json": (6, 6),
    "weiboSpider_docs_sample.json": (2, 2),
    "weibo_crawler.json": (4, 4),
    "weibo_crawler_README_sample.json": (2, 2),
    "weibo_crawler_all_rerun.csv": (8, 4),
    "weibo_crawler_original_only.csv": (2, 2),
    "weibo_crawler_MISALIGNED_07ffb6b.csv": (4, 4),
    "weibo_crawler_MISALIGNED_4fd02dd.csv": (4, 4),
    "mediacrawler_2026-07_creator_contents.csv": (4, 4),
    "mediacrawler_2026-07_creator_contents.json": (4, 4),
    "mediacrawler_2026-07_creator_contents.jsonl": (4, 4),
    "mediacrawler_pre2026-07_creator_contents.csv": (4, 4),
    "mediacrawler_pre2026-07_creator_contents.json": (4, 4),
    "mediacrawler_pre2026-07_creator_contents.jsonl": (4, 4),
    "nghuyong_README_samples.jsonl": (3, 2),
    "nghuyong_tweet_spider_by_user_id.jsonl": (3, 3),
    "openapi_timeline_docsample.json": (1, 1),
    "weibocom_ajax_mymblog_synthetic.json": (3, 3),
    "mweibo_getIndex_synthetic.json": (4, 4),
    "weiboSpider.txt": (6, 6),
    "weibo_crawler.db": (4, 4),
    "weibo_crawler_markdown_all.md": (4, 4),
}
REFUSED = {
    "SOURCES.md": "no column with the text",
    "mweibo_error_responses.json": "no column with the text",
    "openapi_errors_docsample.json": "an error of the Open API, 20502: Auth failed",
    "openapi_oauth2_token_docsample.json": "an access token, not posts",
}
# File: what it is taken for, by bytes, beginning or columns; then what became of its first posts.
FAMILIES = {
    "WeiboSuperSpider_1676317545_清华大学_first15.csv": "weiboSpider",
    "weiboSpider_all_two_runs.csv": "weiboSpider",
    "weiboSpider.json": "weiboSpider",
    "weiboSpider_docs_sample.json": "weiboSpider",
    "weiboSpider.txt": "weiboSpider text",
    "weibo_crawler.db": "sqlite",
    "weibo_crawler_markdown_all.md": "weibo-crawler Markdown",
    "weibo_crawler_all_rerun.csv": "weibo-crawler",
    "weibo_crawler_original_only.csv": "weibo-crawler",
    "weibo_crawler_MISALIGNED_07ffb6b.csv": "weibo-crawler",
    "weibo_crawler_MISALIGNED_4fd02dd.csv": "weibo-crawler",
    **{
        f"mediacrawler_{version}_creator_contents.{kind}": "MediaCrawler Weibo"
        for version in ("2026-07", "pre2026-07")
        for kind in ("csv", "json", "jsonl")
    },
}
SYNTHETIC = ["5030000000000001", "5030000000000002", "5030000000000003", "5030000000000004"]
TIMES = ["2024-05-02 12:00:00", "2024-05-02 13:05:09", "2024-05-02 14:00:00", "2024-05-03 09:30:00"]


@pytest.fixture
def formats(shared):
    return shared / "data" / "weibo_formats"


def test_every_sample_is_accounted_for(formats):
    assert {path.name for path in formats.iterdir()} == set(COUNTS) | set(REFUSED)


@pytest.mark.parametrize("name", COUNTS)
def test_samples_are_read(formats, name):
    posts, dropped = read(formats / name)
    assert (len(posts), len({post.post_id for post in posts})) == COUNTS[name]
    assert all(post.post_id.removeprefix("x").isalnum() for post in posts)
    assert all(post.post_id.isdigit() for post in posts) or name == "weiboSpider.txt"
    assert all(post.published_at for post in posts)
    assert not any("//@" in post.text or "转发内容" in post.text for post in posts)
    assert all(post.account and post.text for post in posts)
    assert {item.reason for item in dropped} <= {reasons.REPEATED_HEADER, reasons.NO_COLUMNS, reasons.OTHERS_POST}


@pytest.mark.parametrize("name", REFUSED)
def test_other_files_are_refused(formats, name):
    assert REFUSED[name] in refused(formats / name)


def test_the_folder_as_a_whole(formats):
    posts, dropped = read(formats)
    assert len(posts) == sum(count for count, _ in COUNTS.values())
    files = {item.file.name for item in dropped if item.reason in {reasons.UNREADABLE, reasons.NOT_A_POST_FILE}}
    assert files == set(REFUSED)


def facts(posts: list[Post]) -> list[tuple[Any, ...]]:
    names = ("post_id", "text", "published_at", "reposts", "comments", "likes", "repost_of", "truncated")
    return [tuple(getattr(post, name) for name in names) for post in posts]


def test_misaligned_files_say_the_same_as_aligned_ones(formats):
    aligned = facts(read(formats / "weibo_crawler_all_rerun.csv")[0])
    assert aligned[:4] == aligned[4:]
    assert [row[6] for row in aligned[:4]] == ["", "5029000000000001", "5029000000000009", ""]
    for name in ("weibo_crawler_MISALIGNED_07ffb6b.csv", "weibo_crawler_MISALIGNED_4fd02dd.csv"):
        assert facts(read(formats / name)[0]) == aligned[:4]
    from_json = facts(read(formats / "weibo_crawler.json")[0])
    assert [row[2:] for row in from_json] == [row[2:] for row in aligned[:4]]
    assert facts(read(formats / "weibo_crawler_original_only.csv")[0]) == [aligned[0], aligned[3]]


@pytest.mark.parametrize("name", FAMILIES)
def test_the_right_reader_is_chosen(formats, name):
    path = formats / name
    head = path.read_bytes()[:4096]
    kind = kind_of_bytes(head) or kind_of_text(head.decode("utf-8-sig", "ignore"))
    if FAMILIES[name] == kind:
        return
    if kind == "table":
        keys = [key_of(cell) for cell in head.decode("utf-8-sig", "ignore").splitlines()[0].split(",")]
    else:
        assert kind == "JSON"
        found = re.findall(r'"(\w+)":', path.read_text(encoding="utf-8"))
        keys = [key_of(key) for key in found]
    assert family_of(keys) == FAMILIES[name]


def test_weibo_crawler_in_all_its_forms(formats):
    posts = read(formats / "weibo_crawler_all_rerun.csv")[0][:4]
    assert [post.post_id for post in posts] == SYNTHETIC
    assert [str(post.published_at)[:19] for post in posts] == TIMES
    assert [post.text for post in posts[1:3]] == ["转发微博", "说得好"]
    assert [post.raw for post in posts[1:3]] == ["", "说得好//@合作伙伴:同意//@第三人:转发微博"]
    assert [(post.reposts, post.at_least) for post in posts[:2]] == [(1_000_000, True), (3, False)]
    assert [post.edits for post in posts] == [0, 0, 0, 2]
    assert not any(post.truncated for post in posts)
    from_database, dropped = read(formats / "weibo_crawler.db")
    assert facts(from_database) == facts(posts)
    assert {post.account_id for post in from_database} == {"2608812381"}
    assert reason_counts(dropped) == {reasons.OTHERS_POST: 2}
    from_markdown = read(formats / "weibo_crawler_markdown_all.md")[0]
    assert [row[:3] for row in facts(from_markdown)] == [row[:3] for row in facts(posts)]
    assert {post.account for post in from_markdown} == {"示例品牌官微"}


def test_saved_replies(formats):
    mobile = read(formats / "mweibo_getIndex_synthetic.json")[0]
    assert [post.post_id for post in mobile] == SYNTHETIC
    assert [str(post.published_at)[:19] for post in mobile] == TIMES
    assert mobile[0].text.startswith(
        "#示例话题#新品来了[doge]，全新 Pro Max 5G 手机@合作伙伴 一起看 网页链接 上海·外滩\n第二行"
    )
    assert [post.text for post in mobile[1:3]] == ["转发微博", "[doge]说得好"]
    assert mobile[3].text.endswith("5 minutes & more <3")
    assert [post.repost_of for post in mobile] == ["", "5029000000000001", "5029000000000009", ""]
    assert (mobile[0].reposts, mobile[0].likes, mobile[0].at_least) == (1_000_000, 12_000, True)
    ajax = read(formats / "weibocom_ajax_mymblog_synthetic.json")[0]
    assert [(post.post_id, post.truncated) for post in ajax] == [
        (SYNTHETIC[0], False),
        ("5030000000000005", True),
        (SYNTHETIC[1], False),
    ]
    assert {(post.account, post.account_id) for post in [*mobile, *ajax]} == {("示例品牌官微", "2608812381")}
    (old,) = read(formats / "openapi_timeline_docsample.json")[0]
    assert (old.post_id, old.account, str(old.published_at)) == ("11488058246", "zaku", "2011-05-31 17:46:55+08:00")


def test_nghuyong_names_the_account_in_the_link_only(formats):
    posts = read(formats / "nghuyong_tweet_spider_by_user_id.jsonl")[0]
    assert {(post.account, post.account_id) for post in posts} == {("2608812381", "2608812381")}
    assert [post.truncated for post in posts] == [False, True, False]
    assert [post.repost_of for post in posts] == ["", "", "5029000000000001"]
    assert {str(post.seen_at) for post in posts} == {"2024-05-04 13:20:00+08:00"}


def test_hidden_names_are_found_by_the_number_of_the_account(formats):
    path = formats / "mediacrawler_2026-07_creator_contents.jsonl"
    assert {(post.account, post.account_id) for post in read(path, account="2608812381")[0]} == {
        ("2608812381", "2608812381")
    }
    assert {(post.account, post.account_id) for post in read(path, account="1234567890")[0]} == {("示***微", "")}
    assert {post.account for post in read(path, account="示例品牌官微")[0]} == {"示例品牌官微"}


def test_the_year_that_weibo_spider_adds_is_put_right_where_there_is_an_id(formats):
    times = [str(post.published_at)[:16] for post in read(formats / "weiboSpider.json")[0]]
    assert times[:2] == ["2020-06-17 18:12", "2020-06-15 10:09"]
    assert str(read(formats / "weiboSpider.txt")[0][0].published_at)[:4] == "2026"


def test_weibo_spider_tables_and_documents_agree(formats):
    posts, dropped = read(formats / "weiboSpider_all_two_runs.csv")
    assert reason_counts(dropped) == {reasons.REPEATED_HEADER: 1}
    assert facts(posts[:6]) == facts(posts[6:])
    document = read(formats / "weiboSpider.json")[0]
    assert [row[:1] + row[2:] for row in facts(document)] == [row[:1] + row[2:] for row in facts(posts[:6])]
    assert {post.account_id for post in document} == {"1669879400"}
    as_text = read(formats / "weiboSpider.txt")[0]
    assert [row[3:] for row in facts(as_text)] == [row[3:] for row in facts(document)]
    assert [post.text.strip() for post in as_text] == [post.text.strip() for post in document]


def test_brand_files_name_their_accounts(formats):
    for name, uid in (("华为中国", "2557129567"), ("清华大学", "1676317545"), ("腾讯微信团队", "1930378853")):
        posts, _ = read(formats / f"{name}_{uid}.csv")
        assert {(post.account, post.account_id) for post in posts} == {(name, uid)}
        assert all(post.url.startswith(f"https://weibo.com/{uid}/") for post in posts)


def test_media_crawler_formats_agree_and_tell_the_right_hour(formats):
    for version in ("2026-07", "pre2026-07"):
        kinds = [
            facts(read(formats / f"mediacrawler_{version}_creator_contents.{kind}")[0]) for kind in ("csv", "json")
        ]
        assert kinds[0] == kinds[1] == facts(read(formats / f"mediacrawler_{version}_creator_contents.jsonl")[0])
        assert [str(row[2])[:19] for row in kinds[0]] == TIMES
        assert [row[0] for row in kinds[0]] == SYNTHETIC
        assert [row[1] for row in kinds[0]][1:3] == ["转发微博", "说得好"]
        assert kinds[0][3][1].endswith("5 minutes & more <3")


def test_car_tables(shared):
    posts, dropped = read(shared / "data" / "weibo_smart_driving.csv")
    assert (len(posts), dropped) == (483, [])
    assert len({post.post_id for post in posts}) == 483
    assert all(post.post_id.isdigit() and post.account_id.isdigit() and post.published_at for post in posts)
    assert sum(post.truncated for post in posts) > 400
    posts, dropped = read(shared / "data" / "weibo_new_energy_cars.csv")
    assert (len(posts), dropped) == (1950, [])
    assert {post.account for post in posts} == {"weibo_new_energy_cars"}


def test_parquet_tables(shared):
    posts, dropped = read(shared / "data" / "weibo_ced_posts.parquet")
    assert (len(posts), dropped) == (3387, [])
    assert all(post.post_id.isdigit() and post.published_at and post.url for post in posts)
    # Until summer 2011 ids were counted up one by one: decoded rightly they are in the order of the times.
    early = sorted(
        (post.published_at, int(post.post_id)) for post in posts if post.published_at and len(post.post_id) < 16
    )
    assert len(early) == 280
    assert [number for _, number in early] == sorted(number for _, number in early)
    posts, dropped = read(shared / "data" / "weibo_covid_2020.parquet", limit=20_000)
    assert (len(posts), dropped) == (20_000, [])
    assert all(post.published_at and post.account and post.post_id.startswith("x") for post in posts)


def test_bench_corpus(shared):
    posts, dropped = read(shared / "bench" / "corpus.jsonl")
    assert (len(posts), dropped) == (8060, [])
    assert len({post.post_id for post in posts}) == 8060
