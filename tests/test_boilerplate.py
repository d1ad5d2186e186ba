from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from originality import sketch
from originality.boilerplate import Common, find_boilerplate
from originality.clean import clean
from originality.index import LocalIndex
from tests.corpus import LOTTERY, SOURCE, corpus, indexed, post

CUSTOM = "本店每月初八歇业一天给老人理发"  # a formula that no rule knows
OWN = "修钟的人把停摆的时间一格一格拨回来"


def found(index: LocalIndex, text: str, cap: int = 2000) -> tuple[list[str], Common]:
    draft = clean(text)
    hashes = np.unique(sketch.shingle_hashes(draft.letters, sketch.SHINGLE))
    common = find_boilerplate(draft, index.carriers([int(value) for value in hashes], cap), index, cap)
    return [text[slice(*item.span)] for item in common.spans], common


def test_a_formula_of_many_unlike_posts_is_learned_from_the_corpus(tmp_path):
    users = [post(100 + i, f"{item.text}{CUSTOM}。") for i, item in enumerate(corpus()[7:13])]
    with indexed(tmp_path, users) as index:
        quoted, common = found(index, f"{OWN}。{CUSTOM}。")
    assert len(quoted) == 1
    assert quoted[0] in CUSTOM
    assert len(quoted[0]) >= len(CUSTOM) - 3
    assert common.spans[0].posts == 6
    assert common.spans[0].accounts == 6
    assert common.own >= len(OWN)


def test_a_sentence_that_only_the_copies_of_one_post_carry_is_not_custom(tmp_path):
    cascade = [post(200 + i, SOURCE + tail) for i, tail in enumerate(("", "转", "好文", "收藏了", "说得真好", "学习"))]
    with indexed(tmp_path, [*corpus(), *cascade]) as index:
        quoted, _ = found(index, SOURCE)
    assert quoted == []


def test_one_account_alone_makes_no_custom(tmp_path):
    users = [post(100 + i, f"{item.text}{CUSTOM}。", "同一家店") for i, item in enumerate(corpus()[7:13])]
    with indexed(tmp_path, users) as index:
        assert found(index, f"{OWN}。{CUSTOM}。")[0] == []


@pytest.mark.parametrize(
    ("text", "formula"),
    [
        (f"{OWN}。{LOTTERY}。", "并转发这条微博，周五晚八点抽六位"),
        (f"{OWN}。关注+转发+评论，抽3位送书。", "抽3位"),
        (f"{OWN}，全场满200减30，", "满200减30"),
        (f"{OWN}。祝大家中秋节快乐！", "中秋节快乐"),
        (f"{OWN}，先到先得。", "先到先得"),
    ],
)
def test_rules_know_formulae_that_a_small_corpus_has_not_seen(tmp_path, text, formula):
    with indexed(tmp_path, corpus()[:1]) as index:
        quoted, common = found(index, text)
    assert any(formula in item or item in formula for item in quoted)
    assert not any(item in OWN for item in quoted)
    assert common.spans[0].posts == 0


def test_what_is_nobodys_elsewhere_stays_the_authors(tmp_path):
    with indexed(tmp_path) as index:
        assert found(index, OWN)[0] == []


def test_a_shingle_above_the_cap_is_custom_without_a_look(tmp_path):
    users = [post(100 + i, f"{item.text}{CUSTOM}。") for i, item in enumerate(corpus()[7:13])]
    with indexed(tmp_path, users) as index:
        quoted, _ = found(index, f"{OWN}。{CUSTOM}。", cap=4)
    assert quoted


def test_spans_are_in_order_and_apart(tmp_path):
    with indexed(tmp_path) as index:
        _, common = found(index, f"{LOTTERY}。{OWN}。{LOTTERY}，先到先得，祝大家重阳节快乐")
    spans = [item.span for item in common.spans]
    assert len(spans) >= 2
    assert all(left[1] <= right[0] for left, right in pairwise(spans))
