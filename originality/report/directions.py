"""Pairs of accounts by what they post about."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import combinations

from originality.report.movement import Movement
from originality.report.records import ContentPair
from originality.report.shares import LEAST_NOW, LEAST_POSTS, Counts, overlap

MOST_PAIRS = 190  # of 20 accounts; of more, those that overlap most


def directions_of(counts: Counts, own: Iterable[str], since_week: int) -> tuple[ContentPair, ...]:
    """Return the pairs with an own account, or all where none is named, the most overlapping first.

    Args:
        counts: posts by account, week and topic.
        own: own accounts.
        since_week: number of the first week of the span.
    """
    ours = set(own)
    now, long = counts.shares(since_week), counts.shares()
    enough_now, enough = counts.totals(since_week) >= LEAST_NOW, counts.totals() >= LEAST_POSTS
    found = []
    for i, j in combinations(range(len(counts.accounts)), 2):
        if ours and len(ours & {counts.accounts[i], counts.accounts[j]}) != 1:
            continue
        if enough[i] and enough[j]:
            one, other = (j, i) if counts.accounts[j] in ours else (i, j)
            found.append((-overlap(long[one], long[other]), one, other))
    movement = Movement(counts)
    pairs = []
    for far, one, other in sorted(found)[:MOST_PAIRS]:
        week = overlap(now[one], now[other]) if enough_now[one] and enough_now[other] else None
        pairs.append(_pair(counts.accounts[one], counts.accounts[other], week, -far, movement))
    return tuple(pairs)


def _pair(one: str, other: str, week: float | None, long: float, movement: Movement) -> ContentPair:
    first = movement.first(one, other)
    return ContentPair(
        one=one,
        other=other,
        overlap=week,
        overlap_long=long,
        first=first.leader,
        one_first=first.one,
        other_first=first.other,
        p=first.p,
        drift=(movement.drift(one, other), movement.drift(other, one)),
    )
