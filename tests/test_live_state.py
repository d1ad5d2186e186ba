"""What a run leaves behind: its state, its lock and its log, and nowhere the token."""

from __future__ import annotations

import logging
import threading
from pathlib import Path

import pytest
from filelock import FileLock

from originality.accounts import Account
from originality.errors import IndexFault, LiveError
from originality.index import LocalIndex
from originality.live import log
from originality.live.faults import Busy, Fault
from originality.live.run import LOCK
from originality.live.state import FILE, State
from tests.live_runs import NOON, register, run, stored
from tests.weibo_server import NAME, OTHERS, OWN, TOKEN, UID, Answer, running

TEA = Account(name=NAME, uid=UID, updated_by="api")
BREAD = Account(name="麦岸烘焙", uid="1404376560", updated_by="api", role="own")
COFFEE = Account(name="岔路口咖啡", uid="5550000001", updated_by="api")


@pytest.fixture
def weibo():
    with running() as served:
        yield served


def log_lines(folder: Path) -> list[str]:
    return (folder / log.FILE).read_text(encoding="utf-8").splitlines()


def test_two_runs_do_not_collide(tmp_path, weibo):
    register(tmp_path)
    with FileLock(tmp_path / LOCK), pytest.raises(Busy, match="Another live run"):
        run(tmp_path, weibo)
    assert log_lines(tmp_path) == ["2020-03-02T12:00:00+08:00 busy: another run is at work"]
    assert weibo.asked == []
    weibo.fill(2)
    assert run(tmp_path, weibo).failed == 0


def test_two_runs_at_once_read_everything_once(tmp_path, weibo):
    weibo.fill(30)
    weibo.delay = 0.02
    register(tmp_path)
    ends: list[object] = []

    def attempt() -> None:
        try:
            ends.append(run(tmp_path, weibo).total.added)
        except Busy:
            ends.append("busy")

    threads = [threading.Thread(target=attempt) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(map(str, ends)) in (["30", "busy"], ["0", "30"])


@pytest.mark.parametrize(
    "content",
    [
        "{",
        "[]",
        '{"version": 2}',
        '{"version": 1, "index": "x", "accounts": {"77777": {"newest": "a"}}, "pauses": {}}',
        '{"version": 1, "index": "x", "accounts": {}, "pauses": {"web": {"until": "2026-01-01T00:00:00"}}}',
        "[" * 100_000,
    ],
)
def test_a_damaged_state_is_refused_and_deleting_it_mends_all(tmp_path, weibo, content):
    weibo.fill(3)
    register(tmp_path)
    run(tmp_path, weibo)
    (tmp_path / FILE).write_text(content, encoding="utf-8")
    with pytest.raises(Fault, match="Delete it") as error:
        run(tmp_path, weibo)
    assert "\n" not in str(error.value)
    assert "stopped: Fault" in log_lines(tmp_path)[-1]
    (tmp_path / FILE).unlink()
    assert run(tmp_path, weibo).total.unchanged == 3


def test_a_state_of_another_index_counts_for_nothing(tmp_path, weibo):
    weibo.fill(3)
    register(tmp_path)
    run(tmp_path, weibo)
    for path in tmp_path.glob("posts.sqlite*"):
        path.unlink()
    assert run(tmp_path, weibo).total.added == 3


def test_the_state_survives_being_written_and_read(tmp_path):
    first = State.load(tmp_path, "i1")
    progress = first.of("77777")
    progress.begin()
    progress.passed((9, 8), "7")
    first.save()
    assert State.load(tmp_path, "i1") == first
    assert State.load(tmp_path, "i2").accounts == {}


def test_the_log_is_bounded_and_one_line_a_run(tmp_path, weibo, monkeypatch):
    weibo.fill(1)
    register(tmp_path)
    monkeypatch.setattr(log, "_LARGEST", 400)
    for _ in range(8):
        run(tmp_path, weibo)
    lines = log_lines(tmp_path)
    older = (tmp_path / f"{log.FILE}.1").read_text(encoding="utf-8").splitlines()
    assert 0 < len(lines) < 8
    assert all(" ok: accounts=1 failed=0" in line for line in [*lines, *older])
    log.write_line(tmp_path, NOON, "two\nlines\x1b[31m")
    assert log_lines(tmp_path)[-1].endswith("two lines [31m")


def test_an_index_that_cannot_be_written_stops_the_run_and_is_logged(tmp_path, weibo, monkeypatch):
    weibo.fill(30)
    register(tmp_path)
    write, calls = LocalIndex.write, []

    def full(self, *arguments):
        calls.append(1)
        if len(calls) == 2:
            raise IndexFault("The index file cannot be used: the disk is full.")
        write(self, *arguments)

    with monkeypatch.context() as patch:
        patch.setattr(LocalIndex, "write", full)
        with pytest.raises(IndexFault):
            run(tmp_path, weibo)
    assert "stopped: IndexFault" in log_lines(tmp_path)[-1]
    assert len(stored(tmp_path)) == 25
    assert run(tmp_path, weibo).total.added == 5


def test_the_token_is_in_nothing_that_a_run_leaves_behind(tmp_path, weibo, caplog, capfd):
    caplog.set_level(logging.DEBUG)
    weibo.fill(30)
    register(tmp_path, TEA, COFFEE, BREAD)
    bodies = [{"error_code": 21327, "error": f"expired_token {TOKEN}"}, {"error_code": 77, "error": TOKEN}]
    weibo.next[OTHERS].extend([None, *(Answer(status=400, body=body) for body in bodies)])
    weibo.next[OWN].extend([Answer(status=302, headers={"Location": f"/?access_token={TOKEN}"})])
    report = run(tmp_path, weibo)
    assert report.failed == 3
    assert all(asked.parameters["access_token"] == TOKEN for asked in weibo.asked)
    shown = [caplog.text, *capfd.readouterr(), repr(report)]
    shown += [repr(each.failure) for each in report.updates]
    assert not any(TOKEN in text for text in shown)
    for path in tmp_path.iterdir():
        assert TOKEN.encode() not in path.read_bytes()
    assert "[token]" in log_lines(tmp_path)[-1]


def test_all_faults_are_live_errors():
    assert issubclass(Fault, LiveError)
