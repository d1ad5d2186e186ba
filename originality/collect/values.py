"""Cells as text, counts and yes or no, whatever type the file gave them."""

from __future__ import annotations

import re

_COUNT = re.compile(r"[^\d.+-]{0,6}(\d+(?:\.\d+)?)\s*([万亿千wWkK]?)\+?")
_UNITS = {"": 1, "千": 1_000, "k": 1_000, "万": 10_000, "w": 10_000, "亿": 100_000_000}
# The site writes the name of a button instead of 0.
_ZERO = frozenset({"转发", "评论", "赞", "点赞"})
_MOST = 10**12
# The site shows no more than "100万+", which most exporters write as the plain number.
_FLOOR = 1_000_000
# The cut that m.weibo.cn, weibo.com and s.weibo.com make, the last with a character of its icon font after it.
_CUT = re.compile(r"(?:(?:\.{3}|…)[\s\u200b]*(?:全文|展开)c?|展开c|\.{3}\s*查看全文)[\s\u200b]*\Z")
_CUT_LENGTH = 160  # the site cuts near 140 characters


def as_text(value: object) -> str:
    """Return a cell as text, "" where it holds none."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool) or value is None:
        return ""
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return "" if value != value else str(int(value)) if value.is_integer() else str(value)
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else ""


def as_count(value: object) -> int | None:
    """Return a count: 12, "12", "1.2万", "100万+" (a floor), "转发" (0); None where there is none."""
    if isinstance(value, str):
        if value.isascii() and value.isdigit() and len(value) <= 12:  # nearly all of them
            return int(value)
        return _count_of(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return int(value) if 0 <= value < _MOST else None


def is_floor(value: object, count: int | None) -> bool:
    """Say whether a cell, read as a count, tells the least that it can be."""
    return count == _FLOOR or (isinstance(value, str) and count is not None and value.rstrip().endswith("+"))


def _count_of(value: str) -> int | None:
    text = value.strip().replace(",", "")
    if text in _ZERO:
        return 0
    found = _COUNT.fullmatch(text[:40])
    if not found:
        return None
    number = round(float(found.group(1)) * _UNITS[found.group(2).lower()])
    return number if number < _MOST else None


def as_bool(value: object) -> bool:
    """Say whether a cell means yes."""
    return value is True or (isinstance(value, str) and value.strip().lower() in {"true", "1", "是"}) or value == 1


def is_cut(text: str, said_to_be_long: bool, has_long_text: bool) -> bool:
    """Say whether the exporter cut the text.

    :param said_to_be_long: the file marks the post as longer than its list shows.
    :param has_long_text: the text given is the long one.
    """
    if said_to_be_long and not has_long_text and len(text) <= _CUT_LENGTH:
        return True
    tail = text[-24:]
    return ("全文" in tail or "展开" in tail) and _CUT.search(tail) is not None
