"""Reports for the tests of their files: of the demo corpus, of a small one, and made larger or hostile by hand."""

from __future__ import annotations

import dataclasses
import functools
import json
import re
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from originality.models import Post
from originality.report import Report, compile_report
from originality.report.records import Angle, Chain, ContentPair, Event, Follower
from tests.weekly import COFFEE, POSTS, TEA, WEEK, open_checker

DEMO = Path(__file__).resolve().parents[1] / "demo"
OWN = "山雀有茶"
MADE = datetime(2026, 11, 9, 1, 30, tzinfo=UTC)
VOID = {"meta", "br"}


def demo_posts() -> tuple[Post, ...]:
    lines = [line for file in sorted((DEMO / "posts").glob("*.jsonl")) for line in file.read_text("utf-8").splitlines()]
    values = [json.loads(line) for line in lines]
    return tuple(Post(**{**each, "published_at": datetime.fromisoformat(each["published_at"])}) for each in values)


def compiled(posts: tuple[Post, ...], span: str, *own: str) -> Report:
    with tempfile.TemporaryDirectory() as folder, open_checker(Path(folder), posts) as checker:
        return replace(compile_report(checker, span, own=own), made_at=MADE)


@functools.cache
def demo_report() -> Report:
    return compiled(demo_posts(), "2026-W45", OWN)


@functools.cache
def small_report() -> Report:
    return compiled(POSTS, WEEK, TEA)


def changed(value: Any, change: Callable[[str], str], names: frozenset[str]) -> Any:
    """Return a record with the texts of some fields changed, wherever they stand in it."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        theirs = names - {"name"} if isinstance(value, Angle) else names  # its name is one of our list
        fields = {field.name: getattr(value, field.name) for field in dataclasses.fields(value) if field.init}
        return replace(
            value,
            **{
                name: change(item) if isinstance(item, str) and name in theirs else _inner(name, item, change, theirs)
                for name, item in fields.items()
            },
        )
    if isinstance(value, tuple):
        return tuple(changed(item, change, names) for item in value)
    return value


def _inner(name: str, item: Any, change: Callable[[str], str], names: frozenset[str]) -> Any:
    if name in names and isinstance(item, tuple) and all(isinstance(each, str) for each in item):
        return tuple(change(each) for each in item)
    if name == "posts" and isinstance(item, Mapping):  # of a topic, by account
        return {change(account): count for account, count in item.items()}
    return changed(item, change, names)


def many_events(report: Report, count: int) -> Report:
    """Return a report with so many events, made from its own, the riskiest first."""
    made = [_copy(report.events[i % len(report.events)], i, count) for i in range(count)]
    return replace(report, events=tuple(made), todo=replace(report.todo, look_first=tuple(e.key for e in made[:3])))


def _copy(event: Event, number: int, count: int) -> Event:
    draft = replace(event.draft, post_id=f"{event.draft.post_id}-{number}")
    return replace(event, draft=draft, risk=0.99 - 0.5 * number / count)


def twenty_accounts(report: Report) -> Report:
    """Return a report of 20 busy accounts: long posts, long chains, all pairs."""
    names = [f"第{number}号品牌旗舰店官方微博" for number in range(20)]
    lines = tuple(replace(report.accounts[i % len(report.accounts)], account=name) for i, name in enumerate(names))
    long: Report = changed(
        many_events(report, 400), lambda text: text + "这一句用来把帖子写长。" * 150, frozenset({"text"})
    )
    pairs = tuple(
        replace(report.pairs[0], one=one, other=other) for i, one in enumerate(names) for other in names[i + 1 :]
    )
    directions: tuple[ContentPair, ...] = tuple(
        replace(report.directions[0], one=one, other=other) for i, one in enumerate(names) for other in names[i + 1 :]
    )
    topics = tuple(replace(report.topics[i % len(report.topics)], key=f"话题{i}") for i in range(60))
    return replace(
        long,
        accounts=lines,
        pairs=pairs,
        directions=directions,
        topics=topics,
        chains=tuple(_long_chain(chain) for chain in long.chains * 10),
        occasions=long.occasions * 12,
        hints=long.events[:200],
        set_aside=long.events[:200],
    )


def _long_chain(chain: Chain) -> Chain:
    first: Follower = chain.followers[0]
    later = [replace(first, lag=(first.lag or 0) + 3600 * i) for i in range(40)]
    return replace(chain, followers=tuple(later))


class Page(HTMLParser):
    """What a browser would see: tags, links, text; and that every tag is closed."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []
        self.attributes: set[str] = set()
        self.open: list[str] = []
        self.shown: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes |= {name for name, _ in attrs}
        self.links += [value or "" for name, value in attrs if name in {"href", "src", "xlink:href"}]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.shown.append(data)

    @property
    def text(self) -> str:
        return re.sub(r"\s+", " ", "".join(self.shown))


def shift(report: Report, hours: int) -> Report:
    return replace(report, made_at=report.made_at + timedelta(hours=hours))


__all__ = ["COFFEE", "DEMO", "MADE", "OWN", "TEA", "WEEK", "Page", "changed", "compiled", "demo_posts", "demo_report",
           "many_events", "shift", "small_report", "twenty_accounts"]  # fmt: skip
