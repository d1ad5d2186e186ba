"""Index -> `Report`: the whole order of a report, and nothing else.

find events in span and history -> read the weeks as content -> occasions, topics -> judge the events
-> chains, pairs, account lines, directions, advice, notes
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from math import ceil
from typing import get_args

from originality.accounts import load_register
from originality.checker import Checker
from originality.errors import SettingsError
from originality.index import LocalIndex
from originality.report.advice import todo_of
from originality.report.chains import chains_of
from originality.report.days import WEEK, days_before, parse_days
from originality.report.directions import directions_of
from originality.report.extent import count_undated, coverage_of
from originality.report.finding import find, span_key
from originality.report.headline import headline_of
from originality.report.judging import events_of
from originality.report.ledger import Ledger, Outcome
from originality.report.lines import SpanFacts, lines_of
from originality.report.occasions import in_span, occasions_of
from originality.report.pairs import pairs_of
from originality.report.pieces import Pieces, read_pieces
from originality.report.records import Days, LeftOut, Occasion, Report
from originality.report.remarks import notes_of
from originality.report.shares import Counts, count_posts, differentiation
from originality.report.topics import group_pieces, topics_of

WEEKS = 12  # of content: a season, and what a window of 90 days holds
MAX_WINDOW_DAYS = 3_660
MAX_HISTORY = 52
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a report is asked for."""

    days: Days
    own: tuple[str, ...]
    window: timedelta
    history: tuple[Days, ...]
    weeks: int

    def week_of(self, span: Days) -> tuple[int, int]:
        """Return the numbers of the first week of a span and of the week after its last; whole weeks, never below 0."""
        until = self.weeks - round((self.days.until - span.until) / WEEK)
        return max(0, until - ceil((span.until - span.since) / WEEK)), max(0, until)


def compile_report(
    checker: Checker,
    span: str,
    *,
    own: Iterable[str] | None = None,
    window_days: int = 90,
    history: int = 1,
    processes: int = 1,
    progress: Progress = lambda done, total: None,
) -> Report:
    """Report who imitated whom in a span of days, and where the content of each account is going.

    Args:
        checker: its index holds the span and what came before.
        span: ISO week such as "2020-W06", or "2020-02-03..2020-02-12"; Beijing time.
        own: own accounts by name or Weibo number, whose side the report takes; None: those of the register.
        window_days: earlier posts count as sources if they are at most so many days older.
        history: so many spans before this one count in pairs and chains, and the last of them in every change. They
            are computed where no earlier report has done so over the same corpus.
        processes: how many check posts at once.
        progress: called with the number of posts done and the total.

    Raises:
        SettingsError: the span does not exist, or window or history are out of range.
        IndexFault: the index or the file of earlier events cannot be used.
    """
    plan = _plan(span, _own(checker.index, own), window_days, history)
    with Ledger(checker.index.folder) as ledger:
        ledger.drop_missing(lambda ids: checker.index.fetch(ids).keys())
        pieces = _find_and_read(checker, plan, ledger, processes, progress)
        return _compile(checker, plan, ledger, pieces)


def _own(index: LocalIndex, named: Iterable[str] | None) -> tuple[str, ...]:
    """Return the own accounts by the names that their posts carry; a name that no post carries stays as it is."""
    register = load_register(index.folder)
    wanted = [account.name for account in register.accounts if account.role == "own"] if named is None else list(named)
    known = index.accounts()
    found = {name for who in wanted for name in (sorted(register.names_of(who) & known.keys()) or [who])}
    return tuple(sorted(found))


def _plan(span: str, own: tuple[str, ...], window_days: int, history: int) -> Plan:
    if not 1 <= window_days <= MAX_WINDOW_DAYS:
        raise SettingsError(f"The window must have 1 to {MAX_WINDOW_DAYS} days, got {window_days}. Example: 90.")
    if not 0 <= history <= MAX_HISTORY:
        raise SettingsError(f"A report looks back on 0 to {MAX_HISTORY} spans, got {history}. Example: 1.")
    days = parse_days(span)
    return Plan(
        days=days,
        own=own,
        window=timedelta(days=window_days),
        history=days_before(days, history),
        weeks=max(WEEKS, ceil((days.until - days.since) / WEEK)),
    )


