"""The record of a calibration, and reading it from plain values: whatever is not exactly one is refused by name.

    {"version": 1, "model": "1-f7c1a1f5", "encoder": "…", "stamp": "v2;…", "corpus": "<id of the store>.<change>",
     "corpus_posts": 8060, "made_at": "2026-11-28T10:00:00+00:00", "seed": 0, "sample": 400, "alarms_per_100": 1.0,
     "reviews_per_100": 6.0, "templates_per_100": 5.0,
     "general": {"posts": 371, "accounts": 12, "left_out": 29,
                 "copied": [[1.0, 0.8123, 0.7711, 0.9034], …], "template": [[1.0, 0.1, 0.09, 0.2], …]},
     "brands": {"汀步茶室": {…}}}

A point is a rate per 100, the risk that so many of 100 posts reached, and the interval of that risk (95 in 100).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Any

from originality.errors import CalibrationError, ModelError
from originality.score.model import HEADS, Curve, HeadName, curve_of

VERSION = 1
MOST_BRANDS = 1_000
LONGEST = 200  # characters of a name or stamp
_MOST_POSTS = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Point:
    """One threshold with its interval: low and high enclose the risk that the rate truly belongs to, in 95 of 100."""

    per_100: float
    risk: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """The false alarms of some accounts' posts."""

    posts: int
    """Posts whose risks were counted."""
    accounts: int
    left_out: int
    """Posts that were drawn and not counted."""
    copied: tuple[Point, ...]
    template: tuple[Point, ...]

    def points(self, head: HeadName) -> tuple[Point, ...]:
        """Return the thresholds of a head, rates rising."""
        return self.copied if head == "copied" else self.template

    def curve(self, head: HeadName) -> Curve:
        """Return them without their intervals."""
        return tuple((point.per_100, point.risk) for point in self.points(head))


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """What was measured, when, on what, and which rates were asked for."""

    model: str
    """Version of the judge. Risks of another one mean something else."""
    encoder: str
    stamp: str
    """That of the index: encoder, sketches, format."""
    corpus: str
    """Which state of which store it was."""
    corpus_posts: int
    made_at: datetime
    seed: int
    sample: int
    alarms_per_100: float
    reviews_per_100: float
    templates_per_100: float
    general: Scale
    brands: Mapping[str, Scale]

    def to_dict(self) -> dict[str, Any]:
        """Return plain values."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        brands = {name: _plain(scale) for name, scale in self.brands.items()}
        return {
            "version": VERSION, **values, "made_at": self.made_at.isoformat(timespec="seconds"),
            "general": _plain(self.general), "brands": brands,
        }  # fmt: skip


def calibration_of(document: object) -> Calibration:
    """Return the calibration that plain values say.

    Raises:
        CalibrationError: they say none, or one of another version.
    """
    kinds = {field.name: _KINDS.get(str(field.type), dict) for field in fields(Calibration)}
    if isinstance(document, dict) and document.get("version") != VERSION:
        raise CalibrationError(f"version must be {VERSION}, got {str(document.get('version'))[:40]}")
    values = _checked(document, {"version": int, **kinds, "made_at": str}, "the calibration")
    del values["version"]
    values["made_at"] = _time(values["made_at"])
    values["general"] = _scale(values["general"], "general")
    if len(values["brands"]) > MOST_BRANDS or any(len(name) > LONGEST for name in values["brands"]):
        raise CalibrationError(f"brands must be at most {MOST_BRANDS} short names")
    values["brands"] = {name: _scale(scale, "a brand") for name, scale in values["brands"].items()}
    found = Calibration(**values)
    rates = {"copied": {found.alarms_per_100, found.reviews_per_100}, "template": {found.templates_per_100}}
    for scale in (found.general, *found.brands.values()):
        for head in HEADS:
            if not rates[head] <= {point.per_100 for point in scale.points(head)}:
                raise CalibrationError(f"{head} must hold a point at each rate that was asked for")
    return found


_KINDS: dict[str, Any] = {"str": str, "int": int, "float": (int, float)}


def _plain(scale: Scale) -> dict[str, Any]:
    points: dict[str, Any] = {head: [[p.per_100, p.risk, p.low, p.high] for p in scale.points(head)] for head in HEADS}
    return {**asdict(scale), **points}


def _scale(document: object, where: str) -> Scale:
    kinds = {field.name: _KINDS.get(str(field.type), list) for field in fields(Scale)}
    values = _checked(document, kinds, where)
    for head in HEADS:
        values[head] = tuple(_point(value, f"{where}.{head}") for value in values[head])
        try:
            curve_of([(point.per_100, point.risk) for point in values[head]], f"{where}.{head}")
        except ModelError as error:
            raise CalibrationError(str(error)) from error
    return Scale(**values)


def _point(value: object, where: str) -> Point:
    if not isinstance(value, list) or len(value) != 4 or not all(_is_figure(each) for each in value):
        raise CalibrationError(f"{where}: a point is [rate, risk, low, high], got {str(value)[:40]}")
    point = Point(*map(float, value))
    if not 0 <= point.low <= point.risk <= point.high <= 1:
        raise CalibrationError(f"{where}: a risk must lie in its interval, got {str(value)[:40]}")
    return point


def _checked(document: object, kinds: Mapping[str, Any], where: str) -> dict[str, Any]:
    """Return the fields of an object that has exactly these."""
    if not isinstance(document, dict):
        raise CalibrationError(f"{where} must be an object in braces, got {str(document)[:40]}")
    if wrong := sorted(set(document) ^ set(kinds)):
        raise CalibrationError(f"{where} must hold {', '.join(kinds)}; missing or unknown: {', '.join(wrong)[:80]}")
    for name, kind in kinds.items():
        value = document[name]
        fits = isinstance(value, kind) and not isinstance(value, bool)
        if fits and isinstance(value, int | float):
            fits = _is_figure(value) and 0 <= value <= _MOST_POSTS
        if not fits or (isinstance(value, str) and len(value) > LONGEST):
            raise CalibrationError(f"{where}: {name} has a wrong value, got {str(value)[:40]}")
    return dict(document)


def _is_figure(value: object) -> bool:
    if not isinstance(value, int | float) or isinstance(value, bool):
        return False
    return abs(value) <= _MOST_POSTS and math.isfinite(value)


def _time(text: str) -> datetime:
    try:
        time = datetime.fromisoformat(text)
    except ValueError as error:
        raise CalibrationError(f"made_at must be an ISO time, got {text[:40]}") from error
    if time.tzinfo is None:
        raise CalibrationError(f"made_at needs its zone, got {text[:40]}")
    return time
