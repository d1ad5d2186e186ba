"""CSV, TSV and text with semicolons: streamed, with the separator taken from the header."""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterable, Iterator

from originality.collect import reasons
from originality.collect.decode import BROKEN, refuse_garbled
from originality.collect.rows import Table, names_of
from originality.collect.table import Row, knows_text
from originality.collect.text_file import TextFile
from originality.errors import CollectError
from originality.models import Dropped

_SEPARATORS = (",", "\t", ";")
_MOST_LINES = 200  # of one row; a post has some dozens, and a quotation mark left open swallows the rest of the file


class DelimitedReader(TextFile):
    """Reads one file of separated values."""

    def rows(self) -> Iterator[Row | Dropped]:
        """Yield the rows; raise CollectError before the first where this is no table of posts."""
        with self._opened() as file:
            lines = _Lines(file)
            names, separator = self._names(lines)
            if not self._header.knows_text(names):
                refuse_garbled(self._path, names)
            table = Table(self._path, names, self._header)
            yield from table.read(self._cells(lines, separator))

    def _names(self, lines: _Lines) -> tuple[list[str], str]:
        for line in lines:
            if line.strip("\ufeff \r\n\t,;"):
                return best_split(line)
        raise CollectError(f"{self._path} is empty: there are no columns. Export it again.")

    def _cells(self, lines: _Lines, separator: str) -> Iterator[tuple[int, list[str]] | Dropped]:
        reader = csv.reader(lines, delimiter=separator)
        while True:
            lines.taken.clear()
            try:
                cells = next(reader)
                is_open = lines.left_open(separator)
            except StopIteration:
                return
            except csv.Error:  # a cell of more than 131,072 characters
                cells, is_open = [], True
            line = lines.number - len(lines.taken) + 1
            if is_open:
                lines.give_back()
                reader = csv.reader(lines, delimiter=separator)
                yield Dropped(reason=reasons.OPEN_QUOTE, file=self._path, line=line)
            elif self._encoding.damaged and any(BROKEN in cell for cell in cells):
                yield Dropped(reason=reasons.UNDECODABLE, file=self._path, line=line)
            else:
                yield line, cells


def best_split(line: str) -> tuple[list[str], str]:
    """Return the names in a header and the separator that yields a column of texts, else the most columns."""

    def split(separator: str) -> list[str]:
        try:
            return names_of(next(csv.reader([line.lstrip("\ufeff")], delimiter=separator), []))
        except csv.Error:
            return [line[:100]]

    choices = [(split(separator), separator) for separator in _SEPARATORS]
    return max(choices, key=lambda choice: (knows_text(choice[0]), len(choice[0])))


class _Lines:
    """The lines of a file for `csv.reader`, which can be given back: all but the first of a row that went wrong."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._lines = iter(lines)
        self._back: deque[str] = deque()
        self.number = 0
        self.taken: list[str] = []

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = self._back.popleft() if self._back else next(self._lines)
        self.number += 1
        self.taken.append(line)
        return line

    def left_open(self, separator: str) -> bool:
        """Say whether the row just read runs over several lines because a quotation mark was never closed."""
        if len(self.taken) < 2:
            return False
        if len(self.taken) > _MOST_LINES:
            return True
        try:  # mark by mark: after a closing one there must be a separator, and none may be open at the end
            return len(list(csv.reader(self.taken, delimiter=separator, strict=True))) != 1
        except csv.Error:
            return True

    def give_back(self) -> None:
        """Take back the lines after the first, so that they are read as rows of their own."""
        self.number -= len(self.taken) - 1
        self._back.extendleft(reversed(self.taken[1:]))
