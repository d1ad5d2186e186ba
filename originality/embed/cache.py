"""Keep converted model folders on disk: publish whole or not at all, and notice damage.

Enters: a name, a function that fills an empty folder. Leaves: a folder whose every file has the SHA-256 that was
recorded when it was made.

A folder is filled beside its final place, flushed to disk and renamed into it, so a reader sees all of it or nothing.
A lock lets one process convert while others wait for its result. Hashing 250 MB takes a noticeable part of a second,
so a large file is hashed again only when its size or time of change differs from the last check.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from originality.errors import EncoderError

if TYPE_CHECKING:
    from collections.abc import Callable

CACHE_VARIABLE = "ORIGINALITY_CACHE"  # names the cache folder; tests and servers point it at a place of their own
MANIFEST = "manifest.json"  # SHA-256 and size of each file, written last
CHECKED = "checked.json"  # size and time of change of each file at the last full check; may be missing
ALWAYS_HASHED_BYTES = 16 * 2**20  # smaller files are hashed on every load: 16 MiB take about 10 ms
LOCK_SECONDS = 300.0  # a conversion takes about 10 s, on a busy machine some tens; longer means a stuck process


def cache_root(cache_dir: Path | None = None) -> Path:
    """Return the cache folder: the argument, else `ORIGINALITY_CACHE`, else the user's cache of the platform."""
    if cache_dir is not None:
        return cache_dir
    if named := os.environ.get(CACHE_VARIABLE):
        return Path(named)
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA", Path.home() / "AppData" / "Local"))
    elif sys.platform == "darwin":
        base = Path.home() / "Library" / "Caches"
    else:
        base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return base / "originality"


def cached_folder(name: str, fill: Callable[[Path], None], *, cache_dir: Path | None = None) -> Path:
    """Return the folder `name` of the cache, made by `fill` when it is missing or damaged.

    Raises:
        EncoderError: the cache folder cannot be written, or another process holds its lock too long.
    """
    root = cache_root(cache_dir)
    target = root / name
    if is_intact(target):
        return target
    from filelock import FileLock, Timeout

    try:
        root.mkdir(parents=True, exist_ok=True)
        with FileLock(root / f"{name}.lock", timeout=LOCK_SECONDS):
            if not is_intact(target):
                _publish(target, fill)
    except Timeout as error:
        raise EncoderError(
            f"The model cache {root} has been locked by another process for {LOCK_SECONDS:.0f} s. "
            f"End that process, or set {CACHE_VARIABLE} to another folder."
        ) from error
    except OSError as error:
        raise EncoderError(
            f"The model cache {root} must be writable, with about 300 MB free: {error}. "
            f"Set {CACHE_VARIABLE} to such a folder."
        ) from error
    return target


def is_intact(folder: Path) -> bool:
    """Tell whether every file listed in the manifest is there with the recorded content."""
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        files: dict[str, dict[str, object]] = manifest["files"]
        checked = _read_checked(folder)
        stale = [name for name in files if checked.get(name) != _fingerprint(folder / name)]
        if not all(
            _digest(folder / name) == entry["sha256"]
            for name, entry in files.items()
            if name in stale or (folder / name).stat().st_size < ALWAYS_HASHED_BYTES
        ):
            return False
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return False
    if stale:
        _write_checked(folder, list(files))
    return True


def _publish(target: Path, fill: Callable[[Path], None]) -> None:
    draft = Path(tempfile.mkdtemp(prefix=f"{target.name}.draft-", dir=target.parent))
    try:
        fill(draft)
        names = sorted(path.relative_to(draft).as_posix() for path in draft.rglob("*") if path.is_file())
        files = {name: {"sha256": _digest(draft / name), "size": (draft / name).stat().st_size} for name in names}
        (draft / MANIFEST).write_text(json.dumps({"files": files}, indent=1) + "\n", encoding="utf-8")
        for name in (*names, MANIFEST):
            (draft / name).chmod(0o644)  # the writers of large files make them private, but a cache may be shared
            _flush(draft / name)
        _write_checked(draft, names)
        if target.exists():
            target.rename(draft / "replaced")
            shutil.rmtree(draft / "replaced")
        draft.chmod(0o755)
        draft.rename(target)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _flush(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def _fingerprint(path: Path) -> list[int]:
    status = path.stat()
    return [status.st_size, status.st_mtime_ns]


def _read_checked(folder: Path) -> dict[str, list[int]]:
    try:
        checked: dict[str, list[int]] = json.loads((folder / CHECKED).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return checked


def _write_checked(folder: Path, names: list[str]) -> None:
    content = json.dumps({name: _fingerprint(folder / name) for name in names})
    try:
        with tempfile.NamedTemporaryFile("w", dir=folder, prefix=f"{CHECKED}.", delete=False, encoding="utf-8") as file:
            file.write(content)
        Path(file.name).chmod(0o644)
        Path(file.name).replace(folder / CHECKED)
    except OSError:  # a read-only cache still serves; it is only checked in full each time
        return
