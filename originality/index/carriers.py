"""Which posts carry a fingerprint, for the compact rows of a large index: one sorted array of (fingerprint, row).

A table of the store gives the same for the other rows. With 22 million pairs a table takes 16 bytes a pair and every
batch of posts changes pages all over it; the array takes 8 and is made in one go. It is a cache like the FAISS files:
read from its file without loading it into memory, kept in step with the store, made again from the posts' rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from originality.index import kinds
from originality.index.store import Store

SHARE = 4  # pairs beside the file are joined to it in memory from so many fractions of it on
_ROW = np.uint64(32)  # bits of a pair that are the row; the fingerprint is above
_ROWS = np.uint64(0xFFFFFFFF)

Pairs = NDArray[np.uint64]


class Carriers:
    """The compact rows of one store, by fingerprint. Not safe to share: `Neighbours` holds its lock around it."""

    def __init__(self, pairs: Pairs, highest: int, posts: int) -> None:
        """Take sorted pairs.

        Args:
            pairs: fingerprints with the rows that carry them.
            highest: the last row that was read.
            posts: how many rows were read, those without fingerprints included.
        """
        self._pairs = pairs
        self._newer = np.empty(0, np.uint64)
        self._highest = highest
        self._posts = posts

    @classmethod
    def of(cls, store: Store) -> Self:
        """Return the carriers of a store, nothing read yet."""
        return cls(np.empty(0, np.uint64), (store.compact or 1) - 1, 0)

    @classmethod
    def read(cls, path: Path, facts: dict[str, Any]) -> Self:
        """Return what a file holds; `facts` is what `write` returned.

        Raises:
            OSError, ValueError, KeyError, TypeError: it is missing or not such a file.
        """
        pairs = np.memmap(path, np.uint64, "r") if path.stat().st_size else np.empty(0, np.uint64)
        return cls(pairs, int(facts["highest"]), int(facts["posts"]))

    def write(self, path: Path) -> dict[str, int]:
        """Write all pairs to a file; return what `read` needs to know beside it."""
        self._join()
        with path.open("wb") as file:
            file.write(np.ascontiguousarray(self._pairs).data.cast("B"))
        return {"highest": self._highest, "posts": self._posts}

    def follow(self, store: Store) -> None:
        """Read the rows that are new, and let go of those that are gone."""
        while True:
            rows, blobs = store.fingerprints_after(self._highest, kinds.READ_BATCH)
            if not rows:
                break
            counts = [len(blob) // np.dtype(np.uint32).itemsize for blob in blobs]
            hashes = np.frombuffer(b"".join(blobs), np.uint32).astype(np.uint64)
            fresh = (hashes << _ROW) | np.repeat(np.array(rows, np.uint64), counts)
            self._newer = np.sort(np.concatenate([self._newer, fresh]), kind="stable")
            self._highest, self._posts = rows[-1], self._posts + len(rows)
        if len(self._newer) * SHARE > len(self._pairs):
            self._join()
        if store.compact and self._posts != store.posts_from(store.compact):
            present = store.row_numbers().astype(np.uint64)
            self._join()
            self._pairs = self._pairs[np.isin(self._pairs & _ROWS, present)]
            self._posts = int((present >= store.compact).sum())

    def find(self, hashes: Sequence[int], cap: int) -> dict[int, list[int]]:
        """Return the rows that carry each fingerprint, at most cap + 1 of them, in order of writing."""
        low = np.array(hashes, np.uint64) << _ROW
        found: dict[int, list[int]] = {value: [] for value in hashes}
        for pairs in (self._pairs, self._newer):  # rows of the second are all later
            starts = np.searchsorted(pairs, low)
            ends = np.searchsorted(pairs, low | _ROWS, side="right")
            for value, start, end in zip(hashes, starts.tolist(), ends.tolist(), strict=True):
                if start < end:
                    found[value] += (pairs[start : min(end, start + cap + 1)] & _ROWS).tolist()
        return {value: rows[: cap + 1] for value, rows in found.items()}

    def _join(self) -> None:
        if len(self._newer):
            self._pairs = np.sort(np.concatenate([self._pairs, self._newer]), kind="stable")
            self._newer = np.empty(0, np.uint64)
