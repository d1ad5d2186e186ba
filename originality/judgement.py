"""A draft -> `CheckResult`: the whole check order, and nothing else.

clean -> retrieve -> set boilerplate apart -> align with each candidate -> weigh -> read what is in doubt -> judge
-> decide -> explain

Where something may be disguised the draft is read as its candidates suggest, and goes the same way once more.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from originality import score, short
from originality.accounts import Admission
from originality.align import align, align_by
from originality.boilerplate import Common, find_boilerplate
from originality.clean import clean, reread
from originality.cross import PairReader
from originality.disguise import is_suspicious, name_disguises, unmask
from originality.embed import Encoder
from originality.explain import disguise_reasons, reasons
from originality.index import Index
from originality.models import (
    ALARMS,
    Boilerplate,
    Caveat,
    CheckResult,
    CleanText,
    Disguise,
    DisguiseKind,
    IndexInfo,
    Match,
    Post,
    Verdict,
)
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
    reader: PairReader | None = None
    """The cross-encoder that gives a second opinion, if the model weighs one."""
    thorough: bool = False
    """Whether it reads also where that cannot lead to a verdict: for those who count how risks are spread."""

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
        admits = _both(admission, also)
        reading = self._read(draft, admits)
        if admission.pardoned:
            caveats = (*caveats, "authorised_reuse")
        found = reading.found
        if found.common.own < self.settings.min_letters:
            return _undetermined(text, id, (*caveats, "only_boilerplate"), info, began, found.common.spans)
        decision = reading.decision
        shown = score.shown(reading.judged, self.model)[: self.settings.max_matches]
        disguises = _disguises(reading, shown)
        result = CheckResult(
            id=id,
            verdict=decision.verdict,
            lane=decision.lane,
            risk=decision.risk,
            originality=decision.originality,
            template_risk=decision.template_risk,
            idea_risk=decision.idea_risk,
            matches=tuple(_match(item, disguises, self.settings.language) for item in shown),
            boilerplate=found.common.spans,
            disguises=disguises,
            caveats=(*caveats, *_doubts(shown, decision.verdict)),
            index=info,
            elapsed_ms=_since(began),
            draft=text,
        )
        if len(draft.letters) > short.LONGEST:
            return result
        result = short.add(result, draft, self.index, admits, self.model, self.settings)
        return replace(result, elapsed_ms=_since(began))

    def _read(self, draft: CleanText, admits: Callable[[Post], bool]) -> _Reading:
        """Judge a draft as it stands and, where something in it may be disguised, as its candidates suggest.

        Of two readings the one that accuses counts; of two that do, or don't, that of the higher risk.
        """
        plain = self._judged(draft, admits)
        if not (is_suspicious(draft) or plain.decision.verdict in ALARMS):
            return plain
        changes = unmask(draft, [pair.source.clean for pair in plain.found.pairs], align_by)
        if not changes:
            return plain
        other = self._judged(reread(draft, [(each.start, each.end, each.reading) for each in changes]), admits)
        changed = {draft.original_span(each.start, each.end): each.kind for each in changes if each.reading}
        other = replace(other, changed=changed)
        return max(
            (other, plain), key=lambda reading: (reading.decision.verdict in ALARMS, round(reading.decision.risk, 2))
        )

    def _judged(self, draft: CleanText, admits: Callable[[Post], bool]) -> _Reading:
        found = examine(draft, self.index, self.encoder, self.settings, admits)
        judged = score.judge(found.side, found.pairs, found.usual, self.model, self._opinions(found))
        decision = score.decide(draft, judged, found.usual, self.model, self.settings.alarm)
        return _Reading(found=found, judged=judged, decision=decision)

    def _opinions(self, found: Examination) -> dict[int, float] | None:
        """Have the candidates read that are in doubt; return the figure of each by its position."""
        reader = self.reader
        if reader is None:
            return None
        alarm = self.model.alarm if self.settings.alarm is None else self.settings.alarm
        least = 0.0 if self.thorough else min(alarm, self.model.review)
        return score.second_opinion(
            found.pairs,
            self.model,
            least,
            lambda at: reader.read(found.draft.text, [found.pairs[i].source.clean.text for i in at]).tolist(),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reading:
    """A draft read in one way, and what was found so."""

    found: Examination
    judged: list[score.Judged]
    decision: score.Decision
    changed: Mapping[tuple[int, int], DisguiseKind] = field(default_factory=dict)
    """The kind of each stretch of the original that was read otherwise."""


def _disguises(reading: _Reading, shown: Sequence[score.Judged]) -> tuple[Disguise, ...]:
    """Return how the words of an alarm were disguised; nothing is said of other drafts."""
    if reading.decision.verdict not in ALARMS:
        return ()
    draft = reading.found.draft
    return name_disguises(
        draft,
        reading.changed,
        [(item.pair.source.clean, item.pair.alignment) for item in shown if item.spans],
    )


def _admit(text: str, info: IndexInfo, settings: Settings) -> tuple[tuple[Caveat, ...], CleanText | None]:
    """Clean a draft; return its caveats, and None in its place where it cannot be judged."""
    if not text.strip():
        return ("empty",), None
    draft = clean(text[: settings.max_draft_chars])  # offsets in the first part are those in the whole
    caveats: list[Caveat] = ["too_long"] if len(text) > settings.max_draft_chars else []
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


def _match(item: score.Judged, disguises: Sequence[Disguise], language: Language) -> Match:
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
        reasons=(*reasons(item.facts, item.kind, language), *disguise_reasons(disguises, item.spans, language)),
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


def _both(admission: Admission, also: Callable[[Post], bool]) -> Callable[[Post], bool]:
    return lambda post: admission(post) and also(post)


def _since(began: float) -> float:
    return 1000 * (time.perf_counter() - began)
