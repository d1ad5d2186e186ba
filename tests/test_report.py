"""The weekly report: weeks, order, direction, window, and what is left out."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from originality.checker import Checker
from originality.errors import SettingsError
from originality.models import Post
from originality.report import Imitation, WeeklyReport, weekly_report
from originality.report.html import render
from originality.report.week import week_span
from tests.weekly import BAKERY, BEIJING, COFFEE, POSTS, RAIN_DAY, STUDY, TEA, WEEK, open_checker, post

DEMO = Path(__file__).resolve().parents[1] / "demo"


@pytest.fixture(scope="module")
def checker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Checker]:
    with open_checker(tmp_path_factory.mktemp("index"), POSTS) as checker:
        yield checker


@pytest.fixture(scope="module")
def report(checker: Checker) -> WeeklyReport:
    return weekly_report(checker, WEEK)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Checker]:
    lines = [line for file in sorted((DEMO / "posts").glob("*.jsonl")) for line in file.read_text("utf-8").splitlines()]
    posts = []
    for line in lines:
        values = json.loads(line)
        posts.append(Post(**{**values, "published_at": datetime.fromisoformat(values["published_at"])}))
    with open_checker(tmp_path_factory.mktemp("demo"), tuple(posts)) as checker:
        yield checker


def ids(events: tuple[Imitation, ...]) -> set[tuple[str, str]]:
    return {(event.follower.post_id, event.source.post_id) for event in events}


def event_of(report: WeeklyReport, post_id: str) -> Imitation:
    (found,) = [event for event in report.events if event.follower.post_id == post_id]
    return found


def direction(report: WeeklyReport, leader: str, follower: str) -> tuple[int, timedelta | None, bool]:
    (found,) = [pair for pair in report.pairs if (pair.leader, pair.follower) == (leader, follower)]
    return found.count, found.median_lag, found.enough


# -- weeks -------------------------------------------------------------------------------------------------------------


def test_a_week_is_monday_to_sunday_in_beijing() -> None:
    since, until = week_span("2020-W06")
    assert since.isoformat() == "2020-02-03T00:00:00+08:00"
    assert until.isoformat() == "2020-02-10T00:00:00+08:00"
    assert week_span("2020-W53")[0].date().isoformat() == "2020-12-28"


@pytest.mark.parametrize(
    "week",
    ["", "2020", "2020-6", "2020W06", "2020-w06", "2020-W6", "2020-W00", "2021-W53", "2020-W54", "0000-W01", "0001-W01",
     "9999-W52", "2020-W06\n", "２０２０-W06", "x" * 500],
)  # fmt: skip
def test_a_bad_week_is_one_clear_line(week: str, checker: Checker) -> None:
    with pytest.raises(SettingsError) as caught:
        weekly_report(checker, week)
    message = str(caught.value)
    assert "\n" not in message
    assert "2020-W06" in message
    assert len(message) < 200


@pytest.mark.parametrize("days", [0, -1, 100_000])
def test_a_window_out_of_range_is_refused(days: int, checker: Checker) -> None:
    with pytest.raises(SettingsError, match=f"got {days}"):
        weekly_report(checker, WEEK, window_days=days)


def test_the_edges_of_the_week_are_those_of_beijing(checker: Checker) -> None:
    assert weekly_report(checker, "2026-W19").posts == 4  # lead-1 to lead-4; the last of them one second before Monday
    found = weekly_report(checker, "2026-W21")
    assert found.posts == 2  # a bare date of Monday 18 May belongs to the week that begins with it
    assert ids(found.events) >= {("next-week", "lead-3")}


# -- events ------------------------------------------------------------------------------------------------------------


def test_copies_are_events_and_nothing_else_is(report: WeeklyReport) -> None:
    assert ids(report.dated_events) == {
        ("copy-1", "lead-1"),
        ("copy-2", "lead-2"),
        ("copy-3", "lead-3"),
        ("copy-4", "lead-4"),
    }
    assert {event.verdict for event in report.events} <= {"copied", "imitation"}


def test_every_span_quotes_the_same_words_on_both_sides(report: WeeklyReport) -> None:
    for event in report.dated_events:
        assert event.spans
        for span in event.spans:
            draft = event.follower.text[slice(*span.draft)]
            source = event.source.text[slice(*span.source)]
            assert span.kind != "exact" or draft == source


def test_the_lag_is_the_time_between_the_two(report: WeeklyReport) -> None:
    assert event_of(report, "copy-1").lag == timedelta(days=3, hours=2)
    assert not event_of(report, "copy-1").day_precision


def test_both_directions_of_a_pair_are_told(report: WeeklyReport) -> None:
    assert direction(report, COFFEE, TEA) == (3, timedelta(days=3, hours=2), True)
    assert direction(report, TEA, COFFEE) == (1, timedelta(days=3, hours=8, minutes=30, seconds=1), False)
    assert len(report.pairs) == 2


def test_a_source_older_than_the_window_makes_no_event(checker: Checker, report: WeeklyReport) -> None:
    assert report.set_aside["older_than_window"] == 1
    wide = weekly_report(checker, WEEK, window_days=180)
    assert ("copy-old", "old") in ids(wide.events)
    assert "older_than_window" not in wide.set_aside


def test_posts_of_one_day_without_times_are_held_against_nobody(report: WeeklyReport) -> None:
    (pair,) = [event for event in report.events if not event.order_known]
    assert {pair.follower.post_id, pair.source.post_id} == {"day-a", "day-b"}
    assert pair.lag is None
    assert report.set_aside["mirrored"] == 1
    lines = {line.account: line for line in report.accounts}
    assert (lines[BAKERY].imitated_others, lines[BAKERY].was_imitated, lines[BAKERY].same_day) == (0, 0, 1)
    assert (lines[STUDY].imitated_others, lines[STUDY].was_imitated, lines[STUDY].same_day) == (0, 0, 1)


def test_a_bare_date_makes_the_order_of_its_day_unknown_even_against_a_time(tmp_path: Path) -> None:
    posts = (post("clock", COFFEE, "2026-05-13 10:00", RAIN_DAY), post("date", TEA, "2026-05-13", RAIN_DAY))
    with open_checker(tmp_path, posts) as checker:
        found = weekly_report(checker, WEEK)
        assert [event.order_known for event in found.events] == [False]
        assert found.pairs == ()


def test_posts_of_the_same_second_are_of_unknown_order(tmp_path: Path) -> None:
    posts = (post("a", COFFEE, "2026-05-13 10:00", RAIN_DAY), post("b", TEA, "2026-05-13 10:00", RAIN_DAY))
    with open_checker(tmp_path, posts) as checker:
        (event,) = weekly_report(checker, WEEK).events
        assert not event.order_known


def test_a_date_only_lag_counts_whole_days(tmp_path: Path) -> None:
    posts = (post("a", COFFEE, "2026-05-11 22:00", RAIN_DAY), post("b", TEA, "2026-05-13", RAIN_DAY))
    with open_checker(tmp_path, posts) as checker:
        (event,) = weekly_report(checker, WEEK).events
        assert event.order_known
        assert event.day_precision
        assert event.lag == timedelta(days=2)


def test_in_a_chain_of_equal_copies_the_first_is_the_source(tmp_path: Path) -> None:
    posts = (
        post("first", COFFEE, "2026-05-04 10:00", RAIN_DAY),
        post("second", TEA, "2026-05-06 10:00", RAIN_DAY),
        post("third", BAKERY, "2026-05-12 10:00", RAIN_DAY),
    )
    with open_checker(tmp_path, posts) as checker:
        (event,) = weekly_report(checker, WEEK).events
        assert (event.follower.post_id, event.source.post_id) == ("third", "first")
        assert [other.post_id for other in event.others] == ["second"]


# -- what is left out --------------------------------------------------------------------------------------------------


def test_everything_left_out_has_its_reason(report: WeeklyReport) -> None:
    assert report.left_out == {"no_time": 1, "repost": 1, "too_short": 1}
    assert report.set_aside == {"older_than_window": 1, "own_reuse": 1, "mirrored": 1}


def test_the_posts_of_the_week_add_up(report: WeeklyReport) -> None:
    assert report.posts == 11
    assert report.checked == report.posts - report.left_out["repost"] - report.left_out["too_short"]
    assert sum(line.posts for line in report.accounts) == report.posts
    assert sum(line.checked for line in report.accounts) == report.checked
    assert sum(line.imitated_others for line in report.accounts) == len(report.dated_events) == 4


def test_each_account_has_its_share(report: WeeklyReport) -> None:
    lines = {line.account: line for line in report.accounts}
    assert (lines[TEA].posts, lines[TEA].imitated_others, lines[TEA].was_imitated) == (3, 3, 1)
    assert lines[TEA].original_share == 0
    assert lines[COFFEE].original_share == 0.5
    assert lines[BAKERY].original_share == 1


def test_coverage_counts_the_window_and_the_week(report: WeeklyReport) -> None:
    assert report.coverage == {COFFEE: 6, STUDY: 5, TEA: 4, BAKERY: 2}
    assert report.earlier_posts == 6


def test_progress_is_told_once_per_post(checker: Checker) -> None:
    steps: list[int] = []
    weekly_report(checker, WEEK, progress=steps.append)
    assert steps == [1] * 11


def test_a_week_without_posts_says_so(checker: Checker) -> None:
    found = weekly_report(checker, "2031-W01")
    assert (found.posts, found.checked, found.events, found.pairs, found.accounts) == (0, 0, (), (), ())
    assert "索引里没有这一周的帖子" in render(found)
    assert "The index holds no post of this week" in render(found, "en")


# -- the demo corpus ---------------------------------------------------------------------------------------------------


def test_a_week_of_the_demo_finds_its_planted_copy(demo: Checker) -> None:
    found = weekly_report(demo, "2026-W45")
    lines = [line for file in (DEMO / "planted").glob("*.jsonl") for line in file.read_text("utf-8").splitlines()]
    copies = {(plant["post_id"], plant["source"]) for plant in map(json.loads, lines) if plant["kind"] == "copy"}
    week = {post.post_id for post in demo.index.posts() if post.published_at and _iso_week(post) == (2026, 45)}
    planted = {pair for pair in copies if pair[0] in week}
    assert planted
    assert planted <= ids(found.events)
    assert found.posts == len(week)


def _iso_week(post: Post) -> tuple[int, int]:
    assert post.published_at
    return post.published_at.astimezone(BEIJING).isocalendar()[:2]
