"""A few rounds of kill -9, and of reading beside a writer; `benchmarks/kill.py` does hundreds, and ten minutes."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tests.processes import ROOT
from tests.reading_along import read_along

ROUNDS = 3


@pytest.mark.parametrize("kind", ["embed", "snapshot", "mend", "upgrade", "backup"])
def test_what_is_killed_and_repeated_ends_like_what_was_not(kind):
    command = [sys.executable, "benchmarks/kill.py", "--rounds", str(ROUNDS), "--only", kind, "--seed", "5"]
    ran = subprocess.run(command, cwd=ROOT, env=dict(os.environ), capture_output=True, text=True, timeout=600)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert ran.stdout.startswith(kind)
    assert f"{ROUNDS} rounds, {ROUNDS} killed before the end" in ran.stdout or kind == "snapshot"
    assert "0 faults" in ran.stdout


def test_eight_readers_beside_a_writer_never_see_half_a_post(tmp_path):
    seen = read_along(tmp_path, 20)
    assert seen.faults == []
    assert seen.written > 0
    assert seen.posts_seen > 0
