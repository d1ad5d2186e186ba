"""A page of an account's posts, and how the posts of a reply are made: by the very rules of file import.

Only posts are taken. What a reply tells about people (followers, gender, place, the author of a quoted original) is
left out before anything is made of it, and so is what is not public, not by the account, or deleted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from originality.accounts import Account
from originality.collect import reasons
from originality.collect.memory import Header, Memory
from originality.collect.post import PostMaker
from originality.collect.table import Row
from originality.collect.texts import is_notice
from originality.live.faults import NotPermitted
from originality.models import Dropped, Post

NOT_PUBLIC = "not public"
OF_ANOTHER = "by another account"

_ORGANISATIONS = range(1, 8)  # authorities, companies, media, schools, sites, applications, institutions
_OF_A_POST = frozenset(
    "id idstr mid bid mblogid text raw_text text_raw longText isLongText created_at reposts_count comments_count "
    "attitudes_count edit_count".split()
)
_NUMBERS = ("idstr", "id", "mid")


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Some consecutive posts of an account."""

    items: tuple[Post | Dropped, ...]
    ids: tuple[int, ...]
    """Ids of those that stand in the order of time: pinned ones are not among them."""
    oldest: datetime | None
    cursor: str
    """Where the next older page begins; "" where there is none."""


class Timeline(Protocol):
    """The posts of one account, newest first."""

    def page(self, cursor: str, after: int) -> Page:
        """Return the page at a cursor ("" is the top), with posts younger than the post `after` at least."""


class Statuses:
    """Makes the posts of one account."""

    def __init__(self, account: Account, seen_at: datetime) -> None:
        self._account = account
        self._seen_at = seen_at
        self._file = Path(f"live_{account.uid}")  # what dropped items are counted under
        self._maker = PostMaker(self._file, account.name, Header(self._file, {}, Memory(None)))
        self._known = account.role == "own" or account.person_allowed

    def page(self, statuses: Sequence[dict[str, Any]], pinned: Sequence[dict[str, Any]], cursor: str) -> Page:
        """Return the page that some statuses make."""
        items = tuple(self._item(status) for status in (*pinned, *statuses))
        times = [item.published_at for item in items[len(pinned) :] if isinstance(item, Post) and item.published_at]
        ids = tuple(number for status in statuses if (number := id_of(status)))
        return Page(items=items, ids=ids, oldest=min(times, default=None), cursor=cursor)

    def _item(self, status: Mapping[str, Any]) -> Post | Dropped:
        user = status.get("user")
        author = _uid_of(user)
        if author and author != self._account.uid:
            return Dropped(reason=OF_ANOTHER, file=self._file)
        if is_deleted(status):
            return Dropped(reason=reasons.DELETED, file=self._file)
        visible = status.get("visible")
        if isinstance(visible, Mapping) and visible.get("type") not in (None, 0):
            return Dropped(reason=NOT_PUBLIC, file=self._file)
        self._must_be_organisation(user)
        item = self._maker.make(Row(0, _pared(status)))
        return replace(item, seen_at=self._seen_at) if isinstance(item, Post) else item

    def _must_be_organisation(self, user: object) -> None:
        if self._known:
            return
        kind = user.get("verified_type") if isinstance(user, Mapping) else None
        if kind not in _ORGANISATIONS:
            raise NotPermitted(
                f"Weibo does not say that {self._account.name} is a verified organisation (verified_type {kind!r}), "
                "and people are not collected. If it is no private person: originality accounts add … --allow-person"
            )
        self._known = True


def id_of(status: Mapping[str, Any]) -> int:
    """Return the number of a post, 0 where it has none."""
    for name in _NUMBERS:
        value = str(status.get(name, ""))
        if value.isascii() and value.isdigit():
            return int(value)
    return 0


def is_deleted(status: Mapping[str, Any]) -> bool:
    """Say whether only the place of a post is left."""
    return str(status.get("deleted", "")) == "1" or is_notice(str(status.get("text", "")))


def wants_long_text(status: Mapping[str, Any]) -> bool:
    """Say whether the reply holds only the beginning of a post."""
    return bool(status.get("isLongText")) and not long_text_of(status)


def long_text_of(status: Mapping[str, Any]) -> str:
    """Return the whole text that a reply holds beside the cut one, or ""."""
    long = status.get("longText")
    text = long.get("longTextContent") if isinstance(long, Mapping) else None
    return text if isinstance(text, str) else ""


def _uid_of(user: object) -> str:
    return str(user.get("idstr") or user.get("id") or "") if isinstance(user, Mapping) else ""


def _pared(status: Mapping[str, Any]) -> dict[str, Any]:
    kept = {name: value for name, value in status.items() if name in _OF_A_POST}
    user = status.get("user")
    if isinstance(user, Mapping):
        kept["user"] = {name: user[name] for name in ("id", "idstr", "screen_name") if name in user}
    original = status.get("retweeted_status")
    if isinstance(original, Mapping):
        kept["retweeted_status"] = {name: original[name] for name in _NUMBERS if name in original}
    return kept
