from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import permutations
from pathlib import Path

import pytest

from originality.build import BATCH, FORGOTTEN, TOO_OLD, build
from originality.clean import clean
from originality.collect import ids
from originality.index import LocalIndex, open_index
from originality.models import BEIJING, Dropped, Post
from tests.corpus import SOURCE, START, STORIES, corpus, indexed, post
from tests.fakes import FakeEncoder
from tests.stores import bytes_on_disk, content_of


def test_the_same_posts_twice_add_nothing(tmp_path):
    with indexed(tmp_path) as index:
        report = build(corpus(), index, FakeEncoder())
        assert (report.added, report.replaced, report.updated) == (0, 0, 0)
        assert report.unchanged == report.read == len(corpus())


def test_an_edited_post_replaces_its_old_version(tmp_path):
    edited = replace(post(0, SOURCE, "闻记钟表"), text="招牌换了，齿轮没换。")
    with indexed(tmp_path) as index:
        report = build([edited], index, FakeEncoder())
        assert (report.added, report.replaced) == (0, 1)
        assert index.fetch(["p0"])["p0"].text == "招牌换了，齿轮没换。"
        assert index.info().posts == len(corpus())


def test_newer_counts_are_an_update_and_a_missing_count_forgets_nothing(tmp_path):
    with indexed(tmp_path, [post(1, SOURCE, likes=5, comments=2)]) as index:
        report = build([post(1, SOURCE, likes=9)], index, FakeEncoder())
        stored = index.fetch(["p1"])["p1"]
    assert (report.updated, report.replaced) == (1, 0)
    assert (stored.likes, stored.comments) == (9, 2)


@pytest.mark.parametrize("order", [1, -1])
def test_a_fuller_text_wins_over_a_cut_one_in_whatever_order(tmp_path, order):
    versions = [post(1, SOURCE), post(1, SOURCE[:30] + "...全文", truncated=True)][::order]
    with indexed(tmp_path, []) as index:
        for version in versions:
            build([version], index, FakeEncoder())
        stored = index.fetch(["p1"])["p1"]
    assert (stored.text, stored.truncated) == (SOURCE, False)


def test_the_fuller_text_wins_within_one_batch_too(tmp_path):
    with indexed(tmp_path, []) as index:
        report = build([post(1, SOURCE), post(1, SOURCE[:30], truncated=True)], index, FakeEncoder())
        assert index.fetch(["p1"])["p1"].text == SOURCE
    assert report.read == 2


def test_what_is_dropped_is_counted_with_its_reason_and_remembered(tmp_path):
    items: list[Post | Dropped] = [post(1, SOURCE), Dropped(reason="no text", file=Path("a.csv"), line=3)]
    items += [Dropped(reason="bad JSON", file=Path("b.jsonl"), line=i) for i in (7, 8)]
    with indexed(tmp_path, []) as index:
        report = build(items, index, FakeEncoder())
        assert index.store.dropped() == {"bad JSON": 2, "no text": 1}
    assert report.dropped == Counter({"bad JSON": 2, "no text": 1})
    assert report.read == 4


def test_posts_without_words_are_stored_and_never_matched(tmp_path):
    with indexed(tmp_path, []) as index:
        report = build([post(1, "[doge][doge]🌙"), post(2, "转发微博"), post(3, SOURCE)], index, FakeEncoder())
        assert report.silent == 2
        assert index.info().posts == 3
        assert index.store.vectors == len(set(clean(SOURCE).units()))


def test_a_text_with_half_a_surrogate_is_stored_once(tmp_path):
    broken = post(1, SOURCE + "\ud83d")
    with indexed(tmp_path, [broken]) as index:
        report = build([broken], index, FakeEncoder())
    assert report.unchanged == 1


def test_equal_texts_are_embedded_once(tmp_path):
    encoder = FakeEncoder()
    with indexed(tmp_path, [], encoder) as index:
        build([post(i, SOURCE, f"账号{i}") for i in range(5)], index, encoder)
        build([post(9, SOURCE, "后来的")], index, encoder)
    assert len(encoder.encoded) == len(set(encoder.encoded))


def test_progress_tells_of_every_item_and_batches_survive_a_failure(tmp_path):
    def failing() -> Iterator[Post]:
        yield from (post(i, f"第{i}盏灯在雾里亮着，守灯的人数到{i}就睡了") for i in range(BATCH + 5))
        raise RuntimeError("the disk went away")

    seen: list[int] = []
    with open_index(tmp_path, encoder="fake", encoder_name="fake@1") as index:
        with pytest.raises(RuntimeError):
            build(failing(), index, FakeEncoder(), progress=seen.append)
        assert index.info().posts in {0, BATCH}
        report = build(
            (post(i, f"第{i}盏灯在雾里亮着，守灯的人数到{i}就睡了") for i in range(BATCH + 5)),
            index,
            FakeEncoder(),
            progress=seen.append,
        )
        assert index.info().posts == BATCH + 5
    assert report.added + report.unchanged == BATCH + 5


def test_a_contextual_encoder_reads_each_text_once_and_shares_nothing_between_texts(tmp_path):
    encoder = FakeEncoder()
    encoder.contextual = True
    line = "前一百名到店的朋友都能领一只帆布袋。"
    posts = [Post(post_id=str(i), account="甲", text=f"第{i}家店今天开门。{line}") for i in range(3)]
    with open_index(tmp_path, encoder="fake", encoder_name=encoder.name) as index:
        build([*posts, Post(post_id="twin", account="乙", text=posts[0].text)], index, encoder)
        assert index.store.vectors == 9  # three different texts of a whole and two passages
        encoder.encoded.clear()
        build([Post(post_id="again", account="丙", text=posts[1].text)], index, encoder)
        assert encoder.encoded == []


