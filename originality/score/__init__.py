"""Alignments and what is usual -> figures -> risks -> verdict.

`context` says what is usual in the corpus, `weigh` gives the features of a pair, `compare` sets the pairs of a draft
against each other, `judge` turns them into risks and `decide` into the verdict. No wording here (see `explain`), and no
figure that `explain` could not name.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from originality.alignment import Alignment
from originality.models import CleanText, Facts, Lane, MatchKind, Post, Span, Verdict
from originality.score.evidence import Pair, aligned_spans, facts_of, with_answers
from originality.score.features import NAMES, NEARER, Context, Features, Side, extract, set_apart
from originality.score.model import Model, load_model, parse_head
from originality.score.opinion import worth_reading
from originality.score.usual import context

__all__ = [
    "NAMES",
    "Context",
    "Decision",
    "Features",
    "Judged",
    "Model",
    "Pair",
    "Side",
    "compare",
    "context",
    "decide",
    "judge",
    "load_model",
    "parse_head",
    "second_opinion",
    "shown",
    "stack",
    "weigh",
]

COPIED_SHARE = 0.6  # share of the draft's own letters, or of the source's, from which "in part" becomes "copied"
REWRITE_SHARE = 0.3  # below it on both sides it is not the wording that was taken
EXACT_SHARE = 0.8  # share of the matched letters in unbroken spans that makes a match verbatim
IDEA_MIDDLE, IDEA_SLOPE = 0.45, 12.0  # closeness at which an idea counts as near, and how sharply
IDEA_REVIEW = 0.9  # idea risk from which a draft is worth a look; advice only


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A pair with its risks, the kind of borrowing it would be, and what shows it."""

    pair: Pair
    risk: float
    template_risk: float
    idea_risk: float
    kind: MatchKind
    spans: tuple[Span, ...]
    facts: Facts


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """The verdict of a draft with the figures of its three lanes."""

    verdict: Verdict
    lane: Lane | None
    """The question that gave the verdict; None for an original draft."""
    risk: float
    originality: float
    template_risk: float
    idea_risk: float


def stack(parts: Sequence[NDArray[np.float32]]) -> NDArray[np.float32]:
    """Return a post's stored vectors as unit rows: half precision has rounded their length away by some 1e-4."""
    rows = np.stack(parts)
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True))


def weigh(draft: Side, source: Side, post: Post, alignment: Alignment, usual: Context) -> Pair:
    """Return a pair with its features."""
    return Pair(post=post, source=source, alignment=alignment, features=extract(draft, source, alignment, usual))


def compare(pairs: Sequence[Pair]) -> tuple[Pair, ...]:
    """Return all pairs of a draft, each seen against the others."""
    rows = set_apart([pair.features for pair in pairs])
    return tuple(replace(pair, features=row) for pair, row in zip(pairs, rows, strict=True))


def second_opinion(
    pairs: Sequence[Pair], model: Model, least: float, read: Callable[[list[int]], Sequence[float]]
) -> dict[int, float] | None:
    """Have pairs read as long as that can tell whether a risk is reached; return the log-odds by position.

    A reading takes longer than all else about a pair. Those that could not be suspect whatever a reader said are left
    out, and so are all others once those that could be were read and are not: what is said of the draft stays the same.

    Args:
        pairs: a draft with each candidate.
        model: the judge.
        least: risk below which nothing needs to be told apart.
        read: reads the pairs at some positions.

    Returns:
        None where no opinion is asked: the model weighs none, or the wording is beyond doubt.
    """
    if not pairs or model.opinion is None:
        return None
    rows = _rows(pairs)
    sums = model.copied.raw(rows)
    at = worth_reading(rows, sums)
    if not at:
        return None
    if model.opinion.probability(rows, sums, {}).max() >= least:  # suspect unread
        return dict(zip(at, read(at), strict=True))
    ceilings = model.opinion.at_most(rows, sums, at, [math.inf] * len(at))
    suspect = [i for i, ceiling in zip(at, ceilings.tolist(), strict=True) if ceiling >= least]
    found = dict(zip(suspect, read(suspect), strict=True)) if suspect else {}
    others = [i for i in at if i not in found]
    if others and found and model.opinion.at_most(rows, sums, list(found), list(found.values())).max() >= least:
        found.update(zip(others, read(others), strict=True))
    return found


