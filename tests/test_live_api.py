"""The official API against its documented replies: paging, long texts, errors."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from originality.accounts import Account
from originality.live import faults
from originality.live.api import ApiTimeline, OpenApi
from originality.live.faults import CODES, BadReply, Fault, NotPermitted, TokenFault, Unreachable
from originality.live.http import Fetcher
from originality.live.page import NOT_PUBLIC, OF_ANOTHER
from originality.live.token import Token
from originality.models import Dropped, Post
from tests.live_runs import NOON, around, settings_for
from tests.weibo_server import (
    BATCH,
    FIRST,
    NAME,
    OTHERS,
    OWN,
    SEARCH,
    TOKEN,
    UID,
    Answer,
    Clock,
    long_status,
    long_text,
    running,
    status,
)

COMPETITOR = Account(name=NAME, uid=UID, updated_by="api")
OURS = Account(name=NAME, uid=UID, updated_by="api", role="own")


@pytest.fixture
def weibo():
    with running() as served:
        yield served


@pytest.fixture
def open_api(weibo):
    token, world = Token(TOKEN), around(Clock(NOON))
    with Fetcher(weibo.url, settings_for(weibo), world, token=token, retries=1) as fetcher:
        yield OpenApi(fetcher, token, world)


def timeline(open_api, account=COMPETITOR) -> ApiTimeline:
    return ApiTimeline(open_api, account, NOON)


def posts(page) -> list[Post]:
    return [item for item in page.items if isinstance(item, Post)]


def reasons(page) -> list[str]:
    return [item.reason for item in page.items if isinstance(item, Dropped)]


def test_a_status_becomes_a_post_by_the_rules_of_file_import(weibo, open_api):
    weibo.posts[UID] = [status(3, "新到一批手作盖碗，<a href='/n/x'>@匠人</a>烧了三窑才成[太开心]&amp;茶好")]
    (post,) = posts(timeline(open_api).page("", 0))
    assert post.post_id == str(FIRST + 3)
    assert (post.account, post.account_id, post.platform) == (NAME, UID, "weibo")
    assert post.published_at == datetime(2020, 2, 3, 13, tzinfo=UTC)
    assert post.text == "新到一批手作盖碗，@匠人烧了三窑才成[太开心]&茶好"
    assert (post.reposts, post.comments, post.likes) == (3, 2, 12_000)
    assert post.url.startswith(f"https://weibo.com/{UID}/")
    assert post.seen_at == NOON
    assert not post.truncated


def test_nothing_about_people_is_kept(weibo, open_api):
    quoted = status(1, "私人日记，别看我", uid="1234567890", name="路人甲的小号")
    weibo.posts[UID] = [status(5, "转发给大家看看这位茶客的故事", retweeted_status=quoted)]
    (post,) = posts(timeline(open_api).page("", 0))
    assert post.repost_of == str(FIRST + 1)
    everything = repr(post)
    for private in ("路人甲", "1234567890", "私人日记", "杭州", "followers", "12万"):
        assert private not in everything


def test_pages_go_from_new_to_old_without_overlap(weibo, open_api):
    weibo.fill(60)
    source, cursor = timeline(open_api), ""
    seen: list[int] = []
    while True:
        page = source.page(cursor, 0)
        seen += page.ids
        cursor = page.cursor
        if not cursor:
            break
        assert cursor == str(min(page.ids) - 1)
    assert seen == sorted((FIRST + i for i in range(60)), reverse=True)
    assert [asked.parameters["count"] for asked in weibo.asked] == ["25"] * 4
    assert "since_id" not in weibo.asked[0].parameters


def test_only_what_is_newer_is_asked_for(weibo, open_api):
    weibo.fill(30)
    page = timeline(open_api).page("", FIRST + 26)
    assert page.ids == (FIRST + 29, FIRST + 28, FIRST + 27)
    assert weibo.asked[0].parameters["since_id"] == str(FIRST + 26)


def test_long_texts_are_completed_fifty_a_call(weibo, open_api):
    weibo.posts[UID] = [long_status(2), status(1), long_status(0)]
    page = timeline(open_api).page("", 0)
    assert [post.text for post in posts(page)] == [long_text(2), status(1)["text"], long_text(0)]
    assert not any(post.truncated for post in posts(page))
    (call,) = [asked for asked in weibo.asked if asked.path == BATCH]
    assert call.parameters["ids"] == f"{FIRST + 2},{FIRST}"
    assert call.parameters["isGetLongText"] == "1"
    weibo.asked.clear()
    weibo.posts[UID] = [long_status(i) for i in reversed(range(120))]
    assert len(list(open_api.whole_posts(FIRST + i for i in range(120)))) == 120
    assert [len(asked.parameters["ids"].split(",")) for asked in weibo.asked] == [50, 50, 20]


def test_a_long_text_that_cannot_be_had_is_marked_as_cut(weibo, open_api):
    weibo.posts[UID] = [long_status(2), status(1)]
    weibo.next[BATCH].append(Answer(status=400, body={"error": "target weibo does not exist!", "error_code": 20101}))
    page = timeline(open_api).page("", 0)
    assert [post.truncated for post in posts(page)] == [True, False]
    weibo.next[BATCH].append(Answer(status=403, body={"error": "Insufficient app permissions!", "error_code": 10014}))
    with pytest.raises(NotPermitted):
        timeline(open_api).page("", 0)


def test_what_is_deleted_private_or_by_others_is_counted_and_left_out(weibo, open_api):
    gone = long_status(4)
    weibo.posts[UID] = [
        gone,
        status(3, "此微博已被原作者删除。"),
        status(2, visible={"type": 1, "list_id": 0}),
        status(1),
        status(0, uid="9990000001", name="别家"),
    ]
    weibo.next[BATCH].append(Answer(body={"statuses": [{**gone, "text": "此微博已被原作者删除。"}]}))
    weibo.posts["9990000001"] = []
    page = timeline(open_api).page("", 0)
    assert [post.post_id for post in posts(page)] == [str(FIRST + 1)]
    assert sorted(reasons(page)) == sorted(["notice of a deleted post"] * 2 + [NOT_PUBLIC, OF_ANOTHER])
    assert len(page.ids) == 5


def test_ones_own_account_is_read_through_the_free_api(weibo, open_api):
    weibo.fill(3)
    for each in weibo.posts[UID]:
        each["user"]["verified_type"] = -1  # of an account that has given its own token nothing more is asked
    assert len(posts(timeline(open_api, OURS).page("", 0))) == 3
    assert [(asked.path, asked.parameters["count"]) for asked in weibo.asked] == [(OWN, "100")]


@pytest.mark.parametrize("kind", [0, -1, 220, None, "2"])
def test_people_are_not_collected_unless_somebody_says_so(weibo, open_api, kind):
    weibo.fill(1)
    weibo.posts[UID][0]["user"]["verified_type"] = kind
    with pytest.raises(NotPermitted, match="--allow-person"):
        timeline(open_api).page("", 0)
    allowed = Account(name=NAME, uid=UID, updated_by="api", person_allowed=True)
    assert len(posts(timeline(open_api, allowed).page("", 0))) == 1


def test_a_search_names_accounts_words_and_time(weibo, open_api):
    weibo.fill(20)
    weibo.fill(20, uid="9990000001")
    since, until = datetime(2020, 2, 1, tzinfo=UTC), datetime(2020, 3, 1, tzinfo=UTC)
    found = open_api.search("拿铁", uids=[UID, "9990000001"], since=since, until=until)
    assert found
    assert all("拿铁" in each["text"] for each in found)
    (asked,) = weibo.asked
    assert asked.path == SEARCH
    assert asked.parameters["ids"] == f"{UID}~9990000001"
    assert asked.parameters["starttime"] == str(int(since.timestamp()))
    with pytest.raises(ValueError, match="at most 50"):
        open_api.search("拿铁", uids=[UID] * 51, since=since, until=until)


# -- errors ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", sorted(CODES))
@pytest.mark.parametrize("as_text", [True, False])
def test_every_documented_error_is_a_typed_line(weibo, open_api, code, as_text):
    body = {"request": OTHERS, "error_code": str(code) if as_text else code, "error": f"told {TOKEN}\nin words"}
    weibo.next[OTHERS].extend([Answer(status=403, body=body)] * 2)
    with pytest.raises(CODES[code][0]) as error:
        timeline(open_api).page("", 0)
    message = str(error.value)
    assert error.value.code == code
    assert str(code) in message
    assert CODES[code][1] in message
    assert "\n" not in message
    assert TOKEN not in message
    assert len(weibo.asked) == (2 if CODES[code][0] is Unreachable else 1)  # only what may pass is tried again


def test_errors_of_authorisation_have_a_description(weibo, open_api):
    body = {"error": "expired_token", "error_code": 21327, "error_description": "token 过期"}
    weibo.next[OTHERS].append(Answer(status=400, body=body))
    with pytest.raises(TokenFault, match="token 过期"):
        timeline(open_api).page("", 0)


def test_an_undocumented_error_says_so(weibo, open_api):
    codes: tuple[object, ...] = (99999, "soon", None, {})
    for code in codes:
        weibo.next[OTHERS].append(Answer(status=400, body={"error": "?", "error_code": code}))
        with pytest.raises(BadReply, match="not documented"):
            timeline(open_api).page("", 0)


def test_a_wrong_token_is_told_without_showing_it(weibo):
    wrong = Token("2.00wrongwrongwrong")
    world = around(Clock(NOON))
    with (
        Fetcher(weibo.url, settings_for(weibo), world, token=wrong) as fetcher,
        pytest.raises(TokenFault, match="21332") as error,
    ):
        timeline(OpenApi(fetcher, wrong, world)).page("", 0)
    assert "2.00wrong" not in str(error.value)
    assert "[token]" in str(error.value)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>maintenance</html>",
        b"[]",
        b"{}",
        b'{"statuses": {}}',
        b'{"statuses": [1]}',
        b"[" * 60_000,
        b"\xff\xfe",
    ],
)
def test_an_answer_of_another_kind_is_one_line(weibo, open_api, body):
    weibo.next[OTHERS].append(Answer(body=body))
    with pytest.raises(BadReply, match="something else than posts"):
        timeline(open_api).page("", 0)


def test_pages_that_do_not_move_on_end_in_an_error(weibo, open_api):
    weibo.fill(2)
    page = timeline(open_api).page("", 0)
    weibo.next[OTHERS].append(Answer(body={"statuses": weibo.posts[UID]}))
    with pytest.raises(BadReply, match="do not move on"):
        timeline(open_api).page(page.cursor, 0)
    weibo.next[OTHERS].append(Answer(body={"statuses": [{"text": "没有编号的帖子"}]}))
    with pytest.raises(BadReply, match="do not move on"):
        timeline(open_api).page("", 0)


def test_the_tree_of_faults_is_one_family():
    kinds = [kind for kind in vars(faults).values() if isinstance(kind, type) and issubclass(kind, Fault)]
    assert {kind for kind, _, _ in CODES.values()} <= set(kinds)
