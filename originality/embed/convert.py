"""Write a parsed weight file as an ordinary sentence-transformers folder.

Enters: a `PackedModel`. Leaves: a folder that `SentenceTransformer(folder)` loads like any published model (a BERT
encoder in float32, a tokenizer, mean pooling, normalisation).

Two things differ from the published multilingual-e5-small. The vocabulary is trimmed to what Chinese posts use, which
saves half of the memory and changes no vector of a text made of kept pieces. The normaliser is NFKC with the
exceptions of the original's table spelled out, for the table itself is in a compiled form the weight file lacks.

Reference: Wang et al., Multilingual E5 Text Embeddings, 2024 (arXiv 2402.05672).
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from originality.embed.weights import PackedModel, Pieces, Shape

# Code points whose multi-character pieces are kept. Fixed ranges, not Unicode categories: those follow the Python
# version, and two machines must trim alike. In order: ASCII; general punctuation to arrows, symbols and dingbats; CJK
# radicals to kana; CJK with extension A; unified ideographs; compatibility ideographs; full-width forms; emoji;
# ideographs beyond the first plane; the mark that stands for a space.
KEPT_RANGES = (
    (0x0020, 0x007E),
    (0x2000, 0x2BFF),
    (0x2E80, 0x30FF),
    (0x31C0, 0x4DBF),
    (0x4E00, 0x9FFF),
    (0xF900, 0xFAFF),
    (0xFE30, 0xFFEF),
    (0x1F000, 0x1FAFF),
    (0x20000, 0x3FFFF),
)
SPACE_MARK = "▁"  # U+2581, SentencePiece's stand-in for a space; lies inside a kept range
SPECIAL_PIECES = 4  # <s> <pad> </s> <unk> open the vocabulary and keep their ids 0 to 3
MASK = "<mask>"  # closes the vocabulary; never produced here, kept because the architecture has a row for it
WAVE = "～"  # U+FF5E: the original normaliser leaves it alone, NFKC would make it "~"
STAND_IN = "\ue000"  # private-use character that holds the place of WAVE while NFKC runs

# The original table drops these controls and turns these format characters into spaces.
DROPPED = r"[\x00-\x08\x0b\x0e-\x1f\x7f\x8f\x9f]"
SPACED = r"[\t\n\x0c\r\x{1680}\x{200b}-\x{200f}\x{2028}\x{2029}\x{2581}\x{feff}\x{fffd}]"

PREFIXES = {"query": "query: ", "passage": "passage: "}  # e5 was trained with one of these before every text


def write_folder(model: PackedModel, folder: Path) -> None:
    """Write every file of the sentence-transformers folder into the existing, empty `folder`.

    The same weight file gives the same bytes each time.
    """
    kept = kept_ids(model.pieces.texts)
    _write_json(folder / "config.json", _bert_config(model.shape, len(kept), model.pieces))
    _write_json(folder / "tokenizer.json", _tokenizer(model.pieces, kept))
    _write_json(folder / "tokenizer_config.json", _tokenizer_config(model.shape.positions))
    _write_json(folder / "sentence_bert_config.json", {"max_seq_length": model.shape.positions, "do_lower_case": False})
    _write_json(folder / "config_sentence_transformers.json", {"prompts": PREFIXES, "default_prompt_name": None})
    _write_json(folder / "modules.json", _modules())
    (folder / "1_Pooling").mkdir()
    _write_json(folder / "1_Pooling" / "config.json", _pooling(model.shape.hidden))
    _write_tensors(folder / "model.safetensors", model, kept)


def kept_ids(texts: tuple[str, ...]) -> list[int]:
    """Choose the pieces to keep: all single characters, and longer pieces made of characters in `KEPT_RANGES`.

    Single characters of every script stay, so that a foreign word is spelled out rather than lost as unknown.
    """
    classes = "".join(f"{re.escape(chr(first))}-{re.escape(chr(last))}" for first, last in KEPT_RANGES)
    wanted = re.compile(f"(?:[{classes}]*|{SPACE_MARK}?.)", re.DOTALL)
    return [i for i, text in enumerate(texts) if i < SPECIAL_PIECES or wanted.fullmatch(text)]


def _bert_config(shape: Shape, vocabulary: int, pieces: Pieces) -> dict[str, object]:
    return {
        "architectures": ["BertModel"],
        "model_type": "bert",
        "attention_probs_dropout_prob": 0.1,
        "dtype": "float32",
        "hidden_act": "gelu",
        "hidden_dropout_prob": 0.1,
        "hidden_size": shape.hidden,
        "intermediate_size": shape.intermediate,
        "layer_norm_eps": 1e-12,
        "max_position_embeddings": shape.positions,
        "num_attention_heads": shape.heads,
        "num_hidden_layers": shape.layers,
        "pad_token_id": pieces.pad,
        "type_vocab_size": shape.token_types,
        "vocab_size": vocabulary,
    }


def _tokenizer(pieces: Pieces, kept: list[int]) -> dict[str, object]:
    names = [pieces.texts[i] for i in kept]
    specials = [pieces.bos, pieces.pad, pieces.eos, pieces.unknown, names.index(MASK)]
    return {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": [_added_token(i, names[i]) for i in specials],
        "normalizer": {"type": "Sequence", "normalizers": _normalizers()},
        "pre_tokenizer": {"type": "Metaspace", "replacement": SPACE_MARK, "prepend_scheme": "always", "split": True},
        "post_processor": _post_processor(pieces),
        "decoder": {"type": "Metaspace", "replacement": SPACE_MARK, "prepend_scheme": "always", "split": True},
        "model": {
            "type": "Unigram",
            "unk_id": pieces.unknown,
            "vocab": [[pieces.texts[i], pieces.scores[i]] for i in kept],
            "byte_fallback": False,
        },
    }


def _added_token(index: int, content: str) -> dict[str, object]:
    flags = {"single_word": False, "lstrip": content == MASK, "rstrip": False, "normalized": False, "special": True}
    return {"id": index, "content": content, **flags}


def _normalizers() -> list[dict[str, object]]:
    return [
        _replace({"Regex": DROPPED}, ""),
        _replace({"Regex": SPACED}, " "),
        _replace({"String": WAVE}, STAND_IN),
        {"type": "NFKC"},
        _replace({"String": STAND_IN}, WAVE),
        _replace({"Regex": " {2,}"}, " "),
        {"type": "Strip", "strip_left": False, "strip_right": True},
    ]


def _replace(pattern: dict[str, str], content: str) -> dict[str, object]:
    return {"type": "Replace", "pattern": pattern, "content": content}


def _post_processor(pieces: Pieces) -> dict[str, object]:
    ends = {"<s>": pieces.bos, "</s>": pieces.eos}
    first, last = ({"SpecialToken": {"id": name, "type_id": 0}} for name in ends)
    return {
        "type": "TemplateProcessing",
        "single": [first, {"Sequence": {"id": "A", "type_id": 0}}, last],
        "pair": [first, {"Sequence": {"id": "A", "type_id": 0}}, last, last, {"Sequence": {"id": "B", "type_id": 0}}],
        "special_tokens": {name: {"id": name, "ids": [i], "tokens": [name]} for name, i in ends.items()},
    }


def _tokenizer_config(positions: int) -> dict[str, object]:
    return {
        "tokenizer_class": "PreTrainedTokenizerFast",
        "model_max_length": positions,
        "bos_token": "<s>",
        "cls_token": "<s>",
        "eos_token": "</s>",
        "sep_token": "</s>",
        "pad_token": "<pad>",
        "unk_token": "<unk>",
        "mask_token": MASK,
        "clean_up_tokenization_spaces": False,
    }


def _modules() -> list[dict[str, object]]:
    names = (("", "Transformer"), ("1_Pooling", "Pooling"), ("2_Normalize", "Normalize"))
    return [
        {"idx": i, "name": str(i), "path": path, "type": f"sentence_transformers.models.{kind}"}
        for i, (path, kind) in enumerate(names)
    ]


def _pooling(width: int) -> dict[str, object]:
    modes = {"pooling_mode_cls_token": False, "pooling_mode_mean_tokens": True, "pooling_mode_max_tokens": False}
    return {"word_embedding_dimension": width, **modes}


def _write_json(path: Path, value: object) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False, indent=None, separators=(",", ":")) + "\n", encoding="utf-8")


def _write_tensors(path: Path, model: PackedModel, kept: list[int]) -> None:
    from safetensors.numpy import save_file

    tensors = _embedding_tensors(model, kept)
    for layer in range(model.shape.layers):
        tensors |= _layer_tensors(model, layer)
    # The network's pooler is not used by mean pooling, but a folder without it loads with a warning about new weights.
    width = model.shape.hidden
    tensors["pooler.dense.weight"] = np.zeros((width, width), dtype=np.float32)
    tensors["pooler.dense.bias"] = np.zeros(width, dtype=np.float32)
    save_file(tensors, path, metadata={"format": "pt"})


def _embedding_tensors(model: PackedModel, kept: list[int]) -> dict[str, NDArray[np.float32]]:
    width = model.shape.hidden
    words = model.tensor("emb.word", columns=width)
    return {
        "embeddings.word_embeddings.weight": np.ascontiguousarray(words[kept]),
        "embeddings.position_embeddings.weight": model.tensor("emb.pos", columns=width),
        "embeddings.token_type_embeddings.weight": model.tensor("emb.type", columns=width),
        "embeddings.LayerNorm.weight": model.tensor("emb.ln.w"),
        "embeddings.LayerNorm.bias": model.tensor("emb.ln.b"),
    }


def _layer_tensors(model: PackedModel, layer: int) -> dict[str, NDArray[np.float32]]:
    hidden, inner = model.shape.hidden, model.shape.intermediate
    dense = {
        "attention.self.query": ("q", hidden),
        "attention.self.key": ("k", hidden),
        "attention.self.value": ("v", hidden),
        "attention.output.dense": ("ao", hidden),
        "intermediate.dense": ("fi", hidden),
        "output.dense": ("fo", inner),
    }
    tensors = {}
    for target, (source, columns) in dense.items():
        tensors[f"encoder.layer.{layer}.{target}.weight"] = model.tensor(f"l{layer}.{source}.w", columns=columns)
        tensors[f"encoder.layer.{layer}.{target}.bias"] = model.tensor(f"l{layer}.{source}.b")
    for target, source in (("attention.output.LayerNorm", "aln"), ("output.LayerNorm", "oln")):
        tensors[f"encoder.layer.{layer}.{target}.weight"] = model.tensor(f"l{layer}.{source}.w")
        tensors[f"encoder.layer.{layer}.{target}.bias"] = model.tensor(f"l{layer}.{source}.b")
    return tensors
