"""The tabs 修改, 批量, 复核, 语料 and 周报: driven by Streamlit's own test runner."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from originality.checker import Draft
from originality.decisions import DecisionFile
from originality.index import open_index
from originality.manuscripts import Manuscripts
from tests.brand_posts import COPIED, FRESH
from tests.pages import (
    TWO,
    address,
    body,
    decide,
    found,
    go,
    make_index,
    open_page,
    own_index,
    press,
    verdict,
)

Visit = Callable[..., AppTest]


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return own_index(tmp_path, monkeypatch)


# -- 修改 --------------------------------------------------------------------------------------------------------------


def test_the_fewest_sentences_to_rewrite_are_marked(index):
    page = go(open_page(TWO), "rewrite")
    page = press(page, "找出最少要改的句子")
    plan = "".join(re.findall(r'<ins class="o-change">(.*?)</ins>', body(page)))
    assert "老谭" in plan
    assert "搬家第三天" not in plan, "own words may stay"


def test_an_edited_draft_is_checked_again_beside_the_first(index):
    page = go(open_page(TWO), "rewrite")
    page.text_area(key="edit").set_value(FRESH)
    page = press(page, "再检测")
    assert verdict(page) != "抄袭"
    assert '<del class="o-change">' in body(page)
    assert "改前改后" in body(page)
    assert "这篇草稿没有触发警报" in body(page)
    page = press(page, "回到第 1 版")
    assert page.text_area(key="edit").value == TWO
    page = go(page, "check")
    assert page.text_area(key="draft").value == TWO


def test_without_a_draft_there_is_nothing_to_rewrite_or_review(index):
    assert "先在「检测」里放入一篇草稿" in body(go(open_page(), "rewrite"))
    assert "先在「检测」里放入一篇草稿" in body(go(open_page(), "review"))


def test_the_draft_survives_a_walk_through_the_tabs(index):
    page = open_page(COPIED)
    for tab in ("batch", "corpus", "review", "rewrite", "check"):
        page = go(page, tab)
    assert page.text_area(key="draft").value == COPIED
    assert verdict(page) == "抄袭"


# -- 复核 --------------------------------------------------------------------------------------------------------------


def test_a_verdict_is_set_aside_with_a_reason_by_somebody(index):
    page = go(open_page(COPIED, account="汀步茶室"), "review")
    page = decide(page, "override", who="小满", reason="我们先发的<b>")
    ((decision,), broken) = DecisionFile(index).read()
    assert (decision.choice, decision.who, decision.account, decision.verdict) == (
        "override",
        "小满",
        "汀步茶室",
        "copied",
    )
    assert broken == 0
    assert decision.check == address(page, "check")
    assert "我们先发的&lt;b&gt;" in body(page)
    pack = open_page(check=decision.check)
    assert pack.get("download_button")


@pytest.mark.parametrize(
    ("choice", "fields", "told"),
    [
        ("accept", {}, "请填你的名字"),
        ("override", {"who": "小满"}, "请写明理由"),
        ("ask", {"who": "小满", "reason": "拿不准"}, "请填要请教的同事"),
    ],
)
def test_what_is_missing_is_asked_for(index, choice, fields, told):
    page = decide(go(open_page(COPIED), "review"), choice, **fields)
    assert told in body(page)
    assert DecisionFile(index).read() == ([], 0)


def test_a_colleague_is_asked_and_the_list_can_be_narrowed(index):
    page = go(open_page(COPIED), "review")
    page = decide(page, "ask", who="小满", colleague="老周")
    page = decide(page, "accept", who="老周")
    assert "请同事看 · 老周" in body(page)
    page.multiselect(key="choices").select("认可结论").run()
    assert "请同事看 · 老周" not in body(page)
    assert [each.choice for each in DecisionFile(index).read()[0]] == ["ask", "accept"]


def test_a_damaged_line_of_decisions_is_counted(index):
    (index / "decisions.jsonl").write_text("kaputt\n", "utf-8")
    assert "1 行损坏" in body(go(open_page(), "review"))


# -- 批量 --------------------------------------------------------------------------------------------------------------


def batch_of(page: AppTest, *texts: str) -> AppTest:
    """Hand drafts in as an upload under 检测 does, and wait for the end."""
    drafts = tuple(Draft(text=text, id=f"=稿{number}") for number, text in enumerate(texts))
    page.session_state["waiting"] = [("稿.xlsx", Manuscripts(drafts))]
    page = go(page, "batch")
    page = press(page, f"开始检测 {len(texts)} 篇")
    end = time.monotonic() + 60
    while "o-table" not in body(page) and time.monotonic() < end:
        time.sleep(0.2)
        page.run()
    assert not page.exception
    return page


def test_a_batch_gives_a_table_and_each_draft_its_address(index):
    page = batch_of(open_page(), COPIED, FRESH, "好")
    table = found(r'<div class="o-table"(.*?)</table>', page)
    assert table.count("<tr>") == 4
    assert "抄袭" in table
    assert "无法判断" in table
    assert "麦岸烘焙 · 2026-11-02" in table
    id = re.findall(r'href="\?check=([\w-]{16})"', table)[0]
    assert verdict(open_page(check=id)) == "抄袭"


def test_a_batch_is_found_again_at_its_address_and_can_be_narrowed(index):
    id = address(batch_of(open_page(), COPIED, FRESH), "batch")
    page = open_page(tab="batch", batch=id)
    assert found(r'<div class="o-table"(.*?)</table>', page).count("<tr>") == 3
    page.multiselect(key="verdicts").select("抄袭").run()
    assert found(r'<div class="o-table"(.*?)</table>', page).count("<tr>") == 2
    page.text_input(key="find").set_value("没有这篇").run()
    assert found(r'<div class="o-table"(.*?)</table>', page).count("<tr>") == 1


def test_a_batch_that_is_gone_or_was_stopped_says_so(index):
    assert "不存在，或已超过" in body(open_page(tab="batch", batch="A" * 16))
    from originality.kept import KeptChecks

    with open_index(index) as opened:
        id = KeptChecks(opened).write({"batch": [], "total": 9, "finished": False, "failed": ""})
    assert "只有前 0 / 9 篇" in body(open_page(tab="batch", batch=id))


def test_tables_to_take_away_hold_no_formulas():
    import io

    import openpyxl

    from page import files

    rows = [
        {"草稿": "=HYPERLINK(1)", "n": 0.5},
        {"草稿": " +1", "n": 1},
        {"草稿": "@x\x07", "n": 2},
        {"草稿": "好", "n": 3},
    ]
    sheet = openpyxl.load_workbook(io.BytesIO(files.workbook(rows))).active
    assert [cell.data_type for cell in sheet["A"]] == ["s"] * 5
    assert sheet["A2"].value == "=HYPERLINK(1)"
    text = files.csv_text(rows).decode("utf-8-sig")
    assert "'=HYPERLINK(1)" in text
    assert "' +1" in text
    assert "'@x[U+0007]" in text
    assert json.loads(files.json_text(rows)) == rows
    assert files.csv_text([]) == "\ufeff".encode()


# -- 语料 --------------------------------------------------------------------------------------------------------------


def test_the_corpus_shows_accounts_and_freshness(index):
    page = go(open_page(), "corpus")
    assert "账号（3 个）" in body(page)
    assert "2026-11-12 20:05" in body(page)
    page.text_input(key="find_account").set_value("茶").run()
    assert "岔路口咖啡" not in found(r'<div class="o-table"(.*?)</table>', page)
    assert "没有丢弃任何内容" in body(page)


def test_what_was_dropped_is_listed_with_its_reason(index):
    with open_index(index) as opened:
        opened.store.record_dropped({("a.csv", "no text"): 3, ("b.csv", "<b>strange</b>"): 1})
    text = body(go(open_page(), "corpus"))
    assert "<td>3</td>" in text
    assert "&lt;b&gt;strange" in text


def test_posts_are_forgotten_only_when_somebody_is_sure(index):
    page = go(open_page(), "corpus")
    page.selectbox(key="forget_account").set_value("汀步茶室").run()
    assert "选中 3 条" in body(page)
    assert next(button for button in page.button if button.label == "删除").disabled
    page.checkbox(key="forget_sure").check().run()
    page = press(page, "删除")
    assert "已删除 3 条帖子" in body(page)
    with open_index(index) as opened:
        assert "汀步茶室" not in opened.accounts()
    assert "账号（2 个）" in body(page)


def test_an_empty_corpus_has_no_weeks_and_no_times(tmp_path, index, monkeypatch):
    monkeypatch.setenv("ORIGINALITY_INDEX", str(make_index(tmp_path / "none", [])))
    assert "没有带发布时间的帖子" in body(go(open_page(), "corpus"))
    assert "出不了周报" in body(go(open_page(), "report"))


# -- 周报 --------------------------------------------------------------------------------------------------------------


def test_the_weekly_report_is_made_and_can_be_taken_away(index):
    page = go(open_page(), "report")
    assert page.selectbox(key="week").options == ["2026-W46", "2026-W45"]
    page = press(page, "生成周报")
    labels = {button.proto.label for button in page.get("download_button")}
    assert labels >= {"HTML", "JSON"}
    assert address(page, "week") == "2026-W46"
