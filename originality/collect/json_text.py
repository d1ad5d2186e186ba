"""JSON Lines, streamed, and JSON documents, which are loaded whole.

Which of the two a file is, its first line tells rather than its name: many tools call their lines ".json".
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from io import TextIOWrapper
from itertools import chain, islice
from pathlib import Path
from typing import Any

from originality.collect import reasons
from originality.collect.decode import BROKEN, Encoding, open_text, read_share
from originality.collect.table import Row, check_columns, knows_text, listed
from originality.errors import CollectError
from originality.models import Dropped

_MOST_BYTES = 500 * 2**20  # a document takes about six times its size in memory
_SAMPLE = 100  # objects whose keys together are the columns: rare keys ("retweet") may be missing from one
_FIRST_LINE = 1 << 24
_LISTS = ("weibo", "posts", "data", "statuses", "list", "items", "results", "records", "tweets")
_DEPTH = 3  # {"data": {"list": [...]}}


class _JsonReader:
    def __init__(self, path: Path, mapping: Mapping[str, str], encoding: Encoding) -> None:
        self._path = path
        self._mapping = mapping
        self._encoding = encoding

    def _row(self, number: int, value: object) -> Row | Dropped:
        if not isinstance(value, dict):
            return Dropped(reason=reasons.NOT_AN_OBJECT, file=self._path, line=number)
        if self._encoding.damaged and BROKEN in str(value):
            return Dropped(reason=reasons.UNDECODABLE, file=self._path, line=number)
        return Row(number, value)

    def _check(self, sample: Sequence[Row | Dropped]) -> None:
        """Raise CollectError where the first objects have no column of texts."""
        names: dict[str, None] = {}
        for row in sample:
            if isinstance(row, Row):
                names.update(dict.fromkeys(row.values))
        if names:
            check_columns(self._path, list(names), self._mapping)


class JsonLinesReader(_JsonReader):
    """Reads one object a line."""

    _file: TextIOWrapper | None = None
    _size = 1

    @property
    def fraction(self) -> float:
        """Share of the bytes read."""
        return read_share(self._file, self._size)

    def rows(self) -> Iterator[Row | Dropped]:
        """Yield the objects; raise CollectError before the first where the first hundred lines hold none."""
        self._size = self._path.stat().st_size
        with open_text(self._path, self._encoding) as self._file:
            rows = self._objects(self._file)
            sample = list(islice(rows, _SAMPLE))
            if not any(isinstance(row, Row) for row in sample):
                raise CollectError(
                    f"{self._path} is not JSON Lines: none of the first {len(sample)} lines is an object in braces. "
                    'Each line must be one post, e.g. {"text": "…"}.'
                )
            self._check(sample)
            yield from chain(sample, rows)

    def _objects(self, lines: TextIOWrapper) -> Iterator[Row | Dropped]:
        for number, line in enumerate(lines, 1):
            text = line.strip("\ufeff \t\r\n")
            if not text:
                continue
            try:
                value = json.loads(text)
            except (ValueError, RecursionError):
                yield Dropped(reason=reasons.BAD_JSON, file=self._path, line=number)
            else:
                yield self._row(number, value)


class JsonReader(_JsonReader):
    """Reads one document: a list of posts, or an object with such a list in it."""

    fraction = 0.0

    def __init__(
        self, path: Path, mapping: Mapping[str, str], encoding: Encoding, told: Callable[[object], None]
    ) -> None:
        """Prepare to read.

        :param told: called with the account that the document names for all of its posts.
        """
        super().__init__(path, mapping, encoding)
        self._told = told

    def rows(self) -> Iterator[Row | Dropped]:
        """Yield the posts of the document; raise CollectError before the first where it holds none."""
        posts = self._posts(self._load())
        rows = [self._row(number, post) for number, post in enumerate(posts, 1)]
        self._check(rows[:_SAMPLE])
        for number, row in enumerate(rows, 1):
            self.fraction = number / len(rows)
            yield row

    def _load(self) -> object:
        size = self._path.stat().st_size
        if size > _MOST_BYTES:
            raise CollectError(
                f"{self._path} has {size >> 20} MB; a JSON document may have {_MOST_BYTES >> 20}. "
                "Turn it into JSON Lines, one post a line, e.g. with: jq -c '.[]'."
            )
        with open_text(self._path, self._encoding) as file:
            text = file.read()
        try:
            return json.loads(text.lstrip("\ufeff"))
        except RecursionError as error:
            raise CollectError(f"{self._path} is not a JSON document of posts: it is nested too deep.") from error
        except ValueError as error:
            raise CollectError(f"{self._path} is not valid JSON: {error}. Export it again.") from error

    def _posts(self, document: object) -> list[Any]:
        if isinstance(document, Mapping):
            self._told(document.get("user"))
        posts = _find_list(document, _DEPTH)
        if posts is None and isinstance(document, Mapping):
            if not knows_text(document, self._mapping):
                raise CollectError(
                    f"{self._path}: no list of posts in it; keys: {listed(list(document))}. "
                    f"Posts are looked for in a list, or under one of: {', '.join(_LISTS)}."
                )
            return [document]
        if posts is None or (posts and not any(isinstance(post, Mapping) for post in posts)):
            raise CollectError(f"{self._path}: no list of posts in it. Each post must be an object in braces.")
        return posts


def _find_list(value: object, depth: int) -> list[Any] | None:
    if isinstance(value, list):
        return value
    if not isinstance(value, Mapping) or not depth:
        return None
    found = (_find_list(value[key], depth - 1) for key in _LISTS if key in value)
    return next((posts for posts in found if posts is not None), None)


def looks_like_json(head: str) -> bool:
    """Say whether a text begins as JSON does."""
    return head.lstrip("\ufeff \t\r\n").startswith(("{", "["))


def is_lines(path: Path, encoding: Encoding) -> bool:
    """Say whether a file that begins as JSON is JSON Lines rather than one document."""
    named_lines = path.suffix.lower() in {".jsonl", ".ndjson"}
    with open_text(path, encoding) as file:
        text = ""
        while not text and (line := file.readline(_FIRST_LINE)):
            text = line.strip("\ufeff \t\r\n")
        try:
            value = json.loads(text)
        except (ValueError, RecursionError):
            # A document over several lines, or a first line that is broken: only the name tells, unless a bracket
            # stands alone.
            return named_lines and text not in {"{", "["}
        more = bool(file.read(1 << 16).strip())
    return (named_lines and (more or not isinstance(value, list))) or (more and isinstance(value, dict))
