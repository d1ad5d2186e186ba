"""How soon the page is there, how soon it answers, and how it bears ten visitors at once, in a real browser.

    python benchmarks/page.py [--encoder default fast] [--visits 12] [--visitors 10] [--rounds 5]

Starts the real page over the demo corpus, once for each encoder, and drives headless Chromium on the same machine. The
server is warm: one visitor has been there and has had a draft checked. Times are taken inside the browser:

- first paint: from the navigation of a new visitor (empty cache) to the first contentful paint, and to the form;
- answer: from the click on 检测 to the painted verdict, each time a new visitor with another draft;
- together: the same, while all visitors click in the same moment, and to the draft with its marks. Each has a draft of
  its own with a word that nobody else has; whoever sees another's word, or not its own, makes the run fail.

Exits with 1 where a visitor saw what belongs to another, or a goal (2 s to the form, 1 s to the answer of a lone
visitor) was missed by half of the visits.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.check_many import demo_index
from originality.index import open_index
from tests.browsing import PATIENCE_MS, QUIET, served

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
    for encoder in arguments.encoder:
        index = demo_index(encoder)
        with open_index(index) as opened:
            posts = [post.text for post in opened.posts() if 60 <= len(post.text) <= 200]
        with served(index) as address:
            found = asyncio.run(visit(address, posts, arguments.visits, arguments.visitors, arguments.rounds))
        print(f"encoder {encoder}, {len(posts)} drafts, load {os.getloadavg()[0]:.1f}", flush=True)
        for name, times in found.items():
            print(f"  {name}: {summary(times)}", flush=True)
        well = well and median(found["form"]) < PAINT_GOAL and median(found["answer"]) < ANSWER_GOAL
    return 0 if well else 1


async def visit(address: str, posts: list[str], visits: int, visitors: int, rounds: int) -> dict[str, list[float]]:
    """Return the times of all visits, in milliseconds.

    Raises:
        AssertionError: a visitor saw what belongs to another.
    """
    from playwright.async_api import async_playwright

    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    found: dict[str, list[float]] = {"paint": [], "form": [], "answer": [], f"{visitors} at once": []}
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=QUIET)
        for number in range(-1, visits):  # the first one only warms the server
            page = await enter(browser, address)
            painted = await page.evaluate(_PAINTED)
            there = await page.evaluate("() => window.there")
            await write(page, posts[number % len(posts)], ".o-verdict h2", "")
            answered = await ask(page)
            await page.context.close()
            if number >= 0:
                for name, time in (("paint", painted), ("form", there), ("answer", answered)):
                    found[name].append(time)
        pages = [await enter(browser, address) for _ in range(visitors)]
        for turn in range(rounds):
            found[f"{visitors} at once"] += await together(pages, posts, turn)
        await browser.close()
    return found


async def enter(browser: Any, address: str) -> Any:
    """Open the page as a new visitor; `window.there` is when its form was painted."""
    context = await browser.new_context(viewport={"width": 1280, "height": 900})
    page = await context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    await page.add_init_script(
        """new MutationObserver((_, watcher) => {
          if (!document.querySelector('.st-key-draft textarea')) return;
          watcher.disconnect();
          requestAnimationFrame(() => setTimeout(() => { window.there = performance.now(); }));
        }).observe(document, {childList: true, subtree: true});"""
    )
    await page.goto(address)
    await page.wait_for_function("window.there !== undefined")
    return page


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
