"""What the tests of the command line share: running it, and what a failure must look like."""

from __future__ import annotations

import functools
import json
import sqlite3
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from unittest.mock import patch

from click.testing import CliRunner, Result

from originality.cli import main
from originality.embed import load_encoder
from originality.index import open_index
from tests.brand_posts import write_posts

ROOT = Path(__file__).resolve().parents[1]
loaded = functools.cache(load_encoder)


def run(*arguments: object, given: str | bytes | None = None, **variables: str) -> Result:
    """Run a command in this process, as a person with a Chinese terminal; an encoder is loaded once for all runs."""
    environment = {"ORIGINALITY_LANG": "", "ORIGINALITY_INDEX": None, **variables}
    with ExitStack() as stack:
        for module in ("embed", "checker"):
            stack.enter_context(patch(f"originality.{module}.load_encoder", loaded))
        return CliRunner().invoke(main, [str(each) for each in arguments], input=given, env=environment)


def process(*arguments: object) -> list[str]:
    return [sys.executable, "-m", "originality", *map(str, arguments)]


def collect(source: Path, index: Path, *more: object) -> dict[str, Any]:
    result = run("collect", source, "--index", index, "--encoder", "fast", "--json", *more)
    assert result.exit_code == 0, result.stderr
    answer: dict[str, Any] = json.loads(result.stdout)
    return answer


def failed(result: Result, *words: str) -> None:
    """Assert one line on standard error that holds some words, exit code 2, and no answer."""
    lines = result.stderr.strip().splitlines()
    assert result.exit_code == 2
    assert len(lines) == 1
    assert lines[0].startswith("错误：")
    assert result.stdout == ""
    for word in words:
        assert word in lines[0]


def content(index: Path) -> dict[str, Any]:
    with open_index(index) as opened:
        return {"posts": list(opened.posts()), "vectors": opened.store.vectors, "info": opened.info()}


def damage(index: Path, kind: str) -> Path:
    """Make a folder whose index cannot be used; `kind` says why."""
    path = index / "posts.sqlite"
    index.mkdir()
    if kind == "foreign":
        with sqlite3.connect(path) as database:
            database.execute("CREATE TABLE shopping(item TEXT)")
        database.close()
    elif kind == "damaged":
        path.write_bytes("这不是数据库，只是一段文字。".encode() * 400)
    elif kind == "empty file":
        path.touch()
    return index


def built(folder: Path) -> Path:
    """Build an index of the small corpus in a folder; return where it is."""
    collect(write_posts(folder / "posts.jsonl"), folder / "index")
    return folder / "index"
