"""Kill -9 at random moments of a live and of a file import: run again, the index equals that of an undisturbed run."""

from __future__ import annotations

import contextlib
import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from originality.index import open_index
from originality.index.database import FILE
from tests.fakes import FakeEncoder
from tests.live_runs import register
from tests.processes import ROOT
from tests.stores import posts_of
from tests.weibo_server import UID, long_status, running

MOMENTS = 10
POSTS = 100

# Each line on standard input is a run in a process of its own, forked after everything is loaded and, if told, killed;
# how it ended is printed. So a kill costs milliseconds and not the seconds that loading takes.
NURSERY = """
    import os, signal, sys, time
    import faiss
    import originality.build, originality.collect, originality.live
    from pathlib import Path
    from tests import live_runs
    from tests.fakes import FakeEncoder
    from tests.weibo_server import TOKEN, Clock

    originality.build.BATCH = 20
    def live(folder, url):
        clock = Clock(live_runs.NOON)
        settings = live_runs.LiveSettings(business_url=url)
        report = live_runs.collect_live(
            Path(folder), "fake", settings, {"ORIGINALITY_WEIBO_TOKEN": TOKEN},
            around=live_runs.around(clock), load=lambda name: FakeEncoder(),
        )
        assert report.failed == 0, report

    def files(folder, path):
        from originality.index import open_index
        source = originality.collect.open_source([Path(path)])
        with open_index(folder, encoder="fake", encoder_name=FakeEncoder.name) as index:
            originality.build.build(source, index, FakeEncoder())

    files(*sys.argv[1:])  # loads dictionaries and tables once for all
    print("ready", flush=True)
    for line in sys.stdin:
        name, moment, *arguments = line.split()
        child = os.fork()
        if not child:
            try:
                {"live": live, "files": files}[name](*arguments)
            except BaseException as error:
                print(f"{type(error).__name__}: {error}", file=sys.stderr, flush=True)
                os._exit(1)
            os._exit(0)
        if moment != "never":
            time.sleep(float(moment))
            os.kill(child, signal.SIGKILL)
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""


class Nursery:
    """Runs imports that can be killed."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def run(self, name: str, *arguments: object, kill_after: float | None = None) -> int:
        """Run an import, or kill it after some seconds; return its exit code."""
        assert self._process.stdin
        assert self._process.stdout
        moment = "never" if kill_after is None else kill_after
        print(name, moment, *arguments, file=self._process.stdin, flush=True)
        return int(self._process.stdout.readline())


@pytest.fixture(scope="module")
def nursery(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nursery]:
    first = tmp_path_factory.mktemp("nursery")
    command = [sys.executable, "-c", textwrap.dedent(NURSERY), str(first), str(write_lines(first / "posts.jsonl", 3))]
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "ORIGINALITY_THREADS": "1"}
    pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, cwd=ROOT, env=environment, **pipes) as process:
        assert process.stdout
        assert process.stdout.readline() == "ready\n"
        yield Nursery(process)
        assert process.stdin
        process.stdin.close()
        assert process.wait(timeout=30) == 0


def write_lines(path: Path, count: int) -> Path:
    lines = [
        {"post_id": post.post_id, "account": post.account, "text": post.text, "published_at": str(post.published_at)}
        for post in posts_of(count)
    ]
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return path


def content(folder: Path) -> dict[str, list[Any]]:
    """Return all that an index holds, but for the numbers of its rows."""
    with contextlib.closing(sqlite3.connect(folder / FILE)) as database:
        columns = [name for _, name, *_ in database.execute("PRAGMA table_info(post)") if name != "row"]
        queries = {
            "posts": f"SELECT {', '.join(columns)} FROM post",
            "fingerprints": "SELECT post_id, hash FROM fp JOIN post USING(row)",
            "vectors": "SELECT post_id, ordinal, key, value FROM part JOIN post USING(row) JOIN vector ON id=vector",
            "all vectors": "SELECT key FROM vector",
            "words": "SELECT word, posts FROM word",
            "figures": "SELECT key, value FROM meta WHERE key IN ('posts', 'vectors', 'stamp')",
        }
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        return {name: sorted(database.execute(query), key=repr) for name, query in queries.items()}


def nearest(folder: Path) -> list[str]:
    """Return what the search files find, which are a cache beside the rest."""
    query = FakeEncoder().encode([posts_of(1, 77)[0].text])
    with open_index(folder) as index:
        rows = [row for row, ordinal, _ in index.near_texts(query, 20)[0] if not ordinal]
        found = index.posts_at(rows)
        return sorted(found[row].post_id for row in rows)


def outlives_kills(
    nursery: Nursery, whole: Path, start: Callable[[Path], tuple[str, object, object]], folders: list[Path], seed: int
) -> None:
    began = time.monotonic()
    assert nursery.run(*start(whole)) == 0
    length = time.monotonic() - began
    wanted, near = content(whole), nearest(whole)
    assert len(wanted["posts"]) == POSTS
    chance = random.Random(seed)
    broken_off = 0
    for folder in folders:
        assert nursery.run(*start(folder), kill_after=chance.uniform(0, length)) in {-signal.SIGKILL, 0}
        broken_off += not (folder / FILE).exists() or stored(folder) < POSTS
        assert nursery.run(*start(folder)) == 0
        assert content(folder) == wanted
        assert nearest(folder) == near
    assert broken_off >= MOMENTS // 3  # or the moments came too late to prove anything


def stored(folder: Path) -> int:
    with contextlib.closing(sqlite3.connect(folder / FILE)) as database:
        try:
            return int(database.execute("SELECT count(*) FROM post").fetchone()[0])
        except sqlite3.OperationalError:  # killed before there were tables
            return 0


def folders(tmp_path: Path) -> list[Path]:
    made = [tmp_path / f"index{number}" for number in range(MOMENTS + 1)]
    for folder in made:
        folder.mkdir()
    return made


def test_a_live_import_outlives_being_killed(tmp_path, nursery):
    whole, *killed = folders(tmp_path)
    with running() as weibo:
        weibo.fill(POSTS)
        for number in range(0, POSTS, 9):
            weibo.posts[UID][POSTS - 1 - number] = long_status(number)
        for folder in (whole, *killed):
            register(folder)
        outlives_kills(nursery, whole, lambda folder: ("live", folder, weibo.url), killed, seed=1)
    for folder in killed:
        state = json.loads((folder / "live.json").read_text(encoding="utf-8"))
        assert state["accounts"][UID]["gaps"] == []


def test_a_file_import_outlives_being_killed(tmp_path, nursery):
    path = write_lines(tmp_path / "posts.jsonl", POSTS)
    whole, *killed = folders(tmp_path)
    outlives_kills(nursery, whole, lambda folder: ("files", folder, path), killed, seed=2)
