"""A running `originality serve` for tests: the real command in a process of its own, on a port of its own."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from tests.command_line import ROOT, process

LINES = {"content-type": "application/x-ndjson"}
TOKEN = "nur-zum-testen-0123456789"


@dataclass(slots=True)
class Service:
    """What a test may do with it."""

    process: subprocess.Popen[str]
    url: str
    client: httpx.Client

    def post(self, path: str, body: Any = None, **more: Any) -> httpx.Response:
        return self.client.post(path, json=body, **more)

    def batch(self, lines: str | bytes, path: str = "/batch") -> httpx.Response:
        return self.client.post(path, content=lines, headers=LINES)

    def children(self) -> list[int]:
        """Return the numbers of its own processes."""
        found = []
        for status in Path("/proc").glob("[0-9]*/stat"):
            with suppress(OSError):  # it has ended meanwhile
                state, parent = status.read_text().rpartition(")")[2].split()[:2]
                if int(parent) == self.process.pid and state != "Z":
                    found.append(int(status.parent.name))
        return sorted(found)

    def stop(self) -> str:
        """Tell it to end; return what it wrote to standard error after its address."""
        self.process.send_signal(signal.SIGTERM)
        _, errors = self.process.communicate(timeout=60)
        return errors


@contextmanager
def service(index: Path, *arguments: object, token: str = "") -> Iterator[Service]:
    """Start the service over an index, on any free port; end it afterwards."""
    started = subprocess.Popen(
        process("serve", "--index", index, "--port", 0, *arguments),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env={**os.environ, "ORIGINALITY_LANG": "en", "ORIGINALITY_TOKEN": token, "PYTHONUNBUFFERED": "1"},
    )
    try:
        assert started.stderr is not None
        line = started.stderr.readline()
        assert line.startswith("Listening on http://"), line + started.stderr.read()
        url = line.split()[2]
        headers = {"authorization": f"Bearer {token}"} if token else {}
        with httpx.Client(base_url=url, headers=headers, timeout=60, trust_env=False) as client:
            yield Service(started, url, client)
    finally:
        if started.poll() is None:
            started.kill()
        started.communicate()
