"""Whatever bytes come in: posts, dropped items, or one error of one line; nothing is written, nothing hangs."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from originality.collect import ids, open_source
from originality.errors import CollectError
from originality.models import Dropped, Post
from tests.export_feeds import BID
from tests.export_files import MID, OWN, TEXTS, write_all
from tests.test_collect import read, refused, write

NAMES = (
    "any.csv",
    "any.json",
    "any.jsonl",
    "any.txt",
    "any.md",
    "any.xml",
    "any.db",
    "any.xlsx",
    "any.parquet",
    "a.zip",
)


@pytest.fixture(scope="module")
def samples(tmp_path_factory):
    """Every kind of file as bytes."""
    return {path.name: path.read_bytes() for path in write_all(tmp_path_factory.mktemp("samples"))}


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    path: Path = tmp_path_factory.mktemp("hostile")
    return path


def outcome(folder: Path, name: str, content: bytes) -> list[Post | Dropped]:
    """Read bytes as a file; assert that all ends well and that the file stays alone."""
    path = write(folder / name, content)
    items: list[Post | Dropped] = []
    told = ""
    try:
        items = list(open_source([path]))
    except CollectError as error:
        told = str(error)
    assert "\n" not in told
    assert len(told) < 800 + len(str(path))
    for item in items:
        assert isinstance(item, Dropped) or (item.post_id and item.account and item.text.strip())
    assert [entry.name for entry in folder.iterdir()] == [name]
    path.unlink()
    return items


START = (b"", b"SQLite format 3\x00", b"PAR1", b"PK\x03\x04", b"<?xml version='1.0'?><rss>", b"{", b"[", b"\xff\xfe",
         "用户信息：\n用户昵称：a\n微博内容：\n".encode(), b"<!-- weibo_id: 1 -->\n", b"text,id\n")  # fmt: skip


@settings(max_examples=150)
@given(st.sampled_from(START), st.binary(max_size=400), st.sampled_from(NAMES))
def test_random_bytes(folder, start, content, name):
    outcome(folder, name, start + content)


@settings(max_examples=200)
@given(st.data())
def test_truncated_and_damaged_files(folder, samples, data):
    content = samples[data.draw(st.sampled_from(sorted(samples)))]
    end = data.draw(st.integers(1, len(content)))
    damaged = bytearray(content[:end] if data.draw(st.booleans()) else content)
    for place, value in data.draw(
        st.lists(st.tuples(st.integers(0, len(damaged) - 1), st.integers(0, 255)), max_size=4)
    ):
        damaged[place] = value
    outcome(folder, data.draw(st.sampled_from(NAMES)), bytes(damaged))


@settings(max_examples=100)
@given(st.data())
def test_two_files_in_one(folder, samples, data):
    names = sorted(name for name in samples if name in TEXTS)
    one, other = (samples[data.draw(st.sampled_from(names))] for _ in range(2))
    cut = data.draw(st.integers(0, len(one)))
    outcome(folder, data.draw(st.sampled_from(NAMES)), one[:cut] + other)


@pytest.mark.parametrize("name", NAMES)
def test_other_readers_files(folder, samples, name):
    counts = {kind: len(outcome(folder, name, content)) for kind, content in samples.items()}
    # The name changes nothing but how a text is read that is no JSON in spite of its name.
    texts = {kind for kind, count in counts.items() if not count}
    assert texts == set() or name in {"any.json", "any.jsonl"}


LAUGHS = "".join(
    f'<!ENTITY lol{n} "{f"&lol{n - 1};" * 10}">' if n else '<!ENTITY lol0 "lol">' for n in range(10)
)  # fmt: skip
XML = {
    "billion laughs": f'<?xml version="1.0"?><!DOCTYPE lolz [{LAUGHS}]><rss><channel><item><title>&lol9;</title>',
    "without a declaration": f"<!DOCTYPE lolz [{LAUGHS}]><rss>&lol9;</rss>",
    "external entity": '<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    "<rss><channel><item><description>&x;</description></item></channel></rss>",
    "external type": '<?xml version="1.0"?><!DOCTYPE rss SYSTEM "http://127.0.0.1:9/x.dtd"><rss/>',
}


@pytest.mark.parametrize("kind", XML)
def test_xml_with_entities(tmp_path, kind):
    began = time.monotonic()
    assert "declares a document type or entities" in refused(write(tmp_path / "feed.xml", XML[kind]))
    assert time.monotonic() - began < 5


def test_xml_that_is_no_feed_and_xml_nested_deep(tmp_path):
    assert "neither RSS nor Atom (<svg>)" in refused(write(tmp_path / "a.xml", '<?xml version="1.0"?><svg/>'))
    deep = '<?xml version="1.0"?><rss>' + "<a>" * 100_000
    assert "no feed that can be read safely" in refused(write(tmp_path / "b.xml", deep))


FORMULAS = ('=HYPERLINK("http://127.0.0.1/x","点我")', "=cmd|'/c calc'!A0", "+1+1", "-2+3", "@SUM(1+1)*cmd|x", "\t=1+1")


@pytest.mark.parametrize("formula", FORMULAS)
def test_formulas_in_a_table_are_only_text(tmp_path, formula):
    cell = '"' + formula.replace('"', '""') + '"'
    content = f"mid,bid,text,账号,发布时间,url,点赞数\n{cell},{BID},{cell},{cell},{cell},{cell},{cell}\n"
    (post,) = read(write(tmp_path / "a.csv", content))[0]
    assert post.text == formula
    assert post.published_at is None
    assert post.url == ""
    posts, dropped = read(write(tmp_path / "b.csv", f"text,id\n{OWN},{cell}\n"))
    assert len(posts) + len(dropped) == 1


def test_a_formula_around_an_id_is_the_id(tmp_path):
    (post,) = read(write(tmp_path / "a.csv", f'mid,text\n"=""{MID}""",{OWN}\n'))[0]
    assert post.post_id == MID


@given(st.from_regex(r"[0-9a-zA-Z]{6}|[0-9a-zA-Z]{9,10}", fullmatch=True))
def test_a_bid_that_has_a_mid_comes_back(bid):
    mid = ids.bid_to_mid(bid)
    if mid is not None:
        assert ids.mid_to_bid(mid) == bid.lstrip("0")


@pytest.mark.parametrize(
    "piece",
    ["<a ", "&amp", "//", "<img alt=[", "<img alt=[a] alt=[", "<script>", "<!--", "<br>", "</script><script>", " ",
     "原始用户", "抱歉，微博", "发布时间：", "...", "\n"],
)  # fmt: skip
def test_texts_made_to_be_slow(tmp_path, piece):
    for text in (piece * 40_000, "<br/>" + piece * 40_000, "转发理由:" + piece * 40_000):
        content = json.dumps({"text": text, "created_at": text[:200], "url": text[:200]})
        began = time.process_time()
        read(write(tmp_path / "a.jsonl", content + "\n"))
        read(write(tmp_path / "a.xml", "<rss><channel><item><description><![CDATA[" + text.replace("]]>", "")
                   + "]]></description></item></channel></rss>"))  # fmt: skip
        assert time.process_time() - began < 3
