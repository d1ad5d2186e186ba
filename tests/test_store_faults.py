"""The SQLite file when something is wrong with it, its folder or its disk: one line, and nothing is harmed."""

from __future__ import annotations

import contextlib
import sqlite3
import time

import pytest

from originality.build import build, prepare
from originality.errors import IndexFault, StampError
from originality.index import open_index
from originality.index.database import FILE
from originality.index.store import Store
from tests.fakes import FakeEncoder, entries_of, full_disk, unwritable
from tests.processes import started
from tests.stores import grown, one_line, posts_of

# -- opening -----------------------------------------------------------------------------------------------------------


def test_a_missing_folder_names_the_command_that_makes_one(tmp_path):
    with pytest.raises(IndexFault) as error:
        open_index(tmp_path / "none")
    assert f"originality collect PATH --index {tmp_path / 'none'}" in str(error.value)
    assert not (tmp_path / "none").exists()


def test_a_foreign_database_is_refused_and_left_as_it_was(tmp_path):
    path = tmp_path / FILE
    with contextlib.closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE recipes(name TEXT)")
        other.execute("INSERT INTO recipes VALUES('红烧肉')")
        other.commit()
    before = path.read_bytes()
    for name in (None, "fake@1"):
        with pytest.raises(IndexFault) as error:
            open_index(tmp_path, encoder_name=name)
        assert "not an index of originality" in one_line(error)
    assert path.read_bytes() == before


@pytest.mark.parametrize("content", ["post_id,text\n1,早安\n".encode() * 100, b"\x89PNG\r\n\x1a\n" * 500])
@pytest.mark.parametrize("name", [None, "fake@1"])
def test_a_file_of_another_kind_is_refused_and_left_as_it_was(tmp_path, content, name):
    (tmp_path / FILE).write_bytes(content)
    with pytest.raises(IndexFault) as error:
        open_index(tmp_path, encoder_name=name)
    assert "damaged or no index" in one_line(error)
    assert (tmp_path / FILE).read_bytes() == content


def test_an_empty_file_is_no_index_to_read_and_a_start_for_collecting(tmp_path):
    (tmp_path / FILE).touch()
    with pytest.raises(IndexFault) as error:
        open_index(tmp_path)
    assert "is empty. Collect posts into it" in one_line(error)
    with grown(tmp_path, posts_of(3)) as index:
        assert index.info().posts == 3


def test_a_creation_that_was_killed_half_way_is_finished(tmp_path):
    with contextlib.closing(sqlite3.connect(tmp_path / FILE)) as half:
        half.execute("PRAGMA journal_mode=WAL")  # writes the first page, and no table
    with grown(tmp_path, posts_of(3)) as index:
        assert index.info().posts == 3


