"""A little Weibo on this machine: the documented replies, refusals and misbehaviours, over real HTTP."""

from __future__ import annotations

import contextlib
import json
import threading
import time
from collections import defaultdict, deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from tests.stores import posts_of

UID = "2608812381"
NAME = "汀步茶室"
TOKEN = "2.00zYxWvUtSrQpOnMlKjIhGfEdCbA98"
FIRST = 5_030_000_000_000_000
OTHERS = "/2/statuses/user_timeline/other.json"
OWN = "/2/statuses/user_timeline.json"
BATCH = "/2/statuses/show_batch/biz.json"
SEARCH = "/2/search/statuses/limited.json"
LIST = "/api/container/getIndex"
LONG = "/statuses/extend"
ROBOTS = "/robots.txt"
OPEN_ROBOTS = "User-agent: *\nDisallow: /search\n"
WEB_PAGE = 10


@dataclass(frozen=True, kw_only=True)
class Answer:
    """One reply out of the ordinary."""

    body: bytes | str | Mapping[str, Any] = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    missing: int = 0
    """Bytes promised and not sent."""
    drip: float = 0.0
    """Seconds between two bytes, the head included."""

    @property
    def content(self) -> bytes:
        """The body as bytes."""
        text = json.dumps(self.body, ensure_ascii=False) if isinstance(self.body, Mapping) else self.body
        return text.encode() if isinstance(text, str) else text


@dataclass(frozen=True, kw_only=True)
class Asked:
    """One request that came."""

    path: str
    parameters: dict[str, str]
    headers: dict[str, str]


def status(number: int, text: str = "", *, uid: str = UID, name: str = NAME, **more: Any) -> dict[str, Any]:
    """Return a post as the site describes it, with all that it tells of people."""
    post = posts_of(1, number)[0]
    assert post.published_at
    mid = str(FIRST + number)
    return {
        "created_at": (post.published_at + timedelta(hours=8)).strftime("%a %b %d %H:%M:%S +0800 %Y"),
        "id": int(mid),
        "idstr": mid,
        "mid": mid,
        "text": text or post.text,
        "source": '<a href="https://weibo.com">微博网页版</a>',
        "isLongText": False,
        "reposts_count": number % 7,
        "comments_count": 2,
        "attitudes_count": "1.2万",
        "region_name": "发布于 杭州",
        "user": {
            "id": int(uid),
            "screen_name": name,
            "verified": True,
            "verified_type": 2,
            "gender": "f",
            "followers_count": "12万",
        },
        **more,
    }


def long_status(number: int, **more: Any) -> dict[str, Any]:
    """Return a post of which the list shows the beginning only."""
    return status(number, f"{posts_of(1, number)[0].text}故事还没有讲完……全文", isLongText=True, **more)


def long_text(number: int) -> str:
    """Return the whole text of such a post."""
    return f"{posts_of(1, number)[0].text}故事讲完了：茶凉了可以再续，人走了要记得回来，第{number}张桌子一直给你留着。"


