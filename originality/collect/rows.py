"""Rows of a table with a header -> rows by name, whatever file the table is in.

Here the families of exporters are told apart by their header, repeated headers are seen, and rows that do not fit are
refused rather than read askew.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from originality.collect import reasons
from originality.collect.detect import family_of
from originality.collect.families import media_crawler, weibo_crawler, weibo_spider
from originality.collect.memory import Header
from originality.collect.table import Row, key_of
from originality.models import Dropped


class Table:
    """The rows under one header; another header in mid-file is followed from there on."""

    def __init__(self, path: Path, first: Sequence[object], header: Header) -> None:
        """Recognise the columns; raise CollectError where there is none with texts or a mapped one is missing.

        Args:
            path: the file, for messages.
            first: the row with the names.
            header: where the columns are settled on.
        """
        self._path = path
        self._follow(first)
        header.check(self._names)

    def _follow(self, first: Sequence[object]) -> None:
        self._names = names_of(first)
        self._keys = tuple(map(key_of, self._names))
        self._family = family_of(self._keys)
        self._layouts = weibo_crawler.Layouts(self._names) if self._family == "weibo-crawler" else None

    def read(self, rows: Iterable[tuple[int, Sequence[object]] | Dropped]) -> Iterator[Row | Dropped]:
        """Yield each row by name, or why it is none. Wholly blank lines are no rows."""
        for item in rows:
            if isinstance(item, Dropped):
                yield item
                continue
            line, cells = item
            if cells:
                yield self._row(line, cells)

    def _row(self, line: int, cells: Sequence[object]) -> Row | Dropped:
        if self._is_header(cells):
            self._follow(cells)
            return Dropped(reason=reasons.REPEATED_HEADER, file=self._path, line=line)
        if not any(cell is not None and cell != "" for cell in cells):
            return Dropped(reason=reasons.NO_COLUMNS, file=self._path, line=line)
        if self._layouts:
            values = self._layouts.read_cells(cells)
            if values is None:
                return Dropped(reason=reasons.OUT_OF_LINE, file=self._path, line=line, detail=f"{len(cells)} cells")
            return Row(line, values)
        names: Sequence[str] = self._names
        if self._family == "MediaCrawler Weibo":
            names = media_crawler.names_for(names, cells)
        if len(cells) > len(names) and any(cells[len(names) :]):
            detail = f"{len(cells)} cells, {len(names)} columns"
            return Dropped(reason=reasons.TOO_MANY_CELLS, file=self._path, line=line, detail=detail)
        if self._family == "weiboSpider":
            return Row(line, weibo_spider.read_cells(names, cells))
        return Row(line, dict(zip(names, cells, strict=False)))

    def _is_header(self, cells: Sequence[object]) -> bool:
        """Say whether a row is the header again, or that of the same tool run with other options."""
        first = cells[0]
        if not isinstance(first, str) or first.strip("\ufeff \t\xa0") != self._names[0]:
            return False
        keys = tuple(key_of(str(cell)) for cell in cells)
        # A table of one column may hold its own name as a text only by being its header.
        return keys == self._keys or (len(keys) > 3 and len(self._keys) > 3 and keys[:2] == self._keys[:2])


def names_of(header: Sequence[object]) -> list[str]:
    """Return the columns' names, each one once: of two that are equal the first is the one that is meant."""
    names: list[str] = []
    taken: set[str] = set()
    for cell in header:
        name = "" if cell is None else str(cell).strip().strip("\ufeff").strip()
        unique, number = name, 2
        while unique in taken:
            unique, number = f"{name} ({number})", number + 1
        taken.add(unique)
        names.append(unique)
    return names
