"""Vectors of a text and of its passages: from one reading of the whole text, or each read for itself.

Enters: units, a text followed by its passages in order. Leaves: one unit row per unit.

A passage's vector is the mean of the token vectors over its span, taken from the reading of the whole text ("late
chunking", Günther et al. 2024, arXiv 2409.04701): every token is read once instead of twice, and a sentence keeps what
its context tells ("it", "the second one").
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from originality.embed.batch import unit

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

CONTEXT = 0.5  # share of the whole that is taken out of a passage

Spans = list[tuple[int, int]]


def separately(
    groups: Sequence[Sequence[str]], encode: Callable[[list[str]], NDArray[np.float32]]
) -> list[NDArray[np.float32]]:
    """Embed every unit for itself, each different text once."""
    texts = list(dict.fromkeys(text for group in groups for text in group))
    rows = encode(texts)
    at = {text: i for i, text in enumerate(texts)}
    return [rows[[at[text] for text in group]] for group in groups]


def spans_of(units: Sequence[str]) -> Spans:
    """Return where each passage stands in its text.

    Raises:
        ValueError: a passage is not in the text, or not after the one before.
    """
    text, *passages = units
    spans: Spans = []
    end = 0
    for passage in passages:
        start = text.index(passage, end)
        end = start + len(passage)
        spans.append((start, end))
    return spans


def within(spans: Spans, end: int) -> int:
    """Return how many of the spans, from the first one on, a window of the text that ends there can tell about.

    It always tells about the first, though it may be cut; a later one that runs over the end waits for the next window.
    """
    return max(sum(span[1] <= end for span in spans), 1) if spans else 0


def own_share(rows: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return a text's unit rows with half of the whole taken out of each passage.

    What the context adds to a sentence is what all sentences of the text have in common; without a part of it a
    sentence lifted into another text is still known again (docs/decisions/0011-passages-in-context.md).
    """
    return unit(np.concatenate([rows[:1], rows[1:] - CONTEXT * rows[:1]]))


@dataclass(frozen=True, slots=True)
class Reading:
    """A text as a model has read it, token by token."""

    tokens: NDArray[np.float32]
    """One row per token."""
    starts: NDArray[np.int64]
    """First character of each token."""
    ends: NDArray[np.int64]
    """The character after its last one. Start and end marks have no characters, a prefix has them below 0."""

    @property
    def end(self) -> int:
        """The character after the last one that was read."""
        return int(self.ends.max(initial=0))

    def pool(self, spans: Spans) -> NDArray[np.float32]:
        """Return the mean token vector over each span, shape (len(spans), dim).

        A token belongs to the span that its first character lies in. A span in which no token begins (a lone mark that
        the tokenizer joined to its neighbour) takes the mean over all tokens.
        """
        rows = np.empty((len(spans), self.tokens.shape[1]), np.float32)
        for row, (start, end) in zip(rows, spans, strict=True):
            inside = (self.starts >= start) & (self.starts < end) & (self.ends > self.starts)
            row[:] = (self.tokens[inside] if inside.any() else self.tokens).mean(axis=0)
        return rows
