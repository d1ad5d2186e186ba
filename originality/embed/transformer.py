"""Any model that sentence-transformers loads, behind the `Encoder` protocol.

Enters: a folder or a model name. Leaves: unit float32 rows.

Only files on this machine are read, unless `ORIGINALITY_DOWNLOAD=1` allows a named model to be fetched. Torch's number
of threads is left alone, unless `ORIGINALITY_THREADS` asks for one; that setting is torch's own and global.
"""

from __future__ import annotations

import hashlib
import os
import re
import warnings
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from originality.embed.batch import batches, encode_sorted, unit, whole_characters
from originality.embed.folder import check_folder
from originality.embed.passages import Reading, own_share, separately, spans_of, within
from originality.errors import EncoderError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from numpy.typing import NDArray
    from sentence_transformers import SentenceTransformer

DOWNLOAD_VARIABLE = "ORIGINALITY_DOWNLOAD"  # "1" lets a named model be fetched; off, so that a check never waits on it
THREADS_VARIABLE = "ORIGINALITY_THREADS"  # wanted threads; unset leaves the library's own choice
BATCH_SIZE = 16  # larger batches are no faster on a CPU and pad more
E5_PREFIX = "query: "  # e5 models were trained with it; for likeness of two texts both get the same one
E5_NAME = re.compile(r"(?:^|[-_/])e5(?:[-_]|$)(?!.*(?:instruct|mistral))", re.IGNORECASE)  # those two use a sentence
# Of each larger file the first, middle and last MiB enter the fingerprint: weights differ all over.
SAMPLE_BYTES = 2**20


def wanted_threads() -> int | None:
    """Read `ORIGINALITY_THREADS`; None when it is unset.

    Raises:
        EncoderError: the variable is not a whole number above zero.
    """
    value = os.environ.get(THREADS_VARIABLE, "").strip()
    if not value:
        return None
    if not value.isdecimal() or int(value) < 1:
        raise EncoderError(f"{THREADS_VARIABLE} must be a whole number from 1; it is {value!r}. Correct or unset it.")
    return int(value)


class TransformerEncoder:
    """A sentence-transformers model on the CPU.

    Texts longer than the model's window (512 tokens for e5, some 700 Chinese characters) are cut at its end.
    """

    def __init__(self, model: str | Path, *, name: str | None = None) -> None:
        """Load `model`; `name` overrides the name made from its own name and a fingerprint of its files."""
        self._model = _load(model)
        self._prefix = "" if self._model.default_prompt_name else prefix_for(str(model))
        self.name = name or _stamp_name(model, self._model)
        self.dim = self._dimension()
        self.contextual = _takes_the_mean(self._model)

    @property
    def transformer(self) -> Any:
        """The network itself, as transformers knows it: what reads pairs builds on its lower layers."""
        return self._model.transformers_model

    @property
    def tokenizer(self) -> Any:
        """What cuts texts into the tokens of the network."""
        return self._model.tokenizer

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Embed texts; see `originality.embed.Encoder`."""
        return encode_sorted(texts, self._embed, dim=self.dim, batch_size=BATCH_SIZE)

    def encode_parts(self, groups: Sequence[Sequence[str]]) -> list[NDArray[np.float32]]:
        """Embed texts and their passages; see `originality.embed.Encoder`.

        A model that takes the mean of its tokens reads each text once and its passages with it; another one reads each
        passage for itself.
        """
        if not self.contextual:
            return separately(groups, self.encode)
        rows = [np.zeros((len(group), self.dim), np.float32) for group in groups]
        texts = [whole_characters(group[0]) for group in groups]
        spans = [spans_of(group) for group in groups]
        todo = {i: 0 for i in range(len(groups))}  # the first passage of each text that is not read yet
        while todo:  # a second round is only for texts longer than the model's window
            begins = {i: spans[i][done][0] if done else 0 for i, done in todo.items()}
            for i, (mean, reading) in self._read({i: texts[i][begin:] for i, begin in begins.items()}):
                done, begin = todo.pop(i), begins[i]
                left = [(start - begin, end - begin) for start, end in spans[i][done:]]
                count = within(left, reading.end)
                if not done:
                    rows[i][0] = mean
                rows[i][1 + done : 1 + done + count] = reading.pool(left[:count])
                if count < len(left):
                    todo[i] = done + count
        return [own_share(unit(group)) for group in rows]

    def _read(self, texts: dict[int, str]) -> Iterator[tuple[int, tuple[NDArray[np.float32], Reading]]]:
        """Yield, in no order to rely on, the mean over all tokens of each text and its reading."""
        numbers, values = list(texts), list(texts.values())
        for batch in batches(values, BATCH_SIZE):
            yield from zip([numbers[k] for k in batch], self._read_batch([values[k] for k in batch]), strict=True)

    def _read_batch(self, texts: list[str]) -> list[tuple[NDArray[np.float32], Reading]]:
        import torch

        tokenized = self._model.tokenizer(
            [self._prefix + text for text in texts],
            padding=True,
            truncation=True,
            max_length=self._model.max_seq_length,
            return_offsets_mapping=True,
            return_tensors="pt",
        )
        offsets = tokenized.pop("offset_mapping").numpy() - len(self._prefix)
        with torch.inference_mode():
            output = self._model(dict(tokenized))
        tokens, mask = output["token_embeddings"].numpy(), tokenized["attention_mask"].numpy().astype(bool)
        means = output["sentence_embedding"].numpy()
        return [
            (mean, Reading(row[real], offset[real, 0], offset[real, 1]))
            for mean, row, offset, real in zip(means, tokens, offsets, mask, strict=True)
        ]

    def _embed(self, texts: list[str]) -> NDArray[np.float32]:
        rows = self._model.encode(
            [self._prefix + text for text in texts],
            batch_size=BATCH_SIZE,
            show_progress_bar=False,
            convert_to_numpy=True,
            normalize_embeddings=True,
        )
        return np.asarray(rows, dtype=np.float32)

    def _dimension(self) -> int:
        return int(self._embed([""]).shape[1])


def prefix_for(model: str) -> str:
    """Return what must stand before each text: "query: " for the e5 family, else nothing."""
    return E5_PREFIX if E5_NAME.search(model.rstrip("/\\").replace("\\", "/")) else ""


def _takes_the_mean(model: SentenceTransformer) -> bool:
    """Say whether a model's vector is the mean of its token vectors, and its tokenizer tells where tokens stand."""
    from sentence_transformers.sentence_transformer.modules import Normalize, Pooling

    modules = list(model)[1:]
    poolings = [module for module in modules if isinstance(module, Pooling)]
    known = all(isinstance(module, Pooling | Normalize) for module in modules)
    fast = getattr(model.tokenizer, "is_fast", False)
    return known and fast and [_modes(pooling.get_config_dict()) for pooling in poolings] == [{"mean"}]


