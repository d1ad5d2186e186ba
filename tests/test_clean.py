"""Cleaning: what is taken away, what stays, and the way back to every character of the original."""

from __future__ import annotations

import time
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from originality import clean as module
from originality.clean import MAX_PASSAGE_LETTERS, clean

# What stands in posts, in pieces that hypothesis puts together: every form we strip, its halves, and odd Unicode.
PIECES = st.sampled_from(
    [
        *("新品", "上市", "买一送一", "臺灣", "薴", "𠮷", "a", "O", "L", "2", "1"),
        *(",", "。", "!", "…", "...", "?", "~", "、", ":", "【", "】", "「", " ", "\n", "　"),
        *(
            "\u200b",
            "\ufeff",
            "\u202e",
            "\u2066",
            "\x00",
            "\ufffd",
            "\u0378",
            "\ud83d",
            "\udc00",
            "\ue627",
            "\U000fe4ed",
        ),
        *("①", "㎏", "Ⅷ", "ﬁ", "ﷺ", "½", "İ", "ß", "Å", "e\u0301", "\u0301", "\u20e3", "👨‍👩‍👧‍👦", "🇨🇳", "❤️"),
        *("#", "##", "#新品#", "[超话]", "@", "@小茶 ", "//@", "//@茶铺:", "[doge]", "[", "]"),
        *(
            "[组图共9张]",
            "原图",
            "全文",
            "展开c",
            "收起d",
            "收起全文d",
            "的微博视频",
            "网页链接",
            "O网页链接",
            "查看图片",
        ),
        *("转发微博", "Repost", "2上海·", "北京", "我投给了“", "”这个选项", "http://t.cn/A6xY", "https://", "www."),
        *("<br />", "<a href='x'>", "</a>", "<", ">", "&amp;", "&lt;", "&#39;", "&", "amp;", ";", "&nbsp;", "＆"),
        *("&amp;amp;", "&#x1f600;"),
    ]
)
POSTS = st.lists(PIECES | st.text(st.characters(), max_size=3), max_size=40).map("".join)
# Text without any mark that cleaning might read together with its neighbours.
PLAIN = st.text(st.sampled_from("春风十里不如你繁體裡ＡＢＣabc㎏①é。,!、😀"), min_size=1, max_size=60)


@given(POSTS)
@example("&amp;lt;b&amp;gt;")
@example("&am\u200bp;lt;")
@example("薴")
@example("收起" * 50)
@example("…全文" * 60)
def test_cleaning_twice_is_cleaning_once(text):
    once = clean(text)
    twice = clean(once.text)
    assert twice.text == once.text
    assert twice.letters == once.letters
    assert twice.passages == once.passages


def test_every_character_is_folded_for_good():
    for code in range(0x110000):
        folded = module._fold_char(chr(code))
        assert "".join(map(module._fold_char, folded)) == folded, hex(code)
        assert not any(unicodedata.category(char) in {"Cs", "Cn", "Mn", "Cf"} for char in folded), hex(code)


@given(POSTS)
def test_the_offset_map_is_monotone_and_in_range(text):
    cleaned = clean(text)
    assert cleaned.original == text
    assert len(cleaned.starts) == len(cleaned.ends) == len(cleaned.text)
    assert list(cleaned.starts) == sorted(cleaned.starts)
    assert list(cleaned.ends) == sorted(cleaned.ends)
    for start, end in zip(cleaned.starts, cleaned.ends, strict=True):
        assert 0 <= start < end <= len(text)


@given(POSTS)
def test_every_letter_stands_in_the_piece_of_the_original_that_it_points_to(text):
    cleaned = clean(text)
    for i, char in enumerate(cleaned.text):
        if char not in " \n":
            start, end = cleaned.original_span(i, i + 1)
            work = module._fold(text[start:end])
            work.resolve_entities()
            assert char in work.text


@given(PLAIN, st.data())
def test_the_quoted_original_of_a_span_cleans_to_the_span(text, data):
    cleaned = clean(text)
    if not cleaned.letters:
        return
    start = data.draw(st.integers(0, len(cleaned.letters) - 1))
    end = data.draw(st.integers(start + 1, len(cleaned.letters)))
    begin, stop = cleaned.original_letters(start, end)
    quoted = clean(text[begin:stop]).letters
    assert cleaned.letters[start:end] in quoted
    assert len(quoted) <= end - start + 2  # "㎏" is one character of the original, so half of it cannot be quoted


