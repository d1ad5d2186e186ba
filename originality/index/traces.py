"""What else in the folder of an index speaks of posts, and how it is erased: the one place to add such a file.

`forgetting.delete` calls `erase` before it deletes the posts, so that a killed run finds them, and this, again.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from originality.errors import IndexFault
from originality.files import write_whole
from originality.index.database import FILE as POSTS
from originality.index.events import FILE, forget

PROGRESS = "live.json"  # up to which post each account has been read
ASIDE = f"{POSTS}.damaged-"  # what the doctor has put aside because some of it could not be read
MENDING = ".mending"  # what a killed doctor has left half-built
CHECKS = "checks"  # checks that the page keeps; each names the posts that it found
GONE = "forgotten"  # stands for the id of a post that was forgotten
WAIT_SECONDS = 30.0

_MID = re.compile(r"(?<![0-9])[1-9][0-9]{15}(?![0-9])")


def erase(folder: Path, post_ids: Sequence[str]) -> None:
    """Erase every trace of some posts beside the store.

    Raises:
        IndexFault: something is still on disk; the message says what to do.
    """
    for path in folder.glob(f"{ASIDE}*"):
        raise IndexFault(
            f"No post has been deleted: {path} is a damaged copy of the index and may hold them. Remove it, then run "
            "the same command again."
        )
    shutil.rmtree(folder / MENDING, ignore_errors=True)
    _erase_events(folder / FILE, post_ids)
    for path in folder.glob(f"*{PROGRESS}*"):  # also the draft of a run that was killed
        _step_back(path, set(post_ids))
    checks = folder / CHECKS
    for path in () if checks.is_symlink() else checks.glob("*.json*"):  # a link leads to somebody else's files
        _take_out(path, post_ids)


def _erase_events(path: Path, post_ids: Sequence[str]) -> None:
    if not path.exists():
        return
    try:
        with closing(sqlite3.connect(path, timeout=WAIT_SECONDS, isolation_level=None)) as events:
            busy = _delete_events(events, post_ids)
    except sqlite3.Error as error:
        raise IndexFault(
            f"No post has been deleted: {path} may hold findings about them and cannot be changed ({error}). End what "
            "uses it, or remove it, then run the same command again."
        ) from error
    if busy:
        raise IndexFault(
            f"No post has been deleted: another process reads {path} without end. End that process, then run the same "
            "command again."
        )


def _delete_events(events: sqlite3.Connection, post_ids: Sequence[str]) -> bool:
    """Delete the findings about some posts; say whether a reader keeps their text in the log."""
    events.execute("PRAGMA secure_delete=ON")
    events.execute("PRAGMA trusted_schema=OFF")
    if not events.execute("SELECT 1 FROM sqlite_master WHERE type='table' AND name='event'").fetchone():
        return False
    forget(events, post_ids)
    events.execute("VACUUM")  # always: an earlier run may have been killed before it
    (busy, _, _) = events.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    return bool(busy)


def _step_back(path: Path, post_ids: set[str]) -> None:
    """Where reading an account has come to a forgotten post, name the number before it instead: no post has it."""
    try:
        text = path.read_text(encoding="utf-8")
        stepped = _MID.sub(lambda mid: str(int(mid[0]) - 1) if mid[0] in post_ids else mid[0], text)
        if stepped != text:
            write_whole(path, stepped)
    except FileNotFoundError:
        return
    except (OSError, UnicodeDecodeError) as error:
        raise IndexFault(
            f"No post has been deleted: {path} may name them and cannot be changed ({error}). Remove it, no post is "
            "lost by that, then run the same command again."
        ) from error


def _take_out(path: Path, post_ids: Sequence[str]) -> None:
    """Take the ids of forgotten posts out of a kept check: it still tells that a source was there and is gone."""
    try:
        text = kept = path.read_text(encoding="utf-8", errors="replace")
        for post_id in post_ids:
            text = text.replace(json.dumps(post_id, ensure_ascii=False), json.dumps(GONE))
        if text != kept:
            status = path.stat()
            write_whole(path, text)
            os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))  # by which its age is told
    except FileNotFoundError:  # it has just grown too old
        return
    except OSError as error:
        raise IndexFault(
            f"No post has been deleted: {path} may name them and cannot be changed ({error}). Remove it, then run the "
            "same command again."
        ) from error
