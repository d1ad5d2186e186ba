"""Turn any embedding function into one that keeps the promises of `Encoder.encode`.

Enters: texts in any order. Leaves: unit rows in the same order, whatever the function returned.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

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
    order = sorted(range(len(clean)), key=lambda i: (len(clean[i]), clean[i]))
    for start in range(0, len(order), batch_size):
        batch = order[start : start + batch_size]
        rows[batch] = embed([clean[i] for i in batch])
    norms = np.linalg.norm(rows, axis=1, keepdims=True)
    return rows / np.maximum(norms, np.float32(TINY))
