"""Does a draft look disguised? A look that costs next to nothing, so that honest drafts pay no more than that.

Letters that belong to no word of jieba's dictionary are loose. A few are in any text (names, slang); a disguise that
changes letters leaves many, one that writes in Latin letters leaves runs of them between Chinese ones.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping

from originality.models import CleanText
from originality.words import frequencies

LONGEST_WORD = 4  # letters; longer words contain shorter ones
OFTEN = 20_000  # frequency in jieba's dictionary from which a letter stands alone in any text: the 205 most frequent
LOOSE = 0.2  # share of loose letters; see docs/decisions/0012-disguise.md
MIN_LOOSE = 3

_HAN = "\u4e00-\u9fff"
_LATIN = re.compile(rf"(?<=[{_HAN}])[a-z]{{2,40}}(?=[{_HAN}])|(?<=[{_HAN}])[a-z]{{4,40}}|[a-z]{{4,40}}(?=[{_HAN}])")


def is_suspicious(draft: CleanText) -> bool:
    """Say whether a draft may be disguised: worth reading beside its candidates."""
    loose = loose_letters(draft.letters)
    return loose >= max(MIN_LOOSE, LOOSE * len(draft.letters)) or any(
        # Capitals are those of names and abbreviations, which cleaning makes alike.
        draft.original[slice(*draft.original_letters(*run.span()))].islower()
        for run in _LATIN.finditer(draft.letters)
    )


def loose_letters(letters: str) -> int:
    """Return how many Chinese letters belong to no word and do not usually stand alone."""
    known = frequencies()
    covered = bytearray(len(letters))
    for start in range(len(letters)):
        for end in range(start + 2, min(start + LONGEST_WORD, len(letters)) + 1):
            frequency = known.get(letters[start:end])
            if frequency is None:  # no word begins so
                break
            if frequency:
                covered[start:end] = b"\1" * (end - start)
    alone = _alone()
    return sum(
        not hit and "\u4e00" <= char <= "\u9fff" and char not in alone
        for char, hit in zip(letters, covered, strict=True)
    )


@functools.cache
def _alone() -> frozenset[str]:
    known: Mapping[str, int] = frequencies()
    return frozenset(word for word, count in known.items() if len(word) == 1 and count >= OFTEN)
