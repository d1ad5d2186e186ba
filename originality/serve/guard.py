"""Who may ask, how much and how often: everything that is settled before a request reaches the routes.

Bodies are read here, bounded in size and in time, so that no route ever waits for a client. Failures leave as one line
of JSON; what is logged of them is the kind of error and the place in the code, never what a client sent.
"""

from __future__ import annotations

import asyncio
import hmac
import json
import logging
import re
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, MutableMapping
from contextlib import suppress
from typing import Any

from originality.serve.faults import place_of
from originality.serve.metrics import Metrics
from originality.serve.options import Options

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

OPEN_PATHS = frozenset({"/healthz", "/docs", "/openapi.json"})  # for probes and people: nothing of the index in them
KNOWN = "originality.known"  # of a request: whether it came with the token, or none is needed
LOCAL_NAMES = frozenset({"localhost", "127.0.0.1", "[::1]"})
MOST_CLIENTS = 10_000  # remembered for the rate limit; the one not seen for longest is forgotten first
MOST_DISCARDED = 4 * 2**20  # bytes of a refused body that are read and thrown away
DISCARD_SECONDS = 2.0
_PORT = re.compile(r":\d*$")
_HEADERS = [
    (b"cache-control", b"no-store"),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-resource-policy", b"same-origin"),
]

logger = logging.getLogger(__name__)


class Refused(Exception):
    """A request is not let through; the message says why, in one line."""

    def __init__(self, status: int, why: str, **headers: str) -> None:
        super().__init__(why)
        self.status = status
        self.headers = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]


class Buckets:
    """How many requests each client may still send: so many at once, refilled over a minute."""

    def __init__(self, rate: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._rate = rate
        self._clock = clock
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def wait(self, client: str) -> float:
        """Take one from a client; return 0, or the seconds until it may come again."""
        if not self._rate:
            return 0.0
        now = self._clock()
        left, seen = self._left.pop(client, (float(self._rate), now))
        left = min(float(self._rate), left + (now - seen) * self._rate / 60)
        self._left[client] = (left - 1 if left >= 1 else left, now)
        if len(self._left) > MOST_CLIENTS:
            self._left.popitem(last=False)
        return 0.0 if left >= 1 else (1 - left) * 60 / self._rate


class _Incoming:
    """A body on its way."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self.ended = False

    async def more(self) -> bytes:
        """Return the next part."""
        message = await self._receive()
        self.ended = message["type"] != "http.request" or not message.get("more_body")
        part: bytes = message.get("body", b"")
        return part

    async def discard(self) -> None:
        """Let a refused client send what it has begun: cut off in the middle, many never read the refusal."""
        seen = 0
        with suppress(TimeoutError):
            async with asyncio.timeout(DISCARD_SECONDS):
                while not self.ended and seen < MOST_DISCARDED:
                    seen += len(await self.more())


class Guard:
    """An ASGI application around the routes."""

    def __init__(self, application: Application, options: Options, metrics: Metrics) -> None:
        """Stand before an application."""
        self._application = application
        self._options = options
        self._metrics = metrics
        self._buckets = Buckets(options.rate)
        self._waiting = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or have it answered."""
        if scope["type"] != "http":
            return
        began, status = time.perf_counter(), 0

        async def sending(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message = {**message, "headers": [*message["headers"], *_HEADERS]}
            await send(message)

        self._count(1)
        incoming = _Incoming(receive)
        try:
            body = await self._admit(scope, incoming)
            await self._application(scope, _replayed(body, receive), sending)
        except Refused as refusal:
            await incoming.discard()
            await _answer(sending, refusal.status, str(refusal), refusal.headers)
        except Exception as error:
            self._note(error)
            if not status:
                await _answer(sending, 500, "Something unforeseen went wrong; the log of the service says where.")
        finally:
            self._count(-1)
            self._metrics.answered(scope["path"], status, time.perf_counter() - began)

    async def _admit(self, scope: Scope, incoming: _Incoming) -> bytes:
        """Return the body of a request that may pass.

        Raises:
            Refused: it may not.
        """
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        self._check_host(headers)
        scope[KNOWN] = self._has_token(headers)
        if not scope[KNOWN] and scope["path"] not in OPEN_PATHS:
            raise Refused(
                401, "A token is needed: send the header Authorization: Bearer TOKEN.", www_authenticate="Bearer"
            )
        if self._waiting > self._options.most_waiting:
            raise Refused(503, "Too many requests are waiting. Come back in a moment.", retry_after="2")
        if scope["method"] == "POST":
            client = scope.get("client") or ("", 0)
            if wait := self._buckets.wait(client[0]):
                seconds = str(int(wait) + 1)
                raise Refused(429, f"Too many requests. Come back in {seconds} s.", retry_after=seconds)
        return await self._body(scope, headers, incoming)

    def _check_host(self, headers: dict[str, str]) -> None:
        """Without a token, let no web page in the browser of this machine reach us under a name of its own."""
        if not self._options.token and _PORT.sub("", headers.get("host", "")) not in LOCAL_NAMES:
            raise Refused(421, "Without a token this service answers to localhost only. Ask http://127.0.0.1.")

    def _has_token(self, headers: dict[str, str]) -> bool:
        """Say whether a request carries the token, or none is asked for; how long that takes tells nothing of it."""
        given, wanted = headers.get("authorization", ""), self._options.token
        return not wanted or hmac.compare_digest(given.encode(), f"Bearer {wanted}".encode())

    async def _body(self, scope: Scope, headers: dict[str, str], incoming: _Incoming) -> bytes:
        options = self._options
        most = options.most_batch_bytes if scope["path"] == "/batch" else options.most_bytes
        too_large = Refused(413, f"The body must have at most {most:,} bytes. Send it in parts.", connection="close")
        length = headers.get("content-length", "0")
        if length.isdecimal() and int(length) > most:
            raise too_large
        body = bytearray()
        try:
            async with asyncio.timeout(options.body_seconds):
                while not incoming.ended:
                    body += await incoming.more()
                    if len(body) > most:
                        raise too_large
        except TimeoutError:
            raise Refused(
                408, f"The body must arrive within {options.body_seconds:g} s. Send it again.", connection="close"
            ) from None
        return bytes(body)

    def _count(self, step: int) -> None:
        self._waiting += step
        self._metrics.waiting.set(self._waiting)

    def _note(self, error: Exception) -> None:
        self._metrics.failed()
        logger.error("%s", place_of(error))


def _replayed(body: bytes, receive: Receive) -> Receive:
    """Return what gives the routes a body that was read already, and then whatever the connection says."""
    given = False

    async def replay() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return replay


async def _answer(send: Send, status: int, why: str, headers: list[tuple[bytes, bytes]] | None = None) -> None:
    body = json.dumps({"error": why}, ensure_ascii=False).encode()
    start = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode()), *(headers or [])]
    await send({"type": "http.response.start", "status": status, "headers": start})
    await send({"type": "http.response.body", "body": body})
