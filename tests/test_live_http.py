"""One request: bounds on time and size, patience with servers that fail, and a token that nobody sees."""

from __future__ import annotations

import copy
import gzip
import logging
import pickle
import socket
import sys
import time
import traceback
import types
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from originality.live.faults import BadReply, Fault, QuotaSpent, RequestFault, TokenFault, Unreachable
from originality.live.http import AGENT, Fetcher, Reply, proxy_for, retry_after
from originality.live.surroundings import Surroundings
from originality.live.token import Token, find_token
from originality.settings import LiveSettings
from tests.live_runs import NOON, around, settings_for
from tests.weibo_server import TOKEN, Answer, Clock, Weibo, running

PATH = "/2/somewhere.json"
FINE = Answer(body={"fine": True})


@pytest.fixture
def weibo():
    with running() as served:
        yield served


def read(reply: Reply) -> dict[str, object]:
    reply.must_be_fine(NOON)
    return reply.document() or {}


def fetch(
    weibo: Weibo, clock: Clock | None = None, *, token: Token | None = None, retries: int = 0, **more: Any
) -> Any:
    world = around(clock or Clock(NOON))
    with Fetcher(weibo.url, settings_for(weibo, **more), world, token=token, retries=retries) as fetcher:
        return fetcher.get(PATH, {"a": "b c"}, read)


def fault_of(kind: type[Fault], action: Callable[[], object]) -> str:
    with pytest.raises(kind) as error:
        action()
    message = str(error.value)
    assert message
    assert "\n" not in message
    return message


def test_a_request_says_honestly_who_asks(weibo):
    weibo.next[PATH].append(FINE)
    assert fetch(weibo) == {"fine": True}
    (asked,) = weibo.asked
    assert asked.parameters == {"a": "b c"}
    assert asked.headers["User-Agent"] == AGENT
    assert AGENT.startswith("originality/")
    assert "Cookie" not in asked.headers


def test_the_back_off_doubles_is_spread_and_ends(weibo):
    clock = Clock(NOON)
    weibo.next[PATH].extend([Answer(status=503)] * 3 + [FINE])
    assert fetch(weibo, clock, retries=4, backoff=2.0) == {"fine": True}
    assert clock.slept == [1.5, 3.0, 6.0]  # with a chance of one half
    weibo.next[PATH].extend([Answer(status=500)] * 3)
    assert "HTTP 500" in fault_of(Unreachable, lambda: fetch(weibo, retries=2))
    assert len(weibo.asked) == 4 + 3


def test_a_pause_is_never_longer_than_its_cap(weibo):
    clock = Clock(NOON)
    weibo.next[PATH].extend([Answer(status=502)] * 6 + [FINE])
    fetch(weibo, clock, retries=6, backoff=50.0, longest_wait=60.0)
    assert max(clock.slept) <= 60.0


def test_retry_after_is_obeyed_up_to_what_patience_allows(weibo):
    clock = Clock(NOON)
    weibo.next[PATH].extend([Answer(status=429, headers={"Retry-After": "7"}), FINE])
    assert fetch(weibo, clock, retries=1) == {"fine": True}
    assert clock.slept == [7.0]
    weibo.next[PATH].append(Answer(status=429, headers={"Retry-After": "3600"}))
    with pytest.raises(QuotaSpent) as error:
        fetch(weibo, clock, retries=1)
    assert error.value.wait == 3600
    assert clock.slept == [7.0]


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120.0),
        ("Mon, 02 Mar 2020 04:01:00 GMT", 60.0),
        ("Mon, 02 Mar 2020 03:00:00 GMT", 0.0),
        ("bald", None),
        ("", None),
    ],
)
def test_what_retry_after_can_say(value, seconds):
    assert retry_after(value, datetime(2020, 3, 2, 4, tzinfo=UTC)) == seconds


def test_a_truncated_body_is_no_answer(weibo):
    weibo.next[PATH].extend([Answer(body=b'{"statuses": []}', missing=40), FINE])
    assert fetch(weibo, retries=1) == {"fine": True}
    weibo.next[PATH].append(Answer(body=b'{"statuses": []}', missing=40))
    assert "gave no answer" in fault_of(Unreachable, lambda: fetch(weibo))


