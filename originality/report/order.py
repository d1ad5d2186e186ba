"""Who came first, as far as two times of publication tell.

A time at midnight sharp is taken for a bare date, as exporters write it; others count to the minute, which is all that
many exporters keep.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from originality.models import BEIJING
from originality.report.records import Order

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


def bare_date(at: datetime) -> bool:
    """Say whether a time is a date only."""
    local = at.astimezone(BEIJING)
    return (local.hour, local.minute, local.second, local.microsecond) == (0, 0, 0, 0)


def not_later(at: datetime) -> datetime:
    """Return the time before which everything lies that may be as early as `at`: the end of its minute or day."""
    return at + DAY if bare_date(at) else at.replace(second=0, microsecond=0) + MINUTE


def order_of(source: datetime, draft: datetime) -> Order:
    """Return what the two times say about the order, given that the source is not known to be the later one."""
    if bare_date(source) or bare_date(draft):
        return "by_day" if _day(source) < _day(draft) else "unknown"
    return "known" if not_later(source) <= draft else "unknown"


def lag_of(source: datetime, draft: datetime, order: Order) -> int | None:
    """Return the seconds between the two; whole days for bare dates, None where the order is unknown."""
    if order == "unknown":
        return None
    later = _day(draft) - _day(source) if order == "by_day" else draft - source
    return int(later.total_seconds())


def _day(at: datetime) -> datetime:
    return at.astimezone(BEIJING).replace(hour=0, minute=0, second=0, microsecond=0)
