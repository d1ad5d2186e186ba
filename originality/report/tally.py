"""Events added up: by pair of accounts in both directions, and by account."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import timedelta
from statistics import median

from originality.report.records import AccountLine, Direction, Imitation


def count_pairs(events: Iterable[Imitation]) -> tuple[Direction, ...]:
    """Count the events of known order per leader and follower, the busiest pairs of accounts first."""
    lags: dict[tuple[str, str], list[timedelta]] = defaultdict(list)
    for event in events:
        if event.lag is not None:
            lags[event.source.account, event.follower.account].append(event.lag)
    couples = sorted(
        {tuple(sorted(pair)) for pair in lags},
        key=lambda pair: (-len(lags[pair[0], pair[1]]) - len(lags[pair[1], pair[0]]), pair),
    )
    directions = []
    for one, other in couples:
        both = [_direction(one, other, lags), _direction(other, one, lags)]
        directions += sorted(both, key=lambda direction: -direction.count)
    return tuple(directions)


def _direction(leader: str, follower: str, lags: dict[tuple[str, str], list[timedelta]]) -> Direction:
    seconds = [lag.total_seconds() for lag in lags[leader, follower]]
    middle = timedelta(seconds=median(seconds)) if seconds else None
    return Direction(leader=leader, follower=follower, count=len(seconds), median_lag=middle)


def count_accounts(events: Sequence[Imitation], posts: Counter[str], checked: Counter[str]) -> tuple[AccountLine, ...]:
    """Sum up each account that posted this week or was imitated in it, those with most alarms first."""
    dated = [event for event in events if event.order_known]
    imitated = Counter(event.follower.account for event in dated)
    was_imitated = Counter(event.source.account for event in dated)
    same_day = Counter(
        account
        for event in events
        if not event.order_known
        for account in (event.follower.account, event.source.account)
    )
    lines = [
        AccountLine(
            account=account,
            posts=posts[account],
            checked=checked[account],
            imitated_others=imitated[account],
            was_imitated=was_imitated[account],
            same_day=same_day[account],
        )
        for account in posts.keys() | was_imitated.keys() | same_day.keys()
    ]
    return tuple(sorted(lines, key=lambda line: (-line.imitated_others, -line.was_imitated, -line.posts, line.account)))