@given(POSTS)
def test_letters_are_the_alphanumeric_characters_of_the_text_in_lower_case(text):
    cleaned = clean(text)
    assert list(cleaned.letter_at) == [i for i, char in enumerate(cleaned.text) if char.isalnum()]
    assert len(cleaned.letters) == len(cleaned.letter_at)
    assert cleaned.letters.lower() == cleaned.letters or "İ" in text
    for letter, position in zip(cleaned.letters, cleaned.letter_at, strict=True):
        assert letter in {cleaned.text[position], cleaned.text[position].lower()}


@given(POSTS)
def test_passages_are_ordered_disjoint_and_hold_all_letters(text):
    cleaned = clean(text)
    assert all(start < end for start, end in cleaned.passages)
    borders = [border for passage in cleaned.passages for border in passage]
    assert borders == sorted(borders)
    inside = {i for start, end in cleaned.passages for i in range(start, end)}
    assert set(cleaned.letter_at) <= inside
    assert all(any(char.isalnum() for char in cleaned.text[start:end]) for start, end in cleaned.passages)


@given(POSTS)
def test_cleaned_text_is_tidy(text):
    cleaned = clean(text).text
    assert cleaned == cleaned.strip(" \n")
    assert "  " not in cleaned
    assert not any(pair in cleaned for pair in ("\n\n", " \n", "\n "))
    assert not any(unicodedata.category(char) in {"Cs", "Cn", "Cc", "Cf", "Mn"} and char != "\n" for char in cleaned)


