"""Take a disguise off: read the stretches of a draft that stand for something else in a source.

A draft and its candidate sources enter; changes to the draft's cleaned text leave. Plain words must carry them: a
stretch is read anew only inside a passage in which enough letters are the source's own, so neither a typo nor a word of
the net nor a brand's name is taken for a disguise on its own account.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from originality.alignment import Alignment, Island
from originality.disguise import tables
from originality.disguise.numerals import digit_of
from originality.disguise.units import Unit, may_stand_for, units_of
from originality.models import CleanText, DisguiseKind

MIN_PLAIN = 4  # letters of a passage that both texts have: fewer are found in any two texts
MIN_PLAIN_SHARE = 0.3  # of a passage's matched units; below it the disguise would carry the accusation by itself
PLAIN_RUN = 4  # letters in a row that a source has too; shorter runs are in any two texts
MIN_CHANGES = 3  # letters that sound or look like the source's; fewer are typos, or another choice of words
MIN_JOINS = 3  # places at which something stands between two letters; fewer are a matter of layout
MIN_PLAIN_TOTAL = 8  # plain letters in all passages of one source: the run that retrieval is certain to find
MOST_SOURCES = 4  # read beside the draft: those that share most pairs of letters
MIN_PAIRS = 4  # pairs of letters shared; any two texts of one language share two or three
MAX_CELLS = 4_000_000  # letters of the draft times letters of the source: bounds memory for very long texts
SMALL: frozenset[DisguiseKind] = frozenset({"homophone", "lookalike"})


@dataclass(frozen=True, slots=True, order=True)
class Change:
    """A stretch of the draft's cleaned text, half-open, and how it reads; "" where it is to vanish."""

    start: int
    end: int
    reading: str
    kind: DisguiseKind


Aligner = Callable[[NDArray[np.bool_]], Alignment]


def unmask(draft: CleanText, sources: Sequence[CleanText], align_by: Aligner) -> tuple[Change, ...]:
    """Return how the disguised stretches of a draft read, in order, without overlap; () where none is found.

    Args:
        draft: the cleaned draft.
        sources: the cleaned texts it may come from.
        align_by: aligns two sequences of which it is known what may stand for what.
    """
    near = _nearest(draft, sources)
    found = [changes for source in near if (changes := _by_source(draft, source, align_by))]
    if not found:
        return ()
    plain, taken = _plain_text(draft, sources), np.zeros(len(draft.text), bool)
    kept: list[Change] = []
    for changes in sorted(found, key=len, reverse=True):
        for change in changes:
            stretch = slice(change.start, change.end)
            if not taken[stretch].any() and not (change.reading and plain[stretch].all()):
                taken[change.start : change.end] = True
                kept.append(change)
    return tuple(sorted(kept))


def _nearest(draft: CleanText, sources: Sequence[CleanText]) -> list[CleanText]:
    """Return the sources that share most pairs of letters with a draft, if they share any to speak of."""
    ours = _pairs(draft.letters)
    shared = sorted(((len(ours & _pairs(source.letters)), -i) for i, source in enumerate(sources)), reverse=True)
    return [sources[-i] for count, i in shared[:MOST_SOURCES] if count >= MIN_PAIRS]


def _pairs(letters: str) -> set[str]:
    return {letters[i : i + 2] for i in range(len(letters) - 1)}


def _plain_text(draft: CleanText, sources: Sequence[CleanText]) -> NDArray[np.bool_]:
    """Return which characters some source has in a row: they mean what they say, whatever another source suggests."""
    plain = np.zeros(len(draft.text), bool)
    for start in range(len(draft.letters) - PLAIN_RUN + 1):
        if any(draft.letters[start : start + PLAIN_RUN] in source.letters for source in sources):
            plain[list(draft.letter_at[start : start + PLAIN_RUN])] = True
    return plain


def _by_source(draft: CleanText, source: CleanText, align_by: Aligner) -> list[Change]:
    """Return the changes that one source suggests."""
    if not source.letters or len(draft.letters) * len(source.letters) > MAX_CELLS:
        return []
    units = units_of(draft.letters, source.letters)
    alignment = align_by(may_stand_for(units, source.letters))
    islands = [island for island in alignment.islands if _carried(island, units, source.letters)]
    if sum(_plain(island, units, source.letters) for island in islands) < MIN_PLAIN_TOTAL:
        return []
    changes = [change for island in islands for change in _changes(island, units, draft, source)]
    joins = [change for change in changes if change.kind == "separated"]
    letters = _settled([change for change in changes if change.kind != "separated"], draft.text)
    if sum(change.kind in SMALL for change in letters) < MIN_CHANGES:
        letters = [change for change in letters if change.kind not in SMALL]
    return letters + (joins if len(joins) >= MIN_JOINS else [])


def _carried(island: Island, units: Sequence[Unit], source: str) -> bool:
    return _plain(island, units, source) >= max(MIN_PLAIN, MIN_PLAIN_SHARE * island.matched)


def _plain(island: Island, units: Sequence[Unit], source: str) -> int:
    return sum(
        units[tile.draft + k].kind == "letter" and units[tile.draft + k].form == source[tile.source + k]
        for tile in island.tiles
        for k in range(tile.length)
    )


def _changes(island: Island, units: Sequence[Unit], draft: CleanText, source: CleanText) -> Iterator[Change]:
    """Yield what an island reads otherwise; units that belong together are all read so, side by side, or none."""
    for tile in island.tiles:
        k = 0
        while k < tile.length:
            unit, at = units[tile.draft + k], tile.source + k
            size = unit.parts
            if unit.part == 0 and size <= tile.length - k:
                reading = source.letters[at : at + size]
                if unit.kind != "letter" or unit.form != reading:
                    kind: DisguiseKind = unit.kind if unit.kind != "letter" else _kind(unit.form, reading)
                    last = units[tile.draft + k + size - 1]
                    yield Change(draft.letter_at[unit.start], draft.letter_at[last.end - 1] + 1, reading, kind)
            k += 1
            if k < tile.length:
                ours = draft.letter_at[unit.end - 1] + 1, draft.letter_at[units[tile.draft + k].start]
                if ours[1] > ours[0] and source.letter_at[at] + 1 == source.letter_at[at + 1]:
                    yield Change(*ours, "", "separated")


def _kind(letter: str, meant: str) -> DisguiseKind:
    if digit_of(letter) >= 0 and digit_of(letter) == digit_of(meant):
        return "numerals"
    return "homophone" if _sounds_alike(letter, meant) or not _looks_alike(letter, meant) else "lookalike"


def _sounds_alike(letter: str, meant: str) -> bool:
    return not set(tables.sounds().get(letter, ())).isdisjoint(tables.sounds().get(meant, ()))


def _looks_alike(letter: str, meant: str) -> bool:
    return meant in tables.shapes().get(letter, frozenset())


def _settled(changes: list[Change], draft: str) -> list[Change]:
    """Name letters that both sound and look like what they stand for after what most of the others do."""
    both = {
        change for change in changes if change.kind == "homophone" and _looks_alike(draft[change.start], change.reading)
    }
    alike = sum(change.kind == "lookalike" for change in changes)
    sounding = sum(change.kind == "homophone" for change in changes) - len(both)
    kind: DisguiseKind = "lookalike" if alike > sounding else "homophone"
    return [replace(change, kind=kind) if change in both else change for change in changes]
