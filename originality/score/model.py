"""The judge: a small ensemble of decision trees, read from a JSON file that anyone can open.

Feature rows enter, probabilities leave. Two heads share the rows: `copied` (is the draft taken from this source?) and
`template` (same skeleton, other content?). Trees are gradient boosted (Friedman 2001) by `benchmarks/train.py` under
monotone constraints, so that more evidence never lowers a risk; the output is calibrated on held-out drafts
(Platt 1999). Nothing here needs the library that trained it.

Which risk so many of 100 clean drafts reach is the model's curve: points (rate, risk) that were counted on held-out
drafts. Between two of them the risk is taken as linear in the logarithm of the rate: a tail falls by factors.

Where a cross-encoder has read candidates as well, a second, smaller head weighs what it says beside the first head's
sum (stacking: Wolpert 1992), trained on drafts that neither had seen. It has thresholds and a curve of its own.
"""

from __future__ import annotations

import functools
import itertools
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

from originality.errors import ModelError
from originality.score.features import NAMES
from originality.score.opinion import ceilings, names_fit, opinion_rows
from originality.settings import LEAST_PER_100, MOST_PER_100

HeadName = Literal["copied", "template"]
Curve = tuple[tuple[float, float], ...]
"""Points (false alarms per 100 clean drafts, risk): the rates rise, the risks do not."""

FILE = "model.json"
ALARMS_PER_100 = 2.0  # clean drafts that the shipped threshold may flag; the user can choose another
REVIEWS_PER_100 = 6.0  # the same for `review` on the wording lane
TEMPLATES_PER_100 = 5.0
RATES: Final = (LEAST_PER_100, 0.5, 1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0, 15.0, MOST_PER_100)
HEADS: Final[tuple[HeadName, ...]] = ("copied", "template")
_FEWEST_POINTS = 3  # of a curve: between two points of a tail nobody has seen anything
LEAF = -1  # in `feature`: the node is a leaf and `value` counts


