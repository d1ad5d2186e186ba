"""One run over the register: what is new, what is left for later, and what is remembered in between."""

from __future__ import annotations

import itertools
import json
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from originality.accounts import Account
from originality.errors import RegisterError
from originality.live import log
from originality.live.faults import NotPermitted, QuotaSpent, TokenFault, Unreachable
from originality.live.run import collect_live
from originality.live.state import FILE, Progress
from originality.settings import LiveSettings
from tests.fakes import FakeEncoder
from tests.live_runs import NOON, around, register, run, settings_for, stored
from tests.weibo_server import FIRST, NAME, OTHERS, OWN, UID, Answer, Clock, running

TEA = Account(name=NAME, uid=UID, updated_by="api")
BREAD = Account(name="麦岸烘焙", uid="1404376560", updated_by="api", role="own")
COFFEE = Account(name="岔路口咖啡", uid="5550000001", updated_by="api")
BY_FILE = Account(name="只导文件", uid="6660000001")


@pytest.fixture
def weibo():
    with running() as served:
        yield served


def state(folder: Path) -> Any:
    return json.loads((folder / FILE).read_text(encoding="utf-8"))


def log_lines(folder: Path) -> list[str]:
    return (folder / log.FILE).read_text(encoding="utf-8").splitlines()


# -- what is read ------------------------------------------------------------------------------------------------------


def test_all_accounts_are_brought_up_to_date_and_a_second_run_finds_nothing_new(tmp_path, weibo):
    weibo.fill(30)
    weibo.fill(4, uid=BREAD.uid, first=100, name=BREAD.name)
    register(tmp_path, TEA, BREAD, BY_FILE)
    report = run(tmp_path, weibo)
    assert [(each.account.name, each.report.added) for each in report.updates] == [(TEA.name, 30), (BREAD.name, 4)]
    assert (report.failed, report.posts, report.requests) == (0, 34, 3 + 2)
    before = stored(tmp_path)
    again = run(tmp_path, weibo)
    assert (again.total.added, again.total.read, again.requests) == (0, 0, 2)
    assert stored(tmp_path) == before
    weibo.fill(2, first=30)
    assert run(tmp_path, weibo).total.added == 2
    assert {asked.parameters["since_id"] for asked in weibo.asked[-3:]} == {str(FIRST + 29), str(FIRST + 103)}


def test_a_new_account_is_read_as_far_back_as_the_settings_say(tmp_path, weibo):
    weibo.fill(60)  # one an hour, 25 a page; 27 days before the clock number 18 was posted
    register(tmp_path)
    run(tmp_path, weibo, history_days=27)
    assert sorted(stored(tmp_path)) == [str(FIRST + i) for i in range(10, 60)]
    assert state(tmp_path)["accounts"][UID]["gaps"] == []


def test_one_account_that_fails_does_not_stop_the_others(tmp_path, weibo):
    weibo.fill(3)
    weibo.fill(3, uid=BREAD.uid, first=100)
    register(tmp_path, TEA, BREAD)
    weibo.next[OTHERS].append(Answer(status=400, body={"error_code": 20003, "error": "User does not exists!"}))
    report = run(tmp_path, weibo)
    assert report.failed == 1
    assert "20003" in str(report.updates[0].failure)
    assert report.updates[1].report.added == 3
    assert log_lines(tmp_path)[-1].startswith("2020-03-02T12:00:00+08:00 failed: accounts=2 failed=1")
    assert "20003" in log_lines(tmp_path)[-1]


def test_a_run_that_fails_in_the_middle_leaves_a_gap_that_the_next_one_fills(tmp_path, weibo):
    weibo.fill(80)
    register(tmp_path)
    weibo.next[OTHERS].extend([None, None, Answer(status=403, body={"error_code": 10014, "error": "no"})])
    assert isinstance(run(tmp_path, weibo).updates[0].failure, NotPermitted)
    assert len(stored(tmp_path)) == 50
    assert state(tmp_path)["accounts"][UID]["gaps"] == [{"after": 0, "cursor": str(FIRST + 29)}]
    weibo.fill(40, first=80)
    weibo.next[OTHERS].extend([None, Answer(status=403, body={"error_code": 10014, "error": "no"})])
    run(tmp_path, weibo)
    assert state(tmp_path)["accounts"][UID]["gaps"] == [
        {"after": FIRST + 79, "cursor": str(FIRST + 94)},
        {"after": 0, "cursor": str(FIRST + 29)},
    ]
    weibo.fill(5, first=120)
    assert run(tmp_path, weibo).failed == 0
    assert sorted(stored(tmp_path)) == [str(FIRST + i) for i in range(125)]
    assert state(tmp_path)["accounts"][UID] == {"newest": FIRST + 124, "gaps": [], "day": "", "requests": 0}


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 7), st.integers(1, 4)), max_size=12), st.integers(1, 4))
def test_whatever_is_interrupted_nothing_is_missed_and_nothing_read_for_long(steps, size):
    """A model of runs that break off after some pages, while the account goes on posting."""
    posted, progress = 0, Progress()
    kept: set[int] = set()
    for more, pages in [*steps, (0, 10_000)]:
        posted += more
        progress.begin()
        while progress.gaps and pages:
            pages -= 1
            gap = progress.gaps[0]
            top = int(gap.cursor) if gap.cursor else posted
            ids = tuple(range(top, max(gap.after, top - size), -1))
            kept.update(ids)
            progress.passed(ids, str(min(ids) - 1) if ids else "")
        bounds = [(int(gap.cursor or posted), gap.after) for gap in progress.gaps]
        assert all(older[0] <= younger[1] for younger, older in itertools.pairwise(bounds))
    assert kept == set(range(1, posted + 1))
    assert not progress.gaps


