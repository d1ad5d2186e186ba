"""FAISS over the store: nearest sketches and nearest vectors.

Two in-memory indexes, `minhash` (128 sign bits a post, exact Hamming search: approximate binary indexes lost recall,
docs/decisions/0002-index.md) and `vectors` (fp16, inner product; above 200,000 vectors inverted lists of 8-bit codes).
Their files are a cache: written to a temporary name, synced and renamed, with a manifest that says which state of the
store they hold. A reader loads them, then catches up with the store; whatever does not fit is rebuilt from it.
"""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from originality import sketch
from originality.index.store import Store

MANIFEST = "manifest.json"
FILES = {"minhash": "minhash.faiss", "vectors": "vectors.faiss"}
FLAT_LIMIT = 200_000  # exact search up to here: 10 to 40 ms for one query
PROBES = 16  # inverted lists read per query: recall@10 .97 (measured at 1,000,000 vectors)
READ_BATCH = 50_000  # vectors read from the store at a time

Found = tuple[NDArray[np.int64], NDArray[np.float32]]


class Neighbours:
    """Both FAISS indexes of one store, kept in step with it. One lock: FAISS must not search while it is written."""

    def __init__(self, store: Store, folder: Path, stamp: str) -> None:
        """Load the caches where they fit the store, else start empty; the first search catches up."""
        import faiss  # noqa: PLC0415 - heavy

        faiss.omp_set_num_threads(1)  # a query takes milliseconds; more threads cost more than they give
        self._faiss: Any = faiss
        self._store = store
        self._folder = folder
        self._stamp = stamp
        self._lock = threading.Lock()
        self._change = -1
        self._minhash: Any = None
        self._vectors: Any = None
        self._load()

    def near_sketches(self, signature: NDArray[np.uint32], limit: int) -> Found:
        """Return (rows, Hamming distances) of the posts whose sign bits are nearest to a signature's."""
        with self._lock:
            self._catch_up()
            if self._minhash is None or not self._minhash.ntotal:
                return np.empty(0, np.int64), np.empty(0, np.float32)
            distances, rows = self._minhash.search(sketch.sign_bits(signature[None, :]), limit)
        keep = rows[0] >= 0
        return rows[0][keep], distances[0][keep].astype(np.float32)

    def near_vectors(self, queries: NDArray[np.float32], limit: int) -> Found:
        """Return (vector ids, cosines), each of shape (queries, limit); id -1 fills up where there are fewer."""
        with self._lock:
            self._catch_up()
            if self._vectors is None or not self._vectors.ntotal or not len(queries):
                shape = (len(queries), 0)
                return np.empty(shape, np.int64), np.empty(shape, np.float32)
            cosines, ids = self._vectors.search(np.ascontiguousarray(queries), limit)
        return ids, cosines

    def save(self) -> None:
        """Write the caches for the next reader, whole or not at all."""
        with self._lock:
            self._catch_up()
            if self._vectors is not None and self._vectors.ntotal > FLAT_LIMIT and not _is_ivf(self._vectors):
                self._vectors = self._read_vectors(None)
            manifest = {"stamp": self._stamp, "change": self._change, "counts": self._counts()}
            _replace(self._folder / MANIFEST, lambda path: path.write_text("{}", encoding="utf-8"))
            if self._minhash is not None:
                _replace(
                    self._folder / FILES["minhash"], lambda path: self._faiss.write_index_binary(self._minhash, str(path))
                )
            if self._vectors is not None:
                _replace(
                    self._folder / FILES["vectors"], lambda path: self._faiss.write_index(self._vectors, str(path))
                )
            _replace(self._folder / MANIFEST, lambda path: path.write_text(json.dumps(manifest), encoding="utf-8"))

    def _counts(self) -> list[int]:
        return [index.ntotal if index is not None else 0 for index in (self._minhash, self._vectors)]

    def _load(self) -> None:
        try:
            manifest = json.loads((self._folder / MANIFEST).read_text(encoding="utf-8"))
            if manifest["stamp"] != self._stamp or manifest["change"] > self._store.change:
                return
            self._minhash = self._faiss.read_index_binary(str(self._folder / FILES["minhash"]))
            self._vectors = self._faiss.read_index(str(self._folder / FILES["vectors"]))
            if self._counts() != manifest["counts"]:
                raise ValueError("cache files and manifest disagree")
            if _is_ivf(self._vectors):
                self._faiss.extract_index_ivf(self._vectors).nprobe = PROBES
            self._change = manifest["change"]
        except (OSError, ValueError, KeyError, TypeError, RuntimeError):
            # Missing, half-written or foreign: a cache is never worth an error. The store rebuilds it.
            self._minhash = self._vectors = None
            self._change = -1

    def _catch_up(self) -> None:
        """Bring both indexes to the state of the store."""
        change = self._store.change
        if change == self._change:
            return
        self._minhash = self._follow_posts(self._minhash)
        self._vectors = self._follow_vectors(self._vectors)
        self._change = change

    def _follow_posts(self, index: Any) -> Any:
        if index is None:
            index = self._faiss.IndexBinaryIDMap2(self._faiss.IndexBinaryFlat(sketch.NUM_PERM))
        rows, signatures = self._store.signatures_after(_highest(self._faiss, index))
        if len(rows):
            index.add_with_ids(sketch.sign_bits(signatures), rows)
        if index.ntotal != self._store.posts:
            _remove_gone(self._faiss, index, self._store.row_numbers())
        return index

    def _follow_vectors(self, index: Any) -> Any:
        index = self._read_vectors(index)
        if index is not None and index.ntotal != self._store.vectors:
            _remove_gone(self._faiss, index, self._store.vector_numbers())
        return index

    def _read_vectors(self, index: Any) -> Any:
        highest = 0 if index is None else _highest(self._faiss, index)
        while True:
            ids, matrix = self._store.vectors_after(highest, READ_BATCH)
            if not len(ids):
                return index
            if index is None:
                index = self._new_vectors(matrix)
            index.add_with_ids(matrix, ids)
            highest = int(ids[-1])

    def _new_vectors(self, sample: NDArray[np.float32]) -> Any:
        total, dim = self._store.vectors, sample.shape[1]
        metric = self._faiss.METRIC_INNER_PRODUCT
        if total <= FLAT_LIMIT:
            flat = self._faiss.IndexScalarQuantizer(dim, self._faiss.ScalarQuantizer.QT_fp16, metric)
            return self._faiss.IndexIDMap2(flat)
        lists = 1 << round(np.log2(4 * np.sqrt(total)))
        index = self._faiss.index_factory(dim, f"IVF{lists},SQ8", metric)
        index.train(sample)
        index.nprobe = PROBES
        return index


def _is_ivf(index: Any) -> bool:
    return hasattr(index, "invlists")


def _ids(faiss: Any, index: Any) -> NDArray[np.int64]:
    if _is_ivf(index):
        lists = index.invlists
        parts = [
            faiss.rev_swig_ptr(lists.get_ids(i), lists.list_size(i)).copy()
            for i in range(index.nlist)
            if lists.list_size(i)
        ]
        return np.concatenate(parts) if parts else np.empty(0, np.int64)
    ids: NDArray[np.int64] = faiss.vector_to_array(index.id_map)
    return ids


def _highest(faiss: Any, index: Any) -> int:
    return int(_ids(faiss, index).max(initial=0)) if index.ntotal else 0


def _remove_gone(faiss: Any, index: Any, present: NDArray[np.int64]) -> None:
    gone = np.setdiff1d(_ids(faiss, index), present)
    if len(gone):
        index.remove_ids(gone)


def _replace(path: Path, write: Callable[[Path], object]) -> None:
    """Write a file under a temporary name, sync it and put it in place in one step."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        write(temporary)
        with temporary.open("rb") as handle:
            os.fsync(handle.fileno())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
