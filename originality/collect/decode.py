"""Bytes -> text: which encoding a file is in, by reading all of it once before the first row is believed.

UTF-8 (with or without byte order mark), UTF-16 with one (Excel's "Unicode text") and GB18030 (Excel on a Chinese
system). A few broken bytes do not change what a file is: the rows that hold them are dropped, the rest is read.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import TextIOWrapper
from pathlib import Path

from originality.collect.detect import FOREIGN
from originality.collect.table import knows_text, listed
from originality.errors import CollectError

BROKEN = "\ufffd"
_CHUNK = 1 << 20
_MOST_BROKEN = 0.02  # of the characters outside ASCII; a file read with the wrong encoding has a third or more
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
READ = "JSON Lines, JSON, CSV, XLSX, Parquet, SQLite, Markdown, TXT, feeds, and ZIP archives of them"


@dataclass(frozen=True, slots=True)
class Encoding:
    """How to decode a file."""

    name: str
    damaged: bool = False
    """True where some bytes cannot be decoded and are read as U+FFFD."""


def open_text(path: Path, encoding: Encoding) -> TextIOWrapper:
    """Open a file as text with its line ends as they are."""
    return path.open(encoding=encoding.name, errors="replace", newline="")


def refuse_binary(path: Path, head: bytes) -> None:
    """Raise CollectError where the first bytes are those of no text."""
    for magic, kind in FOREIGN:
        if head.startswith(magic):
            raise CollectError(f"{path} is {kind}. Posts are read from {READ}.")
    marked = any(head.startswith(mark) for mark, _ in _MARKS)
    if not marked and head.count(0) > len(head) / 10:
        raise CollectError(f"{path} is a binary file, not text. Posts are read from {READ}.")


def detect(path: Path) -> Encoding:
    """Return the encoding of a text file; raise CollectError, telling what was tried, where none fits."""
    with path.open("rb") as file:
        head = file.read(4)
    for mark, name in _MARKS:
        if head.startswith(mark):
            return _judged(path, (name,))
    return _judged(path, ("utf-8", "gb18030"))


def _judged(path: Path, names: Sequence[str]) -> Encoding:
    for name in names:
        if encoding := _strictly(path, name):
            return encoding
        if _broken_share(path, name) <= _MOST_BROKEN:
            return Encoding(name, damaged=True)
    tried = " and ".join(names)
    raise CollectError(f"{path}: cannot decode the text; tried {tried}. Save it as UTF-8 and collect it again.")


def _strictly(path: Path, name: str) -> Encoding | None:
    """Return the encoding where all bytes fit it, but for a last character cut off; None where they do not."""
    decoder = codecs.getincrementaldecoder(name)("strict")
    try:
        for _ in _decoded(path, decoder):
            pass
    except UnicodeError:
        return None
    return Encoding(name, damaged=bool(decoder.getstate()[0]))


def _broken_share(path: Path, name: str) -> float:
    broken = others = 0
    try:
        for text in _decoded(path, codecs.getincrementaldecoder(name)("replace")):
            broken += text.count(BROKEN)
            others += len(text) - len(text.encode("ascii", "ignore"))
    except UnicodeError:  # UTF-16 with an impossible mark
        return 1.0
    return broken / others if others else 0.0


def _decoded(path: Path, decoder: codecs.IncrementalDecoder) -> Iterator[str]:
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            yield decoder.decode(chunk)


def refuse_garbled(path: Path, names: Sequence[str]) -> None:
    """Raise CollectError where a header is UTF-8 that was read as GBK ("微博" has become "寰崥")."""
    if knows_text(names):
        return
    mended = [name.encode("gb18030", "replace").decode("utf-8", "ignore") for name in names]
    if knows_text(mended) or any("寰" in name and "崥" in name for name in names):
        raise CollectError(
            f"{path}: the text is garbled: UTF-8 was read as GBK and saved so (columns: {listed(names)}). Take the "
            "file as it was exported; to look at it in Excel, use Data > From Text with encoding 65001 (UTF-8)."
        )
