"""Read what is still there of an index whose file is damaged, or of an older format.

Enters: the path of a file. Leaves: posts, and the few facts that no export brings back. Whatever cannot be read is
counted and passed over: a damaged page costs the rows on it and no more.

A damaged page need not look damaged. Two of the columns are derived from the text of the same row, so a text that fits
neither of them is taken for damaged too. Nothing vouches for the other columns (docs/operations.md).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from originality import sketch
from originality.clean import clean
from originality.errors import IndexFault
from originality.index.compact import pack_signature, vector_rows, vector_sizes
from originality.index.database import APPLICATION_ID
from originality.index.rows import POST_COUNTS, POST_FLAGS, POST_NAMES, POST_TIMES, post_of
from originality.models import Post

GROUP = 500  # rows read at a time
ROWS_A_PAGE = 40  # more fit on no page: bounds the search where nothing tells the highest row
UNIT = 2e-3  # by which the length of a stored vector may differ from 1: half precision rounds by some 1e-4
_BLANK = Post(post_id="", account="", text="")
_SYSTEMATIC = 0.5  # share of texts from which a misfit is no damage: another version of this package derived the rest


class Salvage:
    """A file of posts, read as far as it goes. A context manager; nobody else may have the file open meanwhile."""

    def __init__(self, path: Path) -> None:
        """Open the file.

        Raises:
            IndexFault: another process has it open.
        """
        self.path = path
        self.read = 0
        """Posts read whole so far."""
        self.broken = 0
        """Row numbers that could not be read so far; some may never have been posts."""
        self._database: sqlite3.Connection | None = None
        self._trust = False
        if path.exists():
            self._open()

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the file."""
        self.close()

    def close(self) -> None:
        """Close the file, its log carried over into it where that is possible."""
        if self._database is None:
            return
        with suppress(sqlite3.Error):
            self._database.execute("ROLLBACK")
        with suppress(sqlite3.Error):
            self._database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        self._database.close()
        self._database = None

    @property
    def format(self) -> int:
        """The number of the format; 0 where it cannot be read, or was of the first, which did not write one."""
        found = self._rows("PRAGMA user_version")
        return int(found[0][0]) if found else 0

    @property
    def is_foreign(self) -> bool:
        """Say whether the file is a sound one of another program."""
        return bool(self._tables()) and self._rows("PRAGMA application_id") not in ([], [(APPLICATION_ID,)])

    @property
    def has_posts(self) -> bool:
        """Say whether the table of posts is still there, readable or not."""
        return "post" in self._tables()

    @property
    def lost(self) -> int:
        """Number of posts that could not be read, once `posts` has come to its end."""
        with suppress(TypeError, ValueError):
            return max(int(self.fact("posts") or "") - self.read, 0)
        return self.broken

    def fact(self, key: str) -> str | None:
        """Return a remembered value, where it can be read."""
        found = self._rows("SELECT value FROM meta WHERE key=?", (key,))
        return str(found[0][0]) if found else None

    def forgotten(self) -> list[bytes] | None:
        """Return the keys of the posts that must not come back; None where they cannot be read."""
        if not self._tables() >= {"meta", "post"}:
            return None
        try:
            found = self._execute("SELECT key FROM forgotten") if "forgotten" in self._tables() else []
        except sqlite3.Error:
            return None
        return [key for (key,) in found if isinstance(key, bytes)]

    def dropped(self) -> list[tuple[Any, ...]]:
        """Return what is known of items that earlier files held and the index does not."""
        return self._rows("SELECT file, reason, posts, at FROM dropped")

    def vector(self, key: bytes, dim: int) -> NDArray[np.float32] | None:
        """Return the stored vector of a text, unless it is not there or cannot be one."""
        found = self._rows("SELECT value FROM vector WHERE key=?", (key,))
        if not found or not isinstance(found[0][0], bytes) or len(found[0][0]) not in vector_sizes(dim):
            return None
        row = vector_rows([found[0][0]], dim)[0]
        return row if abs(float(np.linalg.norm(row)) - 1) < UNIT else None

    def posts(self, *, same_format: bool) -> Iterator[Post]:
        """Yield the posts that can be read, in order of writing.

        Args:
            same_format: whether this version of the package wrote the file: only then does it know what must fit.
        """
        if not self.has_posts:
            return
        columns = self._columns()
        names = [name for name in POST_NAMES if name in columns]
        derived = ["fingerprints", "signature"] if same_format and {"fingerprints", "signature"} <= columns else []
        for group in self._groups(", ".join([*names, *derived])):
            found = [(row, post) for row in group if (post := _post_of(dict(zip(names, row, strict=False))))]
            fits = _fit([post for _, post in found], [row[len(names) : -1] for row, _ in found]) if derived else []
            if derived and not self.read and fits.count(False) > _SYSTEMATIC * len(fits):
                derived, fits = [], []
            kept = [post for i, (_, post) in enumerate(found) if not derived or fits[i]]
            self.broken += len(group) - len(kept)
            self.read += len(kept)
            yield from kept

    def _open(self) -> None:
        database = sqlite3.connect(
            f"{self.path.absolute().as_uri()}?mode=rw", uri=True, timeout=1, isolation_level=None
        )
        self._database = database
        try:
            for pragma in ("trusted_schema=OFF", "cell_size_check=ON", "locking_mode=EXCLUSIVE"):
                database.execute(f"PRAGMA {pragma}")
            database.execute("BEGIN EXCLUSIVE")
            database.execute("SELECT 1 FROM sqlite_master").fetchone()
        except sqlite3.Error as error:
            code = getattr(error, "sqlite_errorcode", 0) & 0xFF
            if code in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
                database.close()
                raise IndexFault(
                    f"Another process has {self.path} open. End what uses the index (page, service, collect), then run "
                    "the same command again."
                ) from error

    def _execute(self, query: str, values: Sequence[Any] = ()) -> list[Any]:
        return self._database.execute(query, values).fetchall() if self._database else []

    def _rows(self, query: str, values: Sequence[Any] = ()) -> list[Any]:
        try:
            return self._execute(query, values)
        except sqlite3.Error:
            return []

    def _tables(self) -> set[str]:
        return {name for (name,) in self._rows("SELECT name FROM sqlite_master WHERE type='table'")}

    def _columns(self) -> set[str]:
        return {name for _, name, *_ in self._rows("PRAGMA table_info(post)")}

    def _groups(self, columns: str) -> Iterator[list[Any]]:
        """Yield the readable rows, some at a time; where a group cannot be read, its rows are tried one by one."""
        done, highest = 0, self._highest()
        while done < highest:
            try:
                query = f"SELECT {columns}, row FROM post WHERE row > ? ORDER BY row LIMIT ?"
                found = self._execute(query, (done, GROUP))
                if not found:
                    return
                done = found[-1][-1]
            except sqlite3.Error:
                found, done = self._singly(columns, done), done + GROUP
            yield found

    def _singly(self, columns: str, done: int) -> list[Any]:
        found: list[Any] = []
        for number in range(done + 1, done + GROUP + 1):
            try:
                found += self._execute(f"SELECT {columns}, row FROM post WHERE row=?", (number,))
            except sqlite3.Error:
                self.broken += 1
        return found

    def _highest(self) -> int:
        for query in ("SELECT seq FROM sqlite_sequence WHERE name='post'", "SELECT max(row) FROM post"):
            found = self._rows(query)
            if found and isinstance(found[0][0], int):
                return int(found[0][0])
        return self.path.stat().st_size // 4096 * ROWS_A_PAGE


