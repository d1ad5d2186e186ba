"""Drafts of one line: what is found, what is excused, and that spans and risks fit the rest of a result."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from originality import Checker, Settings
from originality.clean import clean
from originality.models import ALARMS, Post
from originality.score import load_model
from originality.short import LONGEST, SHORTEST, compare, extract
from originality.short.figures import Rarity, measure, pair, said
from originality.short.judge import CAUTION, NULL, evidence, rate, risk
from originality.short.lines import keys_of, letters_of
from tests.fakes import FakeEncoder
from tests.stores import START, grown

POSTER = "单手打开 秒分正反"
CUSTOM = "天冷了记得多喝热水"
LONG = (
    "门店这周换了新橱窗，两位店员从早上七点忙到中午，灯带、绿植和木架全是自己搭的。\n“窗外下雪 杯里开花”\n"
    "路过的朋友可以进来坐坐，喝杯热茶，也可以只看看窗子。"
)
PAIRS = json.loads((Path(__file__).parent / "short_pairs.json").read_text(encoding="utf-8"))


def post(number: int, text: str, account: str = "") -> Post:
    return Post(
        post_id=f"s{number}",
        account=account or f"账号{number}",
        text=text,
        published_at=START + timedelta(hours=number),
    )


def posts() -> list[Post]:
    spoken = [CUSTOM, CUSTOM + "呀", CUSTOM, "天冷了 记得多喝热水"]
    return [post(0, POSTER, "甲牌"), post(1, LONG, "乙牌"), *(post(2 + i, text) for i, text in enumerate(spoken))]


@pytest.fixture(scope="module")
def checker(tmp_path_factory):
    with grown(tmp_path_factory.mktemp("lines"), posts()) as index:
        yield Checker(index, FakeEncoder())


def figures_of(draft: str, source: str):
    rarity = Rarity({}, 0)
    ours, theirs = said(draft, rarity), said(source, rarity)
    return measure(ours, theirs, pair(ours, theirs))


# -- the whole check -----------------------------------------------------------------------------------------------


def test_a_poster_line_with_a_word_moved_and_one_changed_is_an_imitation(checker):
    result = checker.check("单手秒开 易分正反")
    assert result.verdict == "imitation"
    best = result.matches[0]
    assert (best.post_id, best.kind) == ("s0", "near")
    assert best.reasons
    for span in best.spans:
        assert POSTER[slice(*span.source)].replace(" ", "")
        if span.kind == "exact":
            assert letters_of(POSTER[slice(*span.source)]) == letters_of(result.draft[slice(*span.draft)])


def test_the_same_line_is_copied(checker):
    result = checker.check("单手打开，秒分正反！")
    assert (result.verdict, result.matches[0].kind, result.matches[0].post_id) == ("copied", "verbatim", "s0")
    assert result.originality < 0.1


def test_a_line_inside_a_longer_post_is_found_and_quoted(checker):
    result = checker.check("杯里开花 窗外下雪")
    best = result.matches[0]
    assert result.verdict in ALARMS
    assert best.post_id == "s1"
    assert {LONG[slice(*span.source)] for span in best.spans} == {"窗外下雪", "杯里开花"}


def test_what_several_accounts_say_accuses_nobody_and_is_grey(checker):
    result = checker.check(CUSTOM)
    assert result.verdict == "original"
    assert result.boilerplate[0].accounts >= 3
    assert result.risk < checker.in_force().model.review


def test_an_unlike_line_is_original(checker):
    result = checker.check("冰箱贴会记得你去过哪")
    assert result.verdict == "original"


def test_own_and_later_posts_accuse_nobody(checker):
    assert checker.check(POSTER, account="甲牌").verdict not in ALARMS
    assert checker.check(POSTER, before=START - timedelta(days=1)).verdict not in ALARMS


def test_reasons_follow_the_language(tmp_path):
    with grown(tmp_path, posts()) as index:
        checker = Checker(index, FakeEncoder(), Settings(language="en"))
        assert "counterpart" in checker.check("单手秒开 易分正反").matches[0].reasons[0]


# -- two lines -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("draft", "source", "change"),
    [
        ("诚心诚意", "橙心橙意", "sound"),
        ("5秒热一整天", "3秒热一整天", "number"),
        ("热一整夜冷半天", "冷半天热一整夜", "moved"),
    ],
)
def test_each_device_is_seen_as_what_it_is(draft, source, change):
    rarity = Rarity({}, 0)
    assert change in {each.change for each in pair(said(draft, rarity), said(source, rarity))}


def test_frames_are_compared_without_content():
    same = figures_of("不是所有咖啡都叫晨光", "不是所有雨伞都叫晚风")
    other = figures_of("咖啡晨光三十杯起订", "不是所有雨伞都叫晚风")
    assert same.frame > 0.6 > other.frame


def test_a_shared_product_name_alone_is_weak():
    name = figures_of("扫地机器人换新补贴", "扫地机器人也怕袜子")
    line = figures_of("扫地机器人最怕袜子", "扫地机器人也怕袜子")
    assert evidence(name) < evidence(line)


def test_a_word_that_many_posts_have_weighs_less():
    assert Rarity({"星芒": 4000}, 8000).bits("星芒") < Rarity({"星芒": 2}, 8000).bits("星芒")


@given(st.text(alphabet="单手打开秒分正反一不是的3 ，a", min_size=1, max_size=24), st.text(min_size=1, max_size=24))
def test_figures_are_in_range_and_a_line_has_all_of_itself(draft, other):
    ours, theirs = clean(draft).text, clean(other).text
    if letters_of(ours) and letters_of(theirs):
        found = figures_of(ours, theirs)
        assert all(0 <= value <= 1 for value in (found.share, found.order, found.frame))
    if len(letters_of(ours)) > 1:
        assert figures_of(ours, ours).share == pytest.approx(1.0)


# -- lines and keys ------------------------------------------------------------------------------------------------


def test_lines_of_a_long_post_are_its_short_sentences_and_quotations():
    found = {line.text: line.start for line in extract(LONG)}
    assert "窗外下雪 杯里开花" in found
    cleaned = clean(LONG)
    for text, start in found.items():
        letters = letters_of(text)
        assert SHORTEST <= len(letters) <= 24
        assert cleaned.letters[start : start + len(letters)] == letters


@pytest.mark.parametrize("credit", ["（via：新山社）", "图源：南风窗口", "视频来源：新山电视", "cr：logo9"])
def test_whose_picture_it_is_is_no_line(credit):
    text = f"今天在旧仓库门口守到了退潮，等了三个多小时，脚都站麻了，还好没有放弃。\n{credit}\n文具盒里住着夏天"
    assert [line.text for line in extract(text)] == ["文具盒里住着夏天"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("单手打开秒分正反", "单手秒开易分正反"),
        ("好柿成双甜过初恋", "好事成双甜过初恋"),
        ("7天无痕贴完就走", "10天无痕贴完就走"),
    ],
)
def test_lines_alike_share_keys(one, other):
    assert len(set(keys_of(one)) & set(keys_of(other))) >= 3


# -- the rule ------------------------------------------------------------------------------------------------------


def test_the_alarm_threshold_is_reached_by_half_as_many_lines_as_drafts():
    model = load_model()
    at = next(strength for per_100, strength in NULL if per_100 == 2.0 / CAUTION)
    assert risk(at, model) == pytest.approx(model.alarm, abs=1e-6)


@given(st.floats(-60, 60), st.floats(-60, 60))
def test_stronger_evidence_is_rarer_and_riskier(one, other):
    low, high = sorted((one, other))
    assert rate(low) >= rate(high)
    model = load_model()
    assert 0 <= risk(low, model) <= risk(high, model) <= 1


def test_the_pairs_are_what_they_say():
    assert sum(each["label"] == "imitation" for each in PAIRS if each["set"] == "held") >= 30
    assert sum(each["label"] == "coincidence" for each in PAIRS if each["set"] == "held") >= 30
    for each in PAIRS:
        for text in (each["source"], each["draft"]):
            assert SHORTEST <= len(clean(text).letters) <= LONGEST, text


def test_a_post_by_the_drafts_own_account_is_not_compared(checker):
    found = compare(clean(POSTER), checker.index, lambda each: each.account != "甲牌")
    assert all(each.post.account != "甲牌" for each in found)
