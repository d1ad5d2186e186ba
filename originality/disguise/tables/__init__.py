"""What sounds alike, what looks alike, what is put together of what.

Text files beside this module enter (README.md names their sources); dictionaries leave, read once.
"""

from __future__ import annotations

import functools
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

READINGS = 3  # of a character at most
_HERE = Path(__file__).parent
# Sounds that speakers of the south, and writers in disguise, take for each other.
_MERGED = (("zh", "z"), ("ch", "c"), ("sh", "s"))
_ENDINGS = (("ang", "an"), ("eng", "en"), ("ing", "in"))
# Letters and digits that stand for each other.
_LATIN = ["0 o", "1 li", "2 z", "5 s", "6 b", "8 b", "9 g"]


@functools.cache
def sounds() -> Mapping[str, tuple[str, ...]]:
    """Return the readings of each character, without tones."""
    found: dict[str, list[str]] = defaultdict(list)
    for syllable, chars in _lines("sounds.txt"):
        for char in chars:
            found[char].append(syllable)
    return {char: tuple(readings) for char, readings in found.items()}


_numbers: dict[str, int] = {}


@functools.cache
def heard(char: str) -> tuple[int, ...]:
    """Return numbers of the blurred readings of a character, `READINGS` of them; -1 where there is no more."""
    said = dict.fromkeys(map(blurred, sounds().get(char, ())))
    numbers = [_numbers.setdefault(each, len(_numbers)) for each in said][:READINGS]
    return (*numbers, *[-1] * (READINGS - len(numbers)))


@functools.cache
def joined() -> Mapping[str, str]:
    """Return the characters that can be put together of two or three, by those two or three."""
    found: dict[str, str] = defaultdict(str)
    for char, *ways in _lines("splits.txt"):
        for way in ways:
            found[way] += char
    return found


@functools.cache
def shapes() -> Mapping[str, frozenset[str]]:
    """Return what looks like each character, both ways."""
    found: dict[str, set[str]] = defaultdict(set)
    for a, near in [*_lines("shapes.txt"), *map(str.split, _LATIN)]:
        for b in near:
            found[a].add(b)
            found[b].add(a)
    return {char: frozenset(near) for char, near in found.items()}


@functools.cache
def blurred(syllable: str) -> str:
    """Return a syllable as those hear it who do not tell zh from z, or ang from an."""
    for long, short in _MERGED:
        if syllable.startswith(long):
            syllable = short + syllable[len(long) :]
    for long, short in _ENDINGS:
        if syllable.endswith(long):
            syllable = syllable[: -len(long)] + short
    return syllable


def _lines(name: str) -> list[list[str]]:
    return [line.split(" ") for line in (_HERE / name).read_text(encoding="utf-8").splitlines()]
