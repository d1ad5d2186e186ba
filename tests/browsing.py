"""What the tests in a real browser share: waiting for the server, and using the page as a person does."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from originality.models import Post

QUIET = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()
HOSTILE = Post(
    post_id="h1",
    account="<b onclick='window.ran=1'>坏账号</b>",
    text="<script>window.ran=1</script><style>*{display:none}</style>雪季第一天，缆车还没开，我们已经煮好了第二锅姜茶。\u202e\u200b",
    url="javascript:window.ran=1",
)
PICTURES = Path(__file__).parents[1] / "test-artefacts"
PATIENCE_MS = 120_000  # the first check loads the encoder, on a machine that may be busy
TABS = {"check": "检测", "rewrite": "修改", "batch": "批量", "review": "复核", "corpus": "语料", "report": "周报"}


@contextmanager
def served(index: Path, port: int = 0, *, watched: bool = True, **variables: str) -> Iterator[str]:
    """Serve the page over an index as `originality app` does, and stop it; if watched it may log no traceback."""
    port = port or free_port()
    command = [sys.executable, "-m", "originality", "app", "--index", str(index), "--port", str(port)]
    log = index.parent / "server.log"
    environment = {**os.environ, **variables}
    with log.open("w") as stream:
        server = subprocess.Popen(command, stdout=stream, stderr=subprocess.STDOUT, cwd=index.parent, env=environment)
    try:
        await_health(f"http://127.0.0.1:{port}", server, log)
        yield f"http://127.0.0.1:{port}/"
        assert not (watched and "Traceback" in log.read_text("utf-8"))
    finally:
        server.terminate()
        server.wait(timeout=20)


def free_port() -> int:
    """Return a port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def await_health(base: str, server: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + PATIENCE_MS / 1000
    while time.monotonic() < end:
        assert server.poll() is None, log.read_text()
        try:
            with urllib.request.urlopen(f"{base}/_stcore/health", timeout=2):
                return
        except OSError:
            time.sleep(0.2)
    pytest.fail(f"the server did not answer: {log.read_text()}")


def check(page: Any, draft: str) -> None:
    page.get_by_label("草稿", exact=True).fill(draft)
    page.get_by_role("button", name="检测", exact=True).click()


def go(page: Any, tab: str) -> None:
    page.get_by_role("radiogroup", name="页面").get_by_text(TABS[tab], exact=True).click()


def await_verdict(page: Any, name: str) -> None:
    page.get_by_role("heading", name=name, exact=True).wait_for()


def settle(page: Any) -> None:
    """Wait until nothing on the page is being drawn anew, and nothing fades any more."""
    page.wait_for_function("!document.querySelector('[data-stale=true], [data-testid=stStatusWidget]')")
    page.wait_for_timeout(400)


def picture(page: Any, name: str) -> None:
    PICTURES.mkdir(exist_ok=True)
    page.screenshot(path=PICTURES / f"{name}.png")


def fits(page: Any) -> bool:
    """Say whether nothing sticks out sideways."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))
