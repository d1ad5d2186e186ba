"""kill -9 at any moment of a file import or of forgetting: the same command again ends like an undisturbed run."""

from __future__ import annotations

import contextlib
import json
import shutil
import signal
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from originality.build import build
from originality.collect import open_source
from originality.index import events, open_index
from tests.command_line import run
from tests.fakes import FakeEncoder
from tests.processes import run_python
from tests.stores import bytes_on_disk, content_of, grown, posts_of

POSTS = 300
KILLS = 10

# The moments are counted in steps of the work: calls of functions, and every 200 instructions of SQLite. Clocks are
# too coarse, and not the same on a busy machine. After a first run, which loads all that is loaded once, an undisturbed
# one tells the number of steps; each other one is a fork that dies after its share of them.
KILLER = """
import json, os, random, signal, sys, tempfile
from pathlib import Path
from originality import build as building
from originality.collect import open_source
from originality.index import open_index
from originality.index.database import Database
from tests.fakes import FakeEncoder

def collect(folder):
    with open_index(folder, encoder_name="fake@1") as index:
        building.build(open_source([Path(sys.argv[2])]), index, FakeEncoder())

def forget(folder):
    with open_index(folder) as index:
        index.delete(index.chosen(accounts=["品牌1"]), keep_out=True)

def connecting(database):
    connection = connect(database)
    connection.set_progress_handler(lambda: 0, 200)
    return connection

def stepping(folder, last=None):
    steps = 0
    def step(*_):
        nonlocal steps
        steps += 1
        if steps == last:
            os.kill(os.getpid(), signal.SIGKILL)
    sys.setprofile(step)
    work(folder)
    sys.setprofile(None)
    return steps

def killed(folder, last):
    child = os.fork()
    if not child:
        stepping(folder, last)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])

work = {"collect": collect, "forget": forget}[sys.argv[1]]
connect, Database._connect = Database._connect, connecting
building.BATCH = 10
with tempfile.TemporaryDirectory() as folder:
    collect(Path(folder))
    forget(Path(folder))
folders = [Path(name) for name in sys.argv[3:]]
steps = stepping(folders[0])
moments = random.Random(11)
print(json.dumps([killed(folder, int(steps * moments.uniform(0.02, 0.98))) for folder in folders[1:]]))
"""


def killed(work: str, folders: list[Path], file: Path) -> None:
    """Run some work undisturbed in the first folder, and kill it in each of the others."""
    assert json.loads(run_python(KILLER, work, file, *folders)) == [-signal.SIGKILL] * KILLS


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("export") / "帖子.jsonl"
    with path.open("w", encoding="utf-8") as lines:
        for post in posts_of(POSTS):
            time = post.published_at.isoformat() if post.published_at else ""
            values = {"id": post.post_id, "账号": post.account, "正文": post.text, "发布时间": time, "点赞数": "1.2万"}
            lines.write(json.dumps(values, ensure_ascii=False) + "\n")
    return path


def test_an_import_that_is_killed_at_ten_moments_ends_like_an_undisturbed_one(tmp_path, file):
    folders = [tmp_path / str(number) for number in range(KILLS + 1)]
    killed("collect", folders, file)
    with open_index(folders[0]) as index:
        whole = content_of(index)
    assert whole["figures"][0] == POSTS
    stored = set()
    for folder in folders[1:]:
        if (folder / "posts.sqlite").exists():
            with open_index(folder, encoder_name="fake@1") as index:
                stored.add(index.info().posts)
        with open_index(folder, encoder_name="fake@1") as index:
            build(open_source([file]), index, FakeEncoder())
            assert content_of(index) == whole
            assert index.store.rows("PRAGMA integrity_check") == [("ok",)]
            assert index.near_texts(FakeEncoder().encode(["编辑亲测"]), 3)[0]
    assert len(stored) >= 5  # the kills came at moments that differ


def with_events(folder: Path) -> None:
    with contextlib.closing(sqlite3.connect(folder / events.FILE)) as database:
        database.execute("PRAGMA journal_mode=WAL")
        database.executescript(events.SCHEMA)
        found = [(f"p{(i * 7) % POSTS:05d}", f"p{i:05d}", f"第{i}号被跟" * 20) for i in range(POSTS)]
        columns = "span, draft_id, source_id, hint, reasons, others"
        statement = f"INSERT INTO event({columns}) VALUES('2026-W40', ?, ?, 0, ?, '[]')"
        database.executemany(statement, found)  # in no order, so that pages are split
        database.commit()


def test_forgetting_that_is_killed_at_ten_moments_leaves_nothing_after_a_rerun(tmp_path, file):
    grown(tmp_path / "0", posts_of(POSTS)).close()
    with_events(tmp_path / "0")
    folders = [tmp_path / str(number) for number in range(KILLS + 1)]
    for folder in folders[1:]:
        shutil.copytree(folders[0], folder)
    killed("forget", folders, file)
    with open_index(folders[0]) as index:
        whole = content_of(index)
    assert whole["figures"][0] == POSTS * 2 // 3
    for folder in folders[1:]:
        assert run("forget", "--account", "品牌1", "--keep-out", "--yes", "--index", folder).exit_code == 0
        assert_nothing_left(folder, whole)


def assert_nothing_left(folder: Path, whole: dict[str, Any]) -> None:
    gone = [post for post in posts_of(POSTS) if post.account == "品牌1"]
    content = bytes_on_disk(folder)
    traces = [trace for post in gone for trace in (post.post_id, post.text)]
    assert not [trace for trace in traces if trace.encode() in content]
    assert "品牌1".encode() not in content
    with open_index(folder) as index:
        assert content_of(index) == whole
        assert index.store.forgotten == len(gone)
        assert index.store.meta("purge") is None
