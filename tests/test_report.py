"""The report over a small corpus: order, direction, window, what is left out, and that nothing is said twice."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from originality.accounts import Account, RegisterFile
from originality.checker import Checker
from originality.errors import SettingsError
from originality.report import Report, compile_report
from originality.report.records import Event, Pair
from tests.weekly import BAKERY, COFFEE, HIDDEN, POSTS, RAIN_DAY, STUDY, TEA, WEEK, open_checker, post

DAY = 86_400


@pytest.fixture(scope="module")
def checker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Checker]:
    with open_checker(tmp_path_factory.mktemp("index"), POSTS) as checker:
        yield checker


@pytest.fixture(scope="module")
def report(checker: Checker) -> Report:
    return compile_report(checker, WEEK, own=[TEA])


def ids(events: tuple[Event, ...]) -> set[tuple[str, str]]:
    return {event.key for event in events}


def ordered(report: Report) -> tuple[Event, ...]:
    return tuple(event for event in report.events if event.follows)


def event_of(report: Report, post_id: str) -> Event:
    (found,) = [event for event in report.events if event.draft.post_id == post_id]
    return found


def pair_of(report: Report, one: str, other: str) -> Pair:
    (found,) = [pair for pair in report.pairs if {pair.one, pair.other} == {one, other}]
    return found


# -- spans -------------------------------------------------------------------------------------------------------------


def test_the_edges_of_the_span_are_those_of_beijing(checker: Checker) -> None:
    earlier = compile_report(checker, "2026-W19", history=0)
    assert earlier.headline.posts.value == 4  # lead-1 to lead-4; the last of them one second before Monday
    later = compile_report(checker, "2026-W21", history=0)
    assert later.headline.posts.value == 2  # a bare date of Monday 18 May belongs to the week that begins with it
    assert ("next-week", "lead-3") in ids(later.events)


def test_any_days_are_a_span(checker: Checker) -> None:
    found = compile_report(checker, "2026-05-11..2026-05-12", history=0)
    assert ids(ordered(found)) == {("copy-1", "lead-1"), ("copy-2", "lead-2")}


@pytest.mark.parametrize("days", [0, -1, 100_000])
def test_a_window_out_of_range_is_refused(days: int, checker: Checker) -> None:
    with pytest.raises(SettingsError, match=f"got {days}"):
        compile_report(checker, WEEK, window_days=days)


@pytest.mark.parametrize("spans", [-1, 53])
def test_a_history_out_of_range_is_refused(spans: int, checker: Checker) -> None:
    with pytest.raises(SettingsError, match=f"got {spans}"):
        compile_report(checker, WEEK, history=spans)


# -- events ------------------------------------------------------------------------------------------------------------


def test_copies_are_events_and_nothing_else_is(report: Report) -> None:
    assert ids(ordered(report)) == {
        ("copy-1", "lead-1"),
        ("copy-2", "lead-2"),
        ("copy-3", "lead-3"),
        ("copy-4", "lead-4"),
    }
    assert {event.lane for event in report.events} == {"wording"}
    assert {event.verdict for event in report.events} <= {"copied", "imitation"}


def test_every_span_quotes_the_same_words_on_both_sides(report: Report) -> None:
    for event in ordered(report):
        assert event.spans
        for span in event.spans:
            draft = event.draft.text[slice(*span.draft)]
            source = event.source.text[slice(*span.source)]
            assert span.kind != "exact" or draft == source


def test_the_lag_is_the_time_between_the_two(report: Report) -> None:
    event = event_of(report, "copy-1")
    assert (event.order, event.lag) == ("known", 3 * DAY + 2 * 3600)
    assert event.draft.text.endswith(HIDDEN)


def test_both_directions_of_a_pair_are_told(report: Report) -> None:
    pair = pair_of(report, COFFEE, TEA)
    assert (pair.one, pair.other) == (TEA, COFFEE)  # our account first
    assert (pair.other_led.count, pair.one_led.count) == (3, 1)
    assert pair.other_led.median_lag.value == 3 * DAY + 2 * 3600
    assert pair.other_led.share.value == 1  # all three posts of the tea shop followed the coffee bar
    assert pair.too_few
    assert pair.leader == ""


def test_whose_side_an_event_is_on(report: Report) -> None:
    assert event_of(report, "copy-1").draft.ours
    assert event_of(report, "copy-4").source.ours
    assert report.headline.we_imitated.value == 3
    assert report.headline.imitated_us.value == 1


def test_own_accounts_come_from_the_register_by_name_or_number(tmp_path: Path) -> None:
    posts = (post("lead", COFFEE, "2026-05-08 10:00", RAIN_DAY), post("copy", TEA, "2026-05-12 10:00", RAIN_DAY))
    with open_checker(tmp_path, posts) as checker:
        RegisterFile(tmp_path).change(lambda known: known.added(Account(name=TEA, uid="2608812381", role="own")))
        assert compile_report(checker, WEEK).own == (TEA,)
        assert compile_report(checker, WEEK, own=["2608812381"]).own == (TEA,)
        assert compile_report(checker, WEEK, own=[COFFEE]).own == (COFFEE,)


def test_a_source_older_than_the_window_makes_no_event(checker: Checker, report: Report) -> None:
    assert "copy-old" not in {event.draft.post_id for event in report.events}
    wide = compile_report(checker, WEEK, window_days=180, history=0)
    assert ("copy-old", "old") in ids(wide.events)


def test_posts_of_one_day_without_times_are_held_against_nobody(report: Report) -> None:
    (event,) = [event for event in report.events if event.order == "unknown"]
    assert {event.draft.post_id, event.source.post_id} == {"day-a", "day-b"}
    assert event.lag is None
    lines = {line.account: line for line in report.accounts}
    for account in (BAKERY, STUDY):
        line = lines[account]
        assert (line.imitated_others, line.was_imitated, line.unordered) == (0, 0, 1)


def test_a_bare_date_makes_the_order_of_its_day_unknown_even_against_a_time(tmp_path: Path) -> None:
    posts = (post("clock", COFFEE, "2026-05-13 10:00", RAIN_DAY), post("date", TEA, "2026-05-13", RAIN_DAY))
    with open_checker(tmp_path, posts) as checker:
        found = compile_report(checker, WEEK)
        assert [event.order for event in found.events] == ["unknown"]
        assert found.pairs == ()
        assert found.chains == ()


@pytest.mark.parametrize("seconds", ["00", "59"])
def test_posts_of_the_same_minute_are_of_unknown_order(tmp_path: Path, seconds: str) -> None:
    first, second = f"2026-05-13 10:00:{seconds}", "2026-05-13 10:00:30"
    posts = (post("a", COFFEE, first, RAIN_DAY), post("b", TEA, second, RAIN_DAY))
    with open_checker(tmp_path, posts) as checker:
        (event,) = compile_report(checker, WEEK).events
        assert event.order == "unknown"


def test_a_date_only_lag_counts_whole_days(tmp_path: Path) -> None:
    posts = (post("a", COFFEE, "2026-05-11 22:00", RAIN_DAY), post("b", TEA, "2026-05-13", RAIN_DAY))
    with open_checker(tmp_path, posts) as checker:
        (event,) = compile_report(checker, WEEK).events
        assert (event.order, event.lag) == ("by_day", 2 * DAY)


def test_a_chain_hangs_on_its_first_post(tmp_path: Path) -> None:
    posts = (
        post("first", COFFEE, "2026-05-04 10:00", RAIN_DAY),
        post("second", TEA, "2026-05-06 10:00", RAIN_DAY),
        post("third", BAKERY, "2026-05-12 10:00", RAIN_DAY),
    )
    with open_checker(tmp_path, posts) as checker:
        found = compile_report(checker, WEEK, own=[TEA])
        (event,) = found.events
        assert event.key == ("third", "first")
        assert [other.post_id for other in event.others] == ["second"]
        (chain,) = found.chains
        assert chain.first.post_id == "first"
        assert [(f.post.post_id, f.post.ours, f.lag) for f in chain.followers] == [
            ("second", True, 2 * DAY),
            ("third", False, 8 * DAY),
        ]


def test_what_an_account_had_first_is_no_imitation(report: Report) -> None:
    assert ("again", "own_reuse") in {(event.draft.post_id, event.standing) for event in report.set_aside}
    assert "again" not in {event.draft.post_id for event in report.events}


def test_a_repost_accuses_nobody(tmp_path: Path) -> None:
    posts = (
        post("lead", COFFEE, "2026-05-08 10:00", RAIN_DAY),
        post("bare", TEA, "2026-05-12 10:00", f"好//@{COFFEE}:{RAIN_DAY}"),
        post("credit", STUDY, "2026-05-12 11:00", f"{RAIN_DAY}来自@{COFFEE}"),
    )
    with open_checker(tmp_path, posts) as checker:
        found = compile_report(checker, WEEK)
        assert found.events == ()
        assert found.left_out["repost"] == 1
        assert [(event.draft.post_id, event.standing) for event in found.set_aside] == [("credit", "repost")]


# -- what is left out --------------------------------------------------------------------------------------------------


def test_the_posts_of_the_span_add_up(report: Report) -> None:
    left_out = sum(count for reason, count in report.left_out.items() if reason != "no_time")
    assert report.headline.posts.value == 11
    assert report.headline.checked.value == 11 - left_out
    assert report.left_out["no_time"] == 1
    assert report.left_out["too_short"] == 1
    assert sum(line.posts.value or 0 for line in report.accounts) == 11
    assert sum(line.checked for line in report.accounts) == report.headline.checked.value
    assert sum(line.imitated_others for line in report.accounts) == len(ordered(report)) == 4


def test_each_account_has_its_figures(report: Report) -> None:
    lines = {line.account: line for line in report.accounts}
    tea = lines[TEA]
    assert (tea.posts.value, tea.posts.before, tea.imitated_others, tea.was_imitated) == (3, 1, 3, 1)
    assert tea.without_event.value == 0
    assert tea.originality.value == pytest.approx(0, abs=0.05)
    assert tea.engagement.value is None  # these posts have no counts
    assert lines[BAKERY].originality.value == 1
    assert report.accounts[0].account == TEA


def test_the_headline_is_beside_the_week_before(report: Report) -> None:
    assert report.headline.posts.before == 4
    assert report.headline.posts.change == 7
    assert report.headline.copied.before == 0


def test_coverage_counts_the_window_and_the_span(report: Report) -> None:
    assert {line.account: line.posts for line in report.coverage.accounts} == {COFFEE: 6, STUDY: 5, TEA: 4, BAKERY: 2}
    assert report.coverage.posts == 17
    assert report.coverage.hours_missing == 0  # the corpus goes on after the span


def test_progress_counts_up_to_its_total(checker: Checker) -> None:
    steps: list[tuple[int, int]] = []
    compile_report(checker, "2026-W20", window_days=30, progress=lambda done, total: steps.append((done, total)))
    assert [done for done, _ in steps] == list(range(1, len(steps) + 1))
    assert {total for _, total in steps} == {len(steps)}


def test_two_runs_differ_in_the_time_stamp_only(checker: Checker, report: Report) -> None:
    again = compile_report(checker, WEEK, own=[TEA]).to_dict()
    first = report.to_dict()
    assert again.pop("made_at") > first.pop("made_at")
    assert again == first


def test_several_processes_find_the_same(tmp_path: Path) -> None:
    more = [
        post(f"more-{i}", STUDY, f"2026-05-12 {8 + i // 6:02}:{i % 6}0", f"第{i}盏台灯今晚换了{i * 7}瓦的灯泡")
        for i in range(40)
    ]
    found = []
    for processes in (1, 2):
        with open_checker(tmp_path / str(processes), (*POSTS, *more)) as checker:
            report = compile_report(checker, WEEK, processes=processes)
            found.append((report.events, report.hints, report.set_aside, report.left_out))
    assert found[0] == found[1]
    assert len(found[0][0]) >= 5
