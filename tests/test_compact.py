"""A large index stores new posts in fewer bytes: what it finds stays the same, and what was there before too."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace

import numpy as np
import pytest

from originality import sketch
from originality.build import build
from originality.clean import clean
from originality.errors import StampError
from originality.index import LocalIndex, compact, open_index
from originality.index.compact import pack_signature, pack_vector, signature_rows, vector_rows
from originality.index.database import FILE
from originality.index.neighbours import FILES
from originality.models import Post
from tests.fakes import FakeEncoder
from tests.stores import bytes_on_disk, grown, posts_of

FIRST = 60  # posts before the index is called large


@pytest.fixture
def small(tmp_path):
    with grown(tmp_path / "small", posts_of(180)) as index:
        yield index


@pytest.fixture
def large(tmp_path, monkeypatch):
    """Give an index of the same posts, the later ones stored compactly."""
    monkeypatch.setattr(compact, "FROM", FIRST)
    with grown(tmp_path / "large", posts_of(FIRST)) as index:
        assert index.store.compact is None
        build(posts_of(120, FIRST), index, FakeEncoder())
        yield index


def carriers(index: LocalIndex, text: str, cap: int = 1000) -> dict[int, list[str]]:
    """Return the ids of the posts that carry each shingle of a text."""
    hashes = np.unique(sketch.shingle_hashes(clean(text).letters, sketch.SHINGLE)).tolist()
    found = index.carriers(hashes, cap)
    posts = index.posts_at({row for rows in found.values() for row in rows})
    return {value: [posts[row].post_id for row in rows] for value, rows in found.items()}


def together(found: dict[int, list[str]]) -> set[str]:
    return {post_id for post_ids in found.values() for post_id in post_ids}


def near(index: LocalIndex, text: str) -> tuple[str, list[float]]:
    """Return the post with the vector nearest to a text's, and the cosines of the nearest ten."""
    (hits,) = index.near_texts(FakeEncoder().encode([clean(text).text]), 10)
    posts = index.posts_at([row for row, _, _ in hits])
    return posts[hits[0][0]].post_id, [cosine for _, _, cosine in hits]


def test_later_posts_take_fewer_bytes_and_earlier_ones_stay_as_they_are(small, large):
    query = "SELECT length(signature), count(*) FROM post GROUP BY 1 ORDER BY 1"
    assert large.store.rows(query) == [(256, 120), (512, FIRST)]
    assert large.store.compact == FIRST + 1
    assert large.store.rows("SELECT max(row) FROM fp") == [(FIRST,)]
    assert {length for (length,) in large.store.rows("SELECT DISTINCT length(value) FROM vector")} == {68, 128}
    assert small.store.compact is None
    assert small.store.rows("PRAGMA user_version") != large.store.rows("PRAGMA user_version")


def test_both_find_the_same(small, large):
    for post in posts_of(180)[::7]:
        draft = post.text.replace("亲测", "实测")
        assert carriers(large, draft) == carriers(small, draft)
        (nearest, cosines), (expected, exact) = near(large, draft), near(small, draft)
        assert nearest == expected
        assert cosines == pytest.approx(exact, abs=0.01)
        signature = sketch.signatures([clean(draft).letters])[0]
        rows, distances = large.near_sketches(signature, 30)
        assert (distances == small.near_sketches(signature, 30)[1]).all()
        alike = sketch.resemblance(signature, large.signatures(rows.tolist()))
        assert alike == pytest.approx(sketch.resemblance(signature, small.signatures(rows.tolist())), abs=1 / 128)


def test_a_cap_is_kept_over_both_kinds_of_rows(small, large):
    text = posts_of(1)[0].text
    capped = carriers(large, text, 70)
    assert max(len(rows) for rows in capped.values()) == 71
    assert capped == carriers(small, text, 70)


