"""Forgetting: which posts, every trace of them, and keeping them out from then on.

The order makes it safe to kill at any moment: first what other files hold, then the posts in one transaction that also
remembers that the file must be rewritten, then the rewriting. The same command again finishes what is left.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from datetime import datetime
from hashlib import blake2b
from secrets import token_hex
from typing import Any

from originality.errors import IndexFault
from originality.index import traces, writing
from originality.index.database import Database
from originality.index.rows import groups, plain, seconds

_SHORTEST_NAME = 2  # a name of one character is in too many file names


def chosen(
    store: Database, post_ids: Iterable[str] | None, accounts: Iterable[str], before: datetime | None
) -> dict[str, str]:
    """Return id and account of the posts that fit every condition given; without any, none."""
    names = sorted({plain(name) for name in accounts})
    conditions: list[str] = []
    values: list[Any] = []
    if names:
        marks = ",".join("?" * len(names))
        conditions.append(f"(account IN ({marks}) OR account_id IN ({marks}))")
        values += names * 2
    if before:
        conditions.append("published_at < ?")
        values.append(seconds(before))
    query = f"SELECT post_id, account FROM post WHERE {' AND '.join(conditions) or '1'}"
    if post_ids is not None:
        found: dict[str, str] = {}
        for marks, group in groups(sorted({plain(post_id) for post_id in post_ids})):
            found |= dict(store.rows(f"{query} AND post_id IN ({marks})", [*values, *group]))
        return found
    return dict(store.rows(query, values)) if conditions else {}


def delete(store: Database, post_ids: Iterable[str], *, keep_out: bool) -> int:
    """Delete posts and every trace of them; return how many there were. See `Store.delete`."""
    ids = sorted({plain(post_id) for post_id in post_ids})
    if ids:
        traces.erase(store.path.parent, ids)
    with store.transaction() as database:
        if keep_out:
            _keep_out(database, ids)
        rows = writing.row_numbers(database, ids)
        if rows:
            accounts = _accounts(database, rows)
            writing.remove(database, rows)
            _forget_files(database, accounts)
            database.execute("INSERT OR REPLACE INTO meta VALUES('purge', '1')")
    if is_unfinished(store):  # with these posts, or with earlier ones that somebody stopped half-way
        _purge(store)
    return len(rows)


def is_unfinished(store: Database) -> bool:
    """Say whether deleted posts may still be in the file, because a deletion was stopped half-way."""
    return bool(store.rows("SELECT 1 FROM meta WHERE key='purge'"))


def kept_out(store: Database, post_ids: Sequence[str]) -> set[str]:
    """Return those ids that must not come back."""
    found = store.rows("SELECT value FROM meta WHERE key='keep_out'")
    if not found:
        return set()
    keys = {_key(found[0][0], post_id): post_id for post_id in post_ids}
    known: set[str] = set()
    for marks, group in groups(sorted(keys)):
        known |= {keys[key] for (key,) in store.rows(f"SELECT key FROM forgotten WHERE key IN ({marks})", group)}
    return known


def _keep_out(database: sqlite3.Connection, post_ids: Sequence[str]) -> None:
    """Remember hashes of ids: with a key of this index, so that lists of ids made elsewhere tell nothing about it."""
    database.execute("INSERT OR IGNORE INTO meta VALUES('keep_out', ?)", (token_hex(16),))
    ((secret,),) = database.execute("SELECT value FROM meta WHERE key='keep_out'").fetchall()
    database.executemany("INSERT OR IGNORE INTO forgotten VALUES(?)", [(_key(secret, each),) for each in post_ids])


def _key(secret: str, post_id: str) -> bytes:
    return blake2b(post_id.encode(), digest_size=16, key=bytes.fromhex(secret)).digest()


def _accounts(database: sqlite3.Connection, rows: Sequence[int]) -> set[tuple[str, str]]:
    accounts: set[tuple[str, str]] = set()
    for marks, group in groups(rows):
        accounts.update(
            database.execute(f"SELECT DISTINCT account, account_id FROM post WHERE row IN ({marks})", group)
        )
    return accounts


def _forget_files(database: sqlite3.Connection, accounts: set[tuple[str, str]]) -> None:
    """Forget the files that are named after accounts of which no post is left."""
    for account, uid in sorted(accounts):
        for name, column in ((account, "account"), (uid, "account_id")):
            left = database.execute(f"SELECT 1 FROM post WHERE {column}=? LIMIT 1", (name,)).fetchone()
            if len(name) >= _SHORTEST_NAME and not left:
                database.execute("DELETE FROM dropped WHERE instr(file, ?)", (name,))


def _purge(store: Database) -> None:
    """Rewrite the file: overwriting what is deleted misses the copies that SQLite makes when it splits a page."""
    store.rows("VACUUM")
    ((busy, _, _),) = store.rows("PRAGMA wal_checkpoint(TRUNCATE)")
    if busy:
        raise IndexFault(
            f"The posts are deleted from {store.path}, but another process reads it without end, so their text is "
            "still in its log. End that process, then run the same command again."
        )
    with store.transaction() as database:
        database.execute("DELETE FROM meta WHERE key='purge'")
