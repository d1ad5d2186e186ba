"""Events as cards: both posts side by side, the matched words marked, and the reasons."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from originality.explain import VERDICT_NAMES, kind_name
from originality.models import ALARMS
from originality.report.forms.marks import mark
from originality.report.forms.say import lag_text, risk_text, time_text
from originality.report.forms.words import Words
from originality.report.records import Event, Quote, Report

MOST_CARDS = 60  # gravest first: more than anybody reads, and the XLSX file has all
BUDGET = 900_000  # characters of all cards: an e-mail takes a few megabytes, pictures and tables included


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One post of a card."""

    role: str
    account: str
    ours: bool
    time: str
    url: str
    text: Markup


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One event as the page shows it."""

    number: int
    alarm: bool
    title: str
    """The verdict; outside the wording lane, where it would accuse, the name of the lane."""
    how: str
    risk: str
    lag: str
    sides: tuple[Side, Side]
    reasons: tuple[str, ...]

    @property
    def size(self) -> int:
        """Return about how many characters it takes."""
        return sum(len(side.text) + len(side.url) for side in self.sides) + sum(map(len, self.reasons)) + 800


def cards_of(report: Report, words: Words) -> tuple[list[Card], list[Card]]:
    """Return the cards to look at first, and those of the other events as far as the page has room."""
    numbers = {event.key: number for number, event in enumerate(report.events, 1)}
    found = {event.key: event for event in report.events}
    first_keys = [key for key in report.todo.look_first if key in found]
    first = [_card(numbers[key], found[key], words) for key in first_keys]
    rest: list[Card] = []
    room = BUDGET - sum(card.size for card in first)
    for event in report.events[:MOST_CARDS]:
        if event.key in first_keys:
            continue
        card = _card(numbers[event.key], event, words)
        room -= card.size
        if room < 0:
            break
        rest.append(card)
    return first, rest


def _card(number: int, event: Event, words: Words) -> Card:
    unknown = event.order == "unknown"
    roles = ("role.either", "role.either") if unknown else ("role.source", "role.draft")
    source = mark(event.source.text, [(span.source, span.kind) for span in event.spans], words)
    draft = mark(event.draft.text, [(span.draft, span.kind) for span in event.spans], words, event.boilerplate)
    lag = lag_text(event.lag, words, event.order)
    late = lag if unknown else words("late.by_day" if event.order == "by_day" else "late", lag=lag)
    wording = event.lane == "wording"
    lane, kind = words(f"lane.{event.lane}"), kind_name(event.kind, words.language)
    return Card(
        number=number,
        alarm=wording and event.verdict in ALARMS,
        title=VERDICT_NAMES[words.language][event.verdict] if wording else lane,
        how=f"{lane} · {kind}" if wording else words("card.advice", kind=kind),
        risk=words("risk", risk=risk_text(event.risk)),
        lag=late,
        sides=(_side(event.source, words(roles[0]), source), _side(event.draft, words(roles[1]), draft)),
        reasons=tuple(_reasons(event, words)),
    )


def _side(quote: Quote, role: str, text: Markup) -> Side:
    return Side(
        role=role,
        account=quote.account,
        ours=quote.ours,
        time=time_text(quote.published_at),
        url=quote.url,
        text=text,
    )


def _reasons(event: Event, words: Words) -> Sequence[str]:
    lines = list(event.reasons)
    if event.others:
        named = [f"{other.account} {time_text(other.published_at)}" for other in event.others]
        lines.append(words("others", names=words.join(named)))
    if decision := event.decision:
        choice = words(f"choice.{decision.choice}")
        lines.append(words("decision", who=decision.who, choice=choice, note=decision.note).strip())
    return lines
