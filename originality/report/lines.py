"""One line per account: posts, engagement, originality, differentiation, hours, formats, beside the span before."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import get_args

from originality.models import BEIJING, Post
from originality.report.ledger import Outcome
from originality.report.order import bare_date
from originality.report.pieces import Pieces
from originality.report.records import AccountLine, Event, Figure, Format
from originality.report.stats import wilson


@dataclass(frozen=True, slots=True, kw_only=True)
class SpanFacts:
    """What is known of one span: its posts, what became of them, and what was found."""

    posts: Sequence[Post]
    outcomes: Sequence[Outcome]
    events: Sequence[Event]
    hints: Sequence[Event]
    differentiation: Mapping[str, float]

    @property
    def checked(self) -> Counter[str]:
        """Number of checked posts by account."""
        return Counter(outcome.account for outcome in self.outcomes if outcome.left_out is None)


def lines_of(
    now: SpanFacts, before: SpanFacts | None, pieces: Pieces, since: datetime, own: Iterable[str]
) -> tuple[AccountLine, ...]:
    """Return a line for each own account and each that posted in the span or is part of an event, own ones first.

    Args:
        now: the span.
        before: the span before it; None where the report does not look back.
        pieces: the posts of the weeks, for hours and formats.
        since: begin of the span.
        own: own accounts.
    """
    ours = set(own)
    named = {post.account for post in now.posts} | {e.source.account for e in now.events} | ours
    figures = _Figures(now), _Figures(before) if before else None
    hours, dated = _hours(pieces)
    formats = _formats(pieces, since)
    lines = [_line(account, *figures, hours[account], dated[account], formats[account], ours) for account in named]
    return tuple(sorted(lines, key=lambda line: (not line.ours, -(line.posts.value or 0), line.account)))


class _Figures:
    """The figures of one span by account."""

    def __init__(self, facts: SpanFacts) -> None:
        self.posts = Counter(post.account for post in facts.posts)
        self.checked = facts.checked
        self.differentiation = facts.differentiation
        self.engagement = _means(
            (post.account, counts) for post in facts.posts if (counts := _counts(post)) is not None
        )
        self.originality = _means((o.account, o.originality) for o in facts.outcomes if o.originality is not None)
        following = [event for event in facts.events if event.follows]
        self.imitated = Counter(event.draft.account for event in following)
        self.was_imitated = Counter(event.source.account for event in following)
        unordered = [e for e in facts.events if e.lane == "wording" and e.standing == "counted" and not e.follows]
        self.unordered = Counter(account for e in unordered for account in (e.draft.account, e.source.account))
        self.drafts = {account: set[str]() for account in self.posts}
        for event in following:
            self.drafts.setdefault(event.draft.account, set()).add(event.draft.post_id)


def _line(
    account: str,
    now: _Figures,
    before: _Figures | None,
    hours: tuple[tuple[int, ...], ...],
    dated: int,
    formats: Mapping[Format, int],
    ours: set[str],
) -> AccountLine:
    checked = now.checked[account]
    return AccountLine(
        account=account,
        ours=account in ours,
        posts=Figure(value=now.posts[account], before=before.posts[account] if before else None),
        checked=checked,
        engagement=Figure(value=now.engagement.get(account), before=before.engagement.get(account) if before else None),
        originality=Figure(
            value=now.originality.get(account), before=before.originality.get(account) if before else None
        ),
        without_event=wilson(max(0, checked - len(now.drafts.get(account, ()))), checked),
        differentiation=Figure(
            value=now.differentiation.get(account), before=before.differentiation.get(account) if before else None
        ),
        imitated_others=now.imitated[account],
        was_imitated=now.was_imitated[account],
        unordered=now.unordered[account],
        hours=hours,
        dated_only=dated,
        formats=formats,
    )


def _counts(post: Post) -> int | None:
    """Return reposts, comments and likes together; None where the file told none of them."""
    known = [count for count in (post.reposts, post.comments, post.likes) if count is not None]
    return sum(known) if known else None


def _means(values: Iterable[tuple[str, float]]) -> dict[str, float]:
    by_account: dict[str, list[float]] = defaultdict(list)
    for account, value in values:
        by_account[account].append(value)
    return {account: sum(found) / len(found) for account, found in by_account.items()}


def _hours(pieces: Pieces) -> tuple[dict[str, tuple[tuple[int, ...], ...]], Counter[str]]:
    """Return posts per weekday and hour by account, and how many have a bare date."""
    maps: dict[str, list[list[int]]] = defaultdict(lambda: [[0] * 24 for _ in range(7)])
    dated: Counter[str] = Counter()
    for piece in pieces.all:
        if bare_date(piece.at):
            dated[piece.post.account] += 1
        else:
            local = piece.at.astimezone(BEIJING)
            maps[piece.post.account][local.weekday()][local.hour] += 1
    empty = ((0,) * 24,) * 7
    drawn = {account: tuple(tuple(row) for row in rows) for account, rows in maps.items()}
    return defaultdict(lambda: empty, drawn), dated


def _formats(pieces: Pieces, since: datetime) -> dict[str, dict[Format, int]]:
    counts: dict[str, Counter[Format]] = defaultdict(Counter)
    for piece in pieces.all:
        if piece.at >= since:
            counts[piece.post.account][piece.format] += 1
    ordered = {
        account: {name: found[name] for name in get_args(Format) if found[name]} for account, found in counts.items()
    }
    return defaultdict(dict, ordered)