def test_a_reader_follows_new_edited_and_deleted_posts(large):
    with open_index(large.folder) as reader:
        text = "西安城墙下的冬至限定,羊肉泡馍味的拿铁,你敢不敢试?"
        assert not any(carriers(reader, text).values())
        build([Post(post_id="new", account="茶铺", text=text)], large, FakeEncoder())
        assert together(carriers(reader, text)) == {"new"}
        other = "厦门新店周六开业,前五十杯柚子苏打免费,排队的朋友请带伞。"
        build([replace(posts_of(1, 100)[0], text=other)], large, FakeEncoder())
        assert together(carriers(reader, other)) == {"p00100"}
        assert "p00100" not in together(carriers(reader, posts_of(1, 100)[0].text))
        large.delete(["new", "p00010"])
        assert not any(carriers(reader, text).values())
        assert "p00010" not in together(carriers(reader, posts_of(1, 10)[0].text))


def test_the_file_of_carriers_is_read_again_and_made_again(large):
    draft = posts_of(1, 150)[0].text
    expected = carriers(large, draft)
    path = large.folder / FILES["carriers"]
    assert path.stat().st_size
    with open_index(large.folder) as again:
        assert carriers(again, draft) == expected
        assert again._neighbours._carriers is not None
        assert isinstance(again._neighbours._carriers._pairs, np.memmap)
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0xFF
    path.write_bytes(content)
    with open_index(large.folder) as again:
        assert carriers(again, draft) == expected


def test_deleting_leaves_no_byte_of_a_compact_post(large):
    text = posts_of(1, 170)[0].text
    ((row, prints, signature),) = large.store.rows(
        "SELECT row, fingerprints, signature FROM post WHERE post_id='p00170'"
    )
    before = bytes_on_disk(large.folder)
    assert text.encode() in before
    assert signature in before
    assert large.delete(["p00170"]) == 1
    after = bytes_on_disk(large.folder)
    assert not [trace for trace in (text.encode(), prints, signature) if trace in after]
    pairs = np.fromfile(large.folder / FILES["carriers"], np.uint64)
    assert len(pairs)
    assert row not in (pairs & np.uint64(0xFFFFFFFF)).tolist()
    assert (np.diff(pairs.astype(object)) > 0).all()


def test_an_index_of_before_opens_and_grows_into_a_large_one(tmp_path, monkeypatch):
    """What this version writes while an index is small is, byte for byte, the format of before."""
    with grown(tmp_path, posts_of(FIRST)) as index:
        assert index.store.rows("PRAGMA user_version") == [(compact.COMPACT_FORMAT - 1,)]
        assert index.store.meta("compact") is None
    monkeypatch.setattr(compact, "FROM", FIRST)
    with grown(tmp_path, posts_of(40, FIRST)) as index:
        assert index.store.compact == FIRST + 1
        assert carriers(index, posts_of(1, 90)[0].text)
        assert index.info().posts == FIRST + 40
    with grown(tmp_path, posts_of(40, 200)) as index:
        assert index.store.compact == FIRST + 1
        assert index.info().posts == FIRST + 80


def test_a_version_that_does_not_know_compact_rows_is_told_apart(large):
    with closing(sqlite3.connect(large.folder / FILE)) as database:
        database.execute(f"PRAGMA user_version={compact.COMPACT_FORMAT + 1}")
    with pytest.raises(StampError, match="later version"):
        open_index(large.folder)


def test_packed_vectors_keep_their_directions():
    rng = np.random.default_rng(3)
    rows = rng.standard_normal((50, 512)).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    stored = vector_rows([pack_vector(row) for row in rows], 512)
    assert stored @ rows.T == pytest.approx(rows @ rows.T, abs=2e-3)
    mixed = vector_rows([rows[0].astype(np.float16).tobytes(), pack_vector(rows[1])], 512)
    assert mixed == pytest.approx(rows[:2], abs=2e-3)
    assert not vector_rows([pack_vector(np.zeros(512, np.float32))], 512).any()
    assert vector_rows([], 512).shape == (0, 512)


def test_halves_of_signatures_compare_with_whole_ones():
    texts = [clean(post.text).letters for post in posts_of(12)]
    whole = sketch.signatures(texts)
    mixed = signature_rows([row.tobytes() if i % 2 else pack_signature(row) for i, row in enumerate(whole)])
    for i in range(12):
        assert (sketch.resemblance(mixed[i], mixed) == sketch.resemblance(whole[i], whole)).all()
    assert signature_rows([]).shape == (0, 128)
