"""`live.log` beside the index: one line a run, two files of a megabyte at most."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path

from originality.files import NOFOLLOW, PRIVATE
from originality.models import BEIJING

FILE = "live.log"
_LARGEST = 1_000_000
_LONGEST = 4_000


def write_line(folder: Path, now: datetime, text: str) -> None:
    """Append a line with its time in Beijing; the file of a megabyte becomes `live.log.1`."""
    path = folder / FILE
    if path.exists() and path.stat().st_size > _LARGEST:
        path.replace(path.with_name(f"{FILE}.1"))
    line = "".join(letter if letter.isprintable() else " " for letter in text)[:_LONGEST]
    handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | NOFOLLOW, PRIVATE)
    with os.fdopen(handle, "a", encoding="utf-8", errors="replace") as file:
        file.write(f"{now.astimezone(BEIJING).isoformat(timespec='seconds')} {line}\n")
