"""The switch to English through all six tabs, the report, and the pieces of HTML; by Streamlit's own test runner."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from originality.errors import IndexFault
from originality.markup import mark_draft
from originality.models import BEIJING, Boilerplate, CheckResult, IndexInfo
from page import html, visit, weekly
from page.reasons import reason_name
from page.words import WORDS
from tests.brand_posts import COPIED, FRESH
from tests.pages import PAGE, TWO, address, body, go, open_page, own_index, press, upload, verdict

TABS = ("check", "rewrite", "batch", "review", "corpus", "report")
WIDGETS = ("button", "radio", "text_area", "text_input", "selectbox", "multiselect", "checkbox", "file_uploader")
SHORTEST = 4  # characters of a phrase that cannot be anything but the page's own


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return own_index(tmp_path, monkeypatch)


def chinese_of_the_page(page: AppTest) -> list[str]:
    """Return the page's own Chinese phrases that are drawn."""
    labels = [getattr(each, "label", "") for kind in WIDGETS for each in page.main.get(kind)]
    drawn = "\n".join([body(page), *labels])
    pieces = {
        piece
        for key, phrase in WORDS["zh"].items()
        if key != "example_draft"
        for piece in re.split(r"{.*?}", phrase)
        if len(piece) >= SHORTEST and re.search(r"[\u4e00-\u9fff]", piece)
    }
    return sorted(piece for piece in pieces if piece in drawn)


def test_every_tab_speaks_english_once_the_switch_is_set(index):
    page = open_page(TWO, account="岔路口咖啡")
    assert chinese_of_the_page(page)
    page.sidebar.radio(key="language").set_value("en").run()
    said = {}
    for tab in TABS:
        page = go(page, tab)
        assert address(page, "language") == "en"
        assert chinese_of_the_page(page) == [], tab
        said[tab] = body(page)
    assert "Close imitation" in said["check"]
    assert "2026-11-12 20:05" in said["corpus"]


def test_what_is_done_is_answered_in_english_too(index):
    page = press(go(open_page(TWO, language="en"), "rewrite"), "Find the fewest sentences to rewrite")
    assert "Rewrite the 2 marked sentences" in body(page)
    page.text_area(key="edit").set_value(FRESH)
    page = press(page, "Check again")
    assert "Before and after" in body(page)
    page = go(page, "review")
    page.text_input(key="who").set_value("Xiaoman")
    page = press(page, "Submit")
    assert "Stored." in body(page)
    page = upload(go(page, "batch"), "batch_file", ("drafts.txt", COPIED.encode()))
    assert "1 drafts. Brand: Any" in body(page)
    page = upload(go(page, "corpus"), "import_file", ("export.csv", f"who,said\n甲,{FRESH}\n".encode()))
    page.selectbox(key="map_text").set_value("said").run()
    assert chinese_of_the_page(page) == []
    page = press(go(page, "report"), "Make the report")
    assert chinese_of_the_page(page) == []
    assert {button.proto.label for button in page.get("download_button")} >= {"HTML", "JSON"}


def test_why_an_item_was_dropped_is_said_in_the_readers_language_where_it_is_known(index):
    assert reason_name("no text") != "no text"
    assert reason_name("something new") == "something new"


# -- 周报 --------------------------------------------------------------------------------------------------------------


def test_a_report_is_made_once_and_shown_to_the_next_visitor_at_once(index, monkeypatch):
    press(open_page(tab="report", week="2026-W45"), "生成周报")
    made = dict(weekly._reports())
    assert [key[2:] for key in made if key[0] == str(index)] == [("2026-W45", "zh")]

    def never(*arguments: object, **more: object) -> None:
        raise AssertionError("made again")

    monkeypatch.setattr(weekly, "compile_report", never)
    page = press(open_page(tab="report", week="2026-W45"), "生成周报")
    assert page.get("download_button")
    page.selectbox(key="week").set_value("2026-W46").run()
    assert "周报要把这一周的每条帖子" in body(page), "another week is another report"


