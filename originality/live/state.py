"""What is remembered between runs: `live.json` beside the index.

    {"version": 1, "index": "…id of the index…",
     "accounts": {"2608812381": {"newest": 5030000000000005, "gaps": [{"after": 0, "cursor": "5029000000000001"}],
                                 "day": "2026-11-23", "requests": 12}},
     "pauses": {"web": {"until": "2026-11-24T03:00:00+00:00", "times": 1, "reason": "…"}}}

A gap is a stretch of posts that are on Weibo and not yet in the index: from its cursor (where to go on; "" is the top)
down to, without it, the post `after`. All else up to `newest` is in the index. The file is written after each page that
the index has taken, so a killed run costs one page at most.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from originality.accounts.file import fields_of
from originality.errors import RegisterError
from originality.files import write_whole
from originality.live.faults import Fault, QuotaSpent
from originality.models import BEIJING

FILE = "live.json"
VERSION = 1


@dataclass(slots=True)
class Gap:
    """Posts older than the cursor and younger than the post `after` are missing."""

    after: int
    cursor: str = ""


@dataclass(slots=True)
class Progress:
    """How far one account has been read."""

    newest: int = 0
    """Largest id seen."""
    gaps: list[Gap] = field(default_factory=list)
    """The youngest first."""
    day: str = ""
    requests: int = 0
    """Requests made for this account on `day`, in Beijing."""

    def begin(self) -> None:
        """Open a gap from the top of the account down to what is known."""
        if not self.gaps or self.gaps[0].cursor:
            self.gaps.insert(0, Gap(self.newest))

    def passed(self, ids: tuple[int, ...], cursor: str) -> None:
        """Note that a page of the youngest gap is in the index; without a cursor the gap is closed."""
        gap = self.gaps[0]
        self.newest = max(self.newest, *ids) if ids else self.newest
        if cursor and not (ids and min(ids) <= gap.after):
            gap.cursor = cursor
        else:
            self.gaps.pop(0)

    def count(self, now: datetime, most: int, what: str) -> None:
        """Count a request.

        Raises:
            QuotaSpent: it would be one too many for this day.
        """
        today = now.astimezone(BEIJING).date().isoformat()
        if today != self.day:
            self.day, self.requests = today, 0
        if self.requests >= most:
            raise DaySpent(f"The {most} requests a day to {what} are used up for this account. It goes on tomorrow.")
        self.requests += 1


class DaySpent(QuotaSpent):
    """Our own bound on the requests of a day is reached: no failure, the next day goes on."""


@dataclass(slots=True)
class Pause:
    """A server that is left alone for a while."""

    until: datetime
    times: int
    """How often in a row it had to be left alone."""
    reason: str


@dataclass(slots=True)
class State:
    """All that is remembered."""

    path: Path
    index: str
    accounts: dict[str, Progress] = field(default_factory=dict)
    pauses: dict[str, Pause] = field(default_factory=dict)

    @classmethod
    def load(cls, folder: Path, index: str) -> State:
        """Read what is remembered of an index; nothing where there is no file, or it is of another index.

        Raises:
            Fault: the file cannot be understood.
        """
        path = folder / FILE
        try:
            state = _state_of(path, json.loads(path.read_text(encoding="utf-8")))
        except FileNotFoundError:
            return cls(path, index)
        except (ValueError, TypeError, KeyError, RecursionError, RegisterError) as error:
            seen = " ".join(str(error).split())[:120]
            raise Fault(
                f"{path} is damaged ({seen}). Delete it: no post is lost, the accounts are read again from the top."
            ) from error
        return state if state.index == index else cls(path, index)

    def of(self, uid: str) -> Progress:
        """Return how far an account has been read."""
        return self.accounts.setdefault(uid, Progress())

    def save(self) -> None:
        """Write the file, whole."""
        document = {
            "version": VERSION,
            "index": self.index,
            "accounts": {uid: asdict(progress) for uid, progress in sorted(self.accounts.items())},
            "pauses": {
                name: {"until": pause.until.isoformat(), "times": pause.times, "reason": pause.reason}
                for name, pause in sorted(self.pauses.items())
            },
        }
        write_whole(self.path, json.dumps(document, ensure_ascii=False, indent=1) + "\n", private=True)


def _state_of(path: Path, document: Any) -> State:
    values = fields_of(document, {"version": int, "index": str, "accounts": dict, "pauses": dict}, "the state")
    if values["version"] != VERSION:
        raise ValueError(f"version {values['version']}")
    return State(
        path=path,
        index=values["index"],
        accounts={uid: _progress_of(value) for uid, value in values["accounts"].items()},
        pauses={name: _pause_of(value) for name, value in values["pauses"].items()},
    )


def _progress_of(value: Any) -> Progress:
    values = fields_of(value, {"newest": int, "gaps": list, "day": str, "requests": int}, "an account")
    gaps = [Gap(**fields_of(gap, {"after": int, "cursor": str}, "a gap")) for gap in values.pop("gaps")]
    return Progress(gaps=gaps, **values)


def _pause_of(value: Any) -> Pause:
    values = fields_of(value, {"until": str, "times": int, "reason": str}, "a pause")
    until = datetime.fromisoformat(values["until"])
    if until.tzinfo is None:
        raise ValueError("a time without a zone")
    return Pause(until, values["times"], values["reason"])