def _find_and_read(checker: Checker, plan: Plan, ledger: Ledger, processes: int, progress: Progress) -> Pieces:
    """Compute the spans that the ledger does not know, then read the posts of the weeks."""
    key = span_key(checker, plan.window)
    due = [days for days in (plan.days, *plan.history) if not ledger.is_current(days.name, key)]
    until = plan.days.until
    since = until - plan.weeks * WEEK
    total = sum(_count(checker, days.since, days.until) for days in due) + _count(checker, since, until)
    done = 0

    def step() -> None:
        nonlocal done
        done += 1
        progress(done, total)

    for days in due:
        find(checker, days, plan.window, ledger, step, processes)
    return read_pieces(checker.index, until, plan.weeks, step)


def _count(checker: Checker, since: datetime, until: datetime) -> int:
    return sum(1 for _ in checker.index.posts(since, until))


def _compile(checker: Checker, plan: Plan, ledger: Ledger, pieces: Pieces) -> Report:
    index, days = checker.index, plan.days
    occasions = occasions_of(pieces, plan.own)
    grouped = group_pieces(pieces)
    counts = count_posts(pieces, grouped)
    now, *earlier = [_facts(index, plan, ledger, span, occasions, counts) for span in (days, *plan.history)]
    before = earlier[0] if earlier else None
    past = [event for facts in earlier for event in facts.events]
    events = tuple(event for event in now.events if event.standing == "counted")
    chains = chains_of([*now.events, *past], index, plan.own)
    info = index.info()
    report = Report(
        days=days,
        made_at=datetime.now(UTC),
        window_days=plan.window.days,
        history=plan.history,
        weeks=plan.weeks,
        own=plan.own,
        index=info,
        coverage=coverage_of(list(index.posts(days.since - plan.window, days.until)), days, info.as_of),
        headline=headline_of(now, before, plan.own),
        events=events,
        hints=tuple(now.hints),
        set_aside=tuple(event for event in now.events if event.standing != "counted"),
        left_out=_left_out(now.outcomes, count_undated(index)),
        chains=chains,
        pairs=pairs_of(now.events, past, now.checked, plan.own),
        accounts=lines_of(now, before, pieces, days.since, plan.own),
        topics=topics_of(pieces, grouped, days.since),
        directions=directions_of(counts, plan.own, plan.week_of(days)[0]),
        occasions=in_span(occasions, days.since, days.until),
        todo=todo_of(events, chains, pieces, grouped, days.since, plan.own),
        notes=(),
    )
    return replace(report, notes=notes_of(report, now, past, index.accounts(), ledger.gone(days.name)))


def _facts(
    index: LocalIndex, plan: Plan, ledger: Ledger, span: Days, occasions: Sequence[Occasion], counts: Counts
) -> SpanFacts:
    """Return what is known of one span, its findings judged."""
    findings, decisions = ledger.findings(span.name), ledger.decisions()
    sides = [[finding for finding in findings if finding.hint == hint] for hint in (False, True)]
    events, hints = [events_of(side, index, plan.own, occasions, decisions) for side in sides]
    return SpanFacts(
        posts=list(index.posts(span.since, span.until)),
        outcomes=ledger.outcomes(span.name),
        events=events,
        hints=hints,
        differentiation=differentiation(counts, plan.own, *plan.week_of(span)),
    )


def _left_out(outcomes: Sequence[Outcome], undated: int) -> dict[LeftOut, int]:
    counts = Counter(outcome.left_out for outcome in outcomes)
    counts["no_time"] = undated
    return {reason: counts[reason] for reason in get_args(LeftOut) if counts[reason]}
