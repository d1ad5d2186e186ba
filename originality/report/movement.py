"""Who moves first, and who moves where: tests of order and of trend that chance must be unable to explain.

Both shuffle what would be arbitrary if nothing were going on (which post is on which topic; which week comes when) and
ask how often that looks like what was seen. Seeds are fixed: the same posts give the same answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from originality.report.records import Drift, Interval, Sign
from originality.report.shares import Counts, Floats

SHUFFLES = 999
SEED = 7
LEVEL = 0.03  # two-sided; with .05, 5.8% of the pairs of simulated worlds without a plant drifted
LEAST_TOPICS = 5  # that both took up, for a word on who was first
LEAST_WEEKS = 6  # with posts, for a word on drift
LEAST_POSTS = 12
BURN_IN = 14.0  # days: what an account had in its first two weeks may be older than the corpus
SOON = 14.0  # days: who takes a topic up so much later than the other counts half
NEVER = 1e9  # day on which an account takes up what it never takes up
SAME = 1.0  # days: two accounts that take a topic up within one day do so together


@dataclass(frozen=True, slots=True, kw_only=True)
class First:
    """Who took up topics first."""

    one: int
    other: int
    p: float | None
    leader: str


class Movement:
    """The movements of all accounts over the weeks; what is shared between pairs is computed once."""

    def __init__(self, counts: Counts) -> None:
        """Prepare for the accounts of these counts."""
        self.counts = counts
        self._number = {account: i for i, account in enumerate(counts.accounts)}
        self._firsts: dict[int, Floats] = {}
        self._weights: dict[int, tuple[Floats, Floats] | None] = {}

    def first(self, one: str, other: str) -> First:
        """Return which of two accounts takes up topics first, if that is more than their rhythms explain.

        A topic counts where both take it up, not both from the start, and more than a day apart. Shuffled: the topics
        among the posts of each account, so that who posts more, or earlier in the day, gains nothing by it.
        """
        left, right = self._adoptions(self._number[one]), self._adoptions(self._number[other])
        start = float(min((times[0] for times in self.counts.times if len(times)), default=0.0)) + BURN_IN
        counted = (left < NEVER) & (right < NEVER) & (np.abs(left - right) > SAME)
        counted &= np.maximum(left, right) >= start
        ahead = np.where(counted, np.sign(right - left), 0.0)
        wins, losses = int((ahead[0] > 0).sum()), int((ahead[0] < 0).sum())
        if wins + losses < LEAST_TOPICS:
            return First(one=wins, other=losses, p=None, leader="")
        scores = (ahead * np.exp2(-np.abs(right - left) / SOON)).sum(axis=1)
        middle = float(np.median(scores[1:]))
        p = _share_as_far(scores - middle)
        leader = one if scores[0] > middle else other
        # Shuffling knows rhythm but not fashion: the bare count must speak for the same side.
        clear = p <= LEVEL and (wins > losses) == (leader == one) and wins != losses
        return First(one=wins, other=losses, p=p, leader=leader if clear else "")

    def drift(self, account: str, rival: str) -> Drift:
        """Return whether an account moves towards a rival.

        Each of its posts scores (b - a) / (b + a), where b and a are the rival's and its own share of the topic over
        all weeks. Drift is the slope of the weekly means, each week weighing as many posts as it has; shuffled are the
        weeks. The rival stands still in this: who moves is the account.
        """
        i, j = self._number[account], self._number[rival]
        weights = self._slope_weights(i)
        if weights is None or self.counts.totals()[j] < LEAST_POSTS:
            return Drift(account=account, rival=rival, sign="too_few", slope=Interval(value=None), p=None)
        matrix, means = weights
        score = (self._shares[j] - self._shares[i]) / (self._shares[j] + self._shares[i])
        slopes = matrix @ (means @ score)
        p = _share_as_far(slopes)
        slope, spread = float(slopes[0]), float(np.quantile(np.abs(slopes[1:]), 1 - LEVEL))
        sign: Sign = "none" if p > LEVEL else "towards" if slope > 0 else "away"
        return Drift(
            account=account,
            rival=rival,
            sign=sign,
            slope=Interval(value=slope, low=slope - spread, high=slope + spread),
            p=p,
        )

    @cached_property
    def _shares(self) -> Floats:
        return self.counts.shares()

    def _adoptions(self, account: int) -> Floats:
        """Return when an account first posts on each topic: as it was in row 0, shuffled in the others."""
        if account not in self._firsts:
            times, groups = self.counts.times[account], self.counts.groups[account]
            topics = self.counts.posts.shape[2]
            rng = np.random.default_rng([SEED, account])
            firsts = np.full((SHUFFLES + 1, topics), NEVER)
            for row in range(SHUFFLES + 1):
                shuffled = groups if row == 0 else rng.permutation(groups)
                firsts[row, shuffled[::-1]] = times[::-1]  # the earliest is written last
            self._firsts[account] = firsts
        return self._firsts[account]

    def _slope_weights(self, account: int) -> tuple[Floats, Floats] | None:
        """Return what makes slopes of weekly means, shape (1 + shuffles, weeks), and the weekly topic shares."""
        if account not in self._weights:
            posts = self.counts.posts[account]
            totals = posts.sum(axis=1)
            present = np.flatnonzero(totals)
            if len(present) < LEAST_WEEKS or totals.sum() < LEAST_POSTS:
                self._weights[account] = None
            else:
                means = posts[present] / totals[present, None]
                self._weights[account] = (_slopes(totals[present], present, account), means)
        return self._weights[account]


def _slopes(totals: Floats, weeks: NDArray[np.int64], account: int) -> Floats:
    """Return the weights of a weighted regression on the week, for the true order of the weeks and shuffled ones."""
    rng = np.random.default_rng([SEED, account])
    rows = [weeks.astype(float)] + [rng.permutation(weeks).astype(float) for _ in range(SHUFFLES)]
    at = np.stack(rows)
    centred = at - (at @ totals / totals.sum())[:, None]
    return np.asarray(totals * centred / (totals * centred**2).sum(axis=1, keepdims=True))


def _share_as_far(values: Floats) -> float:
    """Return which share of all orders, the true one (row 0) included, lies as far from 0 as the true one."""
    return float((np.abs(values) >= abs(values[0]) - 1e-12).mean())