def _modes(config: Mapping[str, Any]) -> set[str]:
    """Return how a pooling takes one vector from many; version 5 has a switch for each way, 6 one name."""
    named = config.get("pooling_mode")
    if named is not None:
        return {named} if isinstance(named, str) else set(named)
    start, end = "pooling_mode_", "_tokens"
    return {name.removeprefix(start).removesuffix(end) for name, on in config.items() if name.startswith(start) and on}


def _load(model: str | Path) -> SentenceTransformer:
    threads = wanted_threads()
    if Path(model).is_dir():
        check_folder(Path(model))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of the libraries among themselves, while they load
        warnings.simplefilter("ignore", FutureWarning)
        try:
            import torch
            from sentence_transformers import SentenceTransformer
        except ImportError as error:
            raise EncoderError(
                f"This encoder needs torch and sentence-transformers; {error.name} is missing. "
                "Install it, or use the encoder 'fast'."
            ) from error
        if threads is not None:
            torch.set_num_threads(threads)
        local = os.environ.get(DOWNLOAD_VARIABLE) != "1"
        # Half precision is slower on most CPUs and rounds differently on each; what is no safetensors is a pickle.
        kwargs = {"dtype": torch.float32, "use_safetensors": True}
        try:
            with _quiet():
                return SentenceTransformer(
                    str(model), device="cpu", local_files_only=local, trust_remote_code=False, model_kwargs=kwargs
                )
        except Exception as error:  # of a damaged folder each of four libraries raises errors of its own
            raise EncoderError(_why_not(model, error)) from error


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep the loading bar of transformers off the terminal, and its setting as it was."""
    from transformers.utils import logging

    shown = logging.is_progress_bar_enabled()
    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    try:
        yield
    finally:
        if shown:
            logging.enable_progress_bar()  # type: ignore[no-untyped-call]


def _why_not(model: str | Path, error: Exception) -> str:
    reason = (str(error).strip() or type(error).__name__).splitlines()[0]
    if Path(model).is_dir():
        return f"Folder {model} must hold a sentence-transformers model: {reason} Save one there, or use 'default'."
    return (
        f"Encoder {str(model)!r} is neither 'default', 'fast', a model folder nor a model already on this machine "
        f"with its weights as safetensors. Correct the name, or set {DOWNLOAD_VARIABLE}=1 to fetch it."
    )


def _stamp_name(model: str | Path, loaded: SentenceTransformer) -> str:
    if Path(model).is_dir():
        return f"{Path(model).resolve().name}@{_fingerprint(Path(model))}"
    config = getattr(loaded.transformers_model, "config", None)
    revision = getattr(config, "_commit_hash", None) or "unknown"
    return f"{model}@{revision[:12]}"


def _fingerprint(folder: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        digest.update(f"{path.relative_to(folder).as_posix()}\0{path.stat().st_size}\0".encode())
        for sample in _samples(path):
            digest.update(sample)
    return digest.hexdigest()[:12]


def _samples(path: Path) -> Iterator[bytes]:
    size = path.stat().st_size
    with path.open("rb") as file:
        for start in sorted({0, max(0, size // 2 - SAMPLE_BYTES // 2), max(0, size - SAMPLE_BYTES)}):
            file.seek(start)
            yield file.read(SAMPLE_BYTES)
