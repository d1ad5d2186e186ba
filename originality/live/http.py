"""One request with bounds on time and size, repeated with patience where a server fails.

Enters: an address below one base, and parameters. Leaves: what a `read` function makes of the whole reply. The access
token is put in below everything that logs requests or keeps them in errors, so that no address anywhere shows it.
"""

from __future__ import annotations

import json
import logging
import queue
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http.cookiejar import CookieJar, DefaultCookiePolicy
from types import TracebackType
from typing import Any, Self, TypeVar
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import httpx

from originality import __version__
from originality.live.faults import BadReply, Fault, QuotaSpent, RequestFault, Unreachable
from originality.live.surroundings import Surroundings
from originality.live.token import Token
from originality.settings import LiveSettings

AGENT = f"originality/{__version__} (checks drafts against published posts)"
_LATER = "Run the same command again later; what came so far is in the index."
_WIRE_LOGS = ("httpcore.connection", "httpcore.http11", "httpcore.http2", "httpcore.proxy")
_LOCAL = frozenset({"127.0.0.1", "localhost", "::1"})

Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """A whole reply of a server."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    host: str

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode("utf-8", "replace")

    def document(self) -> dict[str, Any] | None:
        """Return the JSON object of the body, or None where it is none."""
        try:
            value = json.loads(self.body)
        except (ValueError, RecursionError):
            return None
        return value if isinstance(value, dict) else None

    def must_be_fine(self, now: datetime) -> None:
        """Raise the error that a status other than 200 stands for."""
        if self.status == httpx.codes.OK:
            return
        wait = retry_after(self.headers.get("retry-after", ""), now)
        if self.status == httpx.codes.TOO_MANY_REQUESTS:
            raise QuotaSpent(f"{self.host} asks for fewer requests (HTTP 429). {_LATER}", wait=wait)
        if self.status >= httpx.codes.INTERNAL_SERVER_ERROR:
            raise Unreachable(f"{self.host} failed (HTTP {self.status}). {_LATER}", wait=wait)
        raise RequestFault(f"{self.host} refused the request (HTTP {self.status}). Check the address in the settings.")


def retry_after(value: str, now: datetime) -> float | None:
    """Return the seconds that a Retry-After header asks for; None where it asks for nothing readable."""
    if value.strip().isdigit():
        return float(value)
    try:
        until = parsedate_to_datetime(value)
    except (ValueError, TypeError):
        return None
    return max(0.0, (until.replace(tzinfo=until.tzinfo or UTC) - now).total_seconds())


class Fetcher:
    """Asks one server. Keeps no cookies and follows no redirects; a context manager."""

    def __init__(
        self,
        base_url: str,
        settings: LiveSettings,
        around: Surroundings,
        *,
        before: Callable[[], None] = lambda: None,
        token: Token | None = None,
        retries: int = 0,
    ) -> None:
        """Connect to nothing yet.

        Args:
            base_url: what all paths are below.
            settings: bounds on time, size and patience.
            around: clock, sleep and chance.
            before: called before each attempt; it counts, waits, or raises.
            token: goes with each request; a request without one uses no proxy.
            retries: attempts after the first.
        """
        self._base = base_url
        self._settings = settings
        self._around = around
        self._before = before
        self._token = token
        self._retries = retries
        self._wire_logs = [logging.getLogger(name) for name in _WIRE_LOGS] if token else []
        self._client = self._connect()

    def __enter__(self) -> Self:
        """Return itself."""
        for log in self._wire_logs:
            log.addFilter(self._hide)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the connections."""
        self._client.close()
        for log in self._wire_logs:
            log.removeFilter(self._hide)

    def get(self, path: str, parameters: Mapping[str, str], read: Callable[[Reply], Answer]) -> Answer:
        """Return what `read` makes of the reply; what it raises as a passing failure is tried again.

        Raises:
            Fault: the last failure.
        """
        attempt = 0
        while True:
            self._before()
            try:
                return read(self._whole(path, parameters))
            except (Unreachable, QuotaSpent) as fault:
                pause = self._pause(attempt, fault)
                if attempt >= self._retries or pause is None:
                    raise
            attempt += 1
            self._around.sleep(pause)

    def _pause(self, attempt: int, fault: Fault) -> float | None:
        """Return how long to wait before the next attempt; None where it is not worth one."""
        if fault.wait is None:
            if isinstance(fault, QuotaSpent):
                return None
            spread = 0.5 + self._around.chance() / 2
            return float(min(self._settings.backoff * 2**attempt, self._settings.longest_wait) * spread)
        return fault.wait if fault.wait <= self._settings.longest_wait else None

    def _whole(self, path: str, parameters: Mapping[str, str]) -> Reply:
        """Return the whole reply within the total time, which no timeout of a single read can promise."""
        client, given_up = self._client, threading.Event()
        outcome: queue.SimpleQueue[Reply | BaseException] = queue.SimpleQueue()

        def exchange() -> None:
            try:
                outcome.put(self._exchange(client, path, parameters))
            except BaseException as error:
                outcome.put(error)
            if given_up.is_set():
                client.close()

        threading.Thread(target=exchange, daemon=True).start()
        try:
            result = outcome.get(timeout=self._settings.total_timeout)
        except queue.Empty:
            given_up.set()
            self._client = self._connect()
            raise self._unreachable(f"no whole answer within {self._settings.total_timeout:g} s") from None
        if isinstance(result, httpx.HTTPError):
            raise self._unreachable(str(result) or type(result).__name__) from result
        if isinstance(result, BaseException):
            raise result
        return result

    def _exchange(self, client: httpx.Client, path: str, parameters: Mapping[str, str]) -> Reply:
        deadline = time.monotonic() + self._settings.total_timeout
        body = bytearray()
        with client.stream("GET", path, params=dict(parameters)) as response:
            for piece in response.iter_bytes():
                body += piece
                if len(body) > self._settings.most_bytes:
                    raise BadReply(
                        f"{response.url.host} sent more than {self._settings.most_bytes:,} bytes where a page of "
                        "posts was asked for. Check the address in the settings."
                    )
                if time.monotonic() > deadline:
                    raise httpx.ReadTimeout("too slow")
        return Reply(status=response.status_code, headers=response.headers, body=bytes(body), host=response.url.host)

    def _unreachable(self, seen: str) -> Unreachable:
        shown = " ".join(seen.split())[:200]
        host = urlsplit(self._base).hostname
        return Unreachable(f"{host} gave no answer ({self._token.redacted(shown) if self._token else shown}). {_LATER}")

    def _hide(self, record: logging.LogRecord) -> bool:
        """Take the token out of what the wire logs: a server may send it back in a header."""
        if self._token:
            record.msg, record.args = self._token.redacted(record.getMessage()), ()
        return True

    def _connect(self) -> httpx.Client:
        plain = httpx.HTTPTransport(proxy=proxy_for(self._base) if self._token else None)
        transport = _Signing(plain, self._token) if self._token else plain
        return httpx.Client(
            base_url=self._base,
            headers={"User-Agent": AGENT, "Accept": "application/json"},
            timeout=httpx.Timeout(self._settings.read_timeout, connect=self._settings.connect_timeout),
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=())),
            follow_redirects=False,
            transport=transport,
        )


class _Signing(httpx.BaseTransport):
    """Adds the token to a request on its way out: the request that httpx logs and keeps in errors never has it."""

    def __init__(self, inner: httpx.BaseTransport, token: Token) -> None:
        self._inner = inner
        self._token = token

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send the signed request."""
        url = request.url.copy_merge_params({"access_token": self._token.reveal()})
        return self._inner.handle_request(
            httpx.Request(request.method, url, headers=request.headers, extensions=request.extensions)
        )

    def close(self) -> None:
        """Close the connections."""
        self._inner.close()


def proxy_for(url: str) -> str | None:
    """Return the company's proxy that the environment names for an address, if any."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    if host in _LOCAL or proxy_bypass(host):
        return None
    proxies = getproxies()
    proxy = proxies.get(parts.scheme) or proxies.get("all")
    return proxy if not proxy or "://" in proxy else f"http://{proxy}"
