"""Two short lines -> figures of how much of the one is in the other.

Every letter weighs as many bits as its word is rare (`Rarity`), so that 的 and 一起 count for little and a coined word
for much. The lines are aligned in order (longest common subsequence: Wagner and Fischer 1974) with letters that sound
alike as nearly equal; what is left on both sides was moved. `Figures` sums that up; its `frame` compares what is
left of both without their content.
"""

from __future__ import annotations

import functools
import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from originality import words
from originality.short.lines import letters_of, sound_of

Change = Literal["same", "sound", "number", "moved"]

MOST_BITS = 6.0  # of one letter: a word that nobody has used yet must not outweigh all the rest
PRIOR_POSTS = 300  # posts that the dictionary's frequencies are worth beside the corpus' own counts
WORDS_PER_POST = 25
SOUND, NUMBER, MOVED = 0.85, 0.4, 0.9  # what a letter is worth that only sounds alike, is another number, was moved
LONE = 0.5  # what a letter is worth whose neighbours have no counterpart: chance brings many of these
_WORTH: dict[Change, float] = {"same": 1.0, "sound": SOUND, "number": NUMBER, "moved": MOVED}
LIKE_PARTS = 0.67  # likeness of the frames of two lines whose parts are as long as each other's: 4 + 4
_NUMERALS = frozenset("0123456789一二三四五六七八九十两百千万半双")
# What holds a slogan together. Content is what stands between.
_FRAME = frozenset("不是的都也就才一有无没得了更最让把为和与只要还再从到在每越多少只就能会可别想说给被吗呢吧啊你我他谁")
_FEWEST_MARKS = 3  # marks of a frame from which it is one; with fewer it counts in part
_PART = re.compile(r"[^\w]+")


@dataclass(frozen=True, slots=True)
class Said:
    """A line with the weight of each letter."""

    text: str
    letters: str
    weights: tuple[float, ...]
    """Bits of each letter, 0 to 6."""
    marks: str
    """The frame: function words, "+" between parts, "=" for a letter that comes again."""
    parts: tuple[int, ...]
    """Letters of each part between blanks and marks."""

    @property
    def bits(self) -> float:
        """All weights together."""
        return sum(self.weights)


@dataclass(frozen=True, slots=True)
class Pairing:
    """Letters that correspond, in order of the draft."""

    draft: int
    source: int
    change: Change


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What two lines share. All but the bits in [0, 1]."""

    share: float
    """Shared bits of both lines, over all their bits."""
    order: float
    """Share of the shared bits that stand in the same order."""
    bits: float
    """Shared bits."""
    frame: float
    """Likeness of the frames, in part where a frame has few marks."""


class Rarity:
    """How rare words are, by the corpus and, where that is small, by jieba's dictionary."""

    def __init__(self, counts: Mapping[str, int], posts: int) -> None:
        """Take the number of posts that have each word, of all `posts`."""
        self._counts, self._posts = counts, posts

    def bits(self, word: str) -> float:
        """Return the bits of a word: half a bit to 6 a letter, of a word in Latin letters at most 12."""
        usual = min(0.9, words.frequencies().get(word, 0) / _total() * WORDS_PER_POST)
        seen = self._counts.get(word, 0) if len(word) > 1 else usual * self._posts
        share = (seen + PRIOR_POSTS * max(usual, 1e-6)) / (self._posts + PRIOR_POSTS)
        most = MOST_BITS * (min(2, len(word)) if word.isascii() else len(word))  # "china" is no longer than 中国
        return min(most, max(0.5 * len(word), -math.log2(share)))


def said(text: str, rarity: Rarity, tokens: Sequence[str] | None = None) -> Said:
    """Return a cleaned line with the weights of its letters.

    Args:
        text: the line.
        rarity: of words.
        tokens: its words, where they are known already.
    """
    weights: list[float] = []
    for token in words.cut(text) if tokens is None else tokens:
        letters = letters_of(token)
        if letters:
            weights += [rarity.bits(token) / len(letters)] * len(letters)
    parts = [part for part in _PART.split(text) if part]
    return Said(text, letters_of(text), tuple(weights), _marks(parts), tuple(map(len, parts)))


def pair(draft: Said, source: Said) -> tuple[Pairing, ...]:
    """Return which letters correspond: those in order first, then what was moved, the longest runs first."""
    worth = [_worths(letter, source.letters) for letter in draft.letters]
    found = _in_order(draft, source, worth)
    free_draft = set(range(len(draft.letters))) - {each.draft for each in found}
    free_source = set(range(len(source.letters))) - {each.source for each in found}
    while run := _longest(worth, free_draft, free_source):
        length, i, j = run
        found += [Pairing(i + k, j + k, "moved") for k in range(length)]
        free_draft -= set(range(i, i + length))
        free_source -= set(range(j, j + length))
    return tuple(sorted(found, key=lambda each: each.draft))