@dataclass(frozen=True, slots=True)
class Trees:
    """Trees as parallel arrays over all their nodes; a row goes left where its figure is at most the threshold."""

    roots: NDArray[np.int32]
    """Node at which each tree begins."""
    feature: NDArray[np.int32]
    threshold: NDArray[np.float64]
    left: NDArray[np.int32]
    right: NDArray[np.int32]
    value: NDArray[np.float64]

    def sums(self, rows: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the sum of the leaves that each row reaches, shape (len(rows),)."""
        at = np.tile(self.roots, (len(rows), 1))
        index = np.arange(len(rows))[:, None]
        while True:  # all trees go down one level at a time
            feature = self.feature[at]
            inner = feature != LEAF
            if not inner.any():
                return np.asarray(self.value[at].sum(axis=1))
            left = rows[index, np.maximum(feature, 0)] <= self.threshold[at]
            at = np.where(inner, np.where(left, self.left[at], self.right[at]), at)


@dataclass(frozen=True, slots=True)
class Head:
    """One question: trees, a bias, and the line that turns their sum into a probability."""

    trees: Trees
    bias: float
    slope: float
    intercept: float

    def probability(self, rows: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the calibrated probability of each row, in [0, 1]; shape (len(rows),)."""
        return self.calibrated(self.raw(rows))

    def calibrated(self, raw: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the probability that belongs to each sum of the trees."""
        return np.asarray(1.0 / (1.0 + np.exp(-(self.slope * raw + self.intercept))))

    def raw(self, rows: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the sums of the trees, before calibration."""
        return self.bias + self.trees.sums(rows)


@dataclass(frozen=True, slots=True)
class Opinion:
    """The second head: it weighs what a cross-encoder says of the pairs that it has read."""

    reader: str
    """Name of the cross-encoder's weights: figures of others would mean something else."""
    unread: float
    """Stands for the figure of what was not read: the usual one of a wrong source."""
    head: Head

    def probability(
        self, rows: NDArray[np.float64], sums: NDArray[np.float64], read: Mapping[int, float]
    ) -> NDArray[np.float64]:
        """Return the calibrated probability of each pair of a draft, in [0, 1]; see `opinion_rows`."""
        return self.head.probability(opinion_rows(rows, sums, read, self.unread))

    def at_most(
        self, rows: NDArray[np.float64], sums: NDArray[np.float64], at: Sequence[int], figures: Sequence[float]
    ) -> NDArray[np.float64]:
        """Return a probability that no reading of the other pairs can make some pairs exceed; see `ceilings`."""
        return self.head.probability(ceilings(rows, sums, at, figures))


@dataclass(frozen=True, slots=True)
class Model:
    """Both heads with the thresholds that go with them, as shipped or as calibrated on somebody's own corpus."""

    version: str
    copied: Head
    template: Head
    alarm: float
    """Risk from which a draft is an alarm: as shipped, about two in a hundred clean drafts reach it."""
    review: float
    """Risk from which a fair editor would look twice."""
    template_review: float
    """The same for `template`."""
    curves: Mapping[HeadName, Curve]
    """All that was counted. Of a model that was written without a curve, the points of the three thresholds only."""
    opinion: Opinion | None = None
    """None where no cross-encoder reads along: its thresholds are others then."""

    def threshold(self, head: HeadName, per_100: float) -> float:
        """Return the risk that so many of 100 clean drafts reach, in (0, 1).

        Args:
            head: "copied" for the wording lane, or "template".
            per_100: in [0.25, 20].

        Raises:
            ModelError: the rate is out of range, or nothing was counted that would tell.
        """
        if not LEAST_PER_100 <= per_100 <= MOST_PER_100:
            raise ModelError(f"A rate must be {LEAST_PER_100:g} to {MOST_PER_100:g} per 100, got {per_100:g}.")
        points = self.curves[head]
        known = dict(points)
        if per_100 in known:
            return known[per_100]
        if len(points) < _FEWEST_POINTS:
            told = " or ".join(f"{rate:g}" for rate in known)
            raise ModelError(
                f"The model {self.version} knows the risk of {told} per 100 for {head} only, got {per_100:g}: it was "
                "written without a curve. Ask for one of these, or measure your corpus: originality calibrate"
            )
        if per_100 < points[0][0]:
            raise ModelError(
                f"This corpus was calibrated down to {points[0][0]:g} per 100 for {head}, got {per_100:g}. Calibrate "
                "with more posts (--sample), or ask for a higher rate."
            )
        rates, risks = zip(*points, strict=True)
        return float(np.interp(math.log(per_100), np.log(rates), risks))

    def rate(self, head: HeadName, risk: float) -> float:
        """Return about how many of 100 clean drafts reach a risk; beyond the known points that of the last one."""
        rates, risks = zip(*self.curves[head], strict=True)
        return float(np.exp(np.interp(-risk, -np.array(risks), np.log(rates))))


@functools.cache
def load_model(reader: str = "") -> Model:
    """Return the model that ships with the package.

    Args:
        reader: name of the cross-encoder that reads along, "" where none does.

    Raises:
        ModelError: its file is missing, damaged or of another version.
    """
    try:
        text = resources.files("originality.score").joinpath(FILE).read_text(encoding="utf-8")
        return parse_model(json.loads(text), reader)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelError(f"The package's {FILE} cannot be used: {error}. Install originality again.") from error


def parse_model(content: Mapping[str, Any], reader: str = "") -> Model:
    """Build a model from the parsed JSON.

    Args:
        content: the object of the file.
        reader: name of the cross-encoder that reads along, "" where none does.

    Raises:
        ModelError: the file was trained for other features than this version computes or with another cross-encoder,
            or its thresholds are none.
    """
    if tuple(content["features"]) != NAMES:
        raise ModelError(
            f"{FILE} was trained for other features than the {len(NAMES)} that this version computes. "
            "Install originality again, or train: python benchmarks/train.py"
        )
    standing, opinion = content, None
    if reader:
        standing = content["opinion"]
        opinion = Opinion(standing["reader"], standing["unread"], parse_head(standing["head"]))
        if opinion.reader != reader or not names_fit(standing["features"]):
            raise ModelError(
                f"{FILE} was trained with the cross-encoder {opinion.reader}, this version has {reader}. "
                "Install originality again, or train: python benchmarks/train.py"
            )
    thresholds = standing["thresholds"]
    return Model(
        version=content["version"] + (f"+{reader}" if reader else ""),
        copied=parse_head(content["copied"]),
        template=parse_head(content["template"]),
        alarm=thresholds["alarm"],
        review=thresholds["review"],
        template_review=thresholds["template_review"],
        curves=_curves(standing.get("curve"), thresholds),
        opinion=opinion,
    )


def _curves(content: Mapping[str, Any] | None, thresholds: Mapping[str, Any]) -> dict[HeadName, Curve]:
    """Build both curves from their JSON object, which must go through the three thresholds."""
    standing: dict[HeadName, Curve] = {
        "copied": ((ALARMS_PER_100, thresholds["alarm"]), (REVIEWS_PER_100, thresholds["review"])),
        "template": ((TEMPLATES_PER_100, thresholds["template_review"]),),
    }
    if content is None:
        return {head: curve_of(points, f"{FILE}: thresholds") for head, points in standing.items()}
    if set(content) != {"per_100", *HEADS}:
        raise ModelError(f"{FILE}: curve must hold per_100, {' and '.join(HEADS)}, got {', '.join(sorted(content))}.")
    rates = content["per_100"]
    curves = {head: curve_of(list(zip(rates, content[head], strict=True)), f"{FILE}: curve.{head}") for head in HEADS}
    for head in HEADS:
        for rate, risk in standing[head]:
            if dict(curves[head]).get(rate) != risk:
                raise ModelError(f"{FILE}: curve.{head} must go through {risk:g} at {rate:g} per 100. Train again.")
        if (curves[head][0][0], curves[head][-1][0]) != (LEAST_PER_100, MOST_PER_100):
            raise ModelError(f"{FILE}: curve.{head} must reach from {LEAST_PER_100:g} to {MOST_PER_100:g} per 100.")
    return curves


def curve_of(points: Sequence[tuple[Any, Any]], where: str) -> Curve:
    """Return points as a curve.

    Raises:
        ModelError: there are none, a figure is out of range, the rates do not rise, or a risk rises with them.
    """
    for rate, risk in points:
        numbers = all(isinstance(each, int | float) and not isinstance(each, bool) for each in (rate, risk))
        if not (numbers and LEAST_PER_100 <= rate <= MOST_PER_100 and 0 < risk < 1):
            raise ModelError(f"{where}: a point needs a rate of {LEAST_PER_100:g} to {MOST_PER_100:g} and a risk, got "
                             f"{str(rate)[:40]} and {str(risk)[:40]}.")  # fmt: skip
    if not points or not all(one[0] < two[0] and one[1] >= two[1] for one, two in itertools.pairwise(points)):
        raise ModelError(f"{where}: rates must rise and risks must not, got {str(list(points))[:80]}.")
    return tuple((float(rate), float(risk)) for rate, risk in points)


def parse_head(content: Mapping[str, Any]) -> Head:
    """Build one head from its JSON object."""
    return Head(_trees(content["trees"]), content["bias"], content["slope"], content["intercept"])


def _trees(trees: Sequence[Sequence[Sequence[float]]]) -> Trees:
    """Join trees, each of rows [feature, threshold, left, right, value] that count its own nodes from 0."""
    tables = [np.array(nodes, np.float64).reshape(-1, 5) for nodes in trees]
    roots = np.cumsum([0, *map(len, tables)])[:-1].astype(np.int32)
    for table, root in zip(tables, roots, strict=True):
        table[:, 2:4] += root
    nodes = np.concatenate([np.zeros((0, 5)), *tables])
    whole = [nodes[:, i].astype(np.int32) for i in (0, 2, 3)]
    return Trees(roots, whole[0], nodes[:, 1].copy(), whole[1], whole[2], nodes[:, 4].copy())
