"""A mapping is said once: the next file with the same columns needs none."""

from __future__ import annotations

import json

import pytest

from originality.collect import open_source
from originality.errors import CollectError
from originality.models import Post
from tests.test_collect import lines, read, refused, workbook, write

TABLE = "编号,文案全部,品牌方\n1,头采到店,花间茶事\n2,明前上新,花间茶事\n"
MAPPING = {"text": "文案全部", "post_id": "编号", "account": "品牌方"}


def test_a_mapping_is_asked_for_once(tmp_path):
    memory = tmp_path / "index" / "mappings.json"
    first = write(tmp_path / "a.csv", TABLE)
    assert "--map text=COLUMN" in refused(first, memory=memory)
    assert not memory.exists()
    posts, _ = read(first, mapping=MAPPING, memory=memory)
    assert read(first, memory=memory)[0] == posts
    other = write(tmp_path / "b.tsv", "品牌方\t编号\t文案全部\n花间茶事\t3\t雨前\n", "gb18030")
    assert [(post.post_id, post.text) for post in read(other, memory=memory)[0]] == [("3", "雨前")]
    book = workbook(tmp_path / "c.xlsx", [{"编号": "4", "文案全部": "秋茶", "品牌方": "花间茶事"}])
    assert [post.text for post in read(book, memory=memory)[0]] == ["秋茶"]
    assert "--map text=COLUMN" in refused(write(tmp_path / "d.csv", "文案全部,日期\n茶,2026-01-01\n"), memory=memory)
    assert [path.name for path in memory.parent.iterdir()] == ["mappings.json"]


def test_two_headers_are_kept_side_by_side_and_the_last_word_counts(tmp_path):
    memory = tmp_path / "mappings.json"
    first, second = write(tmp_path / "a.csv", TABLE), write(tmp_path / "b.jsonl", lines([{"甲": "春", "乙": "秋"}]))
    read(first, mapping=MAPPING, memory=memory)
    read(second, mapping={"text": "甲"}, memory=memory)
    assert [post.text for post in read(second, memory=memory)[0]] == ["春"]
    read(second, mapping={"text": "乙"}, memory=memory)
    assert [post.text for post in read(second, memory=memory)[0]] == ["秋"]
    assert len(read(first, memory=memory)[0]) == 2
    assert len(json.loads(memory.read_text(encoding="utf-8"))["mappings"]) == 2


def test_nothing_is_kept_before_a_post_was_taken(tmp_path):
    memory = tmp_path / "mappings.json"
    path = write(tmp_path / "a.csv", TABLE)
    refused(path, mapping={"text": "没有"}, memory=memory)
    source = open_source([path], mapping=MAPPING, memory=memory)
    assert not memory.exists()
    items = iter(source)
    assert isinstance(next(items), Post)
    assert not memory.exists()
    next(items)
    assert memory.exists()
    empty = write(tmp_path / "b.csv", "编号,文案全部\n1,\n")
    read(empty, mapping={"text": "文案全部"}, memory=memory)
    assert "文案全部" in refused(empty, memory=memory)


def test_a_limit_of_one_keeps_it_too(tmp_path):
    memory = tmp_path / "mappings.json"
    read(write(tmp_path / "a.csv", TABLE), mapping=MAPPING, memory=memory, limit=1)
    assert memory.exists()


@pytest.mark.parametrize(
    "content", ["", "{", "[]", '{"version": 2, "mappings": {}}', '{"version": 1, "mappings": {"[]": {"title": "x"}}}']
)
def test_a_damaged_memory_is_told(tmp_path, content):
    memory = write(tmp_path / "mappings.json", content)
    with pytest.raises(CollectError, match="Delete the file and give --map once more"):
        open_source([write(tmp_path / "a.csv", TABLE)], memory=memory)


def test_a_column_name_can_be_anything(tmp_path):
    memory = tmp_path / "mappings.json"
    name = '怪\ud800"名'
    path = write(tmp_path / "a.jsonl", json.dumps({name: "头采"}) + "\n")
    assert len(read(path, mapping={"text": name}, memory=memory)[0]) == 1
    assert len(read(path, memory=memory)[0]) == 1
