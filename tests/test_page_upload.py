"""Files handed in under 检测 and 批量, by Streamlit's own test runner: what becomes of each kind, and of bad ones."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from originality import Checker
from originality.errors import IndexFault
from originality.index import open_index
from originality.kept import KeptChecks
from page import batch
from tests.brand_posts import COPIED, FRESH
from tests.fakes import FakeEncoder
from tests.pages import address, body, found, go, open_page, own_index, press, upload, verdict

PATIENCE_S = 60


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return own_index(tmp_path, monkeypatch)


def csv(*texts: str) -> bytes:
    return "\n".join(["文案", *texts, ""]).encode()


def awaited(page: AppTest) -> AppTest:
    """Look again until the batch is done."""
    end = time.monotonic() + PATIENCE_S
    while "o-table" not in body(page) and time.monotonic() < end:
        time.sleep(0.1)
        page.run()
    assert not page.exception
    return page


# -- 检测 --------------------------------------------------------------------------------------------------------------


def test_a_document_is_one_draft_and_checked_at_once(index):
    page = upload(open_page(), "file", ("稿.txt", COPIED.encode("gb18030")))
    assert verdict(page) == "抄袭"
    assert page.text_area(key="draft").value == COPIED


def test_a_table_of_drafts_goes_to_the_batch(index):
    page = upload(open_page(), "file", ("稿.csv", csv(COPIED, FRESH)))
    assert address(page, "tab") == "batch"
    assert "共 2 篇草稿。品牌：不限" in body(page)
    assert awaited(press(page, "开始检测 2 篇")).query_params["batch"]


@pytest.mark.parametrize(
    ("file", "told"),
    [
        (("稿.docx", b"no document"), "稿.docx is damaged"),
        (("稿.txt", b"\xff\x00\x01\x02" * 40), "稿.txt is not text"),
        (("稿.csv", "品牌,日期\n麦岸烘焙,今天\n".encode()), "no column of drafts"),
        (("稿.txt", b" \n"), "文件里没有草稿文字"),
        (("稿.csv", csv("")), "文件里没有草稿文字"),
    ],
)
def test_a_file_without_a_draft_says_what_is_wrong_with_it(index, file, told):
    page = upload(open_page(), "file", file)
    assert told in found(r'<div class="o-say" role="alert">(.*?)</div>', page)
    assert "o-verdict" not in body(page)
    assert "o-say" not in body(page.run()), "said once"


def test_a_file_taken_away_again_leaves_the_draft(index):
    page = upload(open_page(), "file", ("稿.txt", COPIED.encode()))
    page.file_uploader(key="file").clear().run()
    assert not page.exception
    assert verdict(page) == "抄袭"


# -- 批量 --------------------------------------------------------------------------------------------------------------


def test_files_of_several_kinds_are_one_batch_and_what_is_wrong_is_said(index, monkeypatch):
    monkeypatch.setattr("originality.manuscripts.MOST_ROWS", 2)
    page = upload(
        open_page(tab="batch", account="汀步茶室"),
        "batch_file",
        ("一.txt", COPIED.encode()),
        ("二.csv", csv(FRESH, '" "', "好", "早", "晚")),
        ("三.docx", b"no document"),
    )
    text = body(page)
    assert "三.docx is damaged" in text
    assert "1 行没有文字，已略过" in text
    assert "后面 2 行没有读入" in text
    assert "共 3 篇草稿。品牌：汀步茶室" in text
    page = awaited(press(page, "开始检测 3 篇"))
    table = found(r'<div class="o-table"(.*?)</table>', page)
    assert table.count("<tr>") == 4
    assert "汀步茶室" in table


def test_progress_is_shown_while_the_batch_works_and_the_rest_is_saved_as_it_goes(index, monkeypatch):
    going, checked = threading.Event(), batch._row

    def slowly(*arguments: Any) -> dict[str, Any]:
        if arguments[2].text == "最后一篇":
            assert going.wait(PATIENCE_S)
        return checked(*arguments)

    monkeypatch.setattr(batch, "_row", slowly)
    page = upload(open_page(tab="batch"), "batch_file", ("稿.csv", csv(*(["好"] * batch.SAVED_EVERY), "最后一篇")))
    try:
        page = press(page, f"开始检测 {batch.SAVED_EVERY + 1} 篇")
        end = time.monotonic() + PATIENCE_S
        while len(saved(index, address(page, "batch"))["batch"]) < batch.SAVED_EVERY and time.monotonic() < end:
            time.sleep(0.05)
        page.run()
        assert "可以离开：检测会继续" in body(page)
        assert not saved(index, address(page, "batch"))["finished"]
    finally:
        going.set()
    assert found(r'<div class="o-table"(.*?)</table>', awaited(page)).count("<tr>") == batch.SAVED_EVERY + 2


def saved(index: Path, id: str) -> dict[str, Any]:
    with open_index(index) as opened:
        document = KeptChecks(opened).read(id)
    assert document
    return document


def test_a_batch_that_ends_while_its_progress_is_drawn_shows_its_table(index):
    class Ending(batch.Run):
        """Is at work when it is first asked, and done when it is asked again."""

        answers = iter((False, True))

        @property
        def finished(self) -> bool:
            return next(self.answers, True)

        @finished.setter
        def finished(self, value: bool) -> None:
            """Begin like any other."""

    with open_index(index) as opened:
        id = KeptChecks(opened).write({"batch": [], "total": 1, "finished": True, "failed": ""})
    batch._runs()[id] = Ending(total=1)
    page = open_page(tab="batch", batch=id)
    assert "o-table" in body(page)
    assert next(Ending.answers, None) is None


def test_a_batch_that_breaks_off_shows_what_it_has_and_why(index, monkeypatch):
    checked = batch._row

    def failing(*arguments: Any) -> dict[str, Any]:
        if arguments[2].text == FRESH:
            raise IndexFault("the index went away")
        return checked(*arguments)

    monkeypatch.setattr(batch, "_row", failing)
    page = upload(open_page(tab="batch"), "batch_file", ("稿.csv", csv(COPIED, FRESH)))
    page = awaited(press(page, "开始检测 2 篇"))
    assert "the index went away" in found(r'<div class="o-say" role="alert">(.*?)</div>', page)
    assert found(r'<div class="o-table"(.*?)</table>', page).count("<tr>") == 2


def test_a_batch_is_called_finished_when_its_end_can_be_read(index, monkeypatch):
    written: list[tuple[bool, bool]] = []
    run = batch.Run(total=0)

    class Recording(KeptChecks):
        def write(self, document: Mapping[str, Any], id: str = "") -> str:
            written.append((document["finished"], run.finished))
            return super().write(document, id)

    def refusing(*arguments: Any) -> str:
        raise IndexFault("the disk is full")

    with open_index(index) as opened:
        checker, kept = Checker(opened, FakeEncoder()), Recording(opened)
        id = kept.write({"finished": False})
        batch._work(checker, kept, [], "", run, id, threading.Lock())
        assert (written[-1], run.finished) == ((True, False), True)
        run.finished = False
        monkeypatch.setattr(KeptChecks, "write", refusing)
        with pytest.raises(IndexFault):
            batch._work(checker, kept, [], "", run, id, threading.Lock())
    assert run.finished, "else the page would wait for ever"


def test_a_long_batch_is_listed_in_part_and_taken_away_whole(index, monkeypatch):
    monkeypatch.setattr(batch, "LISTED", 2)
    page = upload(open_page(tab="batch"), "batch_file", ("稿.csv", csv("早", "晚", "好")))
    page = awaited(press(page, "开始检测 3 篇"))
    assert "共 3 行，页面只列前 2 行" in body(page)
    assert found(r'<div class="o-table"(.*?)</table>', page).count("<tr>") == 3


def test_a_check_of_one_draft_is_no_batch(index):
    id = address(open_page(COPIED), "check")
    assert "指向的批量检测不存在" in body(open_page(tab="batch", batch=id))
    assert verdict(go(open_page(check=id, tab="batch"), "check")) == "抄袭"
