"""FAISS over the store: always in step with it, whatever state its files are in."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from originality import sketch
from originality.index import kinds
from originality.index.neighbours import FILES, MANIFEST, Neighbours
from originality.index.store import Store
from tests.fakes import entries_of

DIM = 32


def fill(store: Store, first: int, count: int) -> dict[int, np.ndarray]:
    """Write posts with random sketches and vectors of their own; return the unit vectors by number of the post."""
    entries, vectors = entries_of(count, first, DIM)
    store.write(entries, vectors)
    return {int(entry.post.post_id): vectors[entry.vector_keys[0]] for entry in entries}


def nearest(near: Neighbours, store: Store, vectors: dict[int, np.ndarray]) -> float:
    """Return the share of posts that their own vector finds first."""
    ids, cosines = near.near_vectors(np.stack(list(vectors.values())), 1)
    assert cosines.max() <= 1.05  # 8-bit codes
    owners = store.carriers_of_vectors([int(number) for number in ids.ravel() if number >= 0])
    posts = store.posts_at(row for pairs in owners.values() for row, _ in pairs)
    found = [posts[owners[int(number)][0][0]].post_id for number in ids.ravel()]
    return float(np.mean([post_id == str(number) for post_id, number in zip(found, vectors, strict=True)]))


def lists_of(near: Neighbours) -> Any:
    return kinds.inverted(near._faiss, near._vectors)


@pytest.fixture
def store(tmp_path):
    store = Store(tmp_path, create=True)
    yield store
    store.close()


@pytest.fixture
def inverted(monkeypatch):
    """Make a few hundred vectors many: inverted lists, several reads from the store."""
    monkeypatch.setattr(kinds, "FLAT_LIMIT", 300)
    monkeypatch.setattr(kinds, "READ_BATCH", 128)
    monkeypatch.setattr(kinds, "SAMPLE", 256)


def test_an_empty_store_answers_with_nothing(store, tmp_path):
    near = Neighbours(store, tmp_path, "s")
    rows, distances = near.near_sketches(np.zeros(sketch.NUM_PERM, np.uint32), 5)
    assert (len(rows), len(distances)) == (0, 0)
    assert near.near_vectors(np.zeros((2, DIM), np.float32), 5)[0].shape == (2, 0)
    near.save()
    assert Neighbours(store, tmp_path, "s").near_vectors(np.zeros((2, DIM), np.float32), 5)[0].shape == (2, 0)


def test_sketches_come_nearest_first_with_their_distance_in_bits(store, tmp_path):
    fill(store, 0, 50)
    signature = store.signatures([20])[0].copy()
    signature[:3] ^= 1  # three sign bits off
    rows, distances = Neighbours(store, tmp_path, "s").near_sketches(signature, 50)
    assert (int(rows[0]), float(distances[0])) == (20, 3.0)
    assert (np.diff(distances) >= 0).all()
    assert len(rows) == 50


def test_vectors_come_best_first_and_fill_up_with_minus_one(store, tmp_path):
    vectors = fill(store, 0, 5)
    ids, cosines = Neighbours(store, tmp_path, "s").near_vectors(vectors[3][None, :], 8)
    assert ids.shape == (1, 8)
    assert (ids[0, 5:] == -1).all()
    assert (np.diff(cosines[0, :5]) <= 0).all()
    assert cosines[0, 0] == pytest.approx(1, abs=2e-3)  # half precision


def test_both_follow_the_store_without_being_told(store, tmp_path):
    near = Neighbours(store, tmp_path, "s")
    vectors = fill(store, 0, 40)
    assert nearest(near, store, vectors) == 1
    more = fill(store, 100, 40)
    store.delete([str(i) for i in range(10)])
    changed = fill(store, 20, 5)  # the same posts with another text
    kept = {number: vector for number, vector in (vectors | more | changed).items() if number >= 10}
    assert nearest(near, store, kept) == 1
    rows, _ = near.near_sketches(store.signatures([50])[0], 200)
    assert sorted(rows) == sorted(store.row_numbers())


@pytest.mark.usefixtures("inverted")
def test_inverted_lists_are_quiet_follow_and_survive_reloading(store, tmp_path, capfd):
    vectors = {number: vector for first in (0, 1000) for number, vector in fill(store, first, 200).items()}
    near = Neighbours(store, tmp_path, "s")
    assert nearest(near, store, vectors) >= 0.9
    assert lists_of(near) is not None
    vectors |= fill(store, 2000, 150)
    store.delete([str(i) for i in range(100)])
    kept = {number: vector for number, vector in vectors.items() if number >= 100}
    assert nearest(near, store, kept) >= 0.9
    assert near._vectors.ntotal == len(kept) == store.vectors
    near.save()
    again = Neighbours(store, tmp_path, "s")
    assert again._vectors.ntotal == len(kept)
    assert lists_of(again).nprobe == kinds.PROBES
    assert nearest(again, store, kept) >= 0.9
    kept |= fill(store, 3000, 50)
    assert nearest(again, store, kept) >= 0.9
    assert capfd.readouterr() == ("", "")  # FAISS prints warnings of its own, past Python's


@pytest.mark.usefixtures("inverted")
def test_a_flat_index_that_has_outgrown_the_limit_is_saved_as_inverted_lists(store, tmp_path):
    near = Neighbours(store, tmp_path, "s")
    vectors = fill(store, 0, 250)
    assert nearest(near, store, vectors) == 1
    assert lists_of(near) is None
    vectors |= fill(store, 1000, 250)
    assert nearest(near, store, vectors) == 1
    near.save()
    assert lists_of(Neighbours(store, tmp_path, "s")) is not None
    assert nearest(near, store, vectors) >= 0.9


def test_saving_twice_writes_once_and_loading_reads_no_posts(store, tmp_path, monkeypatch):
    vectors = fill(store, 0, 40)
    near = Neighbours(store, tmp_path, "s")
    near.save()
    written = {path.name: path.stat().st_mtime_ns for path in tmp_path.glob("*.faiss")}
    near.save()
    again = Neighbours(store, tmp_path, "s")
    again.save()
    assert {path.name: path.stat().st_mtime_ns for path in tmp_path.glob("*.faiss")} == written
    monkeypatch.setattr(Store, "vectors_after", None)  # would be called to catch up
    assert nearest(again, store, vectors) == 1


def spoil_manifest(folder: Path) -> None:
    (folder / MANIFEST).write_text("{", encoding="utf-8")


def manifest_of_a_list(folder: Path) -> None:
    (folder / MANIFEST).write_text("[1, 2]", encoding="utf-8")


def future_manifest(folder: Path) -> None:
    content = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    (folder / MANIFEST).write_text(json.dumps(content | {"change": 10**6}), encoding="utf-8")


def flip_a_byte(folder: Path) -> None:
    path = folder / FILES["vectors"]
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0xFF
    path.write_bytes(content)


def huge_length(folder: Path) -> None:
    path = folder / FILES["minhash"]
    content = bytearray(path.read_bytes())
    content[8:40] = b"\xff" * 32
    path.write_bytes(content)


def cut_short(folder: Path) -> None:
    path = folder / FILES["minhash"]
    path.write_bytes(path.read_bytes()[:100])


def no_vectors(folder: Path) -> None:
    (folder / FILES["vectors"]).unlink()


def swapped(folder: Path) -> None:
    (folder / FILES["minhash"]).write_bytes((folder / FILES["vectors"]).read_bytes())


def no_files(folder: Path) -> None:
    for path in [*folder.glob("*.faiss"), folder / MANIFEST]:
        path.unlink()


DAMAGE = [
    spoil_manifest, manifest_of_a_list, future_manifest, flip_a_byte, huge_length, cut_short, no_vectors, swapped,
    no_files,
]  # fmt: skip


@pytest.mark.parametrize("harm", DAMAGE)
def test_a_damaged_cache_is_noticed_and_made_anew(store, tmp_path, harm):
    vectors = fill(store, 0, 60)
    Neighbours(store, tmp_path, "s").save()
    harm(tmp_path)
    near = Neighbours(store, tmp_path, "s")
    assert near._change == -1  # nothing of it was taken
    assert nearest(near, store, vectors) == 1
    near.save()
    assert Neighbours(store, tmp_path, "s")._change == store.change


def test_a_cache_of_another_stamp_or_another_store_is_not_taken(store, tmp_path):
    fill(store, 0, 10)
    Neighbours(store, tmp_path, "s").save()
    assert Neighbours(store, tmp_path, "other")._change == -1
    elsewhere = tmp_path / "elsewhere"
    other = Store(elsewhere, create=True)
    vectors = fill(other, 500, 10)
    for name in (MANIFEST, FILES["minhash"], FILES["vectors"]):
        (elsewhere / name).write_bytes((tmp_path / name).read_bytes())
    near = Neighbours(other, elsewhere, "s")
    assert near._change == -1
    assert nearest(near, other, vectors) == 1
    other.close()


def test_signatures_that_are_gone_keep_their_place(store):
    fill(store, 0, 3)
    kept = store.signatures([1, 3])
    store.delete(["1"])
    rows = store.signatures([1, 2, 3])
    assert (rows[[0, 2]] == kept).all()
    assert not rows[1].any()


@pytest.mark.usefixtures("inverted")
def test_what_a_rough_search_finds_comes_with_its_true_cosine(store, tmp_path):
    vectors = fill(store, 0, 400)
    near = Neighbours(store, tmp_path, "s")
    queries = np.stack([vectors[7] + 0.3 * vectors[8], vectors[200]])
    queries /= np.linalg.norm(queries, axis=1, keepdims=True)
    ids, cosines = near.near_vectors(queries, 10)
    assert ids.shape == (2, 10)
    assert len(set(ids[0].tolist())) == 10
    numbers, matrix = store.vectors_at(ids.ravel().tolist())
    at = {int(number): row / np.linalg.norm(row) for number, row in zip(numbers, matrix, strict=True)}
    for query, row, values in zip(queries, ids, cosines, strict=True):
        assert values == pytest.approx([float(query @ at[int(number)]) for number in row], abs=1e-3)
        assert (np.diff(values) <= 0).all()
    owners = store.carriers_of_vectors(ids[:, 0].tolist())
    posts = store.posts_at(row for pairs in owners.values() for row, _ in pairs)
    assert [posts[owners[int(number)][0][0]].post_id for number in ids[:, 0]] == ["7", "200"]


@pytest.mark.usefixtures("inverted")
def test_lists_of_whole_vectors_from_before_are_read_as_they_are(store, tmp_path, monkeypatch):
    """The kind of index that large stores had first: inner products, no directions."""
    import faiss

    vectors = fill(store, 0, 400)
    near = Neighbours(store, tmp_path, "s")
    numbers, matrix = store.vectors_at(store.vector_numbers().tolist())
    old: Any = faiss.index_factory(DIM, "IVF16,SQ8", faiss.METRIC_INNER_PRODUCT)
    old.cp.min_points_per_centroid = 1
    old.train(matrix)
    old.add_with_ids(matrix, numbers)
    with monkeypatch.context() as patch:
        patch.setattr(kinds, "new_vectors", lambda faiss, store, dim: old)
        old.reset()
        near.save()
    again = Neighbours(store, tmp_path, "s")
    assert again._change == store.change
    assert not kinds.is_rough(again._faiss, again._vectors)
    assert lists_of(again).nprobe == kinds.PROBES
    assert nearest(again, store, vectors) >= 0.9
    vectors |= fill(store, 1000, 50)
    assert nearest(again, store, vectors) >= 0.9
