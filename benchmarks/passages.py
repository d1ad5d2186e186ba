"""Passages read in their text against passages read for themselves: does the source of a draft come first?

    python benchmarks/passages.py            about ten minutes on one core, nearly all of it embedding

For each draft of the bench, the posts are ranked by their vectors alone, as retrieval does it: each unit of the draft
(the whole text, its passages) gives its nearest posts what their cosine is above that of its 20th nearest text. Prints
the share of drafts whose source is first, and among the first 5 and 12, and how long embedding took.
"""

from __future__ import annotations

import os
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

os.environ["ORIGINALITY_THREADS"] = "1"  # before torch is loaded
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np
from numpy.typing import NDArray

from benchmarks.common import BENCH, read_jsonl, require_bench
from originality.clean import clean
from originality.embed import load_encoder
from originality.embed.passages import separately
from originality.retrieve import BACKGROUND_RANK, PASSAGE_LIMIT, TEXT_LIMIT

CLASSES = ("heavy", "splice", "light", "natural_copy", "natural_partial")
Units = tuple[str, ...]
Rows = NDArray[np.float32]


def main() -> int:
    """Embed both ways, rank, print."""
    require_bench()
    encoder = load_encoder("default")
    posts = {post["post_id"]: clean(post["text"]).units() for post in read_jsonl(BENCH / "corpus.jsonl")}
    posts = {post_id: units for post_id, units in posts.items() if units}
    cases = [case for case in read_jsonl(BENCH / "cases.jsonl") if case["cls"] in CLASSES]
    drafts = [clean(case["text"]).units() for case in cases]
    ways: dict[str, Callable[[Sequence[Units]], list[Rows]]] = {
        "read in their text": encoder.encode_parts,
        "read for themselves": lambda groups: separately(groups, encoder.encode),
    }
    for name, embed in ways.items():
        began = time.process_time()
        stored = dict(zip(posts, embed(list(posts.values())), strict=True))
        asked = embed(drafts)
        print(f"passages {name}: {time.process_time() - began:.0f} CPU s for {len(posts)} posts, {len(drafts)} drafts")
        _print(cases, [_ranking(rows, stored) for rows in asked])
    return 0


def _ranking(draft: Rows, stored: Mapping[str, Rows]) -> list[str]:
    """Return the posts that rise above the background, best first."""
    owners = [post_id for post_id, rows in stored.items() for _ in rows]
    cosines = draft @ np.concatenate(list(stored.values())).T
    scores: dict[str, float] = defaultdict(float)
    for i, values in enumerate(cosines):
        nearest = np.argsort(-values)[:TEXT_LIMIT]
        background = values[nearest[BACKGROUND_RANK - 1]]
        best: dict[str, float] = {}
        for k in nearest:
            if i == 0 or len(best) < PASSAGE_LIMIT:
                best.setdefault(owners[k], float(values[k] - background))
        for post_id, rise in best.items():
            scores[post_id] += max(0.0, rise)
    return [post_id for post_id in sorted(scores, key=lambda key: -scores[key]) if scores[post_id] > 0]


def _print(cases: Sequence[Mapping[str, object]], rankings: Sequence[Sequence[str]]) -> None:
    for cls in CLASSES:
        ranks = [
            ranking.index(str(case["source"])) if case["source"] in ranking else len(ranking) + 100
            for case, ranking in zip(cases, rankings, strict=True)
            if case["cls"] == cls
        ]
        shares = "  ".join(f"@{depth} {np.mean(np.array(ranks) < depth):.3f}" for depth in (1, 5, 12))
        print(f"  {cls:18}{len(ranks):5}  {shares}")


if __name__ == "__main__":
    sys.exit(main())
