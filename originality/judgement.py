"""A draft -> `CheckResult`: the whole check order, and nothing else.

clean -> retrieve -> set boilerplate apart -> align with each candidate -> weigh -> judge -> decide -> explain
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from originality import score
from originality.accounts import Admission
from originality.align import align
from originality.boilerplate import Common, find_boilerplate
from originality.clean import clean
from originality.embed import Encoder
from originality.explain import reasons
from originality.index import Index
from originality.models import Boilerplate, Caveat, CheckResult, CleanText, IndexInfo, Match, Post, Verdict
from originality.retrieve import Retrieved, retrieve
from originality.settings import Language, Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Examination:
    """All that was found out about a draft, before anybody judges."""

    draft: CleanText
    side: score.Side
    common: Common
    usual: score.Context
    pairs: tuple[score.Pair, ...]


def examine(
    draft: CleanText,
    index: Index,
    encoder: Encoder,
    settings: Settings,
    admits: Callable[[Post], bool] = lambda post: True,
) -> Examination:
    """Gather the evidence about a draft that has letters."""
    found = retrieve(draft, index, encoder, settings, admits)
    common = find_boilerplate(draft, found.carriers, index, settings.df_cap)
    side = score.Side.of(draft, found.vectors, ~common.mask)
    usual = score.context(
        draft,
        side.words,
        ~common.mask,
        found.carriers,
        index.word_counts(sorted(side.words)),
        index.info().posts,
        found.backgrounds,
    )
    return Examination(draft=draft, side=side, common=common, usual=usual, pairs=_pairs(side, usual, found, index))


def _pairs(side: score.Side, usual: score.Context, found: Retrieved, index: Index) -> tuple[score.Pair, ...]:
    parts = index.parts([candidate.row for candidate in found.candidates])
    pairs = []
    for candidate in found.candidates:
        if candidate.row not in parts:  # the post went away meanwhile, or has no words of its own
            continue
        post = found.posts[candidate.row]
        source = score.Side.of(clean(post.text), score.stack(parts[candidate.row]))
        pairs.append(score.weigh(side, source, post, align(side.clean, source.clean), usual))
    return score.compare(pairs)


@dataclass(frozen=True, slots=True, kw_only=True)
class Judge:
    """All that turns a draft into a result, whoever asks."""

    index: Index
    encoder: Encoder
    model: score.Model
    settings: Settings

    def result(self, text: str, id: str, admission: Admission, also: Callable[[Post], bool]) -> CheckResult:
        """Check a draft against the posts that may accuse it.

        Args:
            text: the draft as written.
            id: comes back in the result.
            admission: which posts may accuse the author at all.
            also: a further condition on them.
        """
        began = time.perf_counter()
        info = self.index.info()
        caveats, draft = _admit(text, info, self.settings)
        if draft is None:
            return _undetermined(text, id, caveats, info, began)
        found = examine(draft, self.index, self.encoder, self.settings, lambda post: admission(post) and also(post))
        if admission.pardoned:
            caveats = (*caveats, "authorised_reuse")
        if found.common.own < self.settings.min_letters:
            return _undetermined(text, id, (*caveats, "only_boilerplate"), info, began, found.common.spans)
        judged = score.judge(found.side, found.pairs, found.usual, self.model)
        decision = score.decide(draft, judged, found.usual, self.model, self.settings.alarm)
        shown = score.shown(judged, self.model)[: self.settings.max_matches]
        return CheckResult(
            id=id,
            verdict=decision.verdict,
            lane=decision.lane,
            risk=decision.risk,
            originality=decision.originality,
            template_risk=decision.template_risk,
            idea_risk=decision.idea_risk,
            matches=tuple(_match(item, self.settings.language) for item in shown),
            boilerplate=found.common.spans,
            caveats=(*caveats, *_doubts(shown, decision.verdict)),
            index=info,
            elapsed_ms=_since(began),
            draft=text,
        )


def _admit(text: str, info: IndexInfo, settings: Settings) -> tuple[tuple[Caveat, ...], CleanText | None]:
    """Clean a draft; return its caveats, and None in its place where it cannot be judged."""
    if not text.strip():
        return ("empty",), None
    if len(text) > settings.max_draft_chars:
        return ("too_long",), None
    draft = clean(text)
    caveats: list[Caveat] = []
    if any("\ud800" <= char <= "\udfff" for char in text):
        caveats.append("invalid_characters")
    if draft.repost:
        caveats.append("declared_repost")
    obstacle: Caveat | None = None
    if not draft.letters:
        obstacle = "nothing_left_after_cleaning"
    elif len(draft.letters) < settings.min_letters:
        obstacle = "too_short"
    elif not info.posts:
        obstacle = "index_empty"
    return ((*caveats, obstacle), None) if obstacle else (tuple(caveats), draft)


def _match(item: score.Judged, language: Language) -> Match:
    post, figures = item.pair.post, item.pair.features
    return Match(
        post_id=post.post_id,
        account=post.account,
        published_at=post.published_at,
        url=post.url,
        text=post.text,
        risk=item.risk,
        template_risk=item.template_risk,
        idea_risk=item.idea_risk,
        kind=item.kind,
        containment_of_draft=figures.cover_draft,
        containment_of_source=figures.cover_source,
        spans=item.spans,
        reasons=reasons(item.facts, item.kind, language),
    )


def _doubts(shown: Sequence[score.Judged], verdict: Verdict) -> list[Caveat]:
    """Return what a reader should know about the sources of an accusation."""
    if verdict == "original" or not shown:
        return []
    best = shown[0].pair.post
    doubts: list[Caveat] = []
    if best.published_at is None:
        doubts.append("source_may_be_later")
    if best.truncated:
        doubts.append("source_truncated")
    return doubts


def _undetermined(
    text: str,
    id: str,
    caveats: tuple[Caveat, ...],
    info: IndexInfo,
    began: float,
    boilerplate: tuple[Boilerplate, ...] = (),
) -> CheckResult:
    return CheckResult(
        id=id,
        verdict="undetermined",
        risk=0.0,
        originality=1.0,
        template_risk=0.0,
        idea_risk=0.0,
        boilerplate=boilerplate,
        caveats=caveats,
        index=info,
        elapsed_ms=_since(began),
        draft=text,
    )


def _since(began: float) -> float:
    return 1000 * (time.perf_counter() - began)
