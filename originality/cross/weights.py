"""What the network learned beyond the encoder, small enough to ship: `weights.safetensors`.

The change of each matrix is kept as the product of two narrow ones (the best of that rank: Eckart and Young 1936; that
the change of a fine-tuned layer is nearly of low rank: Hu et al., LoRA, 2021), everything else whole, all in half
precision. The file can hold nothing but numbers.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from importlib import resources
from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import load, save
from torch import Tensor

from originality.errors import EncoderError

FILE = "weights.safetensors"
RANK = 48
_TALL, _WIDE = ".tall", ".wide"


def pack(base: Mapping[str, Tensor], trained: Mapping[str, Tensor], rank: int = RANK) -> bytes:
    """Return the file for what was trained: changes of what `base` holds, and all that it does not hold."""
    packed: dict[str, Tensor] = {}
    for name, value in trained.items():
        change = value - base[name] if name in base else value
        if name in base and change.dim() == 2:
            left, sizes, right = torch.linalg.svd(change, full_matrices=False)
            root = sizes[:rank].sqrt()
            packed[name + _TALL] = (left[:, :rank] * root).half().contiguous()
            packed[name + _WIDE] = (root[:, None] * right[:rank]).half().contiguous()
        else:
            packed[name] = change.half().contiguous()
    return save(packed)


def unpack(base: Mapping[str, Tensor], content: bytes) -> dict[str, Tensor]:
    """Return the trained weights.

    Raises:
        EncoderError: the bytes are no such file, or belong to another network.
    """
    try:
        packed = load(content)
    except SafetensorError as error:
        raise EncoderError(f"The package's {FILE} is damaged: {error}. Install originality again.") from error
    whole = {name.removesuffix(_TALL) for name in packed if name.endswith(_TALL)}
    trained: dict[str, Tensor] = {}
    for name in whole:
        trained[name] = packed.pop(name + _TALL).float() @ packed.pop(name + _WIDE).float()
    trained.update({name: value.float() for name, value in packed.items()})
    for name, value in base.items():
        if name not in trained or trained[name].shape != value.shape:
            raise EncoderError(f"The package's {FILE} belongs to another network ({name}). Install originality again.")
        trained[name] = trained[name] + value
    return trained


def shipped() -> tuple[str, bytes]:
    """Return name and bytes of the file that ships with the package; the name tells its content.

    Raises:
        EncoderError: it is missing.
    """
    try:
        content = resources.files("originality.cross").joinpath(FILE).read_bytes()
    except OSError as error:
        raise EncoderError(f"The package's {FILE} cannot be read: {error}. Install originality again.") from error
    return name_of(content), content


def name_of(content: bytes) -> str:
    """Return the name under which the judge knows weights."""
    return f"cross-{hashlib.sha256(content).hexdigest()[:8]}"


def write(path: Path, content: bytes) -> None:
    """Write the file of the package, from training."""
    path.write_bytes(content)
