"""Make an index anew from what is left of it: posts from its file where they can be read, the rest from an export.

Enters: the folder of an index that is damaged, of an older format, or built with another version of its encoder.
Leaves: one that is sound. Everything but the posts is derived again; vectors are taken over where they are of the same
encoder, for they cost most.

The new index is built in a folder of its own and put in place of the old file in one step at the end. A killed run
leaves the old index as it was, and the same command goes on with what is built already. An old file from which
something could not be read is never removed, but kept beside the new one.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
from filelock import FileLock, Timeout
from numpy.typing import NDArray

from originality import embed
from originality.build import BuildReport, build, vector_keys
from originality.collect import open_source
from originality.doctor.findings import Finding, State, bad
from originality.doctor.salvage import Salvage
from originality.embed import Encoder
from originality.errors import IndexFault, StampError
from originality.files import PRIVATE, sync, write_whole
from originality.index import LocalIndex, open_index
from originality.index.compact import COMPACT_FORMAT
from originality.index.database import FILE
from originality.index.lines import FILE as LINES
from originality.index.neighbours import FILES, MANIFEST
from originality.index.traces import ASIDE, MENDING
from originality.settings import FORMAT, stamp

LOCK = "mending.lock"
_READY = "ready.json"  # in that folder: the new index is whole, with what is to be said of it


def mend(
    folder: Path,
    *,
    source: Path | None = None,
    encoder: str = "",
    progress: Callable[[int], None] = lambda done: None,
) -> Iterator[Finding]:
    """Make the index in a folder anew, put it in place, and yield what came of it.

    Args:
        folder: where the index lies.
        source: an export, or a folder of them, for the posts that the index has lost.
        encoder: the encoder setting where the old file does not tell it any more; "default" if it is not given.
        progress: called with the number of posts done after each batch.

    Raises:
        IndexFault: nothing can be read and there is no source, or another process has the index open.
        StampError: a later version of this package wrote it.
        EncoderError: the encoder cannot be loaded.
        CollectError: the source cannot be read.
    """
    if not folder.is_dir():
        raise IndexFault(f"No index at {folder}: there is no such folder.")
    with _alone(folder):
        work = folder / MENDING
        if not (work / _READY).exists():
            with Salvage(folder / FILE) as old:
                _check(old, folder, source)
                _rebuild(old, work, source, encoder, progress)
        said = json.loads((work / _READY).read_text(encoding="utf-8"))
        aside = _put_in_place(folder, work, keep=said["lost"] > 0 or not said["readable"])
    with open_index(folder) as index:
        index.save()
    yield from _findings(said, aside)


def is_being_mended(folder: Path) -> bool:
    """Say whether a process is mending the index right now."""
    try:
        with FileLock(folder / LOCK, timeout=0, mode=PRIVATE):
            return False
    except Timeout:
        return True
    except OSError:  # a folder that nobody can write
        return False


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    try:
        with FileLock(folder / LOCK, timeout=0, mode=PRIVATE):
            yield
    except Timeout as error:
        raise IndexFault(f"Another process is mending the index at {folder}. Wait until it ends.") from error


def _check(old: Salvage, folder: Path, source: Path | None) -> None:
    if old.format > COMPACT_FORMAT:
        raise StampError(
            f"The index at {folder} has format {old.format}, this version of originality knows {COMPACT_FORMAT}: a "
            "later version made it. Update originality."
        )
    if old.is_foreign:
        raise IndexFault(
            f"{old.path} is a SQLite file, but not an index of originality. Choose another folder with --index."
        )
    if source is None and not old.has_posts:
        raise _nothing_left(old)


def _nothing_left(old: Salvage) -> IndexFault:
    return IndexFault(
        f"Nothing can be read from {old.path} any more. Restore a backup of the folder, or name an export of the "
        f"posts: originality doctor --mend --from FILE --index {old.path.parent}"
    )


def _rebuild(old: Salvage, work: Path, source: Path | None, setting: str, progress: Callable[[int], None]) -> None:
    setting = old.fact("encoder") or setting or "default"
    loaded = embed.load_encoder(setting)
    wanted = stamp(loaded.name)
    same_format = old.format in {FORMAT, COMPACT_FORMAT}
    _make_room(work, {"id": old.fact("id"), "change": old.fact("change"), "stamp": wanted})
    knowing = _Knowing(loaded, old) if old.fact("stamp") == wanted else loaded
    with open_index(work, encoder=setting, encoder_name=loaded.name) as index:
        forgotten = old.forgotten()
        secret = old.fact("keep_out")
        _keep_out(index, forgotten or [], secret)
        items = chain(old.posts(same_format=same_format), open_source([source]) if source else ())
        report = build(items, index, knowing, progress=progress)
        if source is None and old.lost and not old.read:
            raise _nothing_left(old)
        complete = old.has_posts and not old.lost and not old.broken
        _take_over(index, old, continued=complete)
        index.store.rows("PRAGMA wal_checkpoint(TRUNCATE)")
        said = _said(old, report, index.info().posts, source)
    said |= {"readable": complete, "list": bool(forgotten is not None and (secret or not forgotten))}
    write_whole(work / _READY, json.dumps(said), private=True)


def _make_room(work: Path, origin: dict[str, str | None]) -> None:
    """Go on with what a killed run has built of the same index, else begin anew."""
    path = work / "origin.json"
    known = path.read_text(encoding="utf-8") if path.exists() else ""
    if known != json.dumps(origin) or not origin["id"]:
        shutil.rmtree(work, ignore_errors=True)
    work.mkdir(0o700, exist_ok=True)
    write_whole(path, json.dumps(origin), private=True)


def _keep_out(index: LocalIndex, forgotten: Sequence[bytes], secret: str | None) -> None:
    """Take over which posts must not come back, before any export could bring them."""
    if secret:
        with index.store.transaction() as database:
            database.execute("INSERT OR REPLACE INTO meta VALUES('keep_out', ?)", (secret,))
            database.executemany("INSERT OR IGNORE INTO forgotten VALUES(?)", [(key,) for key in forgotten])


def _take_over(index: LocalIndex, old: Salvage, *, continued: bool) -> None:
    """Take over the other facts that no export brings back.

    Where nothing is lost the new index counts as the old one, for those who remember how far it had come (`live`).
    """
    facts = {"retention": old.fact("retention")}
    if continued:
        facts |= {"id": old.fact("id"), "change": str(int(old.fact("change") or 0) + index.store.change + 1)}
    with index.store.transaction() as database:
        database.executemany(
            "INSERT OR REPLACE INTO meta VALUES(?, ?)", [(key, value) for key, value in facts.items() if value]
        )
        database.executemany("DELETE FROM dropped WHERE file=?", [row[:1] for row in old.dropped()])
        database.executemany("INSERT INTO dropped VALUES(?, ?, ?, ?)", old.dropped())


def _said(old: Salvage, report: BuildReport, posts: int, source: Path | None) -> dict[str, Any]:
    lost = old.lost if old.has_posts else 0
    return {
        "posts": posts,
        "read": old.read,
        "lost": max(lost - max(posts - old.read, 0), 0) if source else lost,
        "format": old.format or 1,
        "source": str(source or ""),
    }


def _put_in_place(folder: Path, work: Path, *, keep: bool) -> Path | None:
    """Put the new file where the old one is; return where the old one has gone, if it is kept."""
    path = folder / FILE
    for name in (MANIFEST, *FILES.values(), LINES):  # they are of the old rows
        for cache in folder.glob(f"{name}*"):
            cache.unlink()
    aside = None
    if path.exists() and keep:
        aside = _free_name(folder)
        _second_name(path, aside)
    for ending in ("-wal", "-shm"):
        log = path.with_name(path.name + ending)
        if log.exists():
            log.replace(aside.with_name(aside.name + ending)) if aside else log.unlink()
    if path.exists():
        shutil.copymode(path, work / FILE)
    (work / FILE).replace(path)
    sync(folder)
    shutil.rmtree(work, ignore_errors=True)
    return aside


def _free_name(folder: Path) -> Path:
    number = 1
    while (path := folder / f"{ASIDE}{number}").exists():
        number += 1
    return path


def _second_name(path: Path, name: Path) -> None:
    try:
        os.link(path, name)
    except OSError:  # a file system without such links
        shutil.copy2(path, name)


def _findings(said: dict[str, Any], aside: Path | None) -> Iterator[Finding]:
    yield Finding(check="rebuilt", state="mended", values=said)
    if not said["list"]:
        yield bad("kept_out")
    if aside:
        state: State = "bad" if said["lost"] else "mended"
        yield Finding(check="lost", state=state, values={"posts": said["lost"], "file": str(aside)})


class _Knowing:
    """An encoder that takes from the old file the vectors that are there."""

    def __init__(self, encoder: Encoder, old: Salvage) -> None:
        self.name, self.dim, self.contextual = encoder.name, encoder.dim, encoder.contextual
        self._encoder, self._old = encoder, old

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return one unit row per text."""
        return np.concatenate(self.encode_parts([(text,) for text in texts])) if texts else self._encoder.encode(())

    def encode_parts(self, groups: Sequence[Sequence[str]]) -> list[NDArray[np.float32]]:
        """Return the rows of texts and of their passages."""
        known = [self._known(group) for group in groups]
        missing = [group for group, rows in zip(groups, known, strict=True) if rows is None]
        fresh = iter(self._encoder.encode_parts(missing)) if missing else iter(())
        return [next(fresh) if rows is None else rows for rows in known]

    def _known(self, group: Sequence[str]) -> NDArray[np.float32] | None:
        rows = [self._old.vector(key, self.dim) for key in vector_keys(group, contextual=self.contextual)]
        return None if any(row is None for row in rows) else np.stack([row for row in rows if row is not None])
