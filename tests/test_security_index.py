"""Who can write into the folder of an index, or hands one on, may lie in it but runs nothing (docs/security.md)."""

from __future__ import annotations

import contextlib
import os
import pickle
import sqlite3
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import takewhile
from pathlib import Path
from typing import Any

import faiss
import numpy as np
import pytest

from originality import doctor
from originality.accounts import RegisterFile
from originality.checker import Checker
from originality.collect.memory import Memory
from originality.decisions import Decision, DecisionFile
from originality.doctor.beside import beside
from originality.errors import IndexFault, OriginalityError
from originality.gate import AuditLog
from originality.index import open_index
from originality.index.neighbours import FILES, MANIFEST
from originality.kept import KeptChecks
from originality.live.log import write_line
from originality.live.state import State
from originality.report.ledger import Ledger
from originality.sketch import NUM_PERM
from tests.fakes import FakeEncoder
from tests.hostile import objects, pickled, vouch
from tests.stores import grown, one_line, posts_of

DRAFT = "周一早上最需要拿铁,第0号编辑亲测。限量100件,今晚八点开抢!"
NOW = datetime(2026, 11, 25, tzinfo=UTC)
PLANTED = (
    *FILES.values(), MANIFEST, "accounts.json", "calibration.json", "mappings.json", "live.json", "decisions.jsonl",
    "events.sqlite", "checks/AAAAAAAAAAAAAAAA.json", "index.pkl", "vectors.npy", "modules.json",
)  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    grown(tmp_path / "index", posts_of(60)).close()
    return tmp_path / "index"


def sources(folder: Path) -> list[str]:
    with open_index(folder) as index:
        return [match.post_id for match in Checker(index, FakeEncoder()).check(DRAFT).matches]


def read_everything(folder: Path) -> None:
    """Read all that is read of an index; what is refused in one line is fine."""
    with open_index(folder) as index:
        for reading in (
            lambda: Checker(index, FakeEncoder()).check(DRAFT),
            lambda: KeptChecks(index).find("AAAAAAAAAAAAAAAA"),
            lambda: DecisionFile(folder).read(),
            lambda: RegisterFile(folder).read(),
            lambda: Memory(folder / "mappings.json"),
            lambda: State.load(folder, "x"),
            lambda: Ledger(folder).findings("2026-W46"),
            lambda: list(takewhile(lambda finding: finding.check != "caches", doctor.examine(folder))),
            lambda: list(beside(folder)),
        ):
            with contextlib.suppress(OriginalityError):
                reading()


@pytest.mark.parametrize("kind", [pickled, objects])
def test_no_pickle_of_an_index_is_loaded(folder, tmp_path, kind):
    mark = tmp_path / "ran"
    for name in PLANTED:
        (folder / name).parent.mkdir(exist_ok=True)
        if name != MANIFEST:
            (folder / name).write_bytes(kind(mark))
    vouch(folder)
    read_everything(folder)
    (folder / MANIFEST).write_bytes(kind(mark))
    read_everything(folder)
    assert not mark.exists()
    pickle.loads(pickled(mark))
    assert mark.exists(), "else the trap would prove nothing"


