"""Events added up by pair of accounts, in both directions: who led, who followed, how often, how late."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from originality.report.records import Direction, Event, Interval, Pair
from originality.report.stats import exact, median_interval, wilson

ENOUGH = 6  # events of two accounts; of fewer, not even all in one direction are more than chance can do (exact, 95%)

_Way = tuple[str, str]  # leader, follower


def pairs_of(
    events: Sequence[Event], earlier: Sequence[Event], checked: Mapping[str, int], own: Iterable[str]
) -> tuple[Pair, ...]:
    """Return every pair of accounts with an event, own pairs first, then the busiest.

    Args:
        events: of the span.
        earlier: of the spans before it that the report looks back on.
        checked: posts of the span that were checked, by account.
        own: own accounts.
    """
    now, lags = _by_way(events), _by_way([*earlier, *events])
    ours = set(own)
    couples = {(min(way, way[::-1]) if not ours & set(way) else _own_first(way, ours)) for way in lags}
    pairs = [_pair(couple, now, lags, checked) for couple in couples]
    return tuple(
        sorted(
            pairs,
            key=lambda pair: (
                not ours & {pair.one, pair.other},
                -pair.one_led.count_history - pair.other_led.count_history,
                pair.one,
                pair.other,
            ),
        )
    )


def _own_first(way: _Way, ours: set[str]) -> _Way:
    first, second = sorted(way, key=lambda account: (account not in ours, account))
    return first, second


def _by_way(events: Iterable[Event]) -> dict[_Way, list[int]]:
    lags: dict[_Way, list[int]] = defaultdict(list)
    for event in events:
        if event.follows and event.lag is not None:
            lags[event.source.account, event.draft.account].append(event.lag)
    return lags


def _pair(
    couple: _Way, now: Mapping[_Way, list[int]], lags: Mapping[_Way, list[int]], checked: Mapping[str, int]
) -> Pair:
    one, other = couple
    one_led = _direction(one, other, now, lags, checked)
    other_led = _direction(other, one, now, lags, checked)
    total = one_led.count_history + other_led.count_history
    share = exact(one_led.count_history, total)
    return Pair(
        one=one,
        other=other,
        one_led=one_led,
        other_led=other_led,
        share_led_by_one=share,
        leader=_leader(one, other, share),
        too_few=total < ENOUGH,
    )


def _leader(one: str, other: str, share: Interval) -> str:
    """Return the one whose share is more than half, chance left out."""
    if share.low is not None and share.low > 0.5:
        return one
    return other if share.high is not None and share.high < 0.5 else ""


def _direction(
    leader: str,
    follower: str,
    now: Mapping[_Way, list[int]],
    lags: Mapping[_Way, list[int]],
    checked: Mapping[str, int],
) -> Direction:
    way = (leader, follower)
    count = len(now.get(way, ()))
    return Direction(
        leader=leader,
        follower=follower,
        count=count,
        count_history=len(lags.get(way, ())),
        share=wilson(min(count, checked.get(follower, 0)), checked.get(follower, 0)),
        median_lag=median_interval(lags.get(way, ())),
    )
