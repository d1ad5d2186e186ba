"""Words: what is counted as content, what as frame."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from originality import words
from originality.clean import clean
from originality.words import content_words, cut, skeleton
from tests.processes import run_python


def test_content_words_are_distinct_in_order_without_function_words():
    words = content_words(cut("我们的咖啡因为新鲜所以好喝,这个咖啡你们一定喜欢"))
    assert words == ("咖啡", "新鲜", "好喝", "喜欢")


def test_numbers_and_prices_keep_their_digits():
    assert {"19.9", "2020"} <= set(content_words(cut("2020年新款,只要19.9元")))


def test_single_characters_and_marks_are_no_content():
    assert content_words(cut("的 了 茶!?~【】")) == ()
    assert content_words(cut("")) == ()


def test_latin_words_are_in_lower_case():
    assert content_words(["iPhone".lower(), "iphone"]) == ("iphone",)
    assert content_words(cut("GORE-TEX面料")) == content_words(cut("gore-tex面料"))


def test_a_skeleton_keeps_the_frame_and_blanks_the_content():
    one = skeleton(cut("如果咖啡是你的早晨,那么奶茶就是你的下午"))
    other = skeleton(cut("如果跑步是你的早晨,那么瑜伽就是你的下午"))
    assert one == other
    assert "咖啡" not in one
    assert "如果" in one
    assert skeleton(cut("满300减50")) == skeleton(cut("满199减20"))
    assert "0" in skeleton(cut("满300减50"))


@given(st.text(max_size=60))
def test_words_of_any_cleaned_text_can_be_stored_side_by_side(text):
    tokens = cut(clean(text).text)
    for word in content_words(tokens):
        assert word == word.lower()
        assert len(word.split()) == 1  # the store joins them by blanks
    assert len(set(content_words(tokens))) == len(content_words(tokens))
    assert "_ _" not in " ".join(skeleton(tokens))


@pytest.mark.parametrize("text", ["新品上市", ""])
def test_cutting_says_nothing_on_the_terminal(text):
    assert run_python(f"from originality.words import cut; cut({text!r})") == ""


def test_words_are_cut_as_jieba_cuts_them():
    cutter = words._cutter()
    for text in (
        "",
        " \n",
        "一二三",
        "明天去北京大学图书馆看书,顺便喝一杯拿铁",
        "小魁说他昨儿在尕店买了俩馕",
        "C++ 和 C#,T恤3.5%起",
        "iPhone15 Pro真香!!",
        "\u3400\u3401好",
        "嗯嗯嗯嗯嗯",
        "龘靐齉爩麤",
        "2026年9月1日 10:30 开售",
        "a\tb  c",
        "\U00020000的字",
        "的了在是我有和就不人都一一个上也很到说要去你会着没有看好自己这",
    ):
        assert list(words._words(text)) == cutter.lcut(text)