def test_a_folder_that_cannot_be_made_is_one_line(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(IndexFault) as error:
        open_index(tmp_path / "file" / "index", encoder_name="fake@1")
    assert "No index can be made at" in one_line(error)


def test_damage_inside_is_one_line_when_it_is_met(tmp_path):
    grown(tmp_path, posts_of(400)).close()
    path = tmp_path / FILE
    content = bytearray(path.read_bytes())
    for page in range(2, len(content) // 4096):  # all but the schema
        content[page * 4096 : page * 4096 + 64] = b"\xa5" * 64
    path.write_bytes(content)
    with pytest.raises(IndexFault) as error, open_index(tmp_path) as index:
        list(index.posts())
    assert "damaged or no index. Restore it from a backup" in one_line(error)


def test_a_file_cut_in_half_is_one_line(tmp_path):
    grown(tmp_path, posts_of(400)).close()
    path = tmp_path / FILE
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with pytest.raises(IndexFault) as error, open_index(tmp_path) as index:
        list(index.posts())
    assert "damaged or no index. Restore it from a backup" in one_line(error)


def test_another_stamp_is_refused_naming_both_and_the_way_out(tmp_path):
    grown(tmp_path, posts_of(3)).close()
    with pytest.raises(StampError) as error:
        open_index(tmp_path, encoder_name="other@2")
    message = one_line(error)
    assert "fake@1" in message
    assert "other@2" in message
    assert "--index" in message
    with open_index(tmp_path) as index:
        assert index.info().posts == 3


@pytest.mark.parametrize(("number", "words"), [(0, "originality collect PATH --index"), (99, "Update originality")])
def test_an_index_of_another_format_is_refused_with_what_mends_it(tmp_path, number, words):
    grown(tmp_path, posts_of(3)).close()
    with contextlib.closing(sqlite3.connect(tmp_path / FILE)) as other:
        other.execute(f"PRAGMA user_version={number}")  # 0: the first format did not write one
    before = (tmp_path / FILE).read_bytes()
    for name in (None, "fake@1"):
        with pytest.raises(StampError) as error:
            open_index(tmp_path, encoder_name=name)
        message = one_line(error)
        assert f"format {number or 1}" in message
        assert words in message
    assert (tmp_path / FILE).read_bytes() == before


def test_a_closed_index_says_so(tmp_path):
    index = grown(tmp_path, posts_of(3))
    index.close()
    with pytest.raises(IndexFault, match="has been closed"):
        index.info()


def test_a_folder_and_file_with_odd_names_open(tmp_path):
    folder = tmp_path / "竞品 100% #1?"
    grown(folder, posts_of(3)).close()
    with open_index(folder) as index:
        assert index.info().posts == 3


def test_eight_thousand_posts_open_and_search_within_a_second(tmp_path):

    import faiss  # noqa: F401 - its import is not what is timed

    with open_index(tmp_path, encoder_name="fake@1") as index:
        index.write(*entries_of(8000))
        index.save()
    draft = FakeEncoder().encode(["下雨天也想带着的行李箱"])
    start = time.process_time()
    with open_index(tmp_path) as index:
        assert index.info().posts == 8000
        assert index.near_texts(draft, 5)[0]
    assert time.process_time() - start < 1


# -- reading without the right to write --------------------------------------------------------------------------------


def test_a_read_only_folder_is_read(public):
    grown(public, posts_of(20)).close()
    with unwritable(public), open_index(public, encoder_name=FakeEncoder.name) as index:
        assert index.info().posts == 20
        assert index.near_texts(FakeEncoder().encode(["第3号编辑亲测"]), 3)[0]
        for action in (lambda: index.delete(["p00001"]), lambda: build(posts_of(1, 90), index, FakeEncoder())):
            with pytest.raises(IndexFault) as error:
                action()
            one_line(error)
    with open_index(public) as index:
        assert index.info().posts == 20


def test_a_read_only_folder_is_read_while_its_owner_writes(public):
    with grown(public, posts_of(20)), unwritable(public), open_index(public) as index:
        assert index.info().posts == 20  # though most of it may still be in the log


def test_a_read_only_reader_sees_what_its_owner_wrote_since(public):
    grown(public, posts_of(20)).close()
    with unwritable(public):
        index = open_index(public)
        assert index.info().posts == 20
    grown(public, posts_of(30)).close()
    with unwritable(public):
        assert index.info().posts == 30
    index.close()


def test_no_index_is_made_where_this_user_may_not_write(public):
    with unwritable(public), pytest.raises(IndexFault) as error:
        open_index(public / "new", encoder_name="fake@1")
    assert "Choose a folder that this user may write" in one_line(error)


# -- failing writes ----------------------------------------------------------------------------------------------------


def test_a_full_disk_is_one_line_and_harms_nothing(tmp_path):
    with grown(tmp_path, posts_of(50)) as index:
        before = {post.post_id: post for post in index.posts()}
        with full_disk(), pytest.raises(IndexFault) as error:
            build(posts_of(300, 1000), index, FakeEncoder())
        one_line(error)
        assert {post.post_id: post for post in index.posts()} == before
        build(posts_of(300, 1000), index, FakeEncoder())
        assert index.info().posts == 350
    with open_index(tmp_path) as index:
        assert index.store.rows("PRAGMA integrity_check") == [("ok",)]


def test_a_disk_that_fills_up_while_the_search_files_are_written(tmp_path):
    with grown(tmp_path, posts_of(50)) as index:
        entries, vectors = prepare(posts_of(300, 1000), index, FakeEncoder())
        index.write(entries, vectors)
        with full_disk(4096), pytest.raises(IndexFault) as error:
            index.save()
        assert "search files" in one_line(error)
        assert "the posts themselves are safe" in one_line(error)
    with open_index(tmp_path) as index:
        rows, _ = index.near_sketches(entries[7].signature, 1)
        assert index.posts_at(rows.tolist())[int(rows[0])].post_id == entries[7].post.post_id


def test_a_writer_that_waits_in_vain_says_who_is_in_the_way(tmp_path, monkeypatch):
    monkeypatch.setattr("originality.index.database.WAIT_SECONDS", 0.1)
    with grown(tmp_path, posts_of(3)) as one, open_index(tmp_path) as other:
        with one.store.transaction(), pytest.raises(IndexFault) as error:
            other.delete(["p00001"])
        assert "another process has been writing for too long" in one_line(error)
        assert one.info().posts == 3
        assert other.delete(["p00001"]) == 1


def test_an_exception_undoes_the_whole_transaction(tmp_path):
    with Store(tmp_path, create=True).transaction() as database:
        database.execute("INSERT INTO meta VALUES('a', '1')")
    store = Store(tmp_path)
    with pytest.raises(KeyError), store.transaction() as database:
        raise KeyError(database.execute("INSERT INTO meta VALUES('b', '2')"))
    assert store.meta("a") == "1"
    assert store.meta("b") is None
    store.close()


@pytest.mark.parametrize("statement", ["INSERT INTO post", "INSERT INTO fp", "INSERT INTO word", "COMMIT"])
def test_a_killed_writer_leaves_all_or_nothing(tmp_path, statement):
    grown(tmp_path, posts_of(20)).close()
    killed = started(
        """
        import os, sys
        from pathlib import Path
        from originality.build import prepare
        from originality.index import open_index
        from tests.fakes import FakeEncoder, entries_of, full_disk, unwritable
        from tests.stores import posts_of

        index = open_index(Path(sys.argv[1]))
        entries, vectors = prepare([*posts_of(5), *posts_of(300, 100)], index, FakeEncoder())
        with index.store.connection() as connection:  # the only one of the pool, so the write gets it too
            connection.set_trace_callback(lambda text: os._exit(9) if text.startswith(sys.argv[2]) else None)
        index.write(entries, vectors)
        """,
        tmp_path,
        statement,
    )
    assert killed.returncode == 9, killed.stderr
    with open_index(tmp_path) as index:
        assert index.store.rows("PRAGMA integrity_check") == [("ok",)]
        assert sorted(index.posts(), key=lambda post: post.post_id) == posts_of(20)
        assert index.store.rows("SELECT count(*) FROM post") == [(index.store.posts,)]
        assert index.store.rows("SELECT count(*) FROM vector") == [(index.store.vectors,)]
        build(posts_of(300, 100), index, FakeEncoder())
        assert index.info().posts == 320
