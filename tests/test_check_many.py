"""Many drafts: the same answers in the same order, shared among processes, however the stream or a process ends."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from originality import Checker, Draft, Policy
from originality.build import build
from originality.embed import load_encoder
from originality.errors import IndexFault, SettingsError, WorkerError
from originality.index import open_index
from originality.models import CheckResult
from originality.workers import FEW, IN_FLIGHT, in_order
from tests.corpus import LOTTERY, SOURCE, STORIES, corpus
from tests.gates import gatekeeper
from tests.processes import ROOT, run_python

TEXTS = (SOURCE, *STORIES, LOTTERY, "", "早", SOURCE[:30] + STORIES[2][:20])
MANY = FEW + 28


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("index")
    encoder = load_encoder("fast")
    with open_index(path, encoder="fast", encoder_name=encoder.name) as index:
        build(corpus(), index, encoder)
    return path


@pytest.fixture(scope="module")
def checker(folder):
    with Checker.open(folder) as checker:
        yield checker


def drafts(count: int) -> list[Draft]:
    return [Draft(text=TEXTS[i % len(TEXTS)], id=str(i), account="闻记钟表" * (i % 3 == 0)) for i in range(count)]


def plain(result: CheckResult) -> dict[str, Any]:
    values = result.to_dict()
    values.pop("elapsed_ms")
    return values


def test_shared_among_processes_they_are_answered_as_one_by_one(checker):
    asked = drafts(MANY)
    alone = [plain(checker.check(each.text, id=each.id, account=each.account)) for each in asked]
    assert [plain(result) for result in checker.check_many(asked, workers=2)] == alone
    assert [plain(result) for result in checker.check_many(iter(asked), workers=3)] == alone


def test_decisions_likewise(checker):
    decisions = list(checker.gate_many(drafts(MANY), Policy(name="汀步"), workers=2))
    assert [decision.result.id for decision in decisions] == [str(i) for i in range(MANY)]
    assert decisions[1].action == checker.gate(drafts(2)[1], Policy()).action
    assert {decision.policy.name for decision in decisions} == {"汀步"}


def test_the_stream_is_read_a_few_ahead_and_answered_at_once(checker):
    read = 0

    def endless() -> Iterator[Draft]:
        nonlocal read
        while True:
            read += 1
            yield Draft(text="早", id=str(read))

    results = checker.check_many(endless(), workers=2)
    assert next(results).id == "1"
    assert read == 1
    for _ in range(300):
        next(results)
    assert read <= 301 + 2 * IN_FLIGHT
    results.close()
    assert not children()


def test_few_drafts_start_no_process(checker):
    before = children()
    for result in checker.check_many(drafts(FEW), workers=2):
        assert children() == before, result.id


def test_a_checker_that_others_cannot_open_works_alone(tmp_path):
    with gatekeeper(tmp_path) as own:
        results = list(own.check_many([Draft(text=SOURCE)] * (FEW + 3), workers=2))
    assert {result.verdict for result in results} == {"copied"}


def test_what_fails_is_raised_in_its_place(checker):
    asked: list[Draft] = [*drafts(FEW + 20), Draft(text=None), *drafts(20)]  # type: ignore[arg-type]
    results = checker.check_many(asked, workers=2)
    for i in range(FEW + 20):
        assert next(results).id == str(i)
    with pytest.raises(AttributeError):
        next(results)
    assert not children()


def test_a_stream_that_fails_is_raised_and_ends_the_helpers(checker):
    def broken() -> Iterator[Draft]:
        yield from drafts(MANY)
        raise OSError("the pipe broke")

    with pytest.raises(OSError, match="the pipe broke"):
        list(checker.check_many(broken(), workers=2))
    assert not children()


def test_no_workers_is_no_number(checker):
    with pytest.raises(SettingsError, match="workers must be at least 1, got 0"):
        checker.check_many([], workers=0)


def test_a_helper_that_cannot_open_the_index_says_so(tmp_path):
    recipe = (_opened, (str(tmp_path / "nowhere"),))
    with pytest.raises(IndexFault, match="No index at"):
        list(in_order(iter(range(10_000)), _slowly, recipe, 2))


def test_a_helper_that_is_killed_is_said():
    answers = in_order(iter(range(10_000)), _slowly, (_naming, ()), 2)
    os.kill(next(answer for answer in answers if answer is not None), signal.SIGKILL)
    with pytest.raises(WorkerError, match=r"exit code -9\); memory may be short"):
        list(answers)
    assert not children()


def test_a_script_without_a_main_guard_and_one_from_standard_input_may_call_it(folder):
    code = f"""
    from originality import Checker, Draft
    with Checker.open({str(folder)!r}) as checker:
        results = list(checker.check_many([Draft(text="早", id=str(i)) for i in range({MANY})], workers=2))
    print(len(results), results[-1].verdict)
    """
    script = folder / "script.py"
    script.write_text(textwrap.dedent(code), encoding="utf-8")
    for command, given in (([str(script)], None), (["-"], script.read_bytes())):
        ran = subprocess.run(
            [sys.executable, *command], input=given, capture_output=True, cwd=ROOT, timeout=120, check=True
        )
        assert ran.stdout.decode().split() == [str(MANY), "undetermined"]
        assert ran.stderr == b""
    script.unlink()


def test_helpers_end_with_the_process_that_called_them(folder):
    code = """
    import os, sys
    from originality.workers import in_order
    from tests.test_check_many import _naming, _slowly
    answers = in_order(iter(range(10_000)), _slowly, (_naming, ()), 2)
    helper = next(answer for answer in answers if answer is not None)
    print(helper, flush=True)
    os._exit(0)
    """
    helper = int(run_python(code))
    for _ in range(100):
        if not Path(f"/proc/{helper}").exists():
            return
        time.sleep(0.05)
    pytest.fail("the helper goes on alone")


def children() -> set[str]:
    """Return the processes that this one has started and that still are there."""
    found: set[str] = set()
    for task in Path("/proc/self/task").iterdir():
        with contextlib.suppress(OSError):  # a thread that has ended meanwhile
            found.update((task / "children").read_text().split())
    return found


def _slowly(item: int) -> int | None:
    time.sleep(0.01)
    return None


def _opened(path: str) -> Callable[..., CheckResult]:
    return Checker.open(path).check


def _naming() -> Callable[[int], int]:
    return lambda item: os.getpid()
