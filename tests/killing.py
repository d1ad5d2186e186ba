"""kill -9 at random moments of whatever changes an index, and what must hold afterwards.

The moments are counted in steps of the work: calls of functions, and every 200 instructions of SQLite. Clocks are too
coarse, and not the same on a busy machine; only FAISS and the disk, in which no step is seen, are stopped by the clock.
An undisturbed run tells the number of steps; each other one is a fork that dies after its share of them.

After each kill the index must open and the doctor find nothing wrong; the same command again must lead to what the
undisturbed one led to: posts, rows derived from them, vectors, signatures, findings of reports, what is kept out.
"""

from __future__ import annotations

import contextlib
import os
import random
import shutil
import signal
import sqlite3
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest.mock import patch

from originality import build as building
from originality import embed
from originality.doctor import examine
from originality.errors import IndexFault
from originality.index import LocalIndex, events, open_index
from originality.index.database import FILE, Database
from tests.fakes import FakeEncoder
from tests.killing_works import BESIDE_THE_POINT, WORKS, Work, write_posts
from tests.stores import content_of

BATCH = 10  # posts a transaction


@dataclass(slots=True)
class Outcome:
    """What came of some rounds."""

    kind: str
    rounds: int = 0
    killed: int = 0
    states: set[Any] = field(default_factory=set)
    """The different states that kills have left: proof that the moments differ."""
    faults: list[str] = field(default_factory=list)


# -- killing them ----------------------------------------------------------------------------------------------------


def killed_rounds(kind: str, rounds: int, root: Path, *, seed: int = 1) -> Outcome:
    """Kill a command at so many moments, and hold each index against the undisturbed one.

    Args:
        kind: one of `WORKS`.
        rounds: how many.
        root: an empty folder to work in.
        seed: of the moments.
    """
    work, outcome, moments = WORKS[kind], Outcome(kind), random.Random(seed)
    root.mkdir(parents=True, exist_ok=True)
    write_posts(root / "posts.jsonl")
    with _prepared():
        before = root / "before"
        before.mkdir()
        work.prepare(before)
        whole = _copied(before, root / "whole")
        work.run(_copied(before, root / "first"))  # loads all that is loaded once
        steps, seconds = _stepping(work, whole)
        wanted = _content(whole)
        for number in range(rounds):
            folder = _copied(before, root / f"round{number}")
            by_clock = work.by_clock and number % 2 == 1
            status = (
                _killed_by_clock(work, folder, moments.uniform(0, seconds))
                if by_clock
                else _killed_by_step(work, folder, int(steps * moments.uniform(0.01, 0.99)) + 1)
            )
            outcome.rounds += 1
            outcome.killed += status == -signal.SIGKILL
            outcome.faults += [f"round {number}: {fault}" for fault in _faults(work, folder, status, wanted, outcome)]
            for path in root.glob(f"*round{number}*"):
                shutil.rmtree(path, ignore_errors=True)
    return outcome


def _faults(work: Work, folder: Path, status: int, wanted: dict[str, Any], outcome: Outcome) -> Iterator[str]:
    if status not in {0, -signal.SIGKILL}:
        yield f"the command ended by itself with {status}"
    outcome.states.add(_state(folder))
    if outcome.rounds % 2 and work.sound_before:  # else the repetition finds what the kill has left
        yield from _found_wrong(folder, "after the kill")
    try:
        work.run(folder)
        content = _content(folder)
    except Exception as error:
        yield f"repeated: {type(error).__name__}: {error}"
        return
    for part, value in wanted.items():
        if content[part] != value:
            yield f"{part} differ from the undisturbed run"
    yield from _found_wrong(folder, "after the repetition")
    if left := [path.name for path in folder.parent.iterdir() if path.name.endswith(".part")]:
        yield f"left behind: {left}"


def _found_wrong(folder: Path, when: str) -> Iterator[str]:
    if not (folder / FILE).exists():
        return
    try:
        for finding in examine(folder, thorough=True):
            if finding.state == "bad" and finding.check not in BESIDE_THE_POINT:
                yield f"{when} the doctor finds {finding.check}: {dict(finding.values)}"
    except IndexFault as fault:
        if "is empty. Collect posts" not in str(fault):  # killed before there was anything
            yield f"{when} the index does not open: {fault}"


