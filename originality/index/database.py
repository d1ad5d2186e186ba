"""The SQLite file of an index: making it, opening it, sharing it, and saying in one line what is wrong with it.

Enters: a folder. Leaves: connections for reading, and transactions that are whole or not at all. Write-ahead logging
lets one writer and many readers work at once, in threads and processes.

Connections are lent from a pool, not kept per thread: a page serves every click from a new thread, and connections of
threads that have ended would pile up until no file can be opened.
"""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

from originality.errors import IndexFault, StampError
from originality.files import PRIVATE, private_folder
from originality.index.compact import COMPACT_FORMAT
from originality.settings import FORMAT

FILE = "posts.sqlite"
APPLICATION_ID = 0x4F524947  # "ORIG": tells our files from any other SQLite file
WAIT_SECONDS = 30.0  # for another writer: a batch of 512 posts is written within a second

SCHEMA = """
CREATE TABLE meta(key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE post(
  row INTEGER PRIMARY KEY AUTOINCREMENT, post_id TEXT NOT NULL UNIQUE, account TEXT NOT NULL, account_id TEXT NOT NULL,
  published_at REAL, text TEXT NOT NULL, url TEXT NOT NULL, platform TEXT NOT NULL,
  reposts INTEGER, comments INTEGER, likes INTEGER, truncated INTEGER NOT NULL, repost_of TEXT NOT NULL,
  raw TEXT NOT NULL, edits INTEGER, at_least INTEGER NOT NULL, seen_at REAL, text_seen_at REAL,
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
CREATE TABLE forgotten(key BLOB PRIMARY KEY) WITHOUT ROWID;
"""
TABLES = {"meta", "post", "fp", "vector", "part", "word", "dropped", "forgotten"}

# What acts by itself has no place in an index: a file that holds it was made by somebody else.
_ACTIVE = "SELECT 1 FROM sqlite_master WHERE type IN ('trigger', 'view') OR sql LIKE 'CREATE VIRTUAL%' LIMIT 1"

# Of each connection. The caches hold the pages that a batch changes (fingerprints fall all over their table), and the
# log is carried over only once it has 64 MB: both together write 100,000 posts several times faster.
PRAGMAS = (
    "synchronous=NORMAL",
    "secure_delete=ON",  # deleted content is overwritten
    "trusted_schema=OFF",  # whoever made the file, no function or table of its schema runs that could do harm
    "cell_size_check=ON",  # damage is found where it is read
    "mmap_size=1073741824",
    "cache_size=-131072",
    "wal_autocheckpoint=16384",
    "journal_size_limit=67108864",
)

# What SQLite's result codes mean to the person at the terminal, and what to do next.
_ADVICE = {
    sqlite3.SQLITE_BUSY: "another process has been writing for too long. Wait until it ends, then try again.",
    sqlite3.SQLITE_LOCKED: "another process has been writing for too long. Wait until it ends, then try again.",
    sqlite3.SQLITE_FULL: "the disk is full. What was indexed before is unharmed; free some space, then try again.",
    sqlite3.SQLITE_IOERR: "the disk refuses. What was indexed before is unharmed; check the disk and its free space, "
    "then try again.",
    sqlite3.SQLITE_READONLY: "this user may only read it. Change the permissions of the folder, or choose another one "
    "with --index.",
    sqlite3.SQLITE_CANTOPEN: "it cannot be opened. Check that it exists and that this user may read and write its "
    "folder.",
    sqlite3.SQLITE_PERM: "this user may not open it. Change the permissions of the folder.",
}
_DAMAGED = "it is damaged or no index. Restore it from a backup, or move it away and collect again."


