"""The judge: a small ensemble of decision trees, read from a JSON file that anyone can open.

Feature rows enter, probabilities leave. Two heads share the rows: `copied` (is the draft taken from this source?) and
`template` (same skeleton, other content?). Trees are gradient boosted (Friedman 2001) by `benchmarks/train.py` under
monotone constraints, so that more evidence never lowers a risk; the output is calibrated on held-out drafts
(Platt 1999). Nothing here needs the library that trained it.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from typing import Any

import numpy as np
from numpy.typing import NDArray

from originality.errors import ModelError
from originality.score.features import NAMES

FILE = "model.json"
LEAF = -1  # in `feature`: the node is a leaf and `value` counts


@dataclass(frozen=True, slots=True)
class Tree:
    """One tree as parallel arrays, node 0 the root; a row goes left where its figure is at most the threshold."""

    feature: NDArray[np.int32]
    threshold: NDArray[np.float64]
    left: NDArray[np.int32]
    right: NDArray[np.int32]
    value: NDArray[np.float64]

    def predict(self, rows: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the value of the leaf that each row reaches."""
        at = np.zeros(len(rows), np.int32)
        index = np.arange(len(rows))
        while True:
            feature = self.feature[at]
            inner = feature != LEAF
            if not inner.any():
                return self.value[at]
            left = rows[index, np.maximum(feature, 0)] <= self.threshold[at]
            at = np.where(inner, np.where(left, self.left[at], self.right[at]), at)


@dataclass(frozen=True, slots=True)
class Head:
    """One question: trees, a bias, and the line that turns their sum into a probability."""

    trees: tuple[Tree, ...]
    bias: float
    slope: float
    intercept: float

    def probability(self, rows: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the calibrated probability of each row, in [0, 1]; shape (len(rows),)."""
        raw = self.raw(rows)
        return np.asarray(1.0 / (1.0 + np.exp(-(self.slope * raw + self.intercept))))

    def raw(self, rows: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the sums of the trees, before calibration."""
        total = np.full(len(rows), self.bias, np.float64)
        for tree in self.trees:
            total += tree.predict(rows)
        return total


@dataclass(frozen=True, slots=True)
class Model:
    """Both heads with the thresholds that go with them."""

    version: str
    copied: Head
    template: Head
    alarm: float
    """Risk from which a draft is an alarm: about two in a hundred clean drafts reaches it."""
    review: float
    """Risk from which a fair editor would look twice."""
    template_review: float
    """The same for `template`."""


@functools.cache
def load_model() -> Model:
    """Return the model that ships with the package.

    Raises:
        ModelError: its file is missing, damaged or of another version.
    """
    try:
        return parse_model(json.loads(resources.files("originality.score").joinpath(FILE).read_text(encoding="utf-8")))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelError(f"The package's {FILE} cannot be used: {error}. Install originality again.") from error


def parse_model(content: Mapping[str, Any]) -> Model:
    """Build a model from the parsed JSON.

    Raises:
        ModelError: the file was trained for other features than this version computes.
    """
    if tuple(content["features"]) != NAMES:
        raise ModelError(
            f"{FILE} was trained for other features than the {len(NAMES)} that this version computes. "
            "Install originality again, or train: python benchmarks/train.py"
        )
    thresholds = content["thresholds"]
    return Model(
        version=content["version"],
        copied=parse_head(content["copied"]),
        template=parse_head(content["template"]),
        alarm=thresholds["alarm"],
        review=thresholds["review"],
        template_review=thresholds["template_review"],
    )


def parse_head(content: Mapping[str, Any]) -> Head:
    """Build one head from its JSON object."""
    trees = tuple(_tree(nodes) for nodes in content["trees"])
    return Head(trees, content["bias"], content["slope"], content["intercept"])


def _tree(nodes: Sequence[Sequence[float]]) -> Tree:
    """Build a tree from rows [feature, threshold, left, right, value]."""
    table = np.array(nodes, np.float64).reshape(-1, 5)
    return Tree(
        table[:, 0].astype(np.int32),
        table[:, 1],
        table[:, 2].astype(np.int32),
        table[:, 3].astype(np.int32),
        table[:, 4],
    )
