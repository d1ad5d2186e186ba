"""Findings of the ledger -> events: with their posts, with what everyone said that day, and with editors' decisions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from originality.clean import clean
from originality.index import LocalIndex
from originality.models import Post
from originality.report.ledger import Finding
from originality.report.records import Decision, Event, Occasion, Quote, Standing

OWN_LETTERS = 8  # matched letters beside the crowd's phrases from which an event stands: the aligner's least island
_VERDICTS = ("copied", "imitation", "review", "original", "undetermined")
_LANES = ("wording", "template", "idea")


def events_of(
    findings: Sequence[Finding],
    index: LocalIndex,
    own: Iterable[str],
    occasions: Sequence[Occasion],
    decisions: Mapping[tuple[str, str], Decision],
) -> list[Event]:
    """Return the findings as events, gravest first. One whose post is deleted meanwhile is left out."""
    posts = index.fetch({post_id for finding in findings for post_id in (finding.draft_id, finding.source_id)})
    ours = set(own)
    at_occasion = {post_id: occasion for occasion in occasions for post_id in occasion.post_ids}
    events = []
    for finding in findings:
        draft, source = posts.get(finding.draft_id), posts.get(finding.source_id)
        decision = decisions.get((finding.draft_id, finding.source_id))
        if draft and source and draft.published_at and source.published_at:
            occasion = at_occasion.get(finding.draft_id)
            shared = occasion if occasion and finding.source_id in occasion.post_ids else None
            standing = _standing(finding, draft, shared, decision)
            events.append(_event(finding, quote_of(draft, ours), quote_of(source, ours), standing, decision))
    return sorted(events, key=gravity)


def quote_of(post: Post, own: Iterable[str]) -> Quote:
    """Return a post with a time as the report shows it."""
    if post.published_at is None:
        raise ValueError(f"a post without a time is in no report: {post.post_id}")
    return Quote(
        post_id=post.post_id,
        account=post.account,
        published_at=post.published_at,
        url=post.url,
        text=post.text,
        ours=post.account in own or post.account_id in own,
    )


def gravity(event: Event) -> tuple[object, ...]:
    """Return the sort key of events: lane, known order, verdict, risk, then the latest."""
    return (
        _LANES.index(event.lane),
        event.order == "unknown",
        _VERDICTS.index(event.verdict),
        -round(event.risk, 3),
        -event.draft.published_at.timestamp(),
        event.key,
    )


def _event(finding: Finding, draft: Quote, source: Quote, standing: Standing, decision: Decision | None) -> Event:
    return Event(
        draft=draft,
        source=source,
        lane=finding.lane,
        kind=finding.kind,
        verdict=finding.verdict,
        risk=finding.risk,
        spans=finding.spans,
        reasons=finding.reasons,
        boilerplate=finding.boilerplate,
        others=finding.others,
        order=finding.order,
        lag=finding.lag,
        standing=standing,
        decision=decision,
    )


def _standing(finding: Finding, draft: Post, occasion: Occasion | None, decision: Decision | None) -> Standing:
    """Return whether a finding counts: an editor's word first, then what the post says, then the crowd."""
    if decision and decision.choice == "confirmed":
        return "counted"
    if decision:
        return "authorised" if decision.choice == "authorised" else "dismissed"
    if finding.standing == "counted" and occasion and _only_the_crowd(finding, draft, occasion):
        return "occasion"
    return finding.standing


def _only_the_crowd(finding: Finding, draft: Post, occasion: Occasion) -> bool:
    """Say whether two posts of one occasion share no more words than everyone shared there.

    What shares no words at all, a rewrite or a template, is held against nobody on such a day: all of them speak of
    the same thing.
    """
    beside = 0
    for span in finding.spans:
        words = clean(draft.text[slice(*span.draft)]).letters if span.kind != "rewrite" else ""
        for phrase in occasion.phrases:
            words = words.replace(phrase, "")
        beside += len(words)
    return beside < OWN_LETTERS
