"""How long opening an index and checking a draft take, in one process on one thread.

    python benchmarks/latency.py [--encoder default|fast]

Needs ../shared/bench: opens the index of its 8,060 posts (made on the first run) and checks real drafts of about 140
characters, warm. Prints the time of each stage, so that a slow one shows.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import time
from pathlib import Path

os.environ["ORIGINALITY_THREADS"] = "1"  # before torch is loaded
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.common import BENCH, bench_index, read_jsonl, require_bench
from originality import Checker, sketch
from originality.clean import clean
from originality.index import open_index

LENGTHS = range(125, 156)
DRAFTS = 100


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--encoder", default="default")
    arguments = parser.parse_args()
    require_bench()
    index, encoder = bench_index(arguments.encoder)
    folder = index.folder
    index.close()
    texts = [case["text"] for case in read_jsonl(BENCH / "cases.jsonl") if len(case["text"]) in LENGTHS][:DRAFTS]

    began = time.perf_counter()
    with open_index(folder) as index:
        index.near_sketches(sketch.signatures([clean(texts[0]).letters])[0], 1)  # loads the search files
        print(f"open {index.info().posts} posts, search files included: {time.perf_counter() - began:.2f} s")
        checker = Checker(index, encoder)
        checker.check(texts[0])
        times = sorted(checker.check(text).elapsed_ms for text in texts)
        encoding = sorted(_timed(lambda text=text: encoder.encode_parts([clean(text).units()])) for text in texts)
    print(
        f"{len(times)} warm checks of {LENGTHS.start} to {LENGTHS.stop - 1} characters, encoder {arguments.encoder}: "
        f"p50 {statistics.median(times):.0f} ms, p95 {times[int(0.95 * len(times))]:.0f} ms; "
        f"of which embedding p50 {statistics.median(encoding):.0f} ms"
    )
    return 0


def _timed(work: object) -> float:
    began = time.perf_counter()
    work()  # type: ignore[operator]
    return 1000 * (time.perf_counter() - began)


if __name__ == "__main__":
    sys.exit(main())
