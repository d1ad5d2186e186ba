"""Small indexes of small posts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from originality.build import build
from originality.errors import IndexFault
from originality.index import LocalIndex, open_index
from originality.models import Post
from tests.fakes import FakeEncoder

START = datetime(2020, 2, 3, 10, tzinfo=UTC)
TOPICS = ("拿铁", "风衣", "跑鞋", "面膜", "床垫", "耳机", "行李箱", "电饭煲")
MOODS = ("周一早上最需要", "下雨天也想带着", "妈妈看了都说好的", "同事围过来问链接的", "试了七天还没腻的")


def posts_of(count: int, first: int = 0) -> list[Post]:
    """Return distinct little posts by three accounts."""
    return [
        Post(
            post_id=f"p{i:05d}",
            account=f"品牌{i % 3}",
            text=f"{MOODS[i % 5]}{TOPICS[i % 8]},第{i}号编辑亲测。限量{i * 7 % 900 + 100}件,今晚八点开抢!",
            published_at=START + timedelta(hours=i),
        )
        for i in range(first, first + count)
    ]


def grown(folder: Path, posts: list[Post]) -> LocalIndex:
    """Open or make an index and build posts into it."""
    index = open_index(folder, encoder_name=FakeEncoder.name)
    build(posts, index, FakeEncoder())
    return index


def one_line(error: pytest.ExceptionInfo[IndexFault]) -> str:
    """Return the message, which must be one line."""
    message = str(error.value)
    assert message
    assert "\n" not in message
    return message


def content_of(index: LocalIndex) -> dict[str, Any]:
    """Return all that an index holds, by ids of posts and keys of texts: two that hold the same are equal here."""
    rows = index.store.rows
    return {
        "posts": list(index.posts()),
        "derived": rows("SELECT post_id, fingerprints, signature, words FROM post ORDER BY post_id"),
        "fingerprints": rows("SELECT hash, post_id FROM fp JOIN post USING(row) ORDER BY 1, 2"),
        "parts": rows(
            "SELECT post_id, ordinal, key FROM part JOIN post USING(row) JOIN vector ON vector.id=vector ORDER BY 1, 2"
        ),
        "vectors": rows("SELECT key, value FROM vector ORDER BY key"),
        "words": rows("SELECT word, posts FROM word ORDER BY word"),
        "figures": (index.store.posts, index.store.vectors),
    }


def bytes_on_disk(folder: Path) -> bytes:
    """Return the content of every file of a folder."""
    return b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())
