"""Intervals and tests for the small counts of a week: exact where a formula for large ones would claim too much.

Wilson 1927 for shares, Clopper and Pearson 1934 where a claim rests on it, order statistics for medians.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Sequence
from statistics import median

import numpy as np
from numpy.typing import NDArray

from originality.report.records import Interval

LEVEL = 0.95
_Z = 1.959964


def wilson(count: int, of: int) -> Interval:
    """Return a share with its Wilson interval; nothing of nothing is no share."""
    if not of:
        return Interval(value=None)
    share, square = count / of, _Z * _Z
    middle = (share + square / (2 * of)) / (1 + square / of)
    half = _Z * math.sqrt(share * (1 - share) / of + square / (4 * of * of)) / (1 + square / of)
    return Interval(value=share, low=max(0.0, middle - half), high=min(1.0, middle + half))


def exact(count: int, of: int) -> Interval:
    """Return a share with its exact (Clopper-Pearson) interval, which never claims more than it may."""
    if not of:
        return Interval(value=None)
    tail = (1 - LEVEL) / 2
    low = 0.0 if count == 0 else _root(lambda p: _at_least(count, of, p) - tail)
    high = 1.0 if count == of else _root(lambda p: _at_least(count + 1, of, p) - (1 - tail))
    return Interval(value=count / of, low=low, high=high)


def _at_least(count: int, of: int, p: float) -> float:
    """Return the probability of so many successes or more."""
    if p in {0.0, 1.0}:
        return float(p == 1.0 or count == 0)
    successes = np.arange(count, of + 1)
    return float(np.exp(_log_choose(of)[count:] + successes * math.log(p) + (of - successes) * math.log1p(-p)).sum())


@functools.lru_cache(maxsize=64)
def _log_choose(of: int) -> NDArray[np.float64]:
    """Return the logarithms of the binomial coefficients: they themselves grow beyond every float."""
    factorial = np.array([math.lgamma(k + 1) for k in range(of + 1)])
    return np.asarray(factorial[of] - factorial - factorial[::-1])


def _root(rising: Callable[[float], float]) -> float:
    low, high = 0.0, 1.0
    for _ in range(50):
        middle = (low + high) / 2
        low, high = (middle, high) if rising(middle) < 0 else (low, middle)
    return (low + high) / 2


def median_interval(values: Sequence[float]) -> Interval:
    """Return the median with the interval between two order statistics; bounds are None for fewer than six values."""
    if not values:
        return Interval(value=None)
    ordered, n = sorted(values), len(values)
    # The interval from the rank-th value to the rank-th from the end misses the median as often as a fair coin falls
    # on one side fewer than `rank` times.
    misses = 2 * np.cumsum(np.exp(_log_choose(n) - n * math.log(2)))
    rank = int(np.searchsorted(misses, 1 - LEVEL, side="right"))
    if rank == 0:
        return Interval(value=float(median(ordered)))
    return Interval(value=float(median(ordered)), low=float(ordered[rank - 1]), high=float(ordered[n - rank]))
