"""Caches over the store: nearest sketches and nearest vectors, and in a large index who carries a fingerprint.

`minhash` (FAISS: 128 sign bits a post, exact Hamming search: approximate binary indexes lost recall,
docs/decisions/0002-index.md), `vectors` (FAISS, see `kinds`) and `carriers` (a sorted array, see there).
Their files are a cache: written to a temporary name, synced and renamed, with a manifest that says which state of
which store they hold. A reader loads them, then catches up with the store; whatever does not fit is rebuilt from it.
"""

from __future__ import annotations

import json
import threading
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from filelock import FileLock
from numpy.typing import NDArray

from originality import sketch
from originality.errors import IndexFault
from originality.files import PRIVATE, replacing, write_whole
from originality.index import kinds
from originality.index.carriers import Carriers
from originality.index.store import Store

__all__ = ["CHUNK", "FILES", "MANIFEST", "Neighbours"]

MANIFEST = "manifest.json"
LOCK = "search.lock"  # held while the files are written or removed
LOCK_SECONDS = 120.0  # 2,000,000 vectors are written within half a minute
FILES = {"minhash": "minhash.faiss", "vectors": "vectors.faiss", "carriers": "carriers.bin"}
CHUNK = 2**20  # bytes of a file that are checksummed at a time

Found = tuple[NDArray[np.int64], NDArray[np.float32]]


