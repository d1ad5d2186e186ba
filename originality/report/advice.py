"""What an editor should do with a report: look at these first, leave these ideas alone, build on what was followed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from originality.report.judging import quote_of
from originality.report.pieces import Piece, Pieces
from originality.report.records import Chain, Event, Taken, ToDo
from originality.report.topics import Grouped

LOOK_FIRST = 3
TAKEN = 5
FOLLOWED = 5
RIVALS = 2  # that posted on a topic in the span, from which it is taken
TELLING = 2  # words of a topic by which a post is surely on it
RECENT = 0.5  # share of the weeks in which a topic's first post is looked for: older ones are forgotten


def todo_of(
    events: Sequence[Event],
    chains: Sequence[Chain],
    pieces: Pieces,
    grouped: Grouped,
    since: datetime,
    own: Iterable[str],
) -> ToDo:
    """Return the advice of a report.

    Args:
        events: of the span, gravest first.
        chains: of span and history.
        pieces: the posts of the weeks.
        grouped: their topics.
        since: begin of the span.
        own: own accounts.
    """
    ours = set(own)
    open_events = [event for event in events if event.decision is None]
    first = sorted(open_events, key=lambda event: _concern(event, ours))  # stable: gravest first within each
    followed = [chain for chain in chains if not ours or chain.first.ours]
    return ToDo(
        look_first=tuple(event.key for event in first[:LOOK_FIRST]),
        taken=tuple(_taken(pieces, grouped, since, ours)[:TAKEN]),
        followed=tuple(sorted(followed, key=_freshest)[:FOLLOWED]),
    )


def _concern(event: Event, ours: set[str]) -> tuple[bool, bool]:
    """Return the sort key of whose business an event is: what we may have copied, then what was copied from us."""
    return event.lane != "wording", bool(ours) and not (event.draft.ours or event.source.ours)


def _freshest(chain: Chain) -> tuple[float, str]:
    return -chain.first.published_at.timestamp(), chain.first.post_id


def _taken(pieces: Pieces, grouped: Grouped, since: datetime, ours: set[str]) -> list[Taken]:
    """Return the topics that several others posted on in the span, those of most accounts first."""
    recent = pieces.weeks * (1 - RECENT)
    taken = []
    for number, words in enumerate(grouped.words):
        members = [
            piece
            for piece, group in zip(pieces.all, grouped.group.tolist(), strict=True)
            if group == number and piece.post.account not in ours and piece.week >= recent
        ]
        now = [piece for piece in members if piece.at >= since]
        accounts = tuple(dict.fromkeys(piece.post.account for piece in now))
        if len(accounts) >= RIVALS:
            taken.append(
                Taken(words=words, posts=len(now), accounts=accounts, first=quote_of(_first(members, words).post, ours))
            )
    return sorted(taken, key=lambda idea: (-len(idea.accounts), -idea.posts, idea.words))


def _first(members: Sequence[Piece], words: Sequence[str]) -> Piece:
    """Return the earliest post of a topic that speaks of it in its words: a group has strays at its edge."""
    told = [(sum(word in piece.words for word in words), piece) for piece in members]
    enough = min(TELLING, max(count for count, _ in told))
    return next(piece for count, piece in told if count >= enough)
