"""What the tests of the calibration share: a model with a curve, a calibration, and the demo corpus in an index."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from importlib import resources
from pathlib import Path
from typing import Any

from originality import Checker
from originality.calibration import Calibration, CalibrationFile, Point, Scale
from originality.models import Post
from originality.score import load_model
from originality.score.model import RATES
from originality.settings import Settings
from tests.corpus import indexed
from tests.fakes import FakeEncoder

DEMO = Path(__file__).resolve().parents[1] / "demo" / "posts"
STAMP = "v2;fake"
COPIED = [0.98, 0.95, 0.9, 0.8, 0.7, 0.65, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1, 0.05]
TEMPLATE = [0.5, 0.4, 0.3, 0.25, 0.2, 0.15, 0.1, 0.08, 0.07, 0.06, 0.05, 0.04, 0.03]


def content(**changes: Any) -> dict[str, Any]:
    """Return the shipped model's JSON with a curve of this file and its thresholds."""
    text = resources.files("originality.score").joinpath("model.json").read_text(encoding="utf-8")
    curve = {"per_100": list(RATES), "copied": COPIED, "template": TEMPLATE}
    thresholds = {"alarm": 0.7, "review": 0.4, "template_review": 0.08}
    return {**json.loads(text), "thresholds": thresholds, "curve": curve, **changes}


def points(*risks: float) -> tuple[Point, ...]:
    """Return points at 1, 2, 5, 6, 10 and 20 per 100, each with an interval of a tenth of its risk."""
    rates = (1.0, 2.0, 5.0, 6.0, 10.0, 20.0)
    return tuple(Point(rate, risk, 0.9 * risk, min(1.0, 1.1 * risk)) for rate, risk in zip(rates, risks, strict=True))


def scale(*risks: float) -> Scale:
    return Scale(
        posts=300, accounts=5, left_out=100,
        copied=points(*risks or (0.9, 0.8, 0.6, 0.5, 0.3, 0.1)), template=points(0.4, 0.3, 0.2, 0.15, 0.1, 0.05),
    )  # fmt: skip


def calibration(**changes: Any) -> Calibration:
    plain = Calibration(
        model=load_model().version, encoder="fake@1", stamp=STAMP, corpus="store.7", corpus_posts=456,
        made_at=datetime(2026, 11, 28, 10, tzinfo=UTC), seed=0, sample=400, alarms_per_100=1.0, reviews_per_100=6.0,
        templates_per_100=5.0, general=scale(), brands={},
    )  # fmt: skip
    return replace(plain, **changes)


def put(checker: Checker, **changes: Any) -> None:
    """Calibrate the index of a checker as this file says."""
    known = {"stamp": checker.index.info().stamp, "model": checker.shipped.version}
    CalibrationFile(checker.index.folder).write(calibration(**{**known, **changes}))


def demo_posts() -> list[Post]:
    lines = [line for path in sorted(DEMO.glob("*.jsonl")) for line in path.read_text("utf-8").splitlines()]
    posts = [json.loads(line) for line in lines]
    return [Post(**{**post, "published_at": datetime.fromisoformat(post["published_at"])}) for post in posts]


@contextmanager
def checker_over(folder: Path, posts: list[Post] | None = None, **settings: Any) -> Iterator[Checker]:
    """Give a checker over some posts, with the encoder of the tests."""
    encoder = FakeEncoder()
    with indexed(folder, posts, encoder) as index:
        yield Checker(index, encoder, Settings(**settings))
