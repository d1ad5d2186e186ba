"""Files, folders and archives -> one lazy stream of posts and of what was dropped."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from originality.collect import archive, reasons
from originality.collect.detect import kind_of_bytes
from originality.collect.memory import Header, Memory
from originality.collect.post import PostMaker
from originality.collect.readers import HEAD, Reader, reader_of
from originality.errors import CollectError
from originality.models import Dropped, Post

# In a folder, what else lies beside the exports is not opened: pictures and videos by the thousand.
_SUFFIXES = frozenset(
    ".json .jsonl .ndjson .xlsx .xlsm .parquet .pq .csv .tsv .txt .md .db .sqlite .sqlite3 .xml .rss .atom .zip".split()
)


class Source:
    """Posts of files and folders, lazily read. Iterate to get `Post` and `Dropped` in the order of the files."""

    def __init__(
        self,
        paths: Sequence[Path],
        account: str,
        mapping: Mapping[str, str],
        limit: int | None,
        memory: Path | None = None,
    ) -> None:
        """Find the files; use `originality.collect.open_source`, which also begins to read."""
        self._account = account
        self._mapping = mapping
        self._limit = limit
        self._memory = Memory(memory)
        self._paths = list(_files(paths))
        self._alone = len(paths) == 1 and paths[0].is_file()
        self._sizes = [path.stat().st_size if wanted else 0 for path, wanted in self._paths]
        self._done = 0.0
        self._posts = 0
        self._reader: Reader | None = None
        self._header: Header | None = None
        self._reading = 0.0
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
        before = 0
        for (path, wanted), size in zip(self._paths, self._sizes, strict=True):
            for item in self._read_path(path, size) if wanted else (_not_posts(path),):
                is_post = isinstance(item, Post)
                self._posts += is_post
                yield item
                if is_post and self._header:  # asked for the next one: this one has been taken
                    self._header.gave_posts()
                if self._posts == self._limit:
                    return
            before += size
            self._done = before
            self._reader = None

    def _read_path(self, path: Path, size: int) -> Iterator[Post | Dropped]:
        try:
            if _is_archive(path):
                yield from self._read_archive(path, size)
            else:
                yield from self._read_file(path, size)
        except (CollectError, OSError) as error:
            told = error if isinstance(error, CollectError) else CollectError(f"Cannot read {path}: {error.strerror}.")
            if self._alone:
                raise told from error
            yield Dropped(reason=reasons.UNREADABLE, file=path, detail=str(told))

    def _read_file(self, path: Path, size: float) -> Iterator[Post | Dropped]:
        header = Header(path, self._mapping, self._memory)
        maker = PostMaker(path, self._account, header)
        self._reader, self._reading = reader_of(path, maker, header, self._account), size
        self._header = header
        for row in self._reader.rows():
            yield row if isinstance(row, Dropped) else maker.make(row)

    def _read_archive(self, path: Path, size: int) -> Iterator[Post | Dropped]:
        """Yield what the files in an archive hold, under the archive's name and theirs."""
        names = archive.members(path)
        wanted = [name for name in names if Path(name).suffix.lower() in _SUFFIXES and not archive.is_hidden(name)]
        if not wanted:
            raise CollectError(f"{path} is an archive without a file of posts. Pack the exports themselves.")
        share = size / len(wanted)
        for name in names:
            if name in wanted:
                yield from self._read_member(path, name, share, alone=len(wanted) == 1)
                self._done += share
            elif not archive.is_hidden(name):
                yield _not_posts(path / name)

    def _read_member(self, path: Path, name: str, share: float, *, alone: bool) -> Iterator[Post | Dropped]:
        shown, file = path / name, path
        try:
            with archive.unpacked(path, name) as file:
                for item in self._read_file(file, share):
                    yield replace(item, file=shown) if isinstance(item, Dropped) else item
        except CollectError as error:
            told = str(error).replace(str(file), str(shown))
            if alone and self._alone:
                raise CollectError(told) from error
            yield Dropped(reason=reasons.UNREADABLE, file=shown, detail=told)


def _with_first(first: Post | Dropped, rest: Iterator[Post | Dropped]) -> Iterator[Post | Dropped]:
    yield first
    yield from rest


def _not_posts(path: Path) -> Dropped:
    return Dropped(reason=reasons.NOT_A_POST_FILE, file=path)


def _is_archive(path: Path) -> bool:
    with path.open("rb") as file:
        head = file.read(HEAD)
    return kind_of_bytes(head) == "zip" and not archive.is_workbook(path)


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
