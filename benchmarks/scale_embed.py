"""Encoders of `scale.py`: one that remembers on disk what it has read, and one that reads only a sample.

At a million posts embedding takes hours, and neither the size nor the speed of an index depends on what its vectors
mean. `Sampled` reads the texts that the planted copies come from, and a share of the others; the rest get random unit
vectors with mean and covariance of real ones, the same for the same text. Whoever prints figures that come from it must
say so.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from originality.embed import Encoder
from originality.embed.passages import separately

STATISTICS = 3_000  # texts whose vectors give mean and covariance
CHUNK = 8_192  # vectors in a file
Rows = NDArray[np.float32]


class Remembering:
    """An encoder with a folder of what it has read: a second build of the same corpus measures everything else."""

    contextual = False

    def __init__(self, encoder: Encoder, folder: Path) -> None:
        """Load what is in the folder; only for encoders that read each text for itself."""
        assert not encoder.contextual
        self.name, self.dim = encoder.name, encoder.dim
        self.encoder = encoder
        self.texts, self.seconds, self.cpu_seconds = 0, 0.0, 0.0
        self._folder = folder
        self._new: list[tuple[bytes, NDArray[np.float16]]] = []
        folder.mkdir(parents=True, exist_ok=True)
        self._known: dict[bytes, NDArray[np.float16]] = {}
        for path in sorted(folder.glob("*.keys.npy")):
            rows = np.load(path.with_name(path.name.replace("keys", "rows")), mmap_mode="r")
            self._known |= dict(zip(map(bytes, np.load(path)), rows, strict=True))

    def encode(self, texts: Sequence[str]) -> Rows:
        """Return the rows of texts, read now or before."""
        keys = [hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=16).digest() for text in texts]
        missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in self._known}
        if missing:
            began, cpu = time.perf_counter(), time.process_time()
            rows = self.encoder.encode(list(missing.values())).astype(np.float16)
            self.seconds += time.perf_counter() - began
            self.cpu_seconds += time.process_time() - cpu
            self.texts += len(missing)
            self._known |= dict(zip(missing, rows, strict=True))
            self._new += zip(missing, rows, strict=True)
            if len(self._new) >= CHUNK:
                self.save()
        return np.array([self._known[key] for key in keys], np.float32).reshape(len(texts), self.dim)

    def encode_parts(self, groups: Sequence[Sequence[str]]) -> list[Rows]:
        """Return the rows of texts and their passages."""
        return separately(groups, self.encode)

    def save(self) -> None:
        """Write what is new."""
        if self._new:
            name = f"{time.time_ns()}"
            np.save(self._folder / f"{name}.rows.npy", np.array([row for _, row in self._new]))
            np.save(self._folder / f"{name}.keys.npy", np.array([np.void(key) for key, _ in self._new]))
            self._new.clear()


class Sampled:
    """An encoder that reads some texts and makes up the vectors of all others."""

    contextual = False

    def __init__(self, encoder: Remembering, texts: Sequence[str], always: Iterable[str], share: float) -> None:
        """Learn the statistics of real vectors.

        Args:
            encoder: reads the real ones.
            texts: of the corpus, some thousands.
            always: texts that are read in any case.
            share: of all other texts, which so many are read of; in [0, 1].
        """
        self.name, self.dim = encoder.name, encoder.dim
        self._encoder = encoder
        self._always = frozenset(always)
        self._share = share
        real = encoder.encode(list(dict.fromkeys(texts))[:STATISTICS])
        self._mean = real.mean(axis=0)
        values, vectors = np.linalg.eigh(np.cov(real.T))
        self._mix = (vectors * np.sqrt(np.maximum(values, 0))).T.astype(np.float32)
        self.made_up = 0

    def encode(self, texts: Sequence[str]) -> Rows:
        """Return a unit row for each text; the same text always gets the same."""
        seeds = [int.from_bytes(hashlib.blake2b(t.encode("utf-8", "replace"), digest_size=8).digest()) for t in texts]
        real = [
            i
            for i, (text, seed) in enumerate(zip(texts, seeds, strict=True))
            if text in self._always or seed / 2**64 < self._share
        ]
        noise = [
            np.random.Generator(np.random.Philox(key=seed)).standard_normal(self.dim, np.float32) for seed in seeds
        ]
        rows = self._mean + np.array(noise, np.float32).reshape(len(texts), self.dim) @ self._mix
        rows /= np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)
        if real:
            rows[real] = self._encoder.encode([texts[i] for i in real])
        self.made_up += len(texts) - len(real)
        return np.asarray(rows, np.float32)

    def encode_parts(self, groups: Sequence[Sequence[str]]) -> list[Rows]:
        """Return the rows of texts and their passages."""
        return separately(groups, self.encode)
