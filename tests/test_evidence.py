"""The evidence of a check as one file: all of it there, nothing loaded, nothing obeyed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest

from originality.checker import Checker
from originality.decisions import Decision
from originality.evidence import evidence_pack
from originality.kept import KeptCheck
from originality.models import Post
from originality.whatif import Exclusions
from tests.corpus import SOURCE, corpus, indexed
from tests.fakes import FakeEncoder

NOW = datetime(2026, 11, 25, 9, 30, tzinfo=UTC)
HOSTILE = (
    "<script>window.ran=1</script><img src=x onerror=alert(1)>雪季第一天，缆车还没开，我们已经煮好了第二锅姜茶\u202e。"
)
LOTTERY = "关注我们并转发这条微博，周五晚八点抽六位朋友送帆布袋一只。"


@pytest.fixture(scope="module")
def checker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Checker]:
    bad = Post(post_id="h1", account="<b>坏账号</b>", text=HOSTILE, url="javascript:alert(1)")
    linked = Post(
        post_id="l1",
        account="山脚茶摊",
        text=HOSTILE.replace("第二锅", "第三锅"),
        url='https://weibo.example/1?a=1&b="2',
    )
    with indexed(tmp_path_factory.mktemp("evidence") / "index", [*corpus(), bad, linked]) as index:
        yield Checker(index, FakeEncoder())


def pack(checker: Checker, draft: str, *decisions: Decision, **more: object) -> str:
    check = KeptCheck(result=checker.check(draft), at=NOW, account="城门钟表", id="AbCdEfGhIjKlMnOp", **more)  # type: ignore[arg-type]
    return evidence_pack(check, decisions, made_at=NOW)


def test_it_holds_all_that_a_stranger_needs(checker):
    draft = SOURCE + LOTTERY
    html = pack(checker, draft)
    for part in ("抄袭", "闻记钟表", "2026-09-01 10:00", "城门钟表", "AbCdEfGhIjKlMnOp", checker.index.info().stamp):
        assert part in html
    assert sha256(draft.encode()).hexdigest() in html
    assert sha256(SOURCE.encode()).hexdigest() in html
    assert "2026-11-25 17:30" in html, "times are Beijing's"
    assert html.count('<mark class="exact">') >= 3, "in the draft as a whole and on both sides of the pair"
    assert '<span class="common">' in html


def test_both_texts_stand_in_it_whole(checker):
    html = pack(checker, SOURCE)
    texts = [
        re.sub(r"<sup>.*?</sup>|<[^>]+>", "", text) for text in re.findall(r'<div class="text">(.*?)</div>', html, re.S)
    ]
    assert texts[:3] == [SOURCE] * 3


def test_it_loads_nothing_and_runs_nothing(checker):
    html = pack(checker, HOSTILE)
    assert "default-src 'none'" in html
    assert not re.search(r"<(script|img|iframe|link|b)\b", html)
    assert not re.search(r'<[^<>]*\b(src|href)="(?!https?://)', html)
    assert "url(" not in html
    assert "&lt;script&gt;" in html
    assert "\u202e" not in html
    assert "U+202E" in html


def test_only_web_addresses_are_links(checker):
    html = pack(checker, HOSTILE)
    assert "javascript:" not in html
    assert 'href="https://weibo.example/1?a=1&amp;b=&#34;2"' in html


def test_the_editors_word_is_in_it(checker):
    said = [
        Decision(check="x", choice="ask", who="小满", at=NOW, colleague="老周<i>"),
        Decision(check="x", choice="override", who="老周", at=NOW, reason="我们 8 月先发的"),
    ]
    html = pack(checker, SOURCE, *said)
    assert "请同事看：老周&lt;i&gt;" in html
    assert "不采纳结论 · 我们 8 月先发的" in html
    assert "尚无编辑意见" in pack(checker, SOURCE)


def test_what_was_left_out_is_told(checker):
    html = pack(checker, SOURCE, without=Exclusions(posts=frozenset({"a", "b"}), quotes=True, platform="weibo"))
    assert "2 个来源、引号和书名号内的文字、「weibo」以外的平台" in html


def test_sources_that_went_or_changed_are_told(checker):
    html = pack(checker, SOURCE, gone=2, changed=1)
    assert "2 个来源已不在语料库中" in html
    assert "1 个来源的文字被修改过" in html


def test_it_prints_on_a4(checker):
    html = pack(checker, SOURCE)
    assert "@page { size: A4" in html
    assert "print-color-adjust: exact" in html, "marks must not vanish on paper"


def test_english_by_switch(checker):
    check = KeptCheck(result=checker.check(SOURCE), at=NOW)
    html = evidence_pack(check, made_at=NOW, language="en")
    assert '<html lang="en">' in html
    assert "Evidence of an originality check" in html
    own = re.sub(r'<div class="text">.*?</div>|<ul>.*?</ul>|<h3>.*?</h3>|<p>.*?</p>', "", html, flags=re.S)
    assert not re.search(r"[\u4e00-\u9fff]", own), "nothing Chinese but what is quoted"


def test_a_draft_without_findings_has_a_pack_too(checker):
    html = pack(checker, "好")
    assert "无法判断" in html
    assert "来源对照" not in html


def test_its_looks_are_in_the_package():
    import originality

    assert (Path(originality.__file__).parent / "evidence.css").is_file()
