"""Small, deterministic stand-ins for the slow edges of the package, and for disks that fail."""

from __future__ import annotations

import contextlib
import os
import resource
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from originality import sketch
from originality.embed.passages import separately
from originality.index import Entry
from originality.models import Post


class FakeEncoder:
    """An encoder of hashed character bigrams: texts that share wording are near, all others far; loads nothing."""

    name = "fake@1"
    dim = 64
    contextual = False

    def __init__(self) -> None:
        """Start counting: `encoded` holds every text that was asked for, in order."""
        self.encoded: list[str] = []

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return one unit row per text; the same text always gives the same row."""
        self.encoded += texts
        rows = np.zeros((len(texts), self.dim), np.float32)
        for row, text in zip(rows, texts, strict=True):
            hashes = sketch.shingle_hashes(f"^{text}$", 2)
            np.add.at(row, hashes % self.dim, np.where(hashes & 0x10000, 1.0, -1.0).astype(np.float32))
            if not row.any():
                row[0] = 1.0
            row /= np.linalg.norm(row)
        return rows

    def encode_parts(self, groups: Sequence[Sequence[str]]) -> list[NDArray[np.float32]]:
        """Return the rows of texts and their passages, each read for itself."""
        return separately(groups, self.encode)


def entries_of(count: int, first: int = 0, dim: int = 64) -> tuple[list[Entry], dict[bytes, NDArray[np.float32]]]:
    """Return what is written for posts with random sketches and random unit vectors: a corpus without a text stage."""
    rng = np.random.default_rng(first)
    vectors = rng.standard_normal((count, dim)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    entries = [
        Entry(
            post=Post(post_id=str(first + i), account=f"a{i % 20}", text=f"第{first + i}条文案"),
            fingerprints=np.unique(rng.integers(0, 2**32, 40, np.uint32)),
            signature=rng.integers(0, 2**32, sketch.NUM_PERM, np.uint32),
            vector_keys=(first.to_bytes(8, "big") + i.to_bytes(8, "big"),),
            words=(f"词{i % 97}",),
        )
        for i in range(count)
    ]
    return entries, {entry.vector_keys[0]: vector for entry, vector in zip(entries, vectors, strict=True)}


@contextlib.contextmanager
def unwritable(folder: Path) -> Iterator[None]:
    """Take the right to write a folder from this process, even if it is root."""
    for path in (folder, *folder.iterdir()):
        path.chmod(0o555 if path.is_dir() else 0o444)
    root = os.geteuid() == 0
    if root:
        os.seteuid(65534)  # nobody
    try:
        yield
    finally:
        if root:
            os.seteuid(0)
        for path in (folder, *folder.iterdir()):
            path.chmod(0o755 if path.is_dir() else 0o644)


@contextlib.contextmanager
def full_disk(room: int = 0) -> Iterator[None]:
    """Let no file grow beyond so many bytes: what a full disk does to a writer, without filling one."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
