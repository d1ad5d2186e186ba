"""The records of a weekly report, and the plain data that its JSON file is made of.

All are frozen. Times carry their zone; spans are half-open character offsets into the original texts, `draft` into
the follower's and `source` into the source's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from originality.models import IndexInfo, MatchKind, Span, Verdict

JSON_FORMAT = 1  # raised with every change of the JSON that a reader could stumble over
ENOUGH = 3  # imitations of one account by another; two may be chance, and a median of two is none

LeftOut = Literal[
    "no_time",  # posts of the index without a time: in no week, nobody's source, and not among the posts of this one
    "repost",  # declared reuse: a //@ chain, or the record says which post it reposts
    "empty",  # this and the following: the checker could not tell, and why
    "nothing_left_after_cleaning",
    "too_short",
    "too_long",
    "only_boilerplate",
    "undetermined",  # for a reason not named above
]
SetAside = Literal[
    "older_than_window",  # its only sources are older than the window
    "source_not_shown",  # the checker names no match that carries the alarm
    "own_reuse",  # the account itself had published the words before its source did
    "mirrored",  # the same two posts of one day, already listed from the other side
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """One post as the report shows it."""

    post_id: str
    account: str
    published_at: datetime
    url: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherSource:
    """A further earlier post that the follower matches, less well than the source."""

    post_id: str
    account: str
    published_at: datetime
    risk: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Imitation:
    """One post of the week and the earlier post of another account that it matches best."""

    follower: Quote
    source: Quote
    verdict: Verdict
    kind: MatchKind
    risk: float
    spans: tuple[Span, ...]
    reasons: tuple[str, ...]
    boilerplate: tuple[tuple[int, int], ...] = ()
    """Spans of the follower's text that are everybody's words: shown grey, held against nobody."""
    others: tuple[OtherSource, ...] = ()
    order_known: bool = True
    """False where both stand on one day and at least one of them has a date only: either may have come first."""
    day_precision: bool = False
    """True where at least one of the two times is a date only."""

    @property
    def lag(self) -> timedelta | None:
        """Return how much later the follower came; whole days where a time is a date only, None where unknown."""
        if not self.order_known:
            return None
        if self.day_precision:
            return self.follower.published_at.date() - self.source.published_at.date()
        return self.follower.published_at - self.source.published_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Direction:
    """How often one account followed another in this week. Each pair of accounts has two, zeros included."""

    leader: str
    follower: str
    count: int
    median_lag: timedelta | None

    @property
    def enough(self) -> bool:
        """Say whether the count can carry a statement about who leads."""
        return self.count >= ENOUGH


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountLine:
    """One account in this week."""

    account: str
    posts: int
    checked: int
    imitated_others: int
    was_imitated: int
    same_day: int
    """Pairs of posts it is part of whose order is unknown: held against neither side."""

    @property
    def original_share(self) -> float | None:
        """Return the share of its checked posts without an alarm against it; None where none was checked."""
        return 1 - self.imitated_others / self.checked if self.checked else None


@dataclass(frozen=True, slots=True, kw_only=True)
class WeeklyReport:
    """Everything that the files of a weekly report are made of."""

    week: str
    since: datetime
    until: datetime
    """End of the week, itself not part of it."""
    window_days: int
    posts: int
    checked: int
    events: tuple[Imitation, ...]
    """Alarms: those of known order first, of these the copied ones, then by risk."""
    review: tuple[Imitation, ...]
    """Advice only: the checker says `review`, and names an earlier post."""
    review_without_source: int
    """Posts with the verdict `review` and no single earlier post to show."""
    pairs: tuple[Direction, ...]
    accounts: tuple[AccountLine, ...]
    left_out: Mapping[LeftOut, int]
    """Posts that were not checked or not decided, by reason."""
    set_aside: Mapping[SetAside, int]
    """Checked posts with an alarm that is no event here, by reason."""
    coverage: Mapping[str, int]
    """Posts of each account in the window and the week: what silence about an account is worth."""
    index: IndexInfo

    @property
    def dated_events(self) -> tuple[Imitation, ...]:
        """Return the events whose order is known: only these count for or against an account."""
        return tuple(event for event in self.events if event.order_known)

    @property
    def earlier_posts(self) -> int:
        """Return how many posts of the window lie before the week."""
        return sum(self.coverage.values()) - self.posts

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON contract: plain types only, times in ISO 8601, lags in seconds, risks to four places."""
        return {
            "format": JSON_FORMAT,
            "week": self.week,
            "since": self.since.isoformat(),
            "until": self.until.isoformat(),
            "window_days": self.window_days,
            "posts": self.posts,
            "checked": self.checked,
            "events": [_imitation(event) for event in self.events],
            "review": [_imitation(event) for event in self.review],
            "review_without_source": self.review_without_source,
            "pairs": [_direction(pair) for pair in self.pairs],
            "accounts": [_account(line) for line in self.accounts],
            "left_out": dict(self.left_out),
            "set_aside": dict(self.set_aside),
            "coverage": dict(self.coverage),
            "index": {
                "posts": self.index.posts,
                "as_of": self.index.as_of.isoformat() if self.index.as_of else None,
                "stamp": self.index.stamp,
            },
        }


def _imitation(event: Imitation) -> dict[str, Any]:
    return {
        "follower": _quote(event.follower),
        "source": _quote(event.source),
        "verdict": event.verdict,
        "kind": event.kind,
        "risk": round(event.risk, 4),
        "lag_seconds": _seconds(event.lag),
        "order_known": event.order_known,
        "day_precision": event.day_precision,
        "spans": [{"draft": list(s.draft), "source": list(s.source), "kind": s.kind} for s in event.spans],
        "reasons": list(event.reasons),
        "boilerplate": [list(span) for span in event.boilerplate],
        "others": [
            {
                "post_id": other.post_id,
                "account": other.account,
                "published_at": other.published_at.isoformat(),
                "risk": round(other.risk, 4),
            }
            for other in event.others
        ],
    }


def _quote(quote: Quote) -> dict[str, Any]:
    return {
        "post_id": quote.post_id,
        "account": quote.account,
        "published_at": quote.published_at.isoformat(),
        "url": quote.url,
        "text": quote.text,
    }


def _direction(pair: Direction) -> dict[str, Any]:
    return {
        "leader": pair.leader,
        "follower": pair.follower,
        "count": pair.count,
        "median_lag_seconds": _seconds(pair.median_lag),
        "enough": pair.enough,
    }


def _account(line: AccountLine) -> dict[str, Any]:
    return {
        "account": line.account,
        "posts": line.posts,
        "checked": line.checked,
        "imitated_others": line.imitated_others,
        "was_imitated": line.was_imitated,
        "same_day": line.same_day,
        "original_share": None if line.original_share is None else round(line.original_share, 4),
    }


def _seconds(lag: timedelta | None) -> int | None:
    return None if lag is None else int(lag.total_seconds())
