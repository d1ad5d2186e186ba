"""Where a lane begins to warn or to block: a risk, or so many false alarms per 100 clean drafts.

A rate stands for the risk that so many of 100 clean drafts reach: of the drafts that the judge was tested with, or of
the posts of one's own corpus once that was calibrated. The model in force knows both; here is only what can be said.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from originality.errors import PolicyError
from originality.models import Lane
from originality.score import Model
from originality.score.model import HeadName
from originality.settings import LEAST_PER_100, MOST_PER_100

HEADS: Final[Mapping[Lane, HeadName]] = {"wording": "copied", "template": "template"}
"""The head that counts for a lane; none for ideas: nobody has labelled them, so no rate is known."""

_FIGURE = r"0\.(?:2[5-9][0-9]{0,2}|[3-9][0-9]{0,3})|(?:[1-9]|1[0-9])(?:\.[0-9]{1,4})?|20(?:\.0{1,4})?"
RATE: Final = f" *({_FIGURE}) per 100 *"
"""What a rate looks like: LEAST_PER_100 to MOST_PER_100, written so that a schema, which cannot compare, knows it."""


@dataclass(frozen=True, slots=True)
class Threshold:
    """Reached by a figure at or above it."""

    risk: float | None = None
    per_100: float | None = None

    @classmethod
    def of(cls, value: object, lane: Lane) -> Threshold:
        """Read what a policy says: a risk such as 0.74, or "2 per 100".

        Raises:
            PolicyError: it is neither, or a rate out of range, or of a lane without rates.
        """
        if isinstance(value, str) and lane in HEADS and (found := re.fullmatch(RATE, value)):
            return cls(per_100=float(found[1]))
        if isinstance(value, int | float) and not isinstance(value, bool) and 0 < value < 1:
            return cls(risk=float(value))
        rates = f'or a rate from "{LEAST_PER_100:g} per 100" to "{MOST_PER_100:g} per 100"'
        known = f", {rates}" if lane in HEADS else " (no rate is known for this lane)"
        raise PolicyError(f'must be a risk between 0 and 1, or "never"{known}, got {value!r}. Write one of these.')

    def risk_by(self, model: Model, lane: Lane) -> float:
        """Return the risk that it stands for.

        Raises:
            ModelError: the model in force cannot tell the risk of this rate.
        """
        if self.risk is not None:
            return self.risk
        return model.threshold(HEADS[lane], self.per_100 or 0.0)

    def written(self) -> float | str:
        """Return it as a policy says it."""
        return f"{self.per_100:g} per 100" if self.risk is None else self.risk
