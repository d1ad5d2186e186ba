"""How much faster `check_many` is than checking one by one, and whether it says the same.

    python benchmarks/check_many.py [--drafts 1000] [--workers N] [--encoder fast]

Indexes the demo corpus and checks drafts made of its own posts: as they are, with their ends cut off, and two halves
joined. Prints both times with and without the start of the processes; exits with 1 where a result differs.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.common import ROOT, WORK
from originality import Checker, CheckResult, Draft
from originality.build import build
from originality.collect import open_source
from originality.embed import load_encoder
from originality.index import open_index
from originality.workers import cores


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--drafts", type=int, default=1000)
    parser.add_argument("--workers", type=int, default=cores())
    parser.add_argument("--encoder", default="fast")
    arguments = parser.parse_args()
    folder = demo_index(arguments.encoder)
    with Checker.open(folder) as checker:
        drafts = list(drafts_of(checker, arguments.drafts))
        list(checker.check_many(drafts[:5], workers=1))  # loads the model, the search files and the dictionary
        began = time.perf_counter()
        alone = [checker.check(draft.text, id=draft.id, account=draft.account) for draft in drafts]
        one_by_one = time.perf_counter() - began
        began = time.perf_counter()
        together = list(checker.check_many(iter(drafts), workers=arguments.workers))
        shared = time.perf_counter() - began
    differing = sum(plain(one) != plain(other) for one, other in zip(alone, together, strict=True))
    print(
        f"{len(drafts)} drafts, {cores()} cores, encoder {arguments.encoder}, load {os.getloadavg()[0]:.1f}: "
        f"one by one {one_by_one:.1f} s, {arguments.workers} processes {shared:.1f} s with their start: "
        f"{one_by_one / shared:.2f} times as fast; {differing} results differ"
    )
    return 1 if differing else 0


def demo_index(encoder_setting: str) -> Path:
    """Return the index of the demo corpus, built where it is missing."""
    encoder = load_encoder(encoder_setting)
    folder = WORK / f"index-demo-{encoder_setting}"
    with open_index(folder, encoder=encoder_setting, encoder_name=encoder.name) as index:
        build(open_source([ROOT / "demo" / "posts"]), index, encoder)
    return folder


def drafts_of(checker: Checker, count: int) -> Iterator[Draft]:
    """Yield drafts that are copied, cut and joined from the posts of an index, by their own accounts or by others."""
    posts = list(checker.index.posts())
    for i in range(count):
        post, other = posts[i % len(posts)], posts[(i * 7 + 3) % len(posts)]
        half = len(post.text) // 2
        text = (post.text, post.text[: 2 * half - 4], post.text[:half] + other.text[len(other.text) // 2 :])[i % 3]
        yield Draft(text=text, id=str(i), account=post.account if i % 2 else "")


def plain(result: CheckResult) -> dict[str, Any]:
    """Return a result without the time it took."""
    return {name: value for name, value in result.to_dict().items() if name != "elapsed_ms"}


if __name__ == "__main__":
    sys.exit(main())
