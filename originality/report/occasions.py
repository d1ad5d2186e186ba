"""Occasions: what many accounts spoke of in a short time, what all of them said, and how each of them put it.

Enters: the posts of the weeks. Leaves: `Occasion` records. On such a day all speak alike, so an event between two of
its posts is held against what the crowd said (see `judging`).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import combinations

from originality.boilerplate import MAX_ALIKE
from originality.report.angles import ANGLES, WISH, angles_in
from originality.report.bursts import WIDTH, Burst, bursts_of
from originality.report.judging import quote_of
from originality.report.pieces import Piece, Pieces
from originality.report.records import Angle, Occasion

SAME_POSTS = 0.5  # share of a burst's posts that another has, from which both are one occasion
PHRASE = 6  # letters; shorter shared runs are plain language
PHRASE_ACCOUNTS = 3  # two may copy each other
SAMPLE = 12  # carriers of a phrase that are compared with each other
WORDS = 6  # named
UNTAKEN = 5


@dataclass(slots=True)
class _Crowd:
    """Bursts that are one occasion."""

    words: list[str] = field(default_factory=list)
    pieces: set[int] = field(default_factory=set)


def occasions_of(pieces: Pieces, own: Iterable[str]) -> tuple[Occasion, ...]:
    """Return the occasions of all the weeks, the latest first."""
    ours = set(own)
    crowds = _crowds(bursts_of(pieces), pieces.all)
    posts = [[pieces.all[i] for i in sorted(crowd.pieces)] for crowd in crowds]
    angles = [
        {piece.post.post_id: angles_in(piece.clean.text, _bare(crowd.words)) for piece in group}
        for crowd, group in zip(crowds, posts, strict=True)
    ]
    common = Counter(angle for found in angles for angle in {a for names in found.values() for a in names})
    occasions = [
        _occasion(crowd, group, found, common, ours) for crowd, group, found in zip(crowds, posts, angles, strict=True)
    ]
    return tuple(sorted(occasions, key=lambda occasion: (-occasion.since.timestamp(), occasion.name)))


def in_span(occasions: Sequence[Occasion], since: datetime, until: datetime) -> tuple[Occasion, ...]:
    """Return the occasions that reach into a span of time, those of most accounts first."""
    found = [occasion for occasion in occasions if occasion.since < until and occasion.until >= since]
    return tuple(sorted(found, key=lambda occasion: (-len(occasion.accounts), -occasion.posts, occasion.name)))


def _crowds(bursts: Sequence[Burst], posts: Sequence[Piece]) -> list[_Crowd]:
    """Join bursts that are one occasion: the same name at one time, or mostly the same posts."""
    crowds: list[_Crowd] = []
    for burst in bursts:
        mine = set(burst.pieces)
        named = [
            crowd for crowd in crowds if _shares_name(crowd, burst.word) and _at_one_time(crowd.pieces, mine, posts)
        ]
        alike = [
            crowd for crowd in crowds if len(crowd.pieces & mine) >= SAME_POSTS * min(len(crowd.pieces), len(mine))
        ]
        home = next(iter(named or alike), None)
        if home is None:
            home = _Crowd()
            crowds.append(home)
        home.words.append(burst.word)
        home.pieces |= mine
    return crowds


def _shares_name(crowd: _Crowd, word: str) -> bool:
    name, word = crowd.words[0].removeprefix("#"), word.removeprefix("#")
    return word in name or name in word


def _at_one_time(one: set[int], other: set[int], posts: Sequence[Piece]) -> bool:
    """Say whether the times of some pieces overlap or nearly do; pieces are numbered in order of time."""
    return posts[min(one)].at - posts[max(other)].at <= WIDTH and posts[min(other)].at - posts[max(one)].at <= WIDTH


def _occasion(
    crowd: _Crowd,
    posts: Sequence[Piece],
    angles: dict[str, tuple[str, ...]],
    common: Counter[str],
    ours: set[str],
) -> Occasion:
    accounts = tuple(dict.fromkeys(piece.post.account for piece in posts))
    taken = tuple(
        _angle(name, posts, angles, accounts, ours) for name in ANGLES if name in set(sum(angles.values(), ()))
    )
    missing = [name for name in ANGLES if common[name] and name not in {WISH, *(angle.name for angle in taken)}]
    return Occasion(
        name=crowd.words[0].removeprefix("#"),
        words=_bare(crowd.words)[:WORDS],
        phrases=_phrases(posts),
        since=posts[0].at,
        until=posts[-1].at,
        posts=len(posts),
        accounts=accounts,
        first=quote_of(posts[0].post, ours),
        angles=tuple(sorted(taken, key=lambda angle: (-angle.crowding, -angle.posts, angle.name))),
        untaken=tuple(sorted(missing, key=lambda name: (-common[name], name))[:UNTAKEN]),
        post_ids=tuple(piece.post.post_id for piece in posts),
    )


def _angle(
    name: str,
    posts: Sequence[Piece],
    angles: dict[str, tuple[str, ...]],
    accounts: Sequence[str],
    ours: set[str],
) -> Angle:
    takers = [piece for piece in posts if name in angles[piece.post.post_id]]
    who = tuple(dict.fromkeys(piece.post.account for piece in takers))
    return Angle(
        name=name,
        posts=len(takers),
        accounts=who,
        crowding=len(who) / len(accounts),
        first=quote_of(takers[0].post, ours),
    )


def _bare(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word.removeprefix("#") for word in words))


def _phrases(posts: Sequence[Piece]) -> tuple[str, ...]:
    """Return the runs of letters that several accounts share in otherwise different posts, the longest first."""
    carriers: dict[str, dict[str, int]] = defaultdict(dict)  # the first post of each account that has the run
    for i, piece in enumerate(posts):
        letters = piece.clean.letters
        for start in range(len(letters) - PHRASE + 1):
            carriers[letters[start : start + PHRASE]].setdefault(piece.post.account, i)
    shared = {run: tuple(sorted(by.values())) for run, by in carriers.items() if len(by) >= PHRASE_ACCOUNTS}
    unlike = {group: _unlike([posts[i].clean.letters for i in group[:SAMPLE]]) for group in set(shared.values())}
    common = {run for run, group in shared.items() if unlike[group]}
    runs = {run for piece in posts for run in _joined(piece.clean.letters, common)}
    return tuple(sorted((run for run in runs if not any(run in other for other in runs - {run})), key=_longest_first))


def _joined(letters: str, common: set[str]) -> list[str]:
    """Return the stretches of a text whose every run of `PHRASE` letters is common."""
    runs: list[str] = []
    start = None
    for i in range(len(letters) - PHRASE + 2):
        if i <= len(letters) - PHRASE and letters[i : i + PHRASE] in common:
            start = i if start is None else start
        elif start is not None:
            runs.append(letters[start : i + PHRASE - 1])
            start = None
    return runs


def _unlike(texts: Sequence[str]) -> bool:
    """Say whether texts are unlike each other: users of one formula are, copies of one post are not."""
    shingles = [{text[i : i + 3] for i in range(max(1, len(text) - 2))} for text in texts]
    alike = [len(one & other) / len(one | other) for one, other in combinations(shingles, 2)]
    return sum(alike) <= MAX_ALIKE * len(alike)


def _longest_first(run: str) -> tuple[int, str]:
    return -len(run), run
