from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from originality.build import BATCH, build
from originality.clean import clean
from originality.index import open_index
from originality.models import Dropped, Post
from tests.corpus import SOURCE, corpus, indexed, post
from tests.fakes import FakeEncoder


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
