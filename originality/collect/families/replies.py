"""Replies of the site that people saved: m.weibo.cn, weibo.com/ajax and the Open API, and what it says instead.

A reply holds posts in one of a few places; a refusal holds none and says why. Both may stand alone, in a list or one a
line.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from originality.collect.values import as_text

_MARKS = frozenset({"data", "ok", "cards", "mblog", "statuses", "status", "error_code", "access_token", "errno"})
_LISTS = ("list", "statuses", "mblogs")
_POST_KEYS = frozenset({"text", "text_raw", "raw_text", "longText"})
_CLOSED = {
    "-100": "the site asked to log in (ok: -100)",
    "0": "the site had nothing to show (ok: 0)",
}


def is_reply(value: Mapping[str, Any]) -> bool:
    """Say whether an object is a reply rather than a post."""
    return (not _MARKS.isdisjoint(value) and _POST_KEYS.isdisjoint(value)) or value.keys() == {"url"}


def posts_in(reply: Mapping[str, Any]) -> list[Any] | None:
    """Return the posts of a reply, with None for each of its parts that holds none; None where it has no such parts."""
    data = reply.get("data")
    for body in (data if isinstance(data, Mapping) else {}, reply):
        if isinstance(cards := body.get("cards"), list):
            return list(_of_cards(cards))
        for key in _LISTS:
            if isinstance(found := body.get(key), list):
                return [post if isinstance(post, Mapping) else None for post in found]
        for key in ("mblog", "status"):
            if isinstance(post := body.get(key), Mapping):
                return [post]
    return [data] if isinstance(data, Mapping) and not _POST_KEYS.isdisjoint(data) else None


def _of_cards(cards: list[Any]) -> Iterator[Mapping[str, Any] | None]:
    for card in cards:
        if not isinstance(card, Mapping):
            yield None
        elif isinstance(group := card.get("card_group"), list):
            yield from _of_cards(group)
        else:
            post = card.get("mblog")
            yield post if isinstance(post, Mapping) else None


def refusal_in(reply: Mapping[str, Any]) -> str:
    """Return what a reply without posts says, "" where it is no refusal."""
    if code := _short(reply.get("error_code")):
        return f"an error of the Open API, {code}: {_short(reply.get('error')).rstrip('.!') or 'no reason given'}"
    if "access_token" in reply:
        return "an access token, not posts: keep it secret"
    said = _short(reply.get("msg") or reply.get("message"))
    if "ok" in reply and not reply.get("data") and (told := _CLOSED.get(_short(reply["ok"]))):
        return f"a refusal: {told}" + (f", {said}" if said else "")
    if "data" not in reply and "url" in reply and "text" not in reply:
        link = _short(reply["url"])
        if any(word in link for word in ("captcha", "verify", "passport", "login")):
            return "a refusal: the site asked to log in or to solve a captcha"
    return ""


def _short(value: object) -> str:
    return " ".join(as_text(value).split())[:80]
