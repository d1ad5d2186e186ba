"""Excel workbooks, row by row: the first sheet with a column of texts."""

from __future__ import annotations

import warnings
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO, TypeAlias
from xml.etree.ElementTree import ParseError

from originality.collect import reasons
from originality.collect.decode import refuse_garbled
from originality.collect.memory import Header
from originality.collect.rows import Table, names_of
from originality.collect.table import Row
from originality.errors import CollectError
from originality.models import Dropped

_BATCH = 500
# What openpyxl lets through from damaged archives and their XML.
_DAMAGE = (
    *(zipfile.BadZipFile, zlib.error, ParseError, EOFError, OSError, RuntimeError),
    *(KeyError, ValueError, TypeError, AttributeError, IndexError),
)

Cells: TypeAlias = tuple[int, Sequence[object]]


class XlsxReader:
    """Reads one workbook."""

    fraction = 0.0

    def __init__(self, path: Path, header: Header) -> None:
        self._path = path
        self._header = header

    def rows(self) -> Iterator[Row | Dropped]:
        """Yield the rows; raise CollectError before the first where no sheet is a table of posts."""
        with self._path.open("rb") as file:
            book = self._open(file)
            first, total, cells = self._sheet(book)
            yield from Table(self._path, first, self._header).read(self._counted(cells, total))

    def _open(self, file: BinaryIO) -> Any:
        import openpyxl

        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of styles and extensions, which we do not use
            try:
                return openpyxl.load_workbook(file, read_only=True, data_only=True)
            except _DAMAGE as error:
                raise CollectError(
                    f"{self._path} is a damaged workbook. Open and save it in Excel, or export it anew."
                ) from error

    def _sheet(self, book: Any) -> tuple[Sequence[object], int, Iterator[Cells | Dropped]]:
        """Return first row, number of rows (0 where unknown) and the rows of the first sheet that holds posts."""
        others: list[list[str]] = []
        for sheet in book.worksheets:
            total = sheet.max_row or 0
            sheet.reset_dimensions()  # some exporters write wrong ones
            cells = self._cells(sheet)
            first = next((item[1] for item in cells if not isinstance(item, Dropped)), ())
            names = names_of(first)
            if self._header.knows_text(names):
                return first, total, cells
            others.append(names)
        names = max(others, key=len, default=[])
        refuse_garbled(self._path, names)
        self._header.check(names)
        raise CollectError(f"{self._path}: no sheet with a column of texts.")

    def _cells(self, sheet: Any) -> Iterator[Cells | Dropped]:
        rows = sheet.iter_rows(values_only=True)
        line = 0
        while True:
            try:
                # Not around a yield: the filter would be in force in the code that takes the rows.
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore")
                    batch = list(islice(rows, _BATCH))
            except _DAMAGE:
                yield Dropped(reason=reasons.DAMAGED_REST, file=self._path, line=line + 1)
                return
            if not batch:
                return
            for cells in batch:
                line += 1
                if any(cell is not None for cell in cells):
                    yield line, [_plain(cell) for cell in cells]

    def _counted(self, rows: Iterator[Cells | Dropped], total: int) -> Iterator[Cells | Dropped]:
        for item in rows:
            if total and not isinstance(item, Dropped):
                self.fraction = min(1.0, item[0] / total)
            yield item


def _plain(cell: object) -> object:
    # How the format writes a carriage return.
    return cell.replace("_x000D_", "") if isinstance(cell, str) else cell