def fitting(
    texts: Sequence[str], fingerprints: Sequence[bytes], signatures: Sequence[bytes]
) -> list[tuple[bool, bool]]:
    """Say of each text whether the stored fingerprints, and whether the stored signature, are those of this text."""
    letters = [clean(text).letters for text in texts]
    return [
        (sketch.fingerprints(own).tobytes() == prints, stored in {row.tobytes(), pack_signature(row)})
        for own, row, prints, stored in zip(letters, sketch.signatures(letters), fingerprints, signatures, strict=True)
    ]


def _fit(posts: Sequence[Post], derived: Sequence[tuple[bytes, bytes]]) -> list[bool]:
    texts = [post.text for post in posts]
    return [any(both) for both in fitting(texts, [prints for prints, _ in derived], [row for _, row in derived])]


def _post_of(facts: dict[str, Any]) -> Post | None:
    """Return the post that the columns of a row describe; None where they hold what was never written."""
    for name, value in facts.items():
        kinds = (int, float) if name in POST_TIMES else int if name in {*POST_COUNTS, *POST_FLAGS} else str
        if not isinstance(value, kinds) and (value is not None or kinds is str):
            return None
    try:
        return post_of([facts.get(name, getattr(_BLANK, name)) for name in POST_NAMES]) if facts["post_id"] else None
    except (ValueError, OverflowError, OSError):
        return None
