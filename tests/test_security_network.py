"""Who is let in, and what they can do to the page and the service (docs/security.md)."""

from __future__ import annotations

import asyncio
import http.client
import logging
import pickle
import socket
import subprocess
import sys
import time
import traceback
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from originality import Policy
from originality.addresses import is_loopback
from originality.cli import main
from originality.cli.app import SECRETS, command_line, has_login
from originality.errors import ServiceError
from originality.live.token import HIDDEN, Token
from originality.serve.application import PATHS, make_application
from originality.serve.crew import Threads
from originality.serve.desk import Desk
from originality.serve.guard import Guard
from originality.serve.metrics import Metrics
from originality.serve.options import Options
from tests.command_line import ROOT, built, failed, process, run
from tests.gates import gatekeeper
from tests.services import TOKEN

OTHERS = ("0.0.0.0", "::", "192.168.1.7", "intranet.example", "")
LOCAL = ("127.0.0.1", "127.0.0.9", "::1", "localhost")


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built(tmp_path_factory.mktemp("network"))


# -- the page ----------------------------------------------------------------------------------------------------------


def test_only_this_machine_is_served_unless_told_otherwise():
    defaults = {
        name: next(option.default for option in main.commands[name].params if option.name == option_name)
        for name, option_name in (("app", "address"), ("serve", "host"))
    }
    assert set(defaults.values()) == {"127.0.0.1"}
    assert Options().host == "127.0.0.1"
    assert all(map(is_loopback, LOCAL))
    assert not any(map(is_loopback, (*OTHERS, None)))
    config = (ROOT / ".streamlit" / "config.toml").read_text("utf-8")
    assert 'address = "127.0.0.1"' in config
    assert 'showErrorDetails = "none"' in config


@pytest.mark.parametrize("address", OTHERS)
def test_the_page_does_not_start_for_others_without_a_login(index, tmp_path, monkeypatch, address):
    monkeypatch.setattr("os.execve", lambda *arguments: pytest.fail("it was started"))
    monkeypatch.setenv("HOME", str(tmp_path))
    answer = run("app", "--index", index, "--address", address)
    failed(answer, "没有设置登录", address or '""')
    english = run("app", "--index", index, "--address", address, ORIGINALITY_LANG="en")
    assert english.stderr.startswith("error: There is no login")


