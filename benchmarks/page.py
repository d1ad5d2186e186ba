"""How soon the page is there, how soon it answers, and how it bears ten visitors at once, in a real browser.

    python benchmarks/page.py [--encoder default fast] [--visits 12] [--visitors 10] [--rounds 5]

Starts the real page over the demo corpus, once for each encoder, and drives headless Chromium on the same machine. The
server is warm: one visitor has been there and has had a draft checked. Times are taken inside the browser:

- first paint: from the navigation of a visitor who comes again (the browser holds Streamlit's files) to the first
  contentful paint, and to the form; the same of a new visitor, whose browser reads and compiles some 3 MB of scripts;
  and the same of a page of one text area, nothing of ours: what Streamlit and this machine take in any case;
- answer: from the click on 检测 to the painted verdict, each time a new visitor with another draft;
- together: the same, while all visitors click in the same moment, and to the draft with its marks. Each has a draft of
  its own with a word that nobody else has; whoever sees another's word, or not its own, makes the run fail.

Exits with 1 where a visitor saw what belongs to another, or a goal (2 s to the form for one who comes again, 1 s to the
answer of a lone visitor) was missed by half of the visits.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.check_many import demo_index
from benchmarks.common import ROOT
from originality.index import open_index
from tests.browsing import PATIENCE_MS, QUIET, await_health, free_port, served

PAINT_GOAL, ANSWER_GOAL = 2_000.0, 1_000.0  # milliseconds
# What a visitor's browser notes: when the button went down, and when what is waited for was first painted.
_WATCH = """selector => {
  window.seen = new Promise(resolve => {
    const look = () => document.querySelector(selector.css)?.textContent.includes(selector.text) && (
      watcher.disconnect(), requestAnimationFrame(() => setTimeout(() => resolve(performance.now()))));
    const watcher = new MutationObserver(look);
    watcher.observe(document.body, {childList: true, subtree: true, characterData: true});
  });
  document.addEventListener("click", () => { window.clicked = performance.now(); }, {capture: true, once: true});
}"""
_WAITED = "async () => await window.seen - window.clicked"
_PAINTED = "() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? performance.now()"


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--encoder", nargs="+", default=["default", "fast"])
    parser.add_argument("--visits", type=int, default=12)
    parser.add_argument("--visitors", type=int, default=10)
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args()
    well = True
    with bare() as address:
        for name, times in asyncio.run(visit_bare(address, arguments.visits)).items():
            print(f"a bare page, {name}: {summary(times)}", flush=True)
    for encoder in arguments.encoder:
        index = demo_index(encoder)
        with open_index(index) as opened:
            posts = [post.text for post in opened.posts() if 60 <= len(post.text) <= 200]
        with served(index) as address:
            found = asyncio.run(visit(address, posts, arguments.visits, arguments.visitors, arguments.rounds))
        print(f"encoder {encoder}, {len(posts)} drafts, load {os.getloadavg()[0]:.1f}", flush=True)
        for name, times in found.items():
            print(f"  {name}: {summary(times)}", flush=True)
        well = well and median(found["form, again"]) < PAINT_GOAL and median(found["answer"]) < ANSWER_GOAL
    return 0 if well else 1


async def visit(address: str, posts: list[str], visits: int, visitors: int, rounds: int) -> dict[str, list[float]]:
    """Return the times of all visits, in milliseconds.

    Raises:
        AssertionError: a visitor saw what belongs to another.
    """
    from playwright.async_api import async_playwright

    names = ("paint, new", "form, new", "paint, again", "form, again", "answer", f"{visitors} at once")
    found: dict[str, list[float]] = {name: [] for name in names}
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium(), args=QUIET)
        for number in range(-1, visits):  # the first one only warms the server
            times, page = await twice(browser, address)
            await write(page, posts[number % len(posts)], ".o-verdict h2", "")
            times["answer"] = await ask(page)
            await page.context.close()
            if number >= 0:
                for name, time in times.items():
                    found[name].append(time)
        pages = [await enter(browser, address) for _ in range(visitors)]
        for turn in range(rounds):
            found[f"{visitors} at once"] += await together(pages, posts, turn)
        await browser.close()
    return found


async def visit_bare(address: str, visits: int) -> dict[str, list[float]]:
    """Return the times of visits to a page of one text area, in milliseconds."""
    from playwright.async_api import async_playwright

    found: dict[str, list[float]] = {}
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium(), args=QUIET)
        for number in range(-1, visits):
            times, page = await twice(browser, address)
            await page.context.close()
            for name, time in times.items() if number >= 0 else ():
                found.setdefault(name, []).append(time)
        await browser.close()
    return found


async def twice(browser: Any, address: str) -> tuple[dict[str, float], Any]:
    """Open the page as a new visitor and once more in the same browser; return the times and the second page."""
    times: dict[str, float] = {}
    page = await enter(browser, address)
    for name in ("new", "again"):
        if name == "again":
            await page.goto("about:blank")
            page = await enter(browser, address, page)
        times[f"paint, {name}"] = await page.evaluate(_PAINTED)
        times[f"form, {name}"] = await page.evaluate("() => window.there")
    return times, page


async def enter(browser: Any, address: str, page: Any = None) -> Any:
    """Open the page as a new visitor, or in a page that was there; `window.there` is when its form was painted."""
    if page is None:
        context = await browser.new_context(viewport={"width": 1280, "height": 900})
        page = await watching(context)
    await page.goto(address)
    await page.wait_for_function("window.there !== undefined")
    return page


async def watching(context: Any) -> Any:
    """Return a new page that notes when the form is painted."""
    page = await context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    await page.add_init_script(
        """new MutationObserver((_, watcher) => {
          if (!document.querySelector('.st-key-draft textarea')) return;
          watcher.disconnect();
          requestAnimationFrame(() => setTimeout(() => { window.there = performance.now(); }));
        }).observe(document, {childList: true, subtree: true});"""
    )
    return page


def chromium() -> str | None:
    """Return the browser of this machine."""
    return shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


@contextmanager
def bare() -> Iterator[str]:
    """Serve a page of one text area, with the same settings."""
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "bare.py"
        script.write_text('import streamlit as st\n\nst.text_area("草稿", key="draft")\n', encoding="utf-8")
        shutil.copytree(ROOT / ".streamlit", Path(folder) / ".streamlit")
        port = free_port()
        command = [sys.executable, "-m", "streamlit", "run", str(script), "--server.port", str(port)]
        log = Path(folder) / "server.log"
        with log.open("w") as stream:
            server = subprocess.Popen(command, stdout=stream, stderr=subprocess.STDOUT, cwd=folder)
        try:
            await_health(f"http://127.0.0.1:{port}", server, log)
            yield f"http://127.0.0.1:{port}/"
        finally:
            server.terminate()
            server.wait(timeout=20)


async def write(page: Any, draft: str, css: str, text: str) -> None:
    """Put a draft into the form, and watch for what the answer will bring."""
    await page.get_by_label("草稿", exact=True).fill(draft)
    await page.evaluate(_WATCH, {"css": css, "text": text})


async def ask(page: Any) -> float:
    """Press the button; return how long the answer took, in milliseconds."""
    await page.get_by_role("button", name="检测", exact=True).click()
    waited: float = await page.evaluate(_WAITED)
    return waited


async def together(pages: Sequence[Any], posts: list[str], turn: int) -> list[float]:
    """Let all visitors ask in the same moment; return how long each waited."""
    own = [f"访客{number}第{turn}问" for number in range(len(pages))]
    for number, page in enumerate(pages):
        draft = f"{posts[(turn * len(pages) + number) % len(posts)]}{own[number]}"
        await write(page, draft, ".o-sheet", own[number])
    times = await asyncio.gather(*map(ask, pages))
    for number, page in enumerate(pages):
        seen = await page.inner_text("body")
        assert own[number] in seen, f"visitor {number} does not see its own draft"
        others = [word for word in own if word != own[number] and word in seen]
        assert not others, f"visitor {number} sees what belongs to another: {others}"
    return list(times)


def median(times: Sequence[float]) -> float:
    """Return the middle of some times."""
    return sorted(times)[len(times) // 2]


def summary(times: Sequence[float]) -> str:
    """Return median, 95th percentile and the worst of some times."""
    ordered = sorted(times)
    late = ordered[min(len(ordered) - 1, int(0.95 * len(ordered)))]
    return f"p50 {median(times):.0f} ms, p95 {late:.0f} ms, worst {ordered[-1]:.0f} ms ({len(ordered)} visits)"


if __name__ == "__main__":
    sys.exit(main())
