"""Read a draft the way its source would: what could stand for one letter of the source becomes one unit.

The letters of a draft and of one source enter; units of the draft leave, and which of them may stand for which letter
of the source. The source says what may be meant, so nothing is guessed: "yhq" is a word only beside 优惠券.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from originality.disguise import tables
from originality.disguise.numerals import NUMERALS, digit_of, spelled

UnitKind = Literal["letter", "pinyin", "initials", "split", "numerals"]

_LATIN = re.compile("[a-z]{2,40}")
_DIGITS = re.compile(r"\d+")
_NONE: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Unit:
    """A stretch of the draft's letters that may stand for one letter of the source."""

    start: int
    end: int
    form: str
    """The letter itself; what is put together of the parts; the syllable; the initial; the digit."""
    kind: UnitKind = "letter"
    part: int = 0
    """Its place among the units of one word or number, which count together or not at all."""
    parts: int = 1


def units_of(draft: str, source: str) -> list[Unit]:
    """Return the units of a draft's letters as a source suggests them, in order."""
    known = frozenset(source)
    found: dict[int, list[Unit]] = {}
    for units in (*_numerals(draft, source), *_latin(draft, source), *_splits(draft, source, known)):
        if all(units[0].start >= other[-1].end or units[0].end <= other[0].start for other in found.values()):
            found[units[0].start] = units
    made: list[Unit] = []
    position = 0
    while position < len(draft):
        units = found.get(position) or [Unit(position, position + 1, draft[position])]
        made += units
        position = units[-1].end
    return made


def may_stand_for(units: Sequence[Unit], source: str) -> NDArray[np.bool_]:
    """Return which units may stand for which letters of the source, shape (len(units), len(source))."""
    forms = "".join(unit.form if len(unit.form) == 1 and unit.kind != "initials" else "\0" for unit in units)
    left, right = _codes(forms), _codes(source)
    may = left[:, None] == right[None, :]
    ours, theirs = _sounds(forms), _sounds(source)
    for a in range(tables.READINGS):
        for b in range(tables.READINGS):
            may |= (ours[:, a, None] == theirs[None, :, b]) & (ours[:, a, None] >= 0)
    at: dict[str, list[int]] = defaultdict(list)
    for j, char in enumerate(source):
        at[char].append(j)
    present, shapes = frozenset(at), tables.shapes()
    for i, unit in enumerate(units):
        if unit.kind in {"pinyin", "initials"}:
            may[i] = [_reads(char, unit) for char in source]
        elif unit.kind == "letter":
            for char in shapes.get(unit.form, _NONE) & present:
                may[i, at[char]] = True
    return _same_numbers(may, forms, source)


def _same_numbers(may: NDArray[np.bool_], forms: str, source: str) -> NDArray[np.bool_]:
    """Let a numeral stand for the same one in any notation, and for no other: another number is another fact."""
    ours, theirs = (np.array([digit_of(char) for char in text])[:, None] for text in (forms, source))
    counted, there = (np.array([char in NUMERALS for char in text])[:, None] for text in (forms, source))
    equal = (ours == theirs.T) & (ours >= 0)
    written_alike = _codes(forms)[:, None] == _codes(source)[None, :]
    return np.asarray(np.where(counted & there.T, equal | written_alike, may))


def _reads(char: str, unit: Unit) -> bool:
    readings = tables.sounds().get(char, ())
    if unit.kind == "pinyin":
        return unit.form in readings
    return any(reading[0] == unit.form for reading in readings)


def _numerals(draft: str, source: str) -> Iterator[list[Unit]]:
    """Yield numbers in words for which the source has digits, and digits for which it has words."""
    numbers = set(_DIGITS.findall(source))
    for start, end, digits in spelled(draft):
        if digits in numbers and draft[start:end] not in source:
            yield [Unit(start, end, digit, "numerals", i, len(digits)) for i, digit in enumerate(digits)]
    words = {digits: source[start:end] for start, end, digits in spelled(source)}
    for match in _DIGITS.finditer(draft):
        if match.group() in words and match.group() not in numbers:
            said = words[match.group()]
            yield [Unit(*match.span(), char, "numerals", i, len(said)) for i, char in enumerate(said)]


def _latin(draft: str, source: str) -> Iterator[list[Unit]]:
    """Yield runs of Latin letters that the source does not have, as syllables or as initials."""
    said: set[str] | None = None
    for match in _LATIN.finditer(draft):
        if match.group() in source:
            continue
        if said is None:
            said = {reading for char in source for reading in tables.sounds().get(char, ())}
        pieces = _parsed(match.group(), said)
        yield [
            Unit(match.start() + start, match.start() + end, form, kind, i, len(pieces))
            for i, (start, end, form, kind) in enumerate(pieces)
        ]


def _parsed(run: str, said: set[str]) -> list[tuple[int, int, str, UnitKind]]:
    """Cut a run of Latin letters into syllables of the source where that can be, else into initials."""
    best: list[tuple[float, int]] = [(0.0, 0)]  # cost of each prefix, and where its last piece begins
    for end in range(1, len(run) + 1):
        ways = [(best[end - 1][0] + 1.0, end - 1)]
        ways += [(best[start][0] + 0.6, start) for start in range(max(0, end - 6), end - 1) if run[start:end] in said]
        best.append(min(ways))
    pieces: list[tuple[int, int, str, UnitKind]] = []
    end = len(run)
    while end:
        start = best[end][1]
        pieces.append((start, end, run[start:end], "pinyin" if end - start > 1 else "initials"))
        end = start
    return pieces[::-1]


def _splits(draft: str, source: str, known: frozenset[str]) -> Iterator[list[Unit]]:
    """Yield two or three letters that make up a letter of the source, and that the source does not have in a row."""
    table = tables.joined()
    for size in (3, 2):
        for start in range(len(draft) - size + 1):
            parts = draft[start : start + size]
            whole = [char for char in table.get(parts, "") if char in known]
            if whole and parts not in source:
                yield [Unit(start, start + size, whole[0], "split")]


def _codes(text: str) -> NDArray[np.uint32]:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4")


def _sounds(text: str) -> NDArray[np.int32]:
    """Return numbers of the blurred readings of each letter, shape (len(text), 3); -1 where there is no more."""
    return np.array([tables.heard(char) for char in text], np.int32).reshape(len(text), tables.READINGS)
