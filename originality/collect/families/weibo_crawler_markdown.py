"""The Markdown of weibo-crawler: a heading for the account, then for each post one with its time, and its id below."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from originality.collect import reasons
from originality.collect.decode import BROKEN
from originality.collect.table import Row
from originality.collect.text_file import TextFile
from originality.models import Dropped

_ACCOUNT = re.compile(r"## (?:(?P<day>\d{4}-\d\d-\d\d) )?.*?\[(?P<name>[^\]]+)\] ?微博存档")
_TIME = re.compile(r"### (?:(?P<day>\d{4}-\d\d-\d\d)[ T])?(?P<time>\d\d:\d\d(?::\d\d)?)")
_ID = re.compile(r"<!-- weibo_id: ?(\d+) -->")
_ORIGINAL = "> 转发:"
_LINK = re.compile(r"\[([^\]\n]*)\]\([^()\s]*\)")
_IMAGE = re.compile(r"\s*!\[[^\]\n]*\]\([^()\n]*\)\s*")
_COLUMNS = ("text", "raw", "mid", "published_at")
_MOST_LINES = 2_000


class _Block(NamedTuple):
    start: int
    mid: str
    time: str
    lines: list[str]


class MarkdownReader(TextFile):
    """Reads one Markdown file."""

    def rows(self) -> Iterator[Row | Dropped]:
        """Yield the posts."""
        self._header.check(_COLUMNS)
        with self._opened() as file:
            for block in self._blocks(file):
                raw = "\n".join(_trimmed(block.lines))
                if self._encoding.damaged and BROKEN in raw:
                    yield Dropped(reason=reasons.UNDECODABLE, file=self._path, line=block.start)
                else:
                    cells = (_own_text(block.lines), raw, block.mid, block.time)
                    yield Row(block.start, dict(zip(_COLUMNS, cells, strict=True)))

    def _blocks(self, lines: Iterable[str]) -> Iterator[_Block]:
        day = time = ""
        block: _Block | None = None
        for number, line in enumerate(lines, 1):
            line = line.strip("\ufeff\r\n")
            account, stamp, named = _ACCOUNT.fullmatch(line), _TIME.fullmatch(line), _ID.fullmatch(line)
            if block and (account or stamp or named):
                yield block
                block = None
            if account:
                day = account.group("day") or ""
                self._told(account.group("name"))
            elif stamp:
                time = f"{stamp.group('day') or day} {stamp.group('time')}"
            elif named:
                block = _Block(number, named.group(1), time, [])
            elif block and len(block.lines) < _MOST_LINES:
                block.lines.append(line)
        if block:
            yield block


def _trimmed(lines: list[str]) -> list[str]:
    """Return lines without blanks and rules at the end."""
    end = len(lines)
    while end and lines[end - 1].strip() in {"", "---"}:
        end -= 1
    return lines[:end]


def _own_text(lines: list[str]) -> str:
    """Return the account's words: no quoted original, no pictures, no list of links behind the text."""
    end = next((number for number, line in enumerate(lines) if line.startswith(_ORIGINAL)), len(lines))
    own = _trimmed([line for line in lines[:end] if not _IMAGE.fullmatch(line)])
    while len(own) > 2 and not own[-2].strip() and _LINK.fullmatch(own[-1]):
        own = _trimmed(own[:-1])
    return "\n".join(_LINK.sub(r"\1", line) for line in own)
