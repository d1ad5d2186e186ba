"""The records of what is posted: topics, formats, pairs of accounts by content, occasions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from originality.report.event_records import Figure, Interval, Quote

Format = Literal["question", "lottery", "list", "poster", "story", "greeting", "other"]
Sign = Literal["towards", "away", "none", "too_few"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """What posts are about: a fixed group of posts, named by its most telling words, the same all over the weeks."""

    key: str
    """Its words joined by a space: stable as long as the weeks behind it are."""
    words: tuple[str, ...]
    posts: Mapping[str, int]
    """Posts of the span by account, the busiest first."""
    total: Figure
    """Posts of the span, beside the span before."""
    weeks: tuple[int, ...]
    """Posts per week, oldest first; the last ends with the span."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drift:
    """Whether the posts of `account` move towards those of `rival`, or away from them, over the weeks."""

    account: str
    rival: str
    sign: Sign
    slope: Interval
    """Change of affinity per week, positive towards, with its permutation interval; see docs/report.md."""
    p: float | None
    """Share of shuffled orders of the weeks that show as much; None where there are too few."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ContentPair:
    """Two accounts by what they post about."""

    one: str
    other: str
    overlap: float | None
    """1 minus the Jensen-Shannon distance of their topic shares in the span; None where one has too few posts."""
    overlap_long: float | None
    """The same over all weeks."""
    first: str
    """Who takes up shared topics first, where that is more than chance; "" where it is not, or too few to tell."""
    one_first: int
    """Topics that both took up and `one` first."""
    other_first: int
    p: float | None
    """Of `first`, by shuffling; None where there are too few topics."""
    drift: tuple[Drift, Drift]
    """`one` towards `other`, and `other` towards `one`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Angle:
    """One way to speak of an occasion."""

    name: str
    """Its key in `angles.ANGLES`; wording in the reader's language by `angles.angle_name`."""
    posts: int
    accounts: tuple[str, ...]
    """The first one first."""
    crowding: float
    """Share of the accounts of the occasion that took it."""
    first: Quote


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """What many accounts spoke of in a short time: a holiday, a hot topic, a joint campaign."""

    name: str
    """The shared hashtag, else the shared words."""
    words: tuple[str, ...]
    phrases: tuple[str, ...]
    """Wording that the crowd shares: nobody's, held against nobody."""
    since: datetime
    until: datetime
    """Times of its first and last post."""
    posts: int
    accounts: tuple[str, ...]
    """In the order in which they spoke."""
    first: Quote
    angles: tuple[Angle, ...]
    """The most crowded first."""
    untaken: tuple[str, ...]
    """Angles that other occasions of the weeks had and nobody took here, the most common first."""
    post_ids: tuple[str, ...]
