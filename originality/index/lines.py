"""The file of short lines: what posts say in one line, and which lines share rare pairs of syllables with another.

    line    a short line of a post: the row of the post, its letters' place in the post, its text
    key     which lines carry a key (a hash that `short` makes of two or three syllables)
    fact    how far the store has been read

A cache beside the store like the FAISS files: it catches up by itself and can be removed at any time. Deleted content
is overwritten on disk. Whoever reads it opens it anew, so it is safe in threads and after a fork.
"""

from __future__ import annotations

import math
import sqlite3
import tempfile
from array import array
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from originality.errors import IndexFault
from originality.files import PRIVATE
from originality.index.rows import groups
from originality.index.store import Store

FILE = "lines.sqlite"
BATCH = 5_000  # posts read in one transaction: keys go in sorted, and neighbours lie on one page
WAIT_SECONDS = 30.0
VERSION = "1"  # raised with every change of what a line or a key is: the file is then made anew

_SCHEMA = """
CREATE TABLE IF NOT EXISTS fact(name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS line(id INTEGER PRIMARY KEY, row INTEGER NOT NULL, start INTEGER NOT NULL,
  text TEXT NOT NULL, keys BLOB NOT NULL);
CREATE INDEX IF NOT EXISTS line_row ON line(row);
CREATE TABLE IF NOT EXISTS key(hash INTEGER NOT NULL, line INTEGER NOT NULL, PRIMARY KEY(hash, line)) WITHOUT ROWID;
"""

_ACTIVE = "SELECT 1 FROM sqlite_master WHERE type IN ('trigger', 'view') OR sql LIKE 'CREATE VIRTUAL%' LIMIT 1"


@dataclass(frozen=True, slots=True)
class Found:
    """A short line of a post, as it enters."""

    start: int
    """Place of its first letter among the letters of the cleaned post."""
    text: str
    """As cleaned."""
    keys: tuple[int, ...]
    """Signed 32-bit hashes, distinct."""


@dataclass(frozen=True, slots=True)
class Line:
    """A short line of a post, as it comes back."""

    row: int
    start: int
    text: str


