"""The files beside the store that no export brings back: can they be read?"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from originality.accounts.file import FILE as REGISTER
from originality.accounts.file import load_register
from originality.doctor.findings import Finding, bad
from originality.errors import RegisterError
from originality.index.events import FILE as EVENTS


def beside(folder: Path) -> Iterator[Finding]:
    """Check the findings of reports and the register of accounts, where there are any."""
    if (folder / EVENTS).exists():
        yield _events(folder / EVENTS)
    if (folder / REGISTER).exists():
        try:
            load_register(folder)
        except RegisterError as error:
            yield bad("register", seen=str(error))
        else:
            yield Finding(check="register", state="ok")


def _events(path: Path) -> Finding:
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True)) as database:
            database.execute("PRAGMA trusted_schema=OFF")
            ((first,),) = database.execute("PRAGMA integrity_check(1)").fetchall()
    except sqlite3.Error as error:
        first = str(error)
    seen = " ".join(str(first).split())
    return Finding(check="events", state="ok") if seen == "ok" else bad("events", seen=seen, file=str(path))
