"""The pages of the repository against the code: what they name must exist."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path
from typing import get_args

import pytest

from originality.cli import main
from originality.models import Caveat, MatchKind, SpanKind, Verdict
from originality.settings import Settings

ROOT = Path(__file__).resolve().parents[1]
PAGES = sorted(
    [
        *ROOT.glob("*.md"),
        *ROOT.glob("docs/**/*.md"),
        *ROOT.glob("demo/*.md"),
        *ROOT.glob("index/*.md"),
        *ROOT.glob("benchmarks/*.md"),
    ]
)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_and_paths_lead_somewhere(page):
    for target in re.findall(r"\]\(([^)#]+)\)", page.read_text(encoding="utf-8")):
        if "://" not in target:
            assert (page.parent / target).exists(), target


@pytest.mark.parametrize("page", ["README.md", "README.zh.md"])
def test_the_readmes_name_every_command_and_only_real_ones(page):
    named = set(re.findall(r"originality ([a-z]+)", (ROOT / page).read_text(encoding="utf-8")))
    assert set(main.commands) <= named | {"help"}
    no_commands = {"import", "is"}  # as in "from originality import Checker"
    assert named - set(main.commands) - no_commands == set()


def test_the_page_on_results_explains_every_word_of_the_contract():
    text = (ROOT / "docs" / "results.md").read_text(encoding="utf-8")
    for words in (Verdict, MatchKind, SpanKind, Caveat):
        assert all(f"`{word}`" in text for word in get_args(words))


def test_the_makefile_has_the_verbs_that_the_readme_promises():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for verb in ("app", "test", "check", "fmt", "docs"):
        assert re.search(rf"^{verb}:", makefile, re.MULTILINE)


def test_every_setting_says_why():
    source = (ROOT / "originality" / "settings.py").read_text(encoding="utf-8")
    for field in fields(Settings):
        assert re.search(rf'    {field.name}: [^\n]+\n    """', source), field.name
