"""The public web reader: opt-in, slow, obedient, at an end with the first refusal, and without a cookie."""

from __future__ import annotations

from datetime import timedelta

import pytest

from originality.accounts import Account
from originality.live.faults import BadReply, NotPermitted, NotThere, Refused, Unreachable
from originality.models import Post
from tests.live_runs import NOON, register, run, stored
from tests.weibo_server import (
    FIRST,
    LIST,
    LONG,
    NAME,
    ROBOTS,
    UID,
    Answer,
    Clock,
    long_status,
    long_text,
    running,
    status,
)

WEB = Account(name=NAME, uid=UID, updated_by="web")
OTHER = Account(name="麦岸烘焙", uid="1404376560", updated_by="web")
PASSPORT = {"Location": "https://passport.weibo.com/visitor/visitor"}
REFUSALS = {
    "432": Answer(status=432),
    "418": Answer(status=418),
    "403": Answer(status=403, body="Forbidden"),
    "login": Answer(body={"ok": -100, "msg": "请先登录", "url": "https://passport.weibo.cn/signin/welcome"}),
    "captcha": Answer(body={"url": "https://security.weibo.com/captcha/geetest?key=1"}),
    "visitor page": Answer(body="<html><title>Sina Visitor System</title></html>"),
    "redirect": Answer(status=302, headers=PASSPORT),
    "too often": Answer(body={"ok": 0, "msg": "操作过于频繁，请稍后再试"}),
}


@pytest.fixture
def weibo():
    with running() as served:
        yield served


def failure(report, kind, number: int = 0) -> str:
    error = report.updates[number].failure
    assert isinstance(error, kind), error
    assert "\n" not in str(error)
    return str(error)


def test_an_account_is_read_page_by_page_and_then_only_what_is_new(tmp_path, weibo):
    weibo.fill(25)
    register(tmp_path, WEB)
    first = run(tmp_path, weibo)
    assert (first.total.added, first.failed) == (25, 0)
    assert weibo.paths() == [ROBOTS, LIST, LIST, LIST]
    assert [asked.parameters.get("since_id") for asked in weibo.asked[1:]] == [None, str(FIRST + 14), str(FIRST + 4)]
    assert weibo.asked[1].parameters["containerid"] == f"107603{UID}"
    assert not any("Cookie" in asked.headers for asked in weibo.asked)
    weibo.asked.clear()
    weibo.fill(3, first=25)
    second = run(tmp_path, weibo)
    assert second.total.added == 3
    assert weibo.paths() == [ROBOTS, LIST]
    assert len(stored(tmp_path)) == 28


def test_requests_keep_their_distance(tmp_path, weibo):
    weibo.fill(25)
    register(tmp_path, WEB, OTHER)
    weibo.fill(2, uid=OTHER.uid, first=100)
    clock = Clock(NOON)
    run(tmp_path, weibo, clock)
    assert len(weibo.asked) == 5 + 1
    assert clock.slept == pytest.approx([15 * (1 + 0.5 / 3)] * 5)  # also between accounts


def test_robots_txt_can_slow_down_and_forbid(tmp_path, weibo):
    weibo.fill(12)
    register(tmp_path, WEB)
    weibo.robots = "User-agent: *\nCrawl-delay: 30\nDisallow: /search\n"
    clock = Clock(NOON)
    run(tmp_path, weibo, clock)
    assert clock.slept == pytest.approx([35.0, 35.0])
    weibo.asked.clear()
    weibo.robots = "User-agent: originality\nDisallow: /api/\n"
    assert "robots.txt forbids" in failure(run(tmp_path, weibo), Refused)
    assert weibo.paths() == [ROBOTS]


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (Answer(status=403), Refused),
        (Answer(status=302, headers=PASSPORT), Refused),
        (Answer(body="<html>Sina Visitor System</html>"), Refused),
        (Answer(status=503), Unreachable),
        (Answer(body=b"User-agent", missing=50), Unreachable),
    ],
)
def test_a_withheld_robots_txt_forbids_everything(tmp_path, weibo, answer, kind):
    weibo.fill(3)
    register(tmp_path, WEB)
    weibo.next[ROBOTS].append(answer)
    failure(run(tmp_path, weibo), kind)
    assert weibo.paths() == [ROBOTS]


def test_no_robots_txt_allows(tmp_path, weibo):
    weibo.fill(3)
    register(tmp_path, WEB)
    weibo.next[ROBOTS].append(Answer(status=404))
    assert run(tmp_path, weibo).total.added == 3


@pytest.mark.parametrize("kind", sorted(REFUSALS))
def test_the_first_refusal_ends_it_for_all_accounts_and_is_remembered(tmp_path, weibo, kind):
    weibo.fill(25)
    weibo.fill(3, uid=OTHER.uid, first=100)
    register(tmp_path, WEB, OTHER)
    clock = Clock(NOON)
    weibo.next[LIST].extend([None, REFUSALS[kind]])
    report = run(tmp_path, weibo, clock)
    assert "turned us away" in failure(report, Refused)
    assert "Left alone until 2020-03-03" in failure(report, Exception, 1)
    assert len(stored(tmp_path)) == 10  # the page before the refusal
    weibo.asked.clear()
    clock.time += timedelta(hours=23)
    assert run(tmp_path, weibo, clock).failed == 2
    assert weibo.asked == []
    clock.time += timedelta(hours=2)
    report = run(tmp_path, weibo, clock)
    assert report.failed == 0
    assert len(stored(tmp_path)) == 28


