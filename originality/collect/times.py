"""Times of publication, in the many forms in which exporters, spreadsheets and the site itself write them.

Weibo shows Beijing time, and so do its exporters: a time without a zone is Beijing time. Forms that count from the
moment of crawling ("3分钟前", "昨天 12:25") or leave out the year ("06-14") mean nothing by themselves: `resolved`
reads them with the help of the post's id, whose upper bits are the second in which it was made, or of the time of
crawling. Times before there was a Weibo-like service or after this century are mistakes, and give None.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone
from functools import lru_cache

from originality.models import BEIJING

_YEARS = range(2000, 2100)
_EXCEL_EPOCH = datetime(1899, 12, 30, tzinfo=BEIJING)
_EXCEL_SERIALS = (36_526, 73_050)  # 2000 to 2099
_SECONDS = (946_684_800, 4_102_444_800)  # 2000 to 2099

_WRITTEN = re.compile(
    r"(?P<year>\d{4})\s*[-/.年]\s*(?P<month>\d{1,2})\s*[-/.月]\s*(?P<day>\d{1,2})日?"
    r"(?:[\sT]*(?P<hour>\d{1,2})[:：时点](?P<minute>\d{1,2})分?(?:[:：]?(?P<second>\d{1,2})(?:\.\d+)?秒?)?)?"
    r"\s*(?P<zone>Z|UTC|GMT|[+-]\d{2}:?\d{2})?(?:\s+(?:来自|转赞|已编辑).*)?"
)
_API = re.compile(
    r"[A-Za-z]{3},? (?P<month>[A-Za-z]{3}) +(?P<day>\d{1,2}) (?P<hour>\d{1,2}):(?P<minute>\d\d):(?P<second>\d\d)"
    r" (?P<zone>[+-]\d{4}) (?P<year>\d{4})"
)
_COMPACT = re.compile(
    r"(?P<year>20\d\d)(?P<month>\d\d)(?P<day>\d\d)(?:(?P<hour>\d\d)(?P<minute>\d\d)(?P<second>\d\d))?"
)
_NUMBER = re.compile(r"\d{5,16}(?:\.\d+)?")
_MAIL = re.compile(  # of feeds
    r"(?:[A-Za-z]{3}, )?(?P<day>\d{1,2}) (?P<month>[A-Za-z]{3})[a-z]* (?P<year>\d{4}) "
    r"(?P<hour>\d{1,2}):(?P<minute>\d\d)(?::(?P<second>\d\d))? (?P<zone>[+-]\d{4}|GMT|UTC|Z)"
)
_AGO = re.compile(r"(?P<number>\d{1,4})\s*(?P<unit>秒|分钟|分|小时|天)钟?前")
_UNITS = {"秒": "seconds", "分钟": "minutes", "分": "minutes", "小时": "hours", "天": "days"}
_DAYS_BACK = {"今天": 0, "昨天": 1, "前天": 2}
_DAY = re.compile(
    r"(?:(?P<name>今天|昨天|前天)|(?P<month>\d{1,2})[-月/](?P<day>\d{1,2})日?)"
    r"(?:\s*(?P<hour>\d{1,2})[:：](?P<minute>\d{2}))?(?:\s+来自.*)?"
)
# Of a number of 16 digits the bits above 22 count seconds from here; true to the second for posts of 2019 to 2022.
_MID_EPOCH = 515_483_463
_MID_BITS = 22
_MID_DIGITS = 16
_MID_SLACK = timedelta(days=2)
_OLDEST_MID_TIME = datetime(2009, 8, 14, tzinfo=BEIJING)  # the site opened
# Not from the locale: a Chinese system has other names.
_MONTHS = {name: number for number, name in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), 1)}


def as_time(value: object) -> datetime | None:
    """Return a cell as a time with its zone, or None where it tells none."""
    if isinstance(value, str):
        return _from_text(value)
    if isinstance(value, bool):
        return None
    if isinstance(value, int) and 0 < value < 10**17:
        return _from_text(str(value))  # 20200119 is a date
    if isinstance(value, float):
        return _from_number(value)
    if isinstance(value, datetime):
        return _plausible(value if value.tzinfo else value.replace(tzinfo=BEIJING))
    if isinstance(value, date):
        return _plausible(datetime(value.year, value.month, value.day, tzinfo=BEIJING))
    return None


@lru_cache(maxsize=8192)  # many posts share a day or a minute, and parsing is a third of reading
def _from_text(value: str) -> datetime | None:
    text = value.strip()
    if not text or len(text) > 100:
        return None
    if found := _COMPACT.fullmatch(text):
        return _from_parts(found)
    if _NUMBER.fullmatch(text):
        return _from_number(float(text))
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        found = _WRITTEN.fullmatch(text) or _API.fullmatch(text) or _MAIL.fullmatch(text)
        return _from_parts(found) if found else None
    return as_time(time)


def _from_parts(found: re.Match[str]) -> datetime | None:
    parts = found.groupdict()
    month = parts["month"]
    day, hour, minute, second = (int(parts.get(name) or 0) for name in ("day", "hour", "minute", "second"))
    try:
        month_number = int(month) if month.isdigit() else _MONTHS[month.lower()]
        zone = _zone(parts.get("zone"))
        return _plausible(datetime(int(parts["year"]), month_number, day, hour, minute, second, tzinfo=zone))
    except (ValueError, KeyError, OverflowError):
        return None


def _zone(text: str | None) -> timezone:
    if not text:
        return BEIJING
    if text[0] not in "+-":
        return UTC
    shift = timedelta(hours=int(text[1:3]), minutes=int(text[-2:]))
    return timezone(-shift if text[0] == "-" else shift)


def _from_number(value: float) -> datetime | None:
    if not 0 < value < 1e17:  # also leaves out NaN
        return None
    if _EXCEL_SERIALS[0] <= value < _EXCEL_SERIALS[1]:
        # Whole seconds: the fraction of a day is rounded in the file.
        return _EXCEL_EPOCH + timedelta(seconds=round(value * 86_400))
    for unit in (1, 1_000, 1_000_000):
        if _SECONDS[0] <= value / unit < _SECONDS[1]:
            return datetime.fromtimestamp(value / unit, BEIJING)
    return None


def _plausible(time: datetime) -> datetime | None:
    return time if time.year in _YEARS else None


def time_of_mid(mid: str) -> datetime | None:
    """Return the time at which a post was made, as its id of 16 digits tells."""
    if len(mid) != _MID_DIGITS or not (mid.isascii() and mid.isdigit()):
        return None
    time = datetime.fromtimestamp((int(mid) >> _MID_BITS) + _MID_EPOCH, BEIJING)
    return time if time >= _OLDEST_MID_TIME else None


def resolved(text: str, mid: str, seen_at: datetime | None) -> datetime | None:
    """Return the time that a text tells only together with the post's id or the time of crawling."""
    text = text.strip()
    made = time_of_mid(mid)
    ago, day = _AGO.fullmatch(text), _DAY.fullmatch(text)
    if not (ago or day or text == "刚刚"):
        return None
    if day and (made or seen_at):
        return _of_day(day, made, seen_at)
    if made or not seen_at or not ago:
        return made or (None if day else seen_at)
    return seen_at - timedelta(**{_UNITS[ago.group("unit")]: int(ago.group("number"))})