class Lines:
    """The short lines of one index."""

    def __init__(self, store: Store, folder: Path) -> None:
        """Stand for the file in a folder; nothing is opened yet."""
        self._store = store
        self._path = folder / FILE
        self._spare: tempfile.TemporaryDirectory[str] | None = None
        self._seen: int | None = None

    def catch_up(self, read: Callable[[str], Sequence[Found]]) -> None:
        """Read the posts that are not in the file yet, and take out those that are gone.

        A damaged file is made anew. Where the folder cannot be written, it is made in a private temporary one instead.

        Args:
            read: returns the short lines of a text.

        Raises:
            IndexFault: it cannot be written anywhere.
        """
        change = self._store.change
        if self._seen == change:
            return None
        try:
            self._catch_up(read)
        except sqlite3.OperationalError as error:
            if self._spare is not None:
                raise IndexFault(
                    f"{self._path} cannot be written ({error}). Free some space, then try again."
                ) from error
            self._spare = tempfile.TemporaryDirectory(prefix="originality-")
            self._path = Path(self._spare.name) / FILE
            return self.catch_up(read)
        except sqlite3.DatabaseError as error:
            try:
                self._path.unlink()
            except OSError:
                raise IndexFault(f"{self._path} is damaged ({error}). Remove it, it is made anew.") from error
            self._catch_up(read)
        self._seen = change
        return None

    def near(self, keys: Sequence[int], cap: int, limit: int) -> list[Line]:
        """Return the lines that share the rarest keys, best first.

        Args:
            keys: of the line in question.
            cap: a key that more lines carry is common speech and retrieves nothing.
            limit: lines returned at most.

        Raises:
            IndexFault: the file cannot be read.
        """
        try:
            return self._near(keys, cap, limit)
        except sqlite3.Error as error:
            raise IndexFault(f"{self._path} cannot be read ({error}). Remove it, it is made anew.") from error

    def _near(self, keys: Sequence[int], cap: int, limit: int) -> list[Line]:
        with self._open() as database:
            ((count,),) = database.execute("SELECT coalesce(max(id), 0) FROM line").fetchall()
            weights: dict[int, float] = defaultdict(float)
            for key in keys:
                lines = database.execute("SELECT line FROM key WHERE hash=? LIMIT ?", (key, cap + 1)).fetchall()
                if 0 < len(lines) <= cap:
                    bits = math.log2(1 + count / len(lines))
                    for (line,) in lines:
                        weights[line] += bits
            best = sorted(weights, key=lambda line: (-weights[line], line))[:limit]
            found: dict[int, Line] = {}
            for marks, group in groups(best):
                query = f"SELECT id, row, start, text FROM line WHERE id IN ({marks})"
                found |= {line: Line(*values) for line, *values in database.execute(query, group)}
            return [found[line] for line in best if line in found]

    def forget(self, post_ids: Iterable[str]) -> None:
        """Take out the lines of some posts, which are still in the store, and of older texts of any post.

        Raises:
            IndexFault: the file is there and cannot be changed.
        """
        if not self._path.exists():
            return
        rows: list[int] = []
        for marks, group in groups(sorted(post_ids)):
            rows += [row for (row,) in self._store.rows(f"SELECT row FROM post WHERE post_id IN ({marks})", group)]
        try:
            with self._writing() as database:
                self._sweep(database, set(rows))
        except sqlite3.Error as error:
            raise IndexFault(
                f"No post has been deleted: {self._path} holds lines of them and cannot be changed ({error}). Remove "
                "it, it is made anew, then run the same command again."
            ) from error
        self._seen = None

    def _catch_up(self, read: Callable[[str], Sequence[Found]]) -> None:
        if self._is_current():
            return
        while self._step(read):
            pass
        with self._writing() as database:
            count, there = int(_facts(database).get("read", 0)), self._store.posts
            if count > there:
                self._sweep(database, set())
            elif count < there:  # a deletion that never came to its end had taken lines out before the posts
                _empty(database)
        while count < there and self._step(read):
            pass

    def _is_current(self) -> bool:
        """Say whether there is nothing to read or take out: then the file need not be written."""
        if not self._path.exists() or not self._path.stat().st_size:
            return False
        with self._open() as database:
            facts = _facts(database)
        ((newest,),) = self._store.rows("SELECT coalesce(max(row), 0) FROM post")
        known = (facts.get("of"), int(facts.get("reached", 0)) >= newest, int(facts.get("read", 0)))
        return known == (self._identity, True, self._store.posts)

    @property
    def _identity(self) -> str:
        return f"{VERSION}:{self._store.meta('id')}"

    def _step(self, read: Callable[[str], Sequence[Found]]) -> bool:
        """Read one batch in one transaction; say whether there was any."""
        with self._writing() as database:
            facts = _facts(database)
            identity = self._identity
            if facts.get("of", identity) != identity:  # of another index or version
                _empty(database)
                facts = {}
            reached, count = int(facts.get("reached", 0)), int(facts.get("read", 0))
            query = "SELECT row, text FROM post WHERE row > ? ORDER BY row LIMIT ?"
            posts = self._store.rows(query, (reached, BATCH))
            _put(database, [(row, found) for row, text in posts for found in read(text)])
            _remember(database, of=identity, reached=posts[-1][0] if posts else reached, read=count + len(posts))
            return bool(posts)

    def _sweep(self, database: sqlite3.Connection, rows: set[int]) -> None:
        """Take out the lines of some rows, and of those that are no longer in the store."""
        kept = set(self._store.row_numbers().tolist()) - rows
        lines = database.execute("SELECT DISTINCT row FROM line").fetchall()
        _take_out(database, [row for (row,) in lines if row not in kept])
        reached = int(_facts(database).get("reached", 0))
        _remember(database, read=sum(row <= reached for row in kept))

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        with closing(
            sqlite3.connect(
                f"{self._path.absolute().as_uri()}?mode=rw", uri=True, timeout=WAIT_SECONDS, isolation_level=None
            )
        ) as database:
            database.execute("PRAGMA trusted_schema=OFF")
            if database.execute(_ACTIVE).fetchone():
                raise sqlite3.DatabaseError("it holds what acts by itself, and was made by somebody else")
            database.execute("PRAGMA mmap_size=1073741824")
            yield database

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """Lend the file for one transaction; make it where it is missing, for its owner only."""
        if not self._path.exists():
            try:
                self._path.touch(PRIVATE)
            except OSError as error:
                raise sqlite3.OperationalError(str(error)) from error
        with self._open() as database:
            database.execute("PRAGMA secure_delete=ON")
            database.execute("PRAGMA journal_mode=TRUNCATE")
            database.execute("PRAGMA cache_size=-65536")
            database.execute("BEGIN IMMEDIATE")
            try:
                for statement in _SCHEMA.strip().split(";\n"):
                    database.execute(statement.rstrip(";"))
                yield database
                database.execute("COMMIT")
            except BaseException:
                if database.in_transaction:
                    database.execute("ROLLBACK")
                raise


def _facts(database: sqlite3.Connection) -> dict[str, str]:
    return dict(database.execute("SELECT name, value FROM fact").fetchall())


def _remember(database: sqlite3.Connection, **facts: int | str) -> None:
    values = [(name, str(value)) for name, value in facts.items()]
    database.executemany("INSERT OR REPLACE INTO fact VALUES(?, ?)", values)


def _empty(database: sqlite3.Connection) -> None:
    for table in ("fact", "line", "key"):
        database.execute(f"DELETE FROM {table}")


def _put(database: sqlite3.Connection, found: Sequence[tuple[int, Found]]) -> None:
    ((last,),) = database.execute("SELECT coalesce(max(id), 0) FROM line").fetchall()
    numbered = [(last + 1 + i, row, line) for i, (row, line) in enumerate(found)]
    values = [(number, row, line.start, line.text, array("i", line.keys).tobytes()) for number, row, line in numbered]
    database.executemany("INSERT INTO line VALUES(?, ?, ?, ?, ?)", values)
    pairs = sorted((key, number) for number, _, line in numbered for key in line.keys)
    database.executemany("INSERT INTO key VALUES(?, ?)", pairs)


def _take_out(database: sqlite3.Connection, rows: Sequence[int]) -> None:
    """Delete the lines of some rows with their keys."""
    for marks, group in groups(sorted(rows)):
        lines = database.execute(f"SELECT id, keys FROM line WHERE row IN ({marks})", group).fetchall()
        pairs = [(key, line) for line, blob in lines for key in array("i", blob)]
        database.executemany("DELETE FROM key WHERE hash=? AND line=?", pairs)
        database.execute(f"DELETE FROM line WHERE row IN ({marks})", group)
