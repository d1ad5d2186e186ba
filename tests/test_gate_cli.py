"""`originality gate`: exit codes, words and lines, the audit log."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.brand_posts import COPIED, FRESH
from tests.command_line import built, failed, run
from tests.gates import policy_file


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built(tmp_path_factory.mktemp("gate"))


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    return policy_file(tmp_path, 'name = "汀步茶室"\nversion = "2026-11"\n[template]\nwarn = "never"\n')


def test_a_copy_is_blocked_in_words_and_by_exit_code(index, rules):
    result = run("gate", COPIED, "--policy", rules, "--index", index)
    assert result.exit_code == 1
    lines = result.stdout.splitlines()
    assert lines[0] == "【拦截】 规则 汀步茶室（版本 2026-11）"
    assert lines[1].startswith("  - 抄文字：风险 ")
    assert "【抄袭】" in result.stdout
    assert "@麦岸烘焙" in result.stdout
    english = run("gate", COPIED, "--policy", rules, "--index", index, "--lang", "en").stdout
    assert english.startswith("[Blocked] policy 汀步茶室 (version 2026-11)\n  - Wording: risk ")


def test_a_warning_and_a_pass_exit_with_zero(index, rules):
    warned = run("gate", "早", "--policy", rules, "--index", index)
    assert (warned.exit_code, warned.stdout[:4]) == (0, "【提醒】")
    passed = run("gate", "--file", "-", "--policy", rules, "--index", index, given=FRESH.encode())
    assert passed.exit_code == 0
    assert passed.stdout[:4] in ("【放行】", "【提醒】")


def test_what_was_left_out_is_said(index, tmp_path):
    rules = policy_file(tmp_path, '[exclude]\naccounts = ["麦岸烘焙", "岔路口咖啡"]\n[template]\nwarn = "never"\n')
    result = run("gate", COPIED, "--policy", rules, "--index", index)
    assert result.exit_code == 0
    assert "规则排除的帖子 " in result.stdout


def test_a_batch_answers_each_line_and_blocks_if_one_is_blocked(index, rules, tmp_path):
    drafts = [{"id": "a", "text": FRESH}, {"text": COPIED, "account": "麦岸烘焙"}, {"text": COPIED}]
    given = "\n".join(json.dumps(each) for each in drafts).encode()
    log = tmp_path / "audit.jsonl"
    result = run("gate", "--batch", "-", "--policy", rules, "--index", index, "--audit", log, given=given)
    answers = [json.loads(line) for line in result.stdout.splitlines()]
    assert result.exit_code == 1
    assert [answer["result"]["id"] for answer in answers] == ["a", "2", "3"]
    assert answers[2]["action"] == "block"
    assert answers[1]["account"] == "麦岸烘焙"
    written = [json.loads(line) for line in log.read_text().splitlines()]
    assert [line["action"] for line in written] == [answer["action"] for answer in answers]
    assert "text" not in written[0]
    again = run("gate", FRESH, "--policy", rules, "--index", index, "--audit", log, "--audit-text", "--json")
    assert json.loads(again.stdout)["policy"]["name"] == "汀步茶室"
    assert json.loads(log.read_text().splitlines()[-1])["text"] == FRESH


def test_what_goes_wrong_is_one_line_and_exit_code_two(index, rules, tmp_path):
    failed(run("gate", FRESH, "--index", index), "--policy")
    failed(run("gate", "--policy", rules, "--index", index), "TEXT、--file")
    failed(run("gate", FRESH, "--policy", tmp_path / "none.toml", "--index", index), "none.toml", "No such file")
    wrong = policy_file(tmp_path, "[wording]\nblock = 2\n")
    failed(run("gate", FRESH, "--policy", wrong, "--index", index), str(wrong), "wording.block", "got 2")
    nowhere = tmp_path / "no" / "audit.jsonl"
    rules = policy_file(tmp_path, "")
    failed(run("gate", FRESH, "--policy", rules, "--index", index, "--audit", nowhere), "audit log")
    broken = run("gate", "--batch", "-", "--policy", rules, "--index", index, given='{"text": "早"}\n[1]\n'.encode())
    assert broken.exit_code == 2
    assert len(broken.stdout.splitlines()) == 1
    assert "第 2 行" in broken.stderr
