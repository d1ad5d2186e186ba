"""The network that reads two texts at once: the lower layers of the default encoder, trained on.

Token numbers of a draft and of a source enter as one sequence `<s> draft </s></s> source </s>`; one figure a pair
leaves. In each layer every word of the draft sees every word of the source, so that the network can compare point by
point what two separate vectors cannot hold (a cross-encoder: Devlin et al. 2019; Nogueira and Cho 2019). Only the lower
layers are taken: they learn from few examples where all of them would not, and cost half
(docs/decisions/0015-cross-encoder.md).
"""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor, nn
from torch.nn import functional

LAYERS = 6  # of the encoder's twelve
LONGEST = 128  # tokens read of each text: some 180 Chinese characters
DROPOUT = 0.1  # while training
INNER = 96  # width of the hidden layer of the head
EPSILON = 1e-12  # of the encoder's layer norms
OPEN, CLOSE, PAD = 0, 2, 1  # numbers of the special tokens in the encoder's vocabulary


class Layer(nn.Module):
    """One transformer layer with the norm after each part, as in BERT."""

    def __init__(self, hidden: int, inner: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.attend = nn.Linear(hidden, 3 * hidden)
        self.gather = nn.Linear(hidden, hidden)
        self.gather_norm = nn.LayerNorm(hidden, eps=EPSILON)
        self.widen = nn.Linear(hidden, inner)
        self.narrow = nn.Linear(inner, hidden)
        self.narrow_norm = nn.LayerNorm(hidden, eps=EPSILON)
        self.drop = nn.Dropout(DROPOUT)

    def forward(self, states: Tensor, mask: Tensor | None) -> Tensor:
        """Return the states after this layer, shape (batch, tokens, hidden)."""
        batch, tokens, hidden = states.shape
        shape = (batch, tokens, 3, self.heads, hidden // self.heads)
        query, key, value = self.attend(states).view(shape).permute(2, 0, 3, 1, 4)
        dropped = DROPOUT if self.training else 0.0
        seen = functional.scaled_dot_product_attention(query, key, value, attn_mask=mask, dropout_p=dropped)
        gathered = self.gather(seen.transpose(1, 2).reshape(batch, tokens, hidden))
        states = self.gather_norm(states + self.drop(gathered))
        narrowed: Tensor = self.narrow(functional.gelu(self.widen(states)))
        return torch.as_tensor(self.narrow_norm(states + self.drop(narrowed)))


class PairNetwork(nn.Module):
    """Layers and head; the embeddings stay with the encoder and are not trained."""

    def __init__(self, hidden: int, inner: int, heads: int) -> None:
        super().__init__()
        self.layers = nn.ModuleList(Layer(hidden, inner, heads) for _ in range(LAYERS))
        self.segment = nn.Parameter(torch.zeros(hidden))
        self.head = nn.Sequential(nn.Linear(3 * hidden, INNER), nn.GELU(), nn.Dropout(DROPOUT), nn.Linear(INNER, 1))

    def forward(self, embedded: Tensor, of_source: Tensor, real: Tensor | None = None) -> Tensor:
        """Return the figure of each pair, shape (batch,); above 0 means "derived" rather than not.

        Args:
            embedded: embeddings of the tokens, shape (batch, tokens, hidden).
            of_source: 1.0 for tokens of the source, 0.0 for those of the draft; shape (batch, tokens).
            real: False for padding; None where there is none.
        """
        states = embedded + of_source[..., None] * self.segment
        for layer in self.layers:
            states = layer(states, None if real is None else real[:, None, None, :])
        kept = torch.ones_like(of_source) if real is None else real.to(of_source.dtype)
        draft, source = (kept * (1 - of_source))[..., None], (kept * of_source)[..., None]
        means = [(states * part).sum(1) / part.sum(1) for part in (draft, source)]
        return torch.as_tensor(self.head(torch.cat([states[:, 0], *means], dim=-1))[:, 0])


def base_of(weights: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Return the encoder's own weights under the names of `PairNetwork.layers`.

    Args:
        weights: state of a BERT model.

    Raises:
        KeyError: it is no BERT model, or has fewer layers.
    """
    found: dict[str, Tensor] = {}
    for i in range(LAYERS):
        theirs, ours = f"encoder.layer.{i}.", f"layers.{i}."
        for kind in ("weight", "bias"):
            parts = [weights[f"{theirs}attention.self.{name}.{kind}"] for name in ("query", "key", "value")]
            found[f"{ours}attend.{kind}"] = torch.cat(parts)
            for name, other in _NAMES.items():
                found[f"{ours}{name}.{kind}"] = weights[f"{theirs}{other}.{kind}"]
    return found


_NAMES = {
    "gather": "attention.output.dense",
    "gather_norm": "attention.output.LayerNorm",
    "widen": "intermediate.dense",
    "narrow": "output.dense",
    "narrow_norm": "output.LayerNorm",
}
