"""What this package itself has exported: every field of a post by its own name, read back to the letter."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from originality.collect.times import as_time
from originality.models import Post

_TEXTS = ("post_id", "account", "text", "account_id", "url", "platform", "repost_of", "raw")


def read_back(values: Mapping[str, Any]) -> Post | None:
    """Return the post that was exported; None where the row has no id, account or text."""
    texts = {name: value if isinstance(value := values.get(name), str) else "" for name in _TEXTS}
    if not (texts["post_id"] and texts["account"] and texts["text"]):
        return None
    return Post(
        post_id=texts["post_id"],
        account=texts["account"],
        text=texts["text"],
        published_at=as_time(values.get("published_at")),
        account_id=texts["account_id"],
        url=texts["url"],
        platform=texts["platform"] or "weibo",
        reposts=_count(values.get("reposts")),
        comments=_count(values.get("comments")),
        likes=_count(values.get("likes")),
        truncated=_flag(values.get("truncated")),
        repost_of=texts["repost_of"],
        raw=texts["raw"],
        edits=_count(values.get("edits")),
        at_least=_flag(values.get("at_least")),
        seen_at=as_time(values.get("seen_at")),
        text_seen_at=as_time(values.get("text_seen_at")),
    )


def _count(value: object) -> int | None:
    if isinstance(value, str):  # of a table
        return int(value) if value.isascii() and value.isdigit() and len(value) < 20 else None
    return int(value) if isinstance(value, int | float) and value == value else None


def _flag(value: object) -> bool:
    return value in (True, 1, "True", "true", "1")
