"""The HTTP service as publishing systems meet it: a real process, real requests, every refusal in one line."""

from __future__ import annotations

import json
import re
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest
from jsonschema import Draft202012Validator

from originality.gate.schema import check_result, gate_decision
from originality.index import open_index
from tests.brand_posts import COPIED, FRESH
from tests.command_line import built, failed, run
from tests.gates import policy_file
from tests.services import LINES, TOKEN, service

RULES = """
name = "汀步茶室"
version = "2026-11"
account = "汀步茶室"
"""


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built(tmp_path_factory.mktemp("served"))


@pytest.fixture(scope="module")
def rules(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return policy_file(tmp_path_factory.mktemp("rules"), RULES)


@pytest.fixture(scope="module")
def audit(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("audit") / "audit.jsonl"


@pytest.fixture(scope="module")
def served(index, rules, audit):
    with service(index, "--policy", rules, "--audit", audit, "--rate", 0) as running:
        yield running


def refused(response: httpx.Response, status: int, *words: str) -> None:
    assert response.status_code == status
    assert response.headers["content-type"] == "application/json"
    assert list(response.json()) == ["error"]
    message = response.json()["error"]
    assert message
    assert "\n" not in message
    for word in words:
        assert word in message


def test_a_draft_is_checked_as_on_the_command_line(served, index):
    answer = served.post("/check", {"text": COPIED, "id": "d1"})
    assert answer.status_code == 200
    Draft202012Validator(check_result()).validate(answer.json())
    printed = json.loads(run("check", COPIED, "--json", "--index", index, "--lang", "en").stdout)
    changing = {"id", "elapsed_ms"}
    assert {k: v for k, v in answer.json().items() if k not in changing} == {
        k: v for k, v in printed.items() if k not in changing
    }
    assert answer.json()["id"] == "d1"
    assert served.post("/check", {"text": COPIED, "account": "麦岸烘焙"}).json()["matches"][0]["account"] != "麦岸烘焙"
    early = served.post("/check", {"text": COPIED, "published_at": "2026-11-02T07:00:00"}).json()
    assert early["verdict"] != "copied"


def test_a_draft_is_gated_and_written_down_before_the_answer(served, audit):
    answer = served.post("/gate", {"text": COPIED, "id": "秋茶-7"})
    Draft202012Validator(gate_decision()).validate(answer.json())
    assert answer.json()["action"] == "block"
    assert answer.json()["reasons"][0].startswith("Wording: risk")
    last = json.loads(audit.read_text().splitlines()[-1])
    assert (last["id"], last["action"], last["account"]) == ("秋茶-7", "block", "汀步茶室")
    assert last["at"] == answer.json()["decided_at"]
    named = served.post("/gate", {"text": FRESH, "policy": "汀步茶室"}).json()
    assert named["policy"]["version"] == "2026-11"
    refused(served.post("/gate", {"text": FRESH, "policy": "别家"}), 422, "policy must be one of 汀步茶室")


def test_a_batch_is_answered_line_by_line_in_order(served):
    lines = [
        '{"text": "早", "id": "a"}',
        "",
        "oops",
        json.dumps({"text": COPIED}),
        '{"id": 7}',
        '{"text": "x", "y": 1}',
    ]
    with served.client.stream("POST", "/batch", content="\n".join(lines).encode(), headers=LINES) as response:
        assert response.headers["content-type"].startswith("application/x-ndjson")
        answers = [json.loads(line) for line in response.iter_lines()]
    assert [answer.get("action") for answer in answers] == ["warn", None, "block", None, None]
    assert [answer.get("line") for answer in answers] == [None, 3, None, 5, 6]
    assert answers[0]["result"]["id"] == "a"
    assert answers[2]["result"]["id"] == "4"
    assert "JSON" in answers[1]["error"]
    assert "text: Field required" in answers[3]["error"]
    assert "y: Extra inputs" in answers[4]["error"]
    checked = served.batch('{"text": "早"}'.encode(), "/batch?answer=check")
    assert json.loads(checked.text)["verdict"] == "undetermined"
    refused(served.client.post("/batch", content=b"{}", headers={"content-type": "text/plain"}), 415, "x-ndjson")


def test_health_and_metrics(served):
    health = served.client.get("/healthz").json()
    assert health["status"] == "ok"
    assert health["index"]["posts"] == 10
    assert health["policies"] == ["汀步茶室"]
    served.post("/gate", {"text": COPIED})
    text = served.client.get("/metrics").text
    assert re.search(r'originality_decisions_total\{action="block",policy="汀步茶室"\} [1-9]', text)
    assert re.search(r'originality_requests_total\{path="/gate",status="200"\} [1-9]', text)
    assert "originality_index_posts 10.0" in text
    assert "凌晨四点" not in text


def test_the_page_explains_all_without_foreign_addresses(served):
    page = served.client.get("/docs")
    assert "<script" not in page.text
    assert re.findall(r'(?:src|href)="([^"]*)"', page.text) == ["/openapi.json"]
    assert "default-src 'none'" in page.headers["content-security-policy"]
    for path in served.client.get("/openapi.json").json()["paths"]:
        assert path in page.text


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({}, ["text: Field required"]),
        ({"text": 7}, ["text: Input should be a valid string"]),
        ({"text": "早", "accuont": "x"}, ["accuont: Extra inputs are not permitted"]),
        ({"text": "早", "published_at": "明天"}, ["published_at: "]),
        ({"text": "早", "published_at": "9999-12-31T23:59:59Z"}, ["published_at: ", "1990 to 2099"]),
        ({"text": ["凌晨"]}, ["text: "]),
        (["早"], ["Input should be"]),
    ],
)
def test_wrong_fields_are_named_and_never_quoted(served, body, words):
    answer = served.client.post("/check", content=json.dumps(body), headers={"content-type": "application/json"})
    refused(answer, 422, *words)
    assert "凌晨" not in answer.text


