"""修改, 复核 and 不计入 down to their corners, by Streamlit's own test runner: plans, versions, undo, decisions."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from originality.calibrate import FEWEST_OF_A_KIND, Agreement
from originality.decisions import DecisionFile
from originality.errors import IndexFault
from originality.index import open_index
from originality.models import Post
from originality.whatif import Plan
from page import leaving, review
from tests.brand_posts import COPIED, FRESH
from tests.pages import (
    TWO,
    address,
    body,
    decide,
    draft_sheet,
    found,
    go,
    make_index,
    marked_words,
    open_page,
    own_index,
    press,
    verdict,
)

QUOTED = f"{FRESH}她说：“{COPIED}”"


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return own_index(tmp_path, monkeypatch)


def left_out(page: AppTest) -> list[str]:
    return list(page.multiselect(key="without").value)


def leave_out_first(page: AppTest) -> AppTest:
    button = next(each for each in page.button if each.label.startswith("不计入来源"))
    page = button.click().run()
    assert not page.exception
    return page


# -- 修改 --------------------------------------------------------------------------------------------------------------


def test_a_plan_is_gone_once_something_else_is_asked(index):
    page = press(go(open_page(TWO), "rewrite"), "找出最少要改的句子")
    assert "要改的句子" in body(page)
    page = go(page, "check")
    page.selectbox(key="account").set_value("汀步茶室").run()
    assert "要改的句子" not in body(go(page, "rewrite"))
    page = go(page, "check")
    page.text_area(key="draft").set_value(COPIED)
    assert "要改的句子" not in body(go(press(page, "检测"), "rewrite"))


def test_a_draft_that_no_sentence_saves_is_told_so(index, monkeypatch):
    def hopeless(checker: object, text: str, result: object, *more: object, **account: str) -> Plan:
        return Plan(stretches=((0, 12), (20, 30)), result=result)  # type: ignore[arg-type]

    monkeypatch.setattr("page.rewrite.fewest_rewrites", hopeless)
    page = press(go(open_page(COPIED), "rewrite"), "找出最少要改的句子")
    assert "标出的 2 句全部改写后仍会触发警报" in body(page)
    assert COPIED[:12] in body(page)


def test_checking_the_same_words_again_keeps_what_was_left_out(index):
    page = go(leave_out_first(open_page(COPIED)), "rewrite")
    page = press(page, "再检测")
    assert "改前改后" not in body(page), "there is one version only"
    assert left_out(go(page, "check"))


def test_an_edit_keeps_the_sources_left_out_and_forgets_stretches_by_their_place(index):
    page = leave_out_first(open_page(COPIED))
    stretch = next(code for code in page.multiselect(key="without").options if "“" in code)
    page.multiselect(key="without").select(stretch).run()
    kinds = {code[:2] for code in left_out(page)}
    assert kinds == {"s:", "p:"}
    page = go(page, "rewrite")
    page.text_area(key="edit").set_value(f"{COPIED}请早。{FRESH}")
    page = go(press(page, "再检测"), "check")
    assert {code[:2] for code in left_out(page)} == {"p:"}
    assert next(button for button in page.button if button.label == "撤销上一步").disabled


def test_changes_are_marked_on_both_sides(index):
    page = go(open_page("好" + TWO), "rewrite")
    page.text_area(key="edit").set_value(TWO + "完")
    page = press(page, "再检测")
    assert '<del class="o-change">好</del>' in body(page)
    assert '<ins class="o-change">完</ins>' in body(page)


# -- 不计入 ------------------------------------------------------------------------------------------------------------


def test_leaving_out_goes_back_step_by_step_whichever_way_it_was_done(index):
    page = open_page(QUOTED)
    before = verdict(page)
    assert "只有面团" in marked_words(body(page))
    page.multiselect(key="without").select("引号和书名号里的文字").run()
    assert left_out(page) == ["quotes"]
    assert "只有面团" not in marked_words(body(page))
    page = leave_out_first(press(page, "撤销上一步"))
    page = press(page, "撤销上一步")
    assert left_out(page) == []
    assert verdict(page) == before
    assert "只有面团" in marked_words(body(page))


class State(dict[str, list[Any]]):
    """What a visitor has, as Streamlit gives it: by key and by attribute."""

    __getattr__ = dict.__getitem__
    __setattr__ = dict.__setitem__


def test_an_impatient_second_click_counts_once(monkeypatch):
    state = State(without=["p:b1"], past=[])
    monkeypatch.setattr("streamlit.session_state", state)
    leaving.leave_out("p:b1")
    leaving._undo()
    assert state == {"without": ["p:b1"], "past": []}, "and where there is nothing to undo, nothing is undone"
    leaving.leave_out("p:c4")
    assert state == {"without": ["p:b1", "p:c4"], "past": [["p:b1"]]}


def test_a_source_left_out_that_has_left_the_index_is_still_named(index):
    page = leave_out_first(open_page(COPIED))
    id = address(page, "check")
    with open_index(index) as opened:
        opened.delete([left_out(page)[0].removeprefix("p:")])
    again = open_page(check=id)
    assert "已不在语料库的来源" in again.multiselect(key="without").options


def test_a_source_edited_since_is_shown_as_it_is_now_without_marks(index):
    id = address(open_page(COPIED), "check")
    make_index(index, [Post(post_id="b1", account="麦岸烘焙", text="改成了别的话，与面包无关，只说今天歇业一天。")])
    page = open_page(check=id)
    assert "有 1 个来源的文字被改过" in body(page)
    assert "只说今天歇业一天" in body(page)


def test_a_check_under_exclusions_is_opened_with_what_it_says_when_all_counts(index):
    id = address(leave_out_first(open_page(COPIED)), "check")
    page = open_page(check=id)
    assert len(left_out(page)) == 1
    assert len(page.multiselect(key="without").options) > 1, "what is left out now, and what else could be"


def test_more_sources_than_fill_a_screen_wait_folded(index):
    copies = [Post(post_id=f"k{n}", account=f"跟风{n}", text=COPIED.replace("老谭", f"老{n}")) for n in "一二三四"]
    make_index(index, copies)
    page = open_page(COPIED)
    assert len([button for button in page.button if button.label.startswith("不计入来源")]) == 3
    assert "<details><summary>" in body(page)


def test_a_doubt_is_said_beside_the_lanes(index):
    make_index(index, [Post(post_id="z", account="没写时间的", text=FRESH)])
    page = open_page(FRESH)
    assert "无法确认它早于这篇草稿" in found(r'<p class="o-caveat">(.*?)</p>', page)


def test_what_everybody_says_is_grey_with_how_many_say_it(index):
    formula = "关注并转发本条微博，抽三位朋友送帆布袋一只，周五晚上八点开奖"
    make_index(index, [Post(post_id=f"f{n}", account=f"号{n}", text=f"{word}{formula}") for n, word in enumerate(
        "码头的风今天改吹西南。|山里的杨梅只红十天。|旧书店关门前最好逛。|裁缝量衣从不报数。|雨季头一个晴天。|卖豆腐的敲梆子。".split("|")
    )])  # fmt: skip
    page = open_page(f"{COPIED}{formula}。")
    assert 'class="o-common"' in draft_sheet(page)
    assert found(r'<ul class="o-commons">(.*?)</ul>', page)


# -- 复核 --------------------------------------------------------------------------------------------------------------


def test_a_decision_that_cannot_be_stored_is_said(index, monkeypatch):
    def failing(self: object, decision: object) -> None:
        raise IndexFault("no room on the disk")

    page = go(open_page(COPIED), "review")
    monkeypatch.setattr(DecisionFile, "add", failing)
    page = decide(page, "accept", who="小满")
    assert "no room on the disk" in body(page)
    assert "意见已保存" not in body(page)


def test_many_decisions_are_listed_in_part(index, monkeypatch):
    monkeypatch.setattr(review, "LISTED", 1)
    page = go(open_page(COPIED), "review")
    page = decide(page, "accept", who="小满")
    page = decide(page, "accept", who="老周")
    assert "共 2 行，页面只列前 1 行" in body(page)


def test_a_verdict_of_another_version_is_listed_as_it_was_written(index):
    page = go(open_page(COPIED), "review")
    decide(page, "accept", who="小满")
    path = DecisionFile(index).path
    path.write_text(path.read_text("utf-8").replace('"copied"', '"plagiarised"'), "utf-8")
    assert "plagiarised" in body(open_page(tab="review"))


@pytest.mark.parametrize(
    ("figures", "told"),
    [
        ({}, f"认可、不采纳各满 {FEWEST_OF_A_KIND} 篇后对照"),
        ({"per_100": 2.0}, "仍误报 3 篇、漏掉 1 篇；合每 100 篇原创误报 2 篇"),
        ({"per_100": 6.0, "is_off": True, "proposed": 0.91}, "与测定不符，建议警报线 0.91"),
        ({"per_100": 6.0, "is_off": True}, "与测定不符，但定不出更低的线"),
        ({"other_judge": 5}, "另有 5 篇由另一版本判定，未计"),
    ],
)
def test_what_decisions_say_of_the_line_is_told(index, monkeypatch, figures, told):
    counted = review.agreements  # type: ignore[attr-defined]

    def measured(*arguments: object) -> list[Agreement]:
        (of_all, of_brand) = counted(*arguments)  # type: ignore[arg-type]
        return [replace(of_all, false_alarms=3, missed=1, **figures), of_brand]

    monkeypatch.setattr(review, "agreements", measured)
    page = decide(go(open_page(COPIED, account="汀步茶室"), "review"), "accept", who="小满")
    page.run()
    table = found(r'aria-label="警报线与校准"(.*?)</table>', page)
    assert told in table
    assert "<td>全部</td>" in table
    assert "<td>汀步茶室</td>" in table


def test_a_calibration_that_does_not_hold_is_said_where_alarms_are(index):
    (index / "calibration.json").write_text("{", "utf-8")
    assert "校准文件读不了" in body(open_page())
    assert "校准文件读不了" in body(go(open_page(), "review"))
