"""Figures, times and spans put into words, the same on the page, in the XLSX file and on the terminal."""

from __future__ import annotations

from datetime import datetime, timedelta

from originality.models import BEIJING
from originality.report.forms.words import Words
from originality.report.order import bare_date
from originality.report.records import Days, Figure, Interval, Order, Report

_WEEKDAYS = "一二三四五六日"
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_DAY = timedelta(days=1)
NOTHING = "—"
CERTAIN = 0.995  # from here two digits would read as certainty, which no estimate has


def headline_text(report: Report, words: Words) -> str:
    """Return the finding of the span in one sentence."""
    posts, checked = (int(figure.value or 0) for figure in (report.headline.posts, report.headline.checked))
    if not posts:
        return words("headline.no_posts")
    if not checked:
        return words("headline.none_checked", posts=posts)
    wording = [event for event in report.events if event.lane == "wording"]
    if not wording:
        return words("headline.none_found", checked=checked)
    ours = sum(event.draft.ours for event in wording)
    theirs = sum(event.source.ours for event in wording)
    sides = words("headline.sides", ours=ours, theirs=theirs) if report.own else ""
    return words("headline.found", checked=checked, count=len(wording), sides=sides)


def lag_text(lag: int | float | None, words: Words, order: Order = "known") -> str:
    """Return a lag as people say it: its two largest units, whole days where a time is a bare date."""
    if lag is None or order == "unknown":
        return words("lag.unknown")
    minutes = round(lag) // 60
    days, hours, rest = minutes // 1440, minutes // 60 % 24, minutes % 60
    if order == "by_day":
        parts = [(days, "day")]
    else:
        parts = [(days, "day"), (hours, "hour")] if days else [(hours, "hour"), (rest, "minute")]
    told = [words(f"unit.{unit}", count=count) for count, unit in parts if count]
    return " ".join(told) or words("lag.none")


def time_text(at: datetime | None) -> str:
    """Return a time in Beijing to the minute; without the clock where it is a bare date."""
    if at is None:
        return NOTHING
    return f"{at.astimezone(BEIJING):%Y-%m-%d}" if bare_date(at) else f"{at.astimezone(BEIJING):%Y-%m-%d %H:%M}"


def days_text(days: Days, words: Words) -> str:
    """Return the days of a span, first to last."""
    first, last = days.since.astimezone(BEIJING), (days.until - _DAY).astimezone(BEIJING)
    if words.language == "zh":
        ends = [f"{day.month} 月 {day.day} 日（周{_WEEKDAYS[day.weekday()]}）" for day in (first, last)]
        year = f"{last.year} 年 " if last.year != first.year else ""
        return f"{first.year} 年 {ends[0]} — {year}{ends[1]}"
    ends = [f"{day.day} {_MONTHS[day.month - 1]}" for day in (first, last)]
    year = f" {first.year}" if last.year != first.year else ""
    return f"{ends[0]}{year} – {ends[1]} {last.year}"


def share_text(share: float | None) -> str:
    """Return a share in percent."""
    return NOTHING if share is None else f"{share:.0%}"


def risk_text(risk: float) -> str:
    """Return a risk to two places; never as certainty."""
    return "> 0.99" if risk >= CERTAIN else f"{risk:.2f}"


def number_text(value: float | None, places: int = 1) -> str:
    """Return a number with thousands apart, whole ones without a fraction."""
    if value is None:
        return NOTHING
    text = f"{value:,.0f}" if float(value).is_integer() or abs(value) >= 100 else f"{value:,.{places}f}"
    return text.replace("-", "−")


def change_text(figure: Figure, words: Words, *, share: bool = False) -> str:
    """Return how a figure changed against the span before; "" where that cannot be told."""
    if figure.change is None:
        return ""
    points = round(figure.change * 100) if share else figure.change
    if abs(points) < 0.05:
        return words("change.none")
    sign = "▲" if points > 0 else "▼"
    return f"{sign} {number_text(abs(points))}{words('change.points') if share else ''}"


def interval_text(interval: Interval) -> str:
    """Return a share with its interval."""
    if interval.value is None:
        return NOTHING
    if interval.low is None or interval.high is None:
        return share_text(interval.value)
    return f"{share_text(interval.value)} ({share_text(interval.low)}–{share_text(interval.high)})"
