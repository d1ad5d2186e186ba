"""Measuring on a corpus: who is drawn, who may accuse whom, what is left out, and what the sample tells."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from originality import Checker
from originality.accounts import Account, Permission, Register, RegisterFile
from originality.calibrate import Measured, Wish, calibrate
from originality.calibrate.counting import scale_of, without_repeats
from originality.calibrate.reading import Reader, Reading, read_in, tied_names
from originality.calibrate.sampling import drawn_rows
from originality.calibration import CalibrationFile
from originality.errors import CalibrationError
from originality.models import Post
from originality.score.model import RATES
from originality.settings import Settings
from tests.calibrated import checker_over, demo_posts
from tests.corpus import SOURCE, STORIES, post
from tests.fakes import FakeEncoder


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    with checker_over(tmp_path_factory.mktemp("demo"), demo_posts()) as checker:
        yield checker


@pytest.fixture(scope="module")
def measured(demo: Checker) -> Measured:
    return calibrate(demo, Wish(alarms_per_100=1, own=("山雀有茶",), sample=456))


def reader(checker: Checker, own: frozenset[str] = frozenset()) -> Reader:
    return Reader(checker.index, Settings(), own, FakeEncoder)


def readings(checker: Checker, own: frozenset[str] = frozenset()) -> dict[str, Reading]:
    """Return what becomes of each post, by its id."""
    rows = drawn_rows(checker.index, 1_000, 0)
    ids = {row: each.post_id for row, each in checker.index.posts_at(rows).items()}
    return {ids[row]: reader(checker, own).read(row) for row in rows}


# -- who is drawn ------------------------------------------------------------------------------------------------------


def test_every_account_has_its_turn_and_the_seed_decides(demo):
    drawn = drawn_rows(demo.index, 60, 3)
    assert set(Counter(demo.index.accounts_at(drawn).values()).values()) == {5}
    assert drawn == drawn_rows(demo.index, 60, 3)
    assert drawn != drawn_rows(demo.index, 60, 4)
    assert drawn_rows(demo.index, 30, 3) == drawn[:30]
    assert len(set(drawn_rows(demo.index, 9_999, 3))) == 456


def test_a_brand_is_drawn_by_name_or_number(demo):
    assert set(demo.index.accounts_at(drawn_rows(demo.index, 99, 0, {"山雀有茶"})).values()) == {"山雀有茶"}
    assert len(drawn_rows(demo.index, 99, 0, {"90010001"})) == 40


# -- who may accuse whom -----------------------------------------------------------------------------------------------


def test_a_post_is_no_source_of_itself_and_copies_are_found_on_both_sides(tmp_path):
    posts = [post(0, SOURCE, "甲"), post(9, SOURCE, "乙"), *(post(n + 1, s, "丙") for n, s in enumerate(STORIES))]
    with checker_over(tmp_path, posts) as checker:
        found = readings(checker)
    assert found["p0"].why == found["p9"].why == "copy", "earlier or not"
    assert found["p1"].why is None
    assert found["p1"].risk < 0.5


@pytest.mark.parametrize("tie", ["owner", "permission", "renamed"])
def test_posts_of_accounts_that_are_tied_are_no_sources(tmp_path, tie):
    two = [post(0, SOURCE, "甲"), post(9, SOURCE, "乙")]
    if tie == "renamed":
        two = [replace(each, account_id="2608812381") for each in two]
    posts = [*two, *(post(n + 1, s, "丙") for n, s in enumerate(STORIES))]
    with checker_over(tmp_path, posts) as checker:
        if tie == "permission":
            accounts = tuple(Account(name=name) for name in "甲乙")
            register = Register(accounts=accounts, permissions=(Permission(by="甲", source="乙"),))
            RegisterFile(checker.index.folder).change(lambda _: register)
        own = frozenset("甲乙") if tie == "owner" else frozenset[str]()
        found = readings(checker, own)
    assert (found["p0"].why, found["p9"].why) == (None, None)


def test_ties_hold_in_both_directions_and_do_not_spread():
    accounts = tuple(Account(name=name) for name in "甲乙丙")
    register = Register(accounts=accounts, permissions=(Permission(by="甲", source="乙"),))
    assert tied_names(register, {"乙"}, frozenset()) == {"甲", "乙"}
    assert tied_names(register, {"丙"}, frozenset("甲乙")) == {"丙"}
    assert tied_names(register, {"甲"}, frozenset("甲丁")) == {"甲", "乙", "丁"}


# -- what is left out --------------------------------------------------------------------------------------------------


def test_what_is_left_out_has_a_reason(tmp_path):
    posts = [
        post(0, STORIES[0], "甲"),
        post(1, f"转发微博//@乙:{STORIES[1]}", "甲"),
        post(2, "早", "甲"),
        Post(post_id="q", account="乙", text=STORIES[2], repost_of="p0"),
    ]
    with checker_over(tmp_path, posts) as checker:
        found = readings(checker)
        assert reader(checker).read(999).why == "gone"
    assert {name: each.why for name, each in found.items()} == {
        "p0": None, "p1": "repost", "p2": "undetermined", "q": "repost",
    }  # fmt: skip


def test_short_lines_that_two_say_alike_are_no_copies_beyond_doubt(tmp_path):
    line = "周一早上好，今天也要加油呀"
    posts = [post(0, line, "甲"), post(1, line, "乙"), *(post(n + 2, s, "丙") for n, s in enumerate(STORIES))]
    with checker_over(tmp_path, posts) as checker:
        assert readings(checker)["p0"].why is None


def test_what_an_account_repeats_counts_once():
    one, two = Reading(account="甲", key=b"1"), Reading(account="乙", key=b"2")
    assert [each.why for each in without_repeats([one, two, one, one])] == [None, None, "repeated", "repeated"]


# -- what the sample tells ---------------------------------------------------------------------------------------------


def test_a_threshold_is_reached_by_as_many_as_were_asked_for():
    clean = [Reading(account=str(n % 4), risk=n / 1_000, template_risk=0.0) for n in range(400)]
    scale = scale_of(clean, {1.0, 7.5}, {5.0})
    for point in scale.copied:
        assert sum(each.risk >= point.risk for each in clean) == int(point.per_100 * 4)
        assert point.low <= point.risk <= point.high
    assert {point.per_100 for point in scale.copied} >= {0.25, 1.0, 7.5, 20.0}
    assert (scale.posts, scale.accounts) == (400, 4)


def test_rates_below_one_post_are_not_told():
    clean = [Reading(account=str(n % 4), risk=n / 1_000) for n in range(150)]
    assert scale_of(clean, {1.0}, {5.0}).copied[0].per_100 == 1.0


def test_the_demo_corpus_gives_what_was_asked_for(demo, measured):
    general, found = measured.general, measured.calibration
    assert found is not None
    assert general.drawn == 456 == general.posts + sum(general.left_out.values())
    assert (general.accounts, general.left_out["copy"] > 12) == (12, True)
    assert found.general.points("copied")[0].per_100 == min(rate for rate in RATES if rate >= 100 / general.posts)
    line = {point.per_100: point for point in found.general.copied}[1.0]
    assert line.low <= line.risk <= line.high
    clean = [each for each in readings(demo, frozenset({"山雀有茶"})).values() if each.why is None]
    assert sum(each.risk >= line.risk for each in clean) <= 0.01 * len(clean)


def test_a_brand_with_few_posts_keeps_the_threshold_of_all(measured):
    (brand,) = measured.brands
    assert (brand.brand, brand.drawn, brand.scale) == ("山雀有茶", 40, None)
    assert measured.calibration.brands == {}


def test_too_few_posts_or_accounts_change_nothing(demo, tmp_path):
    few = calibrate(demo, Wish(sample=90))
    assert (few.calibration, few.general.needed) == (None, 100)
    rare = calibrate(demo, Wish(alarms_per_100=0.25, sample=130))
    assert (rare.calibration, rare.general.needed) == (None, 400)
    two = [replace(each, account=f"账号{n % 2}", account_id="") for n, each in enumerate(demo_posts())]
    with checker_over(tmp_path, two) as checker:
        alike = calibrate(checker, Wish(sample=130))
    assert (alike.calibration, alike.general.posts > few.general.needed) == (None, True)


def test_an_own_account_without_posts_is_refused(demo):
    with pytest.raises(CalibrationError, match="No post of '没有这家'"):
        calibrate(demo, Wish(own=("没有这家",)))
    for wrong in ({"alarms_per_100": 0.1}, {"sample": 0}):
        with pytest.raises(CalibrationError):
            Wish(**wrong)


def test_an_earlier_calibration_does_not_bend_the_next(demo, measured):
    wish = Wish(alarms_per_100=1, sample=150)
    first = calibrate(demo, wish).calibration
    CalibrationFile(demo.index.folder).write(measured.calibration)
    try:
        again = calibrate(demo, wish).calibration
    finally:
        CalibrationFile(demo.index.folder).remove()
    assert first
    assert again
    assert replace(again, made_at=first.made_at) == first


def test_a_process_of_its_own_reads_the_same(demo: Checker) -> None:
    row = drawn_rows(demo.index, 1, 0)[0]
    folder: Path = demo.index.folder
    assert read_in(str(folder), Settings(), frozenset())(row) == reader(demo).read(row)
