"""The SQLite file: atomic, shared, traceless, and clear about what is wrong with it."""

from __future__ import annotations

import contextlib
import os
import resource
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import textwrap
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from originality.build import build, prepare
from originality.errors import IndexFault, StampError
from originality.index import LocalIndex, open_index
from originality.index.database import FILE, Database
from originality.index.store import Store
from originality.models import Post
from tests.fakes import FakeEncoder, entries_of

START = datetime(2020, 2, 3, 10, tzinfo=UTC)
TOPICS = ("拿铁", "风衣", "跑鞋", "面膜", "床垫", "耳机", "行李箱", "电饭煲")
MOODS = ("周一早上最需要", "下雨天也想带着", "妈妈看了都说好的", "同事围过来问链接的", "试了七天还没腻的")


def posts_of(count: int, first: int = 0) -> list[Post]:
    """Return distinct little posts by three accounts."""
    return [
        Post(
            post_id=f"p{i:05d}",
            account=f"品牌{i % 3}",
            text=f"{MOODS[i % 5]}{TOPICS[i % 8]},第{i}号编辑亲测。限量{i * 7 % 900 + 100}件,今晚八点开抢!",
            published_at=START + timedelta(hours=i),
        )
        for i in range(first, first + count)
    ]


def grown(folder: Path, posts: list[Post]) -> LocalIndex:
    """Open or make an index and build posts into it."""
    index = open_index(folder, encoder_name=FakeEncoder.name)
    build(posts, index, FakeEncoder())
    return index


@contextlib.contextmanager
def unwritable(folder: Path) -> Iterator[None]:
    """Take the right to write a folder from this process, even if it is root."""
    for path in (folder, *folder.iterdir()):
        path.chmod(0o555 if path.is_dir() else 0o444)
    root = os.geteuid() == 0
    if root:
        os.seteuid(65534)  # nobody
    try:
        yield
    finally:
        if root:
            os.seteuid(0)
        for path in (folder, *folder.iterdir()):
            path.chmod(0o755 if path.is_dir() else 0o644)


@contextlib.contextmanager
def full_disk(room: int = 0) -> Iterator[None]:
    """Let no file grow beyond so many bytes: what a full disk does to a writer, without filling one."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.fixture
def public() -> Iterator[Path]:
    """Give a folder that other users can reach, unlike pytest's own."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


def one_line(error: pytest.ExceptionInfo[IndexFault]) -> str:
    """Return the message, which must be one line."""
    message = str(error.value)
    assert message
    assert "\n" not in message
    return message


# -- opening ---------------------------------------------------------------------------------------------------------


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
    import time

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


# -- reading without the right to write ------------------------------------------------------------------------------


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


# -- failing writes --------------------------------------------------------------------------------------------------


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


def run_python(code: str, *arguments: object) -> subprocess.CompletedProcess[str]:
    """Run a piece of Python in a process of its own."""
    return subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code), *map(str, arguments)],
        capture_output=True, text=True, timeout=120, check=False, cwd=Path(__file__).resolve().parents[1],
    )  # fmt: skip