def test_a_server_that_drips_is_left_after_the_total_time(weibo):
    for drip in (0.01, 0.05):  # within the time of a single read, for ever in all
        weibo.next[PATH].append(Answer(body=b"x" * 100_000, drip=drip))
        began = time.monotonic()
        message = fault_of(Unreachable, lambda: fetch(weibo, read_timeout=5.0, total_timeout=0.3))
        assert "no whole answer within 0.3 s" in message
        assert time.monotonic() - began < 2.0


def test_a_silent_server_is_left_after_the_time_of_a_read(weibo):
    weibo.delay = 0.6
    assert "gave no answer" in fault_of(Unreachable, lambda: fetch(weibo, read_timeout=0.1))


def test_a_server_that_is_not_there_is_one_line(weibo):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        weibo.url = f"http://127.0.0.1:{free.getsockname()[1]}"
    assert "127.0.0.1 gave no answer" in fault_of(Unreachable, lambda: fetch(weibo))


def test_a_reply_without_end_is_cut_off(weibo):
    weibo.next[PATH].append(Answer(body=b"[" * 300_000))
    assert "more than 100,000 bytes" in fault_of(BadReply, lambda: fetch(weibo, most_bytes=100_000))
    bomb = gzip.compress(b" " * 5_000_000)
    weibo.next[PATH].append(Answer(body=bomb, headers={"Content-Encoding": "gzip"}))
    assert "more than 100,000 bytes" in fault_of(BadReply, lambda: fetch(weibo, most_bytes=100_000))


def test_a_body_that_is_not_what_its_header_says_is_no_answer(weibo):
    weibo.next[PATH].append(Answer(body=b"not gzip at all", headers={"Content-Encoding": "gzip"}))
    assert "gave no answer" in fault_of(Unreachable, lambda: fetch(weibo))


def test_redirects_are_not_followed_and_cookies_not_kept(weibo):
    world = around(Clock(NOON))
    weibo.next[PATH].extend(
        [Answer(status=302, headers={"Location": "/elsewhere", "Set-Cookie": "SUB=visitor; Path=/"}), FINE]
    )
    with Fetcher(weibo.url, settings_for(weibo), world) as fetcher:
        assert "HTTP 302" in fault_of(RequestFault, lambda: fetcher.get(PATH, {}, read))
        assert fetcher.get(PATH, {}, read) == {"fine": True}
    assert weibo.paths() == [PATH, PATH]
    assert "Cookie" not in weibo.asked[1].headers


def test_what_is_called_before_each_attempt_can_forbid_it(weibo):
    calls = []

    def count() -> None:
        calls.append(1)
        if len(calls) > 2:
            raise Fault("enough")

    weibo.next[PATH].extend([Answer(status=503)] * 5)
    with Fetcher(weibo.url, settings_for(weibo), around(Clock(NOON)), before=count, retries=4) as fetcher:
        assert fault_of(Fault, lambda: fetcher.get(PATH, {}, read)) == "enough"
    assert len(weibo.asked) == 2


# -- the token ---------------------------------------------------------------------------------------------------------


def test_the_token_goes_out_and_nowhere_else(weibo, caplog):
    caplog.set_level(logging.DEBUG)
    token = Token(TOKEN)
    weibo.next[PATH].extend([FINE, Answer(status=400), Answer(body=b"{", missing=9), Answer(status=302)])
    assert fetch(weibo, token=token) == {"fine": True}
    assert weibo.asked[0].parameters["access_token"] == TOKEN
    shown = [caplog.text]
    for _ in range(3):
        with pytest.raises(Fault) as error:
            fetch(weibo, token=token)
        shown += [repr(error.value), "".join(traceback.format_exception(error.value))]
        shown += [str(vars(each)) for each in _chain(error.value)]
    shown.append(caplog.text)
    assert any("127.0.0.1" in text for text in shown)  # something was logged, or this proves nothing
    assert not any(TOKEN in text for text in shown)
    assert not any(TOKEN[8:20] in text for text in shown)


