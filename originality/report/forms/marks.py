"""A post's text as HTML, with the words that correspond to another post marked and numbered."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby

from markupsafe import Markup

from originality.markup import STRENGTH
from originality.models import SpanKind
from originality.report.forms.shown import shown
from originality.report.forms.words import Words

MOST = 1_200  # characters of one post on the page; more is in the XLSX, and no reader compares that much
LEAD = 120  # of them before the first marked word
_Mark = tuple[str, int] | None  # the class of the mark and the number of its span, 0 for what is everybody's
Numbered = Sequence[tuple[tuple[int, int], SpanKind]]


def mark(text: str, spans: Numbered, words: Words, boilerplate: Iterable[tuple[int, int]] = ()) -> Markup:
    """Return a text as HTML with its spans marked and numbered in the order given; a very long one is cut.

    The numbers are drawn by the style sheet, so that a copied passage holds the post's own words only.
    """
    marks: list[_Mark] = [None] * len(text)
    for number, ((start, end), kind) in sorted(enumerate(spans, 1), key=lambda item: STRENGTH.index(item[1][1])):
        marks[start:end] = [(kind, number)] * len(marks[start:end])
    for start, end in boilerplate:
        marks[start:end] = [("common", 0)] * len(marks[start:end])
    begin, stop = _window(len(text), spans)
    pieces = [_gap(begin, words)]
    told: set[int] = set()
    position = begin
    for look, run in groupby(marks[begin:stop]):
        end = position + sum(1 for _ in run)
        pieces.append(_piece(text[position:end], look, told))
        position = end
    return Markup("").join([*pieces, _gap(len(text) - stop, words)])


def _window(length: int, spans: Numbered) -> tuple[int, int]:
    first = min((span[0] for span, _ in spans), default=0)
    begin = max(0, min(first - LEAD, length - MOST)) if length > MOST else 0
    return begin, min(length, begin + MOST)


def _gap(count: int, words: Words) -> Markup:
    return Markup('<i class="gap">{}</i>').format(words("cut", count=count)) if count > 0 else Markup("")


def _piece(text: str, look: _Mark, told: set[int]) -> Markup:
    if look is None:
        return shown(text)
    kind, number = look
    if not number:
        return Markup('<span class="common">{}</span>').format(shown(text))
    label = Markup("") if number in told else Markup(' data-n="{}"').format(number)
    told.add(number)
    return Markup('<mark class="{}"{}>{}</mark>').format(kind, label, shown(text))
