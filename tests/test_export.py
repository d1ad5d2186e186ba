"""The corpus as one file, which `collect` reads back to an equal index."""

from __future__ import annotations

import json
import os
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from originality.build import build
from originality.collect import open_source
from originality.errors import OriginalityError
from originality.export import export
from originality.index import LocalIndex, open_index
from originality.models import Post
from tests.command_line import failed, run
from tests.fakes import FakeEncoder, full_disk
from tests.stores import START, content_of, grown, posts_of

SEEN = datetime(2026, 5, 6, 7, 8, 9, 123456, tzinfo=UTC)
ODD = [
    Post(
        post_id="odd1", account=" 溪边\u2028茶室 ", account_id="00123", url="没有链接", published_at=SEEN,
        text=" a\x00b\r\n\u2028\x85\ud83d早安👨‍👩‍👧𠮷\u202e\t",
        platform="小红书", reposts=0, comments=2**40, likes=1_000_000, truncated=True,
        repost_of="IrU5ppbPa", raw="//@汀步茶室:原文\n…全文\udc00", edits=3, at_least=True, seen_at=SEEN,
        text_seen_at=SEEN - timedelta(days=1),
    ),
    Post(post_id="IrU5ppbPa", account="***", text="1.2万", seen_at=SEEN),
    Post(post_id="4467107636950630", account="=1+1", text='转发理由: "引号",逗号 原始用户: x', likes=7, edits=0),
    Post(post_id="silent", account="溪边茶室", text="[doge][doge]", published_at=datetime(2020, 2, 3, 10, tzinfo=UTC)),
]  # fmt: skip
FORMATS = ["jsonl", "parquet"]


@pytest.fixture
def index(tmp_path):
    with grown(tmp_path / "index", [*posts_of(40), *ODD]) as made:
        yield made


def collected(file: Path, folder: Path) -> LocalIndex:
    index = open_index(folder, encoder_name=FakeEncoder.name)
    report = build(open_source([file]), index, FakeEncoder())
    assert not report.dropped
    return index


@pytest.mark.parametrize("kind", FORMATS)
def test_an_export_is_collected_to_an_equal_index(tmp_path, index, kind):
    assert export(index, tmp_path / f"全部.{kind}") == 44
    with collected(tmp_path / f"全部.{kind}", tmp_path / "again") as again:
        assert content_of(again) == content_of(index)
        assert export(again, tmp_path / f"again.{kind}") == 44
        assert (tmp_path / f"again.{kind}").read_bytes() == (tmp_path / f"全部.{kind}").read_bytes()
        assert build(open_source([tmp_path / f"全部.{kind}"]), again, FakeEncoder()).unchanged == 44


def test_every_field_is_there_by_its_name_in_order_of_time(tmp_path, index):
    export(index, tmp_path / "a.jsonl")
    lines = [json.loads(line) for line in (tmp_path / "a.jsonl").read_bytes().decode().split("\n")[:-1]]
    names = [field.name for field in fields(Post)]
    assert all(list(line) == names for line in lines)
    assert [line["post_id"] for line in lines[:3]] == ["4467107636950630", "IrU5ppbPa", "p00000"]
    assert [line["published_at"] for line in lines[2:4]] == ["2020-02-03T18:00:00+08:00"] * 2
    export(index, tmp_path / "a.parquet")
    table = pq.read_table(tmp_path / "a.parquet")
    assert table.column_names == names
    assert table["post_id"].to_pylist() == [line["post_id"] for line in lines]
    assert table["likes"].to_pylist() == [line["likes"] for line in lines]


def test_accounts_and_a_span_of_time_narrow_an_export(tmp_path, index):
    file = tmp_path / "a.jsonl"
    assert export(index, file, accounts=["品牌1", "00123"]) == 14
    since, until = START + timedelta(hours=10), START + timedelta(hours=13)
    assert export(index, file, since=since, until=until) == 3
    written = [json.loads(line)["post_id"] for line in file.read_text(encoding="utf-8").splitlines()]
    assert written == ["p00010", "p00011", "p00012"]
    assert export(index, file, accounts=["无此账号"]) == 0
    assert file.read_text() == ""


@pytest.mark.parametrize("kind", FORMATS)
def test_an_export_that_fails_leaves_the_file_that_was_there(tmp_path, index, kind):
    file = tmp_path / "out" / f"a.{kind}"
    file.parent.mkdir()
    file.write_text("从前的导出")
    with full_disk(512), pytest.raises(OSError, match=os.strerror(27)):
        export(index, file)
    assert file.read_text() == "从前的导出"
    assert [path.name for path in file.parent.iterdir()] == [file.name]


def test_the_name_says_the_format(tmp_path, index):
    with pytest.raises(OriginalityError, match=r"\.parquet"):
        export(index, tmp_path / "a.csv")


def test_the_command_exports_and_counts(tmp_path, index):
    file = tmp_path / "一号.jsonl"
    done = run("export", "--index", index.folder, "--out", file, "--account", "品牌1", "--since", "2020-02-04")
    assert done.stdout == f"已导出 11 条帖子到 {file}\n"
    assert len(file.read_text().splitlines()) == 11
    failed(run("export", "--index", index.folder, "--out", tmp_path / "a.xlsx"), ".jsonl")
    failed(run("export", "--index", index.folder, "--out", tmp_path / "无" / "a.jsonl"), "无")
    failed(run("export", "--index", index.folder, "--out", file, "--since", "昨天"), "2024-01-31")
