"""The network with its weights on the default encoder's embeddings and tokens: cleaned texts in, log-odds out."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Self

import numpy as np
import torch
from torch import nn
from torch.ao.quantization import per_channel_dynamic_qconfig, quantize_dynamic

from originality.cross.network import CLOSE, LONGEST, OPEN, PairNetwork, base_of
from originality.cross.weights import name_of, shipped, unpack
from originality.embed.transformer import TransformerEncoder

if TYPE_CHECKING:
    from numpy.typing import NDArray


class CrossEncoder:
    """See `originality.cross.PairReader`. Safe to share between threads: nothing is written after loading.

    Each pair is read for itself: in a batch the eight-bit arithmetic would take its scale from the neighbours.
    """

    def __init__(self, encoder: TransformerEncoder, content: bytes, *, exact: bool = False) -> None:
        """Put the network together.

        Args:
            encoder: the default encoder; its embeddings and tokenizer are shared, its layers copied.
            content: packed weights, see `originality.cross.weights`.
            exact: keep all matrices in float32 (slower by half; for training and tests).
        """
        self.name = name_of(content)
        self._bert: Any = encoder.transformer
        self._tokenizer = encoder.tokenizer
        network = new_network(self._bert.config)
        network.load_state_dict(unpack(base_of(self._bert.state_dict()), content))
        network.eval()
        self._network: nn.Module = network if exact else _eight_bits(network)

    @classmethod
    def over(cls, encoder: TransformerEncoder) -> Self:
        """Return the reader with the weights that ship with the package."""
        return cls(encoder, shipped()[1])

    def read(self, draft: str, sources: Sequence[str]) -> NDArray[np.float64]:
        """Read pairs; see `originality.cross.PairReader`."""
        if not sources:
            return np.zeros(0)
        first, *rest = token_numbers(self._tokenizer, [draft, *sources])
        return np.array([self._pair(first, other) for other in rest])

    @torch.inference_mode()
    def _pair(self, draft: list[int], source: list[int]) -> float:
        numbers, of_source = sequence(draft, source)
        embedded = self._bert.embeddings(input_ids=torch.tensor([numbers]))
        return float(self._network(embedded, torch.tensor([of_source]))[0])


def new_network(config: Any) -> PairNetwork:
    """Return an untrained network of the sizes of a BERT configuration."""
    return PairNetwork(config.hidden_size, config.intermediate_size, config.num_attention_heads)


def token_numbers(tokenizer: Any, texts: Sequence[str]) -> list[list[int]]:
    """Return the first tokens of each text, without special ones."""
    tokens = tokenizer(list(texts), add_special_tokens=False, truncation=True, max_length=LONGEST)
    return [list(numbers) for numbers in tokens["input_ids"]]


def sequence(draft: list[int], source: list[int]) -> tuple[list[int], list[float]]:
    """Return the token numbers of a pair as one sequence, and 1.0 for those of the source."""
    return (
        [OPEN, *draft, CLOSE, CLOSE, *source, CLOSE],
        [0.0] * (len(draft) + 2) + [1.0] * (len(source) + 2),
    )


def _eight_bits(network: PairNetwork) -> nn.Module:
    """Return the network with most matrices in eight bits, a scale for each row.

    Those that narrow the inner states again stay exact: a few of these states are far larger than all others, and a
    common scale would leave nothing of the rest.
    """
    matrices = {
        name: per_channel_dynamic_qconfig
        for name, module in network.named_modules()
        if isinstance(module, nn.Linear) and not name.endswith(".narrow")
    }
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the function is to move to another package; what it does stays
        quantized: nn.Module = quantize_dynamic(network, matrices)  # type: ignore[no-untyped-call]
    return quantized
