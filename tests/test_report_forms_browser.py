"""The page of a report in a real browser: hostile texts run nothing, ask for nothing, and nothing sticks out."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from originality.report.forms.page import render
from tests.browsing import QUIET
from tests.report_forms import changed, demo_report, twenty_accounts

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine: chromium is not on the PATH"),
]
EVIL = "<script>window.ran = 1</script><img src=http://evil.example onerror='window.ran = 1'>\u202e" + "长" * 40
FOREIGN = frozenset({"text", "account", "one", "other", "name"})


@pytest.fixture(scope="module")
def page_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("report") / "report.html"
    report = changed(twenty_accounts(demo_report()), lambda text: text + EVIL, FOREIGN)
    path.write_text(render(report), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with sync_api.sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield chromium
        chromium.close()


@pytest.mark.parametrize("width", [1280, 390])
def test_nothing_runs_is_fetched_or_sticks_out(width: int, browser: Any, page_file: Path) -> None:
    window = browser.new_page(viewport={"width": width, "height": 900})
    asked: list[str] = []
    window.on("request", lambda asking: asked.append(asking.url))
    window.goto(page_file.as_uri())
    assert asked == [page_file.as_uri()]
    assert window.evaluate("window.ran") is None
    assert window.evaluate("document.documentElement.scrollWidth <= innerWidth"), "nothing sticks out sideways"
    seen = window.locator("svg text").first.evaluate("text => getComputedStyle(text).fontFamily")
    assert "Noto Sans CJK SC" in seen, "labels fall back to a Chinese font"
    window.close()


def test_it_prints_on_a4_with_folded_tables_open(browser: Any, page_file: Path) -> None:
    window = browser.new_page()
    window.goto(page_file.as_uri())
    table = window.locator("#hours ~ .dense table").first
    assert not table.is_visible()
    window.emulate_media(media="print")
    assert table.evaluate("table => table.getBoundingClientRect().height") > 0
    pdf = window.pdf(prefer_css_page_size=True)
    assert pdf.startswith(b"%PDF")
    assert b"/MediaBox [0 0 594.9" in pdf or b"/MediaBox [0 0 595" in pdf, "A4"
    window.close()