@pytest.mark.parametrize(
    "piece",
    [
        *("啊", "a", "[", "#", "@", "//@", "[[[a]a]a]", "】", "&amp;", "&", "<a", " ", "? ", "好吃,", "http://"),
        *("O好", " 2好好·", "收起", "…全文", "小店的微博视频", "我投给了“", "我参与了"),
    ],
)
def test_a_megabyte_of_one_thing_ends_quickly(piece):
    text = piece * (1_000_000 // len(piece))
    start = time.process_time()
    cleaned = clean(text)
    assert time.process_time() - start < 20, "some seconds; what grew with the square takes hours"
    assert cleaned.ends[-1:] <= (len(text),)


def test_deep_nesting_ends_quickly():
    start = time.process_time()
    clean("[" * 300_000 + "a]" * 300_000)
    assert time.process_time() - start < 5


@pytest.mark.parametrize(
    ("original", "expected"),
    [
        # characters
        ("ＮＥＷ　新品１２３", "new 新品123"),
        ("一袋2㎏,Ⅷ折", "一袋2kg,viii折"),
        ("門市開幕,歡迎光臨", "门市开幕,欢迎光临"),
        ("新\u200b品\ufeff上\u2060市\u200b\u200b\u200b", "新品上市"),
        ("早安☀️今天也要👨‍👩‍👧好好喝茶🍵", "早安 今天也要 好好喝茶"),
        ("a\u0301b", "ab"),
        ("第一行\u2028第二行\r\n\r\n第三行", "第一行\n第二行\n第三行"),
        ("半个\ud83d表情", "半个 表情"),
        # emoji codes
        ("周末愉快[doge][笑cry]", "周末愉快"),
        ("谢谢大家[/心]", "谢谢大家"),
        ("第[1]条和[2024]年", "第[1]条和[2024]年"),
        # entities and tags
        ("买一送一&amp;第二杯半价&lt;限今日&gt;", "买一送一&第二杯半价<限今日>"),
        ("&quot;好茶&quot;&nbsp;慢慢喝", '"好茶" 慢慢喝'),
        ("&amp;amp;不是&amp;nbsp;乱码", "&不是 乱码"),
        ("AT&T;和R&D;都不是实体", "at&t;和r&d;都不是实体"),
        ("上新啦<br />就在<a href='/x'>这里</a>", "上新啦 就在 这里"),
        ('好看<span class="url-icon"><img alt=[doge] src="x"></span>吧', "好看 吧"),
        # topics, mentions, links, chain
        ("#秋天第一杯# 已经安排", "已经安排"),
        ("#微信[超话]# 今日签到", "今日签到"),
        ("感谢@茶研所 的推荐", "感谢 的推荐"),
        ("详情 http://t.cn/A6abcDE 戳这里", "详情 戳这里"),
        ("官网www.example.com/a?b=1,见", "官网 见"),
        ("这杯值得//@茶铺:新品上市//@店长:收到", "这杯值得"),
        ("转发理由来一杯 // @茶铺 :新品", "转发理由来一杯"),
        # tails of the platform and of exporters
        ("下午茶时间到\xa0[组图共9张]\xa0原图\xa0", "下午茶时间到"),
        ("原图直出的快乐", "原图直出的快乐"),
        ("一起看日落 小茶铺的微博视频", "一起看日落"),
        ("一起看日落L小茶铺的秒拍视频", "一起看日落"),
        ("今天的活动规则如下...全文", "今天的活动规则如下"),
        ("今天的活动规则如下… 展开c", "今天的活动规则如下"),
        ("今天的活动规则如下 全文", "今天的活动规则如下"),
        ("活动到此结束收起全文d", "活动到此结束"),
        ("活动到此结束收起d", "活动到此结束"),
        ("把全文读完再说", "把全文读完再说"),
        ("报名入口网页链接", "报名入口"),
        ("报名入口O网页链接 快来", "报名入口 快来"),
        ("看图 查看图片", "看图"),
        ("开奖啦 抽奖详情", "开奖啦"),
        ("转发微博", ""),
        ("轉發微博 ", ""),
        ("Repost", ""),
        ("转发微博赢好礼", "转发微博赢好礼"),
        ("入秋了 O夏末茶会|来就送杯子", "入秋了"),
        ("入秋了 \ue627夏末茶会", "入秋了"),
        ("Nike和ADIDAS都来了", "nike和adidas都来了"),
        ("O型血的朋友", "O型血的朋友"),
        ("等你来 2杭州·西湖边小店", "等你来"),
        ("等你来 2杭州市 收起d", "等你来"),
        ("今日 2杯半价", "今日 2杯半价"),
        ("我参与了小茶发起的投票 我投给了“奶盖”这个选项 你也快来表态吧~", ""),
    ],
)
def test_what_goes_and_what_stays(original, expected):
    assert clean(original).text == expected


def test_topics_and_mentions_are_kept_as_fields_in_order_and_once():
    cleaned = clean("#春茶上新# @小绿 今天上山 #采茶日记# @小红 #春茶上新# @小绿")
    assert cleaned.topics == ("春茶上新", "采茶日记")
    assert cleaned.mentions == ("小绿", "小红")
    assert cleaned.text == "今天上山"


def test_a_cut_off_chain_is_remembered():
    assert clean("说得好//@茶铺:原文").repost
    assert not clean("网址 http://t.cn/x @茶铺").repost


def test_spans_quote_the_original_through_every_step():
    original = "【臺北】 ＮＥＷ　&amp; 2㎏裝😀「春\u200b茶」上市#新品# 全文"
    cleaned = clean(original)
    assert cleaned.text == "【台北】 new & 2kg装 「春茶」上市"
    quotes = {"台北": "臺北", "new": "ＮＥＷ", "&": "&amp;", "kg装": "㎏裝", "春茶": "春\u200b茶"}
    for found, quoted in quotes.items():
        at = cleaned.text.index(found)
        start, end = cleaned.original_span(at, at + len(found))
        assert original[start:end] == quoted


def test_passages_are_sentences_and_short_ones_join_their_neighbours():
    cleaned = clean("早安!今天的第一杯咖啡喝了吗?本店周三起买一送一。快来!\n地址在人民路转角第三家")
    assert [cleaned.text[start:end] for start, end in cleaned.passages] == [
        "早安!今天的第一杯咖啡喝了吗?",
        "本店周三起买一送一。",
        "快来!\n地址在人民路转角第三家",
    ]


def test_long_sentences_are_cut_at_commas():
    cleaned = clean(",".join(["这一段大概有十二个汉字左右"] * 12) + "。")
    assert len(cleaned.passages) > 1
    assert all(sum(map(str.isalnum, cleaned.text[a:b])) <= MAX_PASSAGE_LETTERS + 13 for a, b in cleaned.passages)


def test_units_are_the_text_and_its_passages():
    assert clean("[doge]").units() == ()
    assert clean("只有一句话的帖子").units() == ("只有一句话的帖子",)
    assert clean("第一句话写在这里。第二句话写在那里。").units() == (
        "第一句话写在这里。第二句话写在那里。", "第一句话写在这里。", "第二句话写在那里。",
    )  # fmt: skip


@pytest.mark.parametrize("text", ["", " ", "\n\n", "👍👍", "[doge]", "\ud83d", "\u200b", "http://t.cn/A6", "#话题#"])
def test_nothing_of_ones_own_leaves_nothing(text):
    cleaned = clean(text)
    assert (cleaned.text, cleaned.letters, cleaned.passages, cleaned.units()) == ("", "", (), ())
