"""The weekly report: who imitated whom in one week, as far as the index can tell.

Enters: a checker over an index, and a week. Leaves: `WeeklyReport`, and from it one HTML file for readers and one JSON
file for programs.

    weekly_report(checker, "2026-W46")    check every post of the week against earlier posts of other accounts
    write_report(report, out, "zh")       report-2026-W46.html and report-2026-W46.json in a folder
"""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path

from originality.errors import SettingsError
from originality.report.html import render
from originality.report.phrases import limits, method
from originality.report.records import AccountLine, Direction, Imitation, WeeklyReport
from originality.report.week import weekly_report
from originality.settings import Language

__all__ = ["AccountLine", "Direction", "Imitation", "WeeklyReport", "weekly_report", "write_report"]


def write_report(report: WeeklyReport, out: Path, language: Language = "zh") -> list[Path]:
    """Write a report as HTML and JSON into a folder, which is made if missing; return the two paths.

    Each file is complete or absent: a reader never sees half of one, and a failed run leaves the old ones.

    Raises:
        SettingsError: the folder cannot be written.
    """
    contract = {
        **report.to_dict(),
        "language": language,
        "method": method(report, language),
        "limits": limits(report, language),
    }
    text = json.dumps(contract, ensure_ascii=False, indent=1, allow_nan=False) + "\n"
    files = {
        out / f"report-{report.week}.html": render(report, language).encode("utf-8", "replace"),
        out / f"report-{report.week}.json": text.encode("utf-8", "backslashreplace"),
    }
    try:
        out.mkdir(parents=True, exist_ok=True)
        for path, content in files.items():
            _write(path, content)
    except OSError as error:
        raise SettingsError(
            f"--out must be a folder that can be written, got {out} ({error.strerror}). Name another folder."
        ) from error
    return list(files)


def _write(path: Path, content: bytes) -> None:
    number, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(number, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(0o644)  # mkstemp gives 0600: a report is there to be read
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
