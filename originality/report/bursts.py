"""Words that many accounts use within a few days and hardly else: where an occasion shows in a corpus."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from originality.report.pieces import Piece, Pieces
from originality.report.subjects import subject_weight

WIDTH = timedelta(days=3)  # a holiday is spoken of on the day, the eve and the morning after
GAP = timedelta(days=5)  # a hashtag that goes on with no longer pause goes on being the same occasion
LONGEST = timedelta(days=14)
TAG_ACCOUNTS, WORD_ACCOUNTS = 3, 4  # at least; a hashtag is meant to be shared, a word may be shared by chance
TAG_SHARE, WORD_SHARE = 0.08, 0.25  # at least so many of the accounts that post in these days
TAG_LIFT, WORD_LIFT = 4.0, 8.0  # times as often as at other times of the weeks


@dataclass(frozen=True, slots=True, kw_only=True)
class Burst:
    """A word with the numbers of the pieces that use it within one stretch of time."""

    word: str
    pieces: tuple[int, ...]
    accounts: int


def bursts_of(pieces: Pieces) -> list[Burst]:
    """Return the words that burst, hashtags first, then those of most accounts."""
    uses: dict[str, list[int]] = defaultdict(list)
    for i, piece in enumerate(pieces.all):
        for word in piece.words:
            uses[word].append(i)
    found = [burst for word, numbers in sorted(uses.items()) if (burst := _burst(word, numbers, pieces))]
    return sorted(found, key=lambda burst: (burst.word[0] != "#", -burst.accounts, burst.word))


def _burst(word: str, numbers: Sequence[int], pieces: Pieces) -> Burst | None:
    tag = word.startswith("#")
    least = TAG_ACCOUNTS if tag else WORD_ACCOUNTS
    posts = pieces.all
    if len({posts[i].post.account for i in numbers}) < least or subject_weight(word) < 1:
        return None
    inside = _densest(numbers, posts)
    accounts = len({posts[i].post.account for i in inside})
    if accounts < least or accounts < (TAG_SHARE if tag else WORD_SHARE) * _active(inside, posts):
        return None
    if tag:
        inside = _grown(numbers, inside, posts)
    length = max(WIDTH, posts[inside[-1]].at - posts[inside[0]].at)
    rest = max(length, timedelta(weeks=pieces.weeks) - length)
    expected = (len(numbers) - len(inside)) * (length / rest)
    if len(inside) < (TAG_LIFT if tag else WORD_LIFT) * expected:
        return None
    return Burst(word=word, pieces=tuple(inside), accounts=accounts)


def _densest(numbers: Sequence[int], posts: Sequence[Piece]) -> list[int]:
    """Return the uses within the stretch of `WIDTH` that has most accounts, the earliest of such."""
    best: tuple[int, int, int] = (0, 0, 0)
    end = 0
    for start, number in enumerate(numbers):
        while end < len(numbers) and posts[numbers[end]].at - posts[number].at <= WIDTH:
            end += 1
        if end - start > best[0]:  # cheap bound: accounts are at most the posts
            accounts = len({posts[i].post.account for i in numbers[start:end]})
            best = max(best, (accounts, -start, end))
    return list(numbers[-best[1] : best[2]])


def _grown(numbers: Sequence[int], inside: Sequence[int], posts: Sequence[Piece]) -> list[int]:
    """Add the uses before and after that follow without a long pause."""
    first, last = numbers.index(inside[0]), numbers.index(inside[-1])
    while last + 1 < len(numbers) and posts[numbers[last + 1]].at - posts[numbers[last]].at <= GAP:
        if posts[numbers[last + 1]].at - posts[numbers[first]].at > LONGEST:
            break
        last += 1
    while first > 0 and posts[numbers[first]].at - posts[numbers[first - 1]].at <= GAP:
        if posts[numbers[last]].at - posts[numbers[first - 1]].at > LONGEST:
            break
        first -= 1
    return list(numbers[first : last + 1])


def _active(inside: Sequence[int], posts: Sequence[Piece]) -> int:
    """Return how many accounts post in the time of some pieces; pieces are numbered in order of time."""
    return len({posts[i].post.account for i in range(inside[0], inside[-1] + 1)})
