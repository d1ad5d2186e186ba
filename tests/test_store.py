"""The SQLite file: shared between threads and processes, without a trace of what is deleted, true to any content."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from originality.build import build, prepare
from originality.errors import IndexFault
from originality.index import open_index
from originality.index.database import FILE, Database
from originality.models import Post
from tests.fakes import FakeEncoder
from tests.processes import started
from tests.stores import bytes_on_disk, grown, one_line, posts_of

# -- sharing -----------------------------------------------------------------------------------------------------------


def test_two_processes_may_make_the_same_index_at_once(tmp_path):
    code = """
    import sys
    from pathlib import Path
    from tests.stores import grown, posts_of

    grown(Path(sys.argv[1]), posts_of(40, int(sys.argv[2]))).close()
    """
    with ThreadPoolExecutor(3) as pool:
        results = list(pool.map(lambda first: started(code, tmp_path, first), (0, 100, 200)))
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


# -- deleting ----------------------------------------------------------------------------------------------------------


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
        assert list(tmp_path.glob("*.faiss"))
        cursor = reader.execute("SELECT text FROM post")
        cursor.fetchone()
        with pytest.raises(IndexFault) as error:
            index.delete(["p00001"])
        assert "still in its log" in one_line(error)
        assert not list(tmp_path.glob("*.faiss"))  # they hold vectors of the post
        cursor.close()
        assert index.delete(["p00001"]) == 0
        assert "第1号".encode() not in bytes_on_disk(tmp_path)


# -- odd content -------------------------------------------------------------------------------------------------------


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


def test_every_field_of_a_post_comes_back_and_what_is_empty_costs_next_to_nothing(tmp_path):
    seen = datetime(2026, 5, 6, 7, 8, 9, tzinfo=UTC)
    full = Post(
        post_id="x", account="汀步茶室", text="今天的茶汤偏甜", published_at=seen, account_id="2608812381", url="https://a",
        platform="xiaohongshu", reposts=1, comments=0, likes=1_000_000, truncated=True, repost_of="y",
        raw="今天的茶汤偏甜//@溪边:试试", edits=2, at_least=True, seen_at=seen, text_seen_at=seen - timedelta(days=1),
    )  # fmt: skip
    bare = Post(post_id="z", account="汀步茶室", text="今天的茶汤偏甜")
    with grown(tmp_path, [full, bare]) as index:
        assert index.fetch(["x", "z"]) == {"x": full, "z": bare}
        stored = index.store.rows("SELECT raw, edits, at_least, seen_at, text_seen_at FROM post WHERE post_id='z'")
        assert stored == [("", None, 0, None, None)]


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
