"""The page of a report: whole, self-contained, escaped, bounded, and sensible when there is little to say."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable
from datetime import timedelta

import pytest

from originality.report import Report
from originality.report.forms.cards import MOST_CARDS
from originality.report.forms.charts import heat
from originality.report.forms.marks import MOST, mark
from originality.report.forms.page import render
from originality.report.forms.picture import label
from originality.report.forms.say import change_text, days_text, lag_text, risk_text, time_text
from originality.report.forms.shown import is_link, shown
from originality.report.forms.words import PHRASES, Words
from originality.report.records import Days, Figure
from originality.settings import Language
from tests.report_forms import (
    OWN,
    TEA,
    Page,
    changed,
    compiled,
    demo_report,
    many_events,
    small_report,
    twenty_accounts,
)
from tests.weekly import COFFEE, HIDDEN, POSTS, WEEK, at, post

ZH, EN = Words("zh"), Words("en")
LIMIT = 3_000_000  # bytes: what every mail server takes
EVIL = (
    "\"'></text></svg></style><script>alert(1)</script><img src=x onerror=alert(1)>{{ 7*7 }}$x^2$"
    "\u202e反\u200b零\ud83d\x00&amp;"
)
FOREIGN = frozenset(
    "text account accounts url one other leader first follower own rival name words phrases reasons names".split()
)


@functools.cache
def page_of(make: Callable[[], Report], language: Language = "zh") -> str:
    return render(make(), language)


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("make", [demo_report, small_report])
def test_the_page_is_whole_and_needs_nothing_else(make: Callable[[], Report], language: Language) -> None:
    report, html = make(), page_of(make, language)
    page = Page(html)
    assert page.open == []
    assert {"script", "img", "link", "iframe", "object", "image", "form"}.isdisjoint(page.tags)
    posts = {quote.url for event in report.events for quote in (event.draft, event.source)}
    outside = [link for link in page.links if not link.startswith("#")]
    assert set(outside) <= posts
    assert not any(name.startswith("on") for name in page.attributes)
    assert re.findall(r"url\((?!#)|@import|xmlns|//www", html) == []
    anchors = set(re.findall(r' id="([^"]+)"', html))
    assert len(re.findall(r' id="([^"]+)"', html)) == len(anchors), "no id twice"
    assert {link[1:] for link in page.links if link.startswith("#")} <= anchors
    assert set(re.findall(r"url\(#([^)]+)\)", html)) <= anchors


def test_the_page_says_who_followed_whom() -> None:
    text = Page(page_of(small_report)).text
    assert "检查了 10 条帖子，5 起文字与别家更早的帖子高度相似，其中我们像别人 3 起，别人像我们 1 起。" in text
    assert "2026 年 5 月 11 日（周一） — 5 月 17 日（周日）" in text
    assert "晚 3 天 2 小时" in text
    assert "先后不明" in text
    assert "3 次（含回看 3）；中位晚 3 天 2 小时" in text
    assert "太少，说不准" in text
    assert HIDDEN in text, "shown as it was written"
    english = Page(page_of(small_report, "en")).text
    assert "wording close to another account’s earlier post: 5 (ours like theirs 3, theirs like ours 1)" in english
    assert "too few to tell" in english


def test_every_chart_has_its_table() -> None:
    html = page_of(demo_report)
    sections = re.split(r'<h2 id="', html)[1:]
    drawn = {part.split('"')[0]: part for part in sections if "<svg" in part}
    assert drawn.keys() == {"chains", "pairs", "topics", "directions", "accounts", "hours", "occasions"}
    for part in drawn.values():
        pictures = len(re.findall(r"<svg(?! role=\"img\" class=\"chain\")", part))
        assert len(re.findall("<table", part)) >= max(1, pictures)
    assert len(re.findall("<svg", html)) == len(re.findall(r'<svg role="img"[^>]*aria-label="[^"]', html))


def test_charts_write_their_names_as_text_in_no_font_of_this_machine() -> None:
    pictures = "".join(re.findall(r"<svg.*?</svg>", page_of(demo_report), re.S))
    assert pictures.count(f">{OWN}</text>") >= 2
    assert "DejaVu" not in pictures
    assert "<style" not in pictures


def test_nothing_of_a_post_runs_or_breaks_the_page() -> None:
    html = render(changed(demo_report(), lambda text: text[:3] + EVIL + text[3:], FOREIGN))
    html.encode("utf-8")  # no lone surrogate is left
    page = Page(html)
    assert page.open == []
    assert {"script", "img"}.isdisjoint(page.tags)
    assert page.tags.count("style") == 1
    assert page.tags.count("svg") == Page(page_of(demo_report)).tags.count("svg")
    assert "{{ 7*7 }}" in page.text
    assert "$x^2$" in page.text
    assert not re.search("[\u202a-\u202e\u200b\ud800-\udfff\x00]", html)
    assert "U+202E" in page.text
    assert [link for link in page.links if "script" in link] == []


def test_links_lead_to_posts_and_nowhere_else() -> None:
    links = [link for link in Page(page_of(small_report)).links if not link.startswith("#")]
    assert set(links) == {"https://weibo.example/lead-1"}, "the javascript: address is none"


# -- little to say -----------------------------------------------------------------------------------------------------


def test_an_empty_week_says_so() -> None:
    report = compiled(POSTS, "2026-W24", TEA)
    chinese, english = Page(render(report)), Page(render(report, "en"))
    assert "索引里没有这段时间的帖子" in chinese.text
    assert "The index holds no post of these days" in english.text
    assert chinese.open == english.open == []


def test_one_account_has_nobody_to_compare_with() -> None:
    alone = tuple(each for each in POSTS if each.account == COFFEE)
    text = Page(render(compiled(alone, WEEK, COFFEE))).text
    assert "没有一条的文字与别家更早的帖子高度相似" in text
    assert "没有别的账号可以比对" in text
    assert "没有先后确定的文字事件，没有传播链。" in text


def test_holes_and_missing_times_are_told() -> None:
    text = Page(page_of(small_report)).text
    assert "没有发布时间" in text
    two = (post("a", COFFEE, "2026-05-11 10:00", POSTS[0].text), post("b", TEA, "2026-05-12 09:00", POSTS[1].text))
    text = Page(render(compiled(two, WEEK))).text
    assert "没有任何帖子的日子：2026-05-13、2026-05-14、2026-05-15、2026-05-16、2026-05-17" in text
    assert "没有指明自有账号" in text


# -- much to say -------------------------------------------------------------------------------------------------------


def test_of_many_events_the_first_are_shown_and_the_rest_counted() -> None:
    html = render(many_events(demo_report(), 10_000))
    assert len(re.findall('<details class="card"', html)) == MOST_CARDS
    assert f"这里列出最严重的 {MOST_CARDS} 起，另有 {10_000 - MOST_CARDS} 起见 report.xlsx" in Page(html).text
    assert len(html.encode()) < LIMIT


def test_a_page_of_twenty_busy_accounts_can_be_mailed() -> None:
    html = render(twenty_accounts(demo_report()))
    assert len(html.encode()) < LIMIT
    page = Page(html)
    assert page.open == []
    anchors = set(re.findall(r' id="(e\d+)"', html))
    assert {link[1:] for link in page.links if re.fullmatch(r"#e\d+", link)} == anchors


# -- pieces ------------------------------------------------------------------------------------------------------------


def test_marks_never_change_the_text() -> None:
    text = "a<b>四字&词语\n尾"
    html = mark(text, [((0, 4), "near"), ((2, 6), "exact"), ((5, 99), "rewrite")], ZH, [(1, 2)])
    assert "".join(Page(html).shown) == text
    assert re.findall(r'data-n="(\d)"', html) == ["1", "2", "3"]
    assert '<span class="common">&lt;</span>' in html


def test_a_very_long_post_is_cut_around_its_first_mark_and_says_so() -> None:
    text = "前" * 5_000 + "就是这句" + "后" * 5_000
    html = mark(text, [((5_000, 5_004), "exact")], ZH)
    assert "就是这句</mark>" in html
    assert "略 4880 字" in html
    assert len(Page(html).text) < MOST + 100
    assert "略" not in mark("短" * MOST, [], ZH)


@pytest.mark.parametrize(
    ("url", "linked"),
    [("https://weibo.com/1/a?b=1&c=2", True), ("HTTP://weibo.com/1", True), ("javascript:alert(1)", False),
     ("", False), ("//weibo.com", False), ("data:text/html,x", False), ("https://a b", False), ("https://a\nb", False),
     ("https://a\u202eb", False)],
)  # fmt: skip
def test_only_web_addresses_become_links(url: str, linked: bool) -> None:
    assert is_link(url) is linked


def test_odd_characters_are_shown_and_emoji_stay_whole() -> None:
    assert shown("a\u202eb") == 'a<span class="odd">U+202E</span>b'
    assert shown("👨\u200d👩\u200d👧") == "👨\u200d👩\u200d👧"
    assert shown(None) == ""


@pytest.mark.parametrize(
    ("lag", "order", "chinese", "english"),
    [
        (3 * 86_400 + 2 * 3600 + 300, "known", "3 天 2 小时", "3 d 2 h"),
        (5 * 3600 + 60, "known", "5 小时 1 分钟", "5 h 1 min"),
        (40, "known", "不到 1 分钟", "under a minute"),
        (2 * 86_400, "by_day", "2 天", "2 d"),
        (None, "unknown", "先后不明", "order unknown"),
    ],
)
def test_lags_in_words(lag: int | None, order: str, chinese: str, english: str) -> None:
    assert lag_text(lag, ZH, order) == chinese  # type: ignore[arg-type]
    assert lag_text(lag, EN, order) == english  # type: ignore[arg-type]


def test_times_changes_and_risks_in_words() -> None:
    assert time_text(at("2026-05-13 00:00")) == "2026-05-13"
    assert time_text(at("2026-05-13 09:05")) == "2026-05-13 09:05"
    assert risk_text(0.9999) == "> 0.99"
    assert change_text(Figure(value=5, before=8), ZH) == "▼ 3"
    assert change_text(Figure(value=5, before=5), ZH) == "持平"
    assert change_text(Figure(value=5), ZH) == ""
    assert change_text(Figure(value=0.5, before=0.25), EN, share=True) == "▲ 25 points"
    days = Days(name="2031-W01", since=at("2030-12-30"), until=at("2030-12-30") + timedelta(days=7))
    assert days_text(days, ZH) == "2030 年 12 月 30 日（周一） — 2031 年 1 月 5 日（周日）"
    assert days_text(days, EN) == "30 Dec 2030 – 5 Jan 2031"


def test_labels_are_cut_by_width_not_by_count() -> None:
    assert label("一二三四五六", 8) == "一二三四…"
    assert label("abcdefgh", 8) == "abcdefgh"
    assert label("a\nb\u202e") == "a b[U+202E]"


def test_a_map_of_nothing_is_drawn_all_the_same() -> None:
    assert "<svg" in heat("empty", "空", ["一"], ["0", "1"], [[0, 0]])


def test_both_languages_have_the_same_blanks() -> None:
    for key, (chinese, english) in PHRASES.items():
        blanks = [set(re.findall(r"{(\w+)}", text)) for text in (chinese, english)]
        assert blanks[0] == blanks[1], key