def test_each_further_refusal_doubles_the_rest_and_success_ends_it(tmp_path, weibo):
    weibo.fill(3)
    register(tmp_path, WEB)
    clock = Clock(NOON)
    for days in (1, 2, 4, 8, 14, 14):
        weibo.next[LIST].append(Answer(status=432))
        assert run(tmp_path, weibo, clock).failed == 1
        asked = len(weibo.asked)
        clock.time += timedelta(days=days, minutes=-5)
        run(tmp_path, weibo, clock)
        assert len(weibo.asked) == asked
        clock.time += timedelta(minutes=10)
    assert run(tmp_path, weibo, clock).failed == 0
    weibo.next[LIST].append(Answer(status=432))
    run(tmp_path, weibo, clock)
    clock.time += timedelta(days=1, minutes=1)
    assert run(tmp_path, weibo, clock).failed == 0


def test_the_requests_of_a_day_are_counted_across_runs_and_the_next_day_goes_on(tmp_path, weibo):
    weibo.fill(60)
    register(tmp_path, WEB)
    clock = Clock(NOON)
    report = run(tmp_path, weibo, clock, web_daily=3)
    assert report.updates[0].unfinished
    assert report.failed == 0
    assert len(weibo.asked) == 3
    assert run(tmp_path, weibo, clock, web_daily=3).updates[0].unfinished
    assert len(weibo.asked) == 3
    clock.time += timedelta(days=1)
    while run(tmp_path, weibo, clock, web_daily=3).updates[0].unfinished:
        clock.time += timedelta(days=1)
    assert len(stored(tmp_path)) == 60


def test_long_texts_are_completed_and_what_cannot_be_had_is_marked(tmp_path, weibo):
    weibo.posts[UID] = [long_status(3), status(2), long_status(1), long_status(0)]
    weibo.next[LONG].extend([None, Answer(body={"ok": 0, "msg": "暂无查看权限"})])
    register(tmp_path, WEB)
    run(tmp_path, weibo)
    posts = stored(tmp_path)
    assert posts[str(FIRST + 3)].text == long_text(3)
    assert posts[str(FIRST + 1)].truncated
    assert posts[str(FIRST)].text == long_text(0)
    assert weibo.paths().count(LONG) == 3


def test_a_page_that_is_refused_in_the_middle_is_read_again_whole(tmp_path, weibo):
    weibo.posts[UID] = [long_status(1), long_status(0)]
    register(tmp_path, WEB)
    clock = Clock(NOON)
    weibo.next[LONG].extend([None, Answer(status=432)])
    assert run(tmp_path, weibo, clock).failed == 1
    assert stored(tmp_path) == {}
    clock.time += timedelta(days=2)
    run(tmp_path, weibo, clock)
    assert [post.text for post in stored(tmp_path).values()] == [long_text(0), long_text(1)]


def test_pinned_posts_are_taken_and_do_not_end_the_reading(tmp_path, weibo):
    weibo.fill(15, first=10)
    register(tmp_path, WEB)
    run(tmp_path, weibo)
    weibo.pinned[UID] = [status(2, "置顶：老店搬家三周年，谢谢每一位推门进来的客人。")]
    weibo.fill(15, first=25)
    report = run(tmp_path, weibo)
    assert report.total.added == 16
    assert len(stored(tmp_path)) == 31


def test_pages_without_a_cursor_are_numbered(tmp_path, weibo):
    register(tmp_path, WEB)

    def page(*numbers: int) -> Answer:
        cards = [{"card_type": 9, "mblog": status(number)} for number in numbers]
        return Answer(body={"ok": 1, "data": {"cardlistInfo": {"page": 2}, "cards": cards}})

    weibo.next[LIST].extend([page(5, 4), page(3), page()])
    assert run(tmp_path, weibo).total.added == 3
    assert [asked.parameters.get("page") for asked in weibo.asked[1:]] == [None, "2", "3"]


def test_an_account_that_shows_nothing_is_told(tmp_path, weibo):
    register(tmp_path, WEB)
    assert UID in failure(run(tmp_path, weibo), NotThere)


@pytest.mark.parametrize(
    "body", [{"ok": 0, "msg": "系统繁忙"}, {"ok": 1}, {"ok": 1, "data": []}, "<html>维护中</html>", b"", b"[1]"]
)
def test_an_answer_of_another_kind_is_one_line(tmp_path, weibo, body):
    register(tmp_path, WEB)
    weibo.next[LIST].append(Answer(body=body))
    failure(run(tmp_path, weibo), BadReply)


def test_the_public_web_is_off_unless_turned_on_and_people_are_left_alone(tmp_path, weibo):
    weibo.fill(3)
    register(tmp_path, WEB)
    assert "ORIGINALITY_PUBLIC_WEB=1" in failure(run(tmp_path, weibo, public_web=False), NotPermitted)
    assert weibo.asked == []
    for each in weibo.posts[UID]:
        each["user"]["verified_type"] = 0
    assert "--allow-person" in failure(run(tmp_path, weibo), NotPermitted)
    assert stored(tmp_path) == {}
    register(tmp_path, Account(name=NAME, uid=UID, updated_by="web", person_allowed=True))
    assert run(tmp_path, weibo).total.added == 3


def test_a_network_failure_is_not_repeated_but_left_to_the_next_run(tmp_path, weibo):
    weibo.fill(3)
    register(tmp_path, WEB)
    weibo.next[LIST].append(Answer(body=b"{", missing=100))
    failure(run(tmp_path, weibo), Unreachable)
    assert weibo.paths() == [ROBOTS, LIST]
    run(tmp_path, weibo)
    assert all(isinstance(post, Post) for post in stored(tmp_path).values())
    assert len(stored(tmp_path)) == 3
