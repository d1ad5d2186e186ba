"""The record that `align` hands to `score`: which letters of draft and source correspond.

Positions count letters (`CleanText.letters`) on either side; `Alignment.spans` gives them as original text.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from originality.models import CleanText, Span


@dataclass(frozen=True, slots=True)
class Tile:
    """A run shared by draft and source, in positions of their letters."""

    draft: int
    source: int
    length: int


@dataclass(frozen=True, slots=True)
class Island:
    """Tiles that belong together; `draft` and `source` are half-open letter spans."""

    draft: tuple[int, int]
    source: tuple[int, int]
    tiles: tuple[Tile, ...]

    @property
    def matched(self) -> int:
        """Number of matched letters."""
        return sum(tile.length for tile in self.tiles)

    @property
    def exact(self) -> bool:
        """Say whether the two sides are the same letters."""
        length = self.matched
        return length == self.draft[1] - self.draft[0] == self.source[1] - self.source[0] and all(
            tile.source - tile.draft == self.source[0] - self.draft[0] for tile in self.tiles
        )


@dataclass(frozen=True, slots=True)
class Alignment:
    """How a draft corresponds to one source."""

    tiles: tuple[Tile, ...]
    """All shared runs of two letters and more, chance ones included."""
    islands: tuple[Island, ...]
    """The passages that correspond, in order of the draft."""

    def spans(self, draft: CleanText, source: CleanText) -> tuple[Span, ...]:
        """Return the islands as spans of the original texts."""
        return tuple(
            Span(
                draft.original_letters(*island.draft),
                source.original_letters(*island.source),
                "exact" if island.exact else "near",
            )
            for island in self.islands
        )

    def covered_draft(self, length: int) -> NDArray[np.bool_]:
        """Return which of the draft's letters lie under an island's tiles."""
        mask = np.zeros(length, bool)
        for island in self.islands:
            for tile in island.tiles:
                mask[tile.draft : tile.draft + tile.length] = True
        return mask

    def covered_source(self, length: int, own: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Return which of the source's letters answer letters of the draft that are its own."""
        mask = np.zeros(length, bool)
        for island in self.islands:
            for tile in island.tiles:
                mask[tile.source : tile.source + tile.length] |= own[tile.draft : tile.draft + tile.length]
        return mask
