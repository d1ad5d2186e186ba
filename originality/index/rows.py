"""How records become rows of the store and back: the one place that knows the columns.

Enters and leaves: `Entry` and `Post` on one side, plain values that SQLite takes on the other.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from originality.models import BEIJING, Post
from originality.sketch import Hashes

POST_NAMES = tuple(field.name for field in fields(Post))
POST_TIMES, POST_COUNTS, POST_FLAGS = (
    tuple(field.name for field in fields(Post) if field.type == kind)
    for kind in ("datetime | None", "int | None", "bool")
)
POST_COLUMNS = ", ".join(POST_NAMES)
_TIMES_AT, _FLAGS_AT = (tuple(map(POST_NAMES.index, names)) for names in (POST_TIMES, POST_FLAGS))
GROUP = 500  # values in one "IN (...)": SQLite's oldest limit on parameters is 999


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A post ready to be written: itself and what is derived from its text."""

    post: Post
    fingerprints: Hashes
    signature: NDArray[np.uint32]
    vector_keys: tuple[bytes, ...]
    """Key of the vector of the whole text, then one per passage; empty where nothing is left after cleaning."""
    words: tuple[str, ...]
    """The distinct words of the text, for their document frequency."""


def post_values(post: Post) -> tuple[Any, ...]:
    """Return a post as values in the order of `POST_NAMES`. Half surrogates, which no file takes, become U+FFFD."""
    return tuple(_value(getattr(post, name)) for name in POST_NAMES)


def _value(fact: Any) -> Any:
    if isinstance(fact, str):
        return plain(fact)
    return fact.timestamp() if isinstance(fact, datetime) else fact


def post_of(values: Sequence[Any]) -> Post:
    """Return the post that `POST_NAMES` of a row describe."""
    facts = list(values)
    for i in _TIMES_AT:
        if facts[i] is not None:
            facts[i] = beijing_time(facts[i])
    for i in _FLAGS_AT:
        facts[i] = bool(facts[i])
    return Post(**dict(zip(POST_NAMES, facts, strict=True)))


def as_stored(post: Post) -> Post:
    """Return a post as it will read when it comes back, for comparing it with one that has."""
    return post_of(post_values(post))


def plain(text: str) -> str:
    """Return a text that can be written as UTF-8."""
    return text if text.isascii() else text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def seconds(time: datetime | None) -> float | None:
    """Return a time as seconds since 1970."""
    return time.timestamp() if time else None


def beijing_time(value: float | None) -> datetime | None:
    """Return seconds since 1970 as Beijing time, which is how readers of Weibo know a post."""
    return None if value is None else datetime.fromtimestamp(value, BEIJING)


def signed(hashes: Hashes) -> NDArray[np.int32]:
    """Read 32 unsigned bits as signed: SQLite stores such a number in 4 bytes instead of 6."""
    return hashes.astype(np.uint32).view(np.int32)


def groups(items: Sequence[Any]) -> Iterator[tuple[str, list[Any]]]:
    """Yield the parameter marks and the values of each "IN (...)" that is needed to ask for all items."""
    for start in range(0, len(items), GROUP):
        part = list(items[start : start + GROUP])
        yield ",".join("?" * len(part)), part