def test_a_report_of_before_an_import_is_made_anew(index):
    press(open_page(tab="report"), "生成周报")
    page = upload(open_page(tab="corpus"), "import_file", ("一.csv", f"account,text\n甲,{FRESH}\n".encode()))
    press(page, "收进语料库")
    press(open_page(tab="report"), "生成周报")
    assert len([key for key in weekly._reports() if key[0] == str(index)]) == 1, "the old one is let go"


def test_a_report_that_fails_is_one_line(index, monkeypatch):
    def failing(*arguments: object, **more: object) -> None:
        raise IndexFault("the index went away")

    monkeypatch.setattr(weekly, "compile_report", failing)
    page = press(open_page(tab="report"), "生成周报")
    assert "the index went away" in body(page)
    assert not page.get("download_button")


def test_a_week_that_the_address_makes_up_is_ignored(index):
    assert open_page(tab="report", week="1999-W99").selectbox(key="week").value == "2026-W46"


# -- the frame ---------------------------------------------------------------------------------------------------------


def test_the_demo_is_shown_where_it_is_there_and_no_other_index_is_named(tmp_path, monkeypatch):
    monkeypatch.delenv("ORIGINALITY_INDEX", raising=False)
    monkeypatch.chdir(tmp_path)
    assert visit.folder() == "index"
    (tmp_path / "index" / "demo").mkdir(parents=True)
    assert visit.folder() == "index/demo"
    monkeypatch.setenv("ORIGINALITY_INDEX", "index/brand")
    assert visit.folder() == "index/brand"


def test_a_tab_that_the_address_makes_up_is_ignored(index):
    assert open_page(tab="nowhere").radio(key="tab").value == "check"


def test_an_address_that_leads_nowhere_leaves_the_draft_at_hand_alone(index):
    page = open_page(COPIED)
    own = address(page, "check")
    page.query_params["check"] = "A" * 16
    page.run()
    assert "指向的检测不存在" in body(page)
    assert verdict(page) == "抄袭", "the draft at hand stays"
    assert address(page, "check") == own
    assert "指向的检测不存在" not in body(page.run()), "said once"


def test_whoever_has_no_name_is_called_by_address_or_number(index, monkeypatch):
    import streamlit as st

    for user, name in (({"email": "a@b.example"}, "a@b.example"), ({"sub": "42"}, "42")):
        monkeypatch.setattr(st, "user", {"is_logged_in": True, **user})
        page = AppTest.from_file(str(PAGE), default_timeout=120)
        page.secrets["auth"] = {"client_id": "x"}
        page.run()
        assert not page.exception
        assert f"{name} · 退出" in [button.label for button in page.sidebar.button]


def test_secrets_without_a_login_are_no_login(index):
    page = AppTest.from_file(str(PAGE), default_timeout=120)
    page.secrets["database"] = "x"
    page.run()
    assert not page.exception
    assert "本页只能在这台电脑上打开" in "".join(part.body for part in page.sidebar.html)


# -- pieces of HTML ----------------------------------------------------------------------------------------------------

PLAIN = CheckResult(
    id="", verdict="original", risk=0.0, originality=1.0, template_risk=0.0, idea_risk=0.0,
    index=IndexInfo(posts=3, as_of=None, stamp="v;fake"), draft="转发抽奖。早。",
    boilerplate=(Boilerplate(span=(0, 4), posts=0, accounts=0), Boilerplate(span=(4, 5), posts=7, accounts=3)),
)  # fmt: skip


def test_a_fixed_formula_has_no_count_and_what_others_say_has_one():
    items = html.commons(PLAIN)
    assert "常见的固定说法" in items
    assert "7 条、3 个账号都这么说" in items
    drawn = html.marked(mark_draft(PLAIN), linked=True)
    assert "<sup>7</sup>" in drawn
    assert "<sup>0</sup>" not in drawn


def test_times_are_beijings_and_a_missing_one_is_said():
    from datetime import datetime

    assert html.date(datetime(2026, 11, 2, 7, 30, tzinfo=BEIJING)) == "2026-11-02 07:30"
    assert html.date(None) == "时间不详"


def test_an_excerpt_is_one_line():
    assert html.excerpt("一\n二 \t三") == "一 二 三"
    assert html.excerpt("字" * 30) == "字" * 24 + "…"
