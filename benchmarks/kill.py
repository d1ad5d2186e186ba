"""kill -9 at random moments of everything that changes an index; and one writer beside eight readers.

    python benchmarks/kill.py --rounds 200 [--only collect,embed,snapshot,forget,mend,upgrade,backup]
    python benchmarks/kill.py --readers [--seconds 600]

After each kill the index must open, the doctor must find nothing wrong, and the same command again must lead to the
same posts, derived rows, vectors, signatures and findings of reports as one that nobody has disturbed. A little encoder
stands in for the real one. "embed" counts only the moments of a build in which texts are embedded, "snapshot" those in
which the search files are written, every other one by the clock.

With --readers one process adds, changes and deletes posts all the time, and eight others read: none may ever see a post
without its fingerprints, signature or vectors, and in the end nothing may be lost.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path

os.environ["ORIGINALITY_THREADS"] = os.environ["OMP_NUM_THREADS"] = "1"  # threads do not survive a fork
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.killing import killed_rounds
from tests.killing_works import WORKS
from tests.reading_along import read_along


def main() -> int:
    """Run, print a line per command, and fail where anything was found."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--only", default=",".join(WORKS))
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--readers", action="store_true")
    parser.add_argument("--seconds", type=float, default=600)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        if arguments.readers:
            return _readers(Path(folder), arguments.seconds)
        kinds = arguments.only.split(",")
        return max([_rounds(kind, arguments.rounds, Path(folder) / kind, arguments.seed) for kind in kinds])


def _rounds(kind: str, rounds: int, folder: Path, seed: int) -> int:
    began = time.monotonic()
    outcome = killed_rounds(kind, rounds, folder, seed=seed)
    print(
        f"{kind:9s} {outcome.rounds} rounds, {outcome.killed} killed before the end, {len(outcome.states)} different "
        f"states left, {len(outcome.faults)} faults, {time.monotonic() - began:.0f} s",
        flush=True,
    )
    for fault in outcome.faults[:10]:
        print(f"          {fault}", flush=True)
    return int(bool(outcome.faults))


def _readers(folder: Path, seconds: float) -> int:
    seen = read_along(folder, seconds)
    print(
        f"{seen.seconds:.0f} s: {seen.written} posts written, {seen.deleted} deleted in {seen.batches} batches; "
        f"8 readers looked {seen.looks} times at {seen.posts_seen} posts; {len(seen.faults)} faults"
    )
    for fault in seen.faults[:10]:
        print(f"  {fault}")
    return int(bool(seen.faults))


if __name__ == "__main__":
    sys.exit(main())
