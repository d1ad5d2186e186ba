"""Wrong sources as a check meets them: what our own retrieval brings for drafts whose source is not in the corpus.

Real posts are set against an index of other real posts, and so are drafts that were written for training; the pairs
that a check would give to the cross-encoder are kept. So it learns from what it will have to read: posts on one topic,
with one trade's formulae, tails and headlines, of which neither was made from the other. Nothing of the bench is in
them, neither its corpus nor its cases.
"""

from __future__ import annotations

import json
import random
import time
from collections.abc import Sequence

import numpy as np

from benchmarks.common import WORK, bench_index
from benchmarks.wrong_sources import real_posts, same_text
from originality import score
from originality.checker import examine
from originality.clean import clean
from originality.score.opinion import worth_reading
from originality.settings import Settings

CORPUS = 7_000  # posts that are searched in
DRAFTS = 1_800  # real posts that are searched for
TOLD_EVERY = 500


def mined_pairs(written: Sequence[str], rng: random.Random) -> list[tuple[str, str]]:
    """Return pairs of a draft, real or written, and a real post that is not its source; both cleaned.

    A pair whose wording alone would raise an alarm is left out: it may be a copy.
    """
    posts = real_posts(rng, CORPUS + DRAFTS)
    corpus, drafts = posts[:CORPUS], [*posts[CORPUS:], *written]
    path = WORK / "mined.jsonl"
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = [json.dumps({"post_id": f"m{i}", "account": f"m{i}", "text": text}) for i, text in enumerate(corpus)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    index, encoder = bench_index("default", path)
    judge, settings = score.load_model(), Settings()  # without the cross-encoder
    pairs: list[tuple[str, str]] = []
    began = time.monotonic()
    for count, text in enumerate(drafts, 1):
        draft = clean(text)
        found = examine(draft, index, encoder, settings).pairs if draft.letters else ()
        rows = np.array([pair.features.row() for pair in found]).reshape(len(found), len(score.NAMES))
        sums = judge.copied.raw(rows)
        for i in worth_reading(rows, sums):
            source = found[i].source.clean.text
            if judge.copied.calibrated(sums[i]) < judge.alarm and not same_text(draft.text, source):
                pairs.append((draft.text, source))
        if count % TOLD_EVERY == 0 or count == len(drafts):
            print(f"{count} of {len(drafts)} drafts, {time.monotonic() - began:.0f} s: {len(pairs)} wrong sources")
    index.close()
    return pairs
