"""Where the time goes: a stopwatch for the stages of a build or a check, and the memory of a process.

Stages are functions and methods of the package that are wrapped while a `with` block runs; each second counts for the
innermost stage that is running. Processor time of the thread is measured beside the clock: on a machine that others use
too it is the figure that can be repeated.
"""

from __future__ import annotations

import functools
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np

Place = tuple[Any, str]
"""Where a stage's function lies: module, class or object, and the name there."""
PERCENTILES = (50, 95, 99)


class Stopwatch:
    """Seconds by stage: (on the clock, of the processor)."""

    def __init__(self) -> None:
        self.seconds: dict[str, tuple[float, float]] = defaultdict(lambda: (0.0, 0.0))
        self._running: list[str] = []
        self._since = (0.0, 0.0)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Count a block for a stage, without what stages inside of it take."""
        self._settle()
        self._running.append(name)
        try:
            yield
        finally:
            self._settle()
            self._running.pop()

    def _settle(self) -> None:
        now = (time.perf_counter(), time.thread_time())
        if self._running:
            wall, cpu = self.seconds[self._running[-1]]
            self.seconds[self._running[-1]] = (wall + now[0] - self._since[0], cpu + now[1] - self._since[1])
        self._since = now

    @contextmanager
    def watching(self, stages: Mapping[str, Sequence[Place]]) -> Iterator[None]:
        """Let calls of some functions count for their stages during a block."""
        with ExitStack() as stack:
            for name, places in stages.items():
                for owner, attribute in places:
                    stack.enter_context(patch.object(owner, attribute, self._timed(name, getattr(owner, attribute))))
            yield

    def _timed(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(function)
        def timed(*arguments: Any, **named: Any) -> Any:
            with self.stage(name):
                return function(*arguments, **named)

        return timed


def quantiles(values: Sequence[float]) -> dict[str, float]:
    """Return p50, p95 and p99 of some values, in their unit."""
    return {f"p{p}": round(float(np.percentile(values, p)), 3) for p in PERCENTILES}


def memory() -> dict[str, float]:
    """Return this process's memory in MB: at its peak, now, and of that its own and that of mapped files."""
    names = {"VmHWM": "peak", "VmRSS": "resident", "RssAnon": "own", "RssFile": "files"}
    found = {}
    for line in Path("/proc/self/status").read_text().splitlines():
        key, _, value = line.partition(":")
        if key in names:
            found[names[key]] = round(int(value.split()[0]) / 1024, 1)
    return found