def _chain(error: BaseException | None) -> list[BaseException]:
    chain = []
    while error is not None:
        chain.append(error)
        error = error.__cause__ or error.__context__
    return chain


def test_a_token_shows_itself_to_nobody():
    token = Token(TOKEN)
    for text in (repr(token), str(token), f"{token}", f"{token!r}", repr({"token": token}), repr([token])):
        assert TOKEN not in text
    for action in (lambda: pickle.dumps(token), lambda: copy.deepcopy(token)):
        with pytest.raises(TypeError):
            action()
    assert token.redacted(f"bad {TOKEN}!") == "bad [token]!"


def test_where_a_token_is_looked_for(monkeypatch):
    monkeypatch.setitem(sys.modules, "keyring", None)  # as if it were not installed
    given = {"ORIGINALITY_WEIBO_TOKEN": " general-token\n", "ORIGINALITY_WEIBO_TOKEN_77777": "particular-token"}
    assert find_token("77777", given).reveal() == "particular-token"
    assert find_token("88888", given).reveal() == "general-token"
    message = fault_of(TokenFault, lambda: find_token("77777", {}))
    assert "ORIGINALITY_WEIBO_TOKEN" in message
    assert "keyring" in message


def test_the_keyring_is_asked_where_there_is_one(monkeypatch):
    class KeyringError(Exception):
        pass

    kept = {("originality", "77777"): "kept-for-this-account", ("originality", "weibo"): "kept-for-all"}

    def get_password(service: str, name: str) -> str | None:
        if name == "locked":
            raise KeyringError
        return kept.get((service, name))

    keyring, errors = types.ModuleType("keyring"), types.ModuleType("keyring.errors")
    vars(keyring).update(get_password=get_password, errors=errors)
    vars(errors).update(KeyringError=KeyringError)
    monkeypatch.setitem(sys.modules, "keyring", keyring)
    monkeypatch.setitem(sys.modules, "keyring.errors", errors)
    assert find_token("77777", {}).reveal() == "kept-for-this-account"
    assert find_token("locked", {}).reveal() == "kept-for-all"
    kept.clear()
    fault_of(TokenFault, lambda: find_token("77777", {}))


def test_a_companys_proxy_is_taken_from_the_environment(monkeypatch):
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    assert proxy_for("https://c.api.weibo.com") is None
    monkeypatch.setenv("https_proxy", "proxy.example.com:3128")
    assert proxy_for("https://c.api.weibo.com") == "http://proxy.example.com:3128"
    assert proxy_for("http://127.0.0.1:8000") is None
    monkeypatch.setenv("no_proxy", "weibo.com")
    assert proxy_for("https://c.api.weibo.com") is None


@pytest.mark.parametrize(
    "value", ["短", "two words here", "line\nbreak-in-it", "x" * 600, "tab\tinside", "中文令牌不行啊啊", "a&b=c?d/e"]
)
def test_a_malformed_token_is_refused_unseen(value):
    message = fault_of(TokenFault, lambda: find_token("1", {"ORIGINALITY_WEIBO_TOKEN": value}))
    assert value not in message


# -- settings ----------------------------------------------------------------------------------------------------------


def test_addresses_come_from_the_environment_and_must_be_safe():
    from originality.errors import SettingsError

    given = {"ORIGINALITY_BUSINESS_URL": "https://gateway.example.com/weibo", "ORIGINALITY_PUBLIC_WEB": "1"}
    settings = LiveSettings.from_environment(given)
    assert settings.business_url == "https://gateway.example.com/weibo"
    assert settings.api_url == "https://api.weibo.com"
    assert settings.public_web
    assert not LiveSettings.from_environment({}).public_web
    assert not LiveSettings.from_environment({"ORIGINALITY_PUBLIC_WEB": "yes"}).public_web
    for url in ("http://api.weibo.com", "ftp://x", "https://", "api.weibo.com", "https://user@host", "https://h/?t=1"):
        with pytest.raises(SettingsError, match="https"):
            LiveSettings(api_url=url)


def test_chance_and_clock_are_real_unless_replaced():
    world = Surroundings()
    assert world.now().tzinfo is not None
    assert 0 <= world.chance() < 1
    world.sleep(0)
