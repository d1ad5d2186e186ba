"""Run the whole path over the labelled cases and let the referee judge it.

    python benchmarks/bench.py                    shipped model (it has seen these cases: not for quoting)
    python benchmarks/bench.py --cross-validated  every case judged by a model that never saw its source
    python benchmarks/bench.py --cross-validated --control   also with the sources taken out of the corpus

Needs ../shared/bench. The first run indexes its corpus (8,060 posts) under build/bench; `benchmarks/train.py` makes the
models that `--cross-validated` needs. Timings are those of one process on one thread.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

os.environ.setdefault("ORIGINALITY_THREADS", "1")  # before torch is loaded
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.common import BENCH, WORK, bench_index, read_jsonl, require_bench
from originality import Checker
from originality.embed import Encoder
from originality.index import LocalIndex
from originality.score import Model
from originality.score.model import parse_model

FOLDS = WORK / "folds.json"


def main() -> int:
    """Index, check, judge."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--encoder", default="default")
    parser.add_argument("--cross-validated", action="store_true")
    parser.add_argument("--control", action="store_true", help="also check against a corpus without the sources")
    parser.add_argument("--json", type=Path, help="write the referee's report here")
    arguments = parser.parse_args()
    require_bench()
    model_of = _fold_models(arguments.encoder) if arguments.cross_validated else lambda case: None
    index, encoder = bench_index(arguments.encoder)
    results = WORK / f"results-{arguments.encoder}.jsonl"
    check_cases(index, encoder, model_of, results)
    referee = [sys.executable, str(BENCH / "score.py"), str(BENCH / "cases.jsonl"), str(results)]
    if arguments.control:
        referee += ["--control", str(_control(arguments.encoder, model_of))]
    if arguments.json:
        referee += ["--json", str(arguments.json)]
    return subprocess.run(referee, check=False).returncode


def check_cases(
    index: LocalIndex, encoder: Encoder, model_of: Callable[[dict[str, Any]], Model | None], results: Path
) -> None:
    """Check every case and write the results as JSON Lines; print how long checks took."""
    checkers: dict[int, Checker] = {}
    times = []
    with results.open("w", encoding="utf-8") as out:
        for case in read_jsonl(BENCH / "cases.jsonl"):
            model = model_of(case)
            checker = checkers.setdefault(id(model), Checker(index, encoder, model=model))
            result = checker.check(case["text"], id=case["id"])
            times.append(result.elapsed_ms)
            out.write(json.dumps(result.to_dict(), ensure_ascii=False) + "\n")
    times.sort()
    middle, late = times[len(times) // 2], times[int(0.95 * len(times))]
    print(f"{len(times)} checks, one thread: p50 {middle:.0f} ms, p95 {late:.0f} ms, {time.process_time():.0f} CPU s")


def _control(encoder_setting: str, model_of: Callable[[dict[str, Any]], Model | None]) -> Path:
    corpus = WORK / "control.jsonl"
    command = [sys.executable, str(BENCH / "score.py"), "--control-corpus", str(BENCH / "cases.jsonl")]
    subprocess.run([*command, str(BENCH / "corpus.jsonl"), str(corpus)], check=True)
    index, encoder = bench_index(encoder_setting, corpus)
    results = WORK / f"results-{encoder_setting}-control.jsonl"
    check_cases(index, encoder, model_of, results)
    return results


def _fold_models(encoder: str) -> Callable[[dict[str, Any]], Model | None]:
    if not FOLDS.exists():
        sys.exit("No cross-validation models: make them with  python benchmarks/train.py")
    content = json.loads(FOLDS.read_text(encoding="utf-8"))
    models = [parse_model(fold, fold["opinion"]["reader"] if encoder == "default" else "") for fold in content["folds"]]
    return lambda case: models[content["fold_of"][case["id"]]]


if __name__ == "__main__":
    sys.exit(main())
