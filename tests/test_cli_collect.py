"""`originality collect`: everything is counted, nothing is added twice, and a bad file harms nothing."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from originality.index import LocalIndex, open_index
from tests.brand_posts import POSTS, write_posts
from tests.command_line import built, collect, content, failed, run

BEFORE_EDIT = next(post["text"] for post in POSTS if post["post_id"] == "c2")


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built(tmp_path_factory.mktemp("cli"))


def test_collect_counts_everything_and_a_second_run_adds_nothing(tmp_path: Path) -> None:
    source = write_posts(tmp_path / "posts.jsonl")
    with source.open("a", encoding="utf-8") as file:
        file.write('{"post_id": "x1", "account": "汀步茶室", "text": ""}\n这一行不是 JSON\n')
    first = collect(source, tmp_path / "index")
    assert first["added"] == first["posts"] == len(POSTS)
    assert first["read"] == len(POSTS) + 2
    assert first["dropped"] == {"no text": 1, "bad JSON": 1}
    before = content(tmp_path / "index")
    again = collect(source, tmp_path / "index")
    assert (again["added"], again["replaced"], again["unchanged"]) == (0, 0, len(POSTS))
    assert content(tmp_path / "index") == before


def test_an_edited_post_replaces_its_old_version(tmp_path: Path) -> None:
    index = tmp_path / "index"
    collect(write_posts(tmp_path / "posts.jsonl"), index)
    edited = "菜单上又添了一样：热的米浆，微甜，只在早上八点到十点做。"
    answer = collect(write_posts(tmp_path / "posts.jsonl", {"c2": edited}), index)
    assert (answer["added"], answer["replaced"], answer["posts"]) == (0, 1, len(POSTS))
    with open_index(index) as opened:
        assert opened.fetch(["c2"])["c2"].text == edited
    assert run("check", edited, "--index", index).exit_code == 1
    assert (
        run("check", "我们把菜单砍掉了一半，只剩七样。做得少一点，每一样都敢让你退。", "--index", index).exit_code == 0
    )


def test_the_summary_is_for_people_and_names_what_was_dropped(tmp_path: Path) -> None:
    folder = tmp_path / "exports"
    folder.mkdir()
    write_posts(folder / "posts.jsonl")
    (folder / "broken.csv").write_bytes(b"\x00\x01\x02\xff" * 500)
    (folder / "notes.docx").write_bytes(b"PK")
    result = run("collect", folder, "--index", tmp_path / "index", "--encoder", "fast")
    assert result.exit_code == 0
    assert f"新增 {len(POSTS)}" in result.stdout
    assert "不是帖子文件" in result.stdout
    assert "broken.csv" in result.stdout
    assert "条/秒" in result.stdout
    assert result.stderr == ""  # no progress bar where nobody looks


def test_columns_by_map_and_account_by_option_from_a_chinese_spreadsheet(tmp_path: Path) -> None:
    source = tmp_path / "导出.csv"
    source.write_bytes("编号,文案内容\n1,新烤的可颂出炉了，记得趁热来拿。\n2,今天的汤是玉米排骨。\n".encode("gb18030"))
    arguments = ("--map", "text=文案内容", "--map", "post_id=编号", "--account", "麦岸烘焙", "--limit", 1)
    assert collect(source, tmp_path / "index", *arguments)["added"] == 1
    (post,) = content(tmp_path / "index")["posts"]
    assert (post.account, post.text) == ("麦岸烘焙", "新烤的可颂出炉了，记得趁热来拿。")


def test_an_index_keeps_its_encoder(index: Path, tmp_path: Path) -> None:
    before = content(index)
    source = write_posts(tmp_path / "posts.jsonl")
    failed(run("collect", source, "--index", index, "--encoder", "default"), "fast", "default", "--index")
    kept = run("collect", source, "--index", index, "--json")
    assert json.loads(kept.stdout)["encoder"] == "fast"
    assert content(index) == before


def test_interrupted_collecting_says_what_is_safe_and_goes_on_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = write_posts(tmp_path / "posts.jsonl")
    write = LocalIndex.write
    calls = []

    def interrupted(self: LocalIndex, *arguments: Any) -> None:
        calls.append(self)
        if len(calls) == 3:
            raise KeyboardInterrupt
        write(self, *arguments)

    with monkeypatch.context() as patch:
        patch.setattr("originality.build.BATCH", 2)
        patch.setattr(LocalIndex, "write", interrupted)
        result = run("collect", source, "--index", tmp_path / "index", "--encoder", "fast")
    assert result.exit_code == 130
    assert "已处理 4 条" in result.stderr
    assert "现有 4 条" in result.stderr
    assert "Traceback" not in result.stderr
    assert len(content(tmp_path / "index")["posts"]) == 4
    assert collect(source, tmp_path / "index")["added"] == len(POSTS) - 4


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("binary.csv", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(range(256)) * 40, ["binary.csv"]),
        ("no_text_column.csv", "日期,销量\n2026-11-01,12\n2026-11-02,15\n".encode(), ["--map"]),
        ("unreadable.csv", b"text,account\n" + b"\x81\xff\xfe\x81" * 300 + b"\n", ["unreadable.csv"]),
        ("absent.csv", None, ["absent.csv"]),
    ],
)
def test_a_file_that_cannot_be_read_harms_nothing(
    index: Path, tmp_path: Path, name: str, data: bytes | None, words: Sequence[str]
) -> None:
    source = tmp_path / name
    if data is not None:
        source.write_bytes(data)
    before = content(index)
    failed(run("collect", source, "--index", index), *words)
    assert content(index) == before
    failed(run("collect", source, "--index", tmp_path / "new"), *words)
    assert not (tmp_path / "new").exists()
