"""Which thresholds hold: those of the index's calibration where it fits, else those that ship with the judge.

Enters: the shipped model, the calibration, the settings, the author's names. Leaves: a model with the thresholds that
hold, and where they come from. What the settings say goes before both.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

from originality.calibration.binomial import rate_interval
from originality.calibration.file import CalibrationFile
from originality.calibration.records import Calibration, Scale
from originality.errors import CalibrationError
from originality.score.model import ALARMS_PER_100, HEADS, Curve, HeadName, Model
from originality.settings import Settings

Fault = Literal["", "damaged", "model", "stamp"]
"""Why a calibration that is there does not hold: it cannot be read, or was made with another judge or index."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InForce:
    """The thresholds that hold for an author's drafts."""

    model: Model
    """The judge, its thresholds and curves being those that hold."""
    per_100: float
    """About how many of 100 clean drafts are an alarm."""
    scale: Scale | None = None
    """What was measured on the index; None: the thresholds are the shipped ones."""
    brand: str = ""
    """The brand whose own posts were measured; "" where it was all accounts."""
    fault: Fault = ""
    detail: str = ""
    """What exactly is wrong with the calibration."""

    @property
    def interval(self) -> tuple[float, float] | None:
        """Return the interval of `per_100` (95 in 100); None where nothing was measured here."""
        if self.scale is None:
            return None
        return rate_interval(int(self.per_100 * self.scale.posts / 100), self.scale.posts)


class Standing:
    """What holds over one index, as its calibration stands now."""

    def __init__(self, file: CalibrationFile | None, model: Model, stamp: str) -> None:
        """Stand for an index.

        Args:
            file: its calibration; None where the model's own thresholds hold whatever was measured.
            model: the judge as shipped.
            stamp: of the index.
        """
        self._file, self.model, self._stamp = file, model, stamp

    def read(self) -> tuple[Calibration | None, Fault, str]:
        """Return the calibration if it fits, else why it does not."""
        try:
            found = self._file.read() if self._file else None
        except CalibrationError as error:
            return None, "damaged", str(error)
        if found is None:
            return None, "", ""
        if found.model != self.model.version:
            return None, "model", f"{found.model} != {self.model.version}"
        if found.stamp != self._stamp:
            return None, "stamp", f"{found.stamp} != {self._stamp}"
        return found, "", ""

    def of(self, settings: Settings, is_author: Callable[[str], bool]) -> InForce:
        """Return what holds.

        Args:
            settings: what they say goes first.
            is_author: whether a brand that was calibrated for itself is who writes.

        Raises:
            ModelError: the settings name a rate whose risk nobody has counted.
        """
        found, fault, detail = self.read()
        model, scale, brand = self.model, None, ""
        if found:
            brand = next((name for name in found.brands if is_author(name)), "")
            scale = found.brands[brand] if brand else found.general
            model = fitted(model, found, scale)
        per_100 = settings.alarms_per_100 or (found.alarms_per_100 if found else ALARMS_PER_100)
        model = _as_set(model, settings)
        return InForce(
            model=model,
            per_100=model.rate("copied", model.alarm) if settings.alarm else per_100,
            scale=scale,
            brand=brand,
            fault=fault,
            detail=detail,
        )


def fitted(model: Model, calibration: Calibration, scale: Scale) -> Model:
    """Return the judge with the thresholds that were measured."""
    measured = replace(model, curves={head: _whole(scale.curve(head), model, head) for head in HEADS})
    return replace(
        measured,
        alarm=measured.threshold("copied", calibration.alarms_per_100),
        review=measured.threshold("copied", calibration.reviews_per_100),
        template_review=measured.threshold("template", calibration.templates_per_100),
    )


def _whole(curve: Curve, model: Model, head: HeadName) -> Curve:
    """Return a measured curve with its rarest rates taken from the shipped one, where that has them.

    Some hundred posts cannot tell what one of four hundred reaches. The shipped risk of such a rate holds there,
    unless the posts at hand have shown that it takes more.
    """
    rare = [(rate, risk) for rate, risk in model.curves[head] if rate < curve[0][0]]
    return (*((rate, max(risk, curve[0][1])) for rate, risk in rare), *curve)


def _as_set(model: Model, settings: Settings) -> Model:
    """Return the judge with the rates that the settings name; a draft for review is never one beyond the alarm."""
    rate = settings.alarms_per_100
    alarm = settings.alarm or (model.alarm if rate is None else model.threshold("copied", rate))
    rate = settings.reviews_per_100
    review = model.review if rate is None else model.threshold("copied", rate)
    rate = settings.templates_per_100
    template = model.template_review if rate is None else model.threshold("template", rate)
    return replace(model, alarm=alarm, review=min(review, alarm), template_review=template)
