"""A post's text as HTML, with the words that correspond to another post marked and numbered."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from itertools import groupby

from originality.models import SpanKind

STRENGTH: tuple[SpanKind, ...] = ("rewrite", "near", "exact")  # weakest first: the stronger one is painted over it
_Mark = tuple[str, int] | None  # the class of the mark and the number of its span, 0 for what is everybody's


def mark(
    text: str, spans: Sequence[tuple[tuple[int, int], SpanKind]], boilerplate: Iterable[tuple[int, int]] = ()
) -> str:
    """Return a text as HTML with its spans marked and numbered in the order given.

    The numbers are drawn by the style sheet, so that a copied passage holds the post's own words only.
    """
    marks: list[_Mark] = [None] * len(text)
    numbered = sorted(enumerate(spans, 1), key=lambda item: STRENGTH.index(item[1][1]))
    for number, ((start, end), kind) in numbered:
        marks[start:end] = [(kind, number)] * len(marks[start:end])
    for start, end in boilerplate:
        marks[start:end] = [("common", 0)] * len(marks[start:end])
    pieces: list[str] = []
    told: set[int] = set()
    position = 0
    for look, run in groupby(marks):
        end = position + sum(1 for _ in run)
        pieces.append(_piece(text[position:end], look, told))
        position = end
    return "".join(pieces)


def _piece(text: str, look: _Mark, told: set[int]) -> str:
    if look is None:
        return plain(text)
    kind, number = look
    if not number:
        return f'<span class="{kind}">{plain(text)}</span>'
    label = "" if number in told else f' data-n="{number}"'
    told.add(number)
    return f'<mark class="{kind}"{label}>{plain(text)}</mark>'


def plain(text: str) -> str:
    """Escape a text; control characters, which HTML does not know, show as U+FFFD."""
    return escape("".join(char if char in "\n\t" or char >= " " else "\ufffd" for char in text))
