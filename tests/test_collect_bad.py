"""Files that are broken, foreign or not posts at all: one line, or one dropped item, and never a wrong post."""

from __future__ import annotations

from zipfile import ZipFile

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from originality.collect import open_source, reasons
from originality.errors import CollectError
from originality.models import Dropped
from tests.test_collect import ROWS, csv_text, lines, read, reason_counts, refused, workbook, write


def test_missing_paths_and_empty_folders_are_refused(tmp_path):
    assert "does not exist" in refused(tmp_path / "nowhere.csv")
    assert "does not exist" in refused(write(tmp_path / "x" / "a.jsonl", lines(ROWS)), tmp_path / "nowhere")
    (tmp_path / "void").mkdir()
    assert "no file" in refused(tmp_path / "void")


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("posts.csv", b"", "is empty"),
        ("posts.csv", b"\xef\xbb\xbf\n\n", "is empty"),
        ("posts.csv", bytes(range(256)) * 40, "cannot decode"),
        ("posts.csv", b"\x00\x01" * 500, "binary"),
        ("posts.csv", b"SQLite format 3\x00" + b"\x00" * 100, "SQLite"),
        ("posts.db", b"SQLite format 3\x00" + b"\x00" * 100, "SQLite"),
        ("posts.xls", b"\xd0\xcf\x11\xe0" + b"\x00" * 100, "password"),
        ("posts.csv", b"PK\x03\x04" + b"\x00" * 100, "damaged workbook or archive"),
        ("posts.json", b"PAR1" + b"\x00" * 100, "not a readable Parquet file"),
        ("posts.xlsx", b"PK\x03\x04" + b"\x00" * 100, "damaged workbook"),
        ("posts.parquet", b"PAR1" + b"\x00" * 100, "not a readable Parquet file"),
        ("posts.csv", "标题,价格\n春茶,30\n".encode(), "--map text=COLUMN"),
        ("posts.json", b"[1, 2, 3]", "no list of posts"),
        ("posts.json", '{"msg": "请先登录", "ok": -100}'.encode(), "asked to log in (ok: -100), 请先登录"),
        ("posts.json", b'[{"error": "x"}]', "--map text=COLUMN"),
        ("posts.json", b"[" * 100_000, "nested too deep"),
        ("posts.jsonl", b"hello\nworld\n", "not JSON Lines"),
        ("posts.jsonl", b"1\n2\n", "not JSON Lines"),
        ("posts.csv", "id,正文\n1,茶\n".encode().decode("gb18030", "replace").encode(), "garbled"),
        ("posts.csv", "寰崥id,姝ｆ枃\n1,茶\n".encode(), "garbled"),
        ("notes.md", "# 随手记\n今天去了茶山\n".encode(), "no column with the text"),
    ],
)
def test_what_cannot_be_read_is_refused_in_one_line(tmp_path, name, content, words):
    assert words in refused(write(tmp_path / name, content))


def test_refusal_comes_with_opening(tmp_path):
    with pytest.raises(CollectError, match="binary"):
        open_source([write(tmp_path / "posts.csv", b"\x00\x01" * 500)])


def test_undecodable_files_name_what_was_tried(tmp_path):
    assert "utf-8 and gb18030" in refused(write(tmp_path / "posts.csv", b"text\n" + b"\xff\xff\xfe" * 50))


def test_bad_lines_never_stop_a_file(tmp_path):
    content = lines(ROWS[:1]).encode() + b'[1]\n"x"\n{"id": 5}\n{}\n\n' + lines(ROWS[1:]).encode()[:-9]
    posts, dropped = read(write(tmp_path / "posts.jsonl", content))
    assert [post.post_id for post in posts] == ["a1", "a2"]
    assert [(item.reason, item.line) for item in dropped] == [
        (reasons.NOT_AN_OBJECT, 2),
        (reasons.NOT_AN_OBJECT, 3),
        (reasons.NO_TEXT, 4),
        (reasons.NO_COLUMNS, 5),
        (reasons.BAD_JSON, 8),
    ]


def test_a_line_cut_within_a_character_is_bad_json(tmp_path):
    content = (lines(ROWS) + '{"text": "春').encode()[:-1]
    posts, dropped = read(write(tmp_path / "posts.jsonl", content))
    assert len(posts) == 3
    assert [(item.reason, item.line) for item in dropped] == [(reasons.BAD_JSON, 4)]


@pytest.mark.parametrize("suffix", ["csv", "jsonl"])
def test_a_few_broken_bytes_cost_only_their_row(tmp_path, suffix):
    rows = [{"id": n, "text": f"第{n}款新茶今天上架，欢迎到店试喝。"} for n in range(30)]
    content = (lines(rows) if suffix == "jsonl" else csv_text(rows)).encode()
    content = content.replace("第7款".encode(), b"\xe7\xac7\xe6\xac\xbe", 1)
    posts, dropped = read(write(tmp_path / f"posts.{suffix}", content))
    assert len(posts) == 29
    assert reason_counts(dropped) == {reasons.UNDECODABLE: 1}


