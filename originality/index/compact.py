"""What a large index stores in fewer bytes, and from which size on.

The first posts of an index are stored as exactly as they are computed: there space is no matter, and the judge was
trained on these figures. Posts that come when `FROM` are there already are stored like this
(docs/decisions/0014-scale.md gives what it saves and what it costs):

* a vector in eight bits a number with one factor, instead of sixteen bits: cosines change by some 1e-4
* of each signature value the lower half: two halves are equal by chance once in 65,536 times
* fingerprints in the post's row only: the way back from a fingerprint to its posts is a file beside the store
  (`carriers`), which is made of the rows like the FAISS files

`meta` says so: `compact` is the first row stored like this, `dim` the width of a vector.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from originality.settings import FORMAT
from originality.sketch import LOW, NUM_PERM

FROM = 50_000  # posts; some 400 MB, of which exactness is a third
# Of a file that has such rows: a version that does not know them must not read it. `FORMAT` is raised by two therefore.
COMPACT_FORMAT = FORMAT + 1
_FACTOR = 4  # bytes of a vector's factor
_STEPS = 127


def begin(database: sqlite3.Connection, posts: int, row: int) -> int | None:
    """Return the first row that is stored compactly, for use inside a transaction that writes posts.

    Args:
        database: in the transaction.
        posts: how many there are.
        row: that the next post will have; where the index has just become large, this is the first one.
    """
    found = database.execute("SELECT value FROM meta WHERE key='compact'").fetchone()
    if found:
        return int(found[0])
    vector = database.execute("SELECT length(value) FROM vector LIMIT 1").fetchone()
    if posts < FROM or not vector:
        return None
    facts = [("compact", str(row)), ("dim", str(vector[0] // np.dtype(np.float16).itemsize))]
    database.executemany("INSERT INTO meta VALUES(?, ?)", facts)
    database.execute(f"PRAGMA user_version={COMPACT_FORMAT}")
    return row


def pack_vector(row: NDArray[np.float32]) -> bytes:
    """Return a vector as a factor and eight bits a number."""
    factor = np.float32(max(float(np.abs(row).max(initial=0)), 1e-9) / _STEPS)
    packed: bytes = factor.tobytes() + np.rint(row / factor).astype(np.int8).tobytes()
    return packed


def pack_signature(signature: NDArray[np.uint32]) -> bytes:
    """Return the lower halves of a signature's values."""
    return (signature & LOW).astype(np.uint16).tobytes()


def vector_sizes(dim: int) -> set[int]:
    """Return how many bytes a stored vector of a width can have: exact and packed."""
    return {dim * np.dtype(np.float16).itemsize, dim + _FACTOR}


def vector_rows(blobs: Sequence[bytes], dim: int) -> NDArray[np.float32]:
    """Return stored vectors as a matrix.

    Args:
        blobs: as stored, in both ways side by side.
        dim: width of a vector, as `meta` tells it; 0 in an index without compact rows.
    """
    if not blobs:
        return np.empty((0, dim), np.float32)
    sizes = np.array([len(blob) for blob in blobs])
    packed = sizes == dim + _FACTOR if dim else np.zeros(len(blobs), bool)
    if not packed.any():
        matrix = np.frombuffer(b"".join(blobs), np.float16).astype(np.float32)
        return matrix.reshape(len(blobs), -1)
    rows = np.empty((len(blobs), dim), np.float32)
    plain = np.frombuffer(b"".join(b for b, short in zip(blobs, packed, strict=True) if not short), np.float16)
    rows[~packed] = plain.reshape(-1, dim)
    bytewise = np.frombuffer(b"".join(b for b, short in zip(blobs, packed, strict=True) if short), np.uint8)
    bytewise = bytewise.reshape(-1, dim + _FACTOR)
    factors = np.ascontiguousarray(bytewise[:, :_FACTOR]).view(np.float32)
    rows[packed] = bytewise[:, _FACTOR:].view(np.int8) * factors
    return rows


def signature_rows(blobs: Sequence[bytes]) -> NDArray[np.uint32]:
    """Return stored signatures as a matrix, shape (n, 128); of compact ones the upper halves are 0."""
    half = NUM_PERM * np.dtype(np.uint16).itemsize
    if not any(len(blob) == half for blob in blobs):
        return np.frombuffer(b"".join(blobs), np.uint32).reshape(len(blobs), NUM_PERM)
    rows = [np.frombuffer(blob, np.uint16 if len(blob) == half else np.uint32) for blob in blobs]
    return np.array(rows, np.uint32)
