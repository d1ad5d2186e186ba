"""The file of short lines: it follows the store, forgets with it, and manages where it cannot be written."""

from __future__ import annotations

import os
import sqlite3
from dataclasses import replace

import pytest

from originality.build import build
from originality.index import lines as module
from originality.index import open_index
from originality.models import Post
from originality.short import extract
from originality.short.lines import keys_of
from tests.fakes import FakeEncoder
from tests.stores import bytes_on_disk, grown

TEXTS = ("把月光折进信封里", "风从第三个窗口进来", "慢慢走 比较像散步", "雨伞先于天气预报")


def posts(texts=TEXTS) -> list[Post]:
    return [Post(post_id=f"n{i}", account=f"号{i}", text=text) for i, text in enumerate(texts)]


def found(index, text: str) -> list[str]:
    index.lines.catch_up(extract)
    return [line.text for line in index.lines.near(keys_of(text.replace(" ", "")), 400, 10)]


def test_lines_are_found_and_follow_what_is_added_changed_and_deleted(tmp_path):
    with grown(tmp_path, posts()) as index:
        assert found(index, "把星光折进信封里") == ["把月光折进信封里"]
        build([Post(post_id="n9", account="号9", text="把海风折进信封里")], index, FakeEncoder())
        assert set(found(index, "把星光折进信封里")) == {"把月光折进信封里", "把海风折进信封里"}
        build([replace(posts()[0], text="纸船装得下整个夏天", edits=1)], index, FakeEncoder())
        assert found(index, "把星光折进信封里") == ["把海风折进信封里"]
        index.delete(["n9"])
        assert found(index, "把星光折进信封里") == []
        assert found(index, "纸船装得下整个秋天") == ["纸船装得下整个夏天"]


def test_no_byte_of_a_deleted_line_is_left(tmp_path):
    with grown(tmp_path, posts()) as index:
        index.lines.catch_up(extract)
        assert TEXTS[1].encode() in bytes_on_disk(tmp_path)
        index.delete(["n1"])
        assert TEXTS[1].encode() not in bytes_on_disk(tmp_path)
        assert TEXTS[2].encode() in bytes_on_disk(tmp_path)


def test_small_batches_read_the_same_lines(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "BATCH", 1)
    with grown(tmp_path, posts()) as index:
        assert found(index, TEXTS[3]) == [TEXTS[3]]
        assert found(index, TEXTS[0]) == [TEXTS[0]]


def test_a_file_of_another_index_is_made_anew(tmp_path):
    with grown(tmp_path / "a", posts()) as index:
        index.lines.catch_up(extract)
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / module.FILE).write_bytes((tmp_path / "a" / module.FILE).read_bytes())
    with grown(tmp_path / "b", posts(TEXTS[:1])) as index:
        assert found(index, TEXTS[1]) == []
        assert found(index, TEXTS[0]) == [TEXTS[0]]


def test_lines_taken_out_before_a_deletion_that_failed_come_back(tmp_path):
    with grown(tmp_path, posts()) as index:
        index.lines.catch_up(extract)
        index.lines.forget(["n2"])
    with open_index(tmp_path) as index:
        assert found(index, TEXTS[2]) == [TEXTS[2]]


def test_a_key_that_too_many_lines_carry_finds_nothing(tmp_path):
    with grown(tmp_path, [Post(post_id=f"c{i}", account=f"号{i}", text="大家早上好呀") for i in range(4)]) as index:
        index.lines.catch_up(extract)
        assert index.lines.near(keys_of("大家早上好呀"), 3, 10) == []
        assert len(index.lines.near(keys_of("大家早上好呀"), 4, 10)) == 4


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="permissions do not bind this user")
def test_where_the_folder_cannot_be_written_the_file_is_made_elsewhere(tmp_path):
    grown(tmp_path, posts()).close()
    (tmp_path / module.FILE).unlink()
    tmp_path.chmod(0o500)
    try:
        with open_index(tmp_path) as index:
            assert found(index, TEXTS[0]) == [TEXTS[0]]
    finally:
        tmp_path.chmod(0o700)


def test_a_damaged_file_does_not_stop_a_check(tmp_path):
    with grown(tmp_path, posts()) as index:
        index.lines.catch_up(extract)
    (tmp_path / module.FILE).write_bytes(b"no database at all" * 100)
    with open_index(tmp_path) as index:
        assert found(index, TEXTS[0]) == [TEXTS[0]]


def test_the_file_is_for_its_owner_only(tmp_path):
    with grown(tmp_path, posts()) as index:
        index.lines.catch_up(extract)
    assert (tmp_path / module.FILE).stat().st_mode & 0o077 == 0
    assert sqlite3.connect(tmp_path / module.FILE).execute("SELECT count(*) FROM line").fetchone() == (4,)
