"""The files of the weekly report: HTML that is whole, escaped and self-contained, and JSON that has everything."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from html.parser import HTMLParser
from pathlib import Path

import pytest

from originality.errors import OriginalityError
from originality.models import Span
from originality.report import Imitation, WeeklyReport, weekly_report, write_report
from originality.report.html import is_link, render
from originality.report.marks import mark
from originality.report.phrases import REASONS, TEXTS, lag_words, span_words
from originality.report.week import week_span
from tests.weekly import HIDDEN, POSTS, WEEK, open_checker


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WeeklyReport]:
    with open_checker(tmp_path_factory.mktemp("index"), POSTS) as checker:
        yield weekly_report(checker, WEEK)


def event_of(report: WeeklyReport, post_id: str) -> Imitation:
    (found,) = [event for event in report.events if event.follower.post_id == post_id]
    return found


class _Page(HTMLParser):
    """Collects the tags, the addresses and the visible text; fails where a tag is not closed."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.open: list[str] = []
        self.links: list[str] = []
        self.shown: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.links += [value or "" for name, value in attrs if name in {"href", "src"}]
        if tag not in {"meta", "br"}:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.shown.append(data)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_html_is_whole_escaped_and_needs_nothing_else(report: WeeklyReport, language: str) -> None:
    html = render(report, "zh" if language == "zh" else "en")
    page = _Page(html)
    assert page.open == []
    assert {"script", "img", "link", "iframe"}.isdisjoint(page.tags)
    assert set(page.links) == {"https://weibo.example/lead-1"}  # the javascript: address is no link
    assert "url(" not in html
    assert HIDDEN in "".join(page.shown)  # shown as it was written, and not as markup


def test_the_page_says_the_week_in_words(report: WeeklyReport) -> None:
    shown = "".join(_Page(render(report)).shown)
    assert "2026 年 5 月 11 日（周一） — 5 月 17 日（周日），北京时间" in shown
    assert "这一周检查了 9 条帖子，其中 5 条与其他账号的帖子高度相似。" in shown
    assert "晚 3 天 2 小时" in shown
    assert "3 次 · 中位数 晚 3 天 2 小时" in shown
    assert "1 次 · 太少，不下结论" in shown
    assert "同一天，先后不明" in shown
    assert report.index.stamp in shown


def test_json_round_trip(report: WeeklyReport, tmp_path: Path) -> None:
    html, data = write_report(report, tmp_path / "out", "en")
    assert (html.name, data.name) == ("report-2026-W20.html", "report-2026-W20.json")
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [html.name, data.name]
    read = json.loads(data.read_text("utf-8"))
    told = {key: read.pop(key) for key in ("language", "method", "limits")}
    assert told["language"] == "en"
    assert "90 days" in told["method"]
    assert read == json.loads(json.dumps(report.to_dict()))
    (event,) = [event for event in read["events"] if event["follower"]["post_id"] == "copy-1"]
    assert event["lag_seconds"] == 3 * 86_400 + 2 * 3_600
    assert Span(tuple(event["spans"][0]["draft"]), tuple(event["spans"][0]["source"]), "exact") in (
        event_of(report, "copy-1").spans
    )


def test_writing_twice_replaces_the_files(report: WeeklyReport, tmp_path: Path) -> None:
    write_report(report, tmp_path, "en")
    first = write_report(report, tmp_path)
    assert [path.read_text("utf-8")[:40] for path in first] != ["", ""]
    assert 'lang="zh-CN"' in first[0].read_text("utf-8")
    assert len(list(tmp_path.iterdir())) == 2


def test_a_folder_that_is_a_file_is_one_clear_line(report: WeeklyReport, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("x")
    with pytest.raises(OriginalityError, match="--out must be a folder") as caught:
        write_report(report, tmp_path / "taken")
    assert "\n" not in str(caught.value)


def test_damaged_text_still_makes_both_files(report: WeeklyReport, tmp_path: Path) -> None:
    event = report.events[0]
    odd = replace(event, follower=replace(event.follower, text="\ud83d坏\x00字\u202e" + event.follower.text))
    for path in write_report(replace(report, events=(odd,)), tmp_path):
        assert "坏" in path.read_text("utf-8")


def test_marks_never_change_the_text() -> None:
    text = "a<b>四字&词语\n尾"
    html = mark(text, [((0, 4), "near"), ((2, 6), "exact"), ((5, 99), "rewrite")], [(1, 2)])
    assert "".join(_Page(html).shown) == text
    assert [number for number in re.findall(r'data-n="(\d)"', html)] == ["1", "2", "3"]
    assert '<span class="common">&lt;</span>' in html


@pytest.mark.parametrize(
    ("url", "linked"),
    [("https://weibo.com/1/a?b=1&c=2", True), ("HTTP://weibo.com/1", True), ("javascript:alert(1)", False),
     ("", False), ("//weibo.com", False), ("data:text/html,x", False), ("https://a b", False), ("https://a\nb", False)],
)  # fmt: skip
def test_only_web_addresses_become_links(url: str, linked: bool) -> None:
    assert is_link(url) is linked


@pytest.mark.parametrize(
    ("lag", "day_precision", "chinese", "english"),
    [
        (timedelta(days=3, hours=2, minutes=5), False, "晚 3 天 2 小时", "3 days 2 hours later"),
        (timedelta(days=1), False, "晚 1 天", "1 day later"),
        (timedelta(hours=5, minutes=1), False, "晚 5 小时 1 分钟", "5 hours 1 minute later"),
        (timedelta(seconds=40), False, "晚不到 1 分钟", "less than a minute later"),
        (timedelta(days=2), True, "晚 2 天（只有日期）", "2 days later (by date)"),
    ],
)
def test_lags_in_words(lag: timedelta, day_precision: bool, chinese: str, english: str) -> None:
    assert lag_words(lag, "zh", day_precision=day_precision) == chinese
    assert lag_words(lag, "en", day_precision=day_precision) == english


def test_a_week_across_new_year_names_both_years() -> None:
    since, until = week_span("2031-W01")
    assert span_words(since, until, "zh") == "2030 年 12 月 30 日（周一） — 2031 年 1 月 5 日（周日），北京时间"
    assert span_words(since, until, "en") == "30 Dec 2030 – 5 Jan 2031, Beijing time"


def test_both_languages_say_the_same_things() -> None:
    assert TEXTS["zh"].keys() == TEXTS["en"].keys()
    assert REASONS["zh"].keys() == REASONS["en"].keys()
