"""Short lines: which stretches of a post are one, and the keys that find lines like them.

A cleaned text enters; its lines leave, each with keys made of how its letters sound: every two and every three
neighbouring syllables. A line that swaps a word, the order of its halves or a homophone keeps most of these; a number
is one key whatever it says.
"""

from __future__ import annotations

import functools
import re
import zlib
from collections.abc import Iterator

from originality.clean import clean
from originality.disguise import tables
from originality.index.lines import Found
from originality.models import CleanText

SHORTEST, LONGEST = 6, 20  # letters of a draft that is judged as a line: fewer carry no claim, more have other evidence
LONGEST_LINE = 24  # letters of a line in the corpus: the original of a shortened one

_END = re.compile(r"[。!?;…~\n|丨]+|\.{2,}|(?<=】)")
_CREDIT = re.compile(
    r"\W*(?:via\W?|(?:cr|文|图|图源|来源|转自|视频来源|图片来源|摄影|作者|编辑|记者)\s*[:/.丨|])\s*\S{1,12}\W*"
)
_QUOTED = re.compile(r"[“「『‘]([^“”「」『』‘’]{6,40})[”」』’]")


def extract(text: str) -> list[Found]:
    """Return the short lines of a post as written: what stands as one sentence or line, and what is quoted in it."""
    cleaned = clean(text)
    letters = letters_of(cleaned.text)
    if SHORTEST <= len(letters) <= LONGEST_LINE:
        return [_found(cleaned, 0, len(cleaned.text))]
    spans = dict.fromkeys([*_sentences(cleaned.text), *(match.span(1) for match in _QUOTED.finditer(cleaned.text))])
    return [
        _found(cleaned, start, end)
        for start, end in spans
        if SHORTEST <= len(letters_of(cleaned.text[start:end])) <= LONGEST_LINE
        and not _CREDIT.fullmatch(cleaned.text[start:end])  # whose picture it is, nobody's words
    ]


def letters_of(text: str) -> str:
    """Return the letters of a cleaned text, as `CleanText.letters` has them."""
    return "".join([low if len(low := char.lower()) == 1 else char for char in text if char.isalnum()])


@functools.cache
def sound_of(letter: str) -> str:
    """Return how a letter is heard: its first syllable, blurred; "0" for every digit; itself where nothing is known."""
    if letter.isdecimal():
        return "0"
    readings = tables.sounds().get(letter)
    return tables.blurred(readings[0]) if readings else letter


def keys_of(letters: str) -> tuple[int, ...]:
    """Return the keys of a line: signed 32-bit hashes of every two and three neighbouring syllables, distinct."""
    syllables: list[str] = []
    for letter in letters:
        if not (letter.isdecimal() and syllables[-1:] == ["0"]):  # a number is one syllable, however long
            syllables.append(sound_of(letter))
    grams = {" ".join(syllables[i : i + size]) for size in (2, 3) for i in range(len(syllables) - size + 1)}
    return tuple(sorted(zlib.crc32(gram.encode("utf-8", "surrogatepass")) - 2**31 for gram in grams))


def _sentences(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for match in _END.finditer(text):
        if match.start() > start:
            yield start, match.start()
        start = match.end()
    if start < len(text):
        yield start, len(text)


def _found(cleaned: CleanText, start: int, end: int) -> Found:
    text = cleaned.text[start:end]
    before = len(letters_of(cleaned.text[:start]))
    return Found(start=before, text=text, keys=keys_of(letters_of(text)))
