"""A report as XLSX: every event and every figure, a sheet per table; the same bytes for the same report.

Nothing in a cell is ever a formula: a text that begins like one is written as a text and marked as such.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from originality.models import BEIJING
from originality.report.forms import tables_content, tables_events
from originality.report.forms.shown import visible
from originality.report.forms.table import NUMBERS, Column, Kind, Table, Value
from originality.report.forms.words import Words
from originality.report.records import Report
from originality.settings import Language

MOST = 32_000  # characters in a cell; Excel takes 32,767
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_FORMATS: dict[Kind, str] = {
    "share": "0.0%", "risk": "0.0000", "count": "0", "number": "#,##0.##", "slope": "0.0000", "lag": "0",
    "time": "yyyy-mm-dd hh:mm:ss",
}  # fmt: skip
_WIDTHS: dict[Kind, int] = {"text": 22, "account": 18, "url": 30, "time": 19}
_LONG = 60  # width of a column of posts
_STAMP = (1980, 1, 1, 0, 0, 0)  # the time of each part in the archive: the earliest that a ZIP can tell


def workbook(report: Report, language: Language = "zh") -> bytes:
    """Return the bytes of the XLSX file of a report."""
    from openpyxl import Workbook

    words = Words(language)
    book = Workbook(write_only=True)
    for table in _tables(report, words):
        _write(book, table, words)
    out = io.BytesIO()
    book.properties.creator = "originality"
    book.properties.title = f"{words('title')} {report.days.name}"
    book.save(out)
    return _fixed(out.getvalue(), book, report.made_at)


def _tables(report: Report, words: Words) -> Iterator[Table]:
    yield tables_events.summary(report, words)
    yield tables_events.events(tables_events.all_events(report), words)
    yield tables_events.matches(report, words)
    yield tables_events.chains(report.chains, words)
    yield tables_events.pairs(report, words)
    yield tables_content.topics(report, words)
    yield tables_content.topic_accounts(report, words)
    for make in (
        tables_content.directions, tables_content.accounts,
        tables_content.formats, tables_content.hours, tables_content.occasions, tables_content.angles,
        tables_content.taken, tables_content.left_out, tables_content.coverage, tables_content.method,
    ):  # fmt: skip
        yield make(report, words)


def _write(book: Any, table: Table, words: Words) -> None:
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    sheet = book.create_sheet(words(f"sheet.{table.key}"))
    sheet.freeze_panes = "A2"
    for number, column in enumerate(table.columns, 1):
        sheet.column_dimensions[get_column_letter(number)].width = _width(table, number - 1, column)
    heads = [_cell(WriteOnlyCell, sheet, column.label, "text") for column in table.columns]
    for cell in heads:
        cell.font = Font(bold=True)
    sheet.append(heads)
    for row in table.rows:
        sheet.append(
            [_cell(WriteOnlyCell, sheet, value, column.kind) for value, column in zip(row, table.columns, strict=True)]
        )
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(table.columns))}{len(table.rows) + 1}"


def _width(table: Table, place: int, column: Column) -> int:
    if column.kind in NUMBERS:
        return max(9, min(24, 2 * len(column.label) + 2))
    longest = max((len(value) for row in table.rows[:200] if isinstance(value := row[place], str)), default=0)
    return _LONG if longest > _LONG else _WIDTHS.get(column.kind, 22)


def _cell(make: Any, sheet: Any, value: Value, kind: Kind) -> Any:
    if value is None:
        return None
    if isinstance(value, str):
        text = visible(value)
        cell = make(sheet, value=text if len(text) <= MOST else f"{text[:MOST]}…")
        cell.data_type = "s"  # never "f"
        if text.startswith(_FORMULA):
            cell.quotePrefix = True  # stays a text when somebody edits the cell
        return cell
    if isinstance(value, datetime):
        value = value.astimezone(BEIJING).replace(tzinfo=None)  # Excel knows no zones
        kind = "time"
    cell = make(sheet, value=value)
    if kind in _FORMATS:
        cell.number_format = _FORMATS[kind]
    return cell


def _fixed(content: bytes, book: Any, made_at: datetime) -> bytes:
    """Return the archive with the times of the report in place of those of the clock."""
    from openpyxl.packaging.core import DocumentProperties
    from openpyxl.xml.functions import tostring

    made = made_at.replace(tzinfo=None, microsecond=0)
    properties = DocumentProperties(
        creator=book.properties.creator, title=book.properties.title, created=made, modified=made
    )
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name, part in _parts(old):
            fixed = tostring(properties.to_tree()) if name == "docProps/core.xml" else part
            info = zipfile.ZipInfo(name, _STAMP)
            info.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(info, fixed)
    return out.getvalue()


def _parts(archive: zipfile.ZipFile) -> Iterable[tuple[str, bytes]]:
    for name in archive.namelist():
        yield name, archive.read(name)
