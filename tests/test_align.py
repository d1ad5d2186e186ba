from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from originality.align import MIN_ISLAND, align
from originality.clean import clean
from originality.models import Span

SENTENCE = "老街的修鞋摊收摊前会把每一双鞋擦亮再还给主人"


def spans(draft: str, source: str) -> tuple[Span, ...]:
    left, right = clean(draft), clean(source)
    return align(left, right).spans(left, right)


def quoted(draft: str, source: str) -> list[tuple[str, str, str]]:
    return [(draft[slice(*s.draft)], source[slice(*s.source)], s.kind) for s in spans(draft, source)]


def test_a_lifted_sentence_is_one_exact_span_on_both_sides():
    draft, source = f"早上路过菜市场。{SENTENCE}。真好。", f"摊主姓崔。{SENTENCE}，从不例外。"
    assert quoted(draft, source) == [(SENTENCE, SENTENCE, "exact")]


def test_punctuation_spaces_and_emoji_between_the_letters_change_nothing():
    disguised = " ".join(SENTENCE[:8]) + "·" + "🌙".join(SENTENCE[8:])
    ((left, right, kind),) = quoted(disguised, SENTENCE)
    assert (left, right, kind) == (disguised, SENTENCE, "exact")


def test_a_few_changed_words_make_one_near_span():
    changed = SENTENCE.replace("每一双", "所有的").replace("主人", "客人")
    ((left, _, kind),) = quoted(f"今天看到{changed}了", f"听说{SENTENCE}")
    assert kind == "near"
    assert changed[:-2] in left


def test_moved_clauses_are_found_on_their_own():
    first, second, between = "凌晨的豆浆铺最先亮灯", "最后一班公交司机来喝第一碗", "街上没有别人只有路灯"
    found = quoted(f"{second}，今天也一样下着小雨，{first}。", f"{first}，{between}，{second}。")
    assert [(left, kind) for left, _, kind in found] == [(second, "exact"), (first, "exact")]


def test_neighbours_that_changed_places_are_one_near_span():
    first, second = "凌晨的豆浆铺最先亮灯", "最后一班公交司机来喝第一碗"
    ((left, _, kind),) = quoted(f"{second}，{first}。", f"{first}，{second}。")
    assert (left, kind) == (f"{second}，{first}", "near")


@pytest.mark.parametrize("length", range(1, MIN_ISLAND + 3))
def test_a_run_counts_from_eight_letters(length):
    run = SENTENCE[:length]
    assert bool(spans(f"甲乙丙丁{run}戊己庚辛", f"子丑寅卯{run}辰巳午未")) == (length >= MIN_ISLAND)


def test_nothing_is_counted_twice():
    source = "一口锅炒了三十年的回锅肉"
    draft = f"{source}，{source}，{source}"
    left, right = clean(draft), clean(source)
    assert align(left, right).covered_draft(len(left.letters)).sum() == len(right.letters)


@pytest.mark.parametrize(("draft", "source"), [("", "有字"), ("有字", ""), ("", ""), ("🌙", "🌙")])
def test_texts_without_letters_have_no_spans(draft, source):
    assert spans(draft, source) == ()


@given(
    st.text(alphabet="春天里的风吹过山岗 ，。a1", max_size=60),
    st.text(alphabet="春天里的风吹过山岗 ，。a1", max_size=60),
)
def test_tiles_are_equal_letters_and_use_each_letter_once(draft, source):
    left, right = clean(draft), clean(source)
    tiles = align(left, right).tiles
    for tile in tiles:
        ours = left.letters[tile.draft : tile.draft + tile.length]
        assert ours == right.letters[tile.source : tile.source + tile.length]
    for start in ("draft", "source"):
        used = [i for tile in tiles for i in range(getattr(tile, start), getattr(tile, start) + tile.length)]
        assert len(used) == len(set(used))


@given(st.text(max_size=40), st.text(max_size=40), st.text(min_size=12, max_size=40))
def test_spans_lie_in_the_original_texts_whatever_unicode_comes_in(before, after, shared):
    draft, source = before + shared, shared + after
    for span in spans(draft, source):
        assert 0 <= span.draft[0] < span.draft[1] <= len(draft)
        assert 0 <= span.source[0] < span.source[1] <= len(source)
        if span.kind == "exact":
            assert clean(draft[slice(*span.draft)]).letters == clean(source[slice(*span.source)]).letters


def test_ten_thousand_letters_on_both_sides_are_bounded():
    long = "海风把盐吹进每一扇窗" * 1000
    assert align(clean(long), clean(long)).islands
