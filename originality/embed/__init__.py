"""Text to vectors: the `Encoder` protocol and the one function that loads an encoder.

Enters: texts. Leaves: one unit vector per text; the inner product of two of them is their cosine.

The default is multilingual-e5-small: the best Chinese encoder whose weights install with the package, without a
download (docs/decisions/0003-encoder.md). Importing this module loads none of the heavy libraries.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

__all__ = ["Encoder", "load_encoder"]


class Encoder(Protocol):
    """Turns texts into vectors.

    Attributes:
        name: model and version of its weights; goes into the index stamp, so other vectors must mean another name.
        dim: width of a vector.
        contextual: whether the row of a passage depends on the text around it.
    """

    name: str
    dim: int
    contextual: bool

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return one unit row per text, in the order given, of shape `(len(texts), dim)`.

        The same text gives the same row each time, whatever its neighbours, up to float noise (some 1e-6).
        """

    def encode_parts(self, groups: Sequence[Sequence[str]]) -> list[NDArray[np.float32]]:
        """Return the rows of texts and of their passages, of shape `(len(group), dim)` for each group.

        Args:
            groups: a text and its passages, which stand in it in order, or a text alone. The same group gives
                the same rows.
        """


def load_encoder(model: str, *, cache_dir: Path | None = None) -> Encoder:
    """Load an encoder by name.

    Args:
        model: "default" (multilingual-e5-small, embedded), "fast" (universal sentence encoder, embedded), or the name
            or folder of a sentence-transformers model. Named models are read from this machine only, unless the
            environment has `ORIGINALITY_DOWNLOAD=1`.
        cache_dir: where "default" keeps its converted weights (about 250 MB); else `ORIGINALITY_CACHE`, else the
            user's cache folder.

    Raises:
        EncoderError: the model or its package is missing, or its weights are not the expected ones.
    """
    if model == "default":
        from originality.embed.e5 import load_default

        return load_default(cache_dir)
    if model == "fast":
        from originality.embed.fast import FastEncoder

        return FastEncoder()
    from originality.embed.transformer import TransformerEncoder

    return TransformerEncoder(model)
