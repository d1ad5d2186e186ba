"""A model folder, which an index may name, is data: nothing in it is run (docs/security.md)."""

from __future__ import annotations

import contextlib
import json
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from originality.checker import Checker
from originality.embed import load_encoder
from originality.errors import EncoderError
from originality.index import open_index
from tests.hostile import code, pickled
from tests.stores import grown, posts_of


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Save a tiny honest model."""
    import torch
    from sentence_transformers import SentenceTransformer
    from transformers import BertConfig, BertModel, BertTokenizer

    folder: Path = tmp_path_factory.mktemp("models")
    (folder / "bert").mkdir()
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *"新品上市奶茶咖啡"]
    (folder / "bert" / "vocab.txt").write_text("\n".join(words), encoding="utf-8")
    torch.manual_seed(1)
    sizes: dict[str, Any] = {
        "hidden_size": 16,
        "num_hidden_layers": 1,
        "num_attention_heads": 2,
        "intermediate_size": 32,
    }
    BertModel(BertConfig(vocab_size=len(words), max_position_embeddings=32, **sizes)).save_pretrained(folder / "bert")
    BertTokenizer(vocab=str(folder / "bert" / "vocab.txt")).save_pretrained(folder / "bert")
    SentenceTransformer(str(folder / "bert"), device="cpu", local_files_only=True).save(str(folder / "honest"))
    return folder / "honest"


def _changed(path: Path, **more: Any) -> None:
    document = json.loads(path.read_text("utf-8")) if path.exists() else {}
    path.write_text(json.dumps({**document, **more}), encoding="utf-8")


def _first_module(folder: Path, kind: str) -> None:
    path = folder / "modules.json"
    first, *rest = json.loads(path.read_text("utf-8"))
    path.write_text(json.dumps([{**first, "type": kind}, *rest]), encoding="utf-8")


def foreign_class(folder: Path, mark: Path) -> None:
    (folder / "thing.py").write_text(code(mark), encoding="utf-8")
    _first_module(folder, "thing.Thing")


def class_of_the_system(folder: Path, mark: Path) -> None:
    _first_module(folder, "os.system")


def inner_class(folder: Path, mark: Path) -> None:
    _first_module(folder, "sentence_transformers.models.WordEmbeddings")


def auto_map(folder: Path, mark: Path) -> None:
    (folder / "thing.py").write_text(code(mark), encoding="utf-8")
    _changed(folder / "config.json", auto_map={"AutoConfig": "thing.Thing", "AutoModel": "thing.Thing"})


def auto_map_without_modules(folder: Path, mark: Path) -> None:
    (folder / "modules.json").unlink()
    auto_map(folder, mark)


def auto_map_of_the_tokenizer(folder: Path, mark: Path) -> None:
    (folder / "thing.py").write_text(code(mark), encoding="utf-8")
    _changed(folder / "tokenizer_config.json", auto_map={"AutoTokenizer": ["thing.Thing", "thing.Thing"]})


def trust_by_settings(folder: Path, mark: Path) -> None:
    auto_map(folder, mark)
    config = json.loads((folder / "config.json").read_text("utf-8"))
    (folder / "config.json").write_text(json.dumps({k: v for k, v in config.items() if k != "auto_map"}), "utf-8")
    _changed(folder / "sentence_bert_config.json", model_args={"trust_remote_code": True})


def only_a_pickle(folder: Path, mark: Path) -> None:
    (weights,) = folder.rglob("*.safetensors")
    weights.unlink()
    (weights.parent / "pytorch_model.bin").write_bytes(pickled(mark))


def another_model(folder: Path, mark: Path) -> None:
    (folder / "adapter_config.json").write_text('{"base_model_name_or_path": "/elsewhere"}', encoding="utf-8")


def endless_settings(folder: Path, mark: Path) -> None:
    (folder / "config.json").write_bytes(b" " * (17 * 2**20) + b"{}")


HOSTILE: dict[Callable[[Path, Path], None], str] = {
    foreign_class: "names the module 'thing.Thing'",
    class_of_the_system: "names the module 'os.system'",
    inner_class: "WordEmbeddings",
    auto_map: "names code (auto_map)",
    auto_map_without_modules: "names code (auto_map)",
    auto_map_of_the_tokenizer: "'tokenizer_config.json' names code",
    trust_by_settings: "names code (trust_remote_code)",
    only_a_pickle: "is a pickle",
    another_model: "leads to another model",
    endless_settings: "16,777,216 bytes",
}


@pytest.mark.parametrize("change", HOSTILE, ids=lambda change: change.__name__)
def test_a_crafted_model_folder_runs_nothing(model, tmp_path, monkeypatch, change):
    folder, mark = tmp_path / "model", tmp_path / "ran"
    shutil.copytree(model, folder)
    change(folder, mark)
    monkeypatch.chdir(folder)
    with pytest.raises(EncoderError) as error:
        load_encoder(str(folder))
    assert HOSTILE[change] in str(error.value)
    assert "\n" not in str(error.value)
    assert not mark.exists()
    assert "thing" not in sys.modules


def test_an_honest_model_folder_is_loaded(model):
    assert load_encoder(str(model)).encode(["新品上市"]).shape == (1, 16)


def test_an_index_that_names_a_crafted_model_runs_nothing(model, tmp_path):
    folder, mark = tmp_path / "model", tmp_path / "ran"
    shutil.copytree(model, folder)
    foreign_class(folder, mark)
    grown(tmp_path / "index", posts_of(3)).close()
    with open_index(tmp_path / "index") as index, index.store.transaction() as database:
        database.execute("UPDATE meta SET value=? WHERE key='encoder'", (str(folder),))
    with pytest.raises(EncoderError, match="without code of its own"):
        Checker.open(tmp_path / "index")
    assert not mark.exists()


@pytest.mark.parametrize("change", [foreign_class, auto_map], ids=lambda change: change.__name__)
def test_the_library_that_loads_models_refuses_code_too(model, tmp_path, monkeypatch, change):
    """The second lock: were ours gone, sentence-transformers is told to trust nobody."""
    folder, mark = tmp_path / "model", tmp_path / "ran"
    shutil.copytree(model, folder)
    change(folder, mark)
    monkeypatch.setattr("originality.embed.transformer.check_folder", lambda folder: None)
    with contextlib.suppress(EncoderError):  # or it goes by its own class of that name
        load_encoder(str(folder))
    assert not mark.exists()
    assert "thing" not in sys.modules
