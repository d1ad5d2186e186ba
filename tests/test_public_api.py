"""What users may rely on: names, version, and that an import costs next to nothing."""

from __future__ import annotations

import re
import resource
import subprocess
import sys
import tomllib
import types
from pathlib import Path

import originality

ROOT = Path(__file__).resolve().parents[1]
HEAVY = {"torch", "faiss", "streamlit", "transformers", "sentence_transformers"}
MOST_NAMES = 12


def run(code: str) -> str:
    return subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True, cwd=ROOT).stdout


def test_the_public_names_are_the_listed_ones_and_few() -> None:
    names = {
        name
        for name, value in vars(originality).items()
        if not name.startswith("_") and not isinstance(value, types.ModuleType)
    }
    listed = list(originality.__all__)
    assert listed == sorted(listed)
    assert names | set(listed) == set(listed)
    assert all(getattr(originality, name) is not None for name in listed)
    assert len(listed) <= MOST_NAMES


def test_importing_the_package_and_its_command_line_loads_nothing_heavy() -> None:
    for module in ("originality", "originality.cli", "originality.index", "originality.report"):
        loaded = set(run(f"import sys, {module}; print('\\n'.join(sys.modules))").split())
        assert module in loaded
        assert not loaded & HEAVY, module


def test_help_answers_within_half_a_second() -> None:
    took = []
    for _ in range(3):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([sys.executable, "-m", "originality", "--help"], check=True, capture_output=True, cwd=ROOT)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        took.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    assert min(took) < 0.5, took  # of processor time: other work shares the cores


def test_the_version_is_the_same_everywhere() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    changes = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    newest = re.search(r"^## \[?(\d+\.\d+\.\d+)", changes, re.MULTILINE)
    assert newest is not None
    assert originality.__version__ == project["version"] == newest[1]


def test_the_package_says_that_it_is_typed() -> None:
    assert (ROOT / "originality" / "py.typed").is_file()
