"""Files as the exporters really write them."""

from __future__ import annotations

from typing import Any

import pytest

from originality.collect import reasons
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
}
REFUSED = {
    "SOURCES.md": "no column with the text",
    "mweibo_error_responses.json": "no column with the text",
    "mweibo_getIndex_synthetic.json": "no list of posts",
    "openapi_errors_docsample.json": "no column with the text",
    "openapi_oauth2_token_docsample.json": "no list of posts",
    "weiboSpider.txt": "no column with the text",
    "weibo_crawler.db": "SQLite",
    "weibo_crawler_markdown_all.md": "no column with the text",
}


@pytest.fixture
def formats(shared):
    return shared / "data" / "weibo_formats"


def test_every_sample_is_accounted_for(formats):
    assert {path.name for path in formats.iterdir()} == set(COUNTS) | set(REFUSED)


@pytest.mark.parametrize("name", COUNTS)
def test_samples_are_read(formats, name):
    posts, dropped = read(formats / name)
    assert (len(posts), len({post.post_id for post in posts})) == COUNTS[name]
    assert all(post.post_id.isdigit() for post in posts)
    assert all(post.published_at for post in posts)
    assert all(post.account and post.text for post in posts)
    assert {item.reason for item in dropped} <= {reasons.REPEATED_HEADER, reasons.NO_COLUMNS}


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


def test_weibo_spider_tables_and_documents_agree(formats):
    posts, dropped = read(formats / "weiboSpider_all_two_runs.csv")
    assert reason_counts(dropped) == {reasons.REPEATED_HEADER: 1}
    assert facts(posts[:6]) == facts(posts[6:])
    document = read(formats / "weiboSpider.json")[0]
    assert [row[:1] + row[2:] for row in facts(document)] == [row[:1] + row[2:] for row in facts(posts[:6])]
    assert {post.account_id for post in document} == {"1669879400"}


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
        assert str(kinds[0][0][2]) == "2024-05-02 12:00:00+08:00"


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
