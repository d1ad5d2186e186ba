"""What is known of false alarms on one's own corpus, and which thresholds hold because of it.

`originality.calibrate` measures; here is the record of it, `calibration.json` beside the index, and how it is put in
force: as the judge's model with other thresholds, so that whoever asks the model asks the calibration.
"""

from __future__ import annotations

from originality.calibration.binomial import rate_interval, tail_ranks
from originality.calibration.file import FILE, CalibrationFile, load_calibration
from originality.calibration.force import Fault, InForce, Standing
from originality.calibration.records import Calibration, Point, Scale
from originality.calibration.words import fault_text, line_text

__all__ = [
    "FILE",
    "Calibration",
    "CalibrationFile",
    "Fault",
    "InForce",
    "Point",
    "Scale",
    "Standing",
    "fault_text",
    "line_text",
    "load_calibration",
    "rate_interval",
    "tail_ranks",
]
