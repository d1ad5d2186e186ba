"""Setting the thresholds on one's own corpus: how often would the judge accuse posts that copied nothing?

Enters: an open index, and what editors decided. Leaves: a `Calibration` to be put beside the index, and figures for
whoever asked.

    calibrate(checker, Wish(alarms_per_100=1.0))     check a sample of posts against those of other accounts
    agreements(decisions, checker)                   what editors' decisions say of the thresholds in force
"""

from __future__ import annotations

from originality.calibrate.agreement import FEWEST_OF_A_KIND, Agreement, agreements
from originality.calibrate.counting import FEWEST_ACCOUNTS, FEWEST_POSTS
from originality.calibrate.measuring import Measured, Part, Wish, calibrate
from originality.calibrate.reading import COPIED_LETTERS, COPIED_SHARE, Why

__all__ = [
    "COPIED_LETTERS",
    "COPIED_SHARE",
    "FEWEST_ACCOUNTS",
    "FEWEST_OF_A_KIND",
    "FEWEST_POSTS",
    "Agreement",
    "Measured",
    "Part",
    "Why",
    "Wish",
    "agreements",
    "calibrate",
]
