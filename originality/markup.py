"""Where the matched words stand: a text cut into marked segments, as data and not as HTML.

Enters: a CheckResult. Leaves: the segments of the draft or of a source in order; joined, they give back the text
character by character. Each character belongs to one segment, though several sources may have it: what everybody
says comes first (it accuses nobody), then the best match, and within one match the literal before the reworded.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Literal

from originality.models import Boilerplate, CheckResult, Match, Span, SpanKind

SegmentKind = SpanKind | Literal["plain", "boilerplate"]

STRENGTH: tuple[SpanKind, ...] = ("rewrite", "near", "exact")  # weakest first: the stronger one is painted over it
SHORT_GAP = 12  # plain characters between two segments of one source that read as one passage with small changes


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """A stretch of a text that is marked in one way."""

    text: str
    kind: SegmentKind = "plain"
    source: int = 0
    """Number of the match, counted from 1 in the order of the result; 0 where no match has it."""
    ends_passage: bool = False
    """True on the last segment of a passage of one source: the place to print the source's number."""
    boilerplate: Boilerplate | None = None
    """How common the words are, where they are boilerplate."""


@dataclass(frozen=True, slots=True)
class _Layer:
    span: tuple[int, int]
    kind: SegmentKind
    source: int = 0
    boilerplate: Boilerplate | None = None


def mark_draft(result: CheckResult, only: int = 0) -> tuple[Segment, ...]:
    """Return the segments of the draft, by all matches or, with `only`, by the match of that number."""
    layers = [
        _Layer(span.draft, span.kind, number)
        for number in range(len(result.matches), 0, -1)
        if only in {0, number}
        for span in _weakest_first(result.matches[number - 1])
    ]
    layers += [_Layer(item.span, "boilerplate", boilerplate=item) for item in result.boilerplate]
    return _cut(result.draft, layers)


def mark_source(match: Match, number: int) -> tuple[Segment, ...]:
    """Return the segments of a source; `number` is its place in the result, from 1."""
    return _cut(match.text, [_Layer(span.source, span.kind, number) for span in _weakest_first(match)])


def _weakest_first(match: Match) -> list[Span]:
    return sorted(match.spans, key=lambda span: STRENGTH.index(span.kind))


def _cut(text: str, layers: Sequence[_Layer]) -> tuple[Segment, ...]:
    """Cut a text where its topmost layer changes; later layers lie on top."""
    top = [-1] * len(text)
    for number, layer in enumerate(layers):
        start, end = layer.span
        top[start:end] = [number] * len(top[start:end])
    segments = []
    start = 0
    for key, run in groupby(top, key=lambda number: _look(layers[number]) if number >= 0 else None):
        end = start + sum(1 for _ in run)
        kind, source, boilerplate = key or ("plain", 0, None)
        segments.append(Segment(text=text[start:end], kind=kind, source=source, boilerplate=boilerplate))
        start = end
    return tuple(_with_ends(segments))


def _look(layer: _Layer) -> tuple[SegmentKind, int, Boilerplate | None]:
    return layer.kind, layer.source, layer.boilerplate


def _with_ends(segments: Sequence[Segment]) -> Iterable[Segment]:
    for position, segment in enumerate(segments):
        goes_on = _next_source(segments[position + 1 :]) == segment.source
        yield replace(segment, ends_passage=True) if segment.source and not goes_on else segment


def _next_source(segments: Iterable[Segment]) -> int:
    """Return the source of the next marked segment, or 0 where a gap too long for one passage comes first."""
    gap = 0
    for segment in segments:
        if segment.source:
            return segment.source
        gap += len(segment.text)
        if gap > SHORT_GAP:
            break
    return 0
