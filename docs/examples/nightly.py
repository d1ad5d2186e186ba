"""A nightly batch: every draft of a folder through the gate, one table for the morning.

    python nightly.py DRAFTS --index INDEX --policy POLICY.toml --out TABLE.csv

    30 5 * * *  python nightly.py /srv/drafts --index /srv/brand --policy /srv/brand.toml --out /srv/morning.csv

Each `.txt` file is a draft; its name is its id. The table is CSV that Excel opens with a double click, blocked drafts
first. Exit code 1 if a draft is blocked or could not be read, so that cron sends a mail.
"""

from __future__ import annotations

import argparse
import csv
import sys
from collections.abc import Iterator
from pathlib import Path

from originality import Checker, Draft, GateDecision, Policy

COLUMNS = ("文案", "决定", "结论", "风险", "原因", "最接近的帖子", "链接")
ACTIONS = {"pass": "放行", "warn": "提醒", "block": "拦截"}
ORDER = list(reversed(ACTIONS))
FORMULA = ("=", "+", "-", "@", "\t", "\r")  # a cell that begins so is calculated by spreadsheets, not shown


def drafts_of(folder: Path, unread: list[str]) -> Iterator[Draft]:
    """Yield the drafts of a folder; names of files that are no text go to `unread`."""
    for path in sorted(folder.rglob("*.txt")):
        try:
            yield Draft(text=path.read_text(encoding="utf-8-sig"), id=path.relative_to(folder).as_posix())
        except (OSError, UnicodeDecodeError):
            unread.append(path.relative_to(folder).as_posix())


def row(decision: GateDecision) -> list[str]:
    """Return a line of the table."""
    result = decision.result
    best = result.best
    source = [f"{best.account}：{best.text}", best.url] if best else ["", ""]
    cells = [result.id, ACTIONS[decision.action], result.verdict, f"{result.risk:.2f}"]
    return [
        cell if not cell.startswith(FORMULA) else f"'{cell}" for cell in (*cells, " ".join(decision.reasons), *source)
    ]


def main() -> int:
    """Write the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    for name in ("--index", "--policy", "--out"):
        parser.add_argument(name, type=Path, required=True)
    arguments = parser.parse_args()
    unread: list[str] = []
    with Checker.open(arguments.index) as checker:
        policy = Policy.load(arguments.policy)
        decisions = list(checker.gate_many(drafts_of(arguments.folder, unread), policy))
    decisions.sort(key=lambda decision: (ORDER.index(decision.action), -decision.result.risk))
    with arguments.out.open("w", encoding="utf-8-sig", newline="") as file:  # with a mark, so that Excel reads UTF-8
        table = csv.writer(file)
        table.writerow(COLUMNS)
        table.writerows(row(decision) for decision in decisions)
        table.writerows([name, "未检查", "", "", "不是 UTF-8 文本", "", ""] for name in unread)
    blocked = sum(decision.action == "block" for decision in decisions)
    print(f"{len(decisions)} 篇，拦截 {blocked} 篇，读不了 {len(unread)} 篇：{arguments.out}")
    return 1 if blocked or unread else 0


if __name__ == "__main__":
    sys.exit(main())
