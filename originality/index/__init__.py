"""The index: what is known of the collected posts, and three ways to find some of them again.

`Index` is the protocol that the other stages use; `open_index` gives the one implementation, `LocalIndex`:

* `store.Store`            the truth, one SQLite file; writes are transactions
* `neighbours.Neighbours`  FAISS over it, in memory, with a cache file; catches up with the store by itself

Reading and writing may happen at once, from threads and from other processes.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

import numpy as np
from numpy.typing import NDArray

from originality import settings
from originality.index import forgetting
from originality.index.lines import Lines
from originality.index.neighbours import Neighbours
from originality.index.rows import Entry, as_stored
from originality.index.store import Store
from originality.models import IndexInfo, Post

__all__ = ["Entry", "Index", "LocalIndex", "as_stored", "open_index"]

FloatRows = NDArray[np.float32]


class Index(Protocol):
    """What the other stages may ask of an index.

    Three groups: facts (`info`, `posts_at`, `word_counts`), retrieval (`carriers`, `near_sketches`, `near_texts`) and
    writing (`write`, `update`, `delete`, `save`). Rows are numbers of the index's own; a row once gone never returns.
    """

    lines: Lines
    """The short lines of the posts, for drafts of a line."""

    def info(self) -> IndexInfo:
        """Return size, newest time and stamp."""

    def posts_at(self, rows: Iterable[int]) -> dict[int, Post]:
        """Return the posts at rows, without those that are gone meanwhile."""

    def accounts_at(self, rows: Iterable[int]) -> dict[int, str]:
        """Return the account at each row, without those that are gone meanwhile."""

    def word_counts(self, words: Sequence[str]) -> dict[str, int]:
        """Return in how many posts each known word stands."""

    def signatures(self, rows: Sequence[int]) -> NDArray[np.uint32]:
        """Return the signatures of rows in the order asked for, shape (n, 128); all 0 for one that is gone."""

    def parts(self, rows: Sequence[int]) -> dict[int, list[FloatRows]]:
        """Return the vectors of each row: the whole text first, then its passages."""

    def carriers(self, hashes: Sequence[int], cap: int) -> dict[int, list[int]]:
        """Return the rows that carry each fingerprint, at most cap + 1 of them."""

    def near_sketches(self, signature: NDArray[np.uint32], limit: int) -> tuple[NDArray[np.int64], FloatRows]:
        """Return (rows, Hamming distances in bits) of the posts with the nearest sketches, nearest first."""

    def near_texts(self, queries: FloatRows, limit: int) -> list[list[tuple[int, int, float]]]:
        """Return for each query (row, ordinal, cosine), best first; ordinal 0 is the whole text, i a passage."""

    def write(self, entries: Sequence[Entry], vectors: Mapping[bytes, FloatRows]) -> None:
        """Write posts with all that is derived from them, replacing older versions; all or nothing."""

    def delete(self, post_ids: Iterable[str]) -> int:
        """Delete posts and every trace of them; return how many there were."""


class LocalIndex:
    """An index in one folder. Use it as a context manager, or call `close`."""

    def __init__(self, folder: Path, store: Store) -> None:
        """Wrap an open, claimed store; `open_index` is the way to get one."""
        self.folder = folder
        self.store = store
        self.lines = Lines(store, folder)
        self._stamp = store.meta("stamp") or ""
        self._near: Neighbours | None = None
        self._lock = threading.Lock()  # the first two threads to search must not load everything twice

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the index."""
        self.close()

    @property
    def encoder(self) -> str:
        """Name of the encoder setting that the index was made with."""
        return self.store.meta("encoder") or "default"

    def info(self) -> IndexInfo:
        """Return size, newest time and stamp."""
        return IndexInfo(posts=self.store.posts, as_of=self.store.newest, stamp=self._stamp)

    def accounts(self) -> dict[str, int]:
        """Return the number of posts of each account, the largest first."""
        return self.store.accounts()

    def posts_at(self, rows: Iterable[int]) -> dict[int, Post]:
        """Return the posts at rows, without those that are gone meanwhile."""
        return self.store.posts_at(rows)

    def accounts_at(self, rows: Iterable[int]) -> dict[int, str]:
        """Return the account at each row, without those that are gone meanwhile."""
        return self.store.accounts_at(rows)

    def posts(self, since: datetime | None = None, until: datetime | None = None) -> Iterator[Post]:
        """Yield the posts of a half-open span of time, oldest first; those without a time come first."""
        return self.store.all_posts(since, until)

    def fetch(self, post_ids: Iterable[str]) -> dict[str, Post]:
        """Return the stored posts among some ids."""
        return self.store.fetch(post_ids)

    def word_counts(self, words: Sequence[str]) -> dict[str, int]:
        """Return in how many posts each known word stands."""
        return self.store.word_counts(words)

    def signatures(self, rows: Sequence[int]) -> NDArray[np.uint32]:
        """Return the signatures of rows in the order asked for, shape (n, 128); all 0 for one that is gone."""
        return self.store.signatures(rows)

    def parts(self, rows: Sequence[int]) -> dict[int, list[FloatRows]]:
        """Return the vectors of each row: the whole text first, then its passages."""
        return self.store.parts(rows)

    def carriers(self, hashes: Sequence[int], cap: int) -> dict[int, list[int]]:
        """Return the rows that carry each fingerprint, at most cap + 1 of them."""
        found = self.store.carriers(hashes, cap)
        if self.store.compact:
            later = self._neighbours.carriers(hashes, cap)
            found = {value: (rows + later[value])[: cap + 1] for value, rows in found.items()}
        return found

    def known_vectors(self, keys: set[bytes]) -> set[bytes]:
        """Return those text keys whose vectors are stored already."""
        return self.store.known_vectors(keys)

    def near_sketches(self, signature: NDArray[np.uint32], limit: int) -> tuple[NDArray[np.int64], FloatRows]:
        """Return (rows, Hamming distances in bits) of the posts with the nearest sketches, nearest first."""
        return self._neighbours.near_sketches(signature, limit)

    def near_texts(self, queries: FloatRows, limit: int) -> list[list[tuple[int, int, float]]]:
        """Return for each query (row, ordinal, cosine), best first; ordinal 0 is the whole text, i a passage."""
        ids, cosines = self._neighbours.near_vectors(queries, limit)
        carriers = self.store.carriers_of_vectors([int(number) for number in np.unique(ids) if number >= 0])
        return [
            [
                (row, ordinal, float(cosine))
                for number, cosine in zip(numbers.tolist(), values.tolist(), strict=True)
                for row, ordinal in carriers.get(number, ())
            ]
            for numbers, values in zip(ids, cosines, strict=True)
        ]

    def write(self, entries: Sequence[Entry], vectors: Mapping[bytes, FloatRows], outdated: Iterable[str] = ()) -> None:
        """Write posts with all that is derived from them, replacing older versions; all or nothing.

        Args:
            entries: the posts.
            vectors: those vectors of theirs that are not stored yet, by key.
            outdated: ids of stored posts that these replace under other ids.
        """
        self.store.write(entries, vectors, outdated)

    def update(self, posts: Sequence[Post]) -> None:
        """Store newer facts (counts, url, account name) of posts whose text has not changed."""
        self.store.update(posts)

    def chosen(
        self,
        *,
        post_ids: Iterable[str] | None = None,
        accounts: Iterable[str] = (),
        before: datetime | None = None,
    ) -> dict[str, str]:
        """Return id and account of the posts that fit every condition given; without any, none.

        Args:
            post_ids: one of these ids.
            accounts: by one of these accounts; names or numbers.
            before: published earlier; a post without a time fits no time.
        """
        return forgetting.chosen(self.store, post_ids, accounts, before)

    def kept_out(self, post_ids: Sequence[str]) -> set[str]:
        """Return those ids that must not come back."""
        return forgetting.kept_out(self.store, post_ids)

    def delete(self, post_ids: Iterable[str], *, keep_out: bool = False) -> int:
        """Delete posts and every trace of them, the cache files included; return how many there were.

        Args:
            post_ids: which.
            keep_out: remember keyed hashes of the ids, so that no later file brings the posts back.

        Raises:
            IndexFault: something of them is still on disk; the message says what to do.
        """
        ids = list(post_ids)
        if not self.chosen(post_ids=ids) and not forgetting.is_unfinished(self.store):
            return self.store.delete(ids, keep_out=keep_out)
        self.lines.forget(ids)
        self._neighbours.discard()  # first, so that no failure below leaves a vector of a deleted post behind
        count = self.store.delete(ids, keep_out=keep_out)
        self.save()
        return count

    def finish_deleting(self) -> None:
        """Erase what a deletion that was stopped half-way has left behind, if there is any."""
        if forgetting.is_unfinished(self.store):
            self.delete(())

    def save(self) -> None:
        """Write the cache files, so that the next reader starts at once."""
        self._neighbours.save()

    def close(self) -> None:
        """Close the store."""
        self.store.close()

    @property
    def _neighbours(self) -> Neighbours:
        if self._near is None:
            with self._lock:
                self._near = self._near or Neighbours(self.store, self.folder, self._stamp)
        return self._near


def open_index(folder: Path | str, *, encoder: str | None = None, encoder_name: str | None = None) -> LocalIndex:
    """Open the index in a folder; make it if it is missing and an encoder is named.

    Args:
        folder: where it lies or shall lie.
        encoder: the encoder setting to remember in a new index; "default" if it is not given.
        encoder_name: the `name` of the loaded encoder; without it an index can only be opened, not made.

    Raises:
        IndexFault: it is missing (and nothing says how to make it), foreign or damaged.
        StampError: it was built with other settings or another encoder.
    """
    folder = Path(folder)
    store = Store(folder, create=encoder_name is not None)
    try:
        if encoder_name is not None:
            store.claim(settings.stamp(encoder_name), encoder or "default")
    except BaseException:
        store.close()
        raise
    return LocalIndex(folder, store)
