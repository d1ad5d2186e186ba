"""The first tab and the frame of the page, driven by Streamlit's own test runner over a real small index."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from originality.models import Post
from tests.brand_posts import COPIED, FRESH, POSTS
from tests.fakes import FakeEncoder
from tests.pages import (
    PAGE,
    as_post,
    body,
    draft_sheet,
    found,
    make_index,
    marked_words,
    open_page,
    press,
    verdict,
)

LINK = "https://weibo.example/hostile?a=1&b=2"
HOSTILE_POST = Post(
    post_id="h1",
    account='<b onclick="x()">坏账号</b>',
    text="<script>window.ran = 1</script>雪季第一天，缆车还没开，我们已经在山脚煮好了第二锅姜茶。**粗体** </div>",
    published_at=datetime.fromisoformat("2026-11-01T23:30:00+00:00"),
    url="javascript:window.ran=1",
)
LINKED_POST = Post(
    post_id="l1",
    account="折角书店",
    text="闭店前十分钟，我们会把今天没人翻开的书挑一本放在门口的长椅上。谁坐下，谁就先认识它。",
    published_at=datetime.fromisoformat("2026-11-01T23:30:00+00:00"),
    url=LINK,
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    posts = [*map(as_post, POSTS), HOSTILE_POST, LINKED_POST]
    return make_index(tmp_path_factory.mktemp("page") / "index", posts)


Visit = Callable[..., AppTest]


@pytest.fixture
def visit(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Visit:
    """Open the page over the index of this file, unless another one is named."""
    monkeypatch.setattr("originality.checker.load_encoder", lambda name: FakeEncoder())

    def open_over(draft: str | None = None, index: Path = folder, **choices: str) -> AppTest:
        monkeypatch.setenv("ORIGINALITY_INDEX", str(index))
        return open_page(draft, **choices)

    return open_over


def test_a_new_visitor_sees_what_is_asked_and_of_which_index(visit):
    page = visit()
    assert "原创检测" in body(page)
    assert all(lane in body(page) for lane in ("抄文字", "套模板", "撞创意"))
    facts = "".join(part.body for part in page.sidebar.html)
    assert f"<dd>{len(POSTS) + 2}</dd>" in facts
    assert "fake@1" in facts
    assert "o-verdict" not in body(page)


def test_a_copied_draft_is_copied_and_its_words_are_marked(visit):
    page = visit(COPIED)
    assert verdict(page) == "抄袭"
    assert "只有面团在箱子里悄悄长大" in marked_words(draft_sheet(page))


def test_the_source_stands_beside_the_draft_with_account_date_and_link(visit):
    page = visit(LINKED_POST.text)
    card = found(r'(<article class="o-card" id="s1".*?</article>)', page)
    assert '<span class="who">折角书店</span>' in card
    assert "<time>2026-11-02 07:30</time>" in card, "times are Beijing's"
    assert 'href="https://weibo.example/hostile?a=1&amp;b=2" target="_blank" rel="noopener noreferrer"' in card
    draft, source = re.findall(r'<div class="o-text">(.*?)</div>', card, re.DOTALL)
    assert "谁坐下" in marked_words(draft)
    assert "谁坐下" in marked_words(source)


def test_marks_lead_to_their_source(visit):
    sheet = draft_sheet(visit(LINKED_POST.text))
    assert '<a class="to" href="#s1"' in sheet
    assert "<sup>1</sup>" in sheet


def test_a_draft_of_ones_own_is_original(visit, tmp_path, default_encoder, monkeypatch):
    """With the encoder of everyday: the bar for ideas is set for it."""
    monkeypatch.setattr("originality.checker.load_encoder", lambda name: default_encoder)
    page = visit(FRESH, index=make_index(tmp_path / "index", [*map(as_post, POSTS)], default_encoder, "default"))
    assert verdict(page) == "原创"
    assert not marked_words(body(page))
    lanes = found(r'<div class="o-lanes">(.*?</div>)</div>', page)
    assert all(answer in lanes for answer in ("未见照抄", "未见雷同", "未见相撞"))


def test_the_lanes_answer_apart_and_without_a_blended_figure(visit):
    lanes = found(r'<div class="o-lanes">(.*?</div>)</div>', visit(COPIED))
    assert re.findall(r"<h3>(.*?)</h3>", lanes) == ["抄文字", "套模板", "撞创意"]
    assert "照抄或改写" in lanes


@pytest.mark.parametrize("draft", ["", "  \n ", "🎉🎉✨", "#双十一# @麦岸烘焙 http://t.cn/A6x", "好"])
def test_what_cannot_be_judged_says_why(visit, draft):
    page = visit(draft)
    assert verdict(page) == "无法判断"
    assert len(found(r"</h2><p>(.*?)</p>", page)) >= 5


HOSTILE_DRAFT = (
    COPIED[:60]
    + "<script>window.ran=1</script></div><img src=x onerror='window.ran=1'> **粗** [链](javascript:alert(1)) $x^2$"
    + "\u202e反过来\u2066 零宽\u200b空格 &amp; <style>*{display:none}</style>\n第二行"
)


def test_a_hostile_draft_is_only_text(visit):
    html = body(visit(HOSTILE_DRAFT))
    tags = set(re.findall(r"<\s*/?\s*([a-zA-Z]+)", html))
    assert tags.isdisjoint({"script", "img", "style", "b", "iframe"})
    assert "&lt;script&gt;" in html
    assert "&amp;amp;" in html
    assert "**粗** [链](javascript:alert(1)) $x^2$" in html, "no Markdown"
    assert "\n第二行" in html, "lines stay"
    for character, name in (("\u202e", "U+202E"), ("\u2066", "U+2066"), ("\u200b", "U+200B")):
        assert character not in html
        assert f'<span class="odd">{name}</span>' in html


def test_a_hostile_post_is_only_text(visit):
    page = visit(HOSTILE_POST.text)
    html = body(page)
    assert verdict(page) == "抄袭"
    assert "&lt;b onclick=&#34;x()&#34;&gt;坏账号&lt;/b&gt;" in html
    assert "javascript:" not in html, "an address that is no web address becomes no link"
    assert "<script" not in html


def test_an_emoji_of_several_parts_stays_whole(visit):
    assert "👨\u200d👩\u200d👧" in body(visit(COPIED + "👨\u200d👩\u200d👧"))


def test_english_by_switch(visit):
    page = visit(COPIED)
    page.sidebar.radio[0].set_value("en").run()
    assert not page.exception
    assert verdict(page) == "Copied"
    assert page.text_area(key="draft").value == COPIED, "the draft survives the switch"
    assert "".join(page.query_params["language"]) == "en"
    reasons = found(r'<ul class="why">(.*?)</ul>', page)
    assert "characters are the same" in reasons


def test_language_and_brand_come_from_the_address(visit):
    page = visit(language="en", account="麦岸烘焙")
    assert "Has the idea been had?" in body(page)
    assert page.selectbox(key="account").value == "麦岸烘焙"
    assert "".join(page.query_params["account"]) == "麦岸烘焙"


def test_an_address_that_makes_no_sense_is_ignored(visit):
    assert "原创检测" in body(visit(language="xx<script>"))


def test_a_brand_that_the_index_does_not_know_is_ignored(visit):
    assert visit(account="没有这家").selectbox(key="account").value is None


def test_a_brand_can_be_picked_and_put_back(visit):
    page = visit(LINKED_POST.text, account="折角书店")
    page.selectbox(key="account").set_value(None).run()
    assert not page.exception
    assert verdict(page) == "抄袭"
    assert "account" not in page.query_params


def test_the_draft_never_enters_the_address(visit):
    assert set(visit(COPIED).query_params) == {"language", "check"}


def test_a_brands_own_posts_accuse_nobody(visit):
    page = visit(LINKED_POST.text, account="折角书店")
    assert verdict(page) != "抄袭"
    assert '<span class="who">折角书店</span>' not in body(page)


def test_the_example_fills_the_form(visit):
    page = press(visit(), "填入示例")
    assert not page.exception
    assert "扎营" in str(page.text_area(key="draft").value)
    assert "o-verdict" not in body(page), "filled in, not checked"


def test_a_missing_index_names_the_command(visit, tmp_path):
    page = visit(index=tmp_path / "nowhere")
    assert f"originality collect 文件或文件夹 --index {tmp_path / 'nowhere'}" in body(page)
    assert not page.text_area


def test_an_index_made_meanwhile_is_found(visit, tmp_path):
    page = visit(index=tmp_path / "later")
    make_index(tmp_path / "later", [LINKED_POST])
    page.run()
    assert not page.exception
    assert page.text_area(key="draft") is not None


def test_a_foreign_file_in_place_of_an_index_is_one_line(visit, tmp_path):
    (tmp_path / "posts.sqlite").write_bytes(b"not a database at all" * 100)
    page = visit(index=tmp_path)
    assert "o-say" in body(page)
    assert "Traceback" not in body(page)


def test_an_empty_index_says_so(visit, tmp_path):
    page = visit(COPIED, index=make_index(tmp_path / "index", []))
    assert "语料库是空的" in body(page)
    assert verdict(page) == "无法判断"


def test_both_languages_have_the_same_words():
    import tomllib

    words = tomllib.loads(PAGE.with_name("app.toml").read_text("utf-8"))
    assert words["zh"].keys() == words["en"].keys()
    blanks = {
        language: [sorted(re.findall(r"{(\w+)", text)) for text in words[language].values()]
        for language in ("zh", "en")
    }
    assert blanks["zh"] == blanks["en"]


def test_the_page_stays_small():
    assert len(PAGE.read_text("utf-8").splitlines()) < 200
