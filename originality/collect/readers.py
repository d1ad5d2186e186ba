"""From what a file is to what reads it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

from originality.collect.decode import Encoding, detect, open_text, refuse_binary
from originality.collect.delimited import DelimitedReader
from originality.collect.detect import kind_of_bytes, kind_of_text
from originality.collect.families.weibo_crawler_markdown import MarkdownReader
from originality.collect.families.weibo_spider_text import SpiderTextReader
from originality.collect.feed import FeedReader
from originality.collect.json_text import JsonLinesReader, JsonReader, is_lines
from originality.collect.memory import Header
from originality.collect.parquet import ParquetReader
from originality.collect.post import PostMaker
from originality.collect.sqlite import SqliteReader
from originality.collect.table import Row
from originality.collect.xlsx import XlsxReader
from originality.errors import CollectError
from originality.models import Dropped

HEAD = 4_096
_JSON = frozenset({".json", ".jsonl", ".ndjson"})
_VISITOR = ("Sina Visitor System", "passport.weibo", "login.sina")


class Reader(Protocol):
    """Reads one file."""

    @property
    def fraction(self) -> float:
        """Share in [0, 1] of the file read so far."""

    def rows(self) -> Iterator[Row | Dropped]:
        """Yield what the file holds, one row or object at a time."""


def reader_of(path: Path, maker: PostMaker, header: Header, account: str) -> Reader:
    """Return the reader for what a file is, whatever it is called; raise CollectError where it is none of ours."""
    with path.open("rb") as file:
        head = file.read(HEAD)
    if not head.strip():
        raise CollectError(f"{path} is empty. Export it again.")
    match kind_of_bytes(head):
        case "parquet":
            return ParquetReader(path, header)
        case "zip":
            return XlsxReader(path, header)
        case "sqlite":
            return SqliteReader(path, header, account)
    refuse_binary(path, head)
    return _reader_of_text(path, maker, header)


def _reader_of_text(path: Path, maker: PostMaker, header: Header) -> Reader:
    encoding = detect(path)
    with open_text(path, encoding) as text:
        beginning = text.read(HEAD)
    match kind_of_text(beginning):
        case "feed":
            return FeedReader(path, header, encoding, maker.told)
        case "weiboSpider text":
            return SpiderTextReader(path, header, encoding, maker.told)
        case "weibo-crawler Markdown":
            return MarkdownReader(path, header, encoding, maker.told)
        case "web page":
            kind = "the site's login page" if any(word in beginning for word in _VISITOR) else "a web page"
            raise CollectError(f"{path} is {kind}, not an export. Save the data, not the page that shows it.")
        case "JSON":
            return _reader_of_json(path, maker, header, encoding)
    # A broken document that is called so is refused as one: as a table it would be refused less clearly.
    return (
        _reader_of_json(path, maker, header, encoding)
        if path.suffix.lower() in _JSON
        else DelimitedReader(path, header, encoding)
    )


def _reader_of_json(path: Path, maker: PostMaker, header: Header, encoding: Encoding) -> Reader:
    if is_lines(path, encoding):
        return JsonLinesReader(path, header, encoding)
    return JsonReader(path, header, encoding, maker.told)
