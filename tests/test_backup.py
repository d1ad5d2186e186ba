"""Backups: whole or not at all, made while the index is in use, sound, and good for restoring."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import textwrap
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from originality import embed
from originality.doctor import back_up, examine
from originality.errors import IndexFault
from originality.index import events, open_index
from tests.command_line import failed, run
from tests.fakes import FakeEncoder, full_disk
from tests.processes import ROOT
from tests.stores import content_of, grown, one_line, posts_of

COUNT = 60
BESIDE = {
    "accounts.json": '{"version": 1, "accounts": [], "permissions": []}\n',
    "decisions.jsonl": '{"check": "1", "choice": "accept"}\n',
    "live.json": '{"version": 1}\n',
    "checks/4f.json": '{"at": "2026-11-20"}\n',
}


@pytest.fixture(autouse=True)
def little_encoder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embed, "load_encoder", lambda name: FakeEncoder())
    monkeypatch.setattr("tests.command_line.loaded", lambda name: FakeEncoder())


@pytest.fixture
def index(tmp_path: Path) -> Path:
    folder = tmp_path / "index"
    grown(folder, posts_of(COUNT)).close()
    (folder / "checks").mkdir()
    for name, text in BESIDE.items():
        (folder / name).write_text(text, encoding="utf-8")
    with closing(sqlite3.connect(folder / events.FILE)) as database:
        database.executescript(events.SCHEMA)
        database.execute("INSERT INTO decision VALUES('p00001', 'p00002', 'accept', '编辑', '', 0)")
        database.commit()
    return folder


def content(folder: Path) -> dict[str, Any]:
    with open_index(folder) as opened:
        return content_of(opened)


def sound(folder: Path) -> bool:
    return not [each for each in examine(folder, thorough=True) if each.state == "bad" and each.check != "disk"]


def test_a_backup_is_the_index_with_all_that_is_beside_it(index: Path, tmp_path: Path) -> None:
    result = run("backup", tmp_path / "backups" / "monday", "--index", index)
    assert result.exit_code == 0, result.stderr
    assert f"{COUNT} 条帖子" in result.stdout
    copy = tmp_path / "backups" / "monday"
    assert content(copy) == content(index)
    assert {name: (copy / name).read_text(encoding="utf-8") for name in BESIDE} == BESIDE
    with closing(sqlite3.connect(copy / events.FILE)) as database:
        assert database.execute("SELECT who FROM decision").fetchall() == [("编辑",)]
    assert all(finding.state == "ok" or finding.check == "disk" for finding in examine(copy))
    assert [path.name for path in copy.parent.iterdir()] == ["monday"]


def test_the_copied_folder_put_back_is_the_index_of_then(index: Path, tmp_path: Path) -> None:
    then = content(index)
    back_up(index, tmp_path / "backup")
    with open_index(index) as opened:
        opened.delete([f"p{number:05d}" for number in range(30)])
    shutil.rmtree(index)
    shutil.copytree(tmp_path / "backup", index)
    assert content(index) == then
    assert sound(index)
    with grown(index, posts_of(10, 900)) as opened:  # readers do not hold up writers in a restored one either
        assert opened.info().posts == COUNT + 10
        assert opened.store.rows("PRAGMA journal_mode") == [("wal",)]


def test_a_backup_made_while_posts_are_written_is_of_one_moment(index: Path, tmp_path: Path) -> None:
    code = """
        import sys
        from originality import build as building
        from originality.index import open_index
        from tests.fakes import FakeEncoder
        from tests.stores import posts_of
        building.BATCH = 20
        print("begun", flush=True)
        with open_index(sys.argv[1]) as index:
            for batch in range(1, 200):
                building.build(posts_of(20, 1000 + 20 * batch), index, FakeEncoder())
    """
    command = [sys.executable, "-c", textwrap.dedent(code), str(index)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, env=dict(os.environ)) as writer:
        assert writer.stdout
        assert writer.stdout.readline() == "begun\n"
        counts = [back_up(index, tmp_path / f"backup{number}") for number in range(3)]
        writer.kill()
    for number, count in enumerate(counts):
        copy = tmp_path / f"backup{number}"
        assert (count - COUNT) % 20 == 0
        assert len(content(copy)["posts"]) == count
        assert sound(copy)
    assert counts == sorted(counts)


def test_a_folder_that_is_there_is_not_written_over(index: Path, tmp_path: Path) -> None:
    (tmp_path / "old").mkdir()
    (tmp_path / "old" / "note.txt").write_text("mine", encoding="utf-8")
    failed(run("backup", tmp_path / "old", "--index", index), "is there already")
    assert [path.name for path in (tmp_path / "old").iterdir()] == ["note.txt"]
    failed(run("backup", index / "backup", "--index", index), "Name another folder")


def test_an_index_that_is_not_sound_gives_no_backup(index: Path, tmp_path: Path) -> None:
    with closing(sqlite3.connect(index / "posts.sqlite")) as database:
        database.execute("DELETE FROM fp WHERE row % 2")
        database.commit()
    with pytest.raises(IndexFault) as error:
        back_up(index, tmp_path / "backup")
    assert "not sound (fingerprints)" in one_line(error)
    assert [path.name for path in tmp_path.iterdir()] == ["index"]


def test_a_full_disk_leaves_nothing_of_a_backup(index: Path, tmp_path: Path) -> None:
    with full_disk(8192):
        result = run("backup", tmp_path / "backup", "--index", index)
    assert result.exit_code == 2
    assert len(result.stderr.splitlines()) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["index"]
    assert back_up(index, tmp_path / "backup") == COUNT


def test_what_a_killed_backup_has_left_goes_with_the_next(index: Path, tmp_path: Path) -> None:
    dead = subprocess.Popen([sys.executable, "-c", "pass"])
    dead.wait()
    left = tmp_path / f".backup.{dead.pid}.part"
    left.mkdir()
    (left / "posts.sqlite").touch()
    back_up(index, tmp_path / "backup")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["backup", "index"]


def test_there_must_be_an_index(tmp_path: Path) -> None:
    failed(run("backup", tmp_path / "backup", "--index", tmp_path / "none"), "originality collect")
    assert json.dumps([path.name for path in tmp_path.iterdir()]) == "[]"
