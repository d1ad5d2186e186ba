"""The processes that check for the HTTP service: killed, told to end, behind the index, or unable to start."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import signal
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from originality import Checker, Draft, Policy
from originality.errors import OriginalityError, ServiceError
from originality.serve import crew as crews
from originality.serve.crew import Crew, Threads
from originality.serve.options import Options
from tests.brand_posts import COPIED, FRESH
from tests.command_line import built, collect
from tests.gates import policy_file
from tests.services import LINES, Service, service

PATIENCE_S = 120
RULES = 'name = "汀步茶室"\naccount = "汀步茶室"\n'
NEW = "立夏称人的老秤还挂在铺子梁上，今年最重的是隔壁的橘猫，十三斤四两，它的主人不肯认。"


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built(tmp_path_factory.mktemp("served"))


@pytest.fixture(scope="module")
def rules(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return policy_file(tmp_path_factory.mktemp("rules"), RULES)


def awaited(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE_S
    while not holds():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.05)


def workers_of(running: Service) -> int:
    return int(running.client.get("/healthz").json()["workers"])


def test_with_one_worker_the_service_checks_in_its_own_process(index, rules):
    with service(index, "--policy", rules, "--workers", 1) as running:
        assert running.children() == []
        assert running.post("/check", {"text": COPIED}).json()["verdict"] == "copied"
        assert running.post("/gate", {"text": COPIED}).json()["action"] == "block"
        assert running.stop() == ""


def test_processes_answer_as_one_does_and_end_with_the_service(index, rules):
    with service(index, "--policy", rules, "--workers", 2) as running:
        children = running.children()
        assert len(children) == 2
        assert workers_of(running) == 2
        assert "originality_workers 2.0" in running.client.get("/metrics").text
        answer = running.post("/check", {"text": COPIED, "id": "d1", "account": "汀步茶室"}).json()
        with Checker.open(index) as checker:
            alone = checker.check(COPIED, id="d1", account="汀步茶室").to_dict()
        changing = {"elapsed_ms", "matches"}  # its sentences are in the language of the service
        assert {k: v for k, v in answer.items() if k not in changing} == {
            k: v for k, v in alone.items() if k not in changing
        }
        assert [each["post_id"] for each in answer["matches"]] == [each["post_id"] for each in alone["matches"]]
        assert running.stop() == ""
        assert running.process.returncode == 0
    awaited(lambda: not any(Path(f"/proc/{child}").exists() for child in children))


def test_posts_that_another_process_collects_count_at_once(tmp_path):
    index = built(tmp_path)
    with service(index, "--workers", 2) as running:
        assert running.post("/check", {"text": NEW}).json()["verdict"] != "copied"
        (tmp_path / "new.jsonl").write_text(json.dumps({"account": "桥头秤行", "text": NEW}) + "\n", "utf-8")
        collect(tmp_path / "new.jsonl", index)
        answers = [running.post("/check", {"text": NEW, "id": str(n)}).json() for n in range(6)]
        assert [answer["verdict"] for answer in answers] == ["copied"] * 6


def test_killed_processes_are_replaced_and_nobody_notices(index, rules, tmp_path):
    audit = tmp_path / "audit.jsonl"
    with service(index, "--policy", rules, "--workers", 2, "--rate", 0, "--audit", audit) as running:
        first = running.children()

        def ask(number: int) -> tuple[int, str]:
            body = {"text": (COPIED, FRESH)[number % 2], "id": str(number)}
            answer = httpx.post(f"{running.url}/gate", json=body, timeout=PATIENCE_S, trust_env=False)
            return answer.status_code, answer.json()["result"]["id"]

        with ThreadPoolExecutor(8) as pool:
            asked = [pool.submit(ask, number) for number in range(24)]
            awaited(lambda: sum(each.done() for each in asked) >= 4)
            for child in first:
                os.kill(child, signal.SIGKILL)
            assert [each.result() for each in asked] == [(200, str(number)) for number in range(24)]
        awaited(lambda: workers_of(running) == 2)
        assert not set(running.children()) & set(first)
        assert sorted(json.loads(line)["id"] for line in audit.read_text().splitlines()) == sorted(
            map(str, range(24))
        ), "each decision is written down once"
        assert running.stop().count("was replaced") == 2


def test_a_service_manager_may_tell_all_processes_to_end_at_once(index):
    with service(index, "--workers", 2) as running:
        lines = b"\n".join([json.dumps({"text": f"{COPIED}第{i}版"}).encode() for i in range(20)])
        answers: list[str] = []

        def ask() -> None:
            with running.client.stream("POST", "/batch?answer=check", content=lines, headers=LINES) as response:
                answers.extend(response.iter_lines())

        thread = threading.Thread(target=ask)
        thread.start()
        awaited(lambda: bool(answers))
        for child in running.children():
            os.kill(child, signal.SIGTERM)
        assert running.stop() == ""
        thread.join()
        assert [json.loads(line)["verdict"] for line in answers] == ["copied"] * 20


def test_where_no_process_can_be_started_those_who_wait_are_told(tmp_path, monkeypatch, caplog):
    monkeypatch.setattr(crews, "PAUSE_SECONDS", 0.2)
    index = built(tmp_path)
    away = tmp_path / "away"

    async def ask() -> str:
        return (await team.answer(Draft(text=COPIED), None)).verdict  # type: ignore[union-attr]

    with Crew(index, None, 1) as team, caplog.at_level(logging.WARNING):
        assert asyncio.run(ask()) == "copied"
        index.rename(away)
        os.kill(team._helpers[0]._process.pid, signal.SIGKILL)
        with pytest.raises(OriginalityError, match=r"posts\.sqlite is missing"):
            asyncio.run(ask())
        assert "could not be replaced" in caplog.text
        away.rename(index)
        awaited(lambda: team.ready == 1)
        assert asyncio.run(ask()) == "copied"


def test_a_question_that_ends_two_processes_is_answered_with_a_failure_and_others_are_not(index, caplog):
    deadly = "这句话谁读谁倒下"
    with Crew(index, None, 2) as team, caplog.at_level(logging.WARNING):
        team._recipe = (fragile, (str(index), deadly))  # type: ignore[assignment]
        for helper in list(team._helpers.values()):
            helper.kill()

        async def ask(text: str) -> object:
            return await team.answer(Draft(text=text), None)

        async def crowd() -> list[object]:
            texts = [COPIED, deadly, FRESH, COPIED]
            return await asyncio.gather(*map(ask, texts), return_exceptions=True)

        first, second, third, fourth = asyncio.run(crowd())
        assert isinstance(second, OriginalityError)
        assert "exit code 9" in str(second)
        assert [each.verdict for each in (first, third, fourth)] == ["copied", third.verdict, "copied"]  # type: ignore[attr-defined]


def fragile(folder: str, deadly: str) -> Callable[[tuple[Draft, Policy | None]], object]:
    """Make what answers like the real one, but for one draft over which it drops dead."""
    checker = Checker.open(folder)

    def answer(question: tuple[Draft, Policy | None]) -> object:
        if question[0].text == deadly:
            os._exit(9)
        return checker.check(question[0].text)

    return answer


def test_a_question_whose_asker_has_left_is_not_asked(index):
    async def leave(team: Crew) -> list[bool]:
        asking = [asyncio.ensure_future(team.answer(Draft(text=COPIED, id=str(n)), None)) for n in range(12)]
        await asyncio.sleep(0)
        asking[-1].cancel()
        await asyncio.wait(asking)
        return [each.cancelled() for each in asking]

    with Crew(index, None, 1) as team:
        assert asyncio.run(leave(team)) == [False] * 11 + [True]
        assert team.ready == 1


def test_a_failure_that_nobody_foresaw_tells_its_place_and_quotes_nothing(index, monkeypatch, caplog):
    monkeypatch.setattr("originality.serve.crew.signal.signal", lambda *ignored: None)  # this process is no helper
    answer = crews._make(str(index), None)
    assert answer(None) == ""

    def failing(self: Checker, text: str, **more: object) -> None:
        raise KeyError(text)

    monkeypatch.setattr(Checker, "check", failing)
    with pytest.raises(KeyError), caplog.at_level(logging.ERROR):
        answer((Draft(text=NEW), None))
    assert "KeyError at " in caplog.text
    assert "test_serve_workers.py" in caplog.text
    assert NEW not in caplog.text


def test_an_index_that_cannot_be_used_is_said_before_anything_is_served(tmp_path):
    with pytest.raises(OriginalityError, match=r"posts\.sqlite is missing"), Crew(tmp_path, None, 2):
        pass


def test_threads_of_one_process_answer_too(index):
    with Checker.open(index) as checker:
        threads = Threads(checker)
        assert threads.ready >= 1
        decision = asyncio.run(threads.answer(Draft(text=COPIED), Policy()))
        assert decision.result.verdict == "copied"  # type: ignore[union-attr]


def test_no_worker_is_no_service():
    with pytest.raises(ServiceError, match="workers must be at least 1, got 0"):
        Options(workers=0)
    assert 1 <= Options().workers <= 8
