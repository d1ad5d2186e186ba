"""The tables and objects of MediaCrawler: Weibo, Xiaohongshu and Douyin.

Its Weibo posts need no adapter: `create_date_time` is the sound time and stands before `create_time`, which was eight
hours late until July 2026; since that month names are hidden and numbers hashed (`accounts`). Entities are left as they
were in the HTML (`texts`). Its files are only ever added to: after an upgrade on the same day, rows of one version
stand under the header of another.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from originality.collect.values import as_text

_SINCE_JULY_2026 = tuple(
    "note_id content create_time create_date_time liked_count comments_count shared_count last_modify_ts note_url "
    "creator_hash nickname source_keyword".split()
)
_BEFORE = (
    *_SINCE_JULY_2026[:9],
    *("ip_location", "user_id", "nickname", "gender", "profile_url", "avatar", "source_keyword"),
)
_BY_LENGTH = {len(names): names for names in (_SINCE_JULY_2026, _BEFORE)}


def names_for(header: Sequence[str], cells: Sequence[object]) -> Sequence[str]:
    """Return the columns of a Weibo row: those of the header, unless its length is that of the other version."""
    if len(cells) == len(header) or tuple(header) not in _BY_LENGTH.values():
        return header
    return _BY_LENGTH.get(len(cells), header)


def read_note(values: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a Xiaohongshu note as a plain row."""
    return {
        **_common(values, values.get("note_id"), values.get("note_url")),
        "published_at": values.get("time"),
        "edits": _seconds(as_text(values.get("last_update_time"))),  # a number that grows with each edit
        "platform": "xiaohongshu",
    }


def read_video(values: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a Douyin video or picture post as a plain row."""
    return {
        **_common(values, values.get("aweme_id"), values.get("aweme_url")),
        "published_at": values.get("create_time"),
        "platform": "douyin",
    }


def _common(values: Mapping[str, Any], post_id: object, url: object) -> dict[str, Any]:
    return {
        "post_id": post_id,
        "text": _title_and_text(as_text(values.get("title")), as_text(values.get("desc"))),
        "url": url,
        "account": values.get("nickname"),
        "account_id": values.get("user_id"),
        "creator_hash": values.get("creator_hash"),
        "likes": values.get("liked_count"),
        "comments": values.get("comment_count"),
        "reposts": values.get("share_count"),
        "seen_at": values.get("last_modify_ts"),
    }


def _seconds(milliseconds: str) -> int | None:
    digits = milliseconds.strip()
    return int(digits) // 1000 or None if digits.isascii() and digits.isdigit() and len(digits) < 16 else None


def _title_and_text(title: str, text: str) -> str:
    """Join the two, unless the title is only the beginning of the text, as it is where the author gave none."""
    if not title.strip() or text.startswith(title):
        return text
    return f"{title}\n{text}".rstrip()
