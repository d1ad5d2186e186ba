"""FAISS over the store: nearest sketches and nearest vectors.

Two in-memory indexes, `minhash` (128 sign bits a post, exact Hamming search: approximate binary indexes lost recall,
docs/decisions/0002-index.md) and `vectors` (fp16, inner product; above 200,000 vectors inverted lists of 8-bit codes).
Their files are a cache: written to a temporary name, synced and renamed, with a manifest that says which state of
which store they hold. A reader loads them, then catches up with the store; whatever does not fit is rebuilt from it.
"""

from __future__ import annotations

import json
import threading
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from filelock import FileLock
from numpy.typing import NDArray

from originality import sketch
from originality.errors import IndexFault
from originality.files import replacing, write_whole
from originality.index.store import Store

MANIFEST = "manifest.json"
LOCK = "search.lock"  # held while the files are written or removed
LOCK_SECONDS = 120.0  # 2,000,000 vectors are written within half a minute
FILES = {"minhash": "minhash.faiss", "vectors": "vectors.faiss"}
FLAT_LIMIT = 200_000  # exact search up to here: 10 to 40 ms for one query
PROBES = 16  # inverted lists read per query: recall@10 .97 (measured at 1,000,000 vectors)
READ_BATCH = 50_000  # rows read from the store at a time
SAMPLE = 50_000  # vectors from all over the store that the inverted lists are trained on: a minute for the most lists
CHUNK = 2**20  # bytes of a file that are checksummed at a time

Found = tuple[NDArray[np.int64], NDArray[np.float32]]


class Neighbours:
    """Both FAISS indexes of one store, kept in step with it. One lock: FAISS must not search while it is written."""

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
            cosines, ids = self._vectors.search(np.ascontiguousarray(queries, np.float32), limit)
        return ids, cosines

    def save(self) -> None:
        """Write the caches for the next reader, whole or not at all.

        Raises:
            IndexFault: they cannot be written; the posts themselves are safe in the store.
        """
        with self._lock:
            self._catch_up()
            if self._vectors is not None and self._vectors.ntotal > FLAT_LIMIT and not _is_ivf(self._vectors):
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
            with FileLock(self._folder / LOCK, timeout=LOCK_SECONDS):
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
        for path in (self._folder / MANIFEST, *self._folder.glob("*.faiss"), *half):
            path.unlink(missing_ok=True)

    def _write(self) -> None:
        checksums = {}
        writers = {"minhash": self._faiss.write_index_binary, "vectors": self._faiss.write_index}
        for name, index in (("minhash", self._minhash), ("vectors", self._vectors)):
            if index is not None:
                with replacing(self._folder / FILES[name]) as draft:
                    writers[name](index, str(draft))
                    checksums[name] = _checksum(draft)
        manifest = {**self._origin, "change": self._change, "checksums": checksums}
        write_whole(self._folder / MANIFEST, json.dumps(manifest))

    def _load(self) -> None:
        try:
            manifest = json.loads((self._folder / MANIFEST).read_text(encoding="utf-8"))
            if self._origin != {key: manifest[key] for key in self._origin} or manifest["change"] > self._store.change:
                return
            # Checked before FAISS reads it: of a damaged length it would ask for all the memory there is.
            if manifest["checksums"] != {name: _checksum(self._folder / FILES[name]) for name in manifest["checksums"]}:
                return
            minhash = self._faiss.read_index_binary(str(self._folder / FILES["minhash"]))
            vectors = None
            if "vectors" in manifest["checksums"]:
                vectors = self._faiss.read_index(str(self._folder / FILES["vectors"]))
                if _is_ivf(vectors):
                    vectors.nprobe = PROBES
        except (OSError, ValueError, KeyError, TypeError, AttributeError, RuntimeError):
            return  # missing, half-written or foreign: a cache is never worth an error, the store rebuilds it
        self._minhash, self._vectors = minhash, vectors
        self._change = self._saved = manifest["change"]

    def _catch_up(self) -> None:
        """Bring both indexes to the state of the store."""
        self._faiss.omp_set_num_threads(1)  # of the calling thread: a query takes milliseconds, more threads cost more
        change = self._store.change
        if change == self._change:
            return
        self._minhash = self._follow_posts(self._minhash)
        self._vectors = self._follow_vectors(self._vectors)
        self._change = change

    def _follow_posts(self, index: Any) -> Any:
        if index is None:
            index = self._faiss.IndexBinaryIDMap2(self._faiss.IndexBinaryFlat(sketch.NUM_PERM))
        highest = _highest(self._faiss, index)
        while True:
            rows, signatures = self._store.signatures_after(highest, READ_BATCH)
            if not len(rows):
                break
            index.add_with_ids(sketch.sign_bits(signatures), rows)
            highest = int(rows[-1])
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
                index = self._new_vectors(matrix.shape[1])
            index.add_with_ids(matrix, ids)
            highest = int(ids[-1])

    def _new_vectors(self, dim: int) -> Any:
        metric = self._faiss.METRIC_INNER_PRODUCT
        if self._store.vectors <= FLAT_LIMIT:
            flat = self._faiss.IndexScalarQuantizer(dim, self._faiss.ScalarQuantizer.QT_fp16, metric)
            return self._faiss.IndexIDMap2(flat)
        numbers = self._store.vector_numbers()
        lists = 1 << round(np.log2(4 * np.sqrt(len(numbers))))
        index = self._faiss.index_factory(dim, f"IVF{lists},SQ8", metric)
        index.cp.min_points_per_centroid = 1  # else FAISS prints a warning of its own; the recall above was with few
        # From all over the store: the first vectors are those of the first account, which speak of its trade only.
        chosen = np.random.default_rng(1).choice(numbers, min(SAMPLE, len(numbers)), replace=False)
        index.train(self._store.vectors_at(chosen.tolist()))
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


def _checksum(path: Path) -> int:
    value = 0
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            value = zlib.crc32(chunk, value)
    return value
