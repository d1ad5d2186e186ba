"""Disguises are taken off with the help of a source, and only there; honest words stay as they are."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from originality.align import align, align_by
from originality.clean import clean, reread
from originality.disguise import is_suspicious, name_disguises, unmask
from originality.disguise.numerals import digits_of, spelled
from originality.models import Disguise
from tests.corpus import SOURCE, STORIES

OFFER = "限时特价只在今天，好朋友一起来，满128元送优惠券，门店在钟楼背面第3家，老板姓闻，修表三十年从不涨价。"


def read(text: str, *sources: str) -> str:
    """Return how a draft reads beside some sources."""
    draft = clean(text)
    changes = unmask(draft, [clean(source) for source in sources], align_by)
    return reread(draft, [(each.start, each.end, each.reading) for each in changes]).text


def named(text: str, *sources: str) -> Sequence[Disguise]:
    """Return the disguises of a draft that was found to be copied."""
    draft, cleaned = clean(text), [clean(source) for source in sources]
    changes = unmask(draft, cleaned, align_by)
    other = reread(draft, [(each.start, each.end, each.reading) for each in changes])
    spans = {draft.original_span(each.start, each.end): each.kind for each in changes if each.reading}
    return name_disguises(other, spans, [(source, align(other, source)) for source in cleaned])


# What was disguised -> how it was written, the kind it is called, and how many stretches of that kind there are.
DISGUISES = {
    "homophone": ([("特价", "特驾"), ("朋友", "盆友"), ("修表", "休表"), ("今天", "斤天")], 4),
    "lookalike": ([("门店", "闩店"), ("老板", "老扳"), ("今天", "令天"), ("限时", "恨时")], 4),
    "split": ([("好朋", "女子朋"), ("限时", "限日寸")], 2),
    "pinyin": ([("优惠券", "youhuiquan"), ("老板", "laoban")], 2),
    "initials": ([("优惠券", "yhq")], 1),
    "numerals": ([("128", "一百二十八")], 1),
}


@pytest.mark.parametrize("kind", DISGUISES)
def test_each_kind_reads_as_the_source_does_and_is_named(kind):
    swaps, count = DISGUISES[kind]
    draft = OFFER
    for meant, written in swaps:
        assert meant in draft
        draft = draft.replace(meant, written)
    assert read(draft, OFFER) == clean(OFFER).text
    found = [item for item in named(draft, OFFER) if item.kind == kind]
    assert len(found) == count
    assert all(item.reading in clean(OFFER).letters for item in found)


def test_several_at_once_read_as_the_source_does():
    draft = (
        "限日寸特驾只在斤天，女子盆友一起来，满一百二十八元送yhq，门店在钟楼背面第3家，老扳姓闻，修biao三十年从不涨价。"
    )
    assert read(draft, OFFER) == clean(OFFER).text
    assert {item.kind for item in named(draft, OFFER)} >= {"split", "homophone", "numerals", "initials", "pinyin"}


@pytest.mark.parametrize(
    ("kind", "draft"),
    [
        ("traditional", OFFER.replace("时", "時").replace("门", "門").replace("钟楼", "鐘樓")),
        ("fullwidth", OFFER.replace("128", "１２８")),
        ("numerals", OFFER.replace("3家", "③家")),
        ("numerals", OFFER.replace("3家", "三家").replace("十年", "10年")),
        ("invisible", OFFER.replace("特价", "特\u200b价").replace("优惠", "优\ue012惠")),
        ("separated", OFFER.replace("限时特价", "限.时.特.价")),
        ("emoji", OFFER.replace("特价", "特🌸价").replace("朋友", "朋✨友").replace("老板", "老[doge]板")),
        ("punctuation", OFFER.replace("，", "；")),
        ("reordered", OFFER[10:] + OFFER[:10]),
        ("sprinkled", OFFER.replace("来，", "来#好物#，").replace("券，", "券 @路人甲 ，")),
    ],
)
def test_what_is_folded_on_both_sides_is_named_beside_the_source(kind, draft):
    found = [item for item in named(draft, OFFER) if item.kind == kind]
    assert found
    assert named(OFFER, OFFER) == ()
    assert not [item for item in named(draft, draft) if item.kind == kind], "what the source does is no disguise"


def test_spans_point_into_the_original():
    draft = "🌸  限时特价只在今天，女子朋友一起来，满128元送youhuiquan，门店在钟楼背面第3家，老板姓闻。"
    told = {item.kind: (draft[slice(*item.span)], item.reading) for item in named(draft, OFFER)}
    assert told["split"] == ("女子", "好")
    assert told["pinyin"] == ("youhuiquan", "优惠券")


@pytest.mark.parametrize(
    "draft",
    [
        "集美们今天去钟楼修表，酱紫说老板人超好，yyds，用iPhone拍的5G照片。",
        "女子在钟楼背面等了三十年，门店第3家，老板姓文，今天特价满一百元送一张券。",
        "限时特价只在今天，好盆友一起来，满128元送优惠券，门店在钟楼背面第3家。",
        "wenji的老板修表，youhuiquan没有，YHQ也没有。",
        *STORIES,
    ],
)
def test_honest_texts_stay_as_they_are(draft):
    assert read(draft, OFFER, SOURCE, *(story for story in STORIES if story != draft)) == clean(draft).text


@given(st.text(alphabet="的了在是我有和天地人好女子优惠券abcyhq一二三128，。 🌸", max_size=60))
def test_a_text_without_a_plain_passage_of_the_source_stays_as_it_is(draft):
    assert read(draft, SOURCE) == clean(draft).text


@given(st.text(max_size=80), st.text(max_size=80))
def test_any_two_texts_can_be_read_side_by_side(left, right):
    draft = clean(left)
    changes = unmask(draft, [clean(right)], align_by)
    other = reread(draft, [(each.start, each.end, each.reading) for each in changes])
    assert all(0 <= start < end <= len(left) for start, end in zip(other.starts, other.ends, strict=True))
    assert all(before.end <= after.start for before, after in itertools.pairwise(changes))


@given(st.text(max_size=80))
def test_reading_nothing_otherwise_changes_nothing(text):
    assert reread(clean(text), []) == clean(text)


@pytest.mark.parametrize(
    ("words", "digits"),
    [
        ("一百二十八", "128"),
        ("一二八", "128"),
        ("十五", "15"),
        ("三万零六", "30006"),
        ("贰仟", "2000"),
        ("两亿", "200000000"),
    ],
)
def test_numbers_in_words(words, digits):
    assert digits_of(words) == digits
    assert list(spelled(f"满{words}元")) == [(1, 1 + len(words), digits)]


def test_only_odd_texts_are_suspicious():
    assert not any(is_suspicious(clean(text)) for text in (SOURCE, OFFER, *STORIES[1:5]))
    assert is_suspicious(clean("恨时特驾只再金天，女子盆友一起莱，门殿在中娄背免。"))
    assert is_suspicious(clean("满128元送youhuiquan一张"))


def test_parts_of_characters_encoded_for_themselves_are_read_as_characters():
    assert clean("⻓江⻢路").text == "长江马路"
