"""Find the posts that a draft may come from: three ways, merged, nothing verified yet.

(a) winnowed fingerprints in the store: any shared run of 8 letters is certain to be found, however little of the
    draft it is; each counts by its rarity, and what more than `df_cap` posts carry retrieves nothing;
(b) MinHash sketches in FAISS: whole near-copies, short ones too;
(c) embeddings in FAISS, of the whole text and of its passages: rewrites that share no wording.

Each way gives its own best, so that a flood of one kind never crowds out another. Posts that cannot be a source (the
author's own, later ones) are left out before the ways are merged, so they take nobody's place either.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from originality import sketch
from originality.embed import Encoder
from originality.index import Index
from originality.models import Candidate, CleanText, Post
from originality.settings import Settings

SKETCH_LIMIT = 40  # nearest sketches looked at
TEXT_LIMIT = 60  # nearest texts per unit of the draft
PASSAGE_LIMIT = 10  # of which so many count for a passage
DEPTH = 100  # rows of each way whose posts are looked up before the merge
BACKGROUND_RANK = 20  # the cosine of this neighbour says how alike texts on this topic are in this corpus


@dataclass(frozen=True, slots=True, kw_only=True)
class Retrieved:
    """Candidates and what was learned of the draft on the way."""

    candidates: tuple[Candidate, ...]
    posts: Mapping[int, Post]
    """The post of each candidate, by row."""
    vectors: NDArray[np.float32]
    """The draft's vectors: whole text first, then passages; shape (n, dim)."""
    carriers: Mapping[int, Sequence[int]]
    """Rows that carry each of the draft's shingles, at most `df_cap` + 1 of each, without those known to be barred."""
    backgrounds: NDArray[np.float32]
    """For each vector the cosine of its 20th nearest text, shape (n,): the likeness that the topic alone brings."""


def retrieve(
    draft: CleanText,
    index: Index,
    encoder: Encoder,
    settings: Settings,
    admits: Callable[[Post], bool] = lambda post: True,
) -> Retrieved:
    """Return the candidates for a draft, the most promising of each way first.

    Args:
        draft: the cleaned draft; with letters.
        index: where to look.
        encoder: the encoder that the index was built with.
        settings: `df_cap` and `candidates` count here.
        admits: says whether a post may be a source at all.
    """
    hashes = np.unique(sketch.shingle_hashes(draft.letters, sketch.SHINGLE))
    carriers = index.carriers([int(value) for value in hashes], settings.df_cap)
    shared, counts = _by_fingerprints(carriers, max(2, index.info().posts), settings.df_cap)
    alike = _by_sketch(draft, index)
    vectors = encoder.encode_parts([draft.units()])[0]
    whole, parts, backgrounds = _by_vectors(vectors, index)
    ways = [_best(way) for way in (shared, alike, whole, parts)]
    known = index.posts_at({row for way in ways for row in way})
    posts = {row: post for row, post in known.items() if admits(post)}
    candidates = tuple(
        Candidate(
            row=row,
            shared_fingerprints=counts.get(row, 0),
            resemblance=alike.get(row, 0.0),
            cosine=whole.get(row, 0.0),
        )
        for row in _merge([[row for row in way if row in posts] for way in ways], settings.candidates)
    )
    # A draft that is in the index already (as in the weekly report) must not make its own words look common.
    carriers = {value: [row for row in rows if row not in known or row in posts] for value, rows in carriers.items()}
    kept = {candidate.row: posts[candidate.row] for candidate in candidates}
    return Retrieved(candidates=candidates, posts=kept, vectors=vectors, carriers=carriers, backgrounds=backgrounds)


def _by_fingerprints(
    carriers: Mapping[int, Sequence[int]], posts: int, cap: int
) -> tuple[dict[int, float], dict[int, int]]:
    """Score rows by the shingles they share with the draft, each weighed by its rarity in bits; also count them."""
    scores: dict[int, float] = defaultdict(float)
    counts: dict[int, int] = defaultdict(int)
    for rows in carriers.values():
        if 0 < len(rows) <= cap:
            weight = math.log2(1 + posts / len(rows))
            for row in rows:
                scores[row] += weight
                counts[row] += 1
    return scores, counts


def _by_sketch(draft: CleanText, index: Index) -> dict[int, float]:
    signature = sketch.signatures([draft.letters])[0]
    rows, _ = index.near_sketches(signature, SKETCH_LIMIT)
    known = [int(row) for row in rows]
    stored = index.signatures(known)
    if len(stored) != len(known):  # a post went away between the two look-ups
        return {}
    alike = sketch.resemblance(signature, stored)
    return {row: float(value) for row, value in zip(known, alike, strict=True) if value > 0}


def _by_vectors(
    vectors: NDArray[np.float32], index: Index
) -> tuple[dict[int, float], dict[int, float], NDArray[np.float32]]:
    """Score rows by their whole text, and by how far their passages answer the draft's above the background."""
    found = index.near_texts(vectors, TEXT_LIMIT)
    whole: dict[int, float] = {}
    parts: dict[int, float] = defaultdict(float)
    backgrounds = np.zeros(len(vectors), np.float32)
    for i, hits in enumerate(found):
        if not hits:
            continue
        backgrounds[i] = hits[min(BACKGROUND_RANK, len(hits)) - 1][2]
        best: dict[int, float] = {}
        for row, ordinal, cosine in hits:
            if i == 0 and ordinal == 0:
                whole.setdefault(row, cosine)
            if i == 0 or len(best) < PASSAGE_LIMIT:
                best.setdefault(row, cosine)
        for row, cosine in best.items():
            parts[row] += max(0.0, cosine - float(backgrounds[i]))
    return whole, parts, backgrounds


def _best(way: Mapping[int, float]) -> list[int]:
    """Return the rows of one way, best first."""
    return sorted(way, key=lambda row: (-way[row], row))[:DEPTH]


def _merge(ways: Sequence[Sequence[int]], limit: int) -> list[int]:
    """Take turns: the best of each way, then the second best, until there are enough."""
    merged: dict[int, None] = {}
    for rank in range(max((len(way) for way in ways), default=0)):
        for way in ways:
            if rank < len(way) and len(merged) < limit:
                merged.setdefault(way[rank])
    return list(merged)
