"""Tables to take away. No cell of them is ever a formula: what a draft's name says is text, whatever it begins with."""

import csv
import io
import json
from collections.abc import Sequence
from typing import Any

from page.html import visible

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
Facts = Sequence[dict[str, Any]]


def workbook(rows: Facts) -> bytes:
    """Return rows as an Excel workbook."""
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    for line in _lines(rows):
        sheet.append([visible(cell) if isinstance(cell, str) else cell for cell in line])
        for cell in sheet[sheet.max_row]:
            if isinstance(cell.value, str):
                cell.data_type = "s"
    sheet.freeze_panes = "A2"
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def csv_text(rows: Facts) -> bytes:
    """Return rows as CSV that Excel opens rightly: with a byte order mark, and an apostrophe before a formula."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream)
    for line in _lines(rows):
        writer.writerow([_plain(cell) if isinstance(cell, str) else cell for cell in line])
    return stream.getvalue().encode("utf-8-sig", "replace")


def _lines(rows: Facts) -> list[list[Any]]:
    """Return the names of the columns, then the cells of each row."""
    return [list(row) for row in rows[:1]] + [list(row.values()) for row in rows]


def _plain(cell: str) -> str:
    text = visible(cell)
    return f"'{text}" if text.lstrip().startswith(_FORMULA) or text.startswith(_FORMULA) else text


def json_text(rows: Facts) -> str:
    """Return rows as JSON."""
    return json.dumps(list(rows), ensure_ascii=False, indent=2)
