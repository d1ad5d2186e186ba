"""How `originality serve` bears many clients at once, by the number of its processes.

    python benchmarks/serve.py [--clients 50] [--seconds 60] [--encoder fast] [--workers 1 2]

Starts the real service over the demo corpus, once for each number of workers (1 checks in the service's own process),
and lets clients ask /gate one draft after the other, each over its own connection. Prints requests, errors, median and
95th percentile of the waiting time, and the memory of all its processes (proportional set size: what they share counts
once); exits with 1 where anything failed.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import httpx

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.check_many import demo_index, drafts_of
from originality import Checker, Draft
from originality.workers import cores

PATIENCE = 60.0  # seconds that a client waits


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--clients", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--encoder", default="fast")
    parser.add_argument("--workers", type=int, nargs="+", default=sorted({1, cores()}))
    arguments = parser.parse_args()
    folder = demo_index(arguments.encoder)
    with Checker.open(folder) as checker:
        drafts = list(drafts_of(checker, 500))
    failed = [
        number
        for number in arguments.workers
        if not measure(folder, drafts, number, arguments.clients, arguments.seconds)
    ]
    return 1 if failed else 0


def measure(folder: Path, drafts: list[Draft], workers: int, clients: int, seconds: float) -> bool:
    """Run the service with so many workers, print one line, and say whether nothing failed."""
    with tempfile.TemporaryDirectory() as place:
        policy = Path(place) / "policy.toml"
        policy.write_text('name = "benchmark"\n', encoding="utf-8")
        command = [sys.executable, "-m", "originality", "serve", "--index", str(folder), "--policy", str(policy)]
        command += ["--port", "0", "--rate", "0", "--audit", str(Path(place) / "audit.jsonl")]
        command += ["--workers", str(workers)]
        environment = {**os.environ, "ORIGINALITY_LANG": "en", "ORIGINALITY_TOKEN": ""}
        service = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=environment)
        assert service.stderr is not None
        url = service.stderr.readline().split()[2]
        answers, waits = asyncio.run(ask(url, drafts, clients, seconds))
        memory = memory_of(service.pid)
        service.send_signal(signal.SIGTERM)
        code = service.wait(60)
    waits.sort()
    errors = sum(count for status, count in answers.items() if status != "200")
    print(
        f"{workers} workers, {clients} clients for {seconds:g} s, {folder.name}, load {os.getloadavg()[0]:.1f}: "
        f"{len(waits)} requests, {errors} errors {dict(answers)}, {len(waits) / seconds:.1f} a second, "
        f"p50 {1000 * waits[len(waits) // 2]:.0f} ms, p95 {1000 * waits[int(0.95 * len(waits))]:.0f} ms, "
        f"{memory:.0f} MiB, stopped with {code}",
        flush=True,
    )
    return not errors and not code


def memory_of(process: int) -> float:
    """Return the proportional set size of a process and its children, in MiB."""
    total = 0
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):  # it has ended meanwhile, or is somebody else's
            parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            if process in {parent, int(folder.name)}:
                found = re.search(r"^Pss:\s+(\d+) kB", (folder / "smaps_rollup").read_text(), re.MULTILINE)
                total += int(found[1]) if found else 0
    return total / 1024


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
