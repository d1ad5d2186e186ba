"""The page in a real browser: the main path of each tab, two visitors, a corpus that grows, hostile texts, axe.

One server for all of it, started as `originality app` does. Screenshots of every tab are left in `test-artefacts`.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from originality.build import build
from originality.embed import load_encoder
from originality.index import open_index
from originality.models import Post
from tests.brand_posts import COPIED, FRESH, POSTS
from tests.browsing import (
    HOSTILE,
    PATIENCE_MS,
    QUIET,
    TABS,
    await_verdict,
    check,
    fits,
    go,
    picture,
    served,
    settle,
)
from tests.pages import as_post, make_index

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine: chromium is not on the PATH"),
]
DRAFT = COPIED + "\n<img src=x onerror='window.ran = 1'><script>window.ran = 1</script>\u202e**粗体**"
expect = sync_api.expect
expect.set_options(timeout=PATIENCE_MS)


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    posts = [*map(as_post, ({**post, "url": f"https://weibo.example/{post['post_id']}"} for post in POSTS)), HOSTILE]
    return make_index(tmp_path_factory.mktemp("browser") / "index", posts, load_encoder("fast"), "fast")


@pytest.fixture(scope="module")
def address(index: Path) -> Iterator[str]:
    with served(index) as where:
        yield where


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with sync_api.sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield chromium
        chromium.close()


@pytest.fixture
def visitor(browser: Any, address: str) -> Iterator[Any]:
    """Give a function that opens the page as a new visitor; whatever is asked for must come from our own server."""
    contexts, asked = [], []

    def enter(query: str = "", width: int = 1280) -> Any:
        context = browser.new_context(viewport={"width": width, "height": 900})
        contexts.append(context)
        window = context.new_page()
        window.set_default_timeout(PATIENCE_MS)
        window.on("request", lambda asking: asked.append(asking.url))
        window.goto(address + query)
        window.locator(".st-key-tab").wait_for()
        return window

    yield enter
    for context in contexts:
        context.close()
    assert [url for url in asked if not url.startswith((address, "data:", "blob:", "about:"))] == []


@pytest.mark.parametrize("width", [1280, 390], ids=["desk", "phone"])
def test_from_paste_to_evidence(visitor: Any, width: int, tmp_path: Path) -> None:
    page = visitor(width=width)
    check(page, DRAFT)
    await_verdict(page, "抄袭")
    picture(page, f"check-{width}")

    settle(page)
    marks = page.locator(".o-sheet mark")
    assert "只有面团在箱子里悄悄长大" in "".join(marks.all_inner_texts())
    style = marks.first.evaluate("mark => getComputedStyle(mark).textDecorationLine")
    assert style == "underline", "told apart without colours too"
    card = page.locator("#s1")
    assert card.locator(".who").inner_text() == "麦岸烘焙"
    assert card.locator("time").inner_text() == "2026-11-02 07:30"
    assert card.locator("header a").get_attribute("href") == "https://weibo.example/b1"
    assert card.locator("header a").get_attribute("rel") == "noopener noreferrer"

    marks.first.click()
    page.wait_for_function("location.hash === '#s1'")
    assert page.evaluate("document.querySelector('#s1').getBoundingClientRect().top < innerHeight")
    card.locator(".o-pair a.to").first.click()
    page.wait_for_function("location.hash.startsWith('#s1t')")
    partner = page.evaluate("document.querySelector(location.hash).innerText")
    assert partner in COPIED, "a stretch leads to its partner in the source"

    sheet = page.locator(".o-sheet").evaluate("sheet => sheet.textContent")
    assert "<script>window.ran = 1" in sheet
    assert page.locator(".o-sheet img, .o-sheet script, .o-sheet strong").count() == 0
    assert page.evaluate("window.ran") is None
    ground = page.evaluate("getComputedStyle(document.querySelector('.stApp')).backgroundColor")
    assert ground == "rgb(251, 250, 247)", "our colours come along wherever the server was started"
    assert fits(page)

    with page.expect_download() as download:
        page.get_by_role("button", name="下载证据包").click()
    pack = tmp_path / "pack.html"
    download.value.save_as(pack)
    paper = page.context.new_page()
    paper.goto(pack.as_uri())
    assert "麦岸烘焙" in paper.inner_text("body")
    assert paper.evaluate("window.ran") is None
    assert paper.locator("img, script").count() == 0
    picture(paper, f"evidence-{width}")


def test_two_visitors_at_once_and_the_address_of_one_shown_to_the_other(visitor: Any) -> None:
    one, two = visitor(), visitor("?language=en")
    check(one, COPIED)
    two.get_by_label("Draft", exact=True).fill(FRESH)
    two.get_by_role("button", name="Check", exact=True).click()
    await_verdict(one, "抄袭")
    two.locator(".o-verdict").wait_for()
    assert "Copied" not in two.locator(".o-verdict").inner_text()
    one.wait_for_function("location.search.includes('check=')")
    colleague = visitor(one.evaluate("location.search"))
    await_verdict(colleague, "抄袭")
    expect(colleague.get_by_label("草稿", exact=True)).to_have_value(COPIED)


def test_leaving_the_sources_out_and_undoing_it(visitor: Any) -> None:
    page = visitor()
    check(page, COPIED)
    await_verdict(page, "抄袭")
    expect(page.locator("#s1 .who")).to_have_text("麦岸烘焙")
    page.get_by_role("button", name="不计入来源 1").click()
    expect(page.locator("#s1 .who")).to_have_text("岔路口咖啡")
    page.get_by_role("button", name="不计入来源 1").click()
    page.locator(".o-verdict:not(.copied)").wait_for()
    page.get_by_role("button", name="撤销上一步").click()
    await_verdict(page, "抄袭")


def test_what_another_process_collects_is_seen_without_a_restart(visitor: Any, index: Path) -> None:
    new = "立夏称人的老秤还挂在铺子梁上，今年最重的是隔壁的橘猫，十三斤四两，它的主人不肯认。"
    page = visitor()
    check(page, new)
    page.locator(".o-verdict").wait_for()
    assert "抄袭" not in page.locator(".o-verdict").inner_text()
    with open_index(index, encoder="fast", encoder_name=load_encoder("fast").name) as opened:
        build([Post(post_id="live", account="桥头秤行", text=new)], opened, load_encoder("fast"))
    check(page, new + "！")
    await_verdict(page, "抄袭")
    expect(page.locator("#s1 .who")).to_have_text("桥头秤行")


def test_hostile_posts_are_only_text(visitor: Any) -> None:
    page = visitor()
    check(page, HOSTILE.text)
    page.locator("#s1").wait_for()
    assert page.locator("#s1 .who").inner_text() == HOSTILE.account
    assert "<script>window.ran=1</script>" in page.locator("#s1 .o-pair").inner_text()
    assert page.locator("#s1 script, #s1 style, #s1 b, #s1 header a").count() == 0
    assert page.locator(".odd").count() >= 2
    assert page.evaluate("window.ran") is None


def test_rewriting_in_place(visitor: Any) -> None:
    page = visitor()
    check(page, FRESH + COPIED)
    page.locator(".o-verdict").wait_for()
    go(page, "rewrite")
    page.get_by_role("button", name="找出最少要改的句子").click()
    page.get_by_role("heading", name="要改的句子").wait_for()
    assert "搬家第三天" not in "".join(page.locator("ins.o-change").all_inner_texts())
    picture(page, "rewrite-1280")
    page.get_by_label("在这里改").fill(FRESH)
    page.get_by_role("button", name="再检测").click()
    page.get_by_role("heading", name="改前改后").wait_for()


def test_a_batch_is_left_and_found_again(visitor: Any) -> None:
    page = visitor("?tab=batch")
    rows = "文案\n" + COPIED + "\n" + FRESH + "\n"
    page.locator("input[type=file]").set_input_files(
        {"name": "=稿.csv", "mimeType": "text/csv", "buffer": rows.encode("utf-8")}
    )
    page.get_by_role("button", name="开始检测 2 篇").click()
    page.wait_for_function("location.search.includes('batch=')")
    back = visitor(page.evaluate("location.search"))
    table = back.get_by_role("region", name="批量")
    table.wait_for()
    assert table.locator("tbody tr").count() == 2
    assert "抄袭" in table.inner_text()
    picture(back, "batch-1280")
    with back.expect_download() as download:
        back.get_by_role("button", name="JSON").click()
    first, _ = json.loads(Path(download.value.path()).read_text("utf-8"))
    assert first["结论"] == "抄袭"


def test_a_decision_with_a_name_and_a_reason(visitor: Any) -> None:
    page = visitor()
    check(page, COPIED)
    await_verdict(page, "抄袭")
    go(page, "review")
    page.get_by_text("不采纳结论", exact=True).first.click()
    page.get_by_label("你的名字").fill("小满")
    page.get_by_label("理由").fill("我们先发的")
    page.get_by_role("button", name="提交意见").click()
    row = page.get_by_role("region", name="所有意见").locator("tbody tr").first
    row.wait_for()
    assert "我们先发的" in row.inner_text()
    picture(page, "review-1280")


def test_posts_are_imported_with_a_preview_and_columns_pointed_out(visitor: Any) -> None:
    page = visitor("?tab=corpus")
    page.get_by_role("region", name=re.compile("^账号")).wait_for()
    rows = "谁,说了啥\n槐树报亭,今天的晚报只剩三份，留给买烟的老程、等车的姑娘和下雨时没带伞的人。\n"
    page.locator("input[type=file]").set_input_files(
        {"name": "导出.csv", "mimeType": "text/csv", "buffer": rows.encode("utf-8")}
    )
    for label, column in (("帖子文字", "说了啥"), ("账号", "谁")):
        box = page.get_by_role("combobox", name=label, exact=True)
        box.scroll_into_view_if_needed()  # scrolling would close the list
        settle(page)
        box.fill(column)
        page.get_by_role("option", name=column, exact=True).click()
    page.get_by_role("region", name="导入帖子").locator("tbody tr", has_text="槐树报亭").wait_for()
    page.get_by_role("button", name="收进语料库").click()
    page.get_by_text("收好了：新增 1 条").wait_for()
    picture(page, "corpus-1280")
    assert "槐树报亭" in page.get_by_role("region", name=re.compile("^账号")).inner_text()


def test_the_weekly_report_in_the_page(visitor: Any) -> None:
    page = visitor("?tab=report")
    page.get_by_role("button", name="生成周报").click()
    page.get_by_role("button", name="XLSX").wait_for()
    report = page.frame_locator("iframe").locator("body")
    report.wait_for()
    assert "汀步茶室" in report.inner_text()
    picture(page, "report-1280")


@pytest.mark.parametrize("width", [1280, 390], ids=["desk", "phone"])
def test_axe_finds_nothing_serious_on_any_tab(visitor: Any, width: int) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-playwright-python is not installed")
    page = visitor(width=width)
    check(page, DRAFT)
    await_verdict(page, "抄袭")
    serious: dict[str, list[str]] = {}
    for tab in TABS:
        go(page, tab)
        page.wait_for_function(f"'{tab}' === 'check' || location.search.includes('tab={tab}')")
        settle(page)
        picture(page, f"tab-{tab}-{width}")
        assert fits(page), f"{tab} sticks out sideways"
        for found in axe.Axe().run(page).response["violations"]:
            if found["impact"] in {"serious", "critical"}:
                serious[f"{tab}: {found['id']}"] = [node["html"][:200] for node in found["nodes"][:3]]
    assert serious == {}


def test_everything_is_reached_by_keyboard(visitor: Any) -> None:
    page = visitor()
    page.get_by_label("草稿", exact=True).focus()
    page.keyboard.insert_text(COPIED)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.innerText") == "检测"
    page.keyboard.press("Enter")
    await_verdict(page, "抄袭")
    page.get_by_role("radiogroup", name="页面").locator("input").first.focus()
    page.keyboard.press("ArrowRight")
    page.get_by_role("button", name="找出最少要改的句子").wait_for()
