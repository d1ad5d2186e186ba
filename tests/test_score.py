from __future__ import annotations

import json
from dataclasses import replace
from importlib import resources

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from originality.align import align
from originality.clean import clean
from originality.errors import ModelError
from originality.score import NAMES, Context, Features, Side, load_model
from originality.score.features import closeness, extract, set_apart
from originality.score.model import parse_head, parse_model
from originality.score.usual import context
from tests.corpus import SOURCE, STORIES
from tests.fakes import FakeEncoder

OTHER = STORIES[4]
ENCODER = FakeEncoder()


def side(text: str) -> Side:
    cleaned = clean(text)
    return Side.of(cleaned, ENCODER.encode(cleaned.units()))


def usual(draft: Side, **changes: object) -> Context:
    letters = len(draft.clean.letters)
    plain = Context(
        own=np.ones(letters, bool),
        rarity=np.ones(letters),
        idf=dict.fromkeys(draft.words, 0.8),
        rare=0.7,
        backgrounds=np.full(len(draft.vectors), 0.3, np.float32),
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


def features(draft: str, source: str) -> Features:
    left, right = side(draft), side(source)
    return extract(left, right, align(left.clean, right.clean), usual(left))


def test_a_text_against_itself_reaches_the_top_of_every_share():
    same = features(SOURCE, SOURCE)
    for name in ("cover_draft", "cover_source", "dice_bigrams", "words_of_draft", "skeleton_ratio", "length_ratio"):
        assert getattr(same, name) == pytest.approx(1.0)
    assert same.closeness == pytest.approx(1.0, abs=1e-3)
    assert same.passage_weakest == pytest.approx(1.0, abs=1e-3)
    assert same.order == 1.0


def test_texts_with_nothing_in_common_share_nothing():
    apart = features("春耕秋收", "ABCDEFG")
    assert apart.cover_draft == apart.cover_source == apart.dice_bigrams == apart.words_of_draft == 0.0
    assert apart.log_longest == apart.log_island == apart.lifted == apart.rarity == 0.0


@given(st.text(max_size=60), st.text(max_size=60))
def test_shares_stay_in_their_range_whatever_unicode_comes_in(draft, source):
    if not clean(draft).letters or not clean(source).letters:
        return
    row = features(draft, source)
    for name in NAMES:
        value = getattr(row, name)
        assert np.isfinite(value)
        if not name.startswith(
            ("log_", "words_beside", "skeleton_run", "order", "closeness", "passage", "source_")
        ) and not name.endswith("_beyond"):
            assert 0.0 <= value <= 1.0 + 1e-9, name


def test_a_passage_taken_whole_counts_and_a_quoted_phrase_does_not():
    source = "老街拐角那家修表铺今天歇业了。老师傅把三十年的工具一件件擦亮装箱。"
    whole = features("路过时拍了张照。老师傅把三十年的工具一件件擦亮装箱。以后表坏了找谁呢？", source)
    phrase = features("他说把三十年的工具一件件擦亮装箱那天,眼泪差点掉下来。以后表坏了找谁呢？", source)
    assert whole.log_lifted == pytest.approx(np.log1p(17))
    assert 0.4 < whole.lifted < 0.6
    assert phrase.log_longest > 2
    assert phrase.lifted == phrase.log_lifted == 0.0


def test_what_all_candidates_share_goes_beyond_nobody():
    rows = [features(SOURCE, SOURCE), *[features(SOURCE, text) for text in STORIES[:3]]]
    apart = set_apart([*rows, *[features(SOURCE, OTHER)] * 5])
    assert apart[0].cover_draft_beyond == pytest.approx(1.0)
    assert apart[0].closeness_beyond > max(row.closeness_beyond for row in apart[1:])
    alike = set_apart([features(SOURCE, OTHER)] * 7)
    assert all(row.cover_draft_beyond == row.closeness_beyond == 0.0 for row in alike)
    copies = set_apart([rows[0]] * 7)
    assert all(row.cover_draft_beyond == pytest.approx(1.0) for row in copies)  # many copies excuse nobody
    assert set_apart(apart) == apart
    assert set_apart([]) == []


def test_boilerplate_leaves_numerator_and_divisor():
    left, right = side(SOURCE), side(SOURCE)
    own = np.ones(len(left.clean.letters), bool)
    own[: len(own) // 2] = False
    row = extract(left, right, align(left.clean, right.clean), usual(left, own=own))
    assert row.cover_draft == pytest.approx(1.0)
    assert row.cover_source == pytest.approx(own.mean(), abs=0.01)
    assert row.log_matched < features(SOURCE, SOURCE).log_matched


def test_closeness_is_nought_at_the_background_and_one_for_the_same_text():
    left = side(SOURCE)
    same = closeness(left, left, usual(left))
    assert same[0].max() == pytest.approx(1.0, abs=1e-3)
    at_background = usual(left, backgrounds=np.full(len(left.vectors), float(left.vectors[0] @ side(OTHER).vectors[0])))
    assert closeness(left, side(OTHER), at_background)[0].max() == pytest.approx(0.0, abs=1e-6)


def test_rarity_does_not_depend_on_the_size_of_the_corpus():
    draft = clean(SOURCE)
    backgrounds = np.zeros(3, np.float32)
    for posts in (10, 10_000):
        found = context(draft, frozenset({"齿轮"}), np.ones(len(draft.letters), bool), {}, {}, posts, backgrounds)
        assert found.rarity.min() == pytest.approx(1.0)
        assert found.idf["齿轮"] == pytest.approx(1.0)


def test_what_more_posts_carry_is_less_rare():
    from originality import sketch

    draft = clean(SOURCE)
    hashes = sketch.shingle_hashes(draft.letters, sketch.SHINGLE).tolist()
    own = np.ones(len(draft.letters), bool)
    rarities = [
        context(
            draft, frozenset(), own, dict.fromkeys(hashes, range(n)), {}, 1000, np.zeros(1, np.float32)
        ).rarity.mean()
        for n in (1, 10, 100)
    ]
    assert rarities[0] > rarities[1] > rarities[2] > 0


def test_the_shipped_model_fits_this_version_and_orders_its_thresholds():
    model = load_model()
    assert 0 < model.review < model.alarm < 1
    assert 0 < model.template_review < 1


@given(st.lists(st.floats(0, 1), min_size=len(NAMES), max_size=len(NAMES)), st.floats(0.01, 3))
def test_more_covered_text_never_lowers_the_risk(values, more):
    row = np.array([values, values])
    for name in ("cover_draft", "cover_source", "log_matched", "log_longest", "log_rarity"):
        row[1, NAMES.index(name)] += more
    low, high = load_model().copied.probability(row)
    assert high >= low - 1e-12


def test_a_model_for_other_features_is_refused_with_what_to_do():
    content = json.loads(resources.files("originality.score").joinpath("model.json").read_text(encoding="utf-8"))
    content["features"] = content["features"][1:]
    with pytest.raises(ModelError, match=r"benchmarks/train\.py"):
        parse_model(content)


def test_a_tree_sends_rows_down_the_right_branch():
    head = parse_head(
        {
            "bias": 0,
            "slope": 1,
            "intercept": 0,
            "trees": [
                [[0, 0.5, 1, 2, 0], [-1, 0, 0, 0, -2.0], [1, 1.5, 3, 4, 0], [-1, 0, 0, 0, 1.0], [-1, 0, 0, 0, 3.0]]
            ],
        }
    )
    rows = np.array([[0.5, 9.0], [0.6, 1.5], [0.6, 1.6]])
    assert head.raw(rows).tolist() == [-2.0, 1.0, 3.0]
    assert head.probability(rows)[0] == pytest.approx(1 / (1 + np.exp(2)))


def test_the_skeleton_of_a_draft_leaves_boilerplate_out():
    text = clean(f"{SOURCE}关注并转发，抽三位送书。")
    own = np.ones(len(text.letters), bool)
    own[len(clean(SOURCE).letters) :] = False
    vectors = ENCODER.encode(text.units())
    assert len(Side.of(text, vectors, own).skeleton) < len(Side.of(text, vectors).skeleton)
    assert Side.of(text, vectors, own).skeleton[:20] == side(SOURCE).skeleton[:20]
