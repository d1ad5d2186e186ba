"""The second opinion: which pairs are read, and that leaving the others out changes nothing that is said."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from originality import score
from originality.checker import Checker, Examination, examine
from originality.clean import clean
from originality.cross.weights import shipped
from originality.score.opinion import OPINION_NAMES, READ, ceilings, opinion_rows, worth_reading
from originality.settings import Settings
from tests.weekly import COLD_BREW, PAPER_CUP, POSTS, WINDOW_SEAT, open_checker

HALF = COLD_BREW[:26] + "可是今天的客人都在躲雨，谁也没有坐下来喝完一整杯。"
SWALLOWS = "外婆说桂花要看燕子飞多高才晒，我们今年信了她一回，茶汤里真有傍晚的味道。"
RAIN = "下雨天别急着走，门口的伞架新换了木头的，老板说坐着听雨也算点单。"
DRAFTS = (HALF, WINDOW_SEAT[:12] + SWALLOWS, SWALLOWS, RAIN)


@pytest.fixture(scope="module")
def checker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Checker]:
    with open_checker(Path(tmp_path_factory.mktemp("opinion")), POSTS) as opened:
        yield opened


@pytest.fixture(scope="module")
def found(checker: Checker) -> list[Examination]:
    return [examine(clean(draft), checker.index, checker.encoder, Settings()) for draft in DRAFTS]


@pytest.fixture(scope="module")
def model() -> score.Model:
    return score.load_model(shipped()[0])


def doubtful(found: Examination, model: score.Model) -> list[int]:
    rows = np.array([pair.features.row() for pair in found.pairs])
    return worth_reading(rows, model.copied.raw(rows))


def highest(found: Examination, model: score.Model, read: dict[int, float] | None) -> float:
    return max(item.risk for item in score.judge(found.side, found.pairs, found.usual, model, read))


@given(
    number=st.integers(0, len(DRAFTS) - 1),
    figures=st.lists(st.floats(-12, 12), min_size=12, max_size=12),
    least=st.sampled_from(["0.02", "0.1", "review", "alarm"]),
)
def test_what_is_left_unread_could_not_have_changed_what_is_said(found, model, number, figures, least):
    one, level = found[number], getattr(model, least) if least.isalpha() else float(least)
    read = score.second_opinion(one.pairs, model, level, lambda at: [figures[i] for i in at])
    assert read is not None
    assert all(read[i] == figures[i] for i in read)
    everything = {i: figures[i] for i in doubtful(one, model)}
    told, known = highest(one, model, read), highest(one, model, everything)
    assert (told >= level) == (known >= level)
    if known >= level:
        assert told == known


def asked_of(one: Examination, model: score.Model, least: float) -> list[int]:
    asked: list[int] = []

    def read(at: list[int]) -> list[float]:
        asked.extend(at)
        return [-9.0] * len(at)

    score.second_opinion(one.pairs, model, least, read)
    return asked


def test_nothing_is_left_out_for_those_who_count_risks(found, model):
    for one in found:
        asked = asked_of(one, model, 0.0)
        assert sorted(asked) == sorted(doubtful(one, model))
        assert len(asked) == min(READ, len(one.pairs))


def test_some_pairs_need_no_reading(found, model):
    some, every = (sum(len(asked_of(one, model, least)) for one in found) for least in (model.alarm, 0.0))
    assert some < every


def test_wording_beyond_doubt_is_not_read(checker, model):
    copied = examine(clean(PAPER_CUP), checker.index, checker.encoder, Settings())
    assert score.second_opinion(copied.pairs, model, 0.0, lambda at: pytest.fail("read")) is None


def test_a_model_without_opinion_asks_nobody(found):
    assert score.second_opinion(found[0].pairs, score.load_model(), 0.0, lambda at: pytest.fail("read")) is None


def test_no_pair_can_stand_out_more_than_its_ceiling(found, model):
    one = found[0]
    rows = np.array([pair.features.row() for pair in one.pairs])
    sums = model.copied.raw(rows)
    at = doubtful(one, model)
    most = ceilings(rows, sums, at, [math.inf] * len(at))
    seen = opinion_rows(rows, sums, dict.fromkeys(at, 11.0), -4.0)[at]
    assert most.shape == (len(at), len(OPINION_NAMES))
    assert (most >= seen).all()


def test_what_nobody_read_does_not_stand_out(found, model):
    rows = np.array([pair.features.row() for pair in found[0].pairs])
    beyond = opinion_rows(rows, model.copied.raw(rows), {0: -11.0}, -4.0)[:, OPINION_NAMES.index("read_beyond")]
    assert beyond.tolist() == [-7.0] + [0.0] * (len(rows) - 1)