def test_a_login_lets_the_page_start_for_others(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    beside = tmp_path / "page"
    assert not has_login(beside)
    for folder in (beside, tmp_path / "home"):
        (folder / SECRETS).parent.mkdir(parents=True)
        (folder / SECRETS).write_text("[other]\nx = 1\n", encoding="utf-8")
        assert not has_login(beside)
        (folder / SECRETS).write_text("[auth\nbroken", encoding="utf-8")
        assert not has_login(beside)
        (folder / SECRETS).write_text('[auth]\nclient_id = "x"\n', encoding="utf-8")
        assert has_login(beside)
        (folder / SECRETS).unlink()


def test_the_page_starts_with_nothing_of_the_folder_that_the_user_is_in(index, tmp_path, monkeypatch):
    """Neither its modules nor its .streamlit folder, where somebody could have put a login of his own."""
    started: list[Any] = []
    monkeypatch.setattr("os.execve", lambda *arguments: started.append((Path.cwd(), *arguments)))
    monkeypatch.chdir(tmp_path)
    assert run("app", "--index", index).exit_code == 0
    ((folder, _, command, environment),) = started
    assert folder == ROOT
    assert command[1:4] == ["-P", str(ROOT / "page" / "server.py"), "run"]
    assert environment["ORIGINALITY_INDEX"] == str(index.resolve())


def test_processes_that_share_the_work_load_nothing_of_that_folder(tmp_path):
    """A file of exports could be called like a module."""
    from tests.hostile import code

    for name in ("threadpoolctl.py", "originality.py", "numpy.py"):
        (tmp_path / name).write_text(code(tmp_path / f"ran {name}"), encoding="utf-8")
    asked = subprocess.run(
        [
            sys.executable, "-P", "-c",
            "import sys; sys.path.insert(0, sys.argv[1])\n"
            "from originality.workers import Helper\n"
            "helper = Helper((len, ()))\n"
            "try:\n    helper.start()\nexcept Exception as error:\n    print(type(error).__name__)\n"
            "helper.kill(); helper.close()",
            str(ROOT),
        ],
        cwd=tmp_path, capture_output=True, text=True, timeout=300, check=True,
    )  # fmt: skip
    assert asked.stdout.strip() == "TypeError", "the helper answered: len() takes an argument"
    assert not list(tmp_path.glob("ran *"))


@pytest.fixture(scope="module")
def page_port(index: Path) -> Iterator[int]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with subprocess.Popen(
        process("app", "--index", index, "--port", port), cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as page:
        try:
            deadline = time.monotonic() + 300
            while time.monotonic() < deadline and page.poll() is None:
                try:
                    if httpx.get(f"http://127.0.0.1:{port}/_stcore/health", trust_env=False, timeout=30).text == "ok":
                        break
                except httpx.HTTPError:
                    time.sleep(0.5)
            yield port
        finally:
            page.kill()


@pytest.mark.parametrize(
    ("host", "origin", "status"),
    [
        ("127.0.0.1", "http://127.0.0.1", 101),
        ("localhost", "http://localhost", 101),
        ("evil.example", "http://evil.example", 403),
    ],
)
def test_the_page_answers_to_the_names_of_this_machine_only(page_port, host, origin, status):
    """A web page whose name leads to this machine meanwhile (DNS rebinding) asks under that name."""
    asking = http.client.HTTPConnection("127.0.0.1", page_port, timeout=60)
    asking.request(
        "GET",
        "/_stcore/stream",
        headers={
            "Host": f"{host}:{page_port}", "Origin": f"{origin}:{page_port}", "Connection": "Upgrade",
            "Upgrade": "websocket", "Sec-WebSocket-Version": "13", "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
        },
    )  # fmt: skip
    assert asking.getresponse().status == status
    asking.close()


def test_names_of_the_page_are_free_where_a_login_guards_it():
    page = ROOT / "app.py"
    assert command_line(page, 1, "0.0.0.0")[-2:] == ["--server.allowedHosts", "*"]
    assert "*" not in command_line(page, 1, "127.0.0.1")


# -- the service -------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with gatekeeper(tmp_path_factory.mktemp("desk")) as checker:
        yield Desk(Threads(checker), [Policy(name="某品牌")], None, Metrics(PATHS))


def asked(
    desk: Desk, method: str, path: str, *, host: str = "localhost", token: str = "", times: int = 1, **more: Any
) -> Any:
    """Ask a guarded service in this process; return the last answer."""
    options = more.pop("options", {})
    guard = Guard(make_application(desk, Metrics(PATHS)), Options(**options), Metrics(PATHS))
    headers = {**({"authorization": f"Bearer {token}"} if token else {}), **more.pop("headers", {})}

    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(guard, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url=f"http://{host}") as client:
            for _ in range(times):
                answer = await client.request(method, path, headers=headers, **more)
            return answer

    return asyncio.run(ask())


@pytest.mark.parametrize("host", OTHERS)
def test_the_service_does_not_start_for_others_without_a_token(host):
    with pytest.raises(ServiceError, match="needs a token"):
        Options(host=host)
    with pytest.raises(ServiceError, match="at least 16"):
        Options(host=host, token="short")


@pytest.mark.parametrize("path", ["/check", "/gate", "/batch", "/metrics", "/nowhere"])
@pytest.mark.parametrize("token", ["", "x", TOKEN[:-1], f"{TOKEN}x", "口令"])
def test_without_the_token_nothing_is_answered(desk, path, token):
    headers = {"authorization": f"Bearer {token}".encode()} if token else {}
    answer = asked(desk, "POST", path, options={"token": TOKEN}, headers=headers, json={"text": "早"})
    assert answer.status_code == 401
    assert TOKEN not in answer.text


def test_a_probe_without_the_token_learns_nothing_of_the_index(desk):
    known = asked(desk, "GET", "/healthz", token=TOKEN, options={"token": TOKEN})
    assert known.json()["policies"] == ["某品牌"]
    assert asked(desk, "GET", "/healthz", options={"token": TOKEN}).json() == {"status": "ok"}
    page = asked(desk, "GET", "/docs", options={"token": TOKEN})
    assert page.status_code == 200
    assert "某品牌" not in page.text


def test_without_a_token_the_service_answers_to_localhost_only(desk):
    assert asked(desk, "GET", "/healthz", host="evil.example").status_code == 421
    assert asked(desk, "GET", "/healthz", host="127.0.0.1:8502").status_code == 200


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/healthz"), ("POST", "/check"), ("GET", "/docs"), ("GET", "/no")]
)
def test_every_answer_says_that_it_is_nobody_elses(desk, method, path):
    answer = asked(desk, method, path, json={"text": "早"})
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["x-frame-options"] == "DENY"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["cross-origin-resource-policy"] == "same-origin"
    assert "access-control-allow-origin" not in answer.headers
    assert "server" not in answer.headers


def test_requests_are_bounded_in_size_rate_and_time(desk):
    assert asked(desk, "POST", "/check", content=b" " * (2**18 + 1)).status_code == 413
    assert asked(desk, "POST", "/batch", content=b" " * 2_000, options={"most_batch_bytes": 1_000}).status_code == 413
    limited = asked(desk, "POST", "/check", json={"text": "早"}, times=4, options={"rate": 3})
    assert limited.status_code == 429
    assert int(limited.headers["retry-after"]) >= 1

    async def dripping() -> AsyncIterator[bytes]:
        yield b"{"
        await asyncio.sleep(5)

    assert asked(desk, "POST", "/check", content=dripping(), options={"body_seconds": 0.05}).status_code == 408
    assert asked(desk, "GET", "/healthz", options={"most_waiting": 0}).status_code == 503


# -- tokens ------------------------------------------------------------------------------------------------------------


def test_no_token_is_shown_by_what_holds_it(caplog):
    token = Token("2.00abcDEF-secret")
    options = Options(token=TOKEN)
    with caplog.at_level(logging.DEBUG):
        logging.getLogger("x").warning("%s %r %s", token, token, options)
    told = traceback.format_exception_only(ValueError(token, options))
    shown = "".join((caplog.text, repr(token), str(token), repr(options), *told))
    assert HIDDEN in shown
    assert token.reveal() not in shown
    assert TOKEN not in shown
    assert token.redacted(f"GET /?access_token={token.reveal()}") == f"GET /?access_token={HIDDEN}"
    with pytest.raises(TypeError):
        pickle.dumps(token)


def test_a_wrong_token_is_not_repeated_by_the_error():
    for wrong in ("geheim", "geheim geheim geheim geheim"):
        with pytest.raises(ServiceError) as error:
            Options(token=wrong)
        assert "geheim" not in str(error.value)
