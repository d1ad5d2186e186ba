"""The address of a result, leaving things out, several visitors, and the login, by Streamlit's own test runner."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from originality.decisions import DecisionFile
from originality.index import open_index
from originality.models import Post
from tests.brand_posts import COPIED, FRESH, POSTS
from tests.pages import (
    PAGE,
    TWO,
    address,
    body,
    decide,
    found,
    go,
    make_index,
    marked_words,
    open_page,
    own_index,
    press,
    verdict,
)

Visit = Callable[..., AppTest]


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return own_index(tmp_path, monkeypatch)


def left_out(page: AppTest) -> list[str]:
    return list(page.multiselect(key="without").value)


# -- leaving things out ------------------------------------------------------------------------------------------------


def test_leaving_sources_out_changes_the_verdict_and_undo_brings_it_back(index):
    page = open_page(COPIED)
    assert verdict(page) == "抄袭"
    while sources := [button for button in page.button if button.label.startswith("不计入来源")]:
        page = sources[0].click().run()
        assert not page.exception
    assert verdict(page) != "抄袭"
    assert set(left_out(page)) >= {"p:b1", "p:c4"}
    for _ in range(len(left_out(page))):
        page = press(page, "撤销上一步")
    assert left_out(page) == []
    assert verdict(page) == "抄袭"


def test_leaving_a_stretch_out_takes_its_mark_away(index):
    page = open_page(TWO)
    before = marked_words(found(r'<div class="o-sheet">(.*?)<div class="o-legend">', page))
    stretch = next(code for code in page.multiselect(key="without").options if "“" in code)
    page.multiselect(key="without").select(stretch).run()
    assert not page.exception
    assert before
    assert before not in body(page) or verdict(page) != "抄袭"


def test_quotations_can_be_left_out_where_there_are_some(index):
    page = open_page(f"{FRESH}她说：“{COPIED}”")
    assert "引号和书名号里的文字" in page.multiselect(key="without").options
    assert "引号和书名号里的文字" not in open_page(COPIED).multiselect(key="without").options


def test_another_draft_starts_with_everything_counting(index):
    page = open_page(COPIED)
    page = next(b for b in page.button if b.label.startswith("不计入来源")).click().run()
    assert left_out(page)
    page.text_area(key="draft").set_value(COPIED + "再来。")
    page = press(page, "检测")
    assert left_out(page) == []


def test_the_same_draft_asked_again_leaves_out_what_was_left_out(index):
    page = open_page(COPIED)
    page = next(b for b in page.button if b.label.startswith("不计入来源")).click().run()
    before = left_out(page)
    page = press(page, "检测")
    assert left_out(page) == before != []


def test_only_posts_of_the_platform_count(index, tmp_path):
    make_index(index, [Post(post_id="d1", account="麦岸抖音", text=FRESH, platform="douyin")])
    page = open_page(COPIED)
    page.selectbox(key="platform").set_value("douyin").run()
    assert not page.exception
    assert verdict(page) != "抄袭"


# -- the address -------------------------------------------------------------------------------------------------------


def test_a_colleague_finds_the_same_result_at_the_address(index):
    first = open_page(COPIED, account="汀步茶室")
    id = address(first, "check")
    assert id
    second = open_page(check=id)
    assert verdict(second) == "抄袭"
    assert second.text_area(key="draft").value == COPIED
    assert second.selectbox(key="account").value == "汀步茶室"
    assert address(second, "check") == id, "looking is not checking anew"


def test_what_was_left_out_is_left_out_at_the_address_too(index):
    first = open_page(COPIED)
    first = next(b for b in first.button if b.label.startswith("不计入来源")).click().run()
    second = open_page(check=address(first, "check"))
    assert left_out(second) == left_out(first)
    assert verdict(second) == verdict(first)


@pytest.mark.parametrize("id", ["AAAAAAAAAAAAAAAA", "../../../etc/hosts", "<script>"])
def test_an_address_that_leads_nowhere_says_so(index, id):
    page = open_page(check=id)
    assert "不存在，或已超过 30 天" in body(page)
    assert page.text_area(key="draft") is not None


def test_a_source_that_is_gone_is_said_at_the_address(index):
    id = address(open_page(COPIED), "check")
    with open_index(index) as opened:
        opened.delete(["b1"])
    page = open_page(check=id)
    assert "1 个来源已从语料库删除" in body(page)
    assert "麦岸烘焙</span>" not in body(page)


def test_nothing_is_kept_where_the_setting_says_so(index, monkeypatch):
    monkeypatch.setenv("ORIGINALITY_KEEP_DAYS", "off")
    page = open_page(COPIED)
    assert verdict(page) == "抄袭"
    assert address(page, "check") == ""
    assert "没有可以分享的链接" in body(page)
    assert not list(index.glob("checks/*"))
    assert "不能复核" in body(go(page, "review"))
    assert "--batch" in body(go(page, "batch"))


def test_a_new_post_counts_without_a_restart(index):
    page = open_page(FRESH)
    assert verdict(page) != "抄袭"
    make_index(index, [Post(post_id="new", account="新来的", text=FRESH)])
    page.text_area(key="draft").set_value(FRESH + " ")
    page = press(page, "检测")
    assert verdict(page) == "抄袭"
    assert "新来的" in body(page)
    assert f"<dd>{len(POSTS) + 1}</dd>" in "".join(part.body for part in page.sidebar.html)


def test_two_visitors_do_not_disturb_each_other(index):
    one, two = open_page(COPIED), open_page(FRESH, language="en")
    one.run()
    two.run()
    assert verdict(one) == "抄袭"
    assert verdict(two) in {"Original", "Worth a look"}
    assert one.text_area(key="draft").value == COPIED


# -- login -------------------------------------------------------------------------------------------------------------


def test_without_a_login_the_page_says_that_it_is_for_this_machine(index):
    assert "本页只能在这台电脑上打开" in "".join(part.body for part in open_page().sidebar.html)


@pytest.mark.parametrize("listening", ["0.0.0.0", "", "192.168.1.7", "intranet.example"])
def test_without_a_login_nobody_is_let_in_from_elsewhere(index, monkeypatch, listening):
    import streamlit as st

    real = st.get_option
    monkeypatch.setattr(st, "get_option", lambda name: listening if name == "server.address" else real(name))
    page = open_page()
    assert "没有设置登录" in body(page)
    assert not page.text_area
    assert not page.radio(key="language").disabled


def test_with_a_login_a_stranger_sees_only_the_door(index):
    page = AppTest.from_file(str(PAGE), default_timeout=120)
    page.secrets["auth"] = {"client_id": "x"}
    page.run()
    assert not page.exception
    assert "请先登录" in body(page)
    assert [button.label for button in page.button] == ["登录"]


def test_a_visitor_who_is_logged_in_decides_under_that_name(index, monkeypatch):
    import streamlit as st

    monkeypatch.setattr(st, "user", {"is_logged_in": True, "name": "小满 **x**"})
    page = AppTest.from_file(str(PAGE), default_timeout=120)
    page.secrets["auth"] = {"client_id": "x"}
    page.run()
    page.text_area(key="draft").set_value(COPIED)
    page = go(press(page, "检测"), "review")
    assert page.text_input(key="who").value == "小满 **x**"
    assert page.text_input(key="who").disabled
    decide(page, "accept")
    assert DecisionFile(index).read()[0][0].who == "小满 **x**"
