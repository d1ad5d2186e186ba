"""Parquet, in batches, and only the columns that are needed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from originality.collect import reasons
from originality.collect.detect import family_of
from originality.collect.memory import Header
from originality.collect.table import Columns, Row, key_of
from originality.errors import CollectError
from originality.models import Dropped

_BATCH = 4_096
_UNDECODABLE = object()


class ParquetReader:
    """Reads one Parquet file."""

    fraction = 0.0

    def __init__(self, path: Path, header: Header) -> None:
        self._path = path
        self._header = header

    def rows(self) -> Iterator[Row | Dropped]:
        """Yield the rows; raise CollectError before the first where this is no table of posts."""
        import pyarrow as pa
        import pyarrow.parquet as pq

        try:
            with pq.ParquetFile(self._path) as file:
                names = list(dict.fromkeys(file.schema_arrow.names))
                self._header.check(names)
                needed = self._needed(names)
                yield from self._rows(file.iter_batches(_BATCH, columns=needed), needed, file.metadata.num_rows)
        except (pa.ArrowException, OSError) as error:
            reason = str(error).splitlines()[0][:120] if str(error) else type(error).__name__
            raise CollectError(f"{self._path} is not a readable Parquet file: {reason}. Export it again.") from error

    def _needed(self, names: list[str]) -> list[str]:
        if family_of(map(key_of, names)):  # its adapter knows which
            return names
        found = Columns.of(names, self._header.mapping).found
        return [name for name in names if any(name in columns for columns in found.values())]

    def _rows(self, batches: Iterator[Any], names: list[str], total: int) -> Iterator[Row | Dropped]:
        line = 0
        for batch in batches:
            broken: set[int] = set()
            columns = []
            for name in names:
                cells, undecodable = _cells(batch.column(batch.schema.get_all_field_indices(name)[0]))
                columns.append(cells)
                broken |= undecodable
            for index, values in enumerate(zip(*columns, strict=True)):
                line += 1
                if index in broken:
                    yield Dropped(reason=reasons.UNDECODABLE, file=self._path, line=line)
                else:
                    yield Row(line, dict(zip(names, values, strict=True)))
            self.fraction = line / max(1, total)


def _cells(column: Any) -> tuple[list[Any], set[int]]:
    """Return a column as Python's values, and which of its rows hold bytes that are not UTF-8."""
    import pyarrow as pa

    if pa.types.is_timestamp(column.type) and column.type.unit == "ns":
        # Python's times have microseconds; the rest is cut off.
        column = column.cast(pa.timestamp("us", tz=column.type.tz), safe=False)
    try:
        return list(column.to_pylist()), set()
    except (ValueError, OverflowError):  # one cell is enough: undecodable, or a time that Python does not know
        cells = [_cell(cell) for cell in column]
        return cells, {index for index, cell in enumerate(cells) if cell is _UNDECODABLE}


def _cell(cell: Any) -> Any:
    try:
        return cell.as_py()
    except UnicodeDecodeError:
        return _UNDECODABLE
    except (ValueError, OverflowError):
        return None
