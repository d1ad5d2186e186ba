"""The forms of a report: one HTML file for readers, XLSX for those who count, JSON for programs.

Enters: `Report`. Leaves: files. Nothing is decided here; every word is in `words`, every table in `tables_*`.
"""

from __future__ import annotations

from originality.report.forms.files import NAMES, write_report
from originality.report.forms.say import headline_text
from originality.report.forms.words import Words

__all__ = ["NAMES", "Words", "headline_text", "write_report"]