def test_a_forged_length_asks_for_no_memory(folder):
    before = sources(folder)
    path = folder / FILES["minhash"]
    length = (60 * NUM_PERM // 8).to_bytes(8, "little")  # how many bytes of codes follow
    assert path.read_bytes().count(length) == 1
    path.write_bytes(path.read_bytes().replace(length, (2**36).to_bytes(8, "little")))
    vouch(folder)
    assert sources(folder) == before
    largest = max(each.stat().st_size for each in folder.glob("*.faiss"))
    assert faiss.get_deserialization_vector_byte_limit() <= largest


def test_a_cache_of_other_dimensions_is_not_searched(folder):
    before = sources(folder)
    other = faiss.IndexIDMap2(faiss.IndexFlatIP(7))
    other.add_with_ids(np.ones((3, 7), np.float32), np.arange(1, 4))
    faiss.write_index(other, str(folder / FILES["vectors"]))
    vouch(folder)
    assert sources(folder) == before


def test_a_cache_that_leads_out_of_the_folder_is_not_followed(folder, tmp_path):
    before = sources(folder)
    vectors = np.random.default_rng(0).standard_normal((200, FakeEncoder.dim)).astype(np.float32)
    index: Any = faiss.index_factory(FakeEncoder.dim, "IVF4,Flat", faiss.METRIC_INNER_PRODUCT)
    index.train(vectors)
    lists = faiss.OnDiskInvertedLists(index.nlist, index.code_size, str(tmp_path / "elsewhere.ivf"))
    index.replace_invlists(lists)
    index.add_with_ids(vectors, np.arange(1, 201))
    faiss.write_index(index, str(folder / FILES["vectors"]))
    del index, lists
    vouch(folder)
    assert sources(folder) == before
    with open_index(folder) as opened:
        opened.near_texts(vectors[:1], 1)
        assert type(opened._neighbours._vectors) is faiss.IndexIDMap2, "made anew from the store"


ACTIVE = {
    "trigger": "CREATE TRIGGER t AFTER INSERT ON post BEGIN DELETE FROM fp; END",
    "view": "CREATE VIEW v AS SELECT * FROM post",
    "virtual table": "CREATE VIRTUAL TABLE v USING fts5(text)",
}


@pytest.mark.parametrize("kind", ACTIVE)
def test_a_database_that_acts_by_itself_is_no_index(folder, kind):
    with contextlib.closing(sqlite3.connect(folder / "posts.sqlite")) as database:
        database.execute(ACTIVE[kind])
        database.commit()
    with pytest.raises(IndexFault) as error:
        open_index(folder)
    assert "not an index of originality" in one_line(error)


def test_the_schema_of_a_database_is_not_trusted(folder):
    with open_index(folder) as index:
        assert index.store.rows("PRAGMA trusted_schema") == [(0,)]
        with pytest.raises(IndexFault):
            index.store.rows("SELECT load_extension('x')")
    with Ledger(folder) as ledger:
        assert ledger._database.execute("PRAGMA trusted_schema").fetchone() == (0,)


# -- links -------------------------------------------------------------------------------------------------------------


@pytest.fixture
def mine(tmp_path: Path) -> Iterator[Path]:
    """Give a folder of somebody's, in which nothing may change."""
    folder = tmp_path / "mine"
    folder.mkdir()
    for name in ("AAAAAAAAAAAAAAAA.json", "profile", "letter.json"):
        (folder / name).write_text(f'"p00001" {name}', encoding="utf-8")
    yield folder
    assert sorted(path.name for path in folder.iterdir()) == ["AAAAAAAAAAAAAAAA.json", "letter.json", "profile"]
    assert all(path.read_text("utf-8") == f'"p00001" {path.name}' for path in folder.iterdir())


def test_a_linked_folder_of_checks_is_neither_written_nor_swept(folder, mine):
    (folder / "checks").symlink_to(mine)
    with open_index(folder) as index:
        KeptChecks(index, days=0).sweep()
        with pytest.raises(IndexFault) as error:
            KeptChecks(index).write({"draft": "x"})
        assert "is a link" in one_line(error)
        assert index.delete(["p00001"]) == 1


def test_sweeping_takes_only_files_of_ours(folder):
    checks = folder / "checks"
    checks.mkdir()
    (checks / "a folder").mkdir()
    (checks / "letter.json").touch()
    (checks / "AAAAAAAAAAAAAAAA.json").touch()
    (checks / ".AAAAAAAAAAAAAAAA.json.7f.123.tmp").touch()
    with open_index(folder) as index:
        KeptChecks(index, days=0).sweep()
    assert sorted(path.name for path in checks.iterdir()) == ["a folder", "letter.json"]


def forget(folder: Path) -> None:
    with open_index(folder) as index:
        index.delete(["p00001"])


def decide(folder: Path) -> None:
    DecisionFile(folder).add(Decision(check="x", choice="accept", who="小满", at=NOW))


WRITING: dict[str, Callable[[Path], object]] = {
    "decisions.jsonl": decide,
    "decisions.lock": decide,
    "live.log": lambda folder: write_line(folder, NOW, "a line"),
    "events.sqlite": Ledger,
    "search.lock": forget,
}


@pytest.mark.parametrize("name", WRITING)
def test_nothing_is_written_through_a_link(folder, mine, name):
    (folder / name).unlink(missing_ok=True)
    (folder / name).symlink_to(mine / "profile")
    with pytest.raises((IndexFault, OSError)) as error:
        WRITING[name](folder)
    assert "\n" not in str(error.value)


# -- what lies in it is for its owner only -----------------------------------------------------------------------------


def test_whatever_the_umask_says_an_index_is_for_its_owner_only(tmp_path):
    before = os.umask(0)
    try:
        folder = tmp_path / "index"
        RegisterFile(folder).change(lambda register: register)
        with grown(folder, posts_of(30)) as index:
            index.save()
            KeptChecks(index).write({"draft": "x"})
            assert {"posts.sqlite", "posts.sqlite-wal"} <= {path.name for path in folder.iterdir()}
            open_to_others = [path.name for path in (folder, *folder.rglob("*")) if path.stat().st_mode & 0o077]
        decide(folder)
        write_line(folder, NOW, "a line")
        State(folder / "live.json", "x").save()
        Memory(folder / "mappings.json").remember(["文案"], {"text": "文案"})
        with Ledger(folder):
            pass
        AuditLog(folder / "audit.jsonl")
        open_to_others += [path.name for path in (folder, *folder.rglob("*")) if path.stat().st_mode & 0o077]
    finally:
        os.umask(before)
    assert open_to_others == []
    assert len(list(folder.rglob("*"))) > 12
