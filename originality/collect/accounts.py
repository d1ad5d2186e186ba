"""Whose posts these are: told by a row, by the document, by the user, or by the name of the file or its folder."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from originality.collect import ids
from originality.collect.table import Columns, key_of
from originality.collect.values import as_text

_NAMES = ("screenname", "nickname", "name", "username")  # in a JSON "user"; nghuyong writes nick_name
_NUMBERS = ("idstr", "id", "uid")
_GENERIC_FOLDERS = frozenset({"", ".", "weibo", "weibo_data", "data", "user", "users", "csv", "json", "downloads"})
_NAMED_BY_TOOL = re.compile(
    r"\w*spider|(?:search|detail|creator)_contents|weibo_(?:search|detail|creator)", re.IGNORECASE
)
_UID_DIGITS = range(9, 12)
_GIVEN_UID_DIGITS = range(5, 12)  # the site's first accounts have five
_HIDDEN = "***"  # MediaCrawler, since July 2026: "示***微"
_HASH_LENGTH = 16


@dataclass(frozen=True, slots=True)
class Account:
    """The name of an account and its number, each "" where it is not known."""

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
    if name and _is_uid(uid, _UID_DIGITS):
        return Account(name, uid)
    if not _is_uid(path.stem, _UID_DIGITS):
        return Account(path.stem)
    folder = path.resolve().parent.name
    return Account(path.stem if folder.lower() in _GENERIC_FOLDERS or folder.isdigit() else folder, path.stem)


def is_uid(text: str) -> bool:
    """Say whether what a user gave as the account is its number."""
    return _is_uid(text, _GIVEN_UID_DIGITS)


def _is_uid(text: str, lengths: range) -> bool:
    return text.isascii() and text.isdigit() and len(text) in lengths


class Attribution:
    """Decides whose post each row of one file is."""

    def __init__(self, path: Path, given: str) -> None:
        given = given.strip()
        self._by_path = account_of_path(path)
        self._by_user = Account()
        self._given = Account("", given) if is_uid(given) else Account(given)

    def told(self, user: object) -> None:
        """Take note of the account that the file names for all of its posts."""
        self._by_user = account_of_user(user)

    def account(self, columns: Columns, values: Mapping[str, Any], url: str) -> Account:
        """Return the account of one row: what the row itself says counts most."""
        row = _account_of_row(columns, values)
        if _HIDDEN in row.name:
            return self._hidden(row, columns, values)
        uid = row.uid or self._by_user.uid or (url and ids.uid_in_link(url))
        if row.name:
            # A file <name>_<uid>.csv knows the number of its own account, not of others that its rows name.
            return row if uid == row.uid else Account(row.name, uid)
        return Account(self._name(uid), uid or self._given.uid or self._by_path.uid)

    def _name(self, uid: str) -> str:
        """Return the name for rows that have none, and perhaps a number."""
        if self._given.name:
            return self._given.name
        if self._given.uid:
            for known in (self._by_user, self._by_path):
                if known.name and known.uid == self._given.uid:
                    return known.name
            return uid or self._given.uid
        if uid and _NAMED_BY_TOOL.match(self._by_path.name):
            return self._by_user.name or uid
        return self._by_user.name or self._by_path.name

    def _hidden(self, row: Account, columns: Columns, values: Mapping[str, Any]) -> Account:
        """Attribute a post whose exporter hides its author behind "示***微" and a hash of the number."""
        if not self._given.uid:
            return Account(self._given.name or row.name, row.uid)
        hashed = next((as_text(values.get(name)).strip() for name in columns.found["creator_hash"]), "")
        if hashed and hashed == sha256(self._given.uid.encode()).hexdigest()[:_HASH_LENGTH]:
            return Account(self._name(""), self._given.uid)
        # Somebody else's, as far as the file tells.
        return row


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
