"""How far a share that was counted may be from the true one: exact binomial intervals.

Clopper and Pearson (Biometrika 1934) for the rate; the ranks between which a quantile lies follow from the same
distribution, whatever the risks are distributed like (David and Nagaraja, Order Statistics, 2003, section 7.1).
"""

from __future__ import annotations

import math
from collections.abc import Callable

SIDE = 0.025  # left out at either end: intervals of 95 in 100
_STEPS = 60  # of halving: finer than a float tells


def rate_interval(reached: int, posts: int) -> tuple[float, float]:
    """Return the interval of the true rate, per 100, where `reached` of so many independent posts reach a risk."""
    low = 0.0 if reached == 0 else _root(lambda share: 1.0 - _at_most(reached - 1, posts, share) < SIDE)
    high = 1.0 if reached == posts else _root(lambda share: _at_most(reached, posts, share) > SIDE)
    return 100.0 * low, 100.0 * high


def tail_ranks(per_100: float, posts: int) -> tuple[int, int]:
    """Return how many of so many posts reach the true risk of a rate, at least and at most."""
    share = per_100 / 100.0
    most = next(count for count in range(posts + 1) if _at_most(count, posts, share) >= 1.0 - SIDE)
    least = next(count for count in range(most + 1) if _at_most(count, posts, share) >= SIDE)
    return least, most


def _root(is_below: Callable[[float], bool]) -> float:
    """Return where in [0, 1] a condition that holds at first stops to hold."""
    low, high = 0.0, 1.0
    for _ in range(_STEPS):
        middle = (low + high) / 2.0
        low, high = (middle, high) if is_below(middle) else (low, middle)
    return low


def _at_most(count: int, posts: int, share: float) -> float:
    """Return the probability that at most `count` of so many posts reach a risk that a share of all reaches."""
    if share <= 0.0 or share >= 1.0:
        return float(share <= 0.0 or count >= posts)
    chance, odds = posts * math.log1p(-share), math.log(share) - math.log1p(-share)
    total = 0.0
    for k in range(count + 1):
        total += math.exp(chance)
        chance += math.log((posts - k) / (k + 1)) + odds if k < posts else 0.0
    return min(1.0, total)
