"""What posts are about: groups of posts by words and meaning, formed once over all weeks, so that weeks compare.

Words (jieba, hashtags) and the vectors of the index enter; a group per post leaves. Spherical k-means (Dhillon and
Modha 2001) by FAISS from a fixed seed over both side by side. Words that only say who speaks are left out, or the
groups would be the accounts. (Taking each account's mean vector out as well made trades look alike that are not.)
"""

from __future__ import annotations

import math
import zlib
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from originality.report.pieces import Piece, Pieces
from originality.report.records import Figure, Topic
from originality.report.subjects import subject_weight

SEED = 20
ROUNDS = 30
LEAST, MOST = 4, 48  # groups
PER_GROUP = 25  # posts that a group has on average: in smaller ones, who was first in what is chance
BUCKETS = 512  # the words of a post are hashed to so many dimensions
WORD_WEIGHT = 1.5  # of words against vectors: a vector knows mood and form as well, a word only its subject
SIGNATURE_SHARE = 0.8  # share of a word's posts by one account, and
SIGNATURE_OFTEN = 0.33  # share of that account's posts with the word, from which it is a signature: a name, a sign-off
LABEL_WORDS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Grouped:
    """The group of each piece, and the words of each group."""

    group: NDArray[np.int64]
    words: tuple[tuple[str, ...], ...]
    """Most telling first."""

    @property
    def count(self) -> int:
        """Number of groups."""
        return len(self.words)


def group_pieces(pieces: Pieces) -> Grouped:
    """Put every post into the group of posts that it is most like."""
    posts = pieces.all
    if len(posts) < 2 * LEAST:
        return Grouped(group=np.zeros(len(posts), np.int64), words=(_label(posts, posts),) if posts else ())
    count = min(MOST, max(LEAST, min(len(posts) // PER_GROUP, round(math.sqrt(2 * len(posts))))))
    rows = np.concatenate([_vector_rows(pieces), WORD_WEIGHT * _word_rows(posts)], axis=1)
    numbers = _cluster(np.ascontiguousarray(rows / np.maximum(_lengths(rows), 1e-9), np.float32), count)
    return _named(posts, numbers)


def topics_of(pieces: Pieces, grouped: Grouped, since: datetime) -> tuple[Topic, ...]:
    """Return the topics with a post since a time, the first of the span that they end with; the busiest first."""
    before_that = since - (pieces.until - since)
    topics = []
    for number, words in enumerate(grouped.words):
        members = [piece for piece, group in zip(pieces.all, grouped.group, strict=True) if group == number]
        now = [piece for piece in members if piece.at >= since]
        before = [piece for piece in members if before_that <= piece.at < since]
        weeks = Counter(piece.week for piece in members)
        topics.append(
            Topic(
                key=" ".join(words),
                words=words,
                posts=dict(sorted(Counter(p.post.account for p in now).items(), key=lambda item: (-item[1], item[0]))),
                total=Figure(value=len(now), before=len(before)),
                weeks=tuple(weeks[week] for week in range(pieces.weeks)),
            )
        )
    return tuple(sorted((t for t in topics if t.posts), key=lambda t: (-sum(t.posts.values()), t.key)))


def _vector_rows(pieces: Pieces) -> NDArray[np.float32]:
    """Return the vectors without their mean: encoders press all texts of one language together."""
    rows = pieces.vectors - pieces.vectors.mean(axis=0)
    return np.asarray(rows / np.maximum(_lengths(rows), 1e-9), np.float32)


def _word_rows(posts: Sequence[Piece]) -> NDArray[np.float32]:
    """Return the words of each post, weighed by rarity and hashed."""
    counts = Counter(word for piece in posts for word in piece.words)
    signatures = _signatures(posts, counts)
    rows = np.zeros((len(posts), BUCKETS), np.float32)
    for row, piece in zip(rows, posts, strict=True):
        for word in piece.words:
            if counts[word] > 1 and word not in signatures:
                code = zlib.crc32(word.encode("utf-8", "replace"))
                rarity = math.log(len(posts) / counts[word]) * subject_weight(word)
                row[code % BUCKETS] += math.copysign(rarity, (code >> 16) % 2 - 0.5)
    return np.asarray(rows / np.maximum(_lengths(rows), 1e-9), np.float32)


def _signatures(posts: Sequence[Piece], counts: Counter[str]) -> frozenset[str]:
    """Return the words that say who speaks: one account has them nearly alone, and has them in post after post."""
    by_account: dict[str, Counter[str]] = defaultdict(Counter)
    for piece in posts:
        for word in piece.words:
            by_account[word][piece.post.account] += 1
    totals = Counter(piece.post.account for piece in posts)
    found = set()
    for word, accounts in by_account.items():
        account, most = accounts.most_common(1)[0]
        if most >= SIGNATURE_SHARE * counts[word] and most >= SIGNATURE_OFTEN * totals[account]:
            found.add(word)
    return frozenset(found) if len(totals) > 1 else frozenset()


def _cluster(rows: NDArray[np.float32], count: int) -> NDArray[np.int64]:
    import faiss

    faiss.omp_set_num_threads(1)  # the same sums in the same order every time
    means = faiss.Kmeans(
        rows.shape[1], count, niter=ROUNDS, seed=SEED, spherical=True, min_points_per_centroid=1, gpu=False
    )
    means.train(rows)
    numbers: NDArray[np.int64] = means.index.search(rows, 1)[1][:, 0].astype(np.int64)
    return numbers


def _named(posts: Sequence[Piece], numbers: NDArray[np.int64]) -> Grouped:
    """Name the groups by their words and number them by name, so that a number means nothing by itself."""
    members = {
        int(number): [posts[i] for i in np.flatnonzero(numbers == number).tolist()] for number in np.unique(numbers)
    }
    labels = {number: _label(pieces, posts) for number, pieces in members.items()}
    order = sorted(labels, key=lambda number: (labels[number], number))
    rank = {number: i for i, number in enumerate(order)}
    group = np.array([rank[int(number)] for number in numbers], np.int64)
    return Grouped(group=group, words=tuple(labels[number] for number in order))


def _label(members: Sequence[Piece], posts: Sequence[Piece]) -> tuple[str, ...]:
    """Return the words that are most over-represented in a group, in several of its posts and accounts if possible."""
    inside = Counter(word for piece in members for word in piece.words)
    everywhere = Counter(word for piece in posts for word in piece.words)
    accounts: dict[str, set[str]] = defaultdict(set)
    for piece in members:
        for word in piece.words:
            accounts[word].add(piece.post.account)

    def weight(word: str) -> float:
        lift = math.log((inside[word] / len(members)) / (everywhere[word] / len(posts)) + 1)
        return float(lift * math.log1p(inside[word]) * math.log1p(len(accounts[word])) * subject_weight(word))

    chosen: list[str] = []
    for word in sorted(inside, key=lambda word: (-round(weight(word), 6), word)):
        if not any(word.strip("#") in other or other.strip("#") in word for other in chosen):  # nothing said twice
            chosen.append(word)
        if len(chosen) == LABEL_WORDS:
            break
    return tuple(chosen)


def _lengths(rows: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.asarray(np.linalg.norm(rows, axis=1, keepdims=True), np.float32)
