"""Name the disguises of a copy that was found: what was done to the words that the source has too.

A draft, as it reads without its disguise, and a source it was aligned with enter; `Disguise` records leave, spans in
the original draft. Each looks at both texts: what the source does as well is no disguise.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from originality.alignment import Alignment, Island, Tile
from originality.models import CleanText, Disguise, DisguiseKind

# Fewer places of a kind are a habit or a slip.
_LEAST: Mapping[DisguiseKind, int] = {
    "traditional": 3,
    "fullwidth": 2,
    "separated": 3,
    "punctuation": 3,
    "sprinkled": 2,
}
LEAST_SWAPPED = 0.5  # share of the source's marks that are other marks in the draft
LEAST_MOVED = 5  # letters of a run that stands elsewhere in the source
_SPRINKLED = re.compile(r"#[^#\n]{1,60}#|@[\w\-]{2,30}")


@dataclass(frozen=True, slots=True, order=True)
class _Place:
    """Letters of the draft, half-open, with what was done there."""

    start: int
    end: int
    kind: DisguiseKind


def name_disguises(
    draft: CleanText,
    changed: Mapping[tuple[int, int], DisguiseKind],
    pairs: Sequence[tuple[CleanText, Alignment]],
) -> tuple[Disguise, ...]:
    """Return the disguises of a draft in order, neighbours of one kind as one.

    Args:
        draft: the cleaned draft, read without its disguise.
        changed: the kind of each stretch that was read otherwise, by its span in the original.
        pairs: the sources found, best first, and how the draft aligns with each.
    """
    places: set[_Place] = set()
    answered = np.zeros(len(draft.letters), bool)  # by a source before: what a weaker one has otherwise tells nothing
    for source, alignment in pairs:
        here = [place for island in alignment.islands for place in _in_island(draft, source, island, changed)]
        here = [place for place in (*here, *_moved(alignment.tiles)) if not answered[place.start]]
        places |= {place for place in here if _often(place.kind, here)}
        answered |= alignment.covered_draft(len(answered))
    sprinkled = _sprinkled(draft, [source for source, _ in pairs])
    return tuple(sorted([*_told(draft, places), *sprinkled], key=lambda item: (item.span, item.kind)))


def _often(kind: DisguiseKind, places: Sequence[_Place]) -> bool:
    return sum(place.kind == kind for place in places) >= _LEAST.get(kind, 1)


def _in_island(
    draft: CleanText, source: CleanText, island: Island, changed: Mapping[tuple[int, int], DisguiseKind]
) -> Iterator[_Place]:
    """Yield what differs between letters that correspond, and between neighbours among them."""
    marks, swapped = 0, []
    for tile in island.tiles:
        for k in range(tile.length):
            ours, theirs = tile.draft + k, tile.source + k
            if kind := _of_letter(draft, source, ours, theirs, changed):
                yield _Place(ours, ours + 1, kind)
            if k + 1 == tile.length:
                continue
            between, there = _between(draft, ours), _between(source, theirs)
            marks += bool(there)
            if there and between and {*there} != {*between} and _is_marks(there) and _is_marks(between):
                swapped.append(_Place(ours, ours + 2, "punctuation"))
            elif extra := _inserted(between, there):
                yield _Place(ours, ours + 2, extra)
    if len(swapped) >= LEAST_SWAPPED * marks:
        yield from swapped


def _of_letter(
    draft: CleanText, source: CleanText, ours: int, theirs: int, changed: Mapping[tuple[int, int], DisguiseKind]
) -> DisguiseKind | None:
    span = draft.original_letters(ours, ours + 1)
    if span in changed:
        return changed[span]
    written, there = draft.original[slice(*span)], source.original[slice(*source.original_letters(theirs, theirs + 1))]
    if len(written) != 1 or written.lower() in {there.lower(), draft.letters[ours]}:
        return None
    if unicodedata.category(written) == "No":  # ① and the like
        return "numerals"
    return "traditional" if unicodedata.normalize("NFKC", written) == written else "fullwidth"


def _between(text: CleanText, letter: int) -> str:
    """Return what stands between a letter and the next one in the original; "" within one stretch."""
    end, start = text.original_letters(letter, letter + 1)[1], text.original_letters(letter + 1, letter + 2)[0]
    return text.original[end:start]


def _is_marks(text: str) -> bool:
    return all(unicodedata.category(char)[0] in "PZ" or char in "\n\t~+=|" for char in text)


def _inserted(between: str, there: str) -> DisguiseKind | None:
    """Return what was put between two letters that stand side by side in the source."""
    categories = {unicodedata.category(char) for char in between} - {unicodedata.category(char) for char in there}
    if categories & {"Cf", "Co", "Cn", "Mn", "Me"} and not categories & {"So", "Sk"}:
        return "invisible"
    if there or not between:
        return None
    if _SPRINKLED.search(between):
        return None
    return "emoji" if categories & {"So", "Sk"} or between.startswith("[") else "separated"


def _moved(tiles: Sequence[Tile]) -> Iterator[_Place]:
    """Yield the runs that stand before an earlier one in the source."""
    reached = 0
    for tile in (tile for tile in tiles if tile.length >= LEAST_MOVED):
        if tile.source < reached:
            yield _Place(tile.draft, tile.draft + tile.length, "reordered")
        reached = max(reached, tile.source + tile.length)


def _sprinkled(draft: CleanText, sources: Sequence[CleanText]) -> list[Disguise]:
    """Return the hashtags and mentions between the draft's first and last letter that no source has."""
    if not sources or not draft.letters:
        return []
    first, last = draft.original_letters(0, len(draft.letters))
    known = {name for source in sources for name in _SPRINKLED.findall(source.original)}
    found = [match for match in _SPRINKLED.finditer(draft.original, first, last) if match.group() not in known]
    if len(found) < _LEAST["sprinkled"]:
        return []
    return [Disguise(span=match.span(), kind="sprinkled", reading="") for match in found]


def _told(draft: CleanText, places: Iterable[_Place]) -> Iterator[Disguise]:
    """Join neighbouring places of one kind and say what they read as."""
    joined: list[_Place] = []
    for place in sorted(places, key=lambda place: (place.kind, place.start)):
        last = joined[-1] if joined else None
        if last and last.kind == place.kind != "reordered" and place.start <= last.end:
            joined[-1] = _Place(last.start, max(last.end, place.end), last.kind)
        else:
            joined.append(place)
    for place in joined:
        reading = "" if place.kind in {"reordered", "punctuation"} else draft.letters[place.start : place.end]
        yield Disguise(span=draft.original_letters(place.start, place.end), kind=place.kind, reading=reading)
