"""Several readings of one post -> one record.

Exporters read a post at different times, in full or cut, with and without its counts. What changes with time comes from
two readings, each the best of its kind, so that the order in which files are read decides only where no file tells:

* the text, with its mark of truncation, its edits and its raw form: in full before cut, then the newer edit, then the
  later reading
* the counts, with the account's name: told before not told, then the later reading

A post that a later file does not hold is still a post: pages are left out, lists are cut. Only `forget` deletes.

A file without ids gives its posts made-up ones. Such a reading gives way to another of the same account and text whose
time agrees, because that one has the post's own id or the more exact time (`gives_way`).
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime
from typing import Any, NamedTuple

from originality.models import Post

_MADE_UP = re.compile(r"x[0-9a-f]{16}")  # as `collect.ids` makes them up
MADE_UP_IDS = ("x", "y")  # half-open range in which they all lie
_COUNTS = ("reposts", "comments", "likes")


def merge(stored: Post, read: Post) -> Post:
    """Combine two readings of one post; `read` was read later, which decides where nothing else does.

    Merging a reading again changes nothing.
    """
    text, spare = (stored, read) if _has_better_text(stored, read) else (read, stored)
    alike = spare.text == text.text
    counted, other = (stored, read) if _has_better_counts(stored, read) else (read, stored)
    text_seen_at = _text_seen_at(text)
    return replace(
        counted,
        text=text.text,
        truncated=text.truncated,
        edits=spare.edits if alike and text.edits is None else text.edits,
        raw=text.raw or (spare.raw if alike else ""),
        text_seen_at=text_seen_at if text_seen_at != counted.seen_at else None,
        account=counted.account or other.account,
        account_id=counted.account_id or other.account_id,
        published_at=_more_exact(counted.published_at, other.published_at),
        url=max(counted.url, other.url, key=lambda url: (len(url), url)),  # both lead to it
        repost_of=counted.repost_of or other.repost_of,
        **_counts(counted, other),
    )


def _has_better_text(stored: Post, read: Post) -> bool:
    if stored.truncated != read.truncated:
        return read.truncated
    if stored.edits is not None and read.edits is not None and stored.edits != read.edits:
        return stored.edits > read.edits
    return _is_later(_text_seen_at(stored), _text_seen_at(read), tie=(stored.text, stored.raw) > (read.text, read.raw))


def _has_better_counts(stored: Post, read: Post) -> bool:
    if _tells_counts(stored) != _tells_counts(read):
        return _tells_counts(stored)
    return _is_later(stored.seen_at, read.seen_at, tie=_content(stored) > _content(read))


def _is_later(stored: datetime | None, read: datetime | None, *, tie: bool) -> bool:
    """Say whether the stored time is the later one; what is read later is newer where a time is unknown."""
    if stored is None or read is None:
        return False
    return tie if stored == read else stored > read


def _tells_counts(post: Post) -> bool:
    return any(getattr(post, name) is not None for name in _COUNTS)


def _content(post: Post) -> tuple[Any, ...]:
    """Return what settles a tie between readings of one moment: anything, as long as it is the same in any order."""
    return (*(getattr(post, name) or 0 for name in _COUNTS), not post.at_least, post.account, post.account_id)


def _text_seen_at(post: Post) -> datetime | None:
    return post.text_seen_at or post.seen_at


def _counts(counted: Post, other: Post) -> dict[str, Any]:
    """Return the counts of the later reading; where they are floors, an earlier larger one is the better floor."""
    counts = {}
    for name in _COUNTS:
        later, earlier = getattr(counted, name), getattr(other, name)
        better = later is None or (counted.at_least and earlier is not None and earlier > later)
        counts[name] = earlier if better else later
    return counts


# -- readings without an id ------------------------------------------------------------------------------------------


class Reading(NamedTuple):
    """What tells readings of one account and one text apart."""

    post_id: str
    published_at: datetime | None


def is_made_up(post_id: str) -> bool:
    """Say whether an id was made up because its file has none."""
    return _MADE_UP.fullmatch(post_id) is not None


def gives_way(reading: Reading, other: Reading) -> bool:
    """Say whether a reading without an id adds nothing to another one of the same account and text.

    Their times agree if they are equal as far as the coarser one is written: to the second, the minute or the day; an
    unknown time agrees with any. Two posts with the same text, one of them without id and time, are therefore one: the
    words, which are what is compared, are there either way.
    """
    if not is_made_up(reading.post_id) or standing(other) <= standing(reading):
        return False
    one, two = reading.published_at, other.published_at
    return one is None or two is None or two in {one, *_coarser(one)} or one in _coarser(two)


def standing(reading: Reading) -> tuple[bool, int]:
    """Return how much a reading tells of which post it is; more is greater."""
    return not is_made_up(reading.post_id), _precision(reading.published_at)


def _precision(time: datetime | None) -> int:
    if time is None:
        return 0
    day, minute = _coarser(time)
    return 1 if time == day else 2 if time == minute else 3


def _coarser(time: datetime) -> tuple[datetime, datetime]:
    minute = time.replace(second=0, microsecond=0)
    return minute.replace(hour=0, minute=0), minute


def _more_exact(one: datetime | None, two: datetime | None) -> datetime | None:
    """Return the time that is written to the finer unit; the first of two that are alike."""
    return two if _precision(two) > _precision(one) else one
