"""One row or object -> Post, or the reason why there is none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from originality.collect import ids, reasons
from originality.collect.table import Columns, Row, key_of
from originality.collect.times import as_time
from originality.collect.values import as_bool, as_count, as_text, is_cut
from originality.collect.weibo_spider import own_words
from originality.models import Dropped, Post

_NAMES = ("screenname", "nickname", "name", "username")  # in a JSON "user"; nghuyong writes nick_name
_NUMBERS = ("idstr", "id", "uid")
_MOST_SHAPES = 1_000  # sets of keys remembered: one exporter has a dozen
_GENERIC_FOLDERS = frozenset({"", ".", "weibo", "weibo_data", "data", "user", "users", "csv", "json", "downloads"})
_UID_DIGITS = range(9, 12)
_SHORTEST_MID = 10
_LONGEST_MID = 17
_MID_DIGITS = 16


@dataclass(frozen=True, slots=True)
class Account:
    """Whose posts a file holds, where its rows do not say."""

    name: str = ""
    uid: str = ""


def account_of_user(user: object) -> Account:
    """Return the account that a JSON "user" describes, or tells by its name alone."""
    if isinstance(user, str) or not isinstance(user, Mapping):  # str first: it is the common one, and quicker to tell
        return Account(as_text(user).strip())
    by_key = {key_of(str(key)): value for key, value in user.items()}
    return Account(
        next((name for key in _NAMES if (name := as_text(by_key.get(key)).strip())), ""),
        next((number for key in _NUMBERS if (number := ids.as_id(by_key.get(key)))), ""),
    )


def account_of_path(path: Path) -> Account:
    """Return the account that a file is named after: <name>/<uid>.csv, <name>_<uid>.csv, <uid>.csv or <name>.csv."""
    name, _, uid = path.stem.rpartition("_")
    if name and _is_uid(uid):
        return Account(name, uid)
    if not _is_uid(path.stem):
        return Account(path.stem)
    folder = path.resolve().parent.name
    return Account(path.stem if folder.lower() in _GENERIC_FOLDERS or folder.isdigit() else folder, path.stem)


def _is_uid(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) in _UID_DIGITS


class PostMaker:
    """Makes the posts of one file."""

    def __init__(self, path: Path, account: str, mapping: Mapping[str, str]) -> None:
        self._path = path
        self._given = account.strip()
        self._by_path = account_of_path(path)
        self._by_user = Account()
        self._mapping = mapping
        self._shapes: dict[tuple[str, ...], Columns] = {}

    def told(self, user: object) -> None:
        """Take note of the account that the file names for all of its posts."""
        self._by_user = account_of_user(user)

    def make(self, row: Row) -> Post | Dropped:
        """Return the post that a row describes."""
        values = row.values
        columns = self._columns(values)
        text, is_long_text = _text(columns, values)
        if not text:
            reason = reasons.NO_TEXT if any(values.values()) else reasons.NO_COLUMNS
            return Dropped(reason=reason, file=self._path, line=row.line)
        url = _url(columns, values)
        account = self._account(columns, values, url)
        published_at = _time(columns, values)
        identity = _identity(columns, values, url)
        if identity.post_id is None:
            return Dropped(reason=reasons.DAMAGED_ID, file=self._path, line=row.line, detail=identity.seen)
        made_up = "" if identity.post_id else ids.made_up(account.name, str(published_at or ""), text)
        return Post(
            post_id=identity.post_id or made_up,
            account=account.name,
            account_id=account.uid,
            text=text,
            published_at=published_at,
            url=url or _link(account.uid, identity),
            reposts=_count(columns, values, "reposts"),
            comments=_count(columns, values, "comments"),
            likes=_count(columns, values, "likes"),
            truncated=is_cut(text, _said_to_be_long(columns, values), is_long_text),
            repost_of=_repost_of(columns, values),
        )

    def _columns(self, values: Mapping[str, Any]) -> Columns:
        shape = tuple(values)
        columns = self._shapes.get(shape)
        if columns is None:
            if len(self._shapes) >= _MOST_SHAPES:
                self._shapes.clear()
            columns = self._shapes[shape] = Columns.of(shape, self._mapping)
        return columns

    def _account(self, columns: Columns, values: Mapping[str, Any], url: str) -> Account:
        row = _account_of_row(columns, values)
        name = row.name
        if not name or "***" in name:  # MediaCrawler hides names: what the user says is better
            name = self._given or name or self._by_user.name or self._by_path.name
        uid = row.uid or self._by_user.uid or (url and ids.uid_in_link(url))
        # A file <name>_<uid>.csv knows the number of its own account, not of others that its rows name.
        return Account(name, uid or (self._by_path.uid if not row.name else ""))


def _account_of_row(columns: Columns, values: Mapping[str, Any]) -> Account:
    name, uid = "", ""
    for column in columns.found["account"]:
        if name := account_of_user(values.get(column)).name:
            break
    for column in columns.found["account_id"]:
        value = values.get(column)
        if isinstance(value, dict):
            uid = account_of_user(value).uid
        elif column not in columns.users:  # a plain "user" is a name
            uid = ids.as_id(value) or ""
        if uid:
            break
    return Account(name, uid)


def _text(columns: Columns, values: Mapping[str, Any]) -> tuple[str, bool]:
    """Return the account's own words, raw, and whether they come from a column of long texts."""
    for column in columns.found["text"]:
        value = values.get(column)
        if isinstance(value, Mapping):  # "longText": {"longTextContent": ...}
            value = value.get("longTextContent")
        text = own_words(as_text(value))
        if text and not text.isspace():
            return text, key_of(column).startswith("longtext")
    return "", False


