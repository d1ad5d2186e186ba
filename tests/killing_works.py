"""The commands that are killed by `killing`: what must be there before, and what is run."""

from __future__ import annotations

import contextlib
import json
import shutil
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from originality import build as building
from originality.collect import open_source
from originality.doctor import back_up, examine, mend
from originality.index import events, open_index
from originality.index.database import FILE
from originality.index.neighbours import Neighbours
from tests.fakes import FakeEncoder
from tests.stores import grown, posts_of

POSTS = 120
OURS = "品牌1"  # the account that is forgotten
BESIDE_THE_POINT = {"encoder", "disk"}  # what the doctor says of the machine
FORMAT_1 = Path(__file__).with_name("data") / "format-1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """A command that is killed: what must be there before, the command itself, and which part of it counts."""

    prepare: Callable[[Path], None]
    run: Callable[[Path], None]
    within: tuple[Any, str] | None = None
    """The function, as owner and name, in which alone steps are counted."""
    by_clock: bool = False
    """Every other kill comes by the clock after that function has begun."""
    sound_before: bool = True
    """Whether the doctor may find nothing wrong after a kill; not where there was something wrong before."""


def _collect(folder: Path) -> None:
    with open_index(folder, encoder="fake", encoder_name=FakeEncoder.name) as index:
        building.build(open_source([folder.parent / "posts.jsonl"]), index, FakeEncoder())


def _grow(folder: Path) -> None:
    grown(folder, posts_of(POSTS)).close()
    with contextlib.closing(sqlite3.connect(folder / events.FILE)) as database:
        database.execute("PRAGMA journal_mode=WAL")
        database.executescript(events.SCHEMA)
        found = [(f"p{(i * 7) % POSTS:05d}", f"p{i:05d}", f"第{i}号被跟" * 20) for i in range(POSTS)]
        columns = "span, draft_id, source_id, hint, reasons, others"
        database.executemany(f"INSERT INTO event({columns}) VALUES('2026-W40', ?, ?, 0, ?, '[]')", found)
        database.commit()
    (folder / "live.json").write_text(json.dumps({"newest": "p00001"}), encoding="utf-8")


def _grow_large(folder: Path) -> None:
    grown(folder, posts_of(800)).close()


def _snapshot(folder: Path) -> None:
    with open_index(folder) as index:
        building.build(posts_of(20, 5000), index, FakeEncoder())


def _forget(folder: Path) -> None:
    with open_index(folder) as index:
        index.delete(index.chosen(accounts=[OURS]), keep_out=True)


def _damage(folder: Path) -> None:
    _grow(folder)
    with contextlib.closing(sqlite3.connect(folder / FILE)) as database:
        database.execute("DELETE FROM fp WHERE row % 3 = 0")
        database.execute("UPDATE meta SET value='7' WHERE key='vectors'")
        database.commit()


def _mend(folder: Path) -> None:
    if any(finding.state == "bad" and finding.check not in BESIDE_THE_POINT for finding in examine(folder)):
        list(mend(folder))


def _older(folder: Path) -> None:
    shutil.copytree(FORMAT_1, folder, dirs_exist_ok=True)


def _back_up(folder: Path) -> None:
    target = folder.with_name(f"{folder.name}-backup")
    if not target.exists():
        back_up(folder, target)


WORKS = {
    "collect": Work(prepare=lambda folder: None, run=_collect),
    "embed": Work(prepare=lambda folder: None, run=_collect, within=(building, "_embed")),
    "snapshot": Work(prepare=_grow_large, run=_snapshot, within=(Neighbours, "save"), by_clock=True),
    "forget": Work(prepare=_grow, run=_forget),
    "mend": Work(prepare=_damage, run=_mend, sound_before=False),
    "upgrade": Work(prepare=_older, run=_mend, sound_before=False),
    "backup": Work(prepare=_grow, run=_back_up),
}


def write_posts(path: Path) -> None:
    """Write the file that is collected."""
    with path.open("w", encoding="utf-8") as lines:
        for post in posts_of(POSTS):
            values = {"post_id": post.post_id, "account": post.account, "text": post.text}
            lines.write(json.dumps({**values, "published_at": str(post.published_at), "likes": 12}) + "\n")
