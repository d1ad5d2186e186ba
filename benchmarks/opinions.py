"""Train the head that weighs what the cross-encoder says, on drafts that neither it nor the first head has seen.

The first head's sums are those of the fold that left the draft out; the cross-encoder never learned from the cases.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier

from benchmarks.common import WORK
from benchmarks.examples import FOLDS, Example, Rows
from originality.cross import PairReader
from originality.score.opinion import OPINION_NAMES, RISING, opinion_rows, worth_reading

ROUNDS = 3  # of looking for the candidates of a clean draft that would accuse it most
HARD = 2  # of them, negatives
LATER_WEIGHT = 0.4  # of the second against the first
TEMPLATE_WEIGHT = 0.5  # of a borrowed template as no copy
TREES = {"max_iter": 100, "learning_rate": 0.06, "max_leaf_nodes": 6, "min_samples_leaf": 20, "l2_regularization": 8.0}


@dataclass(frozen=True, slots=True)
class Readings:
    """What the cross-encoder says of the candidates of each draft."""

    figures: tuple[dict[int, float], ...]
    """Log-odds by position in the example; empty where nothing is read."""
    unread: float
    """The usual figure of a wrong source."""


def read_doubtful(examples: Sequence[Example], sums: Sequence[Rows], reader: PairReader) -> Readings:
    """Have the pairs read that a check would read; what was read before is remembered."""
    stored = WORK / f"{reader.name}.pickle"
    known: dict[tuple[str, str], float] = pickle.loads(stored.read_bytes()) if stored.exists() else {}
    found: list[dict[int, float]] = []
    for example, raw in zip(examples, sums, strict=True):
        at = worth_reading(example.rows, raw)
        new = [i for i in at if (example.text, example.texts[i]) not in known]
        figures = reader.read(example.text, [example.texts[i] for i in new])
        known.update({(example.text, example.texts[i]): float(x) for i, x in zip(new, figures, strict=True)})
        found.append({i: known[example.text, example.texts[i]] for i in at})
    stored.write_bytes(pickle.dumps(known))
    wrong = [x for e, read in zip(examples, found, strict=True) for i, x in read.items() if i not in e.right]
    return Readings(tuple(found), round(float(np.median(wrong)), 4))


@dataclass(frozen=True, slots=True)
class Second:
    """The second head, and what it says of drafts that it has not seen."""

    final: HistGradientBoostingClassifier
    folds: list[HistGradientBoostingClassifier]
    sums: list[Rows]
    """Held-out sums for the candidates of each draft; empty where nothing was read."""
    rows: list[Rows]


def train_second(examples: Sequence[Example], sums: Sequence[Rows], readings: Readings) -> Second:
    """Train the second head and its folds."""
    rows = [
        opinion_rows(example.rows, raw, read, readings.unread) if read else np.zeros((0, len(OPINION_NAMES)))
        for example, raw, read in zip(examples, sums, readings.figures, strict=True)
    ]
    held_out: list[Rows] = [np.zeros(0)] * len(examples)
    folds = []
    for fold in range(FOLDS):
        learner = _fit(examples, rows, readings, _without(fold))
        folds.append(learner)
        for i, example in enumerate(examples):
            if example.fold == fold and len(rows[i]):
                held_out[i] = learner.decision_function(rows[i])
    return Second(_fit(examples, rows, readings, lambda example: True), folds, held_out, rows)


def _without(fold: int) -> Callable[[Example], bool]:
    return lambda example: example.fold != fold


def _fit(
    examples: Sequence[Example], rows: Sequence[Rows], readings: Readings, takes: Callable[[Example], bool]
) -> HistGradientBoostingClassifier:
    learner: HistGradientBoostingClassifier | None = None
    for _ in range(ROUNDS):
        lessons = [
            lesson
            for example, table, read in zip(examples, rows, readings.figures, strict=True)
            if read and not example.unsure and takes(example)
            for lesson in _lessons(example, table, read, learner)
        ]
        signs = [int(name in RISING) for name in OPINION_NAMES]
        learner = HistGradientBoostingClassifier(
            monotonic_cst=signs, early_stopping=False, random_state=0, **TREES
        ).fit(
            np.array([row for row, _, _ in lessons]),
            np.array([label for _, label, _ in lessons]),
            sample_weight=np.array([weight for _, _, weight in lessons]),
        )
    assert learner is not None
    return learner


def _lessons(
    example: Example, table: Rows, read: dict[int, float], learner: HistGradientBoostingClassifier | None
) -> Iterator[tuple[Rows, int, float]]:
    """Yield (row, label, weight) of the pairs that were read."""
    if example.expect != "clean":
        for i in [i for i in read if i in example.right][:1]:
            copied = example.expect == "copied"
            yield table[i], int(copied), 1.0 if copied else TEMPLATE_WEIGHT
        return
    at = list(read)
    suspicion = learner.decision_function(table[at]) if learner else table[at, 0] + table[at, 1]
    for rank, k in enumerate(np.argsort(-suspicion)[:HARD]):
        yield table[at[k]], 0, LATER_WEIGHT if rank else 1.0
