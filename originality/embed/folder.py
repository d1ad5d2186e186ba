"""What a model folder may hold: weights and settings, nothing that runs and nothing that leads elsewhere.

Enters: a folder that anybody may have written, for an index names the encoder that it was built with. The libraries
that load it import no foreign code unless told to; here what would need it is refused before they see it, so that the
promise rests on us and not on their defaults.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from originality.errors import EncoderError

MODULES = frozenset("Transformer Pooling Normalize Dense LayerNorm StaticEmbedding".split())  # of sentence-transformers
OWN = "sentence_transformers."
CODE_KEYS = frozenset({"auto_map", "trust_remote_code", "custom_pipelines"})  # settings that name code to import
PICKLES = frozenset(".bin .pt .pth .pkl .pickle .joblib .ckpt".split())
VOCABULARIES = frozenset({"tokenizer.json", "vocab.json"})  # large, and read as plain data by the tokenizer alone
MOST_BYTES = 16 * 2**20  # of a file of settings


def check_folder(folder: Path) -> None:
    """Refuse a model folder that holds more than data.

    Raises:
        EncoderError: it names code, a module of somebody else's or another model, or has weights only as a pickle.
    """
    for fault in _faults(folder):
        raise EncoderError(f"Folder {folder} must hold a model without code of its own: {fault}. Use another model.")


def _faults(folder: Path) -> Iterator[str]:
    for path in sorted(each for each in folder.rglob("*") if each.is_file()):
        name = path.relative_to(folder).as_posix()[:80]
        if path.suffix.lower() in PICKLES and not any(path.parent.glob("*.safetensors")):
            yield f"{name!r} is a pickle, and no .safetensors lies beside it"
        if path.name == "adapter_config.json":
            yield f"{name!r} leads to another model"
        if path.suffix.lower() == ".json" and path.name not in VOCABULARIES:
            yield from (f"{name!r} {fault}" for fault in _settings_faults(path))


def _settings_faults(path: Path) -> Iterator[str]:
    try:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
        if len(content) > MOST_BYTES:
            yield f"has more than {MOST_BYTES:,} bytes"
            return
        document = json.loads(content)
    except (ValueError, RecursionError, OSError):
        yield "is no JSON that can be read"
        return
    for key in sorted(CODE_KEYS & set(_keys(document))):
        yield f"names code ({key})"
    if path.name == "modules.json":
        for module in document if isinstance(document, list) else [document]:
            kind = str(module.get("type") if isinstance(module, dict) else module)
            if not kind.startswith(OWN) or kind.rpartition(".")[2] not in MODULES:
                yield f"names the module {kind[:80]!r}"


def _keys(document: Any) -> Iterator[str]:
    """Yield the keys of all objects in a document, however deep."""
    left = [document]
    while left:
        value = left.pop()
        if isinstance(value, dict):
            yield from value
            left += value.values()
        elif isinstance(value, list):
            left += value
