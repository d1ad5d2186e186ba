"""Python in a process of its own."""

from __future__ import annotations

import subprocess
import sys
import textwrap
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def started(code: str, *arguments: object) -> subprocess.CompletedProcess[str]:
    """Run a piece of code to its end, however that comes."""
    return subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code), *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        cwd=ROOT,
    )


def run_python(code: str, *arguments: object) -> str:
    """Run a piece of code that must succeed without a word of complaint; return what it prints."""
    ran = started(code, *arguments)
    assert ran.returncode == 0, ran.stderr
    assert ran.stderr == ""
    return ran.stdout.strip()
