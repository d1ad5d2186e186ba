"""Files that copywriters hand in -> drafts: plain text, Word documents, and tables with one draft per row.

A text file or a document is one draft; a row of an XLSX or CSV table is one. Files come from strangers' computers: they
are read as data only (no macros, no outside entities, no links), within bounds of size.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from originality.checker import Draft
from originality.errors import CollectError

KINDS = ("txt", "md", "docx", "xlsx", "csv")
MOST_BYTES = 64 * 2**20  # unpacked: a document of a million characters has some 10 MB of markup
MOST_BYTES_OF_DOCUMENT = 16 * 2**20  # the same of a Word document, which is held in memory as a tree
MOST_ROWS = 5_000
MOST_COLUMNS = 256  # read of a sheet: one cell far to the right makes each row as wide as that
_TEXT_COLUMNS = frozenset("text content draft copy 草稿 正文 文案 内容 文本 文案内容 帖子 微博正文 微博内容".split())
_NAME_COLUMNS = frozenset("id no name title 编号 序号 标题 名称 草稿编号".split())
_BRAND_COLUMNS = frozenset("account brand 账号 品牌 发布账号 账号名称".split())
_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


@dataclass(frozen=True, slots=True)
class Manuscripts:
    """What a file holds."""

    drafts: tuple[Draft, ...]
    empty: int = 0
    """Rows without a text."""
    left_out: int = 0
    """Rows beyond `MOST_ROWS`."""


def read_drafts(name: str, data: bytes) -> Manuscripts:
    """Return the drafts of a file; each is known by the file's name, rows by their number or their own name too.

    Raises:
        CollectError: the file is none of the kinds, damaged, too large, or a table without a column of texts.
    """
    kind = PurePath(name).suffix.lower().lstrip(".")
    if kind not in KINDS:
        raise CollectError(f"{name}: drafts come as {', '.join(KINDS)}, got {kind or 'no suffix'!r}. Save it as one.")
    if kind == "xlsx":
        return _of_rows(name, _sheet(name, data))
    if kind == "csv":
        return _of_rows(name, _lines(name, _decoded(name, data)))
    text = _document(name, data) if kind == "docx" else _decoded(name, data)
    return Manuscripts((Draft(text=text, id=name),)) if text.strip() else Manuscripts((), empty=1)


def _decoded(name: str, data: bytes) -> str:
    for encoding in [encoding for mark, encoding in _MARKS if data.startswith(mark)] or ("utf-8", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:  # GB18030 reads most binary files too, but no text holds that
            return text
    raise CollectError(f"{name} is not text in UTF-8 or GB18030. Save it as UTF-8.")


def _lines(name: str, text: str) -> Iterator[tuple[int, Sequence[object]]]:
    try:
        yield from enumerate(csv.reader(io.StringIO(text, newline="")), start=1)
    except csv.Error as error:
        raise CollectError(f"{name} is no table that can be read ({error}). Save it anew as CSV or XLSX.") from error


def _document(name: str, data: bytes) -> str:
    """Return the paragraphs of a Word document, as they read with all changes accepted."""
    from xml.etree.ElementTree import ParseError

    from defusedxml import DefusedXmlException
    from defusedxml.ElementTree import fromstring

    try:
        root = fromstring(_member(name, data, "word/document.xml", MOST_BYTES_OF_DOCUMENT))
    except (ParseError, DefusedXmlException) as error:
        raise CollectError(f"{name} is no Word document that can be read. Save it anew as .docx.") from error
    paragraphs = ("".join(_runs(paragraph)) for paragraph in root.iter(f"{_WORD}p"))
    return "\n".join(paragraphs).strip("\n")


def _runs(paragraph: Any) -> Iterator[str]:
    for part in paragraph.iter():
        if part.tag == f"{_WORD}t":  # deleted words are in delText
            yield part.text or ""
        elif part.tag in {f"{_WORD}br", f"{_WORD}cr"}:
            yield "\n"
        elif part.tag == f"{_WORD}tab":
            yield "\t"


def _member(name: str, data: bytes, member: str, most: int) -> bytes:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive, archive.open(member) as file:
            content = file.read(most + 1)
    except (zipfile.BadZipFile, KeyError, NotImplementedError, RuntimeError, EOFError, OSError) as error:
        raise CollectError(f"{name} is damaged, locked with a password or of another kind. Save it anew.") from error
    if len(content) > most:
        raise CollectError(f"{name} unpacks to more than {most // 2**20} MB. Hand it in in parts.")
    return content


def _sheet(name: str, data: bytes) -> Iterator[tuple[int, Sequence[object]]]:
    import openpyxl

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            size = sum(member.file_size for member in archive.infolist())
        if size > MOST_BYTES:
            raise CollectError(f"{name} unpacks to more than {MOST_BYTES // 2**20} MB. Hand it in in parts.")
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        yield from enumerate(book.worksheets[0].iter_rows(max_col=MOST_COLUMNS, values_only=True), start=1)
    except CollectError:
        raise
    except Exception as error:  # openpyxl raises whatever a broken part makes it stumble over
        raise CollectError(f"{name} is damaged, locked with a password or of another kind. Save it anew.") from error


def _of_rows(name: str, rows: Iterable[tuple[int, Sequence[object]]]) -> Manuscripts:
    numbered = iter(rows)
    _, header = next(numbered, (0, ()))
    titles = [_cell(cell).lower().replace(" ", "") for cell in header]
    text = next((at for at, title in enumerate(titles) if title in _TEXT_COLUMNS), None)
    if text is None:
        if len([title for title in titles if title]) != 1:
            seen = ", ".join(title[:24] for title in titles[:12] if title) or "(none)"
            raise CollectError(f"{name}: no column of drafts among: {seen}. Call it 文案 or text in the first row.")
        text, numbered = next(at for at, title in enumerate(titles) if title), iter([(1, header), *numbered])
    named, brand = (
        next((at for at, title in enumerate(titles) if title in known), -1) for known in (_NAME_COLUMNS, _BRAND_COLUMNS)
    )
    drafts: list[Draft] = []
    empty = left_out = 0
    for number, row in numbered:
        cells = dict(enumerate(map(_cell, row)))
        if not cells.get(text, "").strip():
            empty += any(cells.values())
        elif len(drafts) >= MOST_ROWS:
            left_out += 1
        else:
            known_as = cells.get(named) or f"{name} · {number}"
            drafts.append(Draft(text=cells[text], id=known_as, account=cells.get(brand, "").strip()))
    return Manuscripts(tuple(drafts), empty, left_out)


def _cell(value: object) -> str:
    return "" if value is None else str(value)
