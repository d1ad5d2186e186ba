"""A copy of the whole folder of an index, made while it is in use, and checked before it counts.

Enters: the folder of an index, and where the copy shall lie. Leaves: a folder that is an index itself; restoring is
copying it back. SQLite's own backup copies a database as it was at one moment, with its log, while others write. The
other files are written whole by their writers, so whole is how they are copied; caches and locks are made anew.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from originality.doctor.examining import examine
from originality.doctor.findings import OF_THE_STORE
from originality.doctor.leftovers import abandoned, remove
from originality.errors import IndexFault
from originality.files import PRIVATE, PRIVATE_FOLDER, private_folder, sync
from originality.index import open_index
from originality.index.database import WAIT_SECONDS, writable
from originality.index.lines import FILE as LINES
from originality.index.neighbours import FILES, MANIFEST
from originality.index.traces import ASIDE, MENDING

_MAGIC = b"SQLite format 3\0"
_CACHES = (MANIFEST, LINES, *FILES.values())
_NOT_COPIED = (*_CACHES, "*.lock", "*-wal", "*-shm", "*-journal", ".*.tmp", MENDING, f"{ASIDE}*")


def back_up(folder: Path, target: Path) -> int:
    """Copy an index to a folder that is not there yet, whole or not at all; return the number of its posts.

    Raises:
        IndexFault: there is no index, it is not sound, or the target is there already.
        OSError: the copy cannot be written; nothing of it is left.
    """
    open_index(folder).close()
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise IndexFault(f"{target} is there already. Name a folder for this backup alone, for instance with the date.")
    if target.resolve().is_relative_to(folder.resolve()):
        raise IndexFault(f"A backup in the folder of the index itself is none. Name another folder than {target}.")
    private_folder(target.parent)
    draft = target.with_name(f".{target.name}.{os.getpid()}.part")
    for path in list(abandoned(target.parent)):
        if path.name.startswith(f".{target.name}.") and path.suffix == ".part":  # of a backup that was killed
            remove(path)
    try:
        draft.mkdir(PRIVATE_FOLDER)
        _copy(folder, draft)
        posts = _checked(draft, folder)
        for path in (*draft.rglob("*"), draft):
            sync(path)
        draft.replace(target)
        sync(target.parent)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return posts


def _copy(folder: Path, draft: Path) -> None:
    for path in _wanted(folder):
        copy = draft / path.relative_to(folder)
        if path.is_dir():
            copy.mkdir(PRIVATE_FOLDER)
        elif _is_database(path):
            _copy_database(path, copy)
        else:
            try:
                shutil.copy2(path, copy)
            except FileNotFoundError:  # one that grew too old meanwhile
                continue


def _wanted(folder: Path) -> Iterator[Path]:
    """Yield files and folders, each folder before what is in it; links lead to somebody else's files."""
    for path in sorted(folder.iterdir()):
        if path.is_symlink() or any(path.match(pattern) for pattern in _NOT_COPIED):
            continue
        yield path
        if path.is_dir():
            yield from _wanted(path)


def _is_database(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(len(_MAGIC)) == _MAGIC


def _copy_database(path: Path, copy: Path) -> None:
    copy.touch(PRIVATE)
    try:
        with (
            closing(sqlite3.connect(_address(path), uri=True, timeout=WAIT_SECONDS)) as database,
            closing(sqlite3.connect(copy)) as target,
        ):
            database.execute("PRAGMA trusted_schema=OFF")
            database.backup(target)
        copy.chmod(path.stat().st_mode & 0o777 | PRIVATE)
    except sqlite3.Error as error:
        raise IndexFault(
            f"{path} cannot be copied ({error}): see what is wrong with it by originality doctor --index {path.parent}"
        ) from error


def _address(path: Path) -> str:
    """Return how to open a database for reading; in a folder that is read-only no log can be made beside it."""
    log = path.with_name(f"{path.name}-wal")
    still = not writable(path.parent) and not (log.exists() and log.stat().st_size)
    return f"{path.absolute().as_uri()}?mode=ro{'&immutable=1' if still else ''}"


def _checked(draft: Path, folder: Path) -> int:
    """Check a copy, which also makes its caches.

    Raises:
        IndexFault: it is not sound.
    """
    for finding in examine(draft):
        if finding.state == "bad" and finding.check in {*OF_THE_STORE, "caches", "events", "register"}:
            raise IndexFault(
                f"The index at {folder} is not sound ({finding.check}), so no backup was made. See what is wrong by "
                f"originality doctor --index {folder}"
            )
    with open_index(draft) as copy:
        return copy.info().posts
