"""What shows a borrowing: spans of both texts, and the facts that can be put into words.

A pair with its alignment enters; spans and `Facts` leave. Boilerplate is not shown as evidence.
"""

from __future__ import annotations

from dataclasses import dataclass

from originality.alignment import Alignment
from originality.models import CleanText, Facts, Post, Span
from originality.score.features import NEARER, Context, Features, Side, closeness

MIN_OWN = 4  # own letters; an island with fewer is boilerplate with a loose end
MAX_QUOTED = 6  # rare words or numbers named in one sentence: more is a list nobody reads


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """A source with the evidence against the draft, not weighed yet."""

    post: Post
    source: Side
    alignment: Alignment
    features: Features


def aligned_spans(draft: CleanText, pair: Pair, usual: Context) -> tuple[Span, ...]:
    """Return the aligned spans that are not boilerplate."""
    spans = pair.alignment.spans(draft, pair.source.clean)
    return tuple(
        span
        for span, island in zip(spans, pair.alignment.islands, strict=True)
        if int(usual.own[island.draft[0] : island.draft[1]].sum()) >= MIN_OWN
    )


def with_answers(draft: Side, pair: Pair, usual: Context, spans: tuple[Span, ...]) -> tuple[Span, ...]:
    """Add the sentences that answer each other, where no aligned words show it already."""
    added = []
    for ours, theirs in _answers(draft, pair.source, usual):
        span = Span(draft.clean.original_span(*ours), pair.source.clean.original_span(*theirs), "rewrite")
        if not any(span.draft[0] < other.draft[1] and other.draft[0] < span.draft[1] for other in spans):
            added.append(span)
    return tuple(sorted([*spans, *added], key=lambda span: span.draft))


def _answers(draft: Side, source: Side, usual: Context) -> list[tuple[tuple[int, int], tuple[int, int]]]:
    """Return pairs of passages, in positions of the cleaned texts, that are nearer than the topic brings along."""
    ours, theirs = draft.clean.passages, source.clean.passages
    nearer = closeness(draft, source, usual)[1:]
    if nearer.shape != (len(ours), len(theirs)):  # the index was built with another cut into passages
        return []
    return [(ours[i], theirs[int(row.argmax())]) for i, row in enumerate(nearer) if float(row.max()) > NEARER]


def facts_of(draft: Side, pair: Pair, usual: Context) -> Facts:
    """Return what can be said about a pair in words."""
    text, figures = draft.clean, pair.features
    hit = pair.alignment.covered_draft(len(text.letters)) & usual.own
    tiles = [tile for island in pair.alignment.islands for tile in island.tiles if usual.own[tile.draft]]
    longest = max(tiles, key=lambda tile: tile.length, default=None)
    shared = sorted(draft.words & pair.source.words, key=lambda word: (-usual.idf.get(word, 1.0), word))
    passages = max(1, len(draft.vectors) - 1)
    return Facts(
        matched=int(hit.sum()),
        longest=text.original[slice(*text.original_letters(longest.draft, longest.draft + longest.length))]
        if longest
        else "",
        answered=round(figures.passage_answered * passages),
        passages=passages,
        in_order=figures.answered_in_order >= figures.passage_answered > 0,
        rare_words=tuple(word for word in shared if usual.idf.get(word, 1.0) >= usual.rare and not word.isdigit())[
            :MAX_QUOTED
        ],
        numbers=tuple(sorted(number for number in draft.numbers & pair.source.numbers if len(number) > 1))[:MAX_QUOTED],
    )