@pytest.mark.parametrize("statement", ["INSERT INTO post", "INSERT INTO fp", "INSERT INTO word", "COMMIT"])
def test_a_killed_writer_leaves_all_or_nothing(tmp_path, statement):
    grown(tmp_path, posts_of(20)).close()
    killed = run_python(
        """
        import os, sys
        from pathlib import Path
        from originality.build import prepare
        from originality.index import open_index
        from tests.fakes import FakeEncoder, entries_of
        from tests.test_store import posts_of

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


# -- sharing ---------------------------------------------------------------------------------------------------------


def test_two_processes_may_make_the_same_index_at_once(tmp_path):
    code = """
    import sys
    from pathlib import Path
    from tests.test_store import grown, posts_of

    grown(Path(sys.argv[1]), posts_of(40, int(sys.argv[2]))).close()
    """
    with ThreadPoolExecutor(3) as pool:
        results = list(pool.map(lambda first: run_python(code, tmp_path, first), (0, 100, 200)))
    assert [result.stderr for result in results] == ["", "", ""]
    with open_index(tmp_path) as index:
        assert index.info().posts == 120
        assert index.store.rows("SELECT count(*) FROM post") == [(120,)]


def open_files() -> int:
    """Return how many files this process has open; 0 where the system does not tell."""
    folder = Path("/proc/self/fd")
    return sum(1 for _ in folder.iterdir()) if folder.is_dir() else 0


def test_threads_share_few_connections_and_leave_none_behind(tmp_path):
    with grown(tmp_path, posts_of(30)) as index:
        opened = open_files()
        for _ in range(100):  # as a page does: a new thread for every click
            thread = threading.Thread(target=index.info)
            thread.start()
            thread.join()
        assert len(index.store._idle) == 1
        assert open_files() <= opened + 2


def test_many_threads_read_while_one_writes(tmp_path):
    with grown(tmp_path, posts_of(50)) as index:
        stop = threading.Event()

        def read() -> int:
            seen = 0
            while not stop.is_set():
                posts = index.info().posts
                assert posts >= seen
                assert len(index.near_texts(FakeEncoder().encode(["亲测"]), 4)[0]) >= 4
                seen = posts
            return seen

        with ThreadPoolExecutor(4) as pool:
            readers = [pool.submit(read) for _ in range(4)]
            for first in range(100, 400, 50):
                build(posts_of(50, first), index, FakeEncoder())
            stop.set()
            assert max(reader.result() for reader in readers) <= 350
        assert index.info().posts == 350


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot fork")
@pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")
def test_a_forked_child_reads_and_writes_on_its_own(tmp_path):
    with grown(tmp_path, posts_of(10)) as index:
        child = os.fork()
        if child == 0:
            with contextlib.suppress(BaseException):
                build(posts_of(5, 500), index, FakeEncoder())
                os._exit(0 if index.info().posts == 15 else 1)
            os._exit(2)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
        assert index.info().posts == 15


def test_a_slow_reader_of_all_posts_holds_no_writer_up(tmp_path):
    with grown(tmp_path, posts_of(1200)) as index:
        stream = index.posts()
        seen = [next(stream).post_id for _ in range(10)]
        assert index.delete([f"p{i:05d}" for i in range(5, 1100)]) == 1095  # checkpoints: would wait for an open read
        assert seen == [f"p{i:05d}" for i in range(10)]
        assert [post.post_id for post in stream][-100:] == [f"p{i:05d}" for i in range(1100, 1200)]


# -- deleting --------------------------------------------------------------------------------------------------------


def bytes_on_disk(folder: Path) -> bytes:
    """Return the content of every file of a folder."""
    return b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


def test_deleting_leaves_no_byte_of_a_post_in_any_file(tmp_path):
    posts = posts_of(300)
    index = grown(tmp_path, posts)
    gone = [post for i, post in enumerate(posts) if i % 3]
    rows = index.store.rows("SELECT post_id, signature, fingerprints FROM post")
    vectors = dict(
        index.store.rows("SELECT vector.value, post_id FROM post JOIN part USING(row) JOIN vector ON id=vector")
    )
    before = bytes_on_disk(tmp_path)
    assert all(post.text.encode() in before for post in gone)
    assert index.delete([post.post_id for post in gone]) == len(gone)
    left = {value for (value,) in index.store.rows("SELECT value FROM vector")}
    ids = {post.post_id for post in gone}
    traces = [(post.post_id, trace.encode()) for post in gone for trace in (post.text, post.post_id)]
    traces += [(i, trace) for i, *pair in rows if i in ids for trace in pair]
    traces += [(i, value) for value, i in vectors.items() if i in ids and value not in left]
    open_content = bytes_on_disk(tmp_path)
    assert not [i for i, trace in traces if trace in open_content]
    index.close()
    closed_content = bytes_on_disk(tmp_path)
    assert not [i for i, trace in traces if trace in closed_content]


def test_deleting_takes_fingerprints_words_and_vectors_along(tmp_path):
    with grown(tmp_path, posts_of(60)) as index:
        index.delete([f"p{i:05d}" for i in range(60)])
        for table in ("post", "fp", "part", "vector", "word"):
            assert index.store.rows(f"SELECT count(*) FROM {table}") == [(0,)]
        assert (index.store.posts, index.store.vectors) == (0, 0)


def test_deleting_sweeps_up_what_a_killed_process_left_half_written(tmp_path):
    with grown(tmp_path, posts_of(5)) as index:
        (tmp_path / ".vectors.faiss.4711.tmp").write_bytes(b"half")
        index.delete(["p00001"])
    assert not list(tmp_path.glob(".*.tmp"))


def test_a_reader_without_end_keeps_deleting_from_claiming_success(tmp_path, monkeypatch):
    monkeypatch.setattr("originality.index.database.WAIT_SECONDS", 0.2)
    with grown(tmp_path, posts_of(5)) as index, contextlib.closing(sqlite3.connect(tmp_path / FILE)) as reader:
        cursor = reader.execute("SELECT text FROM post")
        cursor.fetchone()
        with pytest.raises(IndexFault) as error:
            index.delete(["p00001"])
        assert "still in its log" in one_line(error)
        cursor.close()
        assert index.delete(["p00001"]) == 0
        assert "第1号".encode() not in bytes_on_disk(tmp_path)


# -- odd content -----------------------------------------------------------------------------------------------------


def test_any_text_is_stored_and_half_surrogates_become_replacement_characters(tmp_path):
    post = Post(post_id="x", account="号\ud83d", text="a\x00b\ud83d早安👨‍👩‍👧𠮷\udc00", published_at=None)
    with grown(tmp_path, [post]) as index:
        (stored,) = index.fetch(["x"]).values()
        assert stored.text == "a\x00b\ufffd早安👨‍👩‍👧𠮷\ufffd"
        assert stored.account == "号\ufffd"
        assert stored.published_at is None


def test_times_keep_their_instant_and_are_shown_in_beijing_time(tmp_path):
    time = datetime(2019, 12, 31, 20, 15, 3, 123456, tzinfo=UTC)
    with grown(tmp_path, [Post(post_id="x", account="a", text="新年倒数", published_at=time)]) as index:
        (stored,) = index.posts()
        assert stored.published_at == time
        assert str(stored.published_at) == "2020-01-01 04:15:03.123456+08:00"
        assert index.info().as_of == time


def test_a_row_never_returns(tmp_path):
    with grown(tmp_path, posts_of(3)) as index:
        index.delete(["p00002"])
        build(posts_of(1, 3), index, FakeEncoder())
        assert index.store.row_numbers().tolist() == [1, 2, 4]


def test_a_vector_that_vanished_between_reading_and_writing_is_noticed(tmp_path):
    with grown(tmp_path, posts_of(3)) as index:
        entries, vectors = prepare([Post(post_id="q", account="b", text=posts_of(3)[1].text)], index, FakeEncoder())
        assert not vectors  # all known already
        index.delete(["p00001"])
        with pytest.raises(IndexFault, match="Run the same command again"):
            index.write(entries, vectors)
        assert index.info().posts == 2


def test_two_versions_of_a_post_in_one_batch_leave_the_later(tmp_path):
    with grown(tmp_path, []) as index:
        posts = [Post(post_id="q", account="b", text=text) for text in ("第一版文案,下周见", "第二版文案,明天见")]
        index.write(*prepare(posts, index, FakeEncoder()))
        assert [post.text for post in index.posts()] == ["第二版文案,明天见"]
        assert index.info().posts == 1


def test_a_database_without_our_mark_is_not_touched_by_reading(tmp_path):
    grown(tmp_path, posts_of(3)).close()
    with contextlib.closing(sqlite3.connect(tmp_path / FILE)) as other:
        other.execute("PRAGMA application_id=7")
    with pytest.raises(IndexFault, match="not an index of originality"):
        Database(tmp_path)


def test_figures_are_counted_along_and_stay_right(tmp_path):
    rng = np.random.default_rng(3)
    with grown(tmp_path, []) as index:
        for _ in range(8):
            chosen = rng.choice(60, 20, replace=False).tolist()
            if rng.random() < 0.4:
                index.delete([f"p{i:05d}" for i in chosen])
            else:
                texts = [posts_of(1, i % 9)[0].text for i in chosen]  # nine texts, so that vectors are shared
                posts = [
                    Post(post_id=f"p{i:05d}", account="a", text=text) for i, text in zip(chosen, texts, strict=True)
                ]
                build(posts, index, FakeEncoder())
            assert index.store.rows("SELECT count(*) FROM post") == [(index.store.posts,)]
            assert index.store.rows("SELECT count(*) FROM vector") == [(index.store.vectors,)]
            used = index.store.rows("SELECT count(*) FROM vector WHERE id NOT IN (SELECT vector FROM part)")
            assert used == [(0,)]
