"""Spans of days: ISO weeks and any dates, Beijing time, and the spans before them."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta

from originality.errors import SettingsError
from originality.models import BEIJING
from originality.report.records import Days

WEEK = timedelta(days=7)
MAX_DAYS = 366  # of a span
REACH = timedelta(days=20_000)  # the calendar must go back as far as window and history may
_WEEK_NAME = re.compile(r"([0-9]{4})-W([0-9]{2})")
_DATES = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})\.\.([0-9]{4}-[0-9]{2}-[0-9]{2})")


def parse_days(text: str) -> Days:
    """Return the span that "2020-W06" or "2020-02-03..2020-02-12" (both days included) names.

    Raises:
        SettingsError: it names none, or one that does not exist or is longer than a year.
    """
    if week := _WEEK_NAME.fullmatch(text):
        return _week(int(week[1]), int(week[2]), text)
    if dates := _DATES.fullmatch(text):
        return _dates(dates[1], dates[2], text)
    raise SettingsError(
        f"A span is an ISO week (year, -W, two digits) or two dates, got {text[:40]!r}. "
        "Examples: 2020-W06, 2020-02-03..2020-02-12."
    )


def days_before(days: Days, count: int) -> tuple[Days, ...]:
    """Return so many spans of the same length that end where this one begins, latest first."""
    length = days.until - days.since
    spans = [(days.since - length * step, days.since - length * (step - 1)) for step in range(1, count + 1)]
    return tuple(
        Days(name=_name(since, until, week="-W" in days.name), since=since, until=until) for since, until in spans
    )


def _name(since: datetime, until: datetime, *, week: bool) -> str:
    if week:
        year, number, _ = since.isocalendar()
        return f"{year}-W{number:02}"
    return f"{since.date()}..{until.date() - timedelta(days=1)}"


def _week(year: int, week: int, text: str) -> Days:
    try:
        since = _midnight(date.fromisocalendar(year, week, 1))
        since - REACH
        return Days(name=text, since=since, until=since + WEEK)
    except (ValueError, OverflowError) as error:
        raise SettingsError(
            f"A week must exist: years have weeks 01 to 52, some 53; got {text}. Example: 2020-W06."
        ) from error


def _dates(first: str, last: str, text: str) -> Days:
    try:
        since, until = _midnight(date.fromisoformat(first)), _midnight(date.fromisoformat(last)) + timedelta(days=1)
        since - REACH
    except (ValueError, OverflowError) as error:
        raise SettingsError(f"Both dates must exist, got {text}. Example: 2020-02-03..2020-02-12.") from error
    if not timedelta(0) < until - since <= timedelta(days=MAX_DAYS):
        raise SettingsError(
            f"A span must have 1 to {MAX_DAYS} days, first day first, got {text}. Example: 2020-02-03..2020-02-12."
        )
    return Days(name=text, since=since, until=until)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=BEIJING)