def everything(index: LocalIndex) -> list[Post]:
    return list(index.posts())


# -- several files about the same posts --------------------------------------------------------------------------------

SEEN = datetime(2026, 10, 1, 8, tzinfo=BEIJING)
FILES = (
    [post(1, SOURCE[:30] + "...全文", truncated=True, seen_at=SEEN, likes=10), post(2, STORIES[0], seen_at=SEEN)],
    [post(1, SOURCE, seen_at=SEEN + timedelta(days=1), likes=30), post(3, STORIES[1], edits=0)],
    [post(1, SOURCE, seen_at=SEEN + timedelta(days=2), likes=20), post(3, STORIES[2], edits=1)],
)


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_files_in_any_order_twice_give_the_same_posts(tmp_path, order):
    with indexed(tmp_path, []) as index:
        for number in order:
            build(FILES[number], index, FakeEncoder())
        stored = {post.post_id: post for post in everything(index)}
        assert (stored["p1"].text, stored["p1"].likes) == (SOURCE, 20)
        assert stored["p3"].text == STORIES[2]
        assert len(stored) == 3  # what a later file lacks is no deletion
        before = content_of(index)
        again = [build(FILES[number], index, FakeEncoder()) for number in order]
        assert [report.unchanged for report in again] == [2, 2, 2]
        assert content_of(index) == before


WHEN = datetime(2026, 9, 2, 10, 0, 41, tzinfo=BEIJING)


def nameless(when: datetime | None, text: str = SOURCE) -> Post:
    name = ids.made_up("闻记钟表", str(when or ""), text)
    return Post(post_id=name, account="闻记钟表", text=text, published_at=when)


@pytest.mark.parametrize("when", [None, WHEN, WHEN.replace(second=0), WHEN.replace(hour=0, second=0)])
@pytest.mark.parametrize("order", [1, -1])
@pytest.mark.parametrize("together", [True, False])
def test_a_post_from_a_file_without_ids_is_not_doubled(tmp_path, when, order, together):
    real = Post(post_id="4999000000000001", account="闻记钟表", text=SOURCE + " ", published_at=WHEN)
    posts = [nameless(when), real][::order]
    with indexed(tmp_path, [nameless(None, STORIES[0])]) as index:
        for part in [posts] if together else [[each] for each in posts]:
            build(part, index, FakeEncoder())
        assert [each.post_id for each in everything(index) if each.text != STORIES[0]] == ["4999000000000001"]
        assert index.store.rows("SELECT count(*) FROM post") == [(index.store.posts,)] == [(2,)]
        again = build(posts, index, FakeEncoder())
        assert (again.unchanged, again.read) == (2, 2)


def test_a_stored_post_that_gets_its_own_id_counts_as_replaced(tmp_path):
    with indexed(tmp_path, [nameless(None)]) as index:
        report = build([Post(post_id="4999000000000001", account="闻记钟表", text=SOURCE)], index, FakeEncoder())
        assert (report.added, report.replaced, report.read) == (0, 1, 1)
        assert index.store.vectors == len(set(clean(SOURCE).units()))


def test_the_same_words_of_another_account_or_moment_are_another_post(tmp_path):
    others = [
        Post(post_id="4999000000000001", account="别家钟表", text=SOURCE, published_at=WHEN),
        Post(post_id="4999000000000002", account="闻记钟表", text=SOURCE, published_at=WHEN + timedelta(days=7)),
    ]
    with indexed(tmp_path, others) as index:
        assert build([nameless(WHEN)], index, FakeEncoder()).added == 1
        assert len(everything(index)) == 3


# -- posts that must not be kept ---------------------------------------------------------------------------------------


def test_what_was_forgotten_for_good_is_dropped_and_counted(tmp_path):
    with indexed(tmp_path) as index:
        index.delete(["p0", "p1"], keep_out=True)
        before = content_of(index)
        report = build(corpus(), index, FakeEncoder())
        assert report.dropped == Counter({FORGOTTEN: 2})
        assert report.read == len(corpus())
        assert content_of(index) == before
        assert build([post(99, SOURCE)], index, FakeEncoder()).added == 1


def test_the_retention_deletes_stored_posts_and_lets_no_older_ones_in(tmp_path):
    now = START + timedelta(days=30)
    undated = Post(post_id="u", account="闻记钟表", text=SOURCE)
    with indexed(tmp_path) as index:
        index.store.retain(10)
        report = build([*corpus()[:5], undated], index, FakeEncoder(), now=now)
        assert report.dropped == Counter({TOO_OLD: 5})
        assert (report.added, report.expired) == (1, len([each for each in corpus() if aged(each, now)]))
        assert all(each.post_id == "u" or not aged(each, now) for each in everything(index))
        assert STORIES[0].encode() not in bytes_on_disk(tmp_path)
        index.store.retain(None)
        assert build(corpus(), index, FakeEncoder(), now=now).dropped == Counter()
        assert len(everything(index)) == len(corpus()) + 1


def aged(each: Post, now: datetime) -> bool:
    return each.published_at is not None and each.published_at < now - timedelta(days=10)
