from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import get_args

import pytest

from originality.explain import VERDICT_NAMES, caveat_text, headline, kind_name, reasons
from originality.models import BEIJING, Caveat, CheckResult, Facts, IndexInfo, Match, MatchKind, Span, Verdict

FACTS = Facts(
    matched=41,
    longest="齿轮不会撒谎",
    answered=4,
    passages=5,
    in_order=True,
    rare_words=("齿轮", "放大镜"),
    numbers=("1968",),
)
MATCH = Match(
    post_id="p0",
    account="闻记钟表",
    published_at=datetime(2026, 9, 1, 10, tzinfo=BEIJING),
    url="",
    text="齿轮不会撒谎",
    risk=0.98,
    kind="near",
    containment_of_draft=0.7,
    containment_of_source=0.8,
    spans=(Span((0, 6), (0, 6), "exact"),),
    reasons=(),
)
RESULT = CheckResult(
    id="",
    verdict="copied",
    lane="wording",
    risk=0.98,
    originality=0.3,
    template_risk=0.1,
    idea_risk=0.1,
    matches=(MATCH,),
    index=IndexInfo(posts=8000, as_of=None, stamp="v1"),
)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_verdict_kind_and_caveat_has_its_words(language):
    assert set(VERDICT_NAMES[language]) == set(get_args(Verdict))
    assert len({kind_name(kind, language) for kind in get_args(MatchKind)}) == len(get_args(MatchKind))
    assert len({caveat_text(caveat, language) for caveat in get_args(Caveat)}) == len(get_args(Caveat))


def test_reasons_quote_and_count_and_name_no_percentage():
    first, words, numbers = reasons(FACTS, "near")
    assert "41" in first
    assert "齿轮不会撒谎" in first
    assert "齿轮、放大镜" in words
    assert "1968" in numbers
    assert "%" not in "".join(reasons(FACTS, "rewrite"))


@pytest.mark.parametrize(("answered", "told"), [(4, True), (1, False)])
def test_an_order_takes_two_sentences(answered, told):
    sentences = reasons(replace(FACTS, answered=answered), "rewrite")
    assert any(f"5 句中有 {answered} 句" in sentence for sentence in sentences)
    assert any("先后顺序也一致" in sentence for sentence in sentences) == told


def test_what_is_not_there_is_not_said():
    nothing = Facts(matched=0, longest="", answered=0, passages=1, in_order=False, rare_words=(), numbers=())
    assert reasons(nothing, "idea") == ()
    assert reasons(nothing, "template") != ()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, "主要文字来自「闻记钟表」 2026 年 9 月 1 日的帖子"),
        ({"verdict": "imitation"}, "标色部分的文字来自「闻记钟表」"),
        ({"verdict": "imitation", "matches": (replace(MATCH, kind="rewrite"),)}, "逐句对应"),
        ({"verdict": "review"}, "部分相同的文字"),
        ({"verdict": "review", "matches": (replace(MATCH, spans=()),)}, "用词不同"),
        ({"verdict": "review", "lane": "template"}, "句式结构"),
        ({"verdict": "review", "lane": "idea"}, "不算抄袭"),
        ({"verdict": "original", "lane": None}, "8,000 条帖子"),
        ({"verdict": "undetermined", "lane": None, "matches": (), "caveats": ("too_short",)}, "太短"),
    ],
)
def test_the_headline_says_what_was_found_and_what_to_do(changes, words):
    result = replace(RESULT, **changes)
    assert words in headline(result)
    english = headline(result, "en")
    assert english
    assert not any("\u4e00" <= char <= "\u9fff" for char in english.replace("闻记钟表", ""))


def test_the_headline_names_the_match_of_its_own_lane():
    other = replace(MATCH, post_id="p9", account="别家", template_risk=0.9, risk=0.1)
    result = replace(RESULT, verdict="review", lane="template", matches=(MATCH, other))
    assert "别家" in headline(result)


def test_further_sources_of_like_strength_are_counted():
    twice = replace(RESULT, matches=(MATCH, replace(MATCH, post_id="p1"), replace(MATCH, post_id="p2", risk=0.1)))
    assert "另有 1 个相似来源" in headline(twice)
