"""The three files of a report in a folder: each is complete or absent."""

from __future__ import annotations

import json
from pathlib import Path

from originality.errors import SettingsError
from originality.files import write_whole
from originality.report.forms import tables_content
from originality.report.forms.page import render
from originality.report.forms.sheet import workbook
from originality.report.forms.words import Words
from originality.report.notes import note_text
from originality.report.records import Report
from originality.settings import Language

NAMES = ("report.html", "report.xlsx", "report.json")


def write_report(report: Report, out: Path, language: Language = "zh") -> list[Path]:
    """Write a report as report.html, report.xlsx and report.json into a folder, made if missing; return the paths.

    A reader never sees half of a file, and a run that fails leaves the old ones. The same report gives the same bytes.

    Raises:
        SettingsError: the folder cannot be written.
    """
    contents = (
        render(report, language).encode("utf-8", "replace"),
        workbook(report, language),
        contract(report, language).encode("utf-8", "backslashreplace"),
    )
    paths = [out / name for name in NAMES]
    try:
        out.mkdir(parents=True, exist_ok=True)
        for path, content in zip(paths, contents, strict=True):
            write_whole(path, content)
    except OSError as error:
        raise SettingsError(
            f"--out must be a folder that can be written, got {out} ({error.strerror}). Name another folder."
        ) from error
    return paths


def contract(report: Report, language: Language) -> str:
    """Return the JSON of a report: the records, and what must be read beside them."""
    words = Words(language)
    told = {
        "language": language,
        "notes_text": [note_text(note, language) for note in report.notes],
        "method": tables_content.method_text(report, words),
        "limits": tables_content.limits_text(words),
    }
    return json.dumps({**report.to_dict(), **told}, ensure_ascii=False, indent=1, allow_nan=False) + "\n"
