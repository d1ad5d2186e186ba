"""The second opinion: what a cross-encoder says of the candidates in doubt, weighed beside the figures.

Which pairs are read is chosen here, and what the second head sees of a pair: the first head's sum, the cross-encoder's
log-odds, how far these go beyond those of the draft's other candidates, and the few figures that tell a shared formula
from a shared text.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from originality.score.features import NAMES

READ = 3  # candidates that are read: some 30 ms each on one core
CERTAIN = 4.0  # sum of the trees from which wording was taken beyond doubt: a reader could only repeat it
NEARNESS = 6.0  # weight of the closeness beside the sum, for the choice: the sources of rewrites are near, if anything
BESIDE: Final = tuple(
    """
    cover_draft cover_source closeness closeness_beyond log_longest log_rarity words_of_draft words_of_source
    words_of_source_beyond passage_mean_beyond length_ratio lifted passage_answered source_mean_beyond
    """.split()
)
OPINION_NAMES: Final = ("sum", "read", "read_beyond", *BESIDE)
RISING: Final = frozenset({"sum", "read", "read_beyond"})
_AT = [NAMES.index(name) for name in BESIDE]
_CLOSENESS = NAMES.index("closeness")


def worth_reading(rows: NDArray[np.float64], sums: NDArray[np.float64]) -> list[int]:
    """Return the positions of the pairs to read, the most suspect first; none where wording is certain.

    Args:
        rows: features of the pairs, shape (pairs, features).
        sums: of the trees, shape (pairs,).
    """
    if not len(sums) or sums.max() >= CERTAIN:
        return []
    suspicion = sums + NEARNESS * rows[:, _CLOSENESS]
    return [int(i) for i in np.argsort(-suspicion, kind="stable")[:READ]]


def opinion_rows(
    rows: NDArray[np.float64], sums: NDArray[np.float64], read: Mapping[int, float], unread: float
) -> NDArray[np.float64]:
    """Return what the second head sees of each pair, shape (pairs, len(OPINION_NAMES)).

    Args:
        rows: features of the pairs.
        sums: of the trees.
        read: log-odds of those that were read, by position.
        unread: stands for the log-odds of the others: the usual one of a wrong source.
    """
    figures = np.array([read.get(i, unread) for i in range(len(rows))])
    beyond = figures - np.array([_others(read, i, unread) for i in range(len(rows))])
    return np.column_stack([sums, figures, beyond, rows[:, _AT]])


def ceilings(
    rows: NDArray[np.float64], sums: NDArray[np.float64], at: Sequence[int], figures: Sequence[float]
) -> NDArray[np.float64]:
    """Return what the second head would see of some pairs if the log-odds stood as far beyond all others as can be.

    The head rises with the log-odds and with how far they stand out, so no pair can look worse than this.

    Args:
        rows: features of all pairs.
        sums: of the trees.
        at: positions of the pairs in question.
        figures: their log-odds, infinite where they are not known yet.
    """
    places = list(at)
    return np.column_stack([sums[places], figures, np.full(len(places), np.inf), rows[places][:, _AT]])


def _others(read: Mapping[int, float], position: int, unread: float) -> float:
    """Return the highest log-odds among the draft's other candidates, some of which always stand for unread."""
    return max([unread, *(value for i, value in read.items() if i != position)])


def names_fit(names: Sequence[str]) -> bool:
    """Say whether a head was trained for these figures."""
    return tuple(names) == OPINION_NAMES
