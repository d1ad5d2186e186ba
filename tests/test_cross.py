"""The cross-encoder: its weights as a file, its figures, and what may go wrong with either."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
import torch
from safetensors.torch import load, save

from originality.cross import load_reader
from originality.cross.network import LONGEST, PairNetwork, base_of
from originality.cross.reader import CrossEncoder, sequence, token_numbers
from originality.cross.weights import name_of, pack, shipped, unpack
from originality.embed import Encoder
from originality.embed.transformer import TransformerEncoder
from originality.errors import EncoderError

POST = "周末带爸妈去了城西新开的湿地公园，木栈道两公里不累人，荷花开了一半，门口停车五块钱一天，记得带驱蚊水。"
REWORDED = (
    "老两口腿脚不好也能逛的地方：西边那片水塘刚改造完，脚下全铺板子，一圈半小时，花还没到最盛，泊车一张小票，蚊虫要防。"
)
HONEST = (
    "城西湿地公园的游船终于恢复了，成人票三十，一船坐六个人，师傅会讲鸟的故事。我们等了四十分钟，孩子说比荷花好看。"
)


@pytest.fixture(scope="module")
def reader(default_encoder: Encoder) -> CrossEncoder:
    found = load_reader(default_encoder)
    assert isinstance(found, CrossEncoder)
    return found


@pytest.fixture
def small() -> tuple[dict[str, torch.Tensor], dict[str, torch.Tensor]]:
    """Return base and trained weights of a network of width 24, with a change of rank 2 in each matrix."""
    torch.manual_seed(1)
    network = PairNetwork(24, 48, 3)
    base = {name: value.clone() for name, value in network.state_dict().items() if name.startswith("layers.")}
    trained = {}
    for name, value in network.state_dict().items():
        change = torch.randn(value.shape[0], 2) @ torch.randn(2, value.shape[1]) if value.dim() == 2 else value + 1
        trained[name] = value + 0.01 * change
    return base, trained


def test_weights_survive_packing(small):
    base, trained = small
    back = unpack(base, pack(base, trained, rank=2))
    assert back.keys() == trained.keys()
    for name, value in trained.items():
        torch.testing.assert_close(back[name], value, atol=2e-3, rtol=2e-3)


def test_a_lower_rank_keeps_the_larger_part_of_the_change(small):
    base, trained = small
    back = unpack(base, pack(base, trained, rank=1))
    name = "layers.0.widen.weight"
    lost = (back[name] - trained[name]).norm() / (base[name] - trained[name]).norm()
    assert 0 < lost < 0.75


@pytest.mark.parametrize("content", [b"", b"\x80\x04pickle", b"\xff" * 64])
def test_a_damaged_file_is_one_line(small, content):
    with pytest.raises(EncoderError, match=r"weights\.safetensors is damaged.*Install originality again\.$"):
        unpack(small[0], content)


def test_weights_of_another_network_are_refused(small):
    base, trained = small
    packed = load(pack(base, trained, rank=2))
    del packed["layers.3.narrow.weight.tall"], packed["layers.3.narrow.weight.wide"]
    with pytest.raises(EncoderError, match="another network"):
        unpack(base, save(packed))


def test_the_name_tells_the_content(small):
    base, trained = small
    assert name_of(pack(base, trained, rank=2)) != name_of(pack(base, trained, rank=1))
    assert name_of(shipped()[1]) == shipped()[0]


def test_weights_of_a_deeper_or_other_model_are_read_by_name():
    with pytest.raises(KeyError, match=r"encoder\.layer\.0"):
        base_of({"something.else": torch.zeros(1)})


def test_a_sequence_marks_what_is_of_the_source():
    numbers, of_source = sequence([7, 8], [9])
    assert numbers == [0, 7, 8, 2, 2, 9, 2]
    assert of_source == [0.0, 0.0, 0.0, 0.0, 1.0, 1.0, 1.0]


def test_only_the_default_encoder_has_a_reader():
    assert load_reader(SimpleNamespace(name="another", dim=8, contextual=False)) is None


def test_a_rewrite_reads_as_derived_and_an_honest_post_does_not(reader):
    rewrite, honest, copy = (reader.read(text, [POST])[0] for text in (REWORDED, HONEST, POST))
    assert copy > 0
    assert rewrite > honest
    assert honest < 0


def test_a_pair_gives_the_same_figure_whatever_stands_beside_it(reader):
    together = reader.read(REWORDED, [HONEST, POST, REWORDED * 3])
    alone = [reader.read(REWORDED, [text])[0] for text in (HONEST, POST, REWORDED * 3)]
    assert together.tolist() == alone


def test_nothing_to_read_gives_nothing(reader):
    assert reader.read(POST, []).shape == (0,)


def test_long_texts_are_read_to_their_limit(reader, default_encoder):
    (numbers,) = token_numbers(default_encoder.tokenizer, [POST * 20])
    assert len(numbers) == LONGEST
    assert np.isfinite(reader.read(POST * 20, [POST * 20])).all()


def test_eight_bits_tell_nearly_the_same(reader, default_encoder):
    assert isinstance(default_encoder, TransformerEncoder)
    exact = CrossEncoder(default_encoder, shipped()[1], exact=True)
    texts = (REWORDED, HONEST, POST, REWORDED[:30] + HONEST[30:])
    ours, theirs = (
        np.array([each.read(draft, [source])[0] for draft in texts for source in texts if draft != source])
        for each in (reader, exact)
    )
    assert np.sqrt(((ours - theirs) ** 2).mean()) < 0.8, "a few tenths where log-odds lie between -6 and 8"
    assert np.corrcoef(ours, theirs)[0, 1] > 0.95
