"""Decisions of editors: stored whole, in order, by several at once, and given back."""

from __future__ import annotations

import json
import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from originality.decisions import FILE, LONGEST, Decision, DecisionFile, digest, to_lines
from originality.errors import IndexFault, SettingsError
from originality.models import CheckResult, IndexInfo
from tests.fakes import full_disk, unwritable

NOW = datetime(2026, 11, 25, 9, 30, tzinfo=UTC)
RESULT = CheckResult(
    id="", verdict="copied", risk=0.98765, originality=0.1, template_risk=0.0, idea_risk=0.0,
    index=IndexInfo(posts=3, as_of=None, stamp="v2;fake"), draft="周一的第一杯不收加浓的钱",
)  # fmt: skip


def decided(**changes: Any) -> Decision:
    return Decision(**{"check": "abc", "choice": "accept", "who": "小满", "at": NOW, **changes})


def test_a_decision_comes_back_as_it_was(tmp_path):
    decision = Decision.about(
        "abc", RESULT, choice="override", who="小满", at=NOW, reason="我们先发的", account="汀步茶室"
    )
    DecisionFile(tmp_path).add(decision)
    assert DecisionFile(tmp_path).read() == ([decision], 0)
    assert decision.risk == 0.9877
    assert decision.draft_sha256 == digest("周一的第一杯不收加浓的钱")
    assert decision.stamp == "v2;fake"


def test_nobody_else_reads_the_file_and_it_holds_no_draft(tmp_path):
    DecisionFile(tmp_path).add(Decision.about("abc", RESULT, choice="accept", who="小满", at=NOW))
    path = tmp_path / FILE
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert RESULT.draft not in path.read_text("utf-8")


def test_only_those_about_a_check_are_about_it(tmp_path):
    file = DecisionFile(tmp_path)
    for check in ("a", "b", "a"):
        file.add(decided(check=check))
    assert [each.check for each in file.about("a")] == ["a", "a"]
    assert file.about("nobody") == []


def test_no_file_is_no_decision(tmp_path):
    assert DecisionFile(tmp_path).read() == ([], 0)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"choice": "shrug"}, "accept, override, ask"),
        ({"who": "  "}, "name"),
        ({"choice": "override"}, "reason"),
        ({"choice": "ask"}, "colleague"),
        ({"reason": "长" * (LONGEST + 1)}, "500"),
        ({"at": datetime(2026, 11, 25)}, "zone"),
    ],
)
def test_what_is_missing_is_said(changes, told):
    with pytest.raises(SettingsError, match=told):
        decided(**changes)


def test_twenty_editors_at_once_lose_nothing(tmp_path):
    with ThreadPoolExecutor(20) as pool:
        list(pool.map(lambda n: DecisionFile(tmp_path).add(decided(check=str(n))), range(60)))
    decisions, broken = DecisionFile(tmp_path).read()
    assert sorted(int(each.check) for each in decisions) == list(range(60))
    assert broken == 0


def test_a_line_cut_by_a_kill_costs_only_itself(tmp_path):
    file = DecisionFile(tmp_path)
    file.add(decided(check="before"))
    with file.path.open("a") as stream:
        stream.write('{"check": "cut", "choi')
    file.add(decided(check="after"))
    decisions, broken = file.read()
    assert [each.check for each in decisions] == ["before", "after"]
    assert broken == 1


@pytest.mark.parametrize(
    "line", ["[]", "7", '{"at": 3}', '{"check": "x", "choice": "accept", "who": "", "at": "2026-01-01"}']
)
def test_a_foreign_line_is_counted_not_obeyed(tmp_path, line):
    (tmp_path / FILE).write_text(line + "\n", "utf-8")
    assert DecisionFile(tmp_path).read() == ([], 1)


def test_names_and_reasons_of_any_kind_stay_one_line(tmp_path):
    hostile = decided(who='<b>"\\', reason="第一行\n第二行\u2028{}\ud800", choice="override")
    DecisionFile(tmp_path).add(hostile)
    assert len((tmp_path / FILE).read_text("utf-8").split("\n")) == 2
    (found,), broken = DecisionFile(tmp_path).read()
    assert found.who == '<b>"\\'
    assert broken == 0


def test_lines_to_take_away_are_json(tmp_path):
    lines = to_lines([decided(), decided(choice="ask", colleague="老周")]).splitlines()
    assert [json.loads(line)["choice"] for line in lines] == ["accept", "ask"]
    assert json.loads(lines[0])["at"] == "2026-11-25T09:30:00+00:00"


def test_a_folder_that_cannot_be_written_is_said(public: Path):
    with unwritable(public), pytest.raises(IndexFault, match="not stored"):
        DecisionFile(public).add(decided())


def test_a_full_disk_is_said_and_earlier_decisions_stand(tmp_path):
    file = DecisionFile(tmp_path)
    file.add(decided(check="before"))
    with full_disk(file.path.stat().st_size), pytest.raises(IndexFault, match="not stored"):
        file.add(decided(check="lost"))
    assert [each.check for each in file.read()[0]] == ["before"]
