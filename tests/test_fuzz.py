"""What must hold whatever comes in, with a small budget; `benchmarks/fuzz.py` runs the same for hours."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from hypothesis import HealthCheck, given, settings

from tests.fuzzing import TARGETS
from tests.processes import ROOT

EXAMPLES = {"clean": 150, "align": 80, "readers": 60, "check": 40}


@pytest.mark.parametrize("name", TARGETS)
def test_it_holds_whatever_comes_in(name):
    target = TARGETS[name]
    few = settings(max_examples=EXAMPLES[name], suppress_health_check=list(HealthCheck))
    few(given(**target.drawn)(target.check))()


def test_the_long_run_runs_and_says_how_many_examples_it_tried():
    command = [sys.executable, "benchmarks/fuzz.py", "--minutes", "0.02", "--only", "clean", "--engine", "hypothesis"]
    ran = subprocess.run(
        command, cwd=ROOT, env={**os.environ, "OMP_NUM_THREADS": "1"}, capture_output=True, text=True, timeout=300
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "clean" in ran.stdout
    assert "no failure" in ran.stdout
