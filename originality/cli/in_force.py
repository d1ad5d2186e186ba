"""What every command that judges says of the thresholds in force: a warning where a calibration does not hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from originality.cli.frame import AnyCommand
from originality.cli.output import complain
from originality.cli.texts import language, say

if TYPE_CHECKING:
    from originality import Checker

LEAST, MOST = 0.25, 20.0  # as in `settings`, which is not loaded for a --help


def warn_of_calibration(checker: Checker) -> None:
    """Say on standard error, in one line, that a calibration is there and does not hold."""
    from originality.calibration import fault_text

    if message := fault_text(checker.in_force(), language()):
        complain(say("warning", message=message))


def rate_option(function: AnyCommand) -> AnyCommand:
    """Add `--alarms-per-100`."""
    return click.option(
        "--alarms-per-100", type=click.FloatRange(LEAST, MOST), metavar="N", help="option.alarms_per_100"
    )(function)
