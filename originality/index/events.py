"""The file of what reports have found: its tables, and how posts leave it.

    span       which span was computed, and over which corpus with which settings (its key)
    checked    what became of each of its posts
    event      what was found; no post's text, for the index holds that
    decision   what an editor decided about an event: outlives every computation
    gone       events that vanished with a deleted post, counted by span

Reports write it (`report.ledger`); it is known here because a deleted post must leave it in the same breath.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable

from originality.index.rows import groups

FILE = "events.sqlite"
SCHEMA = """
CREATE TABLE IF NOT EXISTS span(name TEXT PRIMARY KEY, key TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS checked(span TEXT, post_id TEXT, account TEXT, left_out TEXT, originality REAL,
  PRIMARY KEY(span, post_id)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS event(span TEXT, draft_id TEXT, source_id TEXT, hint INTEGER, lane TEXT, kind TEXT,
  verdict TEXT, risk REAL, sequence TEXT, lag INTEGER, standing TEXT, spans TEXT, reasons TEXT, boilerplate TEXT,
  others TEXT, PRIMARY KEY(span, draft_id, source_id)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS decision(draft_id TEXT, source_id TEXT, choice TEXT, who TEXT, note TEXT, at REAL,
  PRIMARY KEY(draft_id, source_id)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS gone(span TEXT PRIMARY KEY, events INTEGER NOT NULL) WITHOUT ROWID;
"""


def forget(database: sqlite3.Connection, post_ids: Iterable[str]) -> None:
    """Delete all that is known of some posts, count the events that go with them, and end the transaction.

    Events about other posts stay; where they name one of these as a further source, that name goes.
    """
    ids = sorted(post_ids)
    database.execute("BEGIN IMMEDIATE")
    for _, group in groups(ids):
        marks = ",".join(f"?{number}" for number in range(1, len(group) + 1))
        about = f"(draft_id IN ({marks}) OR source_id IN ({marks}))"
        database.execute(
            f"INSERT INTO gone SELECT span, count(*) FROM event WHERE {about} AND NOT hint GROUP BY span "
            "ON CONFLICT(span) DO UPDATE SET events=events+excluded.events",
            group,
        )
        for table in ("event", "decision"):
            database.execute(f"DELETE FROM {table} WHERE {about}", group)
        database.execute(f"DELETE FROM checked WHERE post_id IN ({marks})", group)
    _forget_others(database, set(ids))
    database.execute("COMMIT")


def _forget_others(database: sqlite3.Connection, ids: set[str]) -> None:
    found = database.execute("SELECT span, draft_id, source_id, others FROM event WHERE others<>'[]'").fetchall()
    for span, draft_id, source_id, text in found:
        others = json.loads(text)
        left = [other for other in others if other[0] not in ids]
        if len(left) < len(others):
            database.execute(
                "UPDATE event SET others=? WHERE span=? AND draft_id=? AND source_id=?",
                (json.dumps(left, ensure_ascii=False), span, draft_id, source_id),
            )
