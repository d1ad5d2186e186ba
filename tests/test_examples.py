"""The worked examples of docs/examples, run as their readers would run them."""

from __future__ import annotations

import base64
import csv
import hashlib
import hmac
import json
import os
import re
import runpy
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from tests.brand_posts import COPIED, FRESH
from tests.command_line import ROOT, built, run
from tests.services import TOKEN, service

EXAMPLES = ROOT / "docs" / "examples"
POLICY = EXAMPLES / "policy.toml"


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built(tmp_path_factory.mktemp("examples"))


def script(name: str, *arguments: object, given: str = "", **variables: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    return subprocess.run(
        [sys.executable, str(EXAMPLES / name), *map(str, arguments)],
        input=given,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env={**environment, **variables},
    )


def test_the_hook_of_a_cms_lets_nothing_out_without_an_answer(index):
    article = {"id": 7, "body": COPIED, "brand": "汀步茶室", "publish_at": "2026-11-20T10:00:00+08:00"}
    with service(index, "--policy", POLICY, token=TOKEN) as running:
        asked = {"ORIGINALITY_URL": running.url, "ORIGINALITY_TOKEN": TOKEN}
        blocked = script("cms_hook.py", given=json.dumps(article), **asked)
        assert (blocked.returncode, blocked.stderr) == (1, "")
        answer = json.loads(blocked.stdout)
        assert answer["publish"] is False
        assert "Wording: risk" in answer["message"]
        passed = script("cms_hook.py", given=json.dumps({**article, "body": FRESH}), **asked)
        assert json.loads(passed.stdout)["publish"] is True
        stranger = script("cms_hook.py", given=json.dumps(article), **{**asked, "ORIGINALITY_TOKEN": "falsch"})
        assert "A token is needed" in json.loads(stranger.stdout)["message"]
    gone = script("cms_hook.py", given=json.dumps(article), **asked)
    assert gone.returncode == 1
    assert "暂时不可用" in json.loads(gone.stdout)["message"]


def test_the_nightly_batch_writes_a_table_for_the_morning(index, tmp_path):
    drafts = tmp_path / "drafts"
    (drafts / "双十二").mkdir(parents=True)
    (drafts / "a.txt").write_text(FRESH, encoding="utf-8")
    (drafts / "双十二" / "b.txt").write_text(COPIED, encoding="utf-8")
    (drafts / "=c.txt").write_text("早", encoding="utf-8-sig")
    (drafts / "d.txt").write_bytes("旧系统导出".encode("gb18030"))
    table = tmp_path / "morning.csv"
    ran = script("nightly.py", drafts, "--index", index, "--policy", POLICY, "--out", table)
    assert (ran.returncode, ran.stderr) == (1, "")
    assert ran.stdout.startswith("3 篇，拦截 1 篇，读不了 1 篇")
    with table.open(encoding="utf-8-sig", newline="") as file:
        head, *rows = list(csv.reader(file))
    assert head[0] == "文案"
    assert {row[0]: row[1] for row in rows} | {"a.txt": ""} == {
        "双十二/b.txt": "拦截", "'=c.txt": "提醒", "a.txt": "", "d.txt": "未检查",
    }  # fmt: skip
    assert rows[0][0] == "双十二/b.txt"
    assert re.match("(麦岸烘焙|岔路口咖啡)：凌晨四点", rows[0][5])


@contextmanager
def bot(reply: dict[str, Any]) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Be the webhook of a bot; give its address and what it was sent."""
    received: list[dict[str, Any]] = []

    class Webhook(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            received.append(json.loads(self.rfile.read(int(self.headers["content-length"]))))
            body = json.dumps(reply).encode()
            self.send_response(200)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *arguments: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Webhook)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/hook", received
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture(scope="module")
def decisions(index) -> str:
    drafts = [
        {"id": "7", "text": f"@所有人 {COPIED}"},
        {"id": "8", "text": COPIED, "account": "麦岸烘焙"},
        {"text": "早"},
    ]
    given = "\n".join(map(json.dumps, drafts)).encode()
    return run("gate", "--batch", "-", "--policy", POLICY, "--index", index, given=given).stdout


def test_the_bot_tells_a_feishu_group_signed(decisions):
    with bot({"code": 0}) as (url, received):
        ran = script("bot_message.py", given=decisions, BOT_URL=url, BOT_SECRET="geheim")
    assert (ran.returncode, ran.stderr) == (0, "")
    acted = [line for line in decisions.splitlines() if json.loads(line)["action"] != "pass"]
    assert len(received) == len(acted)
    first = received[0]
    assert first["msg_type"] == "text"
    assert first["content"]["text"].startswith("【拦截】文案 7\n抄文字：风险")
    assert re.search("来源：(麦岸烘焙|岔路口咖啡)", first["content"]["text"])
    signed = hmac.new(f"{first['timestamp']}\ngeheim".encode(), digestmod=hashlib.sha256).digest()
    assert base64.b64decode(first["sign"]) == signed


def test_the_bot_tells_a_wecom_group_and_says_when_it_is_refused(decisions):
    with bot({"errcode": 0, "errmsg": "ok"}) as (url, received):
        assert script("bot_message.py", given=decisions, BOT_URL=url, BOT_KIND="wecom").returncode == 0
    assert all(message["msgtype"] == "text" for message in received)
    assert all(len(message["text"]["content"].encode()) <= 2048 for message in received)
    with bot({"errcode": 93000, "errmsg": "invalid webhook url"}) as (url, _):
        ran = script("bot_message.py", given=decisions, BOT_URL=url, BOT_KIND="wecom")
    assert ran.returncode != 0
    assert "invalid webhook url" in ran.stderr


def test_no_draft_and_no_post_can_mention_anybody():
    example = runpy.run_path(str(EXAMPLES / "bot_message.py"))
    match = {"account": "@all", "url": "", "text": '<at user_id="all">所有人</at>' + "长" * 3000}
    result = {"id": "<@U1>", "matches": [match]}
    text = example["text_of"]({"action": "block", "reasons": ["原因" * 900], "result": result})
    assert "<at" not in text
    assert "@all" not in text
    assert "<@" not in text
    assert len(text.encode()) <= 2048


def test_the_step_of_a_content_repository_fails_for_a_copied_draft(index, tmp_path):
    def git(*arguments: str) -> None:
        subprocess.run(
            ["git", "-c", "user.name=a", "-c", "user.email=a@b.c", *arguments],
            cwd=tmp_path,
            check=True,
            capture_output=True,
        )

    def step(base: str) -> subprocess.CompletedProcess[str]:
        environment = {
            **os.environ,
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "PYTHONPATH": str(ROOT),
        }
        return subprocess.run(
            ["sh", str(EXAMPLES / "content_ci.sh"), base, str(index), str(POLICY)],
            cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False, env=environment,
        )  # fmt: skip

    drafts = tmp_path / "drafts"
    drafts.mkdir()
    (drafts / "old.txt").write_text(COPIED, encoding="utf-8")
    git("init", "-q")
    git("add", ".")
    git("commit", "-q", "-m", "first")
    (drafts / "新 品.md").write_text(FRESH, encoding="utf-8")
    (drafts / "picture.png").write_bytes(b"\x89PNG")
    git("add", ".")
    clean = step("HEAD")
    assert clean.returncode == 0
    assert "== drafts/新 品.md" in clean.stdout
    assert "old.txt" not in clean.stdout
    assert "picture" not in clean.stdout
    (drafts / "抄的.txt").write_text(COPIED, encoding="utf-8")
    git("add", ".")
    assert step("HEAD").returncode == 1
    assert step("no-such-commit").returncode == 2
