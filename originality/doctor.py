"""Is an index sound? Checks all that can be checked, mends what can be mended without losing anything.

Enters: the folder of an index. Leaves: one `Finding` per check, as data; the command line has the words for it.

Only what can be made again is mended: the FAISS caches, and files that a killed run left behind. The store itself is
never changed: what is wrong there is reported.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from originality.calibration import CalibrationFile, Standing
from originality.embed import load_encoder
from originality.errors import EncoderError, IndexFault, StampError
from originality.index import LocalIndex, open_index
from originality.index.database import APPLICATION_ID, FILE
from originality.index.neighbours import CHUNK, FILES, MANIFEST
from originality.score import load_model
from originality.settings import stamp

CheckName = Literal[
    "integrity",  # SQLite's own check of the file
    "posts",  # the remembered number of posts is right
    "vectors",  # the remembered number of vectors is right
    "fingerprints",  # all fingerprints of all posts can be searched
    "parts",  # every text has its post and its vector
    "strays",  # nothing is left of posts that are gone
    "leftovers",  # no files of killed runs
    "caches",  # the FAISS files hold what the store holds
    "calibration",  # where there is one, it can be read and fits the judge and the index
    "encoder",  # the encoder is there, and the one that the index was built with
    "disk",  # room for the next run
]
State = Literal["ok", "mended", "bad"]

LEAST_FREE = 100_000_000  # bytes; below it not even the write-ahead log of a small run is sure to fit
_MAGIC = b"SQLite format 3\0"
_ID_AT = slice(68, 72)  # where an SQLite file carries its application id
_TEMPORARY = re.compile(r"\..+\.(?P<pid>\d+)\.tmp")  # as `index.neighbours` names them

# Each gives two figures that must be equal: what should be there, and what is.
_COUNTS: dict[CheckName, str] = {
    "posts": "SELECT (SELECT value + 0 FROM meta WHERE key='posts'), (SELECT count(*) FROM post)",
    "vectors": "SELECT (SELECT value + 0 FROM meta WHERE key='vectors'), (SELECT count(*) FROM vector)",
    "fingerprints": "SELECT (SELECT coalesce(sum(length(fingerprints) / 4), 0) FROM post),"
    " (SELECT count(*) FROM fp JOIN post USING(row))",
    "parts": "SELECT (SELECT count(*) FROM part),"
    " (SELECT count(*) FROM part JOIN post USING(row) JOIN vector ON vector.id=part.vector)",
    "strays": "SELECT 0, (SELECT count(*) FROM fp WHERE row NOT IN (SELECT row FROM post))"
    " + (SELECT count(*) FROM vector WHERE id NOT IN (SELECT vector FROM part))",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What one check found."""

    check: CheckName
    state: State
    values: Mapping[str, Any] = field(default_factory=dict)
    """The figures and names that belong into the sentence about it."""


def examine(folder: Path) -> Iterator[Finding]:
    """Check the index in a folder, mend what can be mended, and yield the findings one by one.

    Raises:
        IndexFault: there is no index of ours to check.
    """
    path = folder / FILE
    try:
        index = open_index(folder)
    except IndexFault as fault:
        if isinstance(fault, StampError) or not _is_ours(path):  # an older format is no damage
            raise
        yield _bad("integrity", seen=_cause(fault))
        return
    with index:
        damage = _damage(index)
        if damage:
            yield _bad("integrity", seen=damage)
            return  # figures read from a damaged file mean nothing
        yield Finding(check="integrity", state="ok")
        yield from _counts(index)
        yield _leftovers(folder)
        yield _caches(index)
        yield from _calibration(index)
        yield _encoder(index)
        yield _disk(folder)


