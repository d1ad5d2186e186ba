"""Drafts from files and standard input: one text, or JSON Lines with one draft each."""

from __future__ import annotations

import codecs
import json
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from originality.cli.texts import say
from originality.errors import CollectError, OriginalityError

if TYPE_CHECKING:
    from originality.checker import Draft

STDIN = "-"
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


def read_text(name: str) -> str:
    """Return a text file, or standard input for "-", as UTF-8 or, failing that, as GB18030.

    Raises:
        CollectError: it can be neither.
    """
    data = sys.stdin.buffer.read() if name == STDIN else Path(name).read_bytes()
    guessed = [encoding for mark, encoding in _MARKS if data.startswith(mark)]
    for encoding in guessed or ("utf-8", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:  # GB18030 reads most binary files too, but no text holds that
            return text
    raise CollectError(say("failed.not_text", file=name))


class DraftLines:
    """The drafts of a JSON Lines file, read as they are wanted.

    A broken line ends the iteration and is kept in `error`, so that those before it are still answered.
    """

    def __init__(self, name: str, account: str) -> None:
        """Read the file; `account` is that of the lines that name none."""
        self.error: OriginalityError | None = None
        self._name = name
        self._account = account
        self._lines = read_text(name).split("\n")  # not splitlines: JSON strings may hold other separators

    def __iter__(self) -> Iterator[Draft]:
        """Yield drafts; a line without an id gets its number as id."""
        for number, line in enumerate(self._lines, start=1):
            if not line.strip():
                continue
            try:
                draft = self._draft(line, number)
            except _BadLine as error:
                self.error = CollectError(say("failed.line", file=self._name, line=number, what=say(f"line.{error}")))
                return
            yield draft

    def _draft(self, line: str, number: int) -> Draft:
        from originality.checker import Draft

        try:
            fields = json.loads(line)
        except (ValueError, RecursionError):
            raise _BadLine("json") from None
        if not isinstance(fields, dict):
            raise _BadLine("json")
        known_as = fields.get("id")
        if known_as is not None and (isinstance(known_as, bool) or not isinstance(known_as, str | int)):
            raise _BadLine("id")
        return Draft(
            text=_string(fields, "text"),
            id=str(number if known_as is None else known_as),
            account=_string(fields, "account", self._account),
            published_at=_time(fields),
        )


class _BadLine(Exception):
    """Its message is the field that is wrong."""


def _string(fields: dict[str, Any], field: str, default: str | None = None) -> str:
    value = fields.get(field)
    if value is None and default is not None:
        return default
    if not isinstance(value, str):
        raise _BadLine(field)
    return value


def _time(fields: dict[str, Any]) -> datetime | None:
    value = fields.get("published_at")
    if value is None or value == "":
        return None
    try:
        time = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        raise _BadLine("published_at") from None
    if time.tzinfo is None:
        from originality.models import BEIJING

        return time.replace(tzinfo=BEIJING)
    return time