def test_nothing_to_update_is_told(tmp_path):
    for folder in (tmp_path / "none", tmp_path):
        with pytest.raises(RegisterError, match="--live api"):
            collect_live(folder, "fake", LiveSettings(), {})
    register(tmp_path, BY_FILE)
    with pytest.raises(RegisterError, match="--live api"):
        collect_live(tmp_path, "fake", LiveSettings(), {})


def test_without_a_token_nothing_is_asked(tmp_path, weibo, monkeypatch):
    monkeypatch.setitem(sys.modules, "keyring", None)
    register(tmp_path)
    world = around(Clock(NOON))
    report = collect_live(tmp_path, "fake", settings_for(weibo), {}, around=world, load=lambda name: FakeEncoder())
    assert isinstance(report.updates[0].failure, TokenFault)
    assert weibo.asked == []


# -- quotas ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", [10004, 10022, 10023, 10024])
def test_a_spent_quota_rests_until_the_next_hour_for_all_accounts_of_the_contract(tmp_path, weibo, code):
    weibo.fill(3)
    weibo.fill(3, uid=COFFEE.uid, first=100)
    weibo.fill(3, uid=BREAD.uid, first=200)
    register(tmp_path, TEA, COFFEE, BREAD)
    clock = Clock(NOON + timedelta(minutes=20))
    weibo.next[OTHERS].append(Answer(status=403, body={"error_code": code, "error": "out of rate limit"}))
    report = run(tmp_path, weibo, clock)
    assert isinstance(report.updates[0].failure, QuotaSpent)
    assert "Left alone until 2020-03-02 13:00" in str(report.updates[1].failure)
    assert report.updates[2].report.added == 3  # the free API counts for itself
    assert weibo.paths() == [OTHERS, OWN, OWN]
    clock.time += timedelta(minutes=41)
    assert run(tmp_path, weibo, clock).failed == 0
    assert len(stored(tmp_path)) == 9


def test_retry_after_says_how_long_to_rest(tmp_path, weibo):
    weibo.fill(3)
    register(tmp_path)
    clock = Clock(NOON)
    weibo.next[OTHERS].append(Answer(status=429, headers={"Retry-After": "7200"}))
    assert run(tmp_path, weibo, clock).failed == 1
    assert clock.slept == []
    clock.time += timedelta(minutes=119)
    assert run(tmp_path, weibo, clock).failed == 1
    assert len(weibo.asked) == 1
    clock.time += timedelta(minutes=2)
    assert run(tmp_path, weibo, clock).failed == 0


def test_the_free_api_is_asked_a_hundred_times_a_day_at_most(tmp_path, weibo):
    weibo.fill(1_000, uid=BREAD.uid)
    register(tmp_path, BREAD)
    clock = Clock(NOON)
    assert run(tmp_path, weibo, clock, own_daily=4).updates[0].unfinished
    assert len(weibo.asked) == 4
    run(tmp_path, weibo, clock, own_daily=4)
    assert len(weibo.asked) == 4
    clock.time += timedelta(hours=13)  # past midnight in Beijing
    run(tmp_path, weibo, clock, own_daily=4)
    assert len(weibo.asked) == 8


def test_a_server_that_fails_is_tried_again_and_then_left_to_the_next_run(tmp_path, weibo):
    weibo.fill(3)
    register(tmp_path)
    weibo.next[OTHERS].extend([Answer(status=500), Answer(body=b"{", missing=5), None])
    assert run(tmp_path, weibo).total.added == 3
    weibo.next[OTHERS].extend([Answer(status=502)] * 3)
    assert isinstance(run(tmp_path, weibo, retries=2).updates[0].failure, Unreachable)
    assert run(tmp_path, weibo).failed == 0  # no rest: it was not Weibo's wish
