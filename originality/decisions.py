"""What editors decided about checked drafts: who, when, and why.

One JSON object a line in a file of the index, only ever appended to; each line is synced before it counts. The file
holds no draft: the SHA-256 of the draft and the figures of its check say what was decided about.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, Literal, get_args

from filelock import FileLock, Timeout

from originality.errors import IndexFault, SettingsError
from originality.files import NOFOLLOW, PRIVATE
from originality.models import CheckResult

FILE = "decisions.jsonl"
_LOCK = "decisions.lock"
_LOCK_SECONDS = 10.0  # another visitor's line takes milliseconds
LONGEST = 500  # characters of a name or reason

Choice = Literal["accept", "override", "ask"]
CHOICES: tuple[Choice, ...] = get_args(Choice)


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """One word of one editor about one check. Later ones about the same check count more."""

    check: str
    """Id of the check."""
    choice: Choice
    """The editor agrees with the verdict, sets it aside, or asks a colleague."""
    who: str
    at: datetime
    reason: str = ""
    colleague: str = ""
    """Who is asked."""
    account: str = ""
    """The brand that would publish the draft."""
    verdict: str = ""
    risk: float = 0.0
    draft_sha256: str = ""
    stamp: str = ""
    """Of the index that it was checked against."""
    model: str = ""
    """Version of the judge whose risk it is; "" where nobody noted it."""

    def __post_init__(self) -> None:
        """Check what a person may have left out."""
        if self.choice not in CHOICES:
            raise SettingsError(f"A decision is one of {', '.join(CHOICES)}, got {self.choice!r}.")
        if not self.who.strip():
            raise SettingsError("A decision needs the name of who decides, got none. Fill in a name.")
        if self.choice == "override" and not self.reason.strip():
            raise SettingsError("To set a verdict aside needs a reason, got none. Say why in a few words.")
        if self.choice == "ask" and not self.colleague.strip():
            raise SettingsError("To ask a colleague needs the colleague's name, got none. Fill it in.")
        if max(map(len, (self.who, self.reason, self.colleague))) > LONGEST:
            raise SettingsError(f"Names and reasons have at most {LONGEST} characters. Shorten them.")
        if self.at.tzinfo is None:
            raise SettingsError(f"The time of a decision needs its zone, got {self.at}.")

    @classmethod
    def about(cls, check: str, result: CheckResult, *, choice: Choice, who: str, at: datetime, **more: str) -> Decision:
        """Return a decision about a result, with the figures that it rests on."""
        return cls(
            check=check,
            choice=choice,
            who=who,
            at=at,
            verdict=result.verdict,
            risk=round(result.risk, 4),
            draft_sha256=digest(result.draft),
            stamp=result.index.stamp,
            **more,
        )

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, the time in ISO 8601."""
        return {**asdict(self), "at": self.at.isoformat()}


def digest(text: str) -> str:
    """Return the SHA-256 of a text as UTF-8, in hexadecimal digits."""
    return sha256(text.encode("utf-8", "replace")).hexdigest()


class DecisionFile:
    """The decisions of one index. Several visitors and processes may add to it at once."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / FILE

    def add(self, decision: Decision) -> None:
        """Append a decision; when this returns it is on disk."""
        line = json.dumps(decision.to_dict(), ensure_ascii=False) + "\n"
        try:
            with FileLock(self.path.with_name(_LOCK), timeout=_LOCK_SECONDS, mode=PRIVATE):
                handle = os.open(self.path, os.O_RDWR | os.O_APPEND | os.O_CREAT | NOFOLLOW, PRIVATE)
                try:
                    os.write(handle, (_missing_break(handle) + line).encode("utf-8", "replace"))
                    os.fsync(handle)
                finally:
                    os.close(handle)
        except (Timeout, OSError) as error:
            raise IndexFault(
                f"The decision was not stored: {self.path} cannot be written ({error}). Check permissions and disk, "
                "then decide again."
            ) from error

    def read(self) -> tuple[list[Decision], int]:
        """Return all decisions, oldest first, and the number of lines that are none (half-written or edited)."""
        try:
            text = self.path.read_text(encoding="utf-8", errors="replace")
        except FileNotFoundError:
            return [], 0
        except OSError as error:
            raise IndexFault(f"Cannot read {self.path}: {error.strerror}. Check its permissions.") from error
        read = [_decision_of(line) for line in text.split("\n") if line.strip()]  # no other separator ends one
        return [decision for decision in read if decision], read.count(None)

    def about(self, check: str) -> list[Decision]:
        """Return the decisions about one check, oldest first."""
        return [decision for decision in self.read()[0] if decision.check == check]


def to_lines(decisions: Iterable[Decision]) -> str:
    """Return decisions as JSON Lines."""
    return "".join(json.dumps(decision.to_dict(), ensure_ascii=False) + "\n" for decision in decisions)


def _missing_break(handle: int) -> str:
    """Return the line break that a writer who was killed has left out."""
    size = os.lseek(handle, 0, os.SEEK_END)
    return "\n" if size and os.pread(handle, 1, size - 1) != b"\n" else ""


def _decision_of(line: str) -> Decision | None:
    try:
        values = json.loads(line)
        known = {field.name for field in fields(Decision)}
        return Decision(
            **{**{k: v for k, v in values.items() if k in known}, "at": datetime.fromisoformat(values["at"])}
        )
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError, SettingsError):
        return None
