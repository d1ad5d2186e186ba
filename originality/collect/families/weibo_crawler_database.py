"""The SQLite database of weibo-crawler: a brand's posts, with the originals that it reposted as rows of their own.

Those originals are other people's posts. The table says nowhere whose it is; the accounts that were crawled are in the
table `user`, and where that is empty they are those with a post that nobody here reposts.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

OwnerTest: TypeAlias = Callable[[Mapping[str, Any]], bool]

_TABLE = "weibo"
_NEEDS = frozenset({"id", "bid", "user_id", "text", "retweet_id"})
_OF_SEARCH = frozenset({"ip", "user_authentication"})  # weibo-search has the same table, of all who match


def owner_test(database: sqlite3.Connection, table: str, columns: Sequence[str], wanted: str) -> OwnerTest | None:
    """Return what tells the account's own rows from those of others, None where the table is of another exporter.

    Args:
        database: where the table is.
        table: its name.
        columns: its columns.
        wanted: the number of the account that the user wants, or "".
    """
    if table != _TABLE or not _NEEDS.issubset(columns) or not _OF_SEARCH.isdisjoint(columns):
        return None
    owners = _owners(database)
    if wanted in owners:
        owners = frozenset({wanted})
    return lambda row: str(row.get("user_id") or "") in owners


def _owners(database: sqlite3.Connection) -> frozenset[str]:
    try:
        crawled = _first_cells(database, "SELECT DISTINCT user_id FROM weibo WHERE user_id IN (SELECT id FROM user)")
    except sqlite3.OperationalError:  # no such table
        crawled = frozenset()
    return crawled or _first_cells(
        database,
        "SELECT DISTINCT user_id FROM weibo WHERE id NOT IN "
        "(SELECT retweet_id FROM weibo WHERE retweet_id IS NOT NULL AND retweet_id != '')",
    )


def _first_cells(database: sqlite3.Connection, query: str) -> frozenset[str]:
    return frozenset(str(row[0]) for row in database.execute(query) if row[0])
