"""Making an index anew: from what can be read, from an export, from an older format; nothing is destroyed by it."""

from __future__ import annotations

import random
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from originality import embed
from originality.doctor import examine, mend
from originality.errors import IndexFault
from originality.export import export
from originality.index import open_index
from originality.index.traces import ASIDE
from tests.brand_posts import POSTS
from tests.command_line import failed, run
from tests.fakes import FakeEncoder
from tests.processes import ROOT, started
from tests.stores import content_of, grown, one_line, posts_of

COUNT = 120
FORMAT_1 = ROOT / "tests" / "data" / "format-1"


@pytest.fixture(autouse=True)
def little_encoder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embed, "load_encoder", lambda name: FakeEncoder())
    monkeypatch.setattr("tests.command_line.loaded", lambda name: FakeEncoder())


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("mend")
    with grown(folder / "index", posts_of(COUNT)) as index:
        index.store.retain(36500)
        index.delete(["p00003"], keep_out=True)
        index.store.rows("PRAGMA wal_checkpoint(TRUNCATE)")
        export(index, folder / "export.jsonl")
    return folder


@pytest.fixture
def index(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made / "index", tmp_path / "index"))


@contextmanager
def changed(index: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(index / "posts.sqlite")) as database:
        yield database
        database.commit()
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def content(index: Path) -> dict[str, Any]:
    with open_index(index) as opened:
        return content_of(opened)


def doctor(index: Path, *more: object) -> tuple[int, str]:
    result = run("doctor", "--mend", *more, "--index", index)
    assert len(result.stderr.splitlines()) <= 2
    return result.exit_code, result.stdout


def wrong(index: Path) -> list[str]:
    return [finding.check for finding in examine(index, thorough=True) if finding.state == "bad"]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE meta SET value='999' WHERE key='posts'",
        "DELETE FROM fp WHERE row % 2",
        "UPDATE part SET vector=999999 WHERE row=1 AND ordinal=0",
        "INSERT INTO fp VALUES(12345, 999999)",
        "DELETE FROM vector WHERE id % 3 = 0",
        "UPDATE vector SET value=zeroblob(128) WHERE id % 3 = 0",
        "UPDATE post SET signature=zeroblob(512)",
        "DELETE FROM word",
    ],
)
def test_what_is_derived_is_derived_again_from_the_posts(made: Path, index: Path, statement: str) -> None:
    with changed(index) as database:
        database.execute(statement)
    found = wrong(index)
    assert found or "zeroblob(128)" in statement  # nothing vouches for the numbers of a vector
    list(mend(index))
    assert wrong(index) == []
    assert content(index) == content(made / "index")
    assert not list(index.glob(f"{ASIDE}*")) or "'999'" in statement
    with open_index(index) as opened, open_index(made / "index") as before:
        assert opened.store.retention == 36500
        assert opened.store.forgotten == 1
        assert opened.kept_out(["p00003"]) == {"p00003"}
        assert opened.store.meta("id") == before.store.meta("id") or "'999'" in statement
        assert opened.near_texts(FakeEncoder().encode(["编辑亲测"]), 3)[0]