class Weibo:
    """What the site holds, what it was asked, and what it will answer next."""

    def __init__(self) -> None:
        """Start empty, and friendly."""
        self.posts: dict[str, list[dict[str, Any]]] = defaultdict(list)
        self.pinned: dict[str, list[dict[str, Any]]] = defaultdict(list)
        self.asked: list[Asked] = []
        self.next: dict[str, deque[Answer | None]] = defaultdict(deque)
        """Answers out of the ordinary, by path, used up first; None is the ordinary one."""
        self.robots = OPEN_ROBOTS
        self.delay = 0.0
        self.url = ""

    def fill(self, count: int, uid: str = UID, first: int = 0, **more: Any) -> None:
        """Let an account post some more."""
        for number in range(first, first + count):
            self.posts[uid].insert(0, status(number, uid=uid, **more))

    def paths(self) -> list[str]:
        """Return the paths asked for, in order."""
        return [asked.path for asked in self.asked]

    def answer(self, path: str, parameters: dict[str, str], headers: dict[str, str]) -> Answer:
        """Return the reply to a request."""
        self.asked.append(Asked(path=path, parameters=parameters, headers=headers))
        time.sleep(self.delay)
        if self.next[path] and (answer := self.next[path].popleft()):
            return answer
        if path == ROBOTS:
            return Answer(body=self.robots, headers={"Content-Type": "text/plain"})
        if path == LIST:
            return self._cards(parameters)
        if path == LONG:
            return Answer(
                body={"ok": 1, "data": {"ok": 1, "longTextContent": long_text(int(parameters["id"]) - FIRST)}}
            )
        if parameters.get("access_token") != TOKEN:
            said = f"invalid_access_token:{parameters.get('access_token')}"
            return Answer(status=403, body={"error": said, "error_code": 21332, "request": path})
        return Answer(body={"statuses": self._statuses(path, parameters), "next_cursor": 0, "total_number": 1})

    def _statuses(self, path: str, given: dict[str, str]) -> list[dict[str, Any]]:
        if path == BATCH:
            wanted = set(given["ids"].split(","))
            found = [each for posts in self.posts.values() for each in posts if each["idstr"] in wanted]
            return [{**each, "longText": {"longTextContent": long_text(each["id"] - FIRST)}} for each in found]
        if path == SEARCH:
            return [each for uid in given["ids"].split("~") for each in self.posts[uid] if given["q"] in each["text"]]
        most = {OTHERS: 25, OWN: 100}[path]
        since, until = int(given.get("since_id", 0)), int(given.get("max_id", 10**19))
        found = [each for each in self.posts[given["uid"]] if since < each["id"] <= until]
        return found[: min(most, int(given["count"]))]

    def _cards(self, given: dict[str, str]) -> Answer:
        uid = given["containerid"].removeprefix("107603")
        until = int(given.get("since_id", 10**19))
        found = [each for each in self.posts[uid] if each["id"] <= until]
        if not found or "page" in given:
            return Answer(body={"ok": 0, "msg": "这里还没有内容", "data": {"cards": []}})
        page, rest = found[:WEB_PAGE], found[WEB_PAGE:]
        cards: list[dict[str, Any]] = [{"card_type": 9, "mblog": each} for each in page]
        if "since_id" not in given:
            pins = [{"card_type": 9, "profile_type_id": "proweibotop_", "mblog": each} for each in self.pinned[uid]]
            cards = [{"card_type": 11, "card_group": [{"card_type": 4}]}, *pins, *cards]
        info = {"total": len(found), **({"since_id": rest[0]["id"]} if rest else {"page": None})}
        return Answer(body={"ok": 1, "data": {"cardlistInfo": info, "cards": cards}})


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_GET(self) -> None:
        """Answer as the site does."""
        parts = urlsplit(self.path)
        answer = self.server.weibo.answer(parts.path, dict(parse_qsl(parts.query)), dict(self.headers))
        head = {"Content-Type": "application/json", "Connection": "close", **answer.headers}
        head["Content-Length"] = str(len(answer.content) + answer.missing)
        lines = [f"HTTP/1.1 {answer.status} X", *(f"{name}: {value}" for name, value in head.items()), "", ""]
        self.close_connection = True
        with contextlib.suppress(OSError):  # the other side may have had enough
            self._send("\r\n".join(lines).encode() + answer.content, answer.drip)

    def _send(self, content: bytes, drip: float) -> None:
        if not drip:
            self.wfile.write(content)
            return
        for byte in content:
            self.wfile.write(bytes([byte]))
            self.wfile.flush()
            if self.server.ended.wait(drip):
                return

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, weibo: Weibo) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.weibo = weibo
        self.ended = threading.Event()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up is what some tests are about."""


@contextlib.contextmanager
def running() -> Iterator[Weibo]:
    """Serve a little Weibo until the block ends."""
    weibo = Weibo()
    server = _Server(weibo)
    weibo.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield weibo
    finally:
        server.ended.set()
        server.shutdown()
        thread.join()
        server.server_close()


@dataclass
class Clock:
    """A clock that sleeping moves, so that nobody waits."""

    time: datetime
    slept: list[float] = field(default_factory=list)

    def now(self) -> datetime:
        """Return the time."""
        return self.time

    def sleep(self, seconds: float) -> None:
        """Let time pass."""
        self.slept.append(seconds)
        self.time += timedelta(seconds=seconds)
