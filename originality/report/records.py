"""The records of a report: who imitated whom in a span of days, and where the content of each account is going.

All are frozen plain data. Times carry their zone; spans of text are half-open character offsets into the original
texts; shares, risks and distances lie in [0, 1]; lags are whole seconds. `to_dict` turns any of them into the plain
types that JSON knows. What cannot be said is None or empty, never 0.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from originality.models import IndexInfo
from originality.report.content_records import (
    Angle,
    ContentPair,
    Drift,
    Format,
    Occasion,
    Sign,
    Topic,
)
from originality.report.event_records import (
    Chain,
    Choice,
    Days,
    Decision,
    Direction,
    Event,
    Figure,
    Follower,
    Interval,
    Order,
    OtherSource,
    Pair,
    Quote,
    Standing,
)
from originality.report.notes import Note

__all__ = [
    "JSON_FORMAT",
    "AccountCoverage",
    "AccountLine",
    "Angle",
    "Chain",
    "Choice",
    "ContentPair",
    "Coverage",
    "Days",
    "Decision",
    "Direction",
    "Drift",
    "Event",
    "Figure",
    "Follower",
    "Format",
    "Headline",
    "Interval",
    "LeftOut",
    "Occasion",
    "Order",
    "OtherSource",
    "Pair",
    "Quote",
    "Report",
    "Sign",
    "Standing",
    "Taken",
    "ToDo",
    "Topic",
    "to_dict",
]

JSON_FORMAT = 2  # raised with every change of the JSON that a reader could stumble over

LeftOut = Literal[
    "no_time",  # posts of the index without a time: in no span, nobody's source, and not among the posts of this one
    "repost",  # declared reuse and nothing beside it
    "empty",  # this and the following: the checker could not tell, and why
    "nothing_left_after_cleaning",
    "too_short",
    "too_long",
    "only_boilerplate",
    "undetermined",  # for a reason not named above
]


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountLine:
    """One account in this span. Figures are beside the span before; engagement explains nothing by itself."""

    account: str
    ours: bool
    posts: Figure
    checked: int
    engagement: Figure
    """Reposts, comments and likes per post, over posts whose counts are known."""
    originality: Figure
    """Mean share of a checked post's own letters that no earlier post of the window covers."""
    without_event: Interval
    """Share of its checked posts with no wording event against them (Wilson)."""
    differentiation: Figure
    """In [0, 1]: how much of its content is its own, see docs/report.md."""
    imitated_others: int
    was_imitated: int
    unordered: int
    """Events of unknown order that it is part of: held against neither side."""
    hours: tuple[tuple[int, ...], ...]
    """Posts per weekday (Monday first) and hour, Beijing time, over the weeks of the directions."""
    dated_only: int
    """Posts with a bare date, which are in no hour."""
    formats: Mapping[Format, int]
    """Posts of the span by format."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """An idea that is taken: others have posted it, and when."""

    words: tuple[str, ...]
    posts: int
    accounts: tuple[str, ...]
    first: Quote


@dataclass(frozen=True, slots=True, kw_only=True)
class ToDo:
    """What an editor should do with the report."""

    look_first: tuple[tuple[str, str], ...]
    """Keys of at most three events."""
    taken: tuple[Taken, ...]
    followed: tuple[Chain, ...]
    """Own posts that others followed, the freshest first; any account's where no own accounts are named."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountCoverage:
    """What the index holds of one account in window and span: what silence about it is worth."""

    account: str
    posts: int
    first: datetime
    last: datetime
    longest_gap_days: int
    """Longest run of days without a post, up to the end of the span."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """How complete and how fresh the corpus is."""

    posts: int
    """Posts of window and span."""
    accounts: tuple[AccountCoverage, ...]
    days_without_posts: tuple[str, ...]
    """ISO dates of the span on which nobody posted."""
    newest: datetime | None
    """Time of the newest post in the index."""
    hours_missing: int
    """Hours of the span after the newest post of the index: not covered yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Headline:
    """The figures of the first lines."""

    posts: Figure
    checked: Figure
    accounts: Figure
    copied: Figure
    imitation: Figure
    template: Figure
    idea: Figure
    we_imitated: Figure
    """Wording events against own accounts; None where none are named, like the next."""
    imitated_us: Figure


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """Everything that the files of a report are made of."""

    days: Days
    made_at: datetime
    """The only thing that differs between two runs over the same corpus with the same settings."""
    window_days: int
    history: tuple[Days, ...]
    """Earlier spans whose events count in pairs and chains, latest first."""
    weeks: int
    """Weeks behind topics, overlap and drift, ending with the span."""
    own: tuple[str, ...]
    index: IndexInfo
    coverage: Coverage
    headline: Headline
    events: tuple[Event, ...]
    """Events that count, gravest first: wording by verdict and risk, then template, then idea."""
    hints: tuple[Event, ...]
    """Advice on weak evidence: the checker says `review`, and it is no event."""
    set_aside: tuple[Event, ...]
    """What looked like one and is none; its standing says why."""
    left_out: Mapping[LeftOut, int]
    """Posts that were not checked or not decided, by reason."""
    chains: tuple[Chain, ...]
    pairs: tuple[Pair, ...]
    accounts: tuple[AccountLine, ...]
    topics: tuple[Topic, ...]
    directions: tuple[ContentPair, ...]
    """Pairs with an own account; all pairs where none is named, the most overlapping first."""
    occasions: tuple[Occasion, ...]
    todo: ToDo
    notes: tuple[Note, ...]
    """What a reader must know before relying on it."""

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON contract."""
        return {"format": JSON_FORMAT, **to_dict(self)}


def to_dict(record: Any) -> dict[str, Any]:
    """Return a record as plain types: times in ISO 8601, figures to four places, tuples as lists."""
    return {field.name: _plain(getattr(record, field.name)) for field in dataclasses.fields(record)}


def _plain(value: Any) -> Any:
    if dataclasses.is_dataclass(value):
        return to_dict(value)
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, float):
        return round(value, 4)
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, tuple | list) else value
