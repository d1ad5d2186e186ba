"""A report as one self-contained HTML file: no network, no script; for the screen, for A4, for an e-mail.

Templates escape everything that a value holds (`shown`), so that no post can run, break or reorder the page.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from markupsafe import Markup

from originality.report.angles import angle_name
from originality.report.forms import charts, tables_content, tables_events
from originality.report.forms.cards import MOST_CARDS, cards_of
from originality.report.forms.say import change_text, days_text, headline_text, number_text, time_text
from originality.report.forms.shown import attribute, is_link, shown
from originality.report.forms.table import Table, cells_of, head_of
from originality.report.forms.timeline import timeline
from originality.report.forms.words import Words
from originality.report.notes import note_text
from originality.report.records import Report
from originality.settings import Language

if TYPE_CHECKING:
    from jinja2 import Environment

TEMPLATES = Path(__file__).with_name("templates")
MOST_ROWS = 60  # of a table on the page: an account or topic further down is looked up, not read
MOST_CHAINS = 12
MOST_TOPICS = 16
MOST_OCCASIONS = 6
MOST_MATRIX = 16
_ALARMS = frozenset({"copied", "imitation", "we_imitated", "imitated_us"})


@dataclass(frozen=True, slots=True)
class Tile:
    """One figure of the headline."""

    name: str
    value: str
    change: str
    alarm: bool


def render(report: Report, language: Language = "zh") -> str:
    """Return the HTML of a report."""
    words = Words(language)
    first, rest = cards_of(report, words)
    template = _environment().get_template("page.html")
    return template.render(
        words=words,
        language="zh-CN" if language == "zh" else "en",
        report=report,
        title=f"{words('title')} {report.days.name}",
        days=days_text(report.days, words),
        made=time_text(report.made_at),
        headline=headline_text(report, words),
        tiles=_tiles(report, words),
        notes=[note_text(note, language) for note in report.notes],
        first=first,
        cards=rest,
        most_cards=MOST_CARDS,
        chains=[timeline(chain, number, words) for number, chain in enumerate(report.chains[:MOST_CHAINS], 1)],
        charts=_charts(report, words),
        tables=_tables(report, words),
        occasions=[_occasion(report, number, words) for number in range(len(report.occasions[:MOST_OCCASIONS]))],
        followed=tables_events.chains(report.todo.followed, words),
        newest=time_text(report.coverage.newest),
        dated_only=sum(line.dated_only for line in report.accounts),
        method=tables_content.method_text(report, words),
        limits=tables_content.limits_text(words),
        rows=lambda table: list(cells_of(table, words, MOST_ROWS)),
        head=head_of,
        most_rows=MOST_ROWS,
    )


@cache
def _environment() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        finalize=shown,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["attribute"] = attribute
    environment.tests["link"] = is_link
    return environment


def _tiles(report: Report, words: Words) -> list[Tile]:
    tiles = []
    for field in dataclasses.fields(report.headline):
        figure = getattr(report.headline, field.name)
        if figure.value is not None:
            alarm = field.name in _ALARMS and figure.value > 0
            change = change_text(figure, words)
            tiles.append(Tile(words(f"figure.{field.name}"), number_text(figure.value), change, alarm))
    return tiles


def _tables(report: Report, words: Words) -> Mapping[str, Table]:
    numbered = list(tables_events.all_events(report))
    counted, hints = len(report.events), len(report.events) + len(report.hints)
    own = tuple(line for line in report.accounts if line.ours)
    return {
        "events": tables_events.events(numbered[: min(counted, MOST_CARDS)], words),
        "hints": tables_events.events_in_brief(numbered[counted:hints], words),
        "aside": tables_events.events_in_brief(numbered[hints:], words),
        "chains": tables_events.chains(report.chains[:MOST_CHAINS], words),
        "pairs": tables_events.pairs_in_words(report, words),
        "matrix": tables_events.matrix(report, words, MOST_MATRIX),
        "topics": tables_content.topics(report, words),
        "topic_accounts": tables_content.topic_accounts(report, words, MOST_MATRIX),
        "directions": tables_content.directions(report, words),
        "accounts": tables_content.accounts(report, words),
        "formats": tables_content.formats(report, words),
        "hours": tables_content.hours(report, words, report.accounts),
        "hours_own": tables_content.hours(report, words, own),
        "taken": tables_content.taken(report, words),
        "left_out": tables_content.left_out(report, words),
        "coverage": tables_content.coverage(report, words),
    }


def _charts(report: Report, words: Words) -> Mapping[str, Markup]:
    """Return the charts; one that has nothing to show is empty."""
    drawn = dict.fromkeys(("network", "topics", "directions", "differentiation", "hours", "hours_own"), Markup(""))
    if report.pairs:
        drawn["network"] = charts.network(report, words)
    if report.topics:
        shown_topics = report.topics[:MOST_TOPICS]
        names = [words.join(topic.words) for topic in shown_topics]
        weeks, counts = tables_content.week_labels(report), [topic.weeks for topic in shown_topics]
        drawn["topics"] = charts.heat("topics", words("topics.chart"), names, weeks, counts)
    if report.directions:
        drawn["directions"] = charts.directions(report, words)
    if any(line.differentiation.value is not None or line.engagement.value is not None for line in report.accounts):
        drawn["differentiation"] = charts.differentiation(report.accounts, words)
    own = tuple(line for line in report.accounts if line.ours)
    for key, name, lines in (("hours", "hours.all", report.accounts), ("hours_own", "hours.own", own)):
        by_day = tables_content.added_hours(lines)
        if any(map(any, by_day)):
            days = [words(f"weekday.{day}") for day in range(7)]
            title = words("hours.chart", name=words(name))
            drawn[key] = charts.heat(key, title, days, [str(hour) for hour in range(tables_content.HOURS)], by_day)
    return drawn


@dataclass(frozen=True, slots=True)
class Spoken:
    """One occasion as the page shows it."""

    name: str
    line: str
    chart: Markup
    table: Table
    untaken: str
    phrases: str


def _occasion(report: Report, number: int, words: Words) -> Spoken:
    occasion = report.occasions[number]
    untaken = [angle_name(angle, words.language) for angle in occasion.untaken]
    taken = [(angle_name(angle.name, words.language), len(angle.accounts)) for angle in occasion.angles]
    title = words("occasion.chart", name=occasion.name)
    line = words(
        "occasion.line",
        since=time_text(occasion.since),
        until=time_text(occasion.until),
        accounts=len(occasion.accounts),
        posts=occasion.posts,
        first=occasion.first.account,
    )
    return Spoken(
        name=occasion.name,
        line=line,
        chart=charts.angles(f"angles{number}", title, taken, untaken, words) if taken or untaken else Markup(""),
        table=tables_content.angles(report, words, number),
        untaken=words("occasion.untaken", names=words.join(untaken)) if untaken else "",
        phrases=words("occasion.phrases", names=words.join(occasion.phrases)) if occasion.phrases else "",
    )
