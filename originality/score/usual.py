"""What is usual in the corpus, as seen from one draft: the ground against which shared things are weighed.

Shingles with their carriers, words with their counts and cosines of neighbours enter; a `Context` leaves. Rarity is
self-information, log2(posts / posts that have it), as a share of the most that the corpus can tell.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from originality import sketch
from originality.models import CleanText
from originality.score.features import Context

RARE_POSTS = 0.002  # share of the posts with a word up to which it is called rare


def context(
    draft: CleanText,
    words: frozenset[str],
    own: NDArray[np.bool_],
    carriers: Mapping[int, Sequence[int]],
    word_counts: Mapping[str, int],
    posts: int,
    backgrounds: NDArray[np.float32],
) -> Context:
    """Return what is usual in the corpus, as seen from one draft.

    Args:
        draft: the cleaned draft.
        words: its content words.
        own: which of its letters are no boilerplate.
        carriers: rows that carry each of its shingles.
        word_counts: number of posts with each of its words.
        posts: size of the corpus.
        backgrounds: cosine of the 20th nearest text of each of its units.
    """
    return Context(
        own=own,
        rarity=_letter_rarity(draft, carriers, posts),
        idf={word: _word_rarity(word_counts.get(word, 0), posts) for word in words},
        # In a small corpus "rare" is a word of one post.
        rare=_word_rarity(max(1, int(RARE_POSTS * posts)), posts),
        backgrounds=backgrounds,
    )


def _word_rarity(count: int, posts: int) -> float:
    """Return the rarity of a word that so many posts have, in [0, 1]."""
    return math.log2((posts + 1) / (count + 0.5)) / math.log2(2 * (posts + 1))


def _letter_rarity(draft: CleanText, carriers: Mapping[int, Sequence[int]], posts: int) -> NDArray[np.float64]:
    """Return the rarity of each letter's rarest shingle, in [0, 1]: 1 where no other post has it.

    It is a share of the most that this corpus can tell, log2(1 + posts): a small corpus would else make everything look
    common.

    The index stores winnowed shingles only, so one without carriers tells nothing: it takes the value of its nearest
    neighbours, and the full rarity only where none of them is known.
    """
    hashes = sketch.shingle_hashes(draft.letters, sketch.SHINGLE).tolist()
    full = math.log2(1 + posts)
    values = np.full(len(hashes), np.nan)
    for i, value in enumerate(hashes):
        if count := len(carriers.get(value, ())):
            values[i] = math.log2(1 + posts / count)
    known = np.flatnonzero(~np.isnan(values))
    bits = np.zeros(len(draft.letters))
    for i in range(len(hashes)):
        near = known[(known > i - sketch.WINDOW) & (known < i + sketch.WINDOW)]
        value = float(values[near].max()) if len(near) else full
        bits[i : i + sketch.SHINGLE] = np.maximum(bits[i : i + sketch.SHINGLE], value)
    return bits / full
