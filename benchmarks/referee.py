"""What the referee of the bench says about results, and thresholds that one part of the bench sets for the other.

The figures are those of ../shared/bench/score.py, whoever is judged: its functions and its report are used as they are.
"""

from __future__ import annotations

import functools
import importlib.util
import json
import random
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.common import BENCH, WORK, read_jsonl

FOLDER = WORK / "quality"
ALARMS = 0.01  # share of the clean drafts of one part of the bench that its threshold lets through
SEED = 7


@dataclass(frozen=True, slots=True)
class Bench:
    """The labelled drafts, or a sample of them, with the file that the referee reads them from."""

    path: Path
    cases: tuple[dict[str, Any], ...]


def bench(limit: int | None = None) -> Bench:
    """Return the drafts of the bench.

    Args:
        limit: how many, drawn with a seed; None for all.
    """
    path = BENCH / "cases.jsonl"
    cases = tuple(read_jsonl(path))
    if limit is None or limit >= len(cases):
        return Bench(path, cases)
    chosen = set(random.Random(SEED).sample(range(len(cases)), limit))
    sample = tuple(case for i, case in enumerate(cases) if i in chosen)
    path = FOLDER / f"cases-{limit}.jsonl"
    write(path, sample)
    return Bench(path, sample)


def write(path: Path, rows: Iterable[Mapping[str, Any]]) -> None:
    """Write objects as JSON Lines."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")


def report(drafts: Bench, results: Sequence[Mapping[str, Any]], name: str) -> dict[str, Any]:
    """Return the referee's report as it writes it.

    Args:
        drafts: which drafts were judged.
        results: one for each, in the referee's contract.
        name: of the file under build/bench/quality in which the results are kept.

    Raises:
        RuntimeError: the referee refuses the results.
    """
    path = FOLDER / f"{name}.jsonl"
    write(path, results)
    out = path.with_suffix(".json")
    command = [sys.executable, str(BENCH / "score.py"), str(drafts.path), str(path), "--json", str(out)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"The referee refuses {path}: {done.stderr.strip()}")
    said: dict[str, Any] = json.loads(out.read_text(encoding="utf-8"))
    return said


def with_verdicts(
    drafts: Bench, results: Sequence[Mapping[str, Any]], parts: Mapping[str, int]
) -> list[dict[str, Any]]:
    """Return results with a verdict at the threshold that the clean drafts of the other part set.

    Args:
        drafts: which drafts were judged.
        results: one for each, in any order, with the risk.
        parts: 0 or 1 for each draft.
    """
    clean: dict[int, list[float]] = {0: [], 1: []}
    risk = {result["id"]: float(result["risk"]) for result in results}
    for case in drafts.cases:
        if case["expect"] == "clean" and not case.get("unsure"):
            clean[parts[case["id"]]].append(risk[case["id"]])
    at = {part: threshold(clean[1 - part]) for part in clean}
    return [
        {**result, "verdict": "copied" if float(result["risk"]) > at[parts[result["id"]]] else "original"}
        for result in results
    ]


def threshold(clean: Sequence[float]) -> float:
    """Return the risk above which the referee counts one clean draft in a hundred, as it computes it."""
    return float(_score().threshold_at(list(clean), ALARMS))


@functools.cache
def _score() -> Any:
    spec = importlib.util.spec_from_file_location("bench_score", BENCH / "score.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
