"""The phases of `scale.py` that read: opening, checks by stage, recall of the planted copies.

Each returns plain figures; times in milliseconds, on the clock and of the processor.
"""

from __future__ import annotations

import gc
import time
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.scale_corpus import Draft
from benchmarks.scale_stages import Stopwatch, memory, quantiles
from originality import Checker, judgement, score, sketch
from originality.clean import clean
from originality.embed import Encoder
from originality.index import LocalIndex, open_index
from originality.models import CheckResult

WARM = 20  # checks before the first that counts
STAGES: dict[str, list[tuple[Any, str]]] = {
    "embed": [],
    "fingerprints": [(LocalIndex, "carriers")],
    "sketches": [(LocalIndex, "near_sketches"), (LocalIndex, "signatures")],
    "vectors": [(LocalIndex, "near_texts")],
    "posts": [(LocalIndex, "posts_at")],
    "retrieve (merge)": [(judgement, "retrieve")],
    "boilerplate": [(judgement, "find_boilerplate")],
    "word counts": [(LocalIndex, "word_counts")],
    "source vectors": [(LocalIndex, "parts")],
    "align": [(judgement, "align")],
    "weigh": [(score, "weigh"), (score, "compare"), (score, "context")],
    "draft side, source sides": [(judgement, "_pairs")],
    "judge": [(score, "judge"), (score, "decide"), (score, "shown")],
}


def open_times(folder: Path, draft: str) -> dict[str, float]:
    """Return the seconds that opening takes, search files included, after imports."""
    import faiss  # noqa: F401  # as in a process that has imported the package's parts

    signature = sketch.signatures([clean(draft).letters])[0]
    began = time.perf_counter()
    with open_index(folder) as index:
        index.near_sketches(signature, 1)
        return {"open_s": round(time.perf_counter() - began, 3)}


def check_latency(checker: Checker, drafts: Sequence[Draft]) -> dict[str, Any]:
    """Check drafts on a warm index; return quantiles by stage and in total, in ms."""
    totals: dict[str, list[float]] = {"wall": [], "cpu": []}
    stages: dict[str, list[float]] = defaultdict(list)
    for draft in drafts[:WARM]:
        checker.check(draft.text)
    for draft in drafts[WARM:]:  # without the stopwatch: it costs some microseconds a call
        began = (time.perf_counter(), time.thread_time())
        checker.check(draft.text)
        for name, since, clock in zip(totals, began, (time.perf_counter, time.thread_time), strict=True):
            totals[name].append(1000 * (clock() - since))
    places: dict[str, list[tuple[Any, str]]] = {**STAGES, "embed": [(type(checker.encoder), "encode_parts")]}
    for draft in drafts[WARM:]:
        watch = Stopwatch()
        with watch.watching(places), watch.stage("clean, rest"):
            checker.check(draft.text)
        for name in (*places, "clean, rest"):
            stages[name].append(1000 * watch.seconds[name][1])
    return {
        "checks": len(totals["wall"]),
        "total_ms": quantiles(totals["wall"]),
        "total_cpu_ms": quantiles(totals["cpu"]),
        "stages_cpu_ms": {name: quantiles(values) for name, values in stages.items()},
        "memory_mb": memory(),
    }


def recall(checker: Checker, drafts: Sequence[Draft]) -> dict[str, Any]:
    """Return by kind of copy in which share the source is among the matches, and in which the draft is flagged."""
    found: dict[str, list[tuple[bool, bool]]] = defaultdict(list)
    for draft in drafts:
        result = checker.check(draft.text)
        found[draft.kind].append((_names(result, draft.source), result.is_alarm))
    return {
        kind: {
            "drafts": len(pairs),
            "source_found": round(sum(named for named, _ in pairs) / len(pairs), 3),
            "flagged": round(sum(alarm for _, alarm in pairs) / len(pairs), 3),
            "found_and_flagged": round(sum(named and alarm for named, alarm in pairs) / len(pairs), 3),
        }
        for kind, pairs in found.items()
    }


def _names(result: CheckResult, source: str) -> bool:
    """Say whether a match has the source's letters: the same post may be there under several ids."""
    return bool(source) and any(clean(match.text).letters == source for match in result.matches)


def read_phase(folder: Path, encoder: Encoder, drafts: Sequence[Draft]) -> dict[str, Any]:
    """Open, check, and measure all of it, in a process that has done nothing else."""
    figures: dict[str, Any] = {**open_times(folder, drafts[0].text)}
    gc.collect()
    figures["memory_before_mb"] = memory()
    with Checker(open_index(folder), encoder) as checker:
        own = [draft for draft in drafts if draft.kind == "own"]
        figures["latency"] = check_latency(checker, own)
        figures["recall"] = recall(checker, drafts)
    return figures
