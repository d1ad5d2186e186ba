"""The doctor: what is broken on purpose is found; what can be made again is mended, and only that."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from originality.doctor import Finding, examine
from originality.errors import IndexFault
from originality.index import events, open_index
from originality.index.traces import MENDING
from tests.brand_posts import POSTS
from tests.command_line import built, run

ALL = "integrity posts vectors fingerprints parts words strays texts leftovers caches encoder disk".split()


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built(tmp_path_factory.mktemp("doctor"))


@pytest.fixture
def index(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "index"))


@contextmanager
def changed(index: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(index / "posts.sqlite")) as database:
        yield database
        database.commit()


def findings(index: Path) -> dict[str, Finding]:
    return {finding.check: finding for finding in examine(index)}


def states(index: Path) -> dict[str, str]:
    return {check: finding.state for check, finding in findings(index).items()}


def doctor(index: Path) -> tuple[int, str]:
    result = run("doctor", "--index", index)
    assert result.stderr == ""
    return result.exit_code, result.stdout


def test_a_sound_index_passes_every_check(index: Path) -> None:
    before = (index / "posts.sqlite").read_bytes()
    assert states(index) == dict.fromkeys(ALL, "ok")
    code, shown = doctor(index)
    assert code == 0
    assert shown.count("✓") == len(ALL)
    assert "✗" not in shown
    assert (index / "posts.sqlite").read_bytes() == before


@pytest.mark.parametrize("name", ["manifest.json", "minhash.faiss", "vectors.faiss"])
@pytest.mark.parametrize("fault", ["missing", "garbage", "half"])
def test_caches_are_rebuilt(index: Path, name: str, fault: str) -> None:
    path = index / name
    data = path.read_bytes()
    path.unlink() if fault == "missing" else path.write_bytes(
        b"?!" * 40 if fault == "garbage" else data[: len(data) // 2]
    )
    assert states(index) == {**dict.fromkeys(ALL, "ok"), "caches": "mended"}
    assert states(index)["caches"] == "ok"


def test_caches_that_the_store_has_left_behind_are_rebuilt(index: Path) -> None:
    with open_index(index) as opened:
        opened.store.delete(["b1"])  # as after a crash between the two
    assert states(index)["caches"] == "mended"
    code, shown = doctor(index)
    assert code == 0
    assert "检索缓存与数据一致" in shown


def test_leftovers_of_dead_runs_are_removed_and_those_of_living_ones_kept(index: Path) -> None:
    dead = subprocess.Popen([sys.executable, "-c", "pass"])
    dead.wait()
    left = index / f".vectors.faiss.{dead.pid}.tmp"
    used = index / f".manifest.json.{os.getpid()}.tmp"
    left.touch()
    used.touch()
    assert states(index)["leftovers"] == "mended"
    assert not left.exists()
    assert used.exists()
    assert states(index)["leftovers"] == "ok"


@pytest.mark.parametrize(
    ("check", "statement"),
    [
        ("posts", "UPDATE meta SET value='999' WHERE key='posts'"),
        ("vectors", "UPDATE meta SET value='999' WHERE key='vectors'"),
        ("fingerprints", "DELETE FROM fp WHERE row=1"),
        ("parts", "UPDATE part SET vector=999999 WHERE row=1 AND ordinal=0"),
        ("words", "UPDATE word SET posts=posts+1 WHERE word IN (SELECT word FROM word LIMIT 1)"),
        ("strays", "INSERT INTO fp VALUES(12345, 999999)"),
        ("texts", "UPDATE post SET text=replace(text, '面团', '面条') WHERE post_id='b1'"),
    ],
)
def test_what_is_wrong_in_the_store_is_reported_and_left_alone(index: Path, check: str, statement: str) -> None:
    with changed(index) as database:
        database.execute(statement)
    assert states(index)[check] == "bad"
    code, shown = doctor(index)
    assert code == 1
    assert "✗" in shown
    assert "--mend" in shown
    with open_index(index) as opened:
        assert len(list(opened.posts())) == len(POSTS)


def test_damage_inside_the_file_is_found(index: Path) -> None:
    path = index / "posts.sqlite"
    with changed(index) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    data = bytearray(path.read_bytes())
    data[len(data) // 2 : len(data) // 2 + 20_000] = b"\xaa" * 20_000
    path.write_bytes(data)
    assert states(index) == {"integrity": "bad"}
    code, shown = doctor(index)
    assert code == 1
    assert len(shown.splitlines()) == 2
    assert "已损坏" in shown
    assert path.read_bytes() == data


def test_another_encoder_than_the_index_was_built_with_is_reported(index: Path) -> None:
    with changed(index) as database:
        database.execute("UPDATE meta SET value=replace(value, 'universal', 'other') WHERE key='stamp'")
    assert findings(index)["encoder"].state == "bad"
    code, shown = doctor(index)
    assert code == 1
    assert "编码器 fast 用不了" in shown


def test_an_encoder_that_does_not_load_is_reported(index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ORIGINALITY_THREADS", "many")
    finding = findings(index)["encoder"]
    assert finding.state == "bad"
    assert "ORIGINALITY_THREADS" in finding.values["seen"]


def test_a_full_disk_is_reported(index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("originality.doctor.examining.LEAST_FREE", 10**18)
    assert findings(index)["disk"].state == "bad"


def test_what_a_killed_doctor_has_left_half_built_is_removed(index: Path) -> None:
    (index / MENDING).mkdir()
    (index / MENDING / "posts.sqlite").touch()
    assert states(index)["leftovers"] == "mended"
    assert not (index / MENDING).exists()


def test_findings_of_reports_that_cannot_be_read_are_explained(index: Path) -> None:
    with closing(sqlite3.connect(index / events.FILE)) as database:
        database.executescript(events.SCHEMA)
    assert states(index)["events"] == "ok"
    (index / events.FILE).write_bytes(b"no database at all" * 200)
    assert states(index)["events"] == "bad"
    code, shown = doctor(index)
    assert code == 1
    assert str(index / events.FILE) in shown


def test_a_register_that_cannot_be_read_is_explained(index: Path) -> None:
    (index / "accounts.json").write_text('{"version": 1, "accounts": [], "permissions": []}', encoding="utf-8")
    assert states(index)["register"] == "ok"
    (index / "accounts.json").write_text("{", encoding="utf-8")
    code, shown = doctor(index)
    assert code == 1
    assert "accounts.json" in shown


def test_no_index_is_no_case_for_the_doctor(tmp_path: Path) -> None:
    with pytest.raises(IndexFault, match="originality collect"):
        list(examine(tmp_path))
