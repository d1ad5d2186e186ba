"""The truth of an index: what is asked of its SQLite file, and what is written to it.

A post's row, its fingerprints, its signature, the vectors of its text and passages and its words' counts are written
in ONE transaction, so a killed process leaves either all of a post or nothing. FAISS files beside it are only a cache
(see `neighbours`). After a deletion the file is rewritten and the log emptied: nothing of the post stays on disk.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from originality.errors import StampError
from originality.index import forgetting, writing
from originality.index.compact import signature_rows, vector_rows
from originality.index.database import Database
from originality.index.rows import (
    GROUP,
    POST_COLUMNS,
    POST_NAMES,
    Entry,
    beijing_time,
    groups,
    plain,
    post_of,
    post_values,
    seconds,
    signed,
)
from originality.models import Post
from originality.sketch import NUM_PERM

CARRIERS = 64  # texts looked up for one vector: a greeting that thousands post alike must not slow a check down


class Store(Database):
    """The posts of one index with all that is derived from them. Safe to share between threads, and after a fork."""

    _compact: int | None = None
    _dim = 0

    # -- facts ---------------------------------------------------------------------------------------------------

    def meta(self, key: str) -> str | None:
        """Return a remembered value."""
        found = self.rows("SELECT value FROM meta WHERE key=?", (key,))
        return str(found[0][0]) if found else None

    def claim(self, stamp: str, encoder: str) -> None:
        """Set the stamp of a new index, or check that an older one was built alike.

        Raises:
            StampError: it was built with another stamp.
        """
        if self.meta("stamp") is None:
            with self.transaction() as database:
                database.executemany(
                    "INSERT OR IGNORE INTO meta VALUES(?, ?)", [("stamp", stamp), ("encoder", encoder)]
                )
        seen = self.meta("stamp")
        if seen != stamp:
            raise StampError(
                f"The index at {self.path.parent} was built with {seen}; this run uses {stamp}. Use the same encoder "
                "as the index, or collect into a new folder with --index."
            )

    def accounts(self) -> dict[str, int]:
        """Return the number of posts of each account, the largest first."""
        return dict(self.rows("SELECT account, count(*) FROM post GROUP BY account ORDER BY 2 DESC, 1"))

    @property
    def change(self) -> int:
        """Number that grows with every write: a reader whose caches carry an older one must catch up."""
        return int(self.meta("change") or 0)

    @property
    def posts(self) -> int:
        """Number of posts."""
        return int(self.meta("posts") or 0)

    @property
    def vectors(self) -> int:
        """Number of distinct vectors."""
        return int(self.meta("vectors") or 0)

    @property
    def compact(self) -> int | None:
        """The first row that is stored compactly; None in an index without such rows."""
        if self._compact is None:
            self._compact = int(self.meta("compact") or 0) or None  # once there, it never changes
            self._dim = int(self.meta("dim") or 0)
        return self._compact

    @property
    def dim(self) -> int:
        """Width of a vector, where compact rows make it needed; else 0."""
        return self._dim if self.compact else 0

    @property
    def retention(self) -> int | None:
        """Days after which `build` deletes a post; None for never."""
        days = self.meta("retention")
        return int(days) if days else None

    @property
    def forgotten(self) -> int:
        """Number of ids that are kept out."""
        ((count,),) = self.rows("SELECT count(*) FROM forgotten")
        return int(count)

    @property
    def newest(self) -> datetime | None:
        """Time of the newest post."""
        ((value,),) = self.rows("SELECT max(published_at) FROM post")
        return beijing_time(value)

    # -- writing -------------------------------------------------------------------------------------------------

    def write(
        self, entries: Sequence[Entry], vectors: Mapping[bytes, NDArray[np.float32]], outdated: Iterable[str] = ()
    ) -> None:
        """Write posts with all that belongs to them, replacing what is outdated, in one transaction."""
        with self.transaction() as database:
            writing.put(database, entries, vectors, outdated)

    def update(self, posts: Sequence[Post]) -> None:
        """Store newer facts (counts, url, account name) of posts whose text has not changed."""
        facts = [name for name in POST_NAMES if name not in {"post_id", "text"}]
        with self.transaction() as database:
            for post in posts:
                values = dict(zip(POST_NAMES, post_values(post), strict=True))
                database.execute(
                    f"UPDATE post SET {', '.join(f'{n}=:{n}' for n in facts)} WHERE post_id=:post_id", values
                )
            writing.count(database)

    def delete(self, post_ids: Iterable[str], *, keep_out: bool = False) -> int:
        """Delete posts and every trace of them in this folder; return how many there were.

        Args:
            post_ids: which.
            keep_out: remember keyed hashes of the ids, so that no later file brings the posts back.

        Raises:
            IndexFault: they are gone, but their text is still in the file or its log: a reader does not end, or the
                disk has no room to rewrite the file. The next deletion finishes it.
        """
        return forgetting.delete(self, post_ids, keep_out=keep_out)

    def retain(self, days: int | None) -> None:
        """Remember after how many days `build` deletes a post; None for never."""
        with self.transaction() as database:
            database.execute("DELETE FROM meta WHERE key='retention'")
            if days is not None:
                database.execute("INSERT INTO meta VALUES('retention', ?)", (str(days),))

    def record_dropped(self, counts: Mapping[tuple[str, str], int]) -> None:
        """Remember how many items of which file were dropped for which reason; the latest reading of a file counts."""
        now = datetime.now(UTC).timestamp()
        with self.transaction() as database:
            database.executemany("DELETE FROM dropped WHERE file=?", [(plain(file),) for file, _ in counts])
            database.executemany(
                "INSERT INTO dropped VALUES(?, ?, ?, ?)",
                [(plain(file), plain(reason), number, now) for (file, reason), number in counts.items()],
            )

    # -- reading -------------------------------------------------------------------------------------------------

    def dropped(self) -> dict[str, int]:
        """Return how many items were dropped for each reason, over all files read so far."""
        return dict(self.rows("SELECT reason, sum(posts) FROM dropped GROUP BY reason ORDER BY 2 DESC"))

    def known_vectors(self, keys: set[bytes]) -> set[bytes]:
        """Return those keys whose vectors are stored already."""
        with self.connection() as database:
            return set(writing.vector_ids(database, keys))

    def fetch(self, post_ids: Iterable[str]) -> dict[str, Post]:
        """Return the stored posts among some ids."""
        ids = {plain(post_id) for post_id in post_ids}
        return {row[0]: post_of(row) for row in self._among(f"SELECT {POST_COLUMNS} FROM post WHERE post_id IN", ids)}

    def namesakes(self, account: str, key: bytes) -> list[tuple[str, datetime | None]]:
        """Return id and time of the posts of an account whose whole text has a vector key."""
        query = (
            "SELECT post_id, published_at FROM vector JOIN part ON part.vector=vector.id AND part.ordinal=0 "
            "JOIN post USING(row) WHERE vector.key=? AND post.account=?"
        )
        return [(post_id, beijing_time(time)) for post_id, time in self.rows(query, (key, account))]

    def has_ids_between(self, low: str, high: str) -> bool:
        """Say whether there is a post whose id lies in a half-open range."""
        return bool(self.rows("SELECT 1 FROM post WHERE post_id>=? AND post_id<? LIMIT 1", (low, high)))

    def posts_at(self, rows: Iterable[int]) -> dict[int, Post]:
        """Return the posts at some rows; rows that are gone meanwhile are left out."""
        found = self._among(f"SELECT row, {POST_COLUMNS} FROM post WHERE row IN", set(rows))
        return {row: post_of(values) for row, *values in found}

    def all_posts(self, since: datetime | None = None, until: datetime | None = None) -> Iterator[Post]:
        """Yield posts ordered by time (those without one first), optionally of a half-open span of time.

        Lazily read, so that a slow consumer holds nothing up; posts that are deleted meanwhile are left out.
        """
        bounds = [(f"published_at {sign} ?", seconds(time)) for sign, time in ((">=", since), ("<", until)) if time]
        where = " AND ".join([condition for condition, _ in bounds] or ["1"])
        found = self.rows(
            f"SELECT row FROM post WHERE {where} ORDER BY published_at, post_id", [value for _, value in bounds]
        )
        rows = [row for (row,) in found]
        for start in range(0, len(rows), GROUP):
            part = rows[start : start + GROUP]
            posts = self.posts_at(part)
            yield from (posts[row] for row in part if row in posts)

    def carriers(self, hashes: Sequence[int], cap: int) -> dict[int, list[int]]:
        """Return the rows that carry each fingerprint, at most cap + 1 of them, in order of writing.

        Of compact rows nothing is known here; see `carriers.Carriers`.
        """
        query = "SELECT row FROM fp WHERE hash=? LIMIT ?"
        stored = signed(np.array(hashes, np.uint32)).tolist()
        with self.connection() as database:
            return {
                value: [row for (row,) in database.execute(query, (number, cap + 1))]
                for value, number in zip(hashes, stored, strict=True)
            }

    def signatures(self, rows: Sequence[int]) -> NDArray[np.uint32]:
        """Return the MinHash signatures of rows in the order asked for, shape (n, 128); all 0 for one that is gone."""
        found: dict[int, bytes] = dict(self._among("SELECT row, signature FROM post WHERE row IN", set(rows)))
        return signature_rows([found.get(row, bytes(4 * NUM_PERM)) for row in rows])

    def accounts_at(self, rows: Iterable[int]) -> dict[int, str]:
        """Return the account of each existing row."""
        return dict(self._among("SELECT row, account FROM post WHERE row IN", set(rows)))

    def parts(self, rows: Sequence[int]) -> dict[int, list[NDArray[np.float32]]]:
        """Return the vectors of each row: the whole text first, then its passages."""
        query = "SELECT part.row, vector.value FROM part JOIN vector ON vector.id = part.vector WHERE part.row IN"
        stored = list(self._among(query, set(rows), "ORDER BY part.row, part.ordinal"))
        found: dict[int, list[NDArray[np.float32]]] = {}
        for (row, _), vector in zip(stored, vector_rows([blob for _, blob in stored], self.dim), strict=True):
            found.setdefault(row, []).append(vector)
        return found

    def carriers_of_vectors(self, vectors: Iterable[int]) -> dict[int, list[tuple[int, int]]]:
        """Return (row, ordinal) of the oldest texts that each vector stands for, at most `CARRIERS` of each."""
        query = "SELECT row, ordinal FROM part WHERE vector=? ORDER BY row LIMIT ?"
        with self.connection() as database:
            return {vector: database.execute(query, (vector, CARRIERS)).fetchall() for vector in sorted(set(vectors))}

    def word_counts(self, words: Sequence[str]) -> dict[str, int]:
        """Return in how many posts each known word stands."""
        return dict(self._among("SELECT word, posts FROM word WHERE word IN", {plain(word) for word in words}))

    def signatures_after(self, row: int, limit: int) -> tuple[NDArray[np.int64], NDArray[np.uint32]]:
        """Return rows above a number with their signatures, at most `limit` of them."""
        found = self.rows("SELECT row, signature FROM post WHERE row > ? ORDER BY row LIMIT ?", (row, limit))
        return np.array([number for number, _ in found], np.int64), signature_rows([blob for _, blob in found])

    def vectors_after(self, number: int, limit: int) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """Return ids above a number with their vectors, at most `limit` of them."""
        found = self.rows("SELECT id, value FROM vector WHERE id > ? ORDER BY id LIMIT ?", (number, limit))
        return _numbered(found, self.dim)

    def vectors_at(self, numbers: Iterable[int]) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """Return the existing ones among some vectors, ids in rising order with their vectors."""
        found = list(self._among("SELECT id, value FROM vector WHERE id IN", set(numbers), "ORDER BY id"))
        return _numbered(found, self.dim)

    def fingerprints_after(self, row: int, limit: int) -> tuple[list[int], list[bytes]]:
        """Return rows above a number with their fingerprints, at most `limit` of them."""
        found = self.rows("SELECT row, fingerprints FROM post WHERE row > ? ORDER BY row LIMIT ?", (row, limit))
        return [number for number, _ in found], [blob for _, blob in found]

    def posts_from(self, row: int) -> int:
        """Return how many posts there are from a row on."""
        ((count,),) = self.rows("SELECT count(*) FROM post WHERE row >= ?", (row,))
        return int(count)

    def row_numbers(self) -> NDArray[np.int64]:
        """Return all row numbers."""
        return np.array([row for (row,) in self.rows("SELECT row FROM post")], np.int64)

    def vector_numbers(self) -> NDArray[np.int64]:
        """Return all vector ids."""
        return np.array([number for (number,) in self.rows("SELECT id FROM vector")], np.int64)

    def _among(self, query: str, items: set[int] | set[str], order: str = "") -> Iterator[Any]:
        """Yield the rows of a query that ends in "IN" for all items, group by group."""
        for marks, group in groups(sorted(items)):
            yield from self.rows(f"{query} ({marks}) {order}", group)


def _numbered(found: Sequence[tuple[int, bytes]], dim: int) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    return np.array([number for number, _ in found], np.int64), vector_rows([blob for _, blob in found], dim)
