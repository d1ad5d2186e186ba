"""Spans, intervals, records as JSON, and reports over poor corpora: everything is said, nothing breaks."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from originality.errors import SettingsError
from originality.models import Span
from originality.report import Report, compile_report, note_text, to_dict
from originality.report.chains import chains_of
from originality.report.days import days_before, parse_days
from originality.report.notes import Note, NoteCode
from originality.report.order import lag_of, order_of
from originality.report.pairs import ENOUGH, pairs_of
from originality.report.records import Event, Figure, Quote
from originality.report.stats import exact, median_interval, wilson
from tests.weekly import BAKERY, COFFEE, OTHERS, RAIN_DAY, STUDY, TEA, WEEK, at, open_checker, post

# -- spans -------------------------------------------------------------------------------------------------------------


def test_a_week_is_monday_to_sunday_in_beijing() -> None:
    week = parse_days("2020-W06")
    assert week.since.isoformat() == "2020-02-03T00:00:00+08:00"
    assert week.until.isoformat() == "2020-02-10T00:00:00+08:00"
    assert parse_days("2020-W53").since.date().isoformat() == "2020-12-28"


def test_dates_are_both_included() -> None:
    days = parse_days("2020-02-28..2020-03-01")
    assert days.until - days.since == timedelta(days=3)


@pytest.mark.parametrize(
    "text",
    ["", "2020", "2020-6", "2020W06", "2020-w06", "2020-W00", "2021-W53", "0001-W01", "9999-W52", "2020-W06\n",
     "x" * 500, "2020-02-30..2020-03-01", "2020-03-02..2020-03-01",
     "2019-01-01..2020-12-31", "2020-02-03", "2020-02-03..",
     "0001-01-01..0001-01-02", "9999-12-30..9999-12-31", "２０２０-W06"],
)  # fmt: skip
def test_a_bad_span_is_one_clear_line(text: str) -> None:
    with pytest.raises(SettingsError) as caught:
        parse_days(text)
    message = str(caught.value)
    assert "\n" not in message
    assert "2020-W06" in message or "2020-02-03..2020-02-12" in message
    assert len(message) < 200


def test_earlier_spans_have_the_same_length_and_name_themselves() -> None:
    assert [days.name for days in days_before(parse_days("2021-W01"), 2)] == ["2020-W53", "2020-W52"]
    (before,) = days_before(parse_days("2020-02-03..2020-02-12"), 1)
    assert before.name == "2020-01-24..2020-02-02"
    assert parse_days(before.name) == before


# -- order and intervals -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "draft", "order", "lag"),
    [
        ("2026-05-13 10:00", "2026-05-13 10:01", "known", 60),
        ("2026-05-13 10:00:00", "2026-05-13 10:00:59", "unknown", None),
        ("2026-05-13", "2026-05-13 23:59", "unknown", None),
        ("2026-05-12 23:59", "2026-05-13", "by_day", 86_400),
        ("2026-05-12", "2026-05-13 08:00", "by_day", 86_400),
    ],
)
def test_order_says_no_more_than_the_times_do(source: str, draft: str, order: str, lag: int | None) -> None:
    seen = order_of(at(source), at(draft))
    assert seen == order
    assert lag_of(at(source), at(draft), seen) == lag


def test_wilson_and_exact_intervals_are_those_of_the_textbooks() -> None:
    share = wilson(8, 10)
    assert share.value == 0.8
    assert [share.low, share.high] == pytest.approx([0.4902, 0.9433], abs=1e-4)
    share = exact(8, 10)
    assert [share.low, share.high] == pytest.approx([0.4439, 0.9748], abs=1e-4)
    assert wilson(0, 0).value is None
    assert exact(0, 0).value is None
    assert exact(5, 5).low == pytest.approx(0.4782, abs=1e-4)  # five of five are not yet more than half
    assert (exact(6, 6).low or 0) > 0.5


def test_a_median_has_bounds_from_six_values_on() -> None:
    assert median_interval([]).value is None
    five = median_interval([5, 1, 4, 2, 3])
    assert (five.value, five.low, five.high) == (3, None, None)
    six = median_interval([6, 1, 5, 2, 4, 3])
    assert (six.value, six.low, six.high) == (3.5, 1, 6)
    many = median_interval(range(1, 101))
    assert (many.low, many.high) == (40, 61)  # order statistics 40 and 61 of 100: 96.5%


# -- events by the thousand --------------------------------------------------------------------------------------------


def events_of(count: int, leader: str = COFFEE, follower: str = TEA) -> list[Event]:
    """Return events of one account following another, an hour apart, one to ten hours late."""
    start = at("2026-05-11 08:00")
    quotes = [
        (
            Quote(post_id=f"s{i}", account=leader, published_at=start + timedelta(hours=i), url="", text="旧文"),
            Quote(
                post_id=f"d{i}",
                account=follower,
                published_at=start + timedelta(hours=i + 1 + i % 10),
                url="",
                text="新文",
            ),
        )
        for i in range(count)
    ]
    return [
        Event(
            draft=draft,
            source=source,
            lane="wording",
            kind="near",
            verdict="copied",
            risk=0.99,
            spans=(Span((0, 2), (0, 2), "exact"),),
            reasons=(),
            lag=int((draft.published_at - source.published_at).total_seconds()),
        )
        for source, draft in quotes
    ]


def test_six_of_six_name_a_leader_and_five_do_not() -> None:
    (pair,) = pairs_of(events_of(ENOUGH - 1), [], {TEA: 9}, [])
    assert (pair.leader, pair.too_few) == ("", True)
    (pair,) = pairs_of(events_of(3), events_of(ENOUGH - 3), {TEA: 9}, [])
    assert (pair.leader, pair.too_few) == (COFFEE, False)


def test_a_balanced_pair_names_no_leader() -> None:
    (pair,) = pairs_of([*events_of(20), *events_of(18, TEA, COFFEE)], [], {TEA: 40, COFFEE: 40}, [])
    assert (pair.leader, pair.too_few) == ("", False)


def test_ten_thousand_events_add_up(tmp_path: Path) -> None:
    events = events_of(10_000)
    (pair,) = pairs_of(events, [], {TEA: 10_000}, [TEA])
    assert (pair.one, pair.other, pair.leader) == (TEA, COFFEE, COFFEE)
    assert pair.other_led.count == 10_000
    assert pair.other_led.median_lag.value == 5.5 * 3600
    with open_checker(tmp_path, (post("s0", COFFEE, "2026-05-11 08:00", RAIN_DAY),)) as checker:
        (chain,) = chains_of(events, checker.index, [])  # all but one of the first posts are not in the index
    assert [follower.post.post_id for follower in chain.followers] == ["d0"]


# -- poor corpora ------------------------------------------------------------------------------------------------------


def codes(report: Report) -> dict[NoteCode, Note]:
    return {note.code: note for note in report.notes}


def plain_json(report: Report) -> str:
    return json.dumps(report.to_dict(), ensure_ascii=False, allow_nan=False)


def test_an_empty_index_gives_a_report_that_says_so(tmp_path: Path) -> None:
    with open_checker(tmp_path, ()) as checker:
        found = compile_report(checker, WEEK, own=[TEA])
    assert {"no_posts", "unknown_own"} <= codes(found).keys()
    assert (found.events, found.pairs, found.topics, found.directions, found.occasions) == ((), (), (), (), ())
    assert plain_json(found)


def test_a_span_without_posts_says_so(tmp_path: Path) -> None:
    with open_checker(tmp_path, (post("old", TEA, "2026-05-01 10:00", RAIN_DAY),)) as checker:
        found = compile_report(checker, WEEK, own=[TEA])
    notes = codes(found)
    assert "索引里没有这段时间的帖子" in note_text(notes["no_posts"], "zh")
    assert notes["silent_own"].names == (TEA,)
    assert notes["ends_early"].count == 7 * 24
    assert found.headline.posts == Figure(value=0, before=0)
    assert plain_json(found)


def test_one_account_alone_has_nobody_to_follow(tmp_path: Path) -> None:
    posts = tuple(post(f"p{i}", TEA, f"2026-05-{11 + i} 10:00", text) for i, text in enumerate(OTHERS))
    with open_checker(tmp_path, posts) as checker:
        found = compile_report(checker, WEEK)
    notes = codes(found)
    assert notes["one_account"].names == (TEA,)
    assert "no_earlier_posts" in notes
    assert (found.events, found.pairs, found.directions) == ((), (), ())
    (line,) = found.accounts
    assert line.differentiation.value is None
    assert sum(map(sum, line.hours)) == 4
    assert plain_json(found)


def test_holes_are_named(tmp_path: Path) -> None:
    posts = (
        post("a", TEA, "2026-05-11 10:00", OTHERS[0]),
        post("b", COFFEE, "2026-05-15 10:00", OTHERS[1]),
        post("c", BAKERY, "2026-05-20 10:00", OTHERS[2]),
    )
    with open_checker(tmp_path, posts) as checker:
        found = compile_report(checker, WEEK)
    assert codes(found)["holes"].names == ("2026-05-12", "2026-05-13", "2026-05-14", "2026-05-16", "2026-05-17")
    assert {line.account: line.longest_gap_days for line in found.coverage.accounts} == {TEA: 6, COFFEE: 2}
    assert found.coverage.hours_missing == 0


def test_identical_times_accuse_nobody_and_are_said(tmp_path: Path) -> None:
    posts = tuple(
        post(f"p{i}", account, "2026-05-13 10:00", RAIN_DAY) for i, account in enumerate((TEA, COFFEE, BAKERY))
    )
    with open_checker(tmp_path, posts) as checker:
        found = compile_report(checker, WEEK)
    assert {event.order for event in found.events} == {"unknown"}
    assert (found.pairs, found.chains) == ((), ())
    assert codes(found)["unordered"].count == len(found.events)
    assert all(line.imitated_others == line.was_imitated == 0 for line in found.accounts)


def test_counts_that_are_missing_are_no_zeros(tmp_path: Path) -> None:
    known = replace(post("a", TEA, "2026-05-13 10:00", OTHERS[0]), reposts=3, comments=None, likes=9)
    posts = (known, post("b", TEA, "2026-05-14 10:00", OTHERS[1]), post("c", STUDY, "2026-05-14 10:00", OTHERS[2]))
    with open_checker(tmp_path, posts) as checker:
        found = compile_report(checker, WEEK)
    lines = {line.account: line for line in found.accounts}
    assert lines[TEA].engagement.value == 12
    assert lines[STUDY].engagement.value is None
    assert codes(found)["no_counts"].count == 2


def test_every_note_has_words_in_both_languages() -> None:
    for code in NoteCode.__args__:  # type: ignore[attr-defined]
        note = Note(code=code, count=3, names=("甲", "乙"))
        for language in ("zh", "en"):
            assert "{" not in note_text(note, language)


def test_records_become_plain_values() -> None:
    (event,) = events_of(1)
    values = to_dict(event)
    assert values["draft"]["published_at"] == "2026-05-11T09:00:00+08:00"
    assert values["spans"] == [{"draft": [0, 2], "source": [0, 2], "kind": "exact"}]
    assert values["lag"] == 3600