def judge(
    draft: Side, pairs: Sequence[Pair], usual: Context, model: Model, read: Mapping[int, float] | None = None
) -> list[Judged]:
    """Return the pairs with their risks, the most likely source first.

    Args:
        draft: the draft.
        pairs: the draft with each candidate.
        usual: what is usual in the corpus.
        model: the judge.
        read: log-odds of the cross-encoder for the pairs that it has read, by position; None where it was not asked.
    """
    if not pairs:
        return []
    rows = _rows(pairs)
    risks, templates = _risks(rows, model, read), model.template.probability(rows)
    judged = []
    for i, (pair, risk, template) in enumerate(zip(pairs, risks.tolist(), templates.tolist(), strict=True)):
        spans = aligned_spans(draft.clean, pair, usual)
        kind = _kind(pair, spans, risk, template, model)
        if kind == "rewrite" and risk >= model.alarm:  # below it, sentences on one topic would be painted as evidence
            spans = with_answers(draft, pair, usual, spans)
        judged.append(
            Judged(
                pair=pair,
                risk=risk,
                template_risk=template,
                idea_risk=_idea(pair.features),
                kind=kind,
                spans=spans,
                facts=replace(facts_of(draft, pair, usual), same_points=(read or {}).get(i, -1.0) > 0),
            )
        )
    # Risks that nobody could tell apart are no order: the source with more of the draft's rare text is first then.
    return sorted(
        judged,
        key=lambda item: (-round(item.risk, 2), -item.pair.features.log_rarity, -item.pair.features.closeness),
    )


def _rows(pairs: Sequence[Pair]) -> NDArray[np.float64]:
    return np.array([pair.features.row() for pair in pairs])


def _risks(rows: NDArray[np.float64], model: Model, read: Mapping[int, float] | None) -> NDArray[np.float64]:
    """Return the risk of each pair: by the second head where the cross-encoder was asked, else by the first."""
    sums = model.copied.raw(rows)
    if model.opinion is None or read is None:
        return model.copied.calibrated(sums)
    return model.opinion.probability(rows, sums, read)


def shown(judged: Sequence[Judged], model: Model) -> list[Judged]:
    """Return the pairs worth showing: with a span, under suspicion, or nearer than their topic brings along."""
    return [
        item
        for item in judged
        if item.spans
        or item.risk >= model.review
        or item.template_risk >= model.template_review
        or item.pair.features.closeness > NEARER
    ]


def decide(draft: CleanText, judged: Sequence[Judged], usual: Context, model: Model, alarm: float | None) -> Decision:
    """Return the verdict on a draft.

    Args:
        draft: the cleaned draft.
        judged: its pairs, best first.
        usual: gives the draft's own letters.
        model: thresholds.
        alarm: the user's own threshold, in place of the model's.
    """
    covered = _covered(draft, judged) & usual.own
    share = float(covered.sum()) / max(1, int(usual.own.sum()))
    risk = max((item.risk for item in judged), default=0.0)
    template = max((item.template_risk for item in judged), default=0.0)
    idea = max((item.idea_risk for item in judged), default=0.0)
    verdict: Verdict = "original"
    lane: Lane | None = None
    if judged and risk >= (model.alarm if alarm is None else alarm):
        best = judged[0]
        whole = share >= COPIED_SHARE or best.pair.features.cover_source >= COPIED_SHARE
        verdict, lane = "copied" if whole and best.kind != "rewrite" else "imitation", "wording"
    elif lane := _review(risk, template, idea, model):
        verdict = "review"
    return Decision(
        verdict=verdict, lane=lane, risk=risk, originality=1.0 - share, template_risk=template, idea_risk=idea
    )


def _review(risk: float, template: float, idea: float, model: Model) -> Lane | None:
    """Return the lane in which a fair editor would look twice."""
    if risk >= model.review:
        return "wording"
    if template >= model.template_review:
        return "template"
    return "idea" if idea >= IDEA_REVIEW else None


def _covered(draft: CleanText, judged: Sequence[Judged]) -> NDArray[np.bool_]:
    """Return which letters of the draft any source covers: a union, so that a further source never lowers it."""
    mask = np.zeros(len(draft.letters), bool)
    begins = np.array([draft.starts[i] for i in draft.letter_at])
    for item in judged:
        mask |= item.pair.alignment.covered_draft(len(mask))
        for span in item.spans:
            if span.kind == "rewrite":
                mask |= (begins >= span.draft[0]) & (begins < span.draft[1])
    return mask


def _kind(pair: Pair, spans: Sequence[Span], risk: float, template: float, model: Model) -> MatchKind:
    figures = pair.features
    if not spans or max(figures.cover_draft, figures.cover_source) < REWRITE_SHARE:
        if template >= model.template_review and risk < model.alarm:
            return "template"
        if not spans or figures.log_longest < math.log1p(10):
            return "rewrite" if risk >= model.alarm or _rewritten(figures) else "idea"
    matched = sum(span.draft[1] - span.draft[0] for span in spans)
    exact = sum(span.draft[1] - span.draft[0] for span in spans if span.kind == "exact")
    return "verbatim" if exact >= EXACT_SHARE * matched else "near"


def _rewritten(figures: Features) -> bool:
    return figures.closeness > NEARER and figures.passage_answered >= 0.5


def _idea(figures: Features) -> float:
    """Return how near the idea is, in [0, 1], from how much nearer the texts are than their topic brings along."""
    return 1.0 / (1.0 + math.exp(-IDEA_SLOPE * (figures.closeness - IDEA_MIDDLE)))