def _of_day(found: re.Match[str], made: datetime | None, seen_at: datetime | None) -> datetime | None:
    """Resolve "昨天 12:25" or "06月17日 18:12"."""
    if found.group("name"):
        if made or not seen_at:
            return made
        day = seen_at.astimezone(BEIJING) - timedelta(days=_DAYS_BACK[found.group("name")])
        return day.replace(hour=int(found.group("hour") or 0), minute=int(found.group("minute") or 0), second=0)
    near = (made or seen_at or datetime.now(BEIJING)).astimezone(BEIJING)
    stated = _from_parts_of(near.year, found)
    if made:  # the id is exact where it agrees with what is written
        return made if stated is None or abs(stated - made) <= _MID_SLACK else stated
    return _from_parts_of(near.year - 1, found) if stated and stated > near else stated


def _from_parts_of(year: int, found: re.Match[str]) -> datetime | None:
    month, day, hour, minute = (int(found.group(name) or 0) for name in ("month", "day", "hour", "minute"))
    try:
        return datetime(year, month, day, hour, minute, tzinfo=BEIJING)
    except ValueError:
        return None


def with_right_year(time: datetime, mid: str) -> datetime:
    """Return a time with the year that the id tells, where all else agrees: weiboSpider adds that of its own run."""
    made = time_of_mid(mid)
    if not made or made.year == time.year:
        return time
    agree = (made.month, made.day, made.hour, made.minute) == (time.month, time.day, time.hour, time.minute)
    return time.replace(year=made.year) if agree else time
