"""What the cells of a row say, for all formats: text, names of the post, time, counts.

Each field may be in several columns (`table.ALIASES`); the first that holds something counts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from originality.collect import ids
from originality.collect.table import Columns, key_of
from originality.collect.times import as_time, resolved
from originality.collect.values import as_bool, as_count, as_text, is_floor

Values = Mapping[str, Any]

_SHORTEST_MID = 10
_LONGEST_MID = 17
_HOSTS = {
    "weibo.com": "weibo",
    "weibo.cn": "weibo",
    "xiaohongshu.com": "xiaohongshu",
    "xhslink.com": "xiaohongshu",
    "douyin.com": "douyin",
    "mp.weixin.qq.com": "wechat",
}
_PLATFORMS = {
    **{name: "weibo" for name in ("weibo", "wb", "微博", "新浪微博", "sina")},
    **{name: "xiaohongshu" for name in ("xiaohongshu", "xhs", "小红书", "rednote")},
    **{name: "douyin" for name in ("douyin", "dy", "抖音")},
    **{name: "wechat" for name in ("wechat", "weixin", "wx", "微信", "公众号", "微信公众号")},
}


@dataclass(frozen=True, slots=True)
class Identity:
    """The names of a post."""

    post_id: str | None
    """"" where the file tells none, None where it is destroyed."""
    bid: str = ""
    seen: str = ""


class Counts(NamedTuple):
    """How often a post was reposted, commented and liked."""

    reposts: int | None
    comments: int | None
    likes: int | None
    at_least: bool


_NAMELESS = Identity("")


def imported_text(columns: Columns, values: Values) -> tuple[str, bool]:
    """Return the text as imported, and whether it comes from a column of long texts."""
    for column in columns.found["text"]:
        value = values.get(column)
        if isinstance(value, Mapping):  # "longText": {"longTextContent": ...}
            value = value.get("longTextContent_raw") or value.get("longTextContent")
        text = as_text(value)
        if text and not text.isspace():
            return text, key_of(column).startswith("longtext")
    return "", False


def identity(columns: Columns, values: Values, url: str) -> Identity:
    """Return the names of a post, with what a spreadsheet has rounded made whole."""
    if not url and not columns.found["post_id"] and not columns.found["bid"]:
        return _NAMELESS
    bid = next((read for name in columns.found["bid"] if (read := ids.as_id(values.get(name)))), "")
    column, seen, post_id = _stated_id(columns, values)
    needs_help = not post_id or post_id.endswith("0") or len(post_id) < _SHORTEST_MID
    others = (bid, ids.id_in_link(url)) if needs_help else ()
    post_id = ids.repaired(post_id, others)
    if post_id and column not in columns.to_the_letter:
        if post_id.isdigit() and len(post_id) < _SHORTEST_MID:  # the number of a row, where a better name is known
            post_id = ids.repaired("", others) or post_id
        post_id = ids.canonical(post_id, surely_weibo=column in columns.surely_weibo)
    return Identity(post_id, bid, seen)


def _stated_id(columns: Columns, values: Values) -> tuple[str, str, str | None]:
    """Return column, cell and id of the best of the columns with ids."""
    best: tuple[str, str, str | None] = ("", "", "")
    for column in columns.found["post_id"]:
        read = ids.as_id(values.get(column))
        if read == "":
            continue
        if read is not None and (len(read) <= _LONGEST_MID or column in columns.to_the_letter):
            return column, "", read
        # Destroyed, or the 19 digits that some API replies call "mid" and that name nothing: another may be better.
        if not best[2]:
            best = column, as_text(values.get(column)), read
    return best


def link_to(uid: str, named: Identity) -> str:
    """Return the link to a Weibo post, "" where its account or bid is not known."""
    if not (uid.isascii() and uid.isdigit()):
        return ""
    bid = named.bid or ids.mid_to_bid(named.post_id or "") or ""
    return f"https://weibo.com/{uid}/{bid}" if bid else ""


def url_of(columns: Columns, values: Values) -> str:
    """Return the link that a row gives, "" where it is none."""
    for column in columns.found["url"]:
        url = as_text(values.get(column)).strip()
        if url.startswith("//"):
            url = "https:" + url
        if url.startswith(("https://", "http://")):
            return url
    return ""


def platform_of(columns: Columns, values: Values, url: str) -> str:
    """Return where a post stands: what the row says, else the host of its link, else Weibo."""
    for column in columns.found["platform"]:
        if told := as_text(values.get(column)).strip():
            return _PLATFORMS.get(told.lower(), told)
    if not url or "weibo.c" in url:
        return "weibo"
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return "weibo"
    return next((name for known, name in _HOSTS.items() if host == known or host.endswith("." + known)), "weibo")


def published_at(columns: Columns, values: Values, mid: str, seen_at: datetime | None) -> datetime | None:
    """Return the time of publication: what is whole by itself, else what the id or the time of crawling completes."""
    for column in columns.found["published_at"]:
        if time := as_time(values.get(column)):
            return time
    for column in columns.found["published_at"]:
        value = values.get(column)
        if isinstance(value, str) and (time := resolved(value, mid, seen_at)):
            return time
    return None


def seen_at(columns: Columns, values: Values) -> datetime | None:
    """Return when the exporter read the post."""
    return next((time for column in columns.found["seen_at"] if (time := as_time(values.get(column)))), None)


def counts(columns: Columns, values: Values) -> Counts:
    """Return the counts of a row."""
    reposts, least_reposts = _count(columns.found["reposts"], values)
    comments, least_comments = _count(columns.found["comments"], values)
    likes, least_likes = _count(columns.found["likes"], values)
    return Counts(reposts, comments, likes, least_reposts or least_comments or least_likes)


def _count(names: tuple[str, ...], values: Values) -> tuple[int | None, bool]:
    """Return a count and whether it is only the least that it can be."""
    for name in names:
        value = values.get(name)
        count = as_count(value)
        if count is not None:
            return count, is_floor(value, count)
    return None, False


def edits(columns: Columns, values: Values) -> int | None:
    """Return how often the post was edited."""
    return next((n for column in columns.found["edits"] if (n := as_count(values.get(column))) is not None), None)


def said_to_be_long(columns: Columns, values: Values) -> bool:
    """Say whether the row marks its text as only the beginning."""
    return any(
        isinstance(value := values.get(column), Mapping) or as_bool(value) for column in columns.found["is_long"]
    )


def repost_of(columns: Columns, values: Values) -> str:
    """Return the id of the post that this one reposts, "" where the row tells none."""
    for column in columns.found["repost_of"]:
        value = values.get(column)
        if isinstance(value, Mapping):
            value = value.get("idstr") or value.get("id") or value.get("mid")
        elif key_of(column) in {"retweet", "retweetedstatus"}:  # a plain value there is a count or a text
            continue
        if read := ids.as_id(value):
            return ids.canonical(read, surely_weibo=False)
    return ""
