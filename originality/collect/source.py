"""Files and folders -> one lazy stream of posts and of what was dropped."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Protocol

from originality.collect import reasons
from originality.collect.decode import detect, open_text, refuse_binary
from originality.collect.delimited import DelimitedReader
from originality.collect.json_text import JsonLinesReader, JsonReader, is_lines, looks_like_json
from originality.collect.parquet import ParquetReader
from originality.collect.post import PostMaker
from originality.collect.table import Row
from originality.collect.xlsx import XlsxReader
from originality.errors import CollectError
from originality.models import Dropped, Post

_JSON = frozenset({".json", ".jsonl", ".ndjson"})
_XLSX = frozenset({".xlsx", ".xlsm"})
_PARQUET = frozenset({".parquet", ".pq"})
_SUFFIXES = _JSON | _XLSX | _PARQUET | {".csv", ".tsv"}
_HEAD = 4_096


class Reader(Protocol):
    """Reads one file."""

    @property
    def fraction(self) -> float:
        """Share in [0, 1] of the file read so far."""

    def rows(self) -> Iterator[Row | Dropped]:
        """Yield what the file holds, one row or object at a time."""


class Source:
    """Posts of files and folders, lazily read. Iterate to get `Post` and `Dropped` in the order of the files."""

    def __init__(self, paths: Sequence[Path], account: str, mapping: Mapping[str, str], limit: int | None) -> None:
        """Find the files; use `originality.collect.open_source`, which also begins to read."""
        self._account = account
        self._mapping = mapping
        self._limit = limit
        self._paths = list(_files(paths))
        self._alone = len(paths) == 1 and paths[0].is_file()
        self._sizes = [path.stat().st_size if wanted else 0 for path, wanted in self._paths]
        self._done = 0
        self._posts = 0
        self._reader: Reader | None = None
        self._reading = 0
        self._begun: Iterator[Post | Dropped] | None = None

    @property
    def files(self) -> int:
        """Number of files, those that are not files of posts included."""
        return len(self._paths)

    @property
    def fraction(self) -> float:
        """Share in [0, 1] of the input consumed so far: of the bytes, or of the posts wanted where they are limited."""
        read = self._done + (self._reader.fraction * self._reading if self._reader else 0.0)
        of_bytes = read / max(1, sum(self._sizes))
        return min(1.0, max(of_bytes, self._posts / self._limit if self._limit else 0.0))

    def begin(self) -> None:
        """Read up to the first item, so that a file that cannot be read is refused here and not in the middle."""
        items = self._read()
        first = next(items, None)
        self._begun = _with_first(first, items) if first else iter(())

    def __iter__(self) -> Iterator[Post | Dropped]:
        begun, self._begun = self._begun, None
        return begun or self._read()

    def _read(self) -> Iterator[Post | Dropped]:
        self._done = self._posts = 0
        self._reader = None
        for (path, wanted), size in zip(self._paths, self._sizes, strict=True):
            for item in self._read_file(path, size) if wanted else (_not_posts(path),):
                self._posts += isinstance(item, Post)
                yield item
                if self._posts == self._limit:
                    return
            self._done += size
            self._reader = None

    def _read_file(self, path: Path, size: int) -> Iterator[Post | Dropped]:
        try:
            maker = PostMaker(path, self._account, self._mapping)
            self._reader, self._reading = _reader_of(path, maker, self._mapping), size
            for row in self._reader.rows():
                yield row if isinstance(row, Dropped) else maker.make(row)
        except (CollectError, OSError) as error:
            told = error if isinstance(error, CollectError) else CollectError(f"Cannot read {path}: {error.strerror}.")
            if self._alone:
                raise told from error
            yield Dropped(reason=reasons.UNREADABLE, file=path, detail=str(told))


def _with_first(first: Post | Dropped, rest: Iterator[Post | Dropped]) -> Iterator[Post | Dropped]:
    yield first
    yield from rest


def _not_posts(path: Path) -> Dropped:
    return Dropped(reason=reasons.NOT_A_POST_FILE, file=path)


def _files(paths: Sequence[Path]) -> Iterator[tuple[Path, bool]]:
    """Yield each file once, and whether its name is that of a kind that is read; one given by name always is."""
    seen: set[Path] = set()
    for given in paths:
        for path, wanted in _files_at(given):
            if (resolved := path.resolve()) not in seen:
                seen.add(resolved)
                yield path, wanted


def _files_at(given: Path) -> list[tuple[Path, bool]]:
    if given.is_file():
        return [(given, True)]
    if not given.is_dir():
        problem = "is not a file or folder" if given.exists() else "does not exist"
        raise CollectError(f"{given} {problem}. Give the path of an export or of a folder of exports.")
    found = [path for path in sorted(given.rglob("*")) if not path.is_dir() and not _hidden(path.relative_to(given))]
    if not found:
        raise CollectError(f"There is no file in the folder {given}. Give a folder of exports.")
    return [(path, path.is_file() and path.suffix.lower() in _SUFFIXES) for path in found]


def _hidden(path: Path) -> bool:
    return any(part.startswith((".", "~$")) for part in path.parts)  # "~$" is Excel's lock


def _reader_of(path: Path, maker: PostMaker, mapping: Mapping[str, str]) -> Reader:
    """Return the reader for what a file is, whatever it is called; raise CollectError where it is none of ours."""
    with path.open("rb") as file:
        head = file.read(_HEAD)
    if not head.strip():
        raise CollectError(f"{path} is empty. Export it again.")
    if head.startswith(b"PAR1"):
        _refuse_other_name(path, "a Parquet file", ".parquet", _PARQUET)
        return ParquetReader(path, mapping)
    if head.startswith(b"PK\x03\x04"):
        _refuse_other_name(path, "an Excel workbook or another ZIP archive", ".xlsx", _XLSX)
        return XlsxReader(path, mapping)
    refuse_binary(path, head)
    encoding = detect(path)
    with open_text(path, encoding) as text:
        if not looks_like_json(text.read(_HEAD)) and path.suffix.lower() not in _JSON:
            return DelimitedReader(path, mapping, encoding)
    if is_lines(path, encoding):
        return JsonLinesReader(path, mapping, encoding)
    return JsonReader(path, mapping, encoding, maker.told)


def _refuse_other_name(path: Path, kind: str, right: str, suffixes: frozenset[str]) -> None:
    if path.suffix.lower() in _SUFFIXES - suffixes:
        raise CollectError(f"{path} is {kind}, not {path.suffix}. Give it the right name ({right}) or export it anew.")
