"""The front door: files and folders of any format -> posts, with everything that was dropped."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from originality.collect import open_source, reasons
from originality.errors import CollectError
from originality.models import BEIJING, Dropped, Post

NAMES = ("post_id", "account", "published_at", "text", "likes")
ROWS = [
    dict(zip(NAMES, row, strict=True))
    for row in (
        ("a1", "花间茶事", "2026-03-01 10:00", "春茶上新，头采只有三百罐。", 12),
        ("a2", "花间茶事", "2026-03-02 18:30", "转发抽两位，送明前龙井一罐🍵", "1.2万"),
        ("a3", "半山咖啡", "2026-03-03", "今天的豆子来自云南，\n第二行写风味。", ""),
    )
]


def lines(rows: Iterable[Mapping[str, Any]]) -> str:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def csv_text(rows: Sequence[Mapping[str, Any]], separator: str = ",") -> str:
    cells = [list(rows[0]), *([str(row[name]) for name in rows[0]] for row in rows)]
    return "\r\n".join(separator.join('"' + c.replace('"', '""') + '"' for c in row) for row in cells) + "\r\n"


def write(path: Path, content: str | bytes, encoding: str = "utf-8") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
    return path


def workbook(path: Path, rows: Sequence[Mapping[str, Any]], title: str = "Sheet", before: Sequence[str] = ()) -> Path:
    book: Any = openpyxl.Workbook()
    for name in before:
        book.create_sheet(name).append(["说明", "版本"])
    sheet = book.create_sheet(title)
    sheet.append(list(rows[0]))
    for row in rows:
        sheet.append(list(row.values()))
    del book["Sheet" if title != "Sheet" else book.sheetnames[0]]
    book.save(path)
    return path


def read(*paths: Path, **options: Any) -> tuple[list[Post], list[Dropped]]:
    items = list(open_source(list(paths), **options))
    posts = [item for item in items if isinstance(item, Post)]
    dropped = [item for item in items if isinstance(item, Dropped)]
    assert len(posts) + len(dropped) == len(items)
    assert {item.reason for item in dropped} <= reasons.ALL
    return posts, dropped


def reason_counts(dropped: Iterable[Dropped]) -> Counter[str]:
    return Counter(item.reason for item in dropped)


def refused(*paths: Path, **options: Any) -> str:
    with pytest.raises(CollectError) as caught:
        list(open_source(list(paths), **options))
    message = str(caught.value)
    assert "\n" not in message
    return message


@pytest.fixture
def as_file(tmp_path):
    """Write the same three posts in a format."""

    def make(kind: str) -> Path:
        path: Path = tmp_path / f"posts.{kind}"
        if kind == "jsonl":
            return write(path, lines(ROWS))
        if kind == "json":
            return write(path, json.dumps({"code": 0, "data": {"list": ROWS}}, ensure_ascii=False))
        if kind == "csv":
            return write(path, csv_text(ROWS), "utf-8-sig")
        if kind == "tsv":
            return write(path, csv_text(ROWS, "\t"), "utf-16")
        if kind == "xlsx":
            return workbook(path, ROWS)
        table = pa.Table.from_pylist([{**row, "likes": str(row["likes"])} for row in ROWS])
        pq.write_table(table, path)
        return path

    return make


@pytest.mark.parametrize("kind", ["jsonl", "json", "csv", "tsv", "xlsx", "parquet"])
def test_every_format_gives_the_same_posts(as_file, kind):
    path = as_file(kind)
    posts, dropped = read(path)
    assert dropped == []
    assert [post.post_id for post in posts] == ["a1", "a2", "a3"]
    assert [post.account for post in posts] == ["花间茶事", "花间茶事", "半山咖啡"]
    assert [post.text for post in posts] == [row["text"] for row in ROWS]
    assert [post.likes for post in posts] == [12, 12000, None]
    assert posts[1].published_at == datetime(2026, 3, 2, 18, 30, tzinfo=BEIJING)
    assert posts[2].published_at == datetime(2026, 3, 3, tzinfo=BEIJING)


@pytest.mark.parametrize("kind", ["jsonl", "json", "csv", "tsv", "xlsx", "parquet"])
def test_a_source_is_lazy_and_can_be_read_again(as_file, kind):
    source = open_source([as_file(kind)])
    first = next(iter(source))
    assert isinstance(first, Post)
    again = list(source)
    assert again[0] == first
    assert len(again) == 3
    assert source.files == 1
    assert source.fraction == 1.0


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
@pytest.mark.parametrize("suffix", ["csv", "jsonl", "json"])
def test_encodings(tmp_path, encoding, suffix):
    content = {"csv": csv_text(ROWS), "jsonl": lines(ROWS), "json": json.dumps(ROWS, ensure_ascii=False)}[suffix]
    posts, dropped = read(write(tmp_path / f"posts.{suffix}", content, encoding))
    assert dropped == []
    assert [post.text for post in posts] == [row["text"] for row in ROWS]


@pytest.mark.parametrize("separator", [",", "\t", ";"])
def test_separators_are_taken_from_the_header(tmp_path, separator):
    posts, _ = read(write(tmp_path / "posts.csv", csv_text(ROWS, separator)))
    assert [post.post_id for post in posts] == ["a1", "a2", "a3"]


def test_the_limit_counts_posts(tmp_path):
    path = write(tmp_path / "posts.jsonl", "broken\n" + lines(ROWS))
    source = open_source([path], limit=2)
    items = list(source)
    assert [type(item) for item in items] == [Dropped, Post, Post]
    assert source.fraction == 1.0


def test_fraction_grows_to_one(tmp_path):
    path = write(tmp_path / "posts.jsonl", lines({"id": n, "text": "每日一句上新文案" * 20} for n in range(5000)))
    source = open_source([path, write(tmp_path / "more.csv", csv_text(ROWS))])
    seen = []
    for _ in source:
        seen.append(source.fraction)
    assert seen == sorted(seen)
    assert seen[0] < 0.2
    assert 0.3 < seen[2500] < 0.7
    assert source.fraction == 1.0


def test_a_folder_is_read_in_order_with_nothing_lost(tmp_path):
    write(tmp_path / "b" / "two.jsonl", lines(ROWS[1:2]))
    write(tmp_path / "a" / "one.csv", csv_text(ROWS[:1]))
    write(tmp_path / "c.json", "{broken")
    write(tmp_path / "picture.jpg", b"\xff\xd8\xff")
    write(tmp_path / ".hidden" / "three.jsonl", lines(ROWS[2:]))
    write(tmp_path / "~$one.xlsx", b"lock")
    source = open_source([tmp_path])
    items = list(source)
    assert [item.post_id for item in items if isinstance(item, Post)] == ["a1", "a2"]
    dropped = {item.file.name: item for item in items if isinstance(item, Dropped)}
    assert {name: item.reason for name, item in dropped.items()} == {
        "c.json": reasons.UNREADABLE,
        "picture.jpg": reasons.NOT_A_POST_FILE,
    }
    assert "not valid JSON" in dropped["c.json"].detail
    assert source.files == 4


def test_among_several_paths_a_bad_one_is_dropped_and_each_file_is_read_once(tmp_path):
    good = write(tmp_path / "good.jsonl", lines(ROWS))
    posts, dropped = read(write(tmp_path / "bad.csv", b"\x00\x01\x02" * 100), good, tmp_path)
    assert len(posts) == 3
    assert reason_counts(dropped) == {reasons.UNREADABLE: 1}


def test_nul_and_lone_surrogates_pass_as_they_are(tmp_path):
    content = '{"id": "n", "text": "茶\\u0000香\\ud800"}\n'
    posts, _ = read(write(tmp_path / "posts.jsonl", content))
    assert posts[0].text == "茶\x00香\ud800"
    posts, _ = read(write(tmp_path / "posts.csv", "id,text\nn,茶\x00香\n"))
    assert posts[0].text == "茶\x00香"


def test_json_lines_called_json_and_documents_called_jsonl(tmp_path):
    assert len(read(write(tmp_path / "lines.json", lines(ROWS)))[0]) == 3
    assert len(read(write(tmp_path / "doc.jsonl", json.dumps(ROWS, indent=2)))[0]) == 3
    assert len(read(write(tmp_path / "one.json", json.dumps(ROWS[0])))[0]) == 1
    assert read(write(tmp_path / "none.json", "[]")) == ([], [])


def test_opening_loads_no_heavy_library():
    code = "import sys, originality.collect; print(any(m in sys.modules for m in ('pyarrow', 'openpyxl', 'torch')))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "False\n"