def test_what_is_no_request_gets_one_line_too(served):
    refused(served.client.get("/nowhere"), 404, "Not Found")
    refused(served.client.get("/check"), 405)
    for body, status in ((b"\xff\xfe", 422), (b'{"text": "\xff"}', 400), (b"[" * 100_000, 400)):
        answer = served.client.post("/check", content=body, headers={"content-type": "application/json"})
        refused(answer, status)
    refused(served.client.post("/check", content=b'{"text": "a"}', headers={"content-type": "text/plain"}), 422)
    refused(served.client.get("/healthz", headers={"host": "evil.example"}), 421, "localhost")


def test_damaged_characters_are_judged_in_a_draft_and_refused_in_an_id(served):
    body = json.dumps({"text": f"{COPIED}\ud83d"}).encode()
    answer = served.client.post("/check", content=body, headers={"content-type": "application/json"})
    assert (answer.json()["verdict"], answer.json()["caveats"]) == ("copied", ["invalid_characters"])
    body = json.dumps({"text": COPIED, "id": "\ud800"}).encode()
    refused(served.client.post("/check", content=body, headers={"content-type": "application/json"}), 422, "id: ")


def test_too_large_bodies_are_refused_whether_they_say_so_or_not(served):
    large = json.dumps({"text": "长" * 300_000}).encode()
    refused(served.client.post("/check", content=large), 413, "262,144 bytes")

    def dripping() -> Iterator[bytes]:
        for _ in range(40):
            yield b" " * 10_000

    refused(served.client.post("/check", content=dripping()), 413)


def test_many_clients_at_once_all_get_their_own_answer(served):
    def ask(number: int) -> tuple[int, str, bool]:
        answer = httpx.post(
            f"{served.url}/gate",
            json={"text": (COPIED, FRESH)[number % 2], "id": str(number)},
            timeout=60,
            trust_env=False,
        )
        return answer.status_code, answer.json()["result"]["id"], answer.json()["result"]["verdict"] == "copied"

    with ThreadPoolExecutor(24) as pool:
        answers = list(pool.map(ask, range(48)))
    assert answers == [(200, str(number), number % 2 == 0) for number in range(48)]


def test_a_token_is_asked_for_and_one_client_may_not_flood(index, rules):
    with service(index, "--policy", rules, "--rate", 3, token=TOKEN) as running:
        stranger = httpx.Client(base_url=running.url, trust_env=False)
        refused(stranger.post("/gate", json={"text": "早"}), 401, "Authorization: Bearer")
        refused(stranger.get("/metrics", headers={"authorization": "Bearer x"}), 401)
        assert stranger.get("/healthz").status_code == 200
        assert stranger.get("/docs").status_code == 200
        stranger.close()
        answers = [running.post("/gate", {"text": "早"}) for _ in range(4)]
        assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
        refused(answers[3], 429, "Come back in")
        assert 1 <= int(answers[3].headers["retry-after"]) <= 21
        assert running.client.get("/healthz").status_code == 200


def test_an_index_that_is_built_anew_underneath_is_said(tmp_path, rules):
    index = built(tmp_path)
    with service(index, "--policy", rules) as running:
        assert running.post("/gate", {"text": "早"}).status_code == 200
        with open_index(index) as other, other.store.transaction() as database:
            database.execute("UPDATE meta SET value='v9;other' WHERE key='stamp'")
        refused(running.post("/gate", {"text": "早"}), 503, "now it has v9;other")
        refused(running.client.get("/healthz"), 503, "built anew")
        (line,) = running.batch('{"text": "早"}'.encode()).text.splitlines()
        assert "built anew" in json.loads(line)["error"]
        assert running.stop() == ""
        assert running.process.returncode == 0


def test_on_sigterm_it_answers_what_was_begun_and_takes_nothing_new(index, rules):
    with service(index, "--policy", rules) as running:
        lines = b"\n".join([json.dumps({"text": f"{COPIED}第{i}版"}).encode() for i in range(60)])
        answers: list[str] = []

        def ask() -> None:
            with running.client.stream("POST", "/batch", content=lines, headers=LINES) as response:
                answers.extend(response.iter_lines())

        thread = threading.Thread(target=ask)
        thread.start()
        while not answers:
            time.sleep(0.01)
        left = running.stop()
        thread.join()
        assert running.process.returncode == 0
        assert len(answers) == 60
        assert left == ""
        address = running.url.removeprefix("http://").split(":")
        with pytest.raises(OSError, match="refused"):
            socket.create_connection((address[0], int(address[1])), timeout=5)


def test_it_does_not_start_in_a_way_that_cannot_be_meant(index, rules, tmp_path):
    failed(run("serve", "--index", index, "--host", "0.0.0.0", ORIGINALITY_TOKEN=""), "ORIGINALITY_TOKEN", "0.0.0.0")
    failed(run("serve", "--index", index, ORIGINALITY_TOKEN="kurz"), "at least 16 characters, has 4")
    failed(run("serve", "--index", tmp_path, ORIGINALITY_TOKEN=""), "posts.sqlite is missing")
    failed(
        run("serve", "--index", index, "--policy", rules, "--policy", rules, ORIGINALITY_TOKEN=""), "different names"
    )
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        failed(run("serve", "--index", index, "--port", port, ORIGINALITY_TOKEN=""), f"port {port}", "--port")


def test_without_a_policy_it_only_checks(index):
    with service(index) as running:
        assert running.post("/check", {"text": FRESH}).status_code == 200
        refused(running.post("/gate", {"text": FRESH}), 422, "no policy", "--policy")
        refused(running.batch(b"{}"), 422, "no policy")
