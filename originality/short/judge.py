"""Figures of two lines -> how strong the evidence is -> the risk that goes with it.

A logistic of four figures, small enough to be read and argued with. Its weights were fitted on invented pairs
(`benchmarks/short.py --fit`); which evidence is rare among lines that nobody copied was counted on real short posts by
different accounts (`NULL`). A line's risk is the one that twice as many of 100 clean drafts reach as lines do:
thresholds, calibrations and rates that users set hold for it as they stand, on the cautious side.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from originality.models import MatchKind
from originality.score import Model
from originality.short.figures import Figures

WEIGHTS: Final = {"share": 9.0, "order": 1.5, "enough": 4.0, "frame": 2.0}
INTERCEPT: Final = -11.5
ENOUGH = 20.0  # shared bits from which there is enough to judge by: two or three words that are not everyday
NULL: Final = ((20.0, -1.77), (10.0, -1.03), (5.0, -0.47), (2.0, 1.01), (1.0, 1.95), (0.5, 2.42))
"""Of 100 real short posts so many find, among the lines of other accounts, evidence as strong as this."""
CAUTION: Final = 2.0  # a line that reaches the alarm threshold is half as frequent as a draft that does
RAREST, SUREST = 0.05, 0.99  # rate per 100, and the risk at it, up to which risks go on rising

VERBATIM_SHARE, NEAR_SHARE = 0.97, 0.5  # shared bits over all, of a line that is the same, and of one that is reworded
FRAME = 0.6  # likeness of frames from which a line with other content is a template


def evidence(figures: Figures) -> float:
    """Return the log-odds that a line was taken from another, before anything is known of how usual that is."""
    return INTERCEPT + sum(WEIGHTS[name] * value for name, value in terms(figures).items())


def terms(figures: Figures) -> dict[str, float]:
    """Return what the weights weigh."""
    return {
        "share": figures.share,
        "order": figures.order,
        "enough": min(1.0, figures.bits / ENOUGH),
        "frame": figures.frame,
    }


def rate(strength: float) -> float:
    """Return about how many of 100 lines that nobody copied find evidence as strong; 0.05 to 100."""
    rates, strengths = zip(*NULL, strict=True)
    slope = (math.log(rates[-1]) - math.log(rates[-2])) / (strengths[-1] - strengths[-2])
    beyond = min(0.0, slope * (strength - strengths[-1]))
    short = max(0.0, strengths[0] - strength)  # below the weakest counted the rate goes on as between the two weakest
    rising = short * (math.log(rates[0]) - math.log(rates[1])) / (strengths[1] - strengths[0])
    value = float(np.interp(strength, strengths, np.log(rates))) + beyond + rising
    return min(100.0, max(RAREST, math.exp(value)))


def risk(strength: float, model: Model) -> float:
    """Return the risk that goes with evidence, on the scale of the thresholds in force, in [0, 0.99]."""
    curve = model.curves["copied"]
    points = [(RAREST, max(SUREST, curve[0][1])), *curve, (100.0, 0.0)]
    rates, risks = zip(*points, strict=True)
    return float(np.interp(math.log(CAUTION * rate(strength)), np.log(rates), risks))


def kind_of(figures: Figures) -> MatchKind:
    """Return what kind of borrowing the figures would be."""
    if figures.share >= VERBATIM_SHARE:
        return "verbatim"
    return "template" if figures.share < NEAR_SHARE and figures.frame >= FRAME else "near"
