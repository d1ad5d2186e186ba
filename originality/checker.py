"""A draft -> `CheckResult`: the whole check order, and nothing else.

clean -> retrieve -> set boilerplate apart -> align with each candidate -> weigh -> judge -> decide -> explain
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from originality import score
from originality.accounts import Admission, RegisterFile
from originality.align import align
from originality.boilerplate import Common, find_boilerplate
from originality.clean import clean
from originality.embed import Encoder, load_encoder
from originality.explain import reasons
from originality.index import Index, LocalIndex, open_index
from originality.models import Boilerplate, Caveat, CheckResult, CleanText, IndexInfo, Match, Post, Verdict
from originality.retrieve import Retrieved, retrieve
from originality.settings import Settings, stamp


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
class Draft:
    """A text to check, as publishing systems hand it over."""

    text: str
    id: str = ""
    account: str = ""
    """Who would publish it: that account's own earlier posts accuse nobody."""
    published_at: datetime | None = None
    """When it was or will be published: later posts are no sources. None: every post of the index is earlier."""


class Checker:
    """Checks drafts against one index. Safe to share between threads; a context manager.

    with Checker.open("index") as checker:
        result = checker.check("……")
        result.verdict, result.risk, result.matches[0].spans
    """

    def __init__(
        self,
        index: LocalIndex,
        encoder: Encoder,
        settings: Settings | None = None,
        *,
        model: score.Model | None = None,
    ) -> None:
        """Put an open index and the encoder that it was built with together; `open` does both.

        Args:
            index: an open index.
            encoder: the encoder whose vectors are in it.
            settings: thresholds, limits and language.
            model: the judge, in place of the one that ships with the package (cross-validation).
        """
        self.index = index
        self.encoder = encoder
        self.settings = settings or Settings()
        self._model = model or score.load_model()
        self._accounts = RegisterFile(index.folder)

    @classmethod
    def open(cls, folder: Path | str, settings: Settings | None = None) -> Self:
        """Open the index in a folder with the encoder that it was built with.

        Raises:
            IndexFault: the index is missing, foreign or damaged.
            StampError: it was built with another version of the encoder or of this package.
            EncoderError: the encoder cannot be loaded.
            RegisterError: the register of accounts beside it is malformed.
        """
        index = open_index(folder)
        try:
            RegisterFile(index.folder).read()
            encoder = load_encoder(index.encoder)
            index.store.claim(stamp(encoder.name), index.encoder)
        except BaseException:
            index.close()
            raise
        return cls(index, encoder, settings)

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the index."""
        self.close()

    def close(self) -> None:
        """Close the index."""
        self.index.close()

    def accounts(self) -> list[str]:
        """Return the accounts of the index, the one with most posts first."""
        return list(self.index.accounts())

    def check(
        self,
        text: str,
        *,
        id: str = "",
        account: str = "",
        before: datetime | None = None,
        since: datetime | None = None,
    ) -> CheckResult:
        """Check one draft.

        Args:
            text: the draft as written. Any text is answered; what cannot be judged is `undetermined`.
            id: comes back in the result.
            account: who would publish it, by name or Weibo number; posts of that account are left out, and those of
                accounts whose posts it may reuse on that day, as the register of accounts beside the index says.
            before: only posts published earlier count; None counts all, those without a time included.
            since: only posts published at this time or later count; None sets no bound.

        Raises:
            IndexFault: the index went away or was damaged meanwhile.
            RegisterError: the register of accounts was damaged meanwhile.
        """
        began = time.perf_counter()
        info = self.index.info()
        caveats, draft = self._admit(text, info)
        if draft is None:
            return _undetermined(text, id, caveats, info, began)
        admits = Admission.of(self._accounts.read(), account, before, since)
        found = examine(draft, self.index, self.encoder, self.settings, admits)
        if admits.pardoned:
            caveats = (*caveats, "authorised_reuse")
        if found.common.own < self.settings.min_letters:
            return _undetermined(text, id, (*caveats, "only_boilerplate"), info, began, found.common.spans)
        judged = score.judge(found.side, found.pairs, found.usual, self._model)
        decision = score.decide(draft, judged, found.usual, self._model, self.settings.alarm)
        shown = score.shown(judged, self._model)[: self.settings.max_matches]
        return CheckResult(
            id=id,
            verdict=decision.verdict,
            lane=decision.lane,
            risk=decision.risk,
            originality=decision.originality,
            template_risk=decision.template_risk,
            idea_risk=decision.idea_risk,
            matches=tuple(self._match(item) for item in shown),
            boilerplate=found.common.spans,
            caveats=(*caveats, *_doubts(shown, decision.verdict)),
            index=info,
            elapsed_ms=_since(began),
            draft=text,
        )

    def check_many(self, drafts: Iterable[Draft]) -> Iterator[CheckResult]:
        """Check drafts one by one, lazily, in the order given."""
        for draft in drafts:
            yield self.check(draft.text, id=draft.id, account=draft.account, before=draft.published_at)

    def _admit(self, text: str, info: IndexInfo) -> tuple[tuple[Caveat, ...], CleanText | None]:
        """Clean a draft; return its caveats, and None in its place where it cannot be judged."""
        if not text.strip():
            return ("empty",), None
        if len(text) > self.settings.max_draft_chars:
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
        elif len(draft.letters) < self.settings.min_letters:
            obstacle = "too_short"
        elif not info.posts:
            obstacle = "index_empty"
        return ((*caveats, obstacle), None) if obstacle else (tuple(caveats), draft)

    def _match(self, item: score.Judged) -> Match:
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
            reasons=reasons(item.facts, item.kind, self.settings.language),
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
