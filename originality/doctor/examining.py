"""Is an index sound? Checks all that can be checked, mends what can be mended without losing anything.

Enters: the folder of an index. Leaves: one `Finding` per check, as data; the command line has the words for it.

Only what is made again in a moment is mended here: the FAISS caches, and files that a killed run left behind. The
store itself is never changed: what is wrong there is reported, and `mending` makes another one.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
import zlib
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from originality import embed
from originality.calibration import CalibrationFile
from originality.doctor.beside import beside
from originality.doctor.findings import CheckName, Finding, State, bad
from originality.doctor.leftovers import abandoned, remove
from originality.doctor.mending import is_being_mended
from originality.doctor.salvage import fitting
from originality.errors import CalibrationError, EncoderError, IndexFault, StampError
from originality.index import LocalIndex, open_index
from originality.index.compact import COMPACT_FORMAT
from originality.index.database import APPLICATION_ID, FILE
from originality.index.neighbours import CHUNK, FILES, MANIFEST
from originality.index.rows import groups
from originality.index.traces import MENDING
from originality.score import load_model
from originality.settings import FORMAT, stamp

LEAST_FREE = 100_000_000  # bytes; below it not even the write-ahead log of a small run is sure to fit
SAMPLE = 2_000  # texts held against what was derived from them: a second
_MAGIC = b"SQLite format 3\0"
_ID_AT = slice(68, 72)  # where an SQLite file carries its application id

# Each gives two figures that must be equal: what should be there, and what is.
_COUNTS: dict[CheckName, str] = {
    "posts": "SELECT (SELECT value + 0 FROM meta WHERE key='posts'), (SELECT count(*) FROM post)",
    "vectors": "SELECT (SELECT value + 0 FROM meta WHERE key='vectors'), (SELECT count(*) FROM vector)",
    "fingerprints": "SELECT (SELECT coalesce(sum(length(fingerprints) / 4), 0) FROM post"
    "  WHERE row < coalesce((SELECT value + 0 FROM meta WHERE key='compact'), row + 1)),"
    " (SELECT count(*) FROM fp JOIN post USING(row))",
    "parts": "SELECT (SELECT count(*) FROM part),"
    " (SELECT count(*) FROM part JOIN post USING(row) JOIN vector ON vector.id=part.vector)",
    "words": "SELECT"
    " (SELECT coalesce(sum(length(words) - length(replace(words, ' ', '')) + (words <> '')), 0) FROM post),"
    " (SELECT coalesce(sum(posts), 0) FROM word)",
    "strays": "SELECT 0, (SELECT count(*) FROM fp WHERE row NOT IN (SELECT row FROM post))"
    " + (SELECT count(*) FROM vector WHERE id NOT IN (SELECT vector FROM part))",
}


def examine(folder: Path, *, thorough: bool = False) -> Iterator[Finding]:
    """Check the index in a folder, mend what costs nothing, and yield the findings one by one.

    Args:
        folder: where the index lies.
        thorough: hold every text against what was derived from it, not a sample; a million take some minutes.

    Raises:
        IndexFault: there is no index of ours to check.
        StampError: a later version of this package wrote it.
    """
    path = folder / FILE
    try:
        index = open_index(folder)
    except StampError:
        if (seen := _format(path)) > COMPACT_FORMAT:
            raise
        yield bad("format", seen=seen or 1, wanted=FORMAT)
        return
    except IndexFault as fault:
        if not _is_ours(path):
            raise
        yield bad("integrity", seen=_cause(fault))
        return
    with index:
        damage = _damage(index)
        if damage:
            yield bad("integrity", seen=damage)
            return  # figures read from a damaged file mean nothing
        yield Finding(check="integrity", state="ok")
        yield from _counts(index)
        yield _texts(index, thorough)
        yield _leftovers(folder)
        yield _caches(index)
        yield from beside(folder)
        yield from _calibration(index)
        yield _encoder(index)
        yield _disk(folder)


def _format(path: Path) -> int:
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as database:
        return int(database.execute("PRAGMA user_version").fetchone()[0])


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


def _texts(index: LocalIndex, thorough: bool) -> Finding:
    """Hold texts against what was derived from them: what SQLite takes for sound need not be what was written."""
    rows = index.store.row_numbers()
    chosen = rows if thorough else rows[:: 1 + len(rows) // SAMPLE]
    wrong = 0
    for marks, group in groups(chosen.tolist()):
        found = index.store.rows(f"SELECT text, fingerprints, signature FROM post WHERE row IN ({marks})", group)
        wrong += sum(not all(fits) for fits in fitting(*zip(*found, strict=True))) if found else 0
    return Finding(check="texts", state="bad" if wrong else "ok", values={"found": wrong, "checked": len(chosen)})


def _leftovers(folder: Path) -> Finding:
    """Remove the temporary files of runs that are no longer alive."""
    removed = []
    for path in list(abandoned(folder)):
        remove(path)
        removed.append(path.name)
    if (folder / MENDING).is_dir() and not is_being_mended(folder):
        remove(folder / MENDING)
        removed.append(MENDING)
    return Finding(check="leftovers", state="mended" if removed else "ok", values={"files": ", ".join(sorted(removed))})


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
        needs = {"minhash": store.posts, "vectors": store.vectors, "carriers": store.compact}
        for name, needed in needs.items():
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
    try:
        found = CalibrationFile(index.folder).read()
    except CalibrationError as error:
        yield bad("calibration", seen=str(error))
        return
    if found:
        trees = found.model.partition("+")[0]  # without the cross-encoder, which the doctor does not load
        two = (trees, load_model().version) if trees != load_model().version else (found.stamp, index.info().stamp)
        state: State = "ok" if two[0] == two[1] else "bad"
        yield Finding(check="calibration", state=state, values={"seen": " != ".join(two)})


def _encoder(index: LocalIndex) -> Finding:
    try:
        encoder = embed.load_encoder(index.encoder)
    except EncoderError as error:
        return bad("encoder", name=index.encoder, seen=str(error))
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
