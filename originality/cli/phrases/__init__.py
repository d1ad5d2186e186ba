"""Help and failures in words: key -> (Chinese, English). Read them through `texts.say`."""

from __future__ import annotations

from originality.cli.phrases.calibrating import CALIBRATING
from originality.cli.phrases.commands import COMMANDS
from originality.cli.phrases.failures import FAILURES
from originality.cli.phrases.keeping import KEEPING
from originality.cli.phrases.options import OPTIONS

__all__ = ["ASKING"]

ASKING: dict[str, tuple[str, str]] = {**COMMANDS, **OPTIONS, **FAILURES, **CALIBRATING, **KEEPING}
