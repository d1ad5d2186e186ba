"""What earlier reports found: computed once, decisions kept, forgotten with the posts."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from originality.build import build
from originality.checker import Checker
from originality.errors import IndexFault, SettingsError
from originality.index.events import FILE
from originality.report import compile_report, decide, note_text
from originality.report.ledger import Ledger
from originality.settings import Settings
from tests.fakes import FakeEncoder, unwritable
from tests.weekly import COFFEE, OSMANTHUS, POSTS, RAIN_DAY, TEA, WEEK, open_checker, post

PAIR = ("copy-1", "lead-1")


@pytest.fixture
def checker(tmp_path: Path) -> Iterator[Checker]:
    with open_checker(tmp_path, POSTS) as checker:
        yield checker


def posts_done(checker: Checker, window_days: int = 90) -> int:
    """Return how many posts a report had to go through."""
    totals = [0]
    compile_report(checker, WEEK, window_days=window_days, progress=lambda done, total: totals.append(total))
    return totals[-1]


def test_a_span_is_computed_once(checker: Checker) -> None:
    first = posts_done(checker)
    again = posts_done(checker)
    assert first - again == 11 + 4  # the week and the one before it; content is read each time
    assert posts_done(checker, window_days=60) == first


def test_a_change_of_the_corpus_computes_again(checker: Checker) -> None:
    compile_report(checker, WEEK)
    build([post("new", TEA, "2026-05-16 12:00", OSMANTHUS[::-1])], checker.index, FakeEncoder())
    found = compile_report(checker, WEEK)
    assert found.headline.posts.value == 12


def test_other_settings_compute_again(checker: Checker) -> None:
    assert compile_report(checker, WEEK).events
    strict = Checker(checker.index, checker.encoder, replace(Settings(), alarm=0.9999))
    assert not [event for event in compile_report(strict, WEEK).events if event.verdict == "copied"]


def test_the_next_week_knows_the_events_of_this_one(checker: Checker) -> None:
    found = compile_report(checker, "2026-W21")
    assert found.headline.copied.before == 5  # four of known order, and the pair of one day
    (pair,) = [pair for pair in found.pairs if {pair.one, pair.other} == {COFFEE, TEA}]
    assert pair.one_led.count == pair.other_led.count == 0
    assert pair.one_led.count_history + pair.other_led.count_history == 4


def test_a_dismissed_event_no_longer_counts_and_stays_dismissed(checker: Checker, tmp_path: Path) -> None:
    compile_report(checker, WEEK)
    decide(tmp_path, *PAIR, "dismissed", who="编辑甲", note="双方联合发布")
    for _ in range(2):
        found = compile_report(checker, WEEK)
        assert PAIR not in {event.key for event in found.events}
        (aside,) = [event for event in found.set_aside if event.key == PAIR]
        assert aside.standing == "dismissed"
        assert aside.decision
        assert (aside.decision.who, aside.decision.note) == ("编辑甲", "双方联合发布")
        build([post("other", TEA, "2026-05-16 12:00", OSMANTHUS[::-1])], checker.index, FakeEncoder())


def test_the_last_decision_counts(checker: Checker, tmp_path: Path) -> None:
    decide(tmp_path, *PAIR, "authorised")
    assert PAIR not in {event.key for event in compile_report(checker, WEEK).events}
    decide(tmp_path, *PAIR, "confirmed")
    (event,) = [event for event in compile_report(checker, WEEK).events if event.key == PAIR]
    assert event.decision
    assert event.decision.choice == "confirmed"
    assert PAIR not in compile_report(checker, WEEK).todo.look_first  # somebody has looked already


def test_an_editor_may_confirm_what_was_set_aside(checker: Checker, tmp_path: Path) -> None:
    (aside,) = [event for event in compile_report(checker, WEEK).set_aside if event.standing == "own_reuse"]
    decide(tmp_path, *aside.key, "confirmed")
    assert aside.key in {event.key for event in compile_report(checker, WEEK).events}


def test_an_unknown_decision_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="maybe"):
        decide(tmp_path, *PAIR, "maybe")  # type: ignore[arg-type]


def test_a_deleted_source_takes_its_events_along_and_the_report_says_so(checker: Checker, tmp_path: Path) -> None:
    decide(tmp_path, *PAIR, "confirmed", who="编辑甲")
    compile_report(checker, WEEK)
    checker.index.delete(["lead-1"])
    with Ledger(tmp_path) as ledger:
        assert not [finding for finding in ledger.findings(WEEK) if "lead-1" in (finding.draft_id, finding.source_id)]
        assert ledger.decisions() == {}
        assert ledger.gone(WEEK) == 1
    found = compile_report(checker, WEEK)
    assert any(note.code == "sources_gone" and note.count == 1 for note in found.notes)
    assert any("1 起" in note_text(note, "zh") for note in found.notes)


def test_what_the_index_no_longer_has_goes_at_the_next_report(checker: Checker, tmp_path: Path) -> None:
    compile_report(checker, WEEK)
    checker.index.delete(["lead-2"])
    found = compile_report(checker, WEEK)
    assert "lead-2" not in {event.source.post_id for event in (*found.events, *found.set_aside, *found.hints)}
    texts = sqlite3.connect(tmp_path / FILE).execute("SELECT reasons FROM event").fetchall()
    assert not any("电车拐弯" in text for (text,) in texts)


def test_a_folder_that_may_not_be_written_gives_a_report_too(public: Path) -> None:
    posts = (post("a", COFFEE, "2026-05-08 10:00", RAIN_DAY), post("b", TEA, "2026-05-13 10:00", RAIN_DAY))
    with open_checker(public, posts) as checker, unwritable(public):
        assert {event.key for event in compile_report(checker, WEEK).events} == {("b", "a")}
        assert not (public / FILE).exists()


def test_a_file_that_is_no_ledger_is_one_clear_line(checker: Checker, tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b"not a database" * 100)
    with pytest.raises(IndexFault) as caught:
        compile_report(checker, WEEK)
    assert "\n" not in str(caught.value)
    assert FILE in str(caught.value)
