"""Turn any embedding function into one that keeps the promises of `Encoder.encode`.

Enters: texts in any order. Leaves: unit rows in the same order, whatever the function returned.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from numpy.typing import NDArray

MAX_STRETCH = 1.6  # longest text of a batch against its shortest, plus SLACK characters: bounds the padding
SLACK = 12
_HALF = re.compile("[\ud800-\udfff]")
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
    clean = [whole_characters(text) for text in texts]
    for batch in batches(clean, batch_size):
        rows[batch] = embed([clean[i] for i in batch])
    return unit(rows)


def unit(rows: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return rows of length 1; an all-zero row stays."""
    norms = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.asarray(rows / np.maximum(norms, np.float32(TINY)), dtype=np.float32)


def whole_characters(text: str) -> str:
    """Return a text of the same length that every tokenizer takes: half surrogates become U+FFFD."""
    return text if text.isascii() else _HALF.sub("\ufffd", text)


def batches(texts: Sequence[str], size: int) -> Iterator[list[int]]:
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
