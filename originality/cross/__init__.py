"""A draft and a candidate -> how much the one reads like a rewriting of the other.

Figures of likeness say "the same topic" of a rewrite and of an honest post alike; who reads both texts side by side
can tell. `PairReader` does so for the few candidates that the judge is in doubt about. Importing this module loads
none of the heavy libraries.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from originality.embed import Encoder

__all__ = ["PairReader", "load_reader"]


class PairReader(Protocol):
    """Reads pairs of texts.

    Attributes:
        name: version of its weights: figures of another version cannot be weighed by the judge.
    """

    name: str

    def read(self, draft: str, sources: Sequence[str]) -> NDArray[np.float64]:
        """Return one figure per source, shape `(len(sources),)`: log-odds that the draft is derived from it.

        They are those of the training pairs, not of real traffic: the judge calibrates them.

        Args:
            draft: a cleaned text with letters.
            sources: cleaned texts with letters. A pair gives the same figure whatever stands beside it.
        """


def load_reader(encoder: Encoder) -> PairReader | None:
    """Return the reader that goes with an encoder: of the default encoder's kin, None for any other.

    Raises:
        EncoderError: the weights that ship with the package are missing or damaged.
    """
    from originality.embed import e5

    if encoder.name != e5.NAME:
        return None
    from originality.cross.reader import CrossEncoder
    from originality.embed.transformer import TransformerEncoder

    return CrossEncoder.over(encoder) if isinstance(encoder, TransformerEncoder) else None
