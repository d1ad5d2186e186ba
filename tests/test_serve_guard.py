"""The guard of the HTTP service: slow bodies, full queues, forgetful buckets, failures that nobody foresaw."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from originality.errors import ServiceError
from originality.serve.guard import MOST_CLIENTS, Application, Buckets, Guard, Receive, Scope, Send
from originality.serve.metrics import Metrics
from originality.serve.options import Options

SECRET = "还没发布的文案"


async def asked(guard: Guard, **more: Any) -> httpx.Response:
    transport = httpx.ASGITransport(guard, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        return await client.post("/gate", **{"content": SECRET.encode(), **more})


def guarded(application: Application, **options: Any) -> Guard:
    return Guard(application, Options(**options), Metrics(frozenset({"/gate"})))


async def fine(scope: Scope, receive: Receive, send: Send) -> None:
    message = await receive()
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": message["body"]})


def test_a_body_arrives_whole():
    assert asyncio.run(asked(guarded(fine))).text == SECRET


def test_a_failure_nobody_foresaw_is_one_line_and_the_log_quotes_nothing(caplog):
    async def failing(scope: Scope, receive: Receive, send: Send) -> None:
        message = await receive()
        raise KeyError(message["body"].decode())

    with caplog.at_level(logging.ERROR):
        answer = asyncio.run(asked(guarded(failing)))
    assert answer.status_code == 500
    assert "unforeseen" in answer.json()["error"]
    assert "KeyError at " in caplog.text
    assert "test_serve_guard.py" in caplog.text
    assert SECRET not in caplog.text


def test_a_body_that_drips_is_not_waited_for():
    async def dripping() -> AsyncIterator[bytes]:
        yield b"{"
        await asyncio.sleep(5)

    answer = asyncio.run(asked(guarded(fine, body_seconds=0.05), content=dripping()))
    assert answer.status_code == 408
    assert "within 0.05 s" in answer.json()["error"]


def test_a_full_queue_sends_people_away():
    async def crowd() -> list[int]:
        release = asyncio.Event()

        async def slow(scope: Scope, receive: Receive, send: Send) -> None:
            await release.wait()
            await fine(scope, receive, send)

        guard = guarded(slow, most_waiting=2)
        asking = [asyncio.create_task(asked(guard)) for _ in range(4)]
        while sum(task.done() for task in asking) < 2:
            await asyncio.sleep(0.01)
        release.set()
        return sorted(answer.status_code for answer in await asyncio.gather(*asking))

    assert asyncio.run(crowd()) == [200, 200, 503, 503]


def test_buckets_refill_and_forget():
    now = 0.0
    buckets = Buckets(60, clock=lambda: now)
    assert [buckets.wait("a") for _ in range(60)] == [0.0] * 60
    assert buckets.wait("a") == pytest.approx(1.0)
    assert buckets.wait("b") == 0.0
    now = 1.0
    assert buckets.wait("a") == 0.0
    assert buckets.wait("a") > 0
    for client in range(MOST_CLIENTS):
        buckets.wait(str(client))
    assert buckets.wait("a") == 0.0  # forgotten, so it begins anew
    assert Buckets(0).wait("a") == 0.0


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "10.0.0.7", "checks.example"])
def test_other_machines_are_served_with_a_token_only(host):
    with pytest.raises(ServiceError, match="needs a token"):
        Options(host=host)
    assert Options(host=host, token="0123456789abcdef").is_local is False
    assert json.dumps(str(Options(host="::1").is_local)) == '"True"'


def test_a_token_is_long_and_plain():
    with pytest.raises(ServiceError, match="at least 16 characters, has 3"):
        Options(token="abc")
    with pytest.raises(ServiceError, match="without spaces"):
        Options(token="口令口令口令口令口令口令口令口令")
