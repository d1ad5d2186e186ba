"""The posts of a span, one by one, against earlier posts of other accounts: what was found, not yet judged as a whole.

Enters: a checker and a span of days. Leaves: an outcome per post and a finding per suspicion, kept in the ledger. A
span that was computed over the same corpus with the same settings is read from there.
"""

from __future__ import annotations

import functools
import hashlib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from importlib import resources
from typing import get_args

import numpy as np

from originality import sketch
from originality.calibration import FILE as CALIBRATION
from originality.checker import Checker
from originality.clean import clean
from originality.embed import Encoder, load_encoder
from originality.index import LocalIndex, open_index
from originality.models import CheckResult, Lane, Match
from originality.report.ledger import Finding, Ledger, Outcome
from originality.report.order import lag_of, not_later, order_of
from originality.report.records import Days, LeftOut, OtherSource, Standing
from originality.report.stored import RememberingEncoder, Stored, reader_of, stored_posts
from originality.settings import Settings
from originality.workers import in_order

OWN_SHARE = 0.8  # of the fingerprints that a source shares with the draft, from which an own post had the words too
CLOSE = 0.05  # of risk: differences below it do not tell which of two sources was copied
TEMPLATE = 0.3  # template risk of an event: templates planted in the demo have .43 and more, copies up to .16
TEMPLATE_LETTERS = 12  # shorter lines have no skeleton to take
WHOLE = 0.6  # share of the draft that is taken word for word: no longer a template
WORDS: frozenset[str] = frozenset({"verbatim", "near", "rewrite"})
_VERSION = "1"  # raised when a finding would come out differently


def find(
    checker: Checker, days: Days, window: timedelta, ledger: Ledger, step: Callable[[], None], processes: int = 1
) -> None:
    """Check every post of a span and keep what was found in the ledger.

    Args:
        checker: its index holds the span and what came before.
        days: the span.
        window: how much older a source may be.
        ledger: where outcomes and findings go.
        step: called after each post.
        processes: how many work at once.
    """
    finder = _Finder(checker.index, checker.settings, window, lambda: checker.encoder)
    recipe = look_in, (str(checker.index.folder), checker.settings, window)
    outcomes: list[Outcome] = []
    findings: list[Finding] = []
    items = stored_posts(checker.index, days.since, days.until)
    for outcome, found in in_order(items, finder.look, recipe, processes):
        outcomes.append(outcome)
        findings += found
        step()
    ledger.write(days.name, span_key(checker, window), outcomes, list(_without_mirrors(findings)))


def look_in(folder: str, settings: Settings, window: timedelta) -> Callable[[Stored], tuple[Outcome, list[Finding]]]:
    """Return what looks at posts in a process of its own; the encoder is loaded only if a text is new to the index."""
    index = open_index(folder)
    return _Finder(index, settings, window, functools.cache(lambda: load_encoder(index.encoder))).look


def span_key(checker: Checker, window: timedelta) -> str:
    """Return what a span's findings depend on, as one short string."""
    register, calibration = (checker.index.folder / name for name in ("accounts.json", CALIBRATION))
    parts = (
        _VERSION,
        str(checker.index.store.change),
        str(checker.index.store.meta("id")),
        checker.index.info().stamp,
        repr(checker.settings),
        str(window),
        (resources.files("originality") / "score" / "model.json").read_text(encoding="utf-8"),
        register.read_text(encoding="utf-8") if register.exists() else "",
        calibration.read_bytes().hex() if calibration.is_file() else "",
    )
    return hashlib.blake2b("\n".join(parts).encode(), digest_size=16).hexdigest()


def _without_mirrors(findings: Sequence[Finding]) -> Iterator[Finding]:
    """Leave out the second of two findings that are the same two posts of unknown order, seen from either side."""
    seen: set[frozenset[str]] = set()
    for finding in findings:
        both = frozenset((finding.draft_id, finding.source_id))
        if finding.order != "unknown" or both not in seen:
            yield finding
        seen.add(both)