def test_vectors_that_hold_are_not_embedded_again(index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    encoder = FakeEncoder()
    monkeypatch.setattr(embed, "load_encoder", lambda name: encoder)
    with changed(index) as database:
        (gone,) = database.execute("SELECT count(*) FROM vector WHERE id % 10 = 0").fetchone()
        database.execute("DELETE FROM vector WHERE id % 10 = 0")
    list(mend(index))
    assert len(encoder.encoded) == gone


def test_the_command_says_what_it_did(index: Path) -> None:
    with changed(index) as database:
        database.execute("DELETE FROM fp WHERE row % 2")
    code, shown = doctor(index)
    assert code == 0
    assert "✗ 指纹数不一致" in shown
    assert f"已重建数据文件，现有 {COUNT - 1} 条帖子" in shown
    assert "索引一切正常" in shown
    assert doctor(index)[1].count("已重建") == 0


def damaged_pages(index: Path) -> None:
    path = index / "posts.sqlite"
    with closing(sqlite3.connect(path)) as database:
        pages = [
            page
            for (page,) in database.execute(
                "SELECT pageno FROM dbstat WHERE name='post' AND pagetype='leaf' ORDER BY 1"
            )
        ]
    data = bytearray(path.read_bytes())
    for page in pages[2:5]:
        data[(page - 1) * 4096 : page * 4096] = random.Random(page).randbytes(4096)
    path.write_bytes(data)


def test_damaged_pages_cost_only_their_posts_and_the_old_file_is_kept(made: Path, index: Path) -> None:
    damaged_pages(index)
    before = (index / "posts.sqlite").read_bytes()
    code, shown = doctor(index)
    assert code == 1
    (aside,) = index.glob(f"{ASIDE}1")
    assert aside.read_bytes() == before
    assert str(aside) in shown
    left = {post.post_id for post in content(index)["posts"]}
    whole = {post.post_id for post in content(made / "index")["posts"]}
    assert left < whole
    assert len(whole - left) < 20
    assert wrong(index) == []


def test_an_export_brings_back_what_damaged_pages_have_lost(made: Path, index: Path) -> None:
    damaged_pages(index)
    code, shown = doctor(index, "--from", made / "export.jsonl")
    assert code == 0, shown
    assert content(index) == content(made / "index")
    assert list(index.glob(f"{ASIDE}*"))


@pytest.mark.parametrize("fault", ["missing", "empty", "garbage", "half a header"])
def test_an_export_makes_the_whole_index_where_the_file_is_gone(made: Path, index: Path, fault: str) -> None:
    path = index / "posts.sqlite"
    data = path.read_bytes()
    replaced = {
        "empty": b"",
        "garbage": b"\x17\x2a" * 9000,
        "half a header": b"SQLite format 3\0" + b"\xff" * 90 + data[106:],
    }
    path.unlink() if fault == "missing" else path.write_bytes(replaced[fault])
    with pytest.raises(IndexFault) as error:
        list(mend(index))
    assert "--from" in one_line(error)
    code, shown = doctor(index, "--from", made / "export.jsonl")
    found, wanted = content(index), content(made / "index")
    assert found == wanted
    assert ("不再收录" in shown) == (code == 1)
    assert fault == "missing" or list(index.glob(f"{ASIDE}*"))


def test_every_byte_that_is_damaged_is_found_or_changes_no_text(made: Path, tmp_path: Path) -> None:
    whole = content(made / "index")
    chance = random.Random(7)
    size = (made / "index" / "posts.sqlite").stat().st_size
    found = 0
    for number in range(40):
        index = Path(shutil.copytree(made / "index", tmp_path / str(number)))
        data = bytearray((index / "posts.sqlite").read_bytes())
        data[chance.randrange(size)] ^= 1 << chance.randrange(8)
        (index / "posts.sqlite").write_bytes(data)
        try:
            sick = bool(wrong(index))
        except IndexFault:
            sick = True
        found += sick
        if not sick:
            now = content(index)
            assert [post.text for post in now["posts"]] == [post.text for post in whole["posts"]]
            assert now["fingerprints"] == whole["fingerprints"]
        else:
            list(mend(index, source=made / "export.jsonl"))
            assert wrong(index) == []
            assert [post.text for post in content(index)["posts"]] == [post.text for post in whole["posts"]]
        shutil.rmtree(index)
    assert found >= 10


def test_an_index_of_the_format_before_is_brought_up_to_date(tmp_path: Path) -> None:
    index = Path(shutil.copytree(FORMAT_1, tmp_path / "index"))
    result = run("doctor", "--index", index)
    assert result.exit_code == 1
    assert "旧格式（第 1 版，现在是第 2 版）" in result.stdout
    code, shown = doctor(index)
    assert code == 0, shown
    with open_index(index) as opened:
        posts = {post.post_id: post for post in opened.posts()}
        assert {each: post.text for each, post in posts.items()} == {post["post_id"]: post["text"] for post in POSTS}
        assert [posts[post["post_id"]].likes for post in POSTS] == list(range(len(POSTS)))
        assert all(posts[post["post_id"]].account == post["account"] for post in POSTS)
        assert opened.store.dropped() == {"no text": 3}
        assert opened.encoder == "fast"
    assert not list(index.glob(f"{ASIDE}*"))


def test_an_index_of_a_later_format_is_refused_in_one_line(index: Path) -> None:
    with changed(index) as database:
        database.execute("PRAGMA user_version=99")
    before = (index / "posts.sqlite").read_bytes()
    for more in ((), ("--mend",)):
        failed(run("doctor", *more, "--index", index), "Update originality")
    assert (index / "posts.sqlite").read_bytes() == before


def test_the_file_of_another_program_is_never_touched(tmp_path: Path) -> None:
    path = tmp_path / "posts.sqlite"
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE recipes(name TEXT)")
        other.commit()
    before = path.read_bytes()
    with pytest.raises(IndexFault, match="not an index of originality"):
        list(mend(tmp_path, source=FORMAT_1))
    assert path.read_bytes() == before


def test_an_index_that_is_in_use_is_not_mended(index: Path) -> None:
    with changed(index) as database:
        database.execute("DELETE FROM fp WHERE row % 2")
    with open_index(index) as opened:
        assert opened.info().posts == COUNT - 1
        other = started(
            "import sys; from pathlib import Path; from originality.doctor import mend; list(mend(Path(sys.argv[1])))",
            index,
        )
    assert "Another process has" in other.stderr
    assert wrong(index) == ["fingerprints"]


def test_posts_that_are_kept_out_do_not_come_back_from_an_export(made: Path, index: Path, tmp_path: Path) -> None:
    with grown(tmp_path / "other", posts_of(COUNT)) as other:
        export(other, tmp_path / "all.jsonl")
    damaged_pages(index)
    list(mend(index, source=tmp_path / "all.jsonl"))
    assert content(index)["posts"] == content(made / "index")["posts"]


def test_forgetting_waits_until_the_damaged_copy_is_gone(made: Path, index: Path) -> None:
    damaged_pages(index)
    list(mend(index, source=made / "export.jsonl"))
    with open_index(index) as opened:
        with pytest.raises(IndexFault) as error:
            opened.delete(["p00001"])
        assert ASIDE in one_line(error)
        for path in index.glob(f"{ASIDE}*"):
            path.unlink()
        assert opened.delete(["p00001"]) == 1


def test_options_that_need_mend_say_so(index: Path) -> None:
    failed(run("doctor", "--from", "x.jsonl", "--index", index), "--mend")