class Database:
    """The SQLite file in a folder. Safe to share between threads, and after a fork."""

    def __init__(self, folder: Path, *, create: bool = False) -> None:
        """Open the file; make it if `create` is set and there is none yet.

        Raises:
            IndexFault: it is missing, foreign, damaged or out of reach.
        """
        self.path = folder / FILE
        self._lock = threading.Lock()
        self._idle: list[sqlite3.Connection] = []
        self._process = os.getpid()
        self._closed = False
        self._frozen: tuple[int, int] | None = None
        if create and not self.path.exists():
            self._make_room(folder)
        if not self.path.exists():
            raise IndexFault(
                f"No index at {folder}: {FILE} is missing. Make one: originality collect PATH --index {folder}"
            )
        try:
            self._verify(create)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Close every connection; the database cannot be used afterwards."""
        with self._lock:
            self._closed = True
            if self._process == os.getpid():
                for connection in self._idle:
                    connection.close()
                self._idle.clear()

    def rows(self, query: str, values: Sequence[Any] = ()) -> list[Any]:
        """Return all rows that a query finds."""
        with self.connection() as connection:
            return connection.execute(query, values).fetchall()

    @contextmanager
    def connection(self) -> Iterator[sqlite3.Connection]:
        """Lend a connection for a block; what SQLite has to complain about becomes an `IndexFault`."""
        connection: sqlite3.Connection | None = None
        try:
            connection = self._take()
            yield connection
        except sqlite3.Error as error:
            raise self._fault(error) from error
        finally:
            if connection is not None:
                self._give(connection)

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Run a block in one write transaction; any exception undoes it."""
        with self.connection() as connection:
            try:
                connection.execute("BEGIN IMMEDIATE")
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:  # a full disk has undone it by itself
                    connection.execute("ROLLBACK")
                raise

    def _take(self) -> sqlite3.Connection:
        with self._lock:
            if self._closed:
                raise IndexFault(f"The index at {self.path.parent} has been closed. Open it again.")
            if self._process != os.getpid():  # SQLite forbids to use or close what a fork has inherited
                self._inherited, self._idle, self._process = self._idle, [], os.getpid()
            if self._frozen and self._frozen != self._state():
                self._idle.clear()
            if self._idle:
                return self._idle.pop()
        return self._connect()

    def _give(self, connection: sqlite3.Connection) -> None:
        with self._lock:
            if not self._closed:
                self._idle.append(connection)
                return
        connection.close()

    def _connect(self) -> sqlite3.Connection:
        mode = "mode=rw"
        if not writable(self.path.parent):  # no log can be made beside it
            log = self.path.with_name(f"{FILE}-wal")
            unfinished = log.exists() and log.stat().st_size > 0
            mode = "mode=ro" if unfinished else "mode=ro&immutable=1"
            self._frozen = None if unfinished else self._state()
        connection = sqlite3.connect(
            f"{self.path.absolute().as_uri()}?{mode}",
            uri=True, timeout=WAIT_SECONDS, isolation_level=None, check_same_thread=False,
        )  # fmt: skip
        try:
            for pragma in PRAGMAS:
                connection.execute(f"PRAGMA {pragma}")
        except BaseException:
            connection.close()
            raise
        return connection

    def _state(self) -> tuple[int, int]:
        status = self.path.stat()
        return status.st_size, status.st_mtime_ns

    def _make_room(self, folder: Path) -> None:
        try:
            private_folder(folder)
            self.path.touch(PRIVATE)  # the files that SQLite puts beside it take its permissions
        except OSError as error:
            raise IndexFault(
                f"No index can be made at {folder}: {error.strerror}. Choose a folder that this user may write, "
                "with --index."
            ) from error

    def _verify(self, create: bool) -> None:
        tables = {name for (name,) in self.rows("SELECT name FROM sqlite_master WHERE type='table'")}
        if not tables and create:  # new, or left behind by a run that was killed here
            return self._make_tables()
        if not tables and not self.path.stat().st_size:
            raise IndexFault(
                f"The index file {self.path} is empty. Collect posts into it: originality collect PATH --index "
                f"{self.path.parent}"
            )
        ours = self.rows("PRAGMA application_id") == [(APPLICATION_ID,)] and "meta" in tables and not self.rows(_ACTIVE)
        if ours:
            self._check_format()
        if not ours or not tables >= TABLES:
            raise IndexFault(
                f"{self.path} is a SQLite file, but not an index of originality. Choose another folder with --index."
            )
        self.rows("SELECT max(row) FROM post")
        return None

    def _check_format(self) -> None:
        ((seen,),) = self.rows("PRAGMA user_version")
        folder = self.path.parent
        if seen > COMPACT_FORMAT:
            raise StampError(
                f"The index at {folder} has format {seen}, this version of originality knows {COMPACT_FORMAT}: a later "
                "version made it. Update originality."
            )
        if seen < FORMAT:  # 0 in files of the first format, which did not write it
            raise StampError(
                f"The index at {folder} has format {seen or 1}, this version of originality needs {FORMAT}. Collect "
                f"your files again into a new folder: originality collect PATH --index {folder}-{FORMAT}"
            )

    def _make_tables(self) -> None:
        with self.connection() as connection:
            connection.execute("PRAGMA journal_mode=WAL")
        with self.transaction() as connection:
            if connection.execute("SELECT 1 FROM sqlite_master").fetchone():
                return  # another process was faster
            connection.execute(f"PRAGMA application_id={APPLICATION_ID}")
            connection.execute(f"PRAGMA user_version={FORMAT}")
            for statement in SCHEMA.strip().split(";\n"):
                connection.execute(statement.rstrip(";"))
            facts = {"change": 0, "posts": 0, "vectors": 0, "id": uuid4().hex}
            connection.executemany("INSERT INTO meta VALUES(?, ?)", list(facts.items()))

    def _fault(self, error: sqlite3.Error) -> IndexFault:
        code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT) & 0xFF
        return IndexFault(f"The index file {self.path} cannot be used ({error}): {_ADVICE.get(code, _DAMAGED)}")


def writable(folder: Path) -> bool:
    """Say whether this user may make files in a folder."""
    return os.access(folder, os.W_OK, effective_ids=os.access in os.supports_effective_ids)
