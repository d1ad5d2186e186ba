"""Options that are times or spans of time, as people write them."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

import click

from originality.cli.texts import say

OFF = 0
_DAYS = re.compile(r"([1-9][0-9]{0,4})d")


class Moment(click.ParamType[datetime]):
    """A day, which means its first moment, or a time; without a zone of Beijing."""

    name = "moment"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """Return the time that is meant."""
        from originality.collect.times import as_time

        time = value if isinstance(value, datetime) else as_time(value)
        if time is None:
            self.fail(say("usage.moment", value=value), param, ctx)
        return time


class Days(click.ParamType[int]):
    """A number of days such as "365d"; with `may_be_off` also "off"."""

    name = "days"

    def __init__(self, *, may_be_off: bool = False) -> None:
        self._may_be_off = may_be_off

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Return the number of days; `OFF` for "off"."""
        if isinstance(value, int):
            return value
        if self._may_be_off and value == "off":
            return OFF
        found = _DAYS.fullmatch(value)
        if found is None:
            self.fail(say("usage.days_or_off" if self._may_be_off else "usage.days", value=value), param, ctx)
        return int(found[1])
