"""What earlier reports found: one SQLite file beside the index, so that a week is computed once.

Its tables, and how a deleted post leaves them, are in `index.events`.
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self, get_args

from originality.errors import IndexFault, SettingsError
from originality.files import PRIVATE
from originality.index.events import FILE, SCHEMA, forget
from originality.index.rows import beijing_time, seconds
from originality.models import Lane, MatchKind, Span, Verdict
from originality.report.records import Choice, Decision, LeftOut, Order, OtherSource, Standing

VERSION = 1  # raised with every change of the tables: an older ledger keeps its decisions and is computed anew


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one post of a span."""

    post_id: str
    account: str
    left_out: LeftOut | None = None
    """Why it was not checked or not decided; None where it was."""
    originality: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """An event as it is kept: by the ids of its posts."""

    draft_id: str
    source_id: str
    hint: bool
    """True for advice on weak evidence, which is no event."""
    lane: Lane
    kind: MatchKind
    verdict: Verdict
    risk: float
    order: Order
    lag: int | None
    standing: Standing
    spans: tuple[Span, ...]
    reasons: tuple[str, ...]
    boilerplate: tuple[tuple[int, int], ...]
    others: tuple[OtherSource, ...]


class Ledger:
    """The ledger of one index; a context manager. Kept in memory only where the folder may not be written."""

    def __init__(self, folder: Path) -> None:
        """Open the ledger in the folder of an index, and make it where it is missing."""
        path = folder / FILE
        self._path = path if _writable(folder) and (not path.exists() or _writable(path)) else None
        if path.is_symlink():
            raise IndexFault(f"{path} is a link; findings are not written through it. Remove it.")
        try:
            if self._path:
                self._path.touch(PRIVATE)
            self._database = sqlite3.connect(self._path or ":memory:", isolation_level=None, timeout=30.0)
            self._database.execute("PRAGMA secure_delete=ON")
            self._database.execute("PRAGMA trusted_schema=OFF")
            self._upgrade()
            self._database.executescript(SCHEMA)
        except sqlite3.Error as error:
            raise IndexFault(
                f"The file of earlier events {path} cannot be used ({error}). Move it away and make the report again."
            ) from error

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the file."""
        self._database.close()

    def is_current(self, span: str, key: str) -> bool:
        """Say whether a span was computed under this key."""
        return self._database.execute("SELECT 1 FROM span WHERE name=? AND key=?", (span, key)).fetchone() is not None

    def write(self, span: str, key: str, outcomes: Sequence[Outcome], findings: Sequence[Finding]) -> None:
        """Replace what is known of a span, all or nothing; decisions stay."""
        base = self._database
        base.execute("BEGIN IMMEDIATE")
        try:
            for table in ("checked", "event"):
                base.execute(f"DELETE FROM {table} WHERE span=?", (span,))
            base.execute("INSERT OR REPLACE INTO span VALUES(?, ?)", (span, key))
            base.executemany(
                "INSERT INTO checked VALUES(?, ?, ?, ?, ?)",
                [(span, o.post_id, o.account, o.left_out, o.originality) for o in outcomes],
            )
            marks = ",".join("?" * 15)
            base.executemany(f"INSERT INTO event VALUES({marks})", [_row(span, finding) for finding in findings])
            base.execute("COMMIT")
        except BaseException:
            base.execute("ROLLBACK")
            raise

    def outcomes(self, span: str) -> list[Outcome]:
        """Return what became of the posts of a span."""
        query = "SELECT post_id, account, left_out, originality FROM checked WHERE span=? ORDER BY post_id"
        return [
            Outcome(post_id=post_id, account=account, left_out=left_out, originality=originality)
            for post_id, account, left_out, originality in self._database.execute(query, (span,))
        ]

    def findings(self, span: str) -> list[Finding]:
        """Return the events and hints of a span."""
        query = "SELECT * FROM event WHERE span=? ORDER BY draft_id, source_id"
        return [_finding(row) for row in self._database.execute(query, (span,))]

    def gone(self, span: str) -> int:
        """Return how many events of a span vanished with a deleted post."""
        found = self._database.execute("SELECT events FROM gone WHERE span=?", (span,)).fetchone()
        return int(found[0]) if found else 0

    def decisions(self) -> dict[tuple[str, str], Decision]:
        """Return every decision by the ids of draft and source."""
        return {
            (draft, source): Decision(choice=choice, who=who, note=note, at=beijing_time(at) or datetime.now(UTC))
            for draft, source, choice, who, note, at in self._database.execute("SELECT * FROM decision")
        }

    def decide(self, draft_id: str, source_id: str, decision: Decision) -> None:
        """Keep a decision, in place of an earlier one on the same event."""
        self._database.execute(
            "INSERT OR REPLACE INTO decision VALUES(?, ?, ?, ?, ?, ?)",
            (draft_id, source_id, decision.choice, decision.who, decision.note, seconds(decision.at)),
        )

    def drop_missing(self, present: Callable[[Sequence[str]], Iterable[str]]) -> None:
        """Delete what names a post that is no longer there, as after an older copy of the index was put back.

        Args:
            present: returns those of some post ids that still exist.
        """
        ids: set[str] = set()
        for table in ("event", "decision"):
            ids.update(*self._database.execute(f"SELECT draft_id, source_id FROM {table}").fetchall())
        if missing := ids - set(present(sorted(ids))):
            forget(self._database, missing)

    def _upgrade(self) -> None:
        (version,) = self._database.execute("PRAGMA user_version").fetchone()
        if version not in {0, VERSION}:
            for table in ("span", "checked", "event", "gone"):
                self._database.execute(f"DROP TABLE IF EXISTS {table}")
        self._database.execute(f"PRAGMA user_version={VERSION}")


def decide(index_folder: Path, draft_id: str, source_id: str, choice: Choice, *, who: str = "", note: str = "") -> None:
    """Keep an editor's decision about an event; later reports show it, and `dismissed` ones no longer count.

    Raises:
        SettingsError: the decision is none of the known ones.
        IndexFault: the ledger cannot be used.
    """
    if choice not in get_args(Choice):
        raise SettingsError(f"A decision is one of {', '.join(get_args(Choice))}, got {choice!r}.")
    with Ledger(index_folder) as ledger:
        ledger.decide(draft_id, source_id, Decision(choice=choice, who=who, note=note, at=datetime.now(UTC)))


def _writable(path: Path) -> bool:
    return os.access(path, os.W_OK, effective_ids=os.access in os.supports_effective_ids)


def _row(span: str, finding: Finding) -> tuple[Any, ...]:
    others = [(o.post_id, o.account, seconds(o.published_at), o.risk) for o in finding.others]
    return (
        span,
        finding.draft_id,
        finding.source_id,
        finding.hint,
        finding.lane,
        finding.kind,
        finding.verdict,
        finding.risk,
        finding.order,
        finding.lag,
        finding.standing,
        json.dumps([(s.draft, s.source, s.kind) for s in finding.spans]),
        json.dumps(finding.reasons, ensure_ascii=False),
        json.dumps(finding.boilerplate),
        json.dumps(others, ensure_ascii=False),
    )


def _finding(row: Sequence[Any]) -> Finding:
    _, draft_id, source_id, hint, lane, kind, verdict, risk, order, lag, standing, *texts = row
    spans, reasons, boilerplate, others = map(json.loads, texts)
    return Finding(
        draft_id=draft_id,
        source_id=source_id,
        hint=bool(hint),
        lane=lane,
        kind=kind,
        verdict=verdict,
        risk=risk,
        order=order,
        lag=lag,
        standing=standing,
        spans=tuple(Span(tuple(draft), tuple(source), kind) for draft, source, kind in spans),
        reasons=tuple(reasons),
        boilerplate=tuple((start, end) for start, end in boilerplate),
        others=tuple(
            OtherSource(post_id=post_id, account=account, published_at=at, risk=risk)
            for post_id, account, seconds_, risk in others
            if (at := beijing_time(seconds_))
        ),
    )
