"""Events -> chains: the earliest known post, and who followed it.

No transitive closure: a post is in a chain because it was verified against the chain's first post, not because it
resembles another follower. Detectors that close pairs transitively chain strangers together.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

from originality.index import LocalIndex
from originality.report.judging import quote_of
from originality.report.order import lag_of, order_of
from originality.report.records import Chain, Event, Follower, Quote


def chains_of(events: Sequence[Event], index: LocalIndex, own: Iterable[str]) -> tuple[Chain, ...]:
    """Return the chains of wording events of known order, the longest first."""
    ours = set(own)
    followers: dict[str, dict[str, Follower]] = defaultdict(dict)
    following = [event for event in events if event.follows]
    first_ids = {_first(event)[1] for event in following}
    firsts = {post_id: quote_of(post, ours) for post_id, post in index.fetch(first_ids).items() if post.published_at}
    for event in following:
        at, post_id, risk = _first(event)
        order = order_of(at, event.draft.published_at)
        if order != "unknown" and post_id in firsts:
            followers[post_id][event.draft.post_id] = Follower(
                post=event.draft,
                kind=event.kind,
                risk=risk,
                order=order,
                lag=lag_of(at, event.draft.published_at, order),
            )
    chains = [Chain(first=firsts[post_id], followers=_in_order(found.values())) for post_id, found in followers.items()]
    return tuple(sorted(chains, key=lambda chain: (-len(chain.followers), -_time(chain.first), chain.first.post_id)))


def _first(event: Event) -> tuple[datetime, str, float]:
    """Return time, id and risk of the earliest post that the draft was verified against."""
    sources = [(event.source.published_at, event.source.post_id, event.risk)]
    return min(sources + [(other.published_at, other.post_id, other.risk) for other in event.others])


def _in_order(followers: Iterable[Follower]) -> tuple[Follower, ...]:
    return tuple(sorted(followers, key=lambda follower: (_time(follower.post), follower.post.post_id)))


def _time(quote: Quote) -> float:
    return quote.published_at.timestamp()