def _is_ours(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            header = file.read(100)
    except OSError:
        return False
    return header.startswith(_MAGIC) and header[_ID_AT] == APPLICATION_ID.to_bytes(4, "big")


def _damage(index: LocalIndex) -> str:
    """Return what SQLite finds wrong with its file, or ""."""
    try:
        ((first,),) = index.store.rows("PRAGMA integrity_check(1)")
    except IndexFault as fault:
        return _cause(fault)
    return "" if first == "ok" else " ".join(str(first).split())


def _cause(fault: IndexFault) -> str:
    """Return what SQLite said, without the advice: the doctor gives his own."""
    return " ".join(str(fault.__cause__ or fault).split())


def _counts(index: LocalIndex) -> Iterator[Finding]:
    for check, query in _COUNTS.items():
        ((wanted, found),) = index.store.rows(query)
        state: State = "ok" if wanted == found else "bad"
        yield Finding(check=check, state=state, values={"wanted": wanted, "found": found})


def _leftovers(folder: Path) -> Finding:
    """Remove the temporary files of runs that are no longer alive."""
    removed = []
    for path in folder.iterdir():
        name = _TEMPORARY.fullmatch(path.name)
        if name and not _alive(int(name["pid"])):
            path.unlink(missing_ok=True)
            removed.append(path.name)
    return Finding(check="leftovers", state="mended" if removed else "ok", values={"files": ", ".join(sorted(removed))})


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        return True  # somebody else's process, or a system that does not tell: leave the file alone
    return True


def _caches(index: LocalIndex) -> Finding:
    seen = _cache_fault(index)
    if not seen:
        return Finding(check="caches", state="ok")
    for name in (MANIFEST, *FILES.values()):
        (index.folder / name).unlink(missing_ok=True)
    index.save()
    again = _cache_fault(index)
    return Finding(check="caches", state="bad" if again else "mended", values={"seen": again or seen})


def _cache_fault(index: LocalIndex) -> str:
    """Return in what the cache files differ from the store, or "".

    They are not loaded: FAISS would ask for all the memory there is if a damaged length said so.
    """
    store = index.store
    now = {"stamp": index.info().stamp, "store": store.meta("id"), "change": store.change}
    try:
        manifest = json.loads((index.folder / MANIFEST).read_text(encoding="utf-8"))
        if {key: manifest[key] for key in now} != now:
            return f"{MANIFEST} is of another state"
        for name, needed in {"minhash": store.posts, "vectors": store.vectors}.items():
            if needed and _checksum(index.folder / FILES[name]) != manifest["checksums"][name]:
                return f"{FILES[name]} has changed"
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        return f"{type(error).__name__}: {' '.join(str(error).split())[:200]}"
    return ""


def _checksum(path: Path) -> int:
    value = 0
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            value = zlib.crc32(chunk, value)
    return value


def _calibration(index: LocalIndex) -> Iterator[Finding]:
    """Say whether the calibration is in force; it is made by choice, so that there is none is nothing to find."""
    file = CalibrationFile(index.folder)
    found, fault, detail = Standing(file, load_model(), index.info().stamp).read()
    if fault:
        yield _bad("calibration", seen=detail)
    elif found:
        yield Finding(check="calibration", state="ok")


def _encoder(index: LocalIndex) -> Finding:
    try:
        encoder = load_encoder(index.encoder)
    except EncoderError as error:
        return _bad("encoder", name=index.encoder, seen=str(error))
    same = stamp(encoder.name) == index.info().stamp
    return Finding(check="encoder", state="ok" if same else "bad", values={
        "name": index.encoder, "seen": f"{stamp(encoder.name)} != {index.info().stamp}"})  # fmt: skip


def _disk(folder: Path) -> Finding:
    """The next run writes its log and new caches beside the old ones: room for the index once more will do."""
    size = sum(path.stat().st_size for path in folder.iterdir() if path.is_file())
    wanted, free = max(LEAST_FREE, size), shutil.disk_usage(folder).free
    return Finding(
        check="disk", state="ok" if free >= wanted else "bad", values={"free": free / 1e6, "wanted": wanted / 1e6}
    )


def _bad(check: CheckName, **values: str) -> Finding:
    return Finding(check=check, state="bad", values=values)
