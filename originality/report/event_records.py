"""The records of who followed whom: posts, events, chains, and pairs of accounts in both directions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from originality.models import Lane, MatchKind, Span, Verdict

Order = Literal[
    "known",  # both times are known, and the source's is the earlier one
    "by_day",  # at least one of the two is a bare date; the source's day is the earlier one
    "unknown",  # the same minute, or one day and a bare date: either may have come first
]
Standing = Literal[
    "counted",  # an event: it counts for and against the two accounts
    "occasion",  # everyone said it on that day
    "boilerplate",  # the source is everybody's formula
    "repost",  # the post says itself that it reposts
    "authorised",  # the register of authorised reuse allows it
    "own_reuse",  # the account had the words before its source did
    "dismissed",  # an editor decided that it is none
]
Choice = Literal["confirmed", "dismissed", "authorised"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Days:
    """A half-open span of whole days, Beijing time."""

    name: str
    """"2020-W06" for an ISO week, else "2020-02-03..2020-02-12"."""
    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A figure with the one of the span before, of the same length; None where it cannot be told."""

    value: float | None
    before: float | None = None

    @property
    def change(self) -> float | None:
        """Return how much it grew."""
        return None if self.value is None or self.before is None else self.value - self.before


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """An estimate with its 95% interval; `low` and `high` are None where there is too little to make one."""

    value: float | None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """One post as the report shows it."""

    post_id: str
    account: str
    published_at: datetime
    url: str
    text: str
    ours: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherSource:
    """A further earlier post that the follower matches about as well: verified against it, like the source."""

    post_id: str
    account: str
    published_at: datetime
    risk: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What an editor decided about an event; kept when the report is made again."""

    choice: Choice
    who: str
    note: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One post of the span and the earlier post of another account that it matches best."""

    draft: Quote
    source: Quote
    lane: Lane
    kind: MatchKind
    verdict: Verdict
    """As the checker gives it; outside the wording lane it is advice, not an accusation."""
    risk: float
    """The risk of its lane."""
    spans: tuple[Span, ...]
    reasons: tuple[str, ...]
    boilerplate: tuple[tuple[int, int], ...] = ()
    """Spans of the draft that are everybody's words: shown grey, held against nobody."""
    others: tuple[OtherSource, ...] = ()
    order: Order = "known"
    lag: int | None = None
    """Seconds from the source to the draft; whole days where a time is a bare date; None where the order is unknown."""
    standing: Standing = "counted"
    decision: Decision | None = None

    @property
    def follows(self) -> bool:
        """Say whether it is one account following another: in words, in known order, and counted."""
        return self.lane == "wording" and self.standing == "counted" and self.order != "unknown"

    @property
    def key(self) -> tuple[str, str]:
        """Return what identifies it from report to report: the ids of draft and source."""
        return self.draft.post_id, self.source.post_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Follower:
    """A later post of a chain, verified against its first post."""

    post: Quote
    kind: MatchKind
    risk: float
    order: Order
    lag: int | None
    """Seconds after the first post."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain:
    """The earliest known post and who followed it, in order; only what was verified against it is in."""

    first: Quote
    followers: tuple[Follower, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Direction:
    """How often one account followed another. Only wording events of known order count."""

    leader: str
    follower: str
    count: int
    """In this span."""
    count_history: int
    """In this span and the earlier spans that the report looks back on (`Report.history`)."""
    share: Interval
    """Share of the follower's checked posts in this span that followed the leader (Wilson)."""
    median_lag: Interval
    """Seconds, over span and history (order statistics)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Two accounts in both directions, over span and history."""

    one: str
    other: str
    one_led: Direction
    """`other` followed `one`."""
    other_led: Direction
    share_led_by_one: Interval
    """Share of their events that `one` led (Wilson)."""
    leader: str
    """Who led, where that interval leaves one half out; "" where it does not."""
    too_few: bool
    """True where their events are too few to tell."""
