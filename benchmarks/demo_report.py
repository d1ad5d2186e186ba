"""The report over the demo corpus, whose answer key is known: what of it is an event, in which lane, with which leader.

    python benchmarks/demo_report.py [--encoder default fast]

All twelve weeks are one span. Prints a row for each planted kind: how many are events in their lane with the planted
source, and what became of the others. The tests hold the same with a stand-in encoder, which sees no meaning.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.check_many import demo_index
from originality import Checker
from originality.report import Report, compile_report
from tests.test_report_demo import NO_EVENT, SEASON, WORDING, planted


def main() -> None:
    """Report and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--encoder", nargs="+", default=["default", "fast"])
    for encoder in parser.parse_args().encoder:
        with tempfile.TemporaryDirectory() as folder:
            index = Path(shutil.copytree(demo_index(encoder), Path(folder) / "index"))  # events are stored beside it
            with Checker.open(index) as checker:
                report = compile_report(checker, SEASON, history=0)
        print(f"encoder {encoder}")
        for kind in (*sorted(WORDING), "rewrite", "template"):
            print(f"  {kind}: {told(report, kind)}")
        accused = {record["post_id"] for record in planted(*NO_EVENT)} & {
            event.draft.post_id for event in report.events
        }
        print(f"  planted as nobody's: {len(accused)} of {len(planted(*NO_EVENT))} are events {sorted(accused)}")


def told(report: Report, kind: str) -> str:
    """Say how many planted posts of a kind are events as they should be, and what the others are."""
    lane = "template" if kind == "template" else "wording"
    events = {event.draft.post_id: event for event in report.events}
    hints = {event.draft.post_id for event in report.hints}
    others, found = [], 0
    for record in planted(kind):
        event = events.get(record["post_id"])
        if event and (event.lane, event.source.post_id) == (lane, record["source"]):
            found += 1
        else:
            became = (
                f"{event.lane} of {event.source.post_id}" if event else "hint" if record["post_id"] in hints else "-"
            )
            others.append(f"{record['post_id']} {became}")
    return f"{found} of {len(planted(kind))}" + (f"; {', '.join(others)}" if others else "")


if __name__ == "__main__":
    main()