def test_a_quotation_mark_left_open_costs_one_row(tmp_path):
    head = "id,text\n" + "".join(f"{n},上新第{n}天\n" for n in range(5))
    tail = "".join(f"{n},上新第{n}天\n" for n in range(6, 400))
    for end in (tail, tail[:40]):
        posts, dropped = read(write(tmp_path / "posts.csv", head + '5,"忘了关\n' + end))
        assert reason_counts(dropped) == {reasons.OPEN_QUOTE: 1}
        assert dropped[0].line == 7
        assert len(posts) == 5 + len(end.splitlines())


def test_a_quotation_mark_left_open_does_not_join_two_posts(tmp_path):
    for second in ("一切\n正常", "一切正常"):
        content = f'id,text,likes\n1,"忘了关,2\n2,"{second}",3\n3,"说""好""喝",4\n'
        posts, dropped = read(write(tmp_path / "posts.csv", content))
        assert [(post.post_id, post.text) for post in posts] == [("2", second), ("3", '说"好"喝')]
        assert [(item.reason, item.line) for item in dropped] == [(reasons.OPEN_QUOTE, 2)]


def test_rows_that_do_not_fit_are_dropped(tmp_path):
    content = "id,text,likes\n1,新品,3\n2,多,了,一格\n\n,,\n3,少一格\n4,空格子,5,,\n5,,7\nid,text,likes\n6,最后,1\n"
    posts, dropped = read(write(tmp_path / "posts.csv", content))
    assert [post.post_id for post in posts] == ["1", "3", "4", "6"]
    assert [(item.reason, item.line) for item in dropped] == [
        (reasons.TOO_MANY_CELLS, 3),
        (reasons.NO_COLUMNS, 5),
        (reasons.NO_TEXT, 8),
        (reasons.REPEATED_HEADER, 9),
    ]


CELL = st.one_of(
    st.binary(max_size=60), st.sampled_from([b"text,id\n", b'{"text": "', b'"}\n', b"[{", b'"', b"\n", b"\xff\xfe"])
)


@given(st.lists(CELL, max_size=12).map(b"".join), st.sampled_from(["csv", "json", "jsonl", "tsv", "xlsx", "parquet"]))
def test_any_bytes_give_posts_dropped_items_or_one_error(tmp_path_factory, content, suffix):
    path = write(tmp_path_factory.getbasetemp() / f"any.{suffix}", content)
    try:
        items = list(open_source([path]))
    except CollectError:
        items = []
    for item in items:
        assert isinstance(item, Dropped) or (item.post_id and item.account and item.text.strip())


def test_parquet_rows_with_broken_bytes_and_odd_times(tmp_path):
    texts = pa.array(["头采".encode(), b"\xff\xfe", "明前".encode()], pa.binary())
    table = {
        "text": pa.Array.from_buffers(pa.string(), 3, texts.buffers()),
        "发布时间": pa.array([1714622400 * 10**9 + 1, 0, None], pa.timestamp("ns")),
        "time": pa.array([10**18, 0, 1714622400 * 10**6], pa.timestamp("us")),
    }
    pq.write_table(pa.table(table), tmp_path / "posts.parquet")
    posts, dropped = read(tmp_path / "posts.parquet")
    assert [(post.text, str(post.published_at)) for post in posts] == [
        ("头采", "2024-05-02 04:00:00+08:00"),
        ("明前", "2024-05-02 04:00:00+08:00"),
    ]
    assert [(item.reason, item.line) for item in dropped] == [(reasons.UNDECODABLE, 2)]


def test_a_workbook_damaged_behind_its_first_rows(tmp_path):
    whole = workbook(tmp_path / "whole.xlsx", [{"text": f"第{n}款新茶上架"} for n in range(3000)])
    path = tmp_path / "posts.xlsx"
    with ZipFile(whole) as old, ZipFile(path, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, content[: len(content) // 2] if "sheet1" in name else content)
    posts, dropped = read(path)
    assert len(posts) >= 1000
    assert [item.reason for item in dropped] == [reasons.DAMAGED_REST]


def test_workbooks_without_posts_and_workbooks_of_other_names(tmp_path):
    assert "标题, 价格" in refused(workbook(tmp_path / "a.xlsx", [{"标题": "茶", "价格": 3}]))
    path = workbook(tmp_path / "c.xlsx", ROWS)
    for name in ("c.xls", "c.csv", "c.zip"):
        path = path.rename(tmp_path / name)
        assert len(read(path)[0]) == 3