def _longest(
    worth: Sequence[Sequence[float]], free_draft: set[int], free_source: set[int]
) -> tuple[int, int, int] | None:
    """Return (length, draft, source) of the longest run among free letters; None where there is none."""
    best: tuple[int, int, int] | None = None
    for i, j in ((i, j) for i in sorted(free_draft) for j in sorted(free_source) if worth[i][j] >= SOUND):
        length = 1
        while i + length in free_draft and j + length in free_source and worth[i + length][j + length] >= SOUND:
            length += 1
        if (best is None or length > best[0]) and (length > 1 or worth[i][j] == 1):
            best = (length, i, j)
    return best


def measure(draft: Said, source: Said, pairs: Sequence[Pairing]) -> Figures:
    """Return the figures of two lines."""
    ordered = moved = 0.0
    at = {each.draft for each in pairs}
    for each in pairs:
        bits = (draft.weights[each.draft] + source.weights[each.source]) / 2 * _WORTH[each.change]
        if at.isdisjoint({each.draft - 1, each.draft + 1}):
            bits *= LONE
        if each.change == "moved":
            moved += bits
        else:
            ordered += bits
    shared = ordered + moved
    return Figures(
        share=min(1.0, 2 * shared / (draft.bits + source.bits)),
        order=ordered / shared if shared else 0.0,
        bits=shared,
        frame=_frame(draft, source),
    )


def _in_order(draft: Said, source: Said, worth: Sequence[Sequence[float]]) -> list[Pairing]:
    """Return the heaviest common subsequence."""
    n, m = len(draft.letters), len(source.letters)
    best = [[0.0] * (m + 1) for _ in range(n + 1)]
    for i in range(n - 1, -1, -1):
        row, below, weight = best[i], best[i + 1], draft.weights[i]
        for j in range(m - 1, -1, -1):
            most = below[j] if below[j] > row[j + 1] else row[j + 1]
            if worth[i][j]:
                most = max(most, worth[i][j] * (weight + source.weights[j]) + below[j + 1])
            row[j] = most
    found: list[Pairing] = []
    i = j = 0
    while i < n and j < m and best[i][j]:
        if best[i][j] == best[i + 1][j]:
            i += 1
        elif best[i][j] == best[i][j + 1]:
            j += 1
        else:
            value = worth[i][j]
            found.append(Pairing(i, j, "same" if value == 1 else "sound" if value == SOUND else "number"))
            i, j = i + 1, j + 1
    return found


def _worths(letter: str, others: str) -> list[float]:
    """Return how far a letter is the same as each of some others, in [0, 1]."""
    sound = sound_of(letter) if letter not in _NUMERALS and not letter.isascii() else ""
    if letter in _NUMERALS:
        return [1.0 if other == letter else NUMBER if other in _NUMERALS else 0.0 for other in others]
    return [1.0 if other == letter else SOUND if sound == sound_of(other) else 0.0 for other in others]


def _marks(parts: Sequence[str]) -> str:
    """Return the frame of a line."""
    again = {letter for letter, count in Counter("".join(parts)).items() if count > 1}
    return "+".join(
        "".join(
            [char if char in _FRAME else "0" if char.isdecimal() else "=" for char in part if _is_mark(char, again)]
        )
        for part in parts
    )


def _is_mark(char: str, again: set[str]) -> bool:
    return char in _FRAME or char in again or char.isdecimal()


def _frame(draft: Said, source: Said) -> float:
    """Return the likeness of two frames: their longest common subsequence over the longer one."""
    like = LIKE_PARTS if draft.parts == source.parts and len(draft.parts) > 1 else 0.0
    ours, theirs = draft.marks, source.marks
    if not ours or not theirs:
        return like
    row = [0] * (len(theirs) + 1)
    for mark in ours:
        before = row[:]
        for j, other in enumerate(theirs):
            row[j + 1] = before[j] + 1 if mark == other else max(row[j], before[j + 1])
    return max(like, row[-1] / max(len(ours), len(theirs)) * min(1.0, row[-1] / _FEWEST_MARKS))


@functools.cache
def _total() -> int:
    """Return the sum of the dictionary's frequencies."""
    return sum(words.frequencies().values())
