"""Live runs against the little Weibo of `weibo_server`, with a clock that nobody waits for."""

from __future__ import annotations

from datetime import UTC, datetime
from operator import methodcaller
from pathlib import Path
from typing import Any

from originality.accounts import Account, Register, RegisterFile
from originality.index import open_index
from originality.live import LiveReport, Surroundings, collect_live
from originality.models import Post
from originality.settings import LiveSettings
from tests.fakes import FakeEncoder
from tests.weibo_server import NAME, TOKEN, UID, Clock, Weibo

NOON = datetime(2020, 3, 2, 4, 0, tzinfo=UTC)  # in Beijing


def register(folder: Path, *accounts: Account) -> Register:
    """Put accounts in the register; without any, one competitor that is read through the API."""
    chosen = accounts or (Account(name=NAME, uid=UID, updated_by="api"),)
    file = RegisterFile(folder)
    for account in chosen:
        file.change(methodcaller("added", account))
    return file.read()


def settings_for(weibo: Weibo, **more: Any) -> LiveSettings:
    """Return settings that lead to the little Weibo."""
    urls = {"api_url": weibo.url, "business_url": weibo.url, "web_url": weibo.url}
    return LiveSettings(**{**urls, "public_web": True, **more})


def around(clock: Clock) -> Surroundings:
    """Return a world with that clock, where chance is always the same."""
    return Surroundings(now=clock.now, sleep=clock.sleep, chance=lambda: 0.5)


def run(folder: Path, weibo: Weibo, clock: Clock | None = None, **more: Any) -> LiveReport:
    """Bring the registered accounts up to date."""
    return collect_live(
        folder,
        "fake",
        settings_for(weibo, **more),
        {"ORIGINALITY_WEIBO_TOKEN": TOKEN},
        around=around(clock or Clock(NOON)),
        load=lambda name: FakeEncoder(),
    )


def stored(folder: Path) -> dict[str, Post]:
    """Return the posts of an index by id."""
    with open_index(folder) as index:
        return {post.post_id: post for post in index.posts()}
