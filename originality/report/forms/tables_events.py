"""The tables of who imitated whom: events, matched words, chains, pairs."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator

from originality.explain import VERDICT_NAMES, kind_name
from originality.report.forms.say import days_text, interval_text, lag_text, time_text
from originality.report.forms.table import Column, Table, Value, columns_of, excerpt, joined
from originality.report.forms.words import Words
from originality.report.records import Chain, Direction, Event, Figure, Pair, Report

Numbered = tuple[int, str, Event]  # its number, whether it counts (a key of words), and the event


def all_events(report: Report) -> Iterator[Numbered]:
    """Yield every event with its number and whether it counts: those that count first, then hints, then the rest."""
    number = 0
    for standing, events in (("", report.events), ("hint", report.hints), ("", report.set_aside)):
        for event in events:
            number += 1
            yield number, standing or event.standing, event


def summary(report: Report, words: Words) -> Table:
    """Return the headline and what the report was asked for."""
    rows: list[tuple[Value, ...]] = []
    for field in dataclasses.fields(report.headline):
        figure: Figure = getattr(report.headline, field.name)
        rows.append((words(f"figure.{field.name}"), figure.value, figure.before, figure.change))
    facts: list[tuple[str, Value]] = [
        ("span", f"{report.days.name} {days_text(report.days, words)}"),
        ("made", time_text(report.made_at)),
        ("own", joined(report.own, words)),
        ("window", report.window_days),
        ("history", joined([days.name for days in report.history], words)),
        ("weeks", report.weeks),
        ("index", words("index", posts=report.index.posts, stamp=report.index.stamp)),
    ]
    rows += [(words(f"summary.{key}"), value, None, None) for key, value in facts]
    columns = columns_of(words, "figure", "value:number", "before:number", "change:number")
    return Table(key="summary", columns=columns, rows=tuple(rows))


def events(numbered: Iterable[Numbered], words: Words) -> Table:
    """Return events with all that is known of them; the page has room for who, how, when and how late."""
    columns = columns_of(
        words, "number:count", "-standing", "lane", "-verdict", "kind", "follower:account", "follower_time:time",
        "leader:account", "leader_time:time", "lag", "-lag_seconds:number", "-order", "risk:risk", "-follower_text",
        "-leader_text", "-reasons", "-others", "-decision", "-follower_url:url", "-leader_url:url", "-follower_id",
        "-leader_id",
    )  # fmt: skip
    return Table(key="events", columns=columns, rows=tuple(_event(*each, words) for each in numbered))


def _event(number: int, standing: str, event: Event, words: Words) -> tuple[Value, ...]:
    draft, source, decision = event.draft, event.source, event.decision
    told = f"{words(f'choice.{decision.choice}')} {decision.who} {decision.note}".strip() if decision else ""
    others = [f"{other.account} {time_text(other.published_at)}" for other in event.others]
    lane, verdict = words(f"lane.{event.lane}"), VERDICT_NAMES[words.language][event.verdict]
    return (
        number, words(f"standing.{standing}"), lane, verdict, kind_name(event.kind, words.language), draft.account,
        draft.published_at, source.account, source.published_at, lag_text(event.lag, words, event.order), event.lag,
        words(f"order.{event.order}"), event.risk, draft.text, source.text, "\n".join(event.reasons),
        joined(others, words), told, draft.url, source.url, draft.post_id, source.post_id,
    )  # fmt: skip


def events_in_brief(numbered: Iterable[Numbered], words: Words) -> Table:
    """Return events as the page tells those that do not count: begin of both posts, and why."""
    names = ("number:count", "kind", "follower:account", "follower_text", "leader:account", "leader_text", "lag",
             "risk:risk", "standing")  # fmt: skip
    rows = tuple(
        (number, kind_name(event.kind, words.language), event.draft.account, excerpt(event.draft.text),
         event.source.account, excerpt(event.source.text), lag_text(event.lag, words, event.order), event.risk,
         words(f"standing.{standing}"))
        for number, standing, event in numbered
    )  # fmt: skip
    return Table(key="events", columns=columns_of(words, *names), rows=rows)


def matches(report: Report, words: Words) -> Table:
    """Return the matched words of every event, side by side."""
    rows = tuple(
        (number, place, words(f"mark.{span.kind}"), event.draft.text[slice(*span.draft)],
         event.source.text[slice(*span.source)])
        for number, _, event in all_events(report)
        for place, span in enumerate(event.spans, 1)
    )  # fmt: skip
    names = ("number:count", "position:count", "kind", "words_follower", "words_leader")
    return Table(key="matches", columns=columns_of(words, *names), rows=rows)


def chains(found: Iterable[Chain], words: Words) -> Table:
    """Return chains, a post a row; place 0 is the first known post."""
    rows: list[tuple[Value, ...]] = []
    for number, chain in enumerate(found, 1):
        first = chain.first
        rows.append((number, 0, first.account, first.published_at, None, "", None, excerpt(first.text), first.url))
        for place, item in enumerate(chain.followers, 1):
            post = item.post
            lag, kind = lag_text(item.lag, words, item.order), kind_name(item.kind, words.language)
            shown = (number, place, post.account, post.published_at, lag, kind, item.risk, excerpt(post.text), post.url)
            rows.append(shown)
    names = ("number:count", "position:count", "account:account", "time:time", "lag", "kind", "risk:risk", "text",
             "-url:url")  # fmt: skip
    return Table(key="chains", columns=columns_of(words, *names), rows=tuple(rows))


def pairs(report: Report, words: Words) -> Table:
    """Return every pair of accounts in both directions."""
    columns = columns_of(
        words, "one:account", "other:account", "other_after_one:count", "other_after_one_all:count",
        "share_other:share",
    )  # fmt: skip
    columns += _bounds(words) + columns_of(words, "lag_other:lag", "one_after_other:count", "one_after_other_all:count")
    columns += columns_of(words, "share_one:share") + _bounds(words) + columns_of(words, "lag_one:lag")
    columns += columns_of(words, "led_by_one:share") + _bounds(words) + columns_of(words, "who_leads")
    return Table(key="pairs", columns=columns, rows=tuple(_pair(pair, words) for pair in report.pairs))


def pairs_in_words(report: Report, words: Words) -> Table:
    """Return the pairs as the page has room for: a direction in one cell, with its lag."""
    names = ("one:account", "other:account", "other_after_one", "one_after_other", "led_by_one", "who_leads")
    rows = tuple(
        (pair.one, pair.other, _in_words(pair.one_led, words), _in_words(pair.other_led, words),
         interval_text(pair.share_led_by_one), _leads(pair, words))
        for pair in report.pairs
    )  # fmt: skip
    return Table(key="pairs", columns=columns_of(words, *names), rows=rows)


def matrix(report: Report, words: Words, most: int) -> Table:
    """Return how often each account (row) led each other one (column), history included, the busiest accounts."""
    counts: dict[tuple[str, str], int] = {}
    busy: dict[str, int] = {}
    for pair in report.pairs:
        for way in (pair.one_led, pair.other_led):
            counts[way.leader, way.follower] = way.count_history
            for account in (way.leader, way.follower):
                busy[account] = busy.get(account, 0) + way.count_history
    names = sorted(busy, key=lambda account: (-busy[account], account))[:most]
    columns = (Column(words("matrix.corner"), "account"), *(Column(name, "count") for name in names))
    rows = tuple((leader, *(counts.get((leader, name)) or None for name in names)) for leader in names)
    return Table(key="pairs", columns=columns, rows=rows)


def _in_words(way: Direction, words: Words) -> str:
    if not way.count_history:
        return words("direction.none")
    told = words("direction", count=way.count, all=way.count_history)
    lag = way.median_lag
    if lag.value is None:
        return told
    middle = lag_text(lag.value, words)
    if lag.low is None or lag.high is None:
        return told + words("direction.lag", lag=middle)
    return told + words("direction.range", lag=middle, low=lag_text(lag.low, words), high=lag_text(lag.high, words))


def _leads(pair: Pair, words: Words) -> str:
    return pair.leader or words("leads.too_few" if pair.too_few else "leads.nobody")


def _bounds(words: Words) -> tuple[Column, ...]:
    return tuple(Column(words(f"column.{end}"), "share") for end in ("low", "high"))


def _pair(pair: Pair, words: Words) -> tuple[Value, ...]:
    led = pair.share_led_by_one
    return (
        pair.one, pair.other, *_direction(pair.one_led), *_direction(pair.other_led), led.value, led.low, led.high,
        _leads(pair, words),
    )  # fmt: skip


def _direction(way: Direction) -> tuple[Value, ...]:
    return way.count, way.count_history, way.share.value, way.share.low, way.share.high, way.median_lag.value
