"""The tables of what is posted: topics, directions, accounts, hours, occasions, coverage, method."""

from __future__ import annotations

from datetime import timedelta
from typing import get_args

from originality.report.angles import angle_name
from originality.report.days import WEEK
from originality.report.forms.table import Column, Table, Value, columns_of, excerpt, joined
from originality.report.forms.words import Words
from originality.report.forms.words_method import LIMITS, METHODS
from originality.report.notes import note_text
from originality.report.records import AccountLine, ContentPair, Drift, Figure, Format, Report

HOURS = 24


def week_labels(report: Report) -> list[str]:
    """Return the first day of each week behind the topics, oldest first."""
    first = report.days.until - report.weeks * WEEK
    return [f"{first + timedelta(weeks=week):%m-%d}" for week in range(report.weeks)]


def topics(report: Report, words: Words) -> Table:
    """Return the topics with their posts per week."""
    names = ("topic", "total:count", "before:count", "change:number")
    weeks = tuple(Column(label, "count") for label in week_labels(report))
    rows = tuple(
        (joined(topic.words, words), topic.total.value, topic.total.before, topic.total.change, *topic.weeks)
        for topic in report.topics
    )
    return Table(key="topics", columns=columns_of(words, *names) + weeks, rows=rows)


def topic_accounts(report: Report, words: Words, most: int | None = None) -> Table:
    """Return the posts of the span by topic and account, of the first so many accounts."""
    accounts = [line.account for line in report.accounts if line.posts.value][:most]
    columns = columns_of(words, "topic") + tuple(Column(account, "count") for account in accounts)
    rows = tuple(
        (joined(topic.words, words), *(topic.posts.get(account) for account in accounts)) for topic in report.topics
    )
    return Table(key="topic_accounts", columns=columns, rows=rows)


def directions(report: Report, words: Words) -> Table:
    """Return the pairs of accounts by content."""
    long = Column(words("column.overlap_long", weeks=report.weeks), "share")
    head = columns_of(words, "one:account", "other:account", "overlap:share")
    rest = columns_of(
        words, "one_first:count", "other_first:count", "first", "drift_one", "slope_one:slope", "-low:slope",
        "-high:slope", "drift_other", "slope_other:slope", "-low:slope", "-high:slope",
    )  # fmt: skip
    rows = tuple(_direction(pair, words) for pair in report.directions)
    return Table(key="directions", columns=(*head, long, *rest), rows=rows)


def _direction(pair: ContentPair, words: Words) -> tuple[Value, ...]:
    first = pair.first or words("first.too_few" if pair.p is None else "first.nobody")
    mine, theirs = pair.drift
    return (
        pair.one, pair.other, pair.overlap, pair.overlap_long, pair.one_first, pair.other_first, first,
        *_drift(mine, words), *_drift(theirs, words),
    )  # fmt: skip


def _drift(drift: Drift, words: Words) -> tuple[Value, ...]:
    return words(f"sign.{drift.sign}"), drift.slope.value, drift.slope.low, drift.slope.high


def accounts(report: Report, words: Words) -> Table:
    """Return a line per account."""
    columns = columns_of(
        words, "account:account", "posts:count", "-posts_before:count", "checked:count", "engagement:number",
        "-engagement_before:number", "originality:share", "-originality_before:share", "without_event:share",
        "-low:share", "-high:share", "differentiation:risk", "differentiation_before:risk", "imitated_others:count",
        "was_imitated:count", "unordered:count", "-dated_only:count",
    )  # fmt: skip
    return Table(key="accounts", columns=columns, rows=tuple(_account(line) for line in report.accounts))


def _account(line: AccountLine) -> tuple[Value, ...]:
    free = line.without_event
    return (
        line.account, *_both(line.posts), line.checked, *_both(line.engagement), *_both(line.originality), free.value,
        free.low, free.high, *_both(line.differentiation), line.imitated_others, line.was_imitated, line.unordered,
        line.dated_only,
    )  # fmt: skip


def _both(figure: Figure) -> tuple[float | None, float | None]:
    return figure.value, figure.before


def formats(report: Report, words: Words) -> Table:
    """Return the posts of the span by account and format."""
    names: tuple[Format, ...] = get_args(Format)
    columns = columns_of(words, "account:account") + tuple(Column(words(f"format.{name}"), "count") for name in names)
    lines = [line for line in report.accounts if line.formats]
    rows = tuple((line.account, *(line.formats.get(name) for name in names)) for line in lines)
    return Table(key="formats", columns=columns, rows=rows)