@dataclass(frozen=True, slots=True)
class _Identity:
    post_id: str | None
    """"" where the file tells none, None where it is destroyed."""
    bid: str = ""
    seen: str = ""


_NAMELESS = _Identity("")


def _identity(columns: Columns, values: Mapping[str, Any], url: str) -> _Identity:
    if not url and not columns.found["post_id"] and not columns.found["bid"]:
        return _NAMELESS
    bid = next((read for name in columns.found["bid"] if (read := ids.as_id(values.get(name)))), "")
    others = (bid, ids.id_in_link(url))
    column, seen, post_id = _stated_id(columns, values)
    post_id = ids.repaired(post_id, others)
    if post_id and column not in columns.to_the_letter:
        if post_id.isdigit() and len(post_id) < _SHORTEST_MID:  # the number of a row, where a better name is known
            post_id = ids.repaired("", others) or post_id
        post_id = ids.canonical(post_id, surely_weibo=column in columns.surely_weibo)
    return _Identity(post_id, bid, seen)


def _stated_id(columns: Columns, values: Mapping[str, Any]) -> tuple[str, str, str | None]:
    """Return column, cell and id of the best of the columns with ids."""
    best: tuple[str, str, str | None] = ("", "", "")
    for column in columns.found["post_id"]:
        read = ids.as_id(values.get(column))
        if read == "":
            continue
        if read is not None and len(read) <= _LONGEST_MID:
            return column, "", read
        # Destroyed, or the 19 digits that some API replies call "mid" and that name nothing: another may be better.
        if not best[2]:
            best = column, as_text(values.get(column)), read
    return best


def _link(uid: str, identity: _Identity) -> str:
    mid = identity.post_id or ""
    bid = identity.bid or (ids.mid_to_bid(mid) if len(mid) == _MID_DIGITS else "")
    return f"https://weibo.com/{uid}/{bid}" if bid and uid.isascii() and uid.isdigit() else ""


def _url(columns: Columns, values: Mapping[str, Any]) -> str:
    for column in columns.found["url"]:
        url = as_text(values.get(column)).strip()
        if url.startswith("//"):
            url = "https:" + url
        if url.startswith(("https://", "http://")):
            return url
    return ""


def _time(columns: Columns, values: Mapping[str, Any]) -> datetime | None:
    for column in columns.found["published_at"]:
        if time := as_time(values.get(column)):
            return time
    return None


def _count(columns: Columns, values: Mapping[str, Any], field: str) -> int | None:
    for column in columns.found[field]:
        count = as_count(values.get(column))
        if count is not None:
            return count
    return None


def _said_to_be_long(columns: Columns, values: Mapping[str, Any]) -> bool:
    return any(as_bool(values.get(column)) for column in columns.found["is_long"])


def _repost_of(columns: Columns, values: Mapping[str, Any]) -> str:
    for column in columns.found["repost_of"]:
        value = values.get(column)
        if isinstance(value, Mapping):
            value = value.get("idstr") or value.get("id") or value.get("mid")
        elif key_of(column) in {"retweet", "retweetedstatus"}:  # a plain value there is a count or a text
            continue
        if read := ids.as_id(value):
            return ids.canonical(read, surely_weibo=False)
    return ""
