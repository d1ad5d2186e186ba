"""SQLite databases of weibo-crawler, weiboSpider, weibo-search and MediaCrawler, and any other with a table of texts.

The file is opened read-only and its schema is not trusted: only plain tables are read, no views, no virtual tables.
Tables of comments and of reposts by private persons are left alone.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

from originality.collect import reasons
from originality.collect.accounts import is_uid
from originality.collect.decode import BROKEN
from originality.collect.families import weibo_crawler_database
from originality.collect.memory import Header
from originality.collect.table import Row, listed
from originality.errors import CollectError
from originality.models import Dropped

_BATCH = 1_000
_LONGEST_CELL = 16 * 2**20
_KNOWN = ("weibo", "weibo_note", "xhs_note", "douyin_aweme")
_NOT_POSTS = re.compile(r"comment|reply|replies|repost|user|creator|account|bins|^sqlite_|_fts", re.IGNORECASE)
_VIRTUAL = re.compile(r"\s*create\s+virtual", re.IGNORECASE)


class _Table(NamedTuple):
    name: str
    columns: list[str]
    rows: int


class SqliteReader:
    """Reads one database."""

    fraction = 0.0

    def __init__(self, path: Path, header: Header, account: str) -> None:
        """Prepare to read.

        :param account: whose posts are wanted, where the user said so.
        """
        self._path = path
        self._header = header
        self._account = account.strip()
        self._line = 0

    def rows(self) -> Iterator[Row | Dropped]:
        """Yield the rows of the tables of posts; raise CollectError before the first where there is none."""
        try:
            with closing(self._open()) as database:
                tables = self._tables(database)
                total = sum(table.rows for table in tables)
                for table in tables:
                    self._header.check(table.columns)
                    for row in self._rows(database, table):
                        self.fraction = self._line / max(1, total)
                        yield row
        except (sqlite3.Error, OverflowError) as error:
            if not self._line:
                raise CollectError(
                    f"{self._path} is not a readable SQLite database: {str(error)[:100]}. Copy or export it again."
                ) from error
            yield Dropped(reason=reasons.DAMAGED_REST, file=self._path, line=self._line + 1)

    def _open(self) -> sqlite3.Connection:
        # Immutable leaves nothing beside the file; where a program still writes to it, its journal must be seen.
        journal = self._path.with_name(self._path.name + "-wal")
        mode = "mode=ro" if journal.exists() and journal.stat().st_size else "mode=ro&immutable=1"
        database = sqlite3.connect(f"file:{quote(str(self._path.resolve()))}?{mode}", uri=True)
        database.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _LONGEST_CELL)
        database.execute("PRAGMA trusted_schema = OFF")
        database.text_factory = lambda value: value.decode("utf-8", "replace")
        return database

    def _tables(self, database: sqlite3.Connection) -> list[_Table]:
        """Return the tables of posts: those that exporters fill, else those with a column of texts."""
        found = database.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'table' ORDER BY rootpage"
        ).fetchall()
        tables = [
            _Table(name, columns, _count(database, name))
            for name, sql in found
            if isinstance(name, str) and not _VIRTUAL.match(sql or "")
            if self._header.knows_text(columns := _columns(database, name))
        ]
        chosen = [table for table in tables if table.name in _KNOWN] or [
            table for table in tables if not _NOT_POSTS.search(table.name)
        ]
        if not chosen:
            names = listed([str(name) for name, _ in found])
            raise CollectError(
                f"{self._path} is an SQLite database without a table of posts; tables: {names}. "
                "Name the column with the texts: --map text=COLUMN."
            )
        return [table for table in chosen if table.rows] or chosen[:1]

    def _rows(self, database: sqlite3.Connection, table: _Table) -> Iterator[Row | Dropped]:
        owns = weibo_crawler_database.owner_test(database, table.name, table.columns, self._wanted())
        cursor = database.execute(f"SELECT * FROM {_quoted(table.name)}")
        while batch := cursor.fetchmany(_BATCH):
            for cells in batch:
                self._line += 1
                values = dict(zip(table.columns, cells, strict=True))
                if any(isinstance(cell, str) and BROKEN in cell for cell in cells):
                    yield Dropped(reason=reasons.UNDECODABLE, file=self._path, line=self._line)
                elif owns and not owns(values):
                    yield Dropped(reason=reasons.OTHERS_POST, file=self._path, line=self._line)
                else:
                    yield Row(self._line, values)

    def _wanted(self) -> str:
        return self._account if is_uid(self._account) else ""


def _columns(database: sqlite3.Connection, table: str) -> list[str]:
    return [str(row[1]) for row in database.execute(f"PRAGMA table_info({_quoted(table)})")]


def _count(database: sqlite3.Connection, table: str) -> int:
    return int(database.execute(f"SELECT count(*) FROM {_quoted(table)}").fetchone()[0])


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