def hours(report: Report, words: Words, lines: tuple[AccountLine, ...] | None = None) -> Table:
    """Return posts per account, weekday and hour; with `lines` their sum."""
    numbers = tuple(Column(f"{hour}", "count") for hour in range(HOURS))
    day = columns_of(words, "weekday")
    if lines is not None:
        summed = [_day(weekday, added_hours(lines)[weekday], words) for weekday in range(7)]
        return Table(key="hours", columns=day + numbers, rows=tuple(summed))
    rows = tuple((line.account, *_day(day, line.hours[day], words)) for line in report.accounts for day in range(7))
    return Table(key="hours", columns=columns_of(words, "account:account") + day + numbers, rows=rows)


def _day(weekday: int, counts: tuple[int, ...], words: Words) -> tuple[Value, ...]:
    return (words(f"weekday.{weekday}"), *(count or None for count in counts))


def added_hours(lines: tuple[AccountLine, ...]) -> tuple[tuple[int, ...], ...]:
    """Return the posts per weekday and hour of several accounts together."""
    return tuple(tuple(sum(line.hours[day][hour] for line in lines) for hour in range(HOURS)) for day in range(7))


def occasions(report: Report, words: Words) -> Table:
    """Return the occasions."""
    names = ("name", "words", "since:time", "until:time", "posts:count", "accounts_count:count", "accounts", "phrases",
             "untaken")  # fmt: skip
    rows = tuple(
        (item.name, joined(item.words, words), item.since, item.until, item.posts, len(item.accounts),
         joined(item.accounts, words), joined(item.phrases, words),
         joined([angle_name(angle, words.language) for angle in item.untaken], words))
        for item in report.occasions
    )  # fmt: skip
    return Table(key="occasions", columns=columns_of(words, *names), rows=rows)


def angles(report: Report, words: Words, occasion: int | None = None) -> Table:
    """Return the angles of all occasions, or of one."""
    chosen = report.occasions if occasion is None else report.occasions[occasion : occasion + 1]
    rows = tuple(
        (item.name, angle_name(angle.name, words.language), angle.posts, len(angle.accounts), angle.crowding,
         joined(angle.accounts, words), angle.first.published_at)
        for item in chosen
        for angle in item.angles
    )  # fmt: skip
    prefix = "" if occasion is None else "-"
    names = (f"{prefix}name", "angle", "posts:count", "accounts_count:count", "crowding:share", "accounts", "time:time")
    return Table(key="angles", columns=columns_of(words, *names), rows=rows)


def taken(report: Report, words: Words) -> Table:
    """Return the ideas that are taken."""
    names = ("topic", "posts:count", "accounts", "first_post:time", "account:account", "text", "-url:url")
    rows = tuple(
        (joined(item.words, words), item.posts, joined(item.accounts, words), item.first.published_at,
         item.first.account, excerpt(item.first.text, 60), item.first.url)
        for item in report.todo.taken
    )  # fmt: skip
    return Table(key="taken", columns=columns_of(words, *names), rows=rows)


def left_out(report: Report, words: Words) -> Table:
    """Return the posts that were not checked, by reason."""
    rows = tuple((words(f"reason.{reason}"), count) for reason, count in report.left_out.items())
    return Table(key="left_out", columns=columns_of(words, "reason", "count:count"), rows=rows)


def coverage(report: Report, words: Words) -> Table:
    """Return what the index holds of each account."""
    names = ("account:account", "posts:count", "first_post:time", "last_post:time", "gap:count")
    rows = tuple(
        (line.account, line.posts, line.first, line.last, line.longest_gap_days) for line in report.coverage.accounts
    )
    return Table(key="coverage", columns=columns_of(words, *names), rows=rows)


def method_text(report: Report, words: Words) -> list[str]:
    """Return how the figures came about, a paragraph each."""
    history = words.join([days.name for days in report.history]) or "—"
    return [words(key, window=report.window_days, weeks=report.weeks, history=history) for key in METHODS]


def limits_text(words: Words) -> list[str]:
    """Return what the figures cannot say, a sentence each."""
    return [words(key) for key in LIMITS]


def method(report: Report, words: Words) -> Table:
    """Return notes, method and limits."""
    told = [("notes", [note_text(note, words.language) for note in report.notes])]
    told.append(("section.method", [*method_text(report, words), *limits_text(words)]))
    rows = tuple((words(section), sentence) for section, sentences in told for sentence in sentences)
    return Table(key="method", columns=columns_of(words, "section", "sentence"), rows=rows)
