"""Are copies in disguise found, flagged and named, and is nobody accused for it?

    python benchmarks/disguise.py                copies of posts of the bench corpus, each way of disguise
    python benchmarks/disguise.py --clean        clean drafts of the bench, checked with and without unmasking

Needs ../shared and the package pypinyin. The first run indexes the corpus under build/bench. Copies are made with a
seed; a way takes only posts that offer what it disguises. `plain` are the same posts copied as they are. `several` is
named where two kinds are.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any
from unittest.mock import patch

os.environ.setdefault("ORIGINALITY_THREADS", "1")  # before torch is loaded
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks import common
from benchmarks.disguises import WAYS
from originality import Checker, sketch
from originality.clean import clean
from originality.models import CheckResult

LEAST_LETTERS = 40
SAME = 0.6  # resemblance from which another post of the corpus carries the same text


def main() -> int:
    """Make the copies, check them, print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--encoder", default="default")
    parser.add_argument("--count", type=int, default=120, help="copies of each kind")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--kinds", nargs="*", default=["plain", *WAYS])
    parser.add_argument("--off", action="store_true", help="without unmasking")
    parser.add_argument("--clean", action="store_true", help="clean drafts, with and without unmasking")
    parser.add_argument("--most", type=int, default=10_000, help="clean drafts looked at")
    parser.add_argument("--show", action="store_true", help="print the copies that were not flagged")
    arguments = parser.parse_args()
    common.require_bench()
    index, encoder = common.bench_index(arguments.encoder)
    with Checker(index, encoder) as checker:
        if arguments.clean:
            _clean(checker, arguments.most)
        else:
            with _off() if arguments.off else nullcontext():
                for kind in arguments.kinds:
                    _kind(checker, kind, arguments)
    return 0


def _kind(checker: Checker, kind: str, arguments: argparse.Namespace) -> None:
    """Check the copies of one kind and print a row."""
    counts: Counter[str] = Counter()
    others: Counter[str] = Counter()
    began = time.process_time()
    for post_id, source, text in _copies(kind, arguments.count, arguments.seed):
        result = checker.check(text)
        kinds = {item.kind for item in result.disguises}
        counts["copies"] += 1
        counts["first"] += bool(result.matches) and (
            result.matches[0].post_id == post_id or _same(result.matches[0].text, source)
        )
        counts["flagged"] += result.is_alarm
        counts["named"] += len(kinds) > 1 if kind == "several" else kind in kinds
        others.update(kinds - {kind})
        if arguments.show and not result.is_alarm:
            print(f"  {result.verdict} {result.risk:.2f} {text!r}")
    total = max(1, counts["copies"])
    shares = "  ".join(f"{name} {counts[name] / total:.3f}" for name in ("first", "flagged", "named"))
    took = 1000 * (time.process_time() - began) / total
    print(
        f"{kind:12} {total:4} copies  {shares}  {took:.0f} CPU ms each  also named {dict(others.most_common(5))}",
        flush=True,
    )


def _copies(kind: str, count: int, seed: int) -> Iterator[tuple[str, str, str]]:
    """Yield (post id, the post's own words, the same in disguise)."""
    posts = [*common.read_jsonl(common.BENCH / "corpus.jsonl")]
    random.Random(seed).shuffle(posts)
    made = 0
    for post in posts:
        cleaned = clean(post["text"])
        if len(cleaned.letters) < LEAST_LETTERS or set(post["text"]) & set("#@"):
            continue  # what stands in a hashtag is compared by nobody, disguised or not
        own = " ".join(post["text"][slice(*cleaned.original_span(0, len(cleaned.text)))].split())
        chance = random.Random(f"{seed} {kind} {post['post_id']}")
        text = own if kind == "plain" else WAYS[kind](own, chance)
        if text:
            yield post["post_id"], post["text"], text
            made += 1
        if made == count:
            return


def _same(text: str, source: str) -> bool:
    ours, theirs = sketch.signatures([clean(text).letters, clean(source).letters])
    return float(sketch.resemblance(ours, theirs[None])[0]) >= SAME


def _off() -> AbstractContextManager[object]:
    """Give a world without unmasking."""
    return patch("originality.judgement.unmask", return_value=())


def _timed(checker: Checker, text: str) -> tuple[CheckResult, float]:
    """Check a draft; return the result and the milliseconds of processor time: other work may share the machine."""
    began = time.process_time()
    result = checker.check(text)
    return result, 1000 * (time.process_time() - began)


def _clean(checker: Checker, most: int) -> None:
    """Check the clean drafts twice and print the alarms that unmasking brings, and what it costs."""
    new: list[Any] = []
    took: list[float] = []
    within: list[float] = []
    alarms = named = 0
    for case in common.read_jsonl(common.BENCH / "cases.jsonl"):
        if case["expect"] == "copied" or len(took) == most:
            continue
        with patch("originality.judgement.is_suspicious", return_value=False), _off():
            before, cost = _timed(checker, case["text"])
        after, cost_within = _timed(checker, case["text"])
        alarms += before.is_alarm
        named += bool(after.disguises)
        took.append(cost)
        within.append(cost_within)
        if after.is_alarm and not before.is_alarm:
            new.append(f"  {case['id']} {before.risk:.2f} -> {after.risk:.2f}")
    count = len(took)
    extra = sorted(b - a for a, b in zip(took, within, strict=True))
    print(f"{count} clean drafts: {alarms} alarms without unmasking, {len(new)} new with it, {named} named a disguise")
    mean, mean_within, late = sum(took) / count, sum(within) / count, extra[int(0.95 * count)]
    print(
        f"CPU ms: mean {mean:.1f} without, {mean_within:.1f} with; extra median {extra[count // 2]:.1f}, p95 {late:.1f}"
    )
    print("\n".join(new))


if __name__ == "__main__":
    sys.exit(main())
