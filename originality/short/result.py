"""Put what is known of a line into the result of the usual check.

For a post whose line was weighed the line's risk counts, in place of the whole-post judge's: that was trained on whole
posts. Other sources, and posts that have more of the draft elsewhere than in that line, keep theirs.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from originality.clean import clean
from originality.index import Index
from originality.models import ALARMS, Boilerplate, Caveat, CheckResult, CleanText, Match, Post, Span, SpanKind, Verdict
from originality.score import Model
from originality.settings import Language, Settings
from originality.short.comparing import Compared, compare
from originality.short.figures import Pairing
from originality.short.judge import kind_of, risk
from originality.short.lines import LONGEST, SHORTEST
from originality.short.reasons import reasons

WHOLE = 0.9  # share of the draft's bits that custom covers, from which the draft is nobody's


def add(
    result: CheckResult,
    draft: CleanText,
    index: Index,
    admits: Callable[[Post], bool],
    model: Model,
    settings: Settings,
) -> CheckResult:
    """Return a result with the lines like the draft; itself where the draft is no short line.

    Args:
        result: of the usual check.
        draft: the cleaned draft.
        index: where to look.
        admits: says whether a post may be a source at all.
        model: the judge with the thresholds in force.
        settings: `alarm`, `max_matches` and `language` count here.
    """
    if not SHORTEST <= len(draft.letters) <= LONGEST:
        return result
    compared = compare(draft, index, admits)
    if not compared:
        return result
    custom = next((each for each in compared if each.common and _covered(each) >= WHOLE), None)
    if custom is not None:
        return _excused(result, draft, custom, model)
    risks = {each.post.post_id: 0.0 if each.common else risk(each.strength, model) for each in compared}
    shares = {each.post.post_id: len(each.pairs) / len(draft.letters) for each in compared}
    worth = [each for each in compared if risks[each.post.post_id] >= model.review]
    lines = [_match(draft, each, risks[each.post.post_id], settings.language) for each in worth]
    shown = [match for match in lines if match.spans]
    named = {match.post_id for match in shown}
    kept = [  # of a post that has more of the draft elsewhere, the line says little
        replace(match, risk=risks[match.post_id])
        if match.containment_of_draft <= shares.get(match.post_id, -1.0)
        else match
        for match in result.matches
    ]
    matches = sorted(
        [*shown, *(match for match in kept if match.post_id not in named)], key=lambda match: -round(match.risk, 2)
    )[: settings.max_matches]
    decided = _decided(result, tuple(matches), named, model, settings)
    best = next((each for each in compared if matches and each.post.post_id == matches[0].post_id), None)
    return replace(decided, caveats=_doubts(decided, best))


def _decided(
    result: CheckResult, matches: tuple[Match, ...], lines: set[str], model: Model, settings: Settings
) -> CheckResult:
    worst = max((match.risk for match in matches), default=0.0)
    covered = max((match.containment_of_draft for match in matches if match.post_id in lines), default=0.0)
    verdict: Verdict = result.verdict
    lane = result.lane
    if worst >= (model.alarm if settings.alarm is None else settings.alarm):
        best = matches[0]
        if best.post_id in lines or verdict not in ALARMS:
            verdict = "copied" if best.kind == "verbatim" else "imitation"
        lane = "wording"
    elif worst >= model.review:
        verdict, lane = "review", "wording"
    elif verdict in ALARMS or lane == "wording":
        verdict, lane = "original", None
    return replace(
        result,
        verdict=verdict,
        lane=lane,
        risk=worst,
        originality=min(result.originality, 1.0 - covered),
        matches=matches,
    )


def _doubts(result: CheckResult, best: Compared | None) -> tuple[Caveat, ...]:
    """Return the caveats of a result whose best source may be a line."""
    if best is None or result.verdict == "original":
        return result.caveats
    told = dict.fromkeys(result.caveats)
    if best.post.published_at is None:
        told["source_may_be_later"] = None
    if best.post.truncated:
        told["source_truncated"] = None
    return tuple(told)


def _excused(result: CheckResult, draft: CleanText, custom: Compared, model: Model) -> CheckResult:
    """Return the result of a line that is everybody's: nothing to accuse of, and the words grey."""
    matches = tuple(replace(match, risk=min(match.risk, model.review / 2)) for match in result.matches)
    span = draft.original_letters(0, len(draft.letters))
    grey = Boilerplate(span=span, posts=custom.voices, accounts=custom.voices)
    return replace(
        result,
        verdict="original",
        lane=None,
        risk=max((match.risk for match in matches), default=0.0),
        originality=1.0,
        matches=matches,
        boilerplate=(grey,),
    )


def _covered(one: Compared) -> float:
    """Return the share of the draft's bits that the line has too, in [0, 1]."""
    return sum(one.draft.weights[each.draft] for each in one.pairs) / one.draft.bits


def _match(draft: CleanText, one: Compared, danger: float, language: Language) -> Match:
    post = one.post
    same = [each for each in one.pairs if each.change != "number"]
    return Match(
        post_id=post.post_id,
        account=post.account,
        published_at=post.published_at,
        url=post.url,
        text=post.text,
        risk=danger,
        kind=kind_of(one.figures),
        containment_of_draft=len(same) / len(one.draft.letters),
        containment_of_source=len(same) / len(one.source.letters),
        spans=_spans(draft, one),
        reasons=reasons(one.draft, one.source, one.pairs, one.figures, language),
    )


def _spans(draft: CleanText, one: Compared) -> tuple[Span, ...]:
    """Return the letters that correspond as spans of both originals, neighbours on both sides as one."""
    post = clean(one.post.text)
    if post.letters[one.line.start : one.line.start + len(one.source.letters)] != one.source.letters:
        return ()  # the post's text is another by now
    runs: list[list[Pairing]] = []
    for each in one.pairs:
        last = runs[-1][-1] if runs else None
        if last and (last.draft + 1, last.source + 1) == (each.draft, each.source):
            runs[-1].append(each)
        else:
            runs.append([each])
    return tuple(
        Span(
            draft.original_letters(run[0].draft, run[-1].draft + 1),
            post.original_letters(one.line.start + run[0].source, one.line.start + run[-1].source + 1),
            _span_kind(run),
        )
        for run in runs
    )


def _span_kind(run: Sequence[Pairing]) -> SpanKind:
    return "exact" if all(each.change in {"same", "moved"} for each in run) else "near"
