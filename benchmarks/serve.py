"""How `originality serve` bears many clients at once.

    python benchmarks/serve.py [--clients 50] [--seconds 60] [--encoder fast]

Starts the real service over the demo corpus and lets clients ask /gate one draft after the other, each over its own
connection. Prints requests, errors, median and 95th percentile of the waiting time; exits with 1 where anything failed.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import httpx

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.check_many import demo_index, drafts_of
from originality import Checker, Draft

PATIENCE = 60.0  # seconds that a client waits


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--clients", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--encoder", default="fast")
    arguments = parser.parse_args()
    folder = demo_index(arguments.encoder)
    with Checker.open(folder) as checker:
        drafts = list(drafts_of(checker, 500))
    with tempfile.TemporaryDirectory() as place:
        policy = Path(place) / "policy.toml"
        policy.write_text('name = "benchmark"\n', encoding="utf-8")
        command = [sys.executable, "-m", "originality", "serve", "--index", str(folder), "--policy", str(policy)]
        command += ["--port", "0", "--rate", "0", "--audit", str(Path(place) / "audit.jsonl")]
        environment = {**os.environ, "ORIGINALITY_LANG": "en", "ORIGINALITY_TOKEN": ""}
        service = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=environment)
        assert service.stderr is not None
        url = service.stderr.readline().split()[2]
        answers, waits = asyncio.run(ask(url, drafts, arguments.clients, arguments.seconds))
        service.send_signal(signal.SIGTERM)
        code = service.wait(60)
    waits.sort()
    errors = sum(count for status, count in answers.items() if status != "200")
    print(
        f"{arguments.clients} clients for {arguments.seconds:g} s, encoder {arguments.encoder}, load "
        f"{os.getloadavg()[0]:.1f}: {len(waits)} requests, {errors} errors {dict(answers)}, "
        f"{len(waits) / arguments.seconds:.1f} a second, p50 {1000 * waits[len(waits) // 2]:.0f} ms, "
        f"p95 {1000 * waits[int(0.95 * len(waits))]:.0f} ms, stopped with {code}"
    )
    return 1 if errors or code else 0


async def ask(url: str, drafts: list[Draft], clients: int, seconds: float) -> tuple[Counter[str], list[float]]:
    """Return how often each status or failure came, and how long each answer took."""
    answers: Counter[str] = Counter()
    waits: list[float] = []
    end = time.perf_counter() + seconds
    stream: Iterator[Draft] = itertools.cycle(drafts)

    async def client() -> None:
        async with httpx.AsyncClient(base_url=url, timeout=PATIENCE, trust_env=False) as connection:
            while time.perf_counter() < end:
                draft = next(stream)
                began = time.perf_counter()
                try:
                    body = {"text": draft.text, "id": draft.id, "account": draft.account}
                    answer = await connection.post("/gate", json=body)
                    answers[str(answer.status_code)] += 1
                except httpx.HTTPError as error:
                    answers[type(error).__name__] += 1
                waits.append(time.perf_counter() - began)

    await asyncio.gather(*(client() for _ in range(clients)))
    return answers, waits


if __name__ == "__main__":
    sys.exit(main())
