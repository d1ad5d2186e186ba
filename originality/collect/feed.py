"""Feeds, of RSSHub above all: RSS 2.0, Atom and JSON Feed.

XML is read by defusedxml with every document type refused, so no entity is expanded and nothing is fetched. A post's
text is the description without the original that it quotes; its id is in its link.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple, TypeAlias
from xml.etree.ElementTree import Element, ParseError

from originality.collect import ids, reasons
from originality.collect.table import Row
from originality.collect.text_file import TextFile
from originality.collect.texts import plain
from originality.errors import CollectError
from originality.models import Dropped

_ROOTS = frozenset({"rss", "feed", "RDF"})
_ITEMS = frozenset({"item", "entry"})
_PARENTS = frozenset({"channel", "feed"})
_TITLE_TAIL = re.compile(r"的微博\s*\Z")
# What RSSHub puts behind the post itself: the quoted original, popular comments, the article that it links to.
_QUOTED = re.compile(r"<(?:blockquote|hr)\b|<h3>热门评论", re.IGNORECASE)
_COLUMNS = ("text", "raw", "post_id", "url", "account", "account_id", "published_at")
_DAMAGE = (ParseError, ValueError, UnicodeError, LookupError)  # defusedxml's refusals are ValueErrors

RowOfFeed: TypeAlias = dict[str, Any]


class JsonFeed(NamedTuple):
    """The posts of a JSON Feed and the account of the whole."""

    account: Mapping[str, str]
    rows: Sequence[RowOfFeed]


class FeedReader(TextFile):
    """Reads one feed in XML."""

    def rows(self) -> Iterator[Row | Dropped]:
        """Yield the items; raise CollectError before the first where this is no feed."""
        self._header.check(_COLUMNS)
        number = 0
        try:
            for number, item in enumerate(self._items(), 1):
                yield Row(number, item)
        except _DAMAGE as error:
            if not number:
                raise CollectError(
                    f"{self._path} is no feed that can be read safely: {_reason(error)}. Save the feed again."
                ) from error
            yield Dropped(reason=reasons.DAMAGED_REST, file=self._path, line=number + 1)

    def _items(self) -> Iterator[RowOfFeed]:
        from defusedxml.ElementTree import iterparse

        channel: dict[str, str] = {}
        path: list[Element] = []
        with self._opened() as file:
            for event, element in iterparse(file, events=("start", "end"), forbid_dtd=True):
                if event == "start":
                    path.append(element)
                    self._check_root(path)
                    continue
                path.pop()
                name = _name(element)
                if name in _ITEMS:
                    self._told(_account(channel))
                    yield _row(_parts(element))
                    element.clear()
                elif path and _name(path[-1]) in _PARENTS and name in {"title", "link"}:
                    channel.setdefault(name, (element.text or element.get("href") or "").strip())

    def _check_root(self, path: Sequence[Element]) -> None:
        if len(path) == 1 and _name(path[0]) not in _ROOTS:
            raise CollectError(f"{self._path} is XML but neither RSS nor Atom (<{_name(path[0])[:40]}>).")


def posts_in_json_feed(document: Mapping[str, Any]) -> JsonFeed | None:
    """Return the posts of a JSON Feed, None where a document is none."""
    items = document.get("items")
    if "jsonfeed.org" not in str(document.get("version", ""))[:100] or not isinstance(items, list):
        return None
    channel = {"title": str(document.get("title", "")), "link": str(document.get("home_page_url", ""))}
    return JsonFeed(_account(channel), [_row(_parts_of_json(item)) for item in items if isinstance(item, Mapping)])


def _row(parts: Mapping[str, str]) -> RowOfFeed:
    link = parts.get("link", "")
    imported = parts.get("content") or parts.get("summary") or parts.get("title", "")
    quoted = _QUOTED.search(imported)
    text = plain(imported[: quoted.start()] if quoted else imported)
    author = parts.get("author", "")
    if author:
        text = re.sub(rf"\A@?{re.escape(author)}[:：]\s*", "", text)  # RSSHub, on request
    is_weibo = bool(ids.id_in_link(link))
    if "mp.weixin.qq.com" in link and parts.get("title"):
        text = f"{parts['title']}\n{text}"
    return {
        "text": text,
        "raw": imported,
        "post_id": "" if is_weibo or not link else ids.made_up("", "", link),
        "url": link,
        "account": author,
        "account_id": ids.uid_in_link(link) if is_weibo else "",
        "published_at": parts.get("published", ""),
    }


def _account(channel: Mapping[str, str]) -> dict[str, str]:
    name = _TITLE_TAIL.sub("", channel.get("title", "").strip())
    return {"name": name, "id": ids.uid_in_link(channel.get("link", ""))}


_PARTS = {
    "title": "title",
    "description": "summary",
    "summary": "summary",
    "encoded": "content",
    "content": "content",
    "pubDate": "published",
    "published": "published",
    "date": "published",
    "creator": "author",
    "guid": "link",
}


def _parts(item: Element) -> dict[str, str]:
    """Return what an item of RSS or an entry of Atom says, by one set of names."""
    parts: dict[str, str] = {}
    for child in item:
        name = _name(child)
        text = (child.text or "").strip()
        if name == "link":
            parts["link"] = text or child.get("href", "")
        elif name == "author":
            inner = next((_text for part in child if _name(part) == "name" and (_text := part.text)), "")
            parts["author"] = (inner or text).strip()
        elif name == "updated":
            parts.setdefault("published", text)
        elif known := _PARTS.get(name):
            if known == "published":
                parts[known] = text
            else:
                parts.setdefault(known, text)
    return parts


def _parts_of_json(item: Mapping[str, Any]) -> dict[str, str]:
    authors = item.get("authors") or [item.get("author")]
    author = authors[0] if isinstance(authors, list) and authors and isinstance(authors[0], Mapping) else {}
    names = {
        "link": item.get("url") or item.get("id"),
        "content": item.get("content_html") or item.get("content_text"),
        "title": item.get("title"),
        "published": item.get("date_published"),
        "author": author.get("name"),
    }
    return {name: value for name, value in names.items() if isinstance(value, str)}


def _name(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _reason(error: Exception) -> str:
    kind = type(error).__name__
    if kind in {"DTDForbidden", "EntitiesForbidden", "ExternalReferenceForbidden"}:
        return "it declares a document type or entities, which no feed needs"
    return " ".join(str(error).split())[:120] or kind