class Neighbours:
    """The caches of one store, kept in step with it. One lock: FAISS must not search while it is written."""

    def __init__(self, store: Store, folder: Path, stamp: str) -> None:
        """Load the caches where they fit the store, else start empty; the first search catches up."""
        import faiss

        self._faiss: Any = faiss
        self._store = store
        self._folder = folder
        self._origin = {"stamp": stamp, "store": store.meta("id")}
        self._lock = threading.Lock()
        self._change = -1  # of the store, at the last catching up
        self._saved = -1  # the same of the cache files
        self._minhash: Any = None
        self._vectors: Any = None
        self._carriers: Carriers | None = None
        self._load()

    def near_sketches(self, signature: NDArray[np.uint32], limit: int) -> Found:
        """Return (rows, Hamming distances) of the posts whose sign bits are nearest to a signature's."""
        with self._lock:
            self._catch_up()
            if not self._minhash.ntotal:
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
            rows = np.ascontiguousarray(queries, np.float32)
            if not kinds.is_rough(self._faiss, self._vectors):
                cosines, ids = self._vectors.search(rows, limit)
                return ids, cosines
            _, ids = self._vectors.search(rows, kinds.REVISED * limit)
        return self._revised(rows, ids, limit)

    def carriers(self, hashes: Sequence[int], cap: int) -> dict[int, list[int]]:
        """Return the compact rows that carry each fingerprint, at most cap + 1 of them, in order of writing."""
        with self._lock:
            self._catch_up()
            return self._carriers.find(hashes, cap) if self._carriers else {value: [] for value in hashes}

    def _revised(self, queries: NDArray[np.float32], rough: NDArray[np.int64], limit: int) -> Found:
        """Order what a rough search has found by the whole vectors of the store, and keep the best."""
        numbers, matrix = self._store.vectors_at(np.unique(rough[rough >= 0]).tolist())
        shape = (len(queries), min(limit, rough.shape[1]))
        if not len(numbers):  # all of them went away meanwhile
            return np.full(shape, -1, np.int64), np.zeros(shape, np.float32)
        matrix /= np.maximum(np.linalg.norm(matrix, axis=1, keepdims=True), 1e-9)  # packing has changed it a little
        places = np.minimum(np.searchsorted(numbers, rough), len(numbers) - 1)
        cosines = np.einsum("qd,qnd->qn", queries, matrix[places])
        cosines[numbers[places] != rough] = -np.inf
        order = np.argsort(-cosines, axis=1, kind="stable")[:, :limit]
        cosines = np.take_along_axis(cosines, order, axis=1)
        ids = np.where(np.isfinite(cosines), np.take_along_axis(rough, order, axis=1), -1)
        return ids, np.where(ids >= 0, cosines, 0).astype(np.float32)

    def save(self) -> None:
        """Write the caches for the next reader, whole or not at all.

        Raises:
            IndexFault: they cannot be written; the posts themselves are safe in the store.
        """
        with self._lock:
            self._catch_up()
            if kinds.has_outgrown(self._faiss, self._vectors):
                self._vectors = self._read_vectors(None)
            elif self._saved == self._change and (self._folder / MANIFEST).exists():
                return
            with self._writing():
                self._remove_files()
                self._write()
            self._saved = self._change

    def discard(self) -> None:
        """Remove the cache files: the next reader builds its own from the store.

        Raises:
            IndexFault: they cannot be removed.
        """
        with self._writing():
            self._remove_files()

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """Keep other processes from changing the files at the same time; failing, leave none of them."""
        try:
            with FileLock(self._folder / LOCK, timeout=LOCK_SECONDS, mode=PRIVATE):
                try:
                    yield
                except BaseException:
                    self._remove_files()
                    raise
        except (OSError, RuntimeError) as error:  # FAISS raises the latter
            reason = error.strerror if isinstance(error, OSError) and error.strerror else "the disk refuses"
            raise IndexFault(
                f"The search files in {self._folder} cannot be written ({reason}); the posts themselves are safe. "
                "Check the disk's free space and the folder's permissions, then run the same command again."
            ) from error

    def _remove_files(self) -> None:
        """Remove the files and what a killed process has left half-written; the manifest, which vouches, goes first."""
        half = (path for name in (MANIFEST, *FILES.values()) for path in self._folder.glob(f".{name}.*.tmp"))
        files = (self._folder / name for name in FILES.values())
        for path in (self._folder / MANIFEST, *self._folder.glob("*.faiss"), *files, *half):
            path.unlink(missing_ok=True)

    def _write(self) -> None:
        checksums = {}
        writers = {"minhash": self._faiss.write_index_binary, "vectors": self._faiss.write_index}
        for name, index in (("minhash", self._minhash), ("vectors", self._vectors)):
            if index is not None:
                with replacing(self._folder / FILES[name], private=True) as draft:
                    writers[name](index, str(draft))
                    checksums[name] = _checksum(draft)
        facts = None
        if self._carriers is not None:
            with replacing(self._folder / FILES["carriers"], private=True) as draft:
                facts = self._carriers.write(draft)
                checksums["carriers"] = _checksum(draft)
        manifest = {**self._origin, "change": self._change, "checksums": checksums, "carriers": facts}
        write_whole(self._folder / MANIFEST, json.dumps(manifest), private=True)

    def _load(self) -> None:
        try:
            manifest = json.loads((self._folder / MANIFEST).read_text(encoding="utf-8"))
            if self._origin != {key: manifest[key] for key in self._origin} or manifest["change"] > self._store.change:
                return
            # Checked before FAISS reads it: of a damaged length it would ask for all the memory there is.
            if manifest["checksums"] != {name: _checksum(self._folder / FILES[name]) for name in manifest["checksums"]}:
                return
            minhash = self._read("minhash", self._faiss.read_index_binary, sketch.NUM_PERM)
            vectors = None
            if "vectors" in manifest["checksums"]:
                vectors = self._read("vectors", self._faiss.read_index, self._store.vectors_after(0, 1)[1].shape[1])
                vectors = kinds.ready(self._faiss, vectors)
            carriers = None
            if "carriers" in manifest["checksums"]:
                carriers = Carriers.read(self._folder / FILES["carriers"], manifest["carriers"])
        except (OSError, ValueError, KeyError, TypeError, AttributeError, RuntimeError):
            return  # missing, half-written or foreign: a cache is never worth an error, the store rebuilds it
        self._minhash, self._vectors, self._carriers = minhash, vectors, carriers
        self._change = self._saved = manifest["change"]

    def _read(self, name: str, read: Callable[[str, int], Any], dim: int) -> Any:
        """Return an index from a file that anybody may have made, manifest and checksum included.

        FAISS checks what it reads, but asks for as much memory as a length in the file says, up to a terabyte, and
        opens another file that this one names: no part may be larger than the whole, and the folder is not left.
        """
        path = self._folder / FILES[name]
        self._faiss.set_deserialization_vector_byte_limit(path.stat().st_size)
        index = read(str(path), self._faiss.IO_FLAG_ONDISK_SAME_DIR)
        if index.d != dim:
            raise ValueError(f"{path.name} has {index.d} dimensions where {dim} belong")
        return index

    def _catch_up(self) -> None:
        """Bring all of them to the state of the store."""
        self._faiss.omp_set_num_threads(1)  # of the calling thread: a query takes milliseconds, more threads cost more
        change = self._store.change
        if change == self._change:
            return
        self._minhash = self._follow_posts(self._minhash)
        self._vectors = self._follow_vectors(self._vectors)
        if self._store.compact:
            self._carriers = self._carriers or Carriers.of(self._store)
            self._carriers.follow(self._store)
        self._change = change

    def _follow_posts(self, index: Any) -> Any:
        if index is None:
            index = self._faiss.IndexBinaryIDMap2(self._faiss.IndexBinaryFlat(sketch.NUM_PERM))
        reached = kinds.highest(self._faiss, index)
        while True:
            rows, signatures = self._store.signatures_after(reached, kinds.READ_BATCH)
            if not len(rows):
                break
            index.add_with_ids(sketch.sign_bits(signatures), rows)
            reached = int(rows[-1])
        if index.ntotal != self._store.posts:
            kinds.remove_gone(self._faiss, index, self._store.row_numbers())
        return index

    def _follow_vectors(self, index: Any) -> Any:
        index = self._read_vectors(index)
        if index is not None and index.ntotal != self._store.vectors:
            kinds.remove_gone(self._faiss, index, self._store.vector_numbers())
        return index

    def _read_vectors(self, index: Any) -> Any:
        reached = 0 if index is None else kinds.highest(self._faiss, index)
        while True:
            ids, matrix = self._store.vectors_after(reached, kinds.READ_BATCH)
            if not len(ids):
                return index
            if index is None:
                index = kinds.new_vectors(self._faiss, self._store, matrix.shape[1])
            index.add_with_ids(matrix, ids)
            reached = int(ids[-1])


def _checksum(path: Path) -> int:
    value = 0
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            value = zlib.crc32(chunk, value)
    return value
