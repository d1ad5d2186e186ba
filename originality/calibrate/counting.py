"""Readings -> the scale of false alarms: which risk do so many of 100 independent posts reach?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np

from originality.calibrate.reading import Reading, Why
from originality.calibration import Point, Scale, tail_ranks
from originality.score.model import RATES

FEWEST_POSTS = 100  # below it 1 per 100 is less than one post
FEWEST_ACCOUNTS = 3  # with two, one of them would be the source of all that the other is accused of
_ABOVE = 1e-4  # the risk that is not reached by the post that would be one too many; the figures have four places


def without_repeats(readings: Iterable[Reading]) -> list[Reading]:
    """Return the readings, those that repeat an earlier one marked as such: a daily greeting is one post."""
    seen: set[bytes] = set()
    told = []
    for reading in readings:
        repeats = reading.why is None and reading.key in seen
        told.append(replace(reading, why="repeated") if repeats else reading)
        seen.add(reading.key)
    return told


def left_out(readings: Iterable[Reading]) -> Counter[Why]:
    """Return how many posts are not counted, by reason."""
    return Counter(reading.why for reading in readings if reading.why)


def counted(readings: Iterable[Reading]) -> list[Reading]:
    """Return the readings that count."""
    return [reading for reading in readings if reading.why is None]


def scale_of(readings: Sequence[Reading], copied: Iterable[float], template: Iterable[float]) -> Scale:
    """Return the thresholds that the readings tell.

    Args:
        readings: of all that was drawn; at least one counts.
        copied: rates per 100 that were asked for on the wording lane.
        template: the same for the template lane.
    """
    clean = counted(readings)
    return Scale(
        posts=len(clean),
        accounts=len({reading.account for reading in clean}),
        left_out=len(readings) - len(clean),
        copied=_points([reading.risk for reading in clean], copied),
        template=_points([reading.template_risk for reading in clean], template),
    )


def rarest(posts: int) -> float:
    """Return the lowest rate per 100 that so many posts can tell: one of them."""
    return 100.0 / posts


def _points(risks: Sequence[float], asked: Iterable[float]) -> tuple[Point, ...]:
    """Return the risks at all rates that so many posts can tell, and at those asked for, each with its interval."""
    ordered = np.sort(np.array(risks))[::-1]
    rates = sorted({*asked, *(rate for rate in RATES if rate >= rarest(len(risks)))})
    points = []
    for rate in rates:
        least, most = tail_ranks(rate, len(ordered))
        risk = _not_reached(ordered, int(rate * len(ordered) / 100))
        low, high = _not_reached(ordered, most), _not_reached(ordered, least - 1) if least else 1.0
        points.append(Point(rate, risk, min(low, risk), max(high, risk)))
    return tuple(points)


def _not_reached(ordered: np.ndarray[tuple[int], np.dtype[np.float64]], count: int) -> float:
    """Return the lowest risk that at most so many posts reach."""
    return min(0.9999, round(float(ordered[min(count, len(ordered) - 1)]) + _ABOVE, 4))
