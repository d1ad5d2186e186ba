"""The command line as a real process: pipes, terminals, encodings, signals, and the page that it serves."""

from __future__ import annotations

import json
import os
import pty
import signal
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.brand_posts import COPIED, FRESH
from tests.command_line import ROOT, built, process


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built(tmp_path_factory.mktemp("cli"))


@pytest.fixture
def served(index: Path) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = process("app", "--index", index, "--port", port)
    with subprocess.Popen(command, cwd=index.parent, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as page:
        try:
            yield f"http://127.0.0.1:{port}", page
        finally:
            page.kill()


def test_the_page_is_served_and_ends_with_an_interrupt(served: tuple[str, subprocess.Popen[bytes]]) -> None:
    address, page = served
    answer = b""
    deadline = time.monotonic() + 60
    while not answer and time.monotonic() < deadline and page.poll() is None:
        time.sleep(0.2)
        try:
            with urllib.request.urlopen(f"{address}/_stcore/health", timeout=5) as response:
                answer = response.read()
        except OSError:
            continue
    assert answer == b"ok"
    page.send_signal(signal.SIGINT)
    page.wait(timeout=30)


def test_a_reader_that_goes_away_is_no_error(index: Path, tmp_path: Path) -> None:
    batch = tmp_path / "drafts.jsonl"
    batch.write_text(f"{json.dumps({'text': FRESH})}\n" * 400, encoding="utf-8")
    command = process("check", "--batch", batch, "--index", index)
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as reader:
        assert reader.stdout is not None
        assert reader.stderr is not None
        assert json.loads(reader.stdout.readline())["id"] == "1"
        reader.stdout.close()
        assert reader.stderr.read() == b""
        assert reader.wait(timeout=60) == 141


def test_json_stays_json_in_any_encoding(index: Path) -> None:
    environment = {**os.environ, "PYTHONIOENCODING": "ascii"}
    command = process("check", f"{COPIED}😂", "--index", index, "--json")
    answer = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, check=False)
    assert answer.returncode == 1
    assert json.loads(answer.stdout.decode("ascii"))["matches"][0]["account"] == "麦岸烘焙"


def test_a_terminal_gets_colours_of_ours_and_none_of_a_strangers(index: Path) -> None:
    terminal, ours = pty.openpty()
    command = process("check", f"{COPIED}\x1b[5m闪\u202e", "--index", index)
    subprocess.run(command, cwd=ROOT, stdout=ours, stderr=ours, check=False)
    os.close(ours)
    shown = b""
    try:
        while piece := os.read(terminal, 65_536):
            shown += piece
    except OSError:  # how Linux says that the other end is closed
        pass
    os.close(terminal)
    text = shown.decode()
    assert "\x1b[31m" in text
    assert "\x1b[5m" not in text
    assert r"\u001b[5m闪\u202e" in text
