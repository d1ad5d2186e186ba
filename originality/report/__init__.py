"""The report: who imitated whom in a span of days, and where the content of each account is going.

Enters: a checker over an index, and a span. Leaves: a `Report`, and from it one HTML file for readers, one XLSX file
for those who count, and one JSON file for programs.

    compile_report(checker, "2026-W46", own=["..."])   check every post against earlier posts of other accounts, compare
    write_report(report, out, "zh")                    report.html, report.xlsx and report.json in a folder
    decide(index_folder, draft_id, source_id, "dismissed", who="...")    keep what an editor thinks of an event
"""

from __future__ import annotations

from originality.report.compiling import compile_report
from originality.report.forms import write_report
from originality.report.ledger import decide
from originality.report.notes import note_text
from originality.report.records import Report, to_dict

__all__ = ["Report", "compile_report", "decide", "note_text", "to_dict", "write_report"]
