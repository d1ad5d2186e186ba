"""Where a lane begins to warn or to block: a risk, or so many false alarms per 100 clean drafts.

Rates stand for the risks that so many of 100 clean held-out drafts reached when the judge was trained. Only those
that were measured are known; any other would be a guess.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from originality.errors import PolicyError
from originality.models import Lane
from originality.score import Model

MEASURED: Final[Mapping[Lane, tuple[float, ...]]] = {"wording": (2.0, 6.0), "template": (5.0,), "idea": ()}
"""The rates that `benchmarks/train.py` takes the thresholds of each lane from; nobody has labelled ideas."""

_RATE = re.compile(r"(\d+(?:\.\d+)?) per 100")


@dataclass(frozen=True, slots=True)
class Threshold:
    """Reached by a figure at or above it."""

    risk: float | None = None
    per_100: float | None = None

    @classmethod
    def of(cls, value: object, lane: Lane) -> Threshold:
        """Read what a policy says: a risk such as 0.74, or "2 per 100".

        Raises:
            PolicyError: it is neither, or a rate that was not measured.
        """
        if isinstance(value, str) and (found := _RATE.fullmatch(value.strip())):
            rate = float(found[1])
            if rate in MEASURED[lane]:
                return cls(per_100=rate)
        elif isinstance(value, int | float) and not isinstance(value, bool) and 0 < value < 1:
            return cls(risk=float(value))
        rates = " or ".join(f'"{rate:g} per 100"' for rate in MEASURED[lane])
        known = f", or {rates} (the measured rates)" if rates else " (no rate was measured for this lane)"
        raise PolicyError(f'must be a risk between 0 and 1, or "never"{known}, got {value!r}. Write one of these.')

    def risk_by(self, model: Model, lane: Lane) -> float:
        """Return the risk that it stands for."""
        if self.risk is not None:
            return self.risk
        measured = {"wording": {2.0: model.alarm, 6.0: model.review}, "template": {5.0: model.template_review}}
        return measured[lane][self.per_100 or 0.0]

    def written(self) -> float | str:
        """Return it as a policy says it."""
        return f"{self.per_100:g} per 100" if self.risk is None else self.risk
