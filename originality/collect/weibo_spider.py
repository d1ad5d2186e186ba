"""The CSV and JSON family of weiboSpider and its forks: empty is "无", and a repost is one cell.

Leaves: rows with plain empty cells, and of a repost the account's own words alone. The header that the tool writes
anew in every run is a matter of `rows.py`, since other tools repeat theirs too.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

NOTHING = "无"
_AUTHOR = "发布者"
_TEXT = "微博正文"
_REPOST = re.compile(r"\s*转发理由[:：](?P<own>.*?)(?:\s*(?:原始用户|转发内容)[:：].*)?\Z", re.DOTALL)


def is_family(header: Sequence[str]) -> bool:
    """Say whether a header is one of this family."""
    return _TEXT in header and "发布工具" in header and "用户昵称" not in header


def read_cells(header: Sequence[str], cells: Sequence[object]) -> Mapping[str, object]:
    """Return the cells by name, those that say "无" empty."""
    # A row may be shorter or longer than the header: what has no partner is nothing, longer rows are refused before.
    row = {
        name: "" if isinstance(cell, str) and cell.strip() == NOTHING else cell
        for name, cell in zip(header, cells, strict=False)
    }
    author, text = row.get(_AUTHOR), row.get(_TEXT)
    if isinstance(author, str) and isinstance(text, str) and author.strip():
        row[_TEXT] = text.removeprefix(f"{author.strip()}:")  # the fork that searches topics writes "name:text"
    return row


def own_words(text: str) -> str:
    """Return what the account itself wrote of "转发理由:… 原始用户: … 转发内容: …"; other texts as they are."""
    if "转发理由" not in text[:20]:
        return text
    found = _REPOST.match(text)
    return found.group("own").strip() if found else text
