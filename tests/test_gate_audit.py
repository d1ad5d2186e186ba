"""The audit log: what a line tells and what it must not, many writers, full files, broken ends."""

from __future__ import annotations

import json
import pickle
import stat
import subprocess
import sys
import textwrap
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from originality import Draft, Policy
from originality.errors import AuditError
from originality.gate import AuditLog
from originality.gate.audit import KEY_VARIABLE
from tests.corpus import SOURCE
from tests.fakes import full_disk
from tests.gates import gatekeeper

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def decision(tmp_path_factory):
    with gatekeeper(tmp_path_factory.mktemp("index")) as checker:
        return checker.gate(Draft(text=SOURCE, id="d1", account="汀步茶室"), Policy(name="汀步", version="3"))


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="ascii").splitlines()]


def test_a_line_tells_the_decision_and_nothing_that_was_written(tmp_path, decision):
    log = AuditLog(tmp_path / "audit.jsonl")
    log.append(decision)
    (line,) = lines(log.path)
    assert (line["id"], line["account"], line["verdict"], line["action"]) == ("d1", "汀步茶室", "copied", "block")
    assert line["policy"] == {"name": "汀步", "version": "3", "digest": decision.policy.digest}
    assert line["index"]["stamp"] == decision.result.index.stamp
    assert line["at"] == decision.to_dict()["decided_at"]
    assert line["draft_hash"] == log.hash_of(SOURCE)
    assert line["characters"] == len(SOURCE)
    written = json.dumps(line, ensure_ascii=False)
    assert "修表" not in written
    assert "闻记钟表" not in written
    assert "p0" not in written


def test_the_text_is_kept_where_it_is_asked_for(tmp_path, decision):
    log = AuditLog(tmp_path / "audit.jsonl", with_text=True)
    log.append(decision)
    assert lines(log.path)[0]["text"] == SOURCE


def test_hashes_depend_on_a_key_that_stays(tmp_path, monkeypatch):
    first, again = (AuditLog(tmp_path / "audit.jsonl").hash_of("早安") for _ in range(2))
    assert first == again
    assert first != AuditLog(tmp_path / "other.jsonl").hash_of("早安")
    monkeypatch.setenv(KEY_VARIABLE, "钥匙要有十六个字符才够长所以再写几个")
    assert AuditLog(tmp_path / "a.jsonl").hash_of("早") == AuditLog(tmp_path / "b.jsonl").hash_of("早")
    monkeypatch.setenv(KEY_VARIABLE, "太短")
    with pytest.raises(AuditError, match="at least 16 characters, has 2"):
        AuditLog(tmp_path / "c.jsonl")


def test_nobody_else_may_read_it(tmp_path, decision):
    log = AuditLog(tmp_path / "audit.jsonl", most_bytes=1500)
    for _ in range(4):
        log.append(decision)
    files = [path for path in tmp_path.iterdir() if path.is_file()]
    assert len(files) > 3
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}


def test_a_full_file_is_set_aside_and_nothing_is_lost(tmp_path, decision):
    log = AuditLog(tmp_path / "audit.jsonl", most_bytes=2000)
    for _ in range(12):
        log.append(decision)
    aside = sorted(tmp_path.glob("audit.*.jsonl"), key=lambda path: int(path.suffixes[0][1:]))
    assert [path.name for path in aside[:3]] == ["audit.1.jsonl", "audit.2.jsonl", "audit.3.jsonl"]
    assert all(path.stat().st_size <= 2000 for path in (*aside, log.path))
    assert len([line for path in (*aside, log.path) for line in lines(path)]) == 12


def test_an_unfinished_line_costs_only_itself(tmp_path, decision):
    log = AuditLog(tmp_path / "audit.jsonl")
    log.append(decision)
    with log.path.open("ab") as file:
        file.write(b'{"at": "2026-')  # what a process killed here leaves behind
    log.append(decision)
    whole, torn, last = log.path.read_bytes().splitlines()
    assert json.loads(whole) == json.loads(last)
    with pytest.raises(ValueError, match="Unterminated"):
        json.loads(torn)


def test_a_full_disk_is_said_and_leaves_no_half_line(tmp_path, decision):
    log = AuditLog(tmp_path / "audit.jsonl")
    log.append(decision)
    before = log.path.read_bytes()
    with full_disk(len(before) + 100), pytest.raises(AuditError, match="no decision is given") as error:
        log.append(decision)
    assert "\n" not in str(error.value)
    assert log.path.read_bytes() == before
    log.append(decision)
    assert len(lines(log.path)) == 2


def test_a_place_that_cannot_be_written_is_said_at_once(tmp_path):
    with pytest.raises(AuditError, match="Cannot write the audit log"):
        AuditLog(tmp_path / "nowhere" / "audit.jsonl")
    (tmp_path / "audit.jsonl.key").write_text("kurz")
    with pytest.raises(AuditError, match="must hold the key"):
        AuditLog(tmp_path / "audit.jsonl")


def test_threads_and_processes_may_write_at_once(tmp_path, decision):
    code = """
    import pickle, sys
    from originality.gate import AuditLog
    decision = pickle.load(sys.stdin.buffer)
    log = AuditLog(sys.argv[1], most_bytes=20_000)
    for _ in range(60):
        log.append(decision)
    """
    path = tmp_path / "audit.jsonl"
    command = [sys.executable, "-c", textwrap.dedent(code), str(path)]
    writers = [subprocess.Popen(command, stdin=subprocess.PIPE, cwd=ROOT) for _ in range(2)]
    for writer in writers:
        assert writer.stdin is not None
        writer.stdin.write(pickle.dumps(decision))
        writer.stdin.close()
    log = AuditLog(path, most_bytes=20_000)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: log.append(decision), range(60)))
    assert [writer.wait(60) for writer in writers] == [0, 0]
    found = [line for file in (path, *tmp_path.glob("audit.*.jsonl")) for line in lines(file)]
    assert len(found) == 180
    assert len({line["draft_hash"] for line in found}) == 1
