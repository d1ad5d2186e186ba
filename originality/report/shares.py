"""Topic shares of accounts: how alike two are, and how much of an account's content is its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from originality.report.pieces import Pieces
from originality.report.topics import Grouped

PRIOR = 2.0  # posts of the average account that every account is given: a share of three posts is hardly known
LEAST_POSTS = 5  # over all weeks; with fewer nothing is said
LEAST_NOW = 3  # in a span: brands post a few times a week, and the prior keeps small shares near the usual
RIVALS = 3  # close rivals that an account is held against; at most the nearer half of all

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """Posts by account, week and group."""

    accounts: tuple[str, ...]
    posts: Floats
    """Shape (accounts, weeks, groups)."""
    weeks: tuple[NDArray[np.int64], ...]
    groups: tuple[NDArray[np.int64], ...]
    times: tuple[Floats, ...]
    """For each account the weeks, groups and times (in days) of its posts, in order of time."""

    def shares(self, since_week: int = 0, until_week: int | None = None) -> Floats:
        """Return the smoothed topic shares of each account in some weeks, shape (accounts, groups)."""
        posts = self.posts[:, since_week:until_week].sum(axis=1)
        return np.asarray((posts + PRIOR * self.usual()) / (posts.sum(axis=1, keepdims=True) + PRIOR))

    def usual(self) -> Floats:
        """Return the shares of the average account over all weeks: each account counts alike, however loud."""
        posts = self.posts.sum(axis=1)
        shares = (posts / np.maximum(1.0, posts.sum(axis=1, keepdims=True))).sum(axis=0) + 1e-6
        return np.asarray(shares / shares.sum())

    def totals(self, since_week: int = 0, until_week: int | None = None) -> Floats:
        """Return how many posts each account has in some weeks."""
        return np.asarray(self.posts[:, since_week:until_week].sum(axis=(1, 2)))


def count_posts(pieces: Pieces, grouped: Grouped) -> Counts:
    """Count the posts of each account by week and group."""
    accounts = tuple(sorted({piece.post.account for piece in pieces.all}))
    number = {account: i for i, account in enumerate(accounts)}
    owner = np.array([number[piece.post.account] for piece in pieces.all], np.int64)
    week = np.array([piece.week for piece in pieces.all], np.int64)
    days = np.array([piece.at.timestamp() / 86400 for piece in pieces.all])
    posts = np.zeros((len(accounts), pieces.weeks, max(1, grouped.count)))
    np.add.at(posts, (owner, week, grouped.group), 1.0)
    mine = [np.flatnonzero(owner == i) for i in range(len(accounts))]
    return Counts(
        accounts=accounts,
        posts=posts,
        weeks=tuple(week[rows] for rows in mine),
        groups=tuple(grouped.group[rows] for rows in mine),
        times=tuple(days[rows] for rows in mine),
    )


def overlap(one: Floats, other: Floats) -> float:
    """Return 1 minus the Jensen-Shannon distance (base 2) of two share vectors: 1 for the same, 0 for nothing shared.

    Endres and Schindelin 2003: its square root is a metric.
    """
    middle = (one + other) / 2
    divergence = (_relative(one, middle) + _relative(other, middle)) / 2
    return 1.0 - float(np.sqrt(min(1.0, max(0.0, divergence))))


def _relative(shares: Floats, reference: Floats) -> float:
    seen = shares > 0
    return float((shares[seen] * np.log2(shares[seen] / reference[seen])).sum())


def differentiation(counts: Counts, allies: Sequence[str], since_week: int, until_week: int) -> dict[str, float]:
    """Return the differentiation index of each account in some weeks; accounts with too few posts have none.

    A post on group k scores (a - r) / (a + r), where a and r are the account's and its close rivals' mean share of
    that group over all weeks; the index is the mean over its posts, at least 0. Over all weeks that is the triangular
    discrimination between the two distributions (Le Cam 1986): 0 where they speak of the same things as often, 1 where
    of nothing the same.

    Args:
        counts: posts by account, week and group.
        allies: accounts that are no rivals of each other, such as those of one company.
        since_week: first week.
        until_week: week after the last.
    """
    shares, totals = counts.shares(), counts.totals()
    enough = [i for i in range(len(counts.accounts)) if totals[i] >= LEAST_POSTS]
    found: dict[str, float] = {}
    for i in enough:
        account = counts.accounts[i]
        mine = set(allies) if account in allies else {account}
        others = [j for j in enough if counts.accounts[j] not in mine]
        posts = counts.posts[i, since_week:until_week].sum(axis=0)
        if not others or posts.sum() < LEAST_NOW:
            continue
        close = sorted(others, key=lambda j: (-overlap(shares[i], shares[j]), counts.accounts[j]))
        close = close[: min(RIVALS, (len(close) + 1) // 2)]
        rival = shares[close].mean(axis=0)
        score = (shares[i] - rival) / (shares[i] + rival)
        found[account] = min(1.0, max(0.0, float((posts * score).sum() / posts.sum())))
    return found
