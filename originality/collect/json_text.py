"""JSON Lines, streamed, and JSON documents, which are loaded whole.

Which of the two a file is, its first lines tell rather than its name: many tools call their lines ".json".
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from io import TextIOWrapper
from itertools import chain, islice
from pathlib import Path
from typing import Any

from originality.collect import reasons
from originality.collect.decode import BROKEN, Encoding, open_text
from originality.collect.families.replies import is_reply, posts_in, refusal_in
from originality.collect.feed import posts_in_json_feed
from originality.collect.table import Row, listed, printable
from originality.collect.text_file import TextFile
from originality.errors import CollectError
from originality.models import Dropped

_MOST_BYTES = 500 * 2**20  # a document takes about six times its size in memory
_SAMPLE = 100  # objects whose keys together are the columns: rare keys ("retweet") may be missing from one
_FIRST_LINE = 1 << 24
_LISTS = ("weibo", "posts", "data", "statuses", "list", "items", "results", "records", "tweets")
_DEPTH = 3  # {"data": {"list": [...]}}


class _JsonReader(TextFile):
    def _rows(self, number: int, value: object) -> Iterator[Row | Dropped]:
        """Yield the post that a value is, or the posts of a reply."""
        if not isinstance(value, dict):
            yield self._dropped(reasons.NOT_AN_OBJECT, number)
        elif is_reply(value):
            posts = posts_in(value)
            if posts is None:  # a refusal, or an object that only looks like a reply
                refusal = refusal_in(value)
                yield self._dropped(reasons.NO_POST, number, refusal) if refusal else self._row(number, value)
                return
            for post in posts:
                yield self._dropped(reasons.NO_POST, number) if post is None else self._row(number, post)
        else:
            yield self._row(number, value)

    def _row(self, number: int, value: Mapping[str, Any]) -> Row | Dropped:
        if self._encoding.damaged and BROKEN in str(value):
            return self._dropped(reasons.UNDECODABLE, number)
        return Row(number, value)

    def _dropped(self, reason: str, number: int, detail: str = "") -> Dropped:
        return Dropped(reason=reason, file=self._path, line=number, detail=detail)

    def _check(self, sample: Sequence[Row | Dropped]) -> None:
        """Raise CollectError where the first objects have no column of texts."""
        names: dict[str, None] = {}
        for row in sample:
            if isinstance(row, Row):
                names.update(dict.fromkeys(row.values))
        if names:
            self._header.check(list(names))
            return
        refusal = next((item.detail for item in sample if isinstance(item, Dropped) and item.detail), "")
        if refusal:
            raise CollectError(_refused(self._path, refusal))


class JsonLinesReader(_JsonReader):
    """Reads one object a line."""

    def rows(self) -> Iterator[Row | Dropped]:
        """Yield the objects; raise CollectError before the first where the first hundred lines hold none."""
        with self._opened() as file:
            rows = self._objects(file)
            sample = list(islice(rows, _SAMPLE))
            self._check(sample)
            if not any(isinstance(row, Row) for row in sample):
                raise CollectError(
                    f"{self._path} is not JSON Lines: none of the first {len(sample)} lines is an object in braces. "
                    'Each line must be one post, e.g. {"text": "…"}.'
                )
            yield from chain(sample, rows)

    def _objects(self, lines: TextIOWrapper) -> Iterator[Row | Dropped]:
        for number, line in enumerate(lines, 1):
            text = line.strip("\ufeff \t\r\n")
            if not text:
                continue
            try:
                value = json.loads(text)
            except (ValueError, RecursionError):
                yield self._dropped(reasons.BAD_JSON, number)
            else:
                yield from self._rows(number, value)


class JsonReader(_JsonReader):
    """Reads one document: a list of posts or replies, or an object with such a list in it."""

    fraction = 0.0

    def rows(self) -> Iterator[Row | Dropped]:
        """Yield the posts of the document; raise CollectError before the first where it holds none."""
        values = enumerate(self._posts(self._load()), 1)
        rows = [row for number, value in values for row in self._rows(number, value)]
        self._check(rows[:_SAMPLE])
        if rows and not any(isinstance(row, Row) for row in rows):
            raise CollectError(f"{self._path}: no list of posts in it. Each post must be an object in braces.")
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
            return self._posts_of_object(document)
        if not isinstance(document, list) or (document and not any(isinstance(post, Mapping) for post in document)):
            raise CollectError(f"{self._path}: no list of posts in it. Each post must be an object in braces.")
        return document

    def _posts_of_object(self, document: Mapping[str, Any]) -> list[Any]:
        if refusal := refusal_in(document):
            raise CollectError(_refused(self._path, refusal))
        feed = posts_in_json_feed(document)
        self._told(document.get("user") if feed is None else feed.account)
        if feed is not None:
            return list(feed.rows)
        if is_reply(document) and posts_in(document) is not None:
            return [document]
        posts = _find_list(document, _DEPTH)
        if posts is not None:
            return self._posts(posts)
        if not self._header.knows_text(list(document)):
            raise CollectError(
                f"{self._path}: no list of posts in it; keys: {listed(list(document))}. "
                f"Posts are looked for in a list, or under one of: {', '.join(_LISTS)}."
            )
        return [document]


def _refused(path: Path, refusal: str) -> str:
    return f"{path} holds no posts but {printable(refusal)}. Save the reply again once it holds posts."


def _find_list(value: object, depth: int) -> list[Any] | None:
    if isinstance(value, list):
        return value
    if not isinstance(value, Mapping) or not depth:
        return None
    found = (_find_list(value[key], depth - 1) for key in _LISTS if key in value)
    return next((posts for posts in found if posts is not None), None)


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
