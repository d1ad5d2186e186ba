"""Numbers in Chinese words: where they stand in a text, and as which digits they read."""

from __future__ import annotations

import re
from collections.abc import Iterator

_DIGITS = {
    char: digit
    for digit, chars in enumerate(("零〇", "一壹幺", "二贰两", "三叁", "四肆", "五伍", "六陆", "七柒", "八捌", "九玖"))
    for char in chars
}
_UNITS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_LARGE = {"万": 10_000, "亿": 100_000_000}
NUMERALS = frozenset({*_DIGITS, *_UNITS, *_LARGE, *"0123456789"})
_RUN = re.compile(r"[零〇一壹幺二贰两三叁四肆五伍六陆七柒八捌九玖十拾百佰千仟万亿]{1,24}")


def spelled(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield (start, end, digits) of each number in words."""
    for match in _RUN.finditer(text):
        yield *match.span(), digits_of(match.group())


def digit_of(char: str) -> int:
    """Return the digit that a character is or says; -1 where it is none."""
    return int(char) if char in "0123456789" else _DIGITS.get(char, -1)


def digits_of(words: str) -> str:
    """Return a number in words as digits: "一百二十八" is "128", and so is "一二八"."""
    if all(char in _DIGITS for char in words):
        return "".join(str(_DIGITS[char]) for char in words)
    total = section = last = 0
    for char in words:
        if char in _DIGITS:
            last = _DIGITS[char]
        elif char in _UNITS:
            section += (last or 1) * _UNITS[char]
            last = 0
        else:
            total = (total + section + last or 1) * _LARGE[char]
            section = last = 0
    return str(total + section + last)
