"""How complete and how fresh the corpus is: what silence in a report is worth."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta

from originality.index import LocalIndex
from originality.models import BEIJING, Post
from originality.report.records import AccountCoverage, Coverage, Days

HOUR = timedelta(hours=1)


def coverage_of(posts: Sequence[Post], days: Days, newest: datetime | None) -> Coverage:
    """Return what the index holds of a span and the window before it.

    Args:
        posts: of window and span, oldest first.
        days: the span.
        newest: time of the newest post of the index.
    """
    times: dict[str, list[datetime]] = defaultdict(list)
    for post in posts:
        if post.published_at:
            times[post.account].append(post.published_at)
    lines = [
        AccountCoverage(
            account=account,
            posts=len(seen),
            first=seen[0],
            last=seen[-1],
            longest_gap_days=max(
                (b - a).days for a, b in zip(seen, [*seen[1:], max(seen[-1], days.until)], strict=True)
            ),
        )
        for account, seen in times.items()
    ]
    missing = days.until - newest if newest and newest < days.until else timedelta(0)
    return Coverage(
        posts=len(posts),
        accounts=tuple(sorted(lines, key=lambda line: (-line.posts, line.account))),
        days_without_posts=_empty_days(posts, days),
        newest=newest,
        hours_missing=math.floor(min(missing, days.until - days.since) / HOUR),
    )


def count_undated(index: LocalIndex) -> int:
    """Return how many posts of the index have no time; the index yields them first."""
    count = 0
    for post in index.posts():
        if post.published_at is not None:
            break
        count += 1
    return count


def _empty_days(posts: Sequence[Post], days: Days) -> tuple[str, ...]:
    seen = {post.published_at.astimezone(BEIJING).date() for post in posts if post.published_at}
    every = [(days.since + timedelta(days=i)).date() for i in range((days.until - days.since).days)]
    return tuple(day.isoformat() for day in every if day not in seen)