class _Finder:
    """Looks at posts with what is the same for all of them."""

    def __init__(self, index: LocalIndex, settings: Settings, window: timedelta, load: Callable[[], Encoder]) -> None:
        self._encoder = RememberingEncoder(index.encoder, load)
        self._checker = Checker(index, self._encoder, settings, reader=reader_of(index, load))
        self._window = window

    def look(self, item: Stored) -> tuple[Outcome, list[Finding]]:
        """Return what became of a post, and what was found."""
        post = item.post
        declared = bool(post.repost_of) or item.clean.repost
        if declared and len(item.clean.letters) < self._checker.settings.min_letters:
            return Outcome(post_id=post.post_id, account=post.account, left_out="repost"), []
        self._encoder.remember(item.clean, item.vectors)
        result = self._checker.check(
            post.text,
            id=post.post_id,
            account=post.account,
            before=not_later(item.at),
            since=item.at - self._window,
        )
        if result.verdict == "undetermined":
            why: LeftOut = "repost" if declared else _why(result)
            return Outcome(post_id=post.post_id, account=post.account, left_out=why), []
        found = self._findings(item, result)
        unclear = any(finding.order == "unknown" for finding in found)  # then either may be the original
        originality = None if unclear else result.originality
        return Outcome(post_id=post.post_id, account=post.account, originality=originality), found

    def _findings(self, item: Stored, result: CheckResult) -> list[Finding]:
        suspicion = _suspicion(item, result)
        if suspicion is None:
            return []
        lane, sources, hint = suspicion
        first = sources[0]
        source_at = first.published_at or item.at
        order = order_of(source_at, item.at)
        boilerplate = tuple(common.span for common in result.boilerplate)
        risks = {"wording": first.risk, "template": first.template_risk, "idea": first.idea_risk}
        return [
            Finding(
                draft_id=item.post.post_id,
                source_id=first.post_id,
                hint=hint,
                lane=lane,
                kind=first.kind,
                verdict=result.verdict,
                risk=risks[lane],
                order=order,
                lag=lag_of(source_at, item.at, order),
                standing="counted" if hint else self._standing(item, first, lane, boilerplate),
                spans=first.spans,
                reasons=first.reasons,
                boilerplate=boilerplate,
                others=self._others(item, result, first) if lane == "wording" and not hint else (),
            )
        ]

    def _others(self, item: Stored, result: CheckResult, first: Match) -> tuple[OtherSource, ...]:
        """Return the further sources that would be an alarm by themselves, the earliest first."""
        alarm = self._checker.in_force(item.post.account).model.alarm
        others = [
            OtherSource(post_id=match.post_id, account=match.account, published_at=match.published_at, risk=match.risk)
            for match in result.matches
            if match is not first and match.published_at and match.risk >= alarm and match.kind in WORDS
        ]
        return tuple(sorted(others, key=lambda other: (other.published_at, other.post_id)))

    def _standing(self, item: Stored, source: Match, lane: Lane, boilerplate: Sequence[tuple[int, int]]) -> Standing:
        """Return what the post itself says against an event."""
        if item.post.repost_of == source.post_id or source.account in item.clean.mentions:
            return "repost"
        if lane == "wording" and self._own_before(item, source):
            return "own_reuse"
        return "boilerplate" if _on_boilerplate(source, boilerplate) else "counted"

    def _own_before(self, item: Stored, source: Match) -> bool:
        """Say whether the account itself had the shared words before its "source": then it was the one imitated."""
        if source.published_at is None:
            return False
        shared = "".join(clean(item.post.text[slice(*span.draft)]).letters for span in source.spans)
        hashes = np.unique(sketch.shingle_hashes(shared, sketch.SHINGLE)).tolist()
        index, cap = self._checker.index, self._checker.settings.df_cap
        carried = Counter(row for rows in index.carriers(hashes, cap).values() if len(rows) <= cap for row in rows)
        mine = [row for row, account in index.accounts_at(carried).items() if account == item.post.account]
        of_source = max(
            (carried[row] for row, post in index.posts_at(carried).items() if post.post_id == source.post_id), default=0
        )
        before = not_later(source.published_at)
        return any(
            post.post_id != item.post.post_id
            and post.published_at is not None
            and post.published_at < before
            and carried[row] >= OWN_SHARE * of_source > 0
            for row, post in index.posts_at(mine).items()
        )


def _suspicion(item: Stored, result: CheckResult) -> tuple[Lane, list[Match], bool] | None:
    """Return what a result is: lane, sources with the one to name first, and whether it is only a hint."""
    if result.is_alarm and (sources := _close(item, result)):
        return ("template" if _is_template(sources[0]) else "wording"), sources, False
    if templates := [match for match in result.matches if _shares_skeleton(item, match)]:
        return "template", sorted(templates, key=lambda match: (-match.template_risk, match.post_id)), False
    if result.verdict == "review" and result.lane and result.best:
        return result.lane, [result.best], result.lane != "idea"
    return None


def _close(item: Stored, result: CheckResult) -> list[Match]:
    """Return the best match and those about as good, the one to name first.

    Known order goes before unknown; then the one that holds more of the post; then the earliest, the likely origin of
    a chain of copies.
    """
    close = [match for match in result.matches if match.risk >= result.risk - CLOSE]
    return sorted(
        close,
        key=lambda match: (
            order_of(match.published_at or item.at, item.at) == "unknown",
            -round(match.containment_of_draft, 2),
            match.published_at or item.at,
            match.post_id,
        ),
    )


def _is_template(match: Match) -> bool:
    """Say whether an alarm speaks of a skeleton with other content rather than of words."""
    return match.kind == "template" or (match.template_risk >= TEMPLATE and match.containment_of_draft < WHOLE)


def _shares_skeleton(item: Stored, match: Match) -> bool:
    long_enough = min(len(item.clean.letters), len(clean(match.text).letters)) >= TEMPLATE_LETTERS
    return match.template_risk >= TEMPLATE and long_enough


def _on_boilerplate(source: Match, boilerplate: Sequence[tuple[int, int]]) -> bool:
    """Say whether most of what is shared is everybody's."""
    shared = {i for span in source.spans for i in range(*span.draft)}
    common = {i for start, end in boilerplate for i in range(start, end)}
    return bool(shared) and 2 * len(shared & common) > len(shared)


def _why(result: CheckResult) -> LeftOut:
    """Return the caveat that says why the checker could not decide."""
    reasons = [reason for reason in get_args(LeftOut) if reason in result.caveats]
    return reasons[0] if reasons else "undetermined"