def _state(folder: Path) -> tuple[Any, ...]:
    """Return which files there are, and how large; of a name that tells the process, only how it ends."""
    around = [path for path in folder.parent.rglob("*") if folder.name in str(path) and path.is_file()]
    return tuple(sorted((path.suffix, path.stat().st_size) for path in around))


def _content(folder: Path) -> dict[str, Any]:
    with open_index(folder) as index:
        found = content_of(index)
        found["near"] = _nearest(index)
        found["kept out"] = index.store.forgotten
        found["unfinished"] = index.store.meta("purge")
    found["events"] = _rows(folder / events.FILE, "SELECT draft_id, source_id, reasons FROM event ORDER BY 1, 2")
    backup = folder.with_name(f"{folder.name}-backup")
    if backup.exists():
        found["backup"] = _content(backup)
    return found


def _nearest(index: LocalIndex) -> list[str]:
    query = FakeEncoder().encode(["下雨天也想带着的行李箱"])
    rows = [row for row, ordinal, _ in index.near_texts(query, 20)[0] if not ordinal]
    return sorted(post.post_id for post in index.posts_at(rows).values())


def _rows(path: Path, query: str) -> list[Any]:
    if not path.exists():
        return []
    with contextlib.closing(sqlite3.connect(path)) as database:
        return database.execute(query).fetchall()


# -- steps -----------------------------------------------------------------------------------------------------------


@contextlib.contextmanager
def _prepared() -> Iterator[None]:
    """Let SQLite count its steps, batches be small, and every encoder be the little one."""
    connect = Database._connect

    def connecting(database: Database) -> sqlite3.Connection:
        connection = connect(database)
        connection.set_progress_handler(lambda: 0, 200)
        return connection

    with (
        patch.object(Database, "_connect", connecting),
        patch.object(building, "BATCH", BATCH),
        patch.object(embed, "load_encoder", lambda name: FakeEncoder()),
    ):
        yield


def _stepping(work: Work, folder: Path, last: int = 0, begun: Callable[[], None] = lambda: None) -> tuple[int, float]:
    """Run a command and die at its last step; return how many steps and seconds the part that counts took."""
    steps, seconds = 0, 0.0

    def step(*_: object) -> None:
        nonlocal steps
        steps += 1
        if steps == last:
            os.kill(os.getpid(), signal.SIGKILL)

    def counted(run: Callable[..., Any]) -> Callable[..., Any]:
        def inner(*arguments: Any, **named: Any) -> Any:
            nonlocal seconds
            begun()
            began = time.perf_counter()
            sys.setprofile(step)
            try:
                return run(*arguments, **named)
            finally:
                sys.setprofile(None)
                seconds += time.perf_counter() - began

        return inner

    if work.within is None:
        counted(work.run)(folder)
    else:
        owner, name = work.within
        with patch.object(owner, name, counted(getattr(owner, name))):
            work.run(folder)
    return steps, seconds


def _killed_by_step(work: Work, folder: Path, last: int) -> int:
    child = os.fork()
    if not child:
        _ended(lambda: _stepping(work, folder, last))
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def _told(writer: int) -> None:
    os.write(writer, b".")


def _killed_by_clock(work: Work, folder: Path, seconds: float) -> int:
    reader, writer = os.pipe()
    child = os.fork()
    if not child:
        _ended(lambda: _stepping(work, folder, 0, lambda: _told(writer)))
    os.close(writer)
    os.read(reader, 1)
    os.close(reader)
    time.sleep(seconds)
    os.kill(child, signal.SIGKILL)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def _ended(run: Callable[[], Any]) -> None:
    """Run the command in a fork and end it without what Python does at its end."""
    try:
        run()
    except BaseException as error:
        sys.stderr.write(f"{type(error).__name__}: {error}\n")
        sys.stderr.flush()
        os._exit(1)
    os._exit(0)


def _copied(folder: Path, target: Path) -> Path:
    return Path(shutil.copytree(folder, target))
