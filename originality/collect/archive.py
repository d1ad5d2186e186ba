"""ZIP archives of exports: checked as a whole before anything of them is read, then unpacked one file at a time.

Each file goes to a private temporary folder, under the names that archive, folder and file have, since those may name
the account, and is gone when it has been read. The limits are those of honest exports: text shrinks to a tenth, seldom
to a fiftieth; a bomb shrinks to a thousandth.
"""

from __future__ import annotations

import re
import shutil
import stat
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from originality.collect.detect import kind_of_bytes
from originality.collect.table import printable
from originality.errors import CollectError

MOST_MEMBERS = 10_000
MOST_BYTES = 2 * 2**30
MOST_BYTES_OF_WORKBOOK = 2**30
MOST_RATIO = 200
_RATIO_FROM = 16 * 2**20  # small files of repeated rows may shrink as much as they like
_CHUNK = 1 << 20
_WORKBOOK = "xl/workbook.xml"
_ENCRYPTED = 1
_DRIVE = re.compile(r"[A-Za-z]:")
_PACKED = (b"PK\x03\x04", b"\x1f\x8b", b"BZh", b"\xfd7zXZ\x00", b"Rar!", b"7z\xbc\xaf", b"\x28\xb5\x2f\xfd")
_DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OSError)


def is_workbook(path: Path) -> bool:
    """Say whether a ZIP file is an Excel workbook; raise CollectError where it is too large or no sound archive."""
    with _opened(path) as archive:
        names = {info.filename.lower() for info in archive.infolist()}
        found = _WORKBOOK in names or any("workbook" in name for name in names if name.startswith("xl/"))
        _check_sizes(path, archive.infolist(), MOST_BYTES_OF_WORKBOOK if found else MOST_BYTES)
    return found


def members(path: Path) -> list[str]:
    """Return the names of the files in an archive; raise CollectError where one of them makes it unsafe to read."""
    with _opened(path) as archive:
        infos = [info for info in archive.infolist() if not info.is_dir()]
        _check_sizes(path, infos, MOST_BYTES)
        for info in infos:
            _check_member(path, archive, info)
        names = [info.filename for info in infos]
        if len(set(names)) < len(names):
            raise CollectError(f"{path} holds several files of one name. Unpack it and collect the folder.")
        return names


@contextmanager
def unpacked(path: Path, member: str) -> Iterator[Path]:
    """Unpack one file for as long as it is read."""
    with tempfile.TemporaryDirectory(prefix="originality-") as folder, _opened(path) as archive:
        target = Path(folder).joinpath(*_parts(path.stem), *_parts(member)[-2:])
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            with archive.open(member) as packed, target.open("wb") as file:
                shutil.copyfileobj(packed, file, _CHUNK)  # never more than the size that was checked
        except _DAMAGE as error:
            raise CollectError(f"{path / member} is damaged or too large to unpack. Pack it anew.") from error
        yield target


@contextmanager
def _opened(path: Path) -> Iterator[zipfile.ZipFile]:
    try:
        archive = zipfile.ZipFile(path)
    except _DAMAGE as error:
        raise CollectError(f"{path} is a damaged workbook or archive. Save or pack it anew.") from error
    with archive:
        yield archive


def _check_sizes(path: Path, infos: list[zipfile.ZipInfo], most: int) -> None:
    if len(infos) > MOST_MEMBERS:
        raise CollectError(f"{path} holds {len(infos)} files; {MOST_MEMBERS} are read. Pack only the exports.")
    size = sum(info.file_size for info in infos)
    if size > most:
        raise CollectError(
            f"{path} would unpack to {size >> 20} MB; {most >> 20} MB are read. Split it into several files."
        )
    packed = max(1, path.stat().st_size)
    if size > _RATIO_FROM and size > MOST_RATIO * packed:
        raise CollectError(
            f"{path} would unpack to {size // packed} times its size, as no export does ({MOST_RATIO} at most). "
            "Unpack it yourself if you trust it."
        )


def _check_member(path: Path, archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> None:
    name = info.filename
    shown = printable(name)[:60]
    outside = name.startswith(("/", "\\")) or _DRIVE.match(name) or ".." in re.split(r"[/\\]", name)
    if outside or not _parts(name) or "\x00" in name or stat.S_ISLNK(info.external_attr >> 16):
        raise CollectError(f"{path} holds {shown!r}, which points out of the archive. Do not use this archive.")
    if info.flag_bits & _ENCRYPTED:
        raise CollectError(f"{path} is protected by a password ({shown!r}). Unpack it first.")
    if is_hidden(name):
        return
    try:
        with archive.open(info) as file:
            head = file.read(8)
    except _DAMAGE:  # told when it is read, so that it costs only itself
        return
    if head.startswith(_PACKED) and not (kind_of_bytes(head) == "zip" and _is_inner_workbook(archive, info)):
        raise CollectError(f"{path} holds another archive, {shown!r}. Unpack it first.")


def _is_inner_workbook(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bool:
    """Say whether a packed file within is an Excel workbook: its list of files stands at its end, unpacked."""
    with archive.open(info) as file:
        tail = b""
        while chunk := file.read(_CHUNK):
            tail = (tail + chunk)[-_CHUNK:]
    return _WORKBOOK.encode() in tail


def is_hidden(name: str) -> bool:
    """Say whether a file is one that systems put beside those of people."""
    parts = PurePosixPath(name.replace("\\", "/")).parts
    return any(part.startswith((".", "~$")) or part == "__MACOSX" for part in parts)


def _parts(name: str) -> list[str]:
    """Return folder and file names that are safe on any system."""
    parts = [re.sub(r'[\x00-\x1f<>:"|?*]', "_", part).strip(" .") for part in re.split(r"[/\\]", name)]
    return [part[-100:] for part in parts if part]
