"""The TXT files of weiboSpider: the account on top, then each post with its facts below it. They hold no ids."""

from __future__ import annotations

import re
from collections.abc import Iterator

from originality.collect import reasons
from originality.collect.decode import BROKEN, open_text
from originality.collect.families.weibo_spider import NOTHING
from originality.collect.table import Row
from originality.collect.text_file import TextFile
from originality.models import Dropped

_FACT = re.compile(r"(微博位置|发布位置|发布时间|点赞数|转发数|评论数|发布工具) ?[:：]\s?(.*)")
_FIRST_FACTS = frozenset({"微博位置", "发布位置"})
_USER = re.compile(r"(用户昵称|用户id) ?[:：]\s?(.*)")
_START = re.compile(r"^.{0,4}微博内容[:：]?[ \t\r]*$", re.MULTILINE)
_HEAD = 4_096
_COLUMNS = ("微博正文", "发布位置", "发布时间", "点赞数", "转发数", "评论数", "发布工具")
_MOST_LINES = 1_000  # of one post: what goes on longer is none


class SpiderTextReader(TextFile):
    """Reads one TXT file."""

    def rows(self) -> Iterator[Row | Dropped]:
        """Yield the posts."""
        self._header.check(_COLUMNS)
        with open_text(self._path, self._encoding) as file:
            has_user = _START.search(file.read(_HEAD)) is not None
        with self._opened() as file:
            lines = ((number, line.strip("\ufeff\r\n")) for number, line in enumerate(file, 1))
            if has_user:
                self._read_user(lines)
            for start, text, facts in _posts(lines):
                yield self._row(start, "\n".join(text).strip("\n"), facts)

    def _read_user(self, lines: Iterator[tuple[int, str]]) -> None:
        user: dict[str, str] = {}
        for _, line in lines:
            if found := _USER.fullmatch(line):
                user["screen_name" if found.group(1) == "用户昵称" else "id"] = found.group(2).strip()
            elif _START.fullmatch(line):
                break
        self._told(user)

    def _row(self, start: int, text: str, facts: dict[str, str]) -> Row | Dropped:
        if self._encoding.damaged and BROKEN in text:
            return Dropped(reason=reasons.UNDECODABLE, file=self._path, line=start)
        if not facts:
            return Dropped(reason=reasons.DAMAGED_REST, file=self._path, line=start)
        known = {name: "" if fact.strip() == NOTHING else fact for name, fact in facts.items()}
        return Row(start, {"微博正文": text, **known})


def _posts(lines: Iterator[tuple[int, str]]) -> Iterator[tuple[int, list[str], dict[str, str]]]:
    """Yield first line, lines and facts of each post; no facts where the file ends, or goes on too long, within one."""
    start, text, facts = 0, list[str](), dict[str, str]()
    for number, line in lines:
        fact = _FACT.fullmatch(line)
        if fact and (facts or fact.group(1) in _FIRST_FACTS):
            facts[fact.group(1)] = fact.group(2)
            continue
        if facts:
            yield start, text, facts
            text, facts = [], {}
        if not any(text):
            start, text = number, []
        text.append(line)
        if len(text) > _MOST_LINES:
            break
    if facts or any(map(str.strip, text)):
        yield start, text, facts
