"""The public pages of m.weibo.cn: opt-in, slow, obedient, and at an end with the first refusal.

No visitor cookie is made or kept, no proxy is used, nothing is disguised: where the site does not want to be read, it
is not read. robots.txt is asked first and obeyed. Only posts are taken, not comments, followers or profiles.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from urllib.robotparser import RobotFileParser

from originality.accounts import Account
from originality.live.faults import BadReply, NotThere, Refused, RequestFault, Unreachable
from originality.live.http import AGENT, Fetcher, Reply
from originality.live.page import Page, Statuses, id_of, wants_long_text
from originality.live.surroundings import Surroundings
from originality.settings import LiveSettings

LIST = "/api/container/getIndex"
LONG = "/statuses/extend"
ROBOTS = "/robots.txt"

_REFUSING = frozenset({401, 403, 414, 418, 432})
_NOT_LOGGED_IN = -100
_POST_CARD, _GROUP_CARD = 9, 11
_PINNED = 2
_NOTHING = "这里还没有内容"
_TOO_OFTEN = "频繁"
_ELSEWHERE = "The public web is left alone for now; the official API or a file import need no luck."


class Pace:
    """Keeps requests apart, whichever account they are for."""

    def __init__(self, settings: LiveSettings, around: Surroundings) -> None:
        self._around = around
        self.pause = settings.web_pause
        self._last: datetime | None = None

    def wait(self) -> None:
        """Sleep until the next request is due."""
        if self._last is not None:
            due = self._last + timedelta(seconds=self.pause * (1 + self._around.chance() / 3))
            left = (due - self._around.now()).total_seconds()
            if left > 0:
                self._around.sleep(left)
        self._last = self._around.now()


class Robots:
    """What robots.txt allows, read once a run."""

    def __init__(self) -> None:
        self._rules: RobotFileParser | None = None

    def must_allow(self, fetcher: Fetcher, pace: Pace) -> None:
        """Read the rules with the first request of a run, and slow down to what they ask for.

        Raises:
            Refused: they forbid what this module asks for.
        """
        if self._rules is None:
            self._rules = fetcher.get(ROBOTS, {}, _rules_of)
            pace.pause = max(pace.pause, float(self._rules.crawl_delay(AGENT) or 0))
        for path in (LIST, LONG):
            if not self._rules.can_fetch(AGENT, path):
                raise Refused(f"robots.txt forbids to read {path}. {_ELSEWHERE}")


class WebTimeline:
    """The posts of one account as its public page shows them."""

    def __init__(self, fetcher: Fetcher, account: Account, around: Surroundings, pace: Pace, robots: Robots) -> None:
        self._fetcher = fetcher
        self._account = account
        self._around = around
        self._pace = pace
        self._robots = robots
        self._statuses = Statuses(account, around.now())
        self._seen: set[int] = set()

    def page(self, cursor: str, after: int) -> Page:
        """Return the page at a cursor, `since_id=…` or `page=…`, with the long texts of posts that are new."""
        self._robots.must_allow(self._fetcher, self._pace)
        where = dict([cursor.split("=", 1)]) if cursor else {}
        document = self._fetcher.get(LIST, {"containerid": f"107603{self._account.uid}", **where}, self._read)
        data = document.get("data")
        if document.get("ok") != 1 or not isinstance(data, dict):
            return self._end(document, cursor)
        pinned, statuses = _split(_blogs(data.get("cards")))
        for status in (*pinned, *statuses):
            if wants_long_text(status) and id_of(status) > after:
                self._complete(status)
        ids = {id_of(status) for status in statuses}
        following = "" if ids <= self._seen else _next(data, cursor)  # nothing, or once more what was there: the end
        self._seen |= ids
        return self._statuses.page(statuses, pinned, following)

    def _end(self, document: dict[str, Any], cursor: str) -> Page:
        said = str(document.get("msg", ""))[:100]
        if _NOTHING not in said:
            raise BadReply(f"m.weibo.cn answered without posts ({said or 'no reason given'}). Try again tomorrow.")
        if not cursor:
            raise NotThere(f"m.weibo.cn shows nothing for the uid {self._account.uid}: it is wrong, or was closed.")
        return self._statuses.page((), (), "")

    def _complete(self, status: dict[str, Any]) -> None:
        """Fetch the whole text; a post whose page is gone stays as it is, marked as cut."""
        data = self._fetcher.get(LONG, {"id": str(id_of(status))}, self._read).get("data")
        if isinstance(data, dict) and isinstance(data.get("longTextContent"), str):
            status["longText"] = {"longTextContent": data["longTextContent"]}

    def _read(self, reply: Reply) -> dict[str, Any]:
        document = reply.document()
        if reason := _refusal(reply, document):
            raise Refused(f"m.weibo.cn turned us away ({reason}). {_ELSEWHERE}")
        reply.must_be_fine(self._around.now())
        if document is None:
            raise BadReply("m.weibo.cn answered with something else than JSON. Try again tomorrow.")
        return document


def _refusal(reply: Reply, document: dict[str, Any] | None) -> str:
    """Return what shows that the site does not want to be read, or ""."""
    if reply.status in _REFUSING:
        return f"HTTP {reply.status}"
    if 300 <= reply.status < 400:
        return f"sent to another page, {reply.headers.get('location', '')[:60]!r}"
    if document is None:
        return "visitor check" if "Sina Visitor System" in reply.text else ""
    if document.get("ok") == _NOT_LOGGED_IN:
        return "login demanded"
    if "data" not in document and document.get("url"):
        return "captcha"
    return "too many requests" if _TOO_OFTEN in str(document.get("msg", "")) else ""


def _rules_of(reply: Reply) -> RobotFileParser:
    """Read robots.txt as its standard says: none allows all, one that is withheld or broken forbids all."""
    rules = RobotFileParser()
    if reply.status >= 500:
        raise Unreachable(f"robots.txt could not be read (HTTP {reply.status}), so nothing else is. Try again later.")
    if reply.status in _REFUSING or 300 <= reply.status < 400:
        raise Refused(f"robots.txt is withheld (HTTP {reply.status}). {_ELSEWHERE}")
    if 400 <= reply.status < 500:
        rules.parse([])
    elif reply.status == 200 and "<html" not in reply.text[:1000].lower():
        rules.parse(reply.text.splitlines())
    else:
        raise Refused(f"robots.txt is no such file but a page. {_ELSEWHERE}")
    return rules


def _blogs(cards: object) -> list[dict[str, Any]]:
    """Return the posts among the cards of a page, those in groups included."""
    found: list[dict[str, Any]] = []
    for card in cards if isinstance(cards, list) else ():
        if not isinstance(card, dict):
            continue
        if card.get("card_type") == _GROUP_CARD:
            found += _blogs(card.get("card_group"))
        elif isinstance(card.get("mblog"), dict):
            pinned = str(card.get("profile_type_id", "")).startswith("proweibotop")
            found.append({**card["mblog"], **({"mblogtype": _PINNED} if pinned else {})})
    return found


def _split(blogs: Sequence[dict[str, Any]]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return the pinned posts and the others, which alone are in the order of time."""
    pinned = [blog for blog in blogs if blog.get("mblogtype") == _PINNED]
    return pinned, [blog for blog in blogs if blog.get("mblogtype") != _PINNED]


def _next(data: dict[str, Any], cursor: str) -> str:
    """Return the cursor of the page that follows: the one that the site names, else the next number."""
    info = data.get("cardlistInfo")
    since = info.get("since_id") if isinstance(info, dict) else None
    name, _, number = cursor.partition("=")
    if since and str(since) == number:
        raise RequestFault("m.weibo.cn's pages do not move on: the same page came again. Report it.")
    if since:
        return f"since_id={since}"
    return "" if name == "since_id" else f"page={int(number or 1) + 1}"
