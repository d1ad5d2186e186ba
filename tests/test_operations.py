"""Disks that fill up, folders that cannot be written, clocks that jump, writers that meet: one line, nothing lost."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from originality import embed
from originality.build import build
from originality.doctor import examine, mend
from originality.errors import IndexFault
from originality.index import open_index
from tests.command_line import failed, run
from tests.fakes import FakeEncoder, unwritable
from tests.processes import ROOT
from tests.stores import content_of, grown, one_line, posts_of


@pytest.fixture(autouse=True)
def little_encoder(monkeypatch):
    monkeypatch.setattr(embed, "load_encoder", lambda name: FakeEncoder())
    monkeypatch.setattr("tests.command_line.loaded", lambda name: FakeEncoder())


@contextlib.contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[Path]:
    """Give a file system of its own, if this user may make one."""
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(folder)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("this user may not mount a file system")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def filled(disk: Path) -> Path:
    """Fill a file system to the last byte; return the file that does."""
    with (disk / "filler").open("wb", buffering=0) as file, contextlib.suppress(OSError):
        while file.write(b"x" * 4096):
            pass
    return disk / "filler"


def bad(folder: Path) -> list[str]:
    return [finding.check for finding in examine(folder) if finding.state == "bad" and finding.check != "disk"]


def test_a_disk_that_is_really_full_is_one_line_and_harms_nothing(tmp_path):
    with small_disk(tmp_path / "disk", 6) as disk:
        with grown(disk / "index", posts_of(50)) as index:
            before = content_of(index)
            filler = filled(disk)
            with pytest.raises(IndexFault) as error:
                build(posts_of(2000, 1000), index, FakeEncoder())
            one_line(error)
            filler.unlink()
            found = content_of(index)
            kept = [post for post in found["posts"] if post.post_id < "p01000"]
            assert kept == before["posts"]
            build(posts_of(200, 1000), index, FakeEncoder())
        assert bad(disk / "index") == []


def test_no_room_to_mend_leaves_the_index_as_it_was(tmp_path):
    with small_disk(tmp_path / "disk", 3) as disk:
        with grown(disk / "index", posts_of(300)) as index:
            with index.store.transaction() as database:
                database.execute("DELETE FROM fp WHERE row % 2")
            index.store.rows("PRAGMA wal_checkpoint(TRUNCATE)")
        filler = filled(disk)
        with pytest.raises((IndexFault, OSError)):
            list(mend(disk / "index"))
        filler.unlink()
        with open_index(disk / "index") as index:
            assert index.info().posts == 300
        list(mend(disk / "index"))
        assert bad(disk / "index") == []


def test_commands_on_a_read_only_folder_are_one_line(public):
    folder = public / "index"
    grown(folder, posts_of(20)).close()
    folder.chmod(0o755)
    lines = public / "posts.jsonl"
    lines.write_text(
        json.dumps({"post_id": "n1", "account": "甲", "text": "晒谷场上的麻雀比人勤快。"}), encoding="utf-8"
    )
    public.chmod(0o777)
    with unwritable(folder):
        for arguments in (("collect", lines, "--encoder", "fake"), ("forget", "--post", "p00001", "--yes")):
            failed(run(*arguments, "--index", folder))
        assert run("doctor", "--mend", "--index", folder).exit_code == 0
        result = run("backup", public / "backup", "--index", folder)
        assert result.exit_code == 0, result.stderr
    assert bad(public / "backup") == []
    with open_index(folder) as index:
        assert index.info().posts == 20


def test_a_clock_that_jumps_back_loses_nothing(tmp_path):
    ahead, behind = datetime(2037, 5, 1, tzinfo=UTC), datetime(1999, 5, 1, tzinfo=UTC)
    with open_index(tmp_path / "jumped", encoder_name=FakeEncoder.name) as index:
        for number, now in enumerate((ahead, behind, ahead, behind)):
            build(posts_of(30, 30 * number), index, FakeEncoder(), now=now)
        found = content_of(index)
    with grown(tmp_path / "steady", posts_of(120)) as index:
        assert content_of(index) == found


def test_with_a_retention_a_clock_that_is_behind_deletes_nothing(tmp_path):
    with grown(tmp_path, posts_of(30)) as index:
        index.store.retain(30)
        report = build(posts_of(10, 100), index, FakeEncoder(), now=datetime(2001, 1, 1, tzinfo=UTC))
        assert (report.added, report.expired) == (10, 0)
        report = build((), index, FakeEncoder(), now=datetime(2020, 2, 3, 10, tzinfo=UTC) + timedelta(days=30))
        assert report.expired == 0
        assert index.info().posts == 40


def test_caches_and_the_register_do_not_go_by_the_clock(tmp_path):
    grown(tmp_path, posts_of(30)).close()
    for path in tmp_path.iterdir():
        os.utime(path, (10**9, 10**9))
    with grown(tmp_path, posts_of(10, 500)) as index:
        assert len(index.near_texts(FakeEncoder().encode([posts_of(1, 505)[0].text]), 1)[0]) == 1
        assert index.info().posts == 40
    assert bad(tmp_path) == []


WRITER = """
    import sys
    from originality import build as building
    from originality.index import open_index
    from tests.fakes import FakeEncoder
    from tests.stores import posts_of
    building.BATCH = 10
    with open_index(sys.argv[1], encoder_name=FakeEncoder.name) as index:
        for first in range(int(sys.argv[2]), int(sys.argv[2]) + 100, 10):
            building.build(posts_of(10, first), index, FakeEncoder())
"""


def test_two_writers_at_once_lose_nothing(tmp_path):
    command = [sys.executable, "-c", textwrap.dedent(WRITER), str(tmp_path / "both")]
    writers = [
        subprocess.Popen([*command, str(first)], cwd=ROOT, stderr=subprocess.PIPE, text=True) for first in (0, 50)
    ]
    for writer in writers:
        complaints = writer.communicate(timeout=900)[1]
        assert (writer.returncode, complaints) == (0, "")
    with grown(tmp_path / "one", posts_of(150)) as one, open_index(tmp_path / "both") as both:
        assert content_of(both) == content_of(one)
        assert both.near_texts(FakeEncoder().encode([posts_of(1, 140)[0].text]), 3)[0]
    assert bad(tmp_path / "both") == []
