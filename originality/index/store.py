"""The truth of an index: one SQLite file.

A post's row, its fingerprints, its signature, the vectors of its text and passages and its words' counts are written
in ONE transaction, so a killed process leaves either all of a post or nothing. Write-ahead logging lets one writer and
many readers work at once, in threads and processes. FAISS files beside it are only a cache (see `neighbours`).

Deleted content is overwritten (`secure_delete`) and the log truncated: nothing of a forgotten post stays on disk.
"""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from originality.errors import IndexFault, StampError
from originality.models import Post
from originality.sketch import NUM_PERM, Hashes

FILE = "posts.sqlite"
APPLICATION_ID = 0x4F524947  # "ORIG": tells our files from any other SQLite file
BEIJING = timezone(timedelta(hours=8), "CST")

_SCHEMA = """
CREATE TABLE meta(key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE post(
  row INTEGER PRIMARY KEY AUTOINCREMENT, post_id TEXT NOT NULL UNIQUE, account TEXT NOT NULL, account_id TEXT NOT NULL,
  published_at REAL, text TEXT NOT NULL, url TEXT NOT NULL, platform TEXT NOT NULL,
  reposts INTEGER, comments INTEGER, likes INTEGER, truncated INTEGER NOT NULL, repost_of TEXT NOT NULL,
  fingerprints BLOB NOT NULL, signature BLOB NOT NULL, words TEXT NOT NULL);
CREATE INDEX post_time ON post(published_at);
CREATE INDEX post_account ON post(account, published_at);
CREATE TABLE fp(hash INTEGER NOT NULL, row INTEGER NOT NULL, PRIMARY KEY(hash, row)) WITHOUT ROWID;
CREATE TABLE vector(id INTEGER PRIMARY KEY AUTOINCREMENT, key BLOB NOT NULL UNIQUE, value BLOB NOT NULL);
CREATE TABLE part(row INTEGER NOT NULL, ordinal INTEGER NOT NULL, vector INTEGER NOT NULL,
  PRIMARY KEY(row, ordinal)) WITHOUT ROWID;
CREATE INDEX part_vector ON part(vector);
CREATE TABLE word(word TEXT PRIMARY KEY, posts INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE dropped(file TEXT NOT NULL, reason TEXT NOT NULL, posts INTEGER NOT NULL, at REAL NOT NULL);
"""
_POST_COLUMNS = (
    "post_id, account, account_id, published_at, text, url, platform, reposts, comments, likes, truncated, repost_of"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A post ready to be written: itself and what is derived from its text."""

    post: Post
    fingerprints: Hashes
    signature: NDArray[np.uint32]
    vector_keys: tuple[bytes, ...]
    """Key of the vector of the whole text, then one per passage; empty where nothing is left after cleaning."""
    words: tuple[str, ...]
    """The distinct words of the text, for their document frequency."""


class Store:
    """The SQLite file of one index, open for reading or writing. Safe to share between threads and after a fork."""

    def __init__(self, folder: Path, *, create: bool = False) -> None:
        """Open the store in a folder.

        :raises IndexFault: if it is missing (and `create` is not set), foreign or damaged.
        """
        self.path = folder / FILE
        self._local = threading.local()
        self._all: list[sqlite3.Connection] = []
        self._lock = threading.Lock()
        if not self.path.exists():
            if not create:
                raise IndexFault(
                    f"No index at {folder}: {FILE} is missing. Make one: originality collect PATH --index {folder}"
                )
            folder.mkdir(parents=True, exist_ok=True)
            self._create()
        self._verify()

    # -- connections ---------------------------------------------------------------------------------------------

    @property
    def _db(self) -> sqlite3.Connection:
        """The connection of this thread in this process; SQLite allows neither sharing nor inheriting one."""
        if getattr(self._local, "pid", None) != os.getpid():
            connection = sqlite3.connect(self.path, timeout=30, isolation_level=None, check_same_thread=False)
            connection.execute("PRAGMA synchronous=NORMAL")
            connection.execute("PRAGMA secure_delete=ON")
            connection.execute("PRAGMA mmap_size=1073741824")
            self._local.pid, self._local.connection = os.getpid(), connection
            with self._lock:
                self._all.append(connection)
        connection = self._local.connection
        assert isinstance(connection, sqlite3.Connection)  # noqa: S101 - tells the type checker
        return connection

    def close(self) -> None:
        """Close every connection of this process."""
        with self._lock:
            for connection in self._all:
                connection.close()
            self._all.clear()
        self._local = threading.local()

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Run a block in one write transaction; any exception undoes it."""
        database = self._db
        database.execute("BEGIN IMMEDIATE")
        try:
            yield database
        except BaseException:
            database.execute("ROLLBACK")
            raise
        database.execute("COMMIT")

    def _create(self) -> None:
        database = self._db
        database.execute("PRAGMA journal_mode=WAL")
        database.execute(f"PRAGMA application_id={APPLICATION_ID}")
        with self.transaction():
            if not database.execute("SELECT 1 FROM sqlite_master WHERE name='meta'").fetchone():
                for statement in _SCHEMA.strip().split(";\n"):
                    database.execute(statement.rstrip(";"))
                database.execute("INSERT INTO meta VALUES('change', '0'), ('posts', '0'), ('vectors', '0')")

    def _verify(self) -> None:
        try:
            ours = self._db.execute("PRAGMA application_id").fetchone()[0] == APPLICATION_ID
            tables = {name for (name,) in self._db.execute("SELECT name FROM sqlite_master WHERE type='table'")}
            if ours:
                self._db.execute("SELECT max(row) FROM post").fetchone()
        except sqlite3.DatabaseError as error:
            self.close()
            raise IndexFault(
                f"The index file {self.path} is damaged or no index ({error}). Restore it from a backup, or move it "
                "away and collect again."
            ) from error
        if not ours or not {"meta", "post", "fp", "vector", "part"} <= tables:
            self.close()
            raise IndexFault(
                f"{self.path} is a SQLite file, but not an index of originality. Choose another folder with --index."
            )

    # -- meta ----------------------------------------------------------------------------------------------------

    def meta(self, key: str) -> str | None:
        """Return a remembered value."""
        found = self._db.execute("SELECT value FROM meta WHERE key=?", (key,)).fetchone()
        return str(found[0]) if found else None

    def remember(self, key: str, value: str) -> None:
        """Remember a value under a key."""
        with self.transaction() as database:
            database.execute("INSERT OR REPLACE INTO meta VALUES(?, ?)", (key, value))

    def claim(self, stamp: str, encoder: str) -> None:
        """Take an index for a stamp: written when the index is new, compared ever after.

        :raises StampError: if the index was built with another stamp.
        """
        seen = self.meta("stamp")
        if seen is None:
            self.remember("stamp", stamp)
            self.remember("encoder", encoder)
        elif seen != stamp:
            raise StampError(
                f"The index at {self.path.parent} was built with {seen}; this run uses {stamp}. Use the same encoder "
                "as the index, or collect into a new folder with --index."
            )

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
    def newest(self) -> datetime | None:
        """Time of the newest post."""
        (value,) = self._db.execute("SELECT max(published_at) FROM post").fetchone()
        return _time(value)

    # -- writing -------------------------------------------------------------------------------------------------

    def write(self, entries: Sequence[Entry], vectors: Mapping[bytes, NDArray[np.float32]]) -> None:
        """Write posts with all that belongs to them, replacing older versions, in one transaction."""
        with self.transaction() as database:
            self._delete(database, self._rows(entry.post.post_id for entry in entries))
            ids = self._write_vectors(database, vectors, {key for entry in entries for key in entry.vector_keys})
            for entry in entries:
                row = self._write_post(database, entry)
                database.executemany(
                    "INSERT INTO fp VALUES(?, ?)", [(_signed(value), row) for value in entry.fingerprints.tolist()]
                )
                database.executemany(
                    "INSERT INTO part VALUES(?, ?, ?)",
                    [(row, ordinal, ids[key]) for ordinal, key in enumerate(entry.vector_keys)],
                )
                database.executemany(
                    "INSERT INTO word VALUES(?, 1) ON CONFLICT(word) DO UPDATE SET posts=posts+1",
                    [(word,) for word in entry.words],
                )
            self._count(database, posts=len(entries))

    def update(self, posts: Sequence[Post]) -> None:
        """Store newer facts (counts, url, account name) of posts whose text has not changed."""
        with self.transaction() as database:
            database.executemany(
                "UPDATE post SET account=?, account_id=?, published_at=?, url=?, platform=?, reposts=?, comments=?,"
                " likes=?, truncated=?, repost_of=? WHERE post_id=?",
                [
                    (p.account, p.account_id, _stamp(p.published_at), p.url, p.platform, p.reposts, p.comments,
                     p.likes, p.truncated, p.repost_of, p.post_id)
                    for p in posts
                ],
            )  # fmt: skip
            self._count(database)

    def delete(self, post_ids: Iterable[str]) -> int:
        """Delete posts and every trace of them; return how many there were."""
        with self.transaction() as database:
            rows = self._rows(post_ids)
            self._delete(database, rows)
            database.execute("DELETE FROM word WHERE posts <= 0")
            self._count(database)
        self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return len(rows)

    def record_dropped(self, counts: Mapping[tuple[str, str], int]) -> None:
        """Remember how many items of which file were dropped for which reason; the latest reading of a file counts."""
        now = datetime.now(UTC).timestamp()
        with self.transaction() as database:
            for file in {file for file, _ in counts}:
                database.execute("DELETE FROM dropped WHERE file=?", (file,))
            database.executemany(
                "INSERT INTO dropped VALUES(?, ?, ?, ?)",
                [(file, reason, count, now) for (file, reason), count in counts.items()],
            )

    def dropped(self) -> dict[str, int]:
        """Return how many items were dropped for each reason, over all files read so far."""
        return dict(self._db.execute("SELECT reason, sum(posts) FROM dropped GROUP BY reason ORDER BY 2 DESC"))

    def _write_post(self, database: sqlite3.Connection, entry: Entry) -> int:
        p = entry.post
        cursor = database.execute(
            f"INSERT INTO post({_POST_COLUMNS}, fingerprints, signature, words) VALUES({', '.join('?' * 15)})",
            (p.post_id, p.account, p.account_id, _stamp(p.published_at), p.text, p.url, p.platform, p.reposts,
             p.comments, p.likes, p.truncated, p.repost_of, entry.fingerprints.tobytes(), entry.signature.tobytes(),
             " ".join(entry.words)),
        )  # fmt: skip
        return int(cursor.lastrowid or 0)

    def _write_vectors(
        self, database: sqlite3.Connection, vectors: Mapping[bytes, NDArray[np.float32]], keys: set[bytes]
    ) -> dict[bytes, int]:
        database.executemany(
            "INSERT OR IGNORE INTO vector(key, value) VALUES(?, ?)",
            [(key, vectors[key].astype(np.float16).tobytes()) for key in sorted(keys) if key in vectors],
        )
        return self._vector_ids(database, keys)

    @staticmethod
    def _vector_ids(database: sqlite3.Connection, keys: set[bytes]) -> dict[bytes, int]:
        found: dict[bytes, int] = {}
        for group in _groups(sorted(keys)):
            marks = ",".join("?" * len(group))
            found.update(database.execute(f"SELECT key, id FROM vector WHERE key IN ({marks})", group))
        return found

    def _rows(self, post_ids: Iterable[str]) -> list[int]:
        rows: list[int] = []
        for group in _groups(sorted(set(post_ids))):
            marks = ",".join("?" * len(group))
            rows += [row for (row,) in self._db.execute(f"SELECT row FROM post WHERE post_id IN ({marks})", group)]
        return rows

    @staticmethod
    def _delete(database: sqlite3.Connection, rows: Sequence[int]) -> None:
        for row in rows:
            prints, words = database.execute("SELECT fingerprints, words FROM post WHERE row=?", (row,)).fetchone()
            hashes = np.frombuffer(prints, np.uint32).tolist()
            database.executemany("DELETE FROM fp WHERE hash=? AND row=?", [(_signed(h), row) for h in hashes])
            database.executemany("UPDATE word SET posts=posts-1 WHERE word=?", [(w,) for w in words.split()])
            vectors = [vector for (vector,) in database.execute("SELECT vector FROM part WHERE row=?", (row,))]
            database.execute("DELETE FROM part WHERE row=?", (row,))
            database.executemany(
                "DELETE FROM vector WHERE id=?1 AND NOT EXISTS(SELECT 1 FROM part WHERE vector=?1)",
                [(vector,) for vector in vectors],
            )
            database.execute("DELETE FROM post WHERE row=?", (row,))

    @staticmethod
    def _count(database: sqlite3.Connection, *, posts: int = 0) -> None:
        database.execute("UPDATE meta SET value=value+1 WHERE key='change'")
        database.execute("UPDATE meta SET value=(SELECT count(*) FROM post) WHERE key='posts'")
        database.execute("UPDATE meta SET value=(SELECT count(*) FROM vector) WHERE key='vectors'")

    # -- reading -------------------------------------------------------------------------------------------------

    def known_vectors(self, keys: set[bytes]) -> set[bytes]:
        """Return those keys whose vectors are stored already."""
        return set(self._vector_ids(self._db, keys))

    def fetch(self, post_ids: Iterable[str]) -> dict[str, Post]:
        """Return the stored posts among some ids."""
        found: dict[str, Post] = {}
        for group in _groups(sorted(set(post_ids))):
            marks = ",".join("?" * len(group))
            for values in self._db.execute(f"SELECT {_POST_COLUMNS} FROM post WHERE post_id IN ({marks})", group):
                found[values[0]] = _post(values)
        return found

    def posts_at(self, rows: Iterable[int]) -> dict[int, Post]:
        """Return the posts at some rows; rows that are gone meanwhile are left out."""
        found: dict[int, Post] = {}
        for group in _groups(sorted(set(rows))):
            marks = ",".join("?" * len(group))
            for row, *values in self._db.execute(f"SELECT row, {_POST_COLUMNS} FROM post WHERE row IN ({marks})", group):
                found[row] = _post(values)
        return found

    def all_posts(self, since: datetime | None = None, until: datetime | None = None) -> Iterator[Post]:
        """Yield posts ordered by time (those without one first), optionally of a half-open span of time."""
        with closing(self._db.cursor()) as cursor:
            cursor.execute(
                f"SELECT {_POST_COLUMNS} FROM post WHERE (?1 IS NULL OR published_at >= ?1)"
                " AND (?2 IS NULL OR published_at < ?2) ORDER BY published_at, post_id",
                (_stamp(since), _stamp(until)),
            )
            for values in cursor:
                yield _post(values)

    def carriers(self, hashes: Sequence[int], cap: int) -> dict[int, list[int]]:
        """Return the rows that carry each fingerprint, at most cap + 1 of them, in order of writing."""
        execute = self._db.execute
        query = "SELECT row FROM fp WHERE hash=? LIMIT ?"
        return {value: [row for (row,) in execute(query, (_signed(value), cap + 1))] for value in hashes}

    def signatures(self, rows: Sequence[int]) -> NDArray[np.uint32]:
        """Return the MinHash signatures of existing rows, in the order asked for, shape (n, 128)."""
        found: dict[int, bytes] = {}
        for group in _groups(sorted(set(rows))):
            marks = ",".join("?" * len(group))
            found.update(self._db.execute(f"SELECT row, signature FROM post WHERE row IN ({marks})", group))
        blobs = [found[row] for row in rows if row in found]
        return _signature_rows(blobs)

    def accounts_at(self, rows: Iterable[int]) -> dict[int, str]:
        """Return the account of each existing row."""
        found: dict[int, str] = {}
        for group in _groups(sorted(set(rows))):
            marks = ",".join("?" * len(group))
            found.update(self._db.execute(f"SELECT row, account FROM post WHERE row IN ({marks})", group))
        return found

    def parts(self, rows: Sequence[int]) -> dict[int, list[NDArray[np.float32]]]:
        """Return the vectors of each row: the whole text first, then its passages."""
        found: dict[int, list[NDArray[np.float32]]] = {}
        for group in _groups(sorted(set(rows))):
            marks = ",".join("?" * len(group))
            query = (
                "SELECT part.row, vector.value FROM part JOIN vector ON vector.id = part.vector"
                f" WHERE part.row IN ({marks}) ORDER BY part.row, part.ordinal"
            )
            for row, blob in self._db.execute(query, group):
                found.setdefault(row, []).append(np.frombuffer(blob, np.float16).astype(np.float32))
        return found

    def carriers_of_vectors(self, vectors: Sequence[int]) -> dict[int, list[tuple[int, int]]]:
        """Return (row, ordinal) of the texts that each vector stands for."""
        found: dict[int, list[tuple[int, int]]] = {}
        for group in _groups(sorted(set(vectors))):
            marks = ",".join("?" * len(group))
            for vector, row, ordinal in self._db.execute(
                f"SELECT vector, row, ordinal FROM part WHERE vector IN ({marks}) ORDER BY row", group
            ):
                found.setdefault(vector, []).append((row, ordinal))
        return found

    def word_counts(self, words: Sequence[str]) -> dict[str, int]:
        """Return in how many posts each word stands."""
        found: dict[str, int] = {}
        for group in _groups(sorted(set(words))):
            marks = ",".join("?" * len(group))
            found.update(self._db.execute(f"SELECT word, posts FROM word WHERE word IN ({marks})", group))
        return found

    def signatures_after(self, row: int) -> tuple[NDArray[np.int64], NDArray[np.uint32]]:
        """Return rows above a number with their signatures."""
        values = self._db.execute("SELECT row, signature FROM post WHERE row > ? ORDER BY row", (row,)).fetchall()
        rows = np.array([value[0] for value in values], np.int64)
        return rows, _signature_rows([value[1] for value in values])

    def vectors_after(self, number: int, limit: int) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """Return ids above a number with their vectors, at most `limit` of them."""
        values = self._db.execute(
            "SELECT id, value FROM vector WHERE id > ? ORDER BY id LIMIT ?", (number, limit)
        ).fetchall()
        ids = np.array([value[0] for value in values], np.int64)
        matrix = np.frombuffer(b"".join(value[1] for value in values), np.float16).astype(np.float32)
        return ids, matrix.reshape(len(values), -1) if values else matrix.reshape(0, 0)

    def row_numbers(self) -> NDArray[np.int64]:
        """Return all row numbers."""
        return np.array([row for (row,) in self._db.execute("SELECT row FROM post")], np.int64)

    def vector_numbers(self) -> NDArray[np.int64]:
        """Return all vector ids."""
        return np.array([number for (number,) in self._db.execute("SELECT id FROM vector")], np.int64)


def _groups(items: Sequence[bytes] | Sequence[str] | Sequence[int], size: int = 500) -> Iterator[list[object]]:
    for start in range(0, len(items), size):
        yield list(items[start : start + size])


def _signature_rows(blobs: Sequence[bytes]) -> NDArray[np.uint32]:
    return np.frombuffer(b"".join(blobs), np.uint32).reshape(len(blobs), NUM_PERM)


def _signed(value: int) -> int:
    """Map 32 unsigned bits to a signed integer: SQLite stores it in 4 bytes instead of 6."""
    return value - (1 << 32) if value >= 1 << 31 else value


def _stamp(time: datetime | None) -> float | None:
    return time.timestamp() if time else None


def _time(value: float | None) -> datetime | None:
    return None if value is None else datetime.fromtimestamp(value, BEIJING)


def _post(values: Sequence[object]) -> Post:
    (post_id, account, account_id, published_at, text, url, platform, reposts, comments, likes, truncated, repost_of) = values
    return Post(
        post_id=str(post_id), account=str(account), account_id=str(account_id),
        published_at=_time(published_at),  # type: ignore[arg-type]
        text=str(text), url=str(url), platform=str(platform),
        reposts=reposts, comments=comments, likes=likes,  # type: ignore[arg-type]
        truncated=bool(truncated), repost_of=str(repost_of),
    )  # fmt: skip
