"""The page in a real browser: the served page, a pasted draft, the marked words and the source beside them."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from originality.build import build
from originality.embed import load_encoder
from originality.index import open_index
from originality.models import Post
from tests.brand_posts import COPIED, POSTS

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine: chromium is not on the PATH"),
]
QUIET = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()
PATIENCE_MS = 60_000  # the first check loads the encoder, on a machine that may be busy
DRAFT = COPIED + "\n<img src=x onerror='window.ran = 1'><script>window.ran = 1</script>\u202e**粗体**"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve the page over a small index, as `originality app` does, and stop the server afterwards."""
    folder = tmp_path_factory.mktemp("browser")
    encoder = load_encoder("fast")
    with open_index(folder / "index", encoder="fast", encoder_name=encoder.name) as index:
        posts = [
            Post(
                post_id=post["post_id"],
                account=post["account"],
                text=post["text"],
                published_at=datetime.fromisoformat(post["published_at"]),
                url=f"https://weibo.example/{post['post_id']}",
            )
            for post in POSTS
        ]
        build(posts, index, encoder)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "originality", "app", "--index", str(folder / "index"), "--port", str(port)]
    with (folder / "server.log").open("w") as log:
        server = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT, cwd=folder)
    try:
        _await_health(f"http://127.0.0.1:{port}", server, folder / "server.log")
        yield f"http://127.0.0.1:{port}/"
    finally:
        server.terminate()
        server.wait(timeout=20)


def _await_health(base: str, server: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + PATIENCE_MS / 1000
    while time.monotonic() < end:
        assert server.poll() is None, log.read_text()
        try:
            with urllib.request.urlopen(f"{base}/_stcore/health", timeout=2):
                return
        except OSError:
            time.sleep(0.2)
    pytest.fail(f"the server did not answer: {log.read_text()}")


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with sync_api.sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield chromium
        chromium.close()


@pytest.fixture(params=[1280, 420], ids=["desk", "phone"])
def page(request: pytest.FixtureRequest, browser: Any, address: str) -> Iterator[Any]:
    """Open the page in a window of its own; whatever it asks for must come from our own server."""
    visitor = browser.new_context(viewport={"width": request.param, "height": 900})
    window = visitor.new_page()
    window.set_default_timeout(PATIENCE_MS)
    asked: list[str] = []
    window.on("request", lambda asking: asked.append(asking.url))
    window.goto(address)
    yield window
    visitor.close()
    assert [url for url in asked if not url.startswith((address, "data:", "blob:"))] == []


def test_a_copied_draft_in_a_real_browser(page: Any, tmp_path: Path) -> None:
    page.locator("textarea").fill(DRAFT)
    page.get_by_role("button", name="检测", exact=True).click()
    page.get_by_role("heading", name="抄袭", exact=True).wait_for()
    picture = tmp_path / "copied.png"
    page.screenshot(path=picture)
    assert picture.stat().st_size > 10_000

    marks = page.locator(".o-sheet mark")
    assert "只有面团在箱子里悄悄长大" in "".join(marks.all_inner_texts())
    style = marks.first.evaluate("mark => getComputedStyle(mark).textDecorationLine")
    assert style == "underline", "told apart without colours too"

    card = page.locator("#s1")
    assert card.locator(".who").inner_text() == "麦岸烘焙"
    assert card.locator("time").inner_text() == "2026-11-02 07:30"
    assert card.locator("header a").get_attribute("href") == "https://weibo.example/b1"
    assert card.locator("header a").get_attribute("rel") == "noopener noreferrer"
    sides = card.locator(".o-pair .o-text")
    assert all("只有面团在箱子里悄悄长大" in side for side in sides.all_inner_texts())

    marks.first.click()
    page.wait_for_function("location.hash === '#s1'")
    assert page.evaluate("document.querySelector('#s1').getBoundingClientRect().top < innerHeight")

    assert "<script>window.ran = 1</script>" in page.locator(".o-sheet").inner_text()
    assert page.locator(".o-sheet img, .o-sheet script, .o-sheet strong").count() == 0
    assert page.evaluate("window.ran") is None
    paper = page.evaluate("getComputedStyle(document.querySelector('.stApp')).backgroundColor")
    assert paper == "rgb(251, 250, 247)", "our colours come along wherever the server was started"
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "nothing sticks out sideways"
