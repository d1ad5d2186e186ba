"""Turn any embedding function into one that keeps the promises of `Encoder.encode`.

Enters: texts in any order. Leaves: unit rows in the same order, whatever the function returned.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from numpy.typing import NDArray

MAX_STRETCH = 1.6  # longest text of a batch against its shortest, plus SLACK characters: bounds the padding
SLACK = 12
TINY = 1e-12  # keeps an all-zero row from being divided by zero


def encode_sorted(
    texts: Sequence[str], embed: Callable[[list[str]], NDArray[np.float32]], *, dim: int, batch_size: int
) -> NDArray[np.float32]:
    """Embed `texts` in batches of similar length and return unit rows in the order given.

    Sorting keeps padding small, which is both the speed and the reason why a text's row hardly depends on its
    neighbours. Half surrogates, which no tokenizer takes, become U+FFFD.
    """
    if isinstance(texts, str):
        raise TypeError("encode() takes a sequence of texts, not one text; wrap it in a list.")
    rows = np.zeros((len(texts), dim), dtype=np.float32)
    clean = [text.encode("utf-16", "surrogatepass").decode("utf-16", "replace") for text in texts]
    for batch in _batches(clean, batch_size):
        rows[batch] = embed([clean[i] for i in batch])
    norms = np.linalg.norm(rows, axis=1, keepdims=True)
    rows /= np.maximum(norms, np.float32(TINY))
    return rows


def _batches(texts: Sequence[str], size: int) -> Iterator[list[int]]:
    """Yield the positions of texts of like length, shortest first.

    All texts of a batch are padded to its longest, so a long text beside short ones costs as much as many long ones: a
    draft and its five sentences in one batch take three times as long as in two.
    """
    batch: list[int] = []
    for i in sorted(range(len(texts)), key=lambda i: (len(texts[i]), texts[i])):
        if batch and (len(batch) == size or len(texts[i]) > MAX_STRETCH * len(texts[batch[0]]) + SLACK):
            yield batch
            batch = []
        batch.append(i)
    if batch:
        yield batch
