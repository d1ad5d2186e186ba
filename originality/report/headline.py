"""The figures of the first lines, beside those of the span before."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from originality.report.lines import SpanFacts
from originality.report.records import Event, Figure, Headline


def headline_of(now: SpanFacts, before: SpanFacts | None, own: Iterable[str]) -> Headline:
    """Return the headline of a span; figures of own accounts are None where none are named."""
    sides = bool(set(own))

    def figure(measure: Callable[[SpanFacts], int]) -> Figure:
        return Figure(value=measure(now), before=measure(before) if before else None)

    def events(holds: Callable[[Event], bool]) -> Figure:
        return figure(lambda facts: sum(event.standing == "counted" and holds(event) for event in facts.events))

    return Headline(
        posts=figure(lambda facts: len(facts.posts)),
        checked=figure(lambda facts: facts.checked.total()),
        accounts=figure(lambda facts: len({post.account for post in facts.posts})),
        copied=events(lambda event: event.lane == "wording" and event.verdict == "copied"),
        imitation=events(lambda event: event.lane == "wording" and event.verdict != "copied"),
        template=events(lambda event: event.lane == "template"),
        idea=events(lambda event: event.lane == "idea"),
        we_imitated=events(lambda event: event.follows and event.draft.ours) if sides else Figure(value=None),
        imitated_us=events(lambda event: event.follows and event.source.ours) if sides else Figure(value=None),
    )
