"""One week, post by post: each is checked against earlier posts of other accounts, and the alarms are added up.

A week is an ISO week in Beijing time. What a post is held against: the one earlier post that it matches best. Who came
first is only said where the times tell; times at midnight sharp are taken for a bare date, as exporters write it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, get_args

from originality.clean import clean
from originality.errors import SettingsError
from originality.index.rows import BEIJING
from originality.models import CheckResult, Match, Post
from originality.report.records import Imitation, LeftOut, OtherSource, Quote, SetAside, WeeklyReport
from originality.report.tally import count_accounts, count_pairs

if TYPE_CHECKING:
    from originality.checker import Checker

WEEK = timedelta(days=7)
MAX_WINDOW_DAYS = 3_660
_WEEK_NAME = re.compile(r"([0-9]{4})-W([0-9]{2})")
_TICK = timedelta(microseconds=1)
CLOSE = 0.05  # of risk: differences below it do not tell which of two sources was copied


@dataclass(slots=True)
class _Findings:
    """What adds up while the posts of the week pass by."""

    posts: Counter[str] = field(default_factory=Counter)
    checked: Counter[str] = field(default_factory=Counter)
    events: list[Imitation] = field(default_factory=list)
    review: list[Imitation] = field(default_factory=list)
    review_without_source: int = 0
    left_out: Counter[LeftOut] = field(default_factory=Counter)
    set_aside: Counter[SetAside] = field(default_factory=Counter)
    unordered: set[frozenset[str]] = field(default_factory=set)


def weekly_report(
    checker: Checker,
    week: str,
    *,
    window_days: int = 90,
    progress: Callable[[int], None] = lambda done: None,
) -> WeeklyReport:
    """Check every post of a week and report who imitated whom.

    Args:
        checker: checks the posts; its index holds the week and what came before.
        week: ISO week such as "2026-W46", Monday 00:00 to Sunday 24:00 Beijing time.
        window_days: earlier posts count as sources if they are at most so many days older.
        progress: called with 1 after each post.

    Raises:
        SettingsError: the week is malformed or does not exist, or the window is out of range.
    """
    if not 1 <= window_days <= MAX_WINDOW_DAYS:
        raise SettingsError(f"The window must have 1 to {MAX_WINDOW_DAYS} days, got {window_days}. Example: 90.")
    since, until = week_span(week)
    window = timedelta(days=window_days)
    coverage = Counter(post.account for post in checker.index.posts(since - window, until))
    found = _Findings()
    for post in list(checker.index.posts(since, until)):
        if post.published_at is not None:  # a span of time yields no others
            _check(post, post.published_at, checker, window, found)
        progress(1)
    found.left_out["no_time"] = _undated(checker.index.posts())
    events = tuple(sorted(found.events, key=_rank))
    return WeeklyReport(
        week=week,
        since=since,
        until=until,
        window_days=window_days,
        posts=found.posts.total(),
        checked=found.checked.total(),
        events=events,
        review=tuple(sorted(found.review, key=_rank)),
        review_without_source=found.review_without_source,
        pairs=count_pairs(events),
        accounts=count_accounts(events, found.posts, found.checked),
        left_out={reason: found.left_out[reason] for reason in get_args(LeftOut) if found.left_out[reason]},
        set_aside={reason: found.set_aside[reason] for reason in get_args(SetAside) if found.set_aside[reason]},
        coverage=dict(coverage.most_common()),
        index=checker.index.info(),
    )


def week_span(week: str) -> tuple[datetime, datetime]:
    """Return Monday 00:00 and the next Monday 00:00, Beijing time, of an ISO week.

    Raises:
        SettingsError: the week is malformed, or its year has no such week.
    """
    form = _WEEK_NAME.fullmatch(week)
    if form is None:
        raise SettingsError(f"A week is written as ISO year, -W and two digits, got {week[:40]!r}. Example: 2020-W06.")
    try:
        monday = date.fromisocalendar(int(form[1]), int(form[2]), 1)
        since = datetime(monday.year, monday.month, monday.day, tzinfo=BEIJING)
        since - timedelta(days=MAX_WINDOW_DAYS)  # the calendar must reach as far back as the window may
        return since, since + WEEK
    except (ValueError, OverflowError) as error:
        raise SettingsError(
            f"A week must exist: years have weeks 01 to 52, some 53; got {week}. Example: 2020-W06."
        ) from error


def _undated(posts: Iterable[Post]) -> int:
    """Count the posts without a time; the index yields them first."""
    count = 0
    for post in posts:
        if post.published_at is not None:
            break
        count += 1
    return count


def _check(post: Post, at: datetime, checker: Checker, window: timedelta, found: _Findings) -> None:
    found.posts[post.account] += 1
    if post.repost_of or clean(post.text).repost:
        found.left_out["repost"] += 1
        return
    # Up to the end of the day, or of the instant: what came at the same time is found too, and its order left open.
    before = at + timedelta(days=1) if _date_only(at) else at + _TICK
    result = checker.check(post.text, id=post.post_id, account=post.account, before=before)
    if result.verdict == "undetermined":
        found.left_out[_why(result)] += 1
        return
    found.checked[post.account] += 1
    if result.is_alarm:
        _file_alarm(post, at, result, window, found, checker)
    elif result.verdict == "review":
        sources = _sources(at, result, window)
        if sources:
            found.review.append(_imitation(post, at, result, sources))
        else:
            found.review_without_source += 1


def _file_alarm(
    post: Post, at: datetime, result: CheckResult, window: timedelta, found: _Findings, checker: Checker
) -> None:
    """Make an event of an alarm, or say why it is none."""
    sources = _sources(at, result, window)
    if not sources:
        found.set_aside["older_than_window" if _close(result) else "source_not_shown"] += 1
        return
    event = _imitation(post, at, result, sources)
    if _own_reuse(post, event, checker):
        found.set_aside["own_reuse"] += 1
        return
    if not event.order_known:
        both = frozenset((post.post_id, event.source.post_id))
        if both in found.unordered:
            found.set_aside["mirrored"] += 1
            return
        found.unordered.add(both)
    found.events.append(event)


def _own_reuse(post: Post, event: Imitation, checker: Checker) -> bool:
    """Say whether the account itself had the words before its "source" had: then it was the one that was imitated."""
    before = event.source.published_at + _TICK
    matches = checker.check(post.text, id=post.post_id, before=before).matches
    return any(
        match.account == post.account and match.post_id != post.post_id and match.risk >= event.risk - CLOSE
        for match in matches
    )


def _close(result: CheckResult) -> list[Match]:
    """Return the best match and those about as good: any of them may be the one that was copied."""
    return [match for match in result.matches if match.risk >= result.risk - CLOSE]


def _sources(at: datetime, result: CheckResult, window: timedelta) -> list[Match]:
    """Return the matches of the window that may be the source, the one to name first.

    Known order goes before unknown; then the one that holds more of the post; then the earliest, the likely origin of
    a chain of copies.
    """
    dated = [match for match in _close(result) if match.published_at and at - match.published_at <= window]
    return sorted(
        dated,
        key=lambda match: (
            not _order_known(at, match.published_at or at),
            -round(match.containment_of_draft, 2),
            match.published_at,
            match.post_id,
        ),
    )


def _imitation(post: Post, at: datetime, result: CheckResult, sources: Sequence[Match]) -> Imitation:
    first, *others = sources
    source_at = first.published_at or at
    return Imitation(
        follower=Quote(post_id=post.post_id, account=post.account, published_at=at, url=post.url, text=post.text),
        source=Quote(
            post_id=first.post_id, account=first.account, published_at=source_at, url=first.url, text=first.text
        ),
        verdict=result.verdict,
        kind=first.kind,
        risk=first.risk,
        spans=first.spans,
        reasons=first.reasons,
        boilerplate=tuple(item.span for item in result.boilerplate),
        others=tuple(
            OtherSource(post_id=m.post_id, account=m.account, published_at=m.published_at, risk=m.risk)
            for m in others
            if m.published_at
        ),
        order_known=_order_known(at, source_at),
        day_precision=_date_only(at) or _date_only(source_at),
    )


def _why(result: CheckResult) -> LeftOut:
    """Return the caveat that says why the checker could not decide."""
    reasons = [reason for reason in get_args(LeftOut) if reason in result.caveats]
    return reasons[0] if reasons else "undetermined"


def _date_only(at: datetime) -> bool:
    local = at.astimezone(BEIJING)
    return (local.hour, local.minute, local.second, local.microsecond) == (0, 0, 0, 0)


def _order_known(follower: datetime, source: datetime) -> bool:
    """Say whether the source is certain to be the earlier one: not at the same instant, nor on a day without times."""
    if _date_only(follower) or _date_only(source):
        return source.astimezone(BEIJING).date() < follower.astimezone(BEIJING).date()
    return source < follower


def _rank(event: Imitation) -> tuple[bool, bool, float, datetime, str]:
    severe = event.verdict == "copied"
    return not event.order_known, not severe, -event.risk, event.follower.published_at, event.follower.post_id
