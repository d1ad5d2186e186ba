"""Sketches of a text: what lexical retrieval stores instead of the words.

`letters` of a `CleanText` enter; three kinds of numpy arrays leave, all from hashes of overlapping character n-grams
(shingles), so that no word segmentation can come between two copies:

* `fingerprints`: winnowed 5-gram hashes (Schleimer, Wilkerson, Aiken, SIGMOD 2003). With k = 5 and a window of 4 any
  shared run of k + w - 1 = 8 letters is certain to share a fingerprint, at about 40% of the shingles' number.
* `signatures`: MinHash (Broder 1997) of the 3-grams, as datasketch defines it. datasketch's objects loop in Python per
  post; here a whole batch goes through its own permutations in numpy, bit for bit the same (a test asserts it) and
  some 20 times faster.
* `sign_bits`: the lowest bit of each signature value, b-bit MinHash with b = 1 (Li, Koenig, WWW 2010), 16 bytes a post.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import datasketch

Hashes = NDArray[np.uint32]

SHINGLE = 5  # letters; 4 doubles the chance hits in Chinese, 6 misses lifts with one changed character in ten
WINDOW = 4  # 5 + 4 - 1 = 8: the shortest run that is certain to be found
MINHASH_SHINGLE = 3  # short posts: 3-grams keep half of a 25-letter post comparable after two edits
NUM_PERM = 128  # standard error of the estimated Jaccard 1/sqrt(128) = .09, and 16 bytes of sign bits
SEED = 1  # datasketch's default
SCHEME = "affine32"  # datasketch's permutation scheme since 2.0
LOW = np.uint32(0xFFFF)  # the half of a signature value that a large index keeps

_BEYOND = np.uint64(2**40)  # larger than any hash
_BASE = np.uint64(0x100000001B3)  # FNV prime: an odd multiplier, so no character is lost from the 64-bit hash


def shingle_hashes(letters: str, size: int) -> Hashes:
    """Return the 32-bit hash of each overlapping n-gram, in order; empty for a text shorter than one."""
    codes = _codes(letters)
    if len(codes) < size:
        return np.empty(0, np.uint32)
    return _hash_windows(codes, size)


def fingerprints(letters: str) -> Hashes:
    """Return the distinct winnowed fingerprints of a text, sorted; empty below 5 letters."""
    return fingerprints_of([letters])[0]


def fingerprints_of(texts: Sequence[str]) -> list[Hashes]:
    """Return the fingerprints of each of many letter strings, all in one pass over their shingles."""
    hashes, counts = _shingles(texts, SHINGLE)
    if not len(hashes):
        return [np.empty(0, np.uint32) for _ in texts]
    owners = np.repeat(np.arange(len(texts)), counts)
    # A text of fewer shingles than a window has one window: all of them. What lies beyond a text is no minimum.
    first = np.flatnonzero(np.concatenate(([True], owners[1:] != owners[:-1])))
    within = np.arange(len(hashes)) - np.repeat(first, counts[counts > 0])
    opens = (within + WINDOW <= counts[owners]) | (within == 0)
    starts = np.flatnonzero(opens)
    padded = np.concatenate([hashes.astype(np.uint64), np.full(WINDOW, _BEYOND)])
    places = starts[:, None] + np.arange(WINDOW)
    inside = np.concatenate([owners, np.full(WINDOW, -1)])[places] == owners[starts][:, None]
    windows = np.where(inside, padded[places], _BEYOND)
    # The rightmost minimum of each window, as in the paper: ties then pick the same position in overlapping windows.
    chosen = starts + (WINDOW - 1 - windows[:, ::-1].argmin(axis=1))
    found = np.unique((owners[chosen].astype(np.uint64) << np.uint64(32)) | hashes[chosen])
    ends = np.searchsorted(found, np.arange(1, len(texts)).astype(np.uint64) << np.uint64(32))
    return [part.astype(np.uint32) for part in np.split(found & np.uint64(0xFFFFFFFF), ends)]


def signatures(texts: Sequence[str]) -> NDArray[np.uint32]:
    """Return the MinHash signatures of many letter strings, shape (len(texts), 128).

    Equal, bit for bit, to datasketch's `MinHash` fed with the same 32-bit shingle hashes. A text without a single
    shingle has the signature of the empty set: all ones.
    """
    result = np.full((len(texts), NUM_PERM), np.iinfo(np.uint32).max, np.uint32)
    hashes, counts = _shingles(texts, MINHASH_SHINGLE)
    filled = counts > 0
    if not filled.any():
        return result
    starts = np.concatenate(([0], np.cumsum(counts[filled])[:-1]))
    values = _fmix32(hashes)
    multipliers, offsets = _permutations()
    columns = np.empty((NUM_PERM, len(starts)), np.uint32)
    with np.errstate(over="ignore"):
        for j in range(NUM_PERM):
            columns[j] = np.minimum.reduceat(values * multipliers[j] + offsets[j], starts)
    result[filled] = columns.T
    return result


def resemblance(signature: NDArray[np.uint32], others: NDArray[np.uint32]) -> NDArray[np.float64]:
    """Return the estimated Jaccard of one signature with each row of `others`, in [0, 1], standard error .09.

    Signatures of which only the lower halves are known (`LOW`) are compared by these: two halves are equal by chance
    once in 65,536 times.
    """
    equal = others == signature
    halves = (others.max(axis=1, initial=0) <= LOW) | (signature.max(initial=0) <= LOW)
    if halves.any():
        equal[halves] = (others[halves] & LOW) == (signature & LOW)
    alike: NDArray[np.float64] = equal.mean(axis=1, dtype=np.float64)
    return alike


def sign_bits(rows: NDArray[np.uint32]) -> NDArray[np.uint8]:
    """Return the lowest bit of every signature value, packed: shape (n, 16)."""
    return np.packbits((rows & 1).astype(np.uint8), axis=1)


def as_minhash(signature: NDArray[np.uint32]) -> datasketch.LeanMinHash:
    """Return a signature as a datasketch object, for use with its LSH indexes."""
    import datasketch  # half a second, and only few need it

    return datasketch.LeanMinHash(seed=SEED, hashvalues=signature, scheme=SCHEME)


def _shingles(texts: Sequence[str], size: int) -> tuple[Hashes, NDArray[np.int64]]:
    """Return the shingle hashes of all texts, one after the other, and how many there are of each text."""
    lengths = np.array([len(text) for text in texts], np.int64)
    counts = np.maximum(lengths - size + 1, 0)
    codes = _codes("".join(texts))
    if len(codes) < size or not counts.any():
        return np.empty(0, np.uint32), counts
    ends = np.cumsum(lengths)
    whole = np.repeat(ends, lengths)[: len(codes) - size + 1] >= np.arange(len(codes) - size + 1) + size
    return _hash_windows(codes, size)[whole], counts


def _codes(letters: str) -> NDArray[np.uint64]:
    return np.frombuffer(letters.encode("utf-32-le", "surrogatepass"), dtype="<u4").astype(np.uint64)


def _hash_windows(codes: NDArray[np.uint64], size: int) -> Hashes:
    count = len(codes) - size + 1
    values = np.zeros(count, np.uint64)
    with np.errstate(over="ignore"):
        for i in range(size):
            values = (values + codes[i : i + count] + np.uint64(1)) * _BASE
        values ^= values >> np.uint64(29)
        values *= np.uint64(0xBF58476D1CE4E5B9)  # finaliser of splitmix64: the upper half depends on every character
    return (values >> np.uint64(32)).astype(np.uint32)


def _fmix32(values: Hashes) -> Hashes:
    """MurmurHash3's finaliser, datasketch's pre-mix of the affine schemes."""
    with np.errstate(over="ignore"):
        values = (values ^ (values >> np.uint32(16))) * np.uint32(0x85EBCA6B)
        values = (values ^ (values >> np.uint32(13))) * np.uint32(0xC2B2AE35)
        return values ^ (values >> np.uint32(16))


@functools.cache
def _permutations() -> tuple[NDArray[np.uint32], NDArray[np.uint32]]:
    import datasketch

    definition = datasketch.MinHash(num_perm=NUM_PERM, seed=SEED, scheme=SCHEME)
    multipliers, offsets = definition.permutations
    return multipliers.astype(np.uint32), offsets.astype(np.uint32)
