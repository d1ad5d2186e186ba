"""Find the posts that a draft may come from: three ways, merged, nothing verified yet.

(a) winnowed fingerprints in the store: any shared run of 8 letters is certain to be found, however little of the
    draft it is; each counts by its rarity, and what more than `df_cap` posts carry retrieves nothing;
(b) MinHash sketches in FAISS: whole near-copies, short ones too;
(c) embeddings in FAISS, of the whole text and of its passages: rewrites that share no wording.

Each way gives its own best, so that a flood of one kind never crowds out another.
"""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from originality import sketch
from originality.embed import Encoder
from originality.index import Index
from originality.models import Candidate, CleanText
from originality.settings import Settings

SKETCH_LIMIT = 10  # nearest sketches looked at
TEXT_LIMIT = 25  # nearest whole texts: the source of a rewrite is among 20 in 97% of cases
PASSAGE_LIMIT = 10  # nearest passages per passage of the draft


@dataclass(frozen=True, slots=True, kw_only=True)
class Retrieved:
    """Candidates and what was learned of the draft on the way."""

    candidates: tuple[Candidate, ...]
    vectors: NDArray[np.float32]
    """The draft's vectors: whole text first, then passages; shape (n, dim)."""
    carriers: dict[int, list[int]]
    """Rows that carry each of the draft's shingles, at most `df_cap` + 1 of each."""
    background: float
    """Cosine of the 20th nearest text: how alike texts on this topic are in this corpus."""


def retrieve(draft: CleanText, index: Index, encoder: Encoder, settings: Settings) -> Retrieved:
    """Return the candidates for a draft, the most promising of each way first."""
    hashes = sketch.shingle_hashes(draft.letters, sketch.SHINGLE)
    carriers = index.carriers([int(value) for value in np.unique(hashes)], settings.df_cap)
    posts = max(2, index.info().posts)
    shared = _by_fingerprints(carriers, posts, settings.df_cap)
    alike = _by_sketch(draft, index)
    vectors = encoder.encode(draft.units())
    whole, parts, background = _by_vectors(vectors, index)
    rows = _merge([shared, alike, whole, parts], settings.candidates)
    candidates = tuple(
        Candidate(
            row=row,
            shared_fingerprints=round(shared.get(row, 0.0)),
            resemblance=alike.get(row, 0.0),
            cosine=whole.get(row, 0.0),
        )
        for row in rows
    )
    return Retrieved(candidates=candidates, vectors=vectors, carriers=carriers, background=background)


def _by_fingerprints(carriers: dict[int, list[int]], posts: int, cap: int) -> dict[int, float]:
    """Score rows by the shingles they share with the draft, each weighed by its rarity in bits."""
    scores: dict[int, float] = defaultdict(float)
    for rows in carriers.values():
        if 0 < len(rows) <= cap:
            weight = math.log2(1 + posts / len(rows))
            for row in rows:
                scores[row] += weight
    return scores


def _by_sketch(draft: CleanText, index: Index) -> dict[int, float]:
    signature = sketch.signatures([draft.letters])[0]
    rows, _ = index.near_sketches(signature, SKETCH_LIMIT)
    known = [int(row) for row in rows]
    stored = index.signatures(known)
    if len(stored) != len(known):  # a post went away between the two look-ups
        return {}
    alike = sketch.resemblance(signature, stored)
    return {row: float(value) for row, value in zip(known, alike, strict=True) if value > 0}


def _by_vectors(vectors: NDArray[np.float32], index: Index) -> tuple[dict[int, float], dict[int, float], float]:
    """Score rows by their whole text, and by how well their passages answer the draft's passages."""
    found = index.near_texts(vectors, TEXT_LIMIT)
    whole: dict[int, float] = {}
    parts: dict[int, float] = defaultdict(float)
    for i, hits in enumerate(found):
        best: dict[int, float] = {}
        for row, ordinal, cosine in hits[: TEXT_LIMIT if i == 0 else PASSAGE_LIMIT]:
            if i == 0 and ordinal == 0:
                whole.setdefault(row, cosine)
            best[row] = max(best.get(row, 0.0), cosine)
        for row, cosine in best.items():
            parts[row] += cosine
    ranked = sorted((hit[2] for hit in found[0]), reverse=True) if found else []
    return whole, dict(parts), ranked[min(19, len(ranked) - 1)] if ranked else 0.0


def _merge(ways: list[dict[int, float]], limit: int) -> list[int]:
    """Take turns: the best of each way, then the second best, until there are enough."""
    queues = [iter(sorted(way, key=lambda row: (-way[row], row))) for way in ways]
    merged: dict[int, None] = {}
    while queues and len(merged) < limit:
        for queue in list(queues):
            row = next(queue, None)
            if row is None:
                queues.remove(queue)
            elif len(merged) < limit:
                merged.setdefault(row)
    return list(merged)
