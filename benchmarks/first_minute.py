"""A newcomer's first minute, by the stopwatch: from `make app` to a verdict that was read.

    python benchmarks/first_minute.py [--checkout DIR] [--port N]

In a checkout whose `make app` has run once (installation and demo index are done), starts `make app` as a newcomer
does, opens the page in headless Chromium, reads it, fills in the example, presses the button and reads the verdict.
What the machine takes is measured; what a person takes is counted: reading at `READING` characters a second, and `MOVE`
seconds for each press or change of window. Prints a row for each step; exits with 1 where the whole is over a minute.
"""

from __future__ import annotations

import argparse
import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.common import ROOT
from benchmarks.page import chromium
from tests.browsing import PATIENCE_MS, QUIET, free_port

READING = 5.0  # Chinese characters a second: 300 a minute, an unhurried reader
MOVE = 2.0  # seconds to find and press something, or to change to the browser
GOAL = 60.0  # seconds


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--checkout", type=Path, default=ROOT)
    parser.add_argument("--port", type=int, default=0)
    arguments = parser.parse_args()
    steps: list[tuple[str, float, float]] = []
    began = time.monotonic()
    machine = person = 0.0
    with made_app(arguments.checkout, arguments.port or free_port()) as address:
        steps.append(("`make app` prints the address and answers there", time.monotonic() - began, 0.0))
        from playwright.sync_api import sync_playwright

        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium(), args=QUIET)
            page = browser.new_page(viewport={"width": 1280, "height": 900})
            page.set_default_timeout(PATIENCE_MS)
            steps += use(page, address)
            browser.close()
    print("| step | machine, s | person, s |\n|---|---|---|")
    for name, took, read in steps:
        machine, person = machine + took, person + read
        print(f"| {name} | {took:.1f} | {read:.1f} |")
    print(f"| together {machine + person:.0f} s | {machine:.1f} | {person:.1f} |")
    return 0 if machine + person < GOAL else 1


def use(page: Any, address: str) -> Iterator[tuple[str, float, float]]:
    """Do what a newcomer does; yield each step with the seconds of the machine and of the person."""
    began = time.monotonic()
    page.goto(address)
    page.locator(".o-head").wait_for()
    yield "opens the address, sees the heading", time.monotonic() - began, MOVE
    began = time.monotonic()
    header = page.locator(".o-head").inner_text()
    page.get_by_label("草稿", exact=True).wait_for()
    reading = letters(header) / READING
    waited = max(0.0, time.monotonic() - began - reading)
    yield f"reads it ({letters(header)} characters) while the index opens, sees the form", waited, reading
    began = time.monotonic()
    page.get_by_role("button", name="填入示例", exact=True).click()
    page.wait_for_function("document.querySelector('.st-key-draft textarea').value.length > 0")
    yield "has no draft at hand, presses 填入示例", time.monotonic() - began, MOVE
    began = time.monotonic()
    page.get_by_role("button", name="检测", exact=True).click()
    page.locator(".o-verdict h2").wait_for()
    yield "presses 检测, sees the verdict", time.monotonic() - began, MOVE
    verdict = page.locator(".o-verdict").inner_text()
    yield f"reads the verdict ({letters(verdict)} characters)", 0.0, letters(verdict) / READING
    card = page.locator(".o-sheet").first.inner_text()
    yield f"reads the draft with its marks ({letters(card)} characters)", 0.0, letters(card) / READING


def answers(address: str, server: subprocess.Popen[str]) -> None:
    """Wait until a server answers."""
    while server.poll() is None:
        try:
            with urllib.request.urlopen(f"{address}/_stcore/health", timeout=2):
                return
        except OSError:
            time.sleep(0.1)


def letters(text: str) -> int:
    """Return the characters that are read."""
    return sum(char.isalnum() for char in text)


@contextmanager
def made_app(checkout: Path, port: int) -> Iterator[str]:
    """Run `make app` in a checkout until it prints its address; stop it afterwards, with all that it started."""
    command = ["make", "app", f"PORT={port}"]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    server = subprocess.Popen(
        command, cwd=checkout, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        start_new_session=True,
    )  # fmt: skip
    try:
        assert server.stdout is not None
        for line in server.stdout:
            if found := re.search(rf"http://[\w.]+:{port}", line):
                answers(found.group(), server)
                yield found.group()
                return
        sys.exit("`make app` ended without an address.")
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(timeout=20)


if __name__ == "__main__":
    sys.exit(main())
