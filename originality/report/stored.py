"""Posts of the index with what is stored about them: nothing that was embedded once is embedded again."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from originality.clean import clean
from originality.cross import PairReader, load_reader
from originality.embed import Encoder
from originality.index import LocalIndex
from originality.index.rows import seconds
from originality.models import CleanText, Post
from originality.score import stack

GROUP = 500  # posts whose vectors are in memory at a time

Vectors = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Stored:
    """A post with a time, cleaned, with its vectors: whole text first; none where no letters are left."""

    post: Post
    at: datetime
    clean: CleanText
    vectors: Vectors | None


def stored_posts(index: LocalIndex, since: datetime, until: datetime) -> Iterator[Stored]:
    """Yield the posts of a half-open span of time, oldest first, a group at a time."""
    found = index.store.rows(
        "SELECT row FROM post WHERE published_at >= ? AND published_at < ? ORDER BY published_at, post_id",
        (seconds(since), seconds(until)),
    )
    rows = [row for (row,) in found]
    for start in range(0, len(rows), GROUP):
        part = rows[start : start + GROUP]
        posts, parts = index.posts_at(part), index.parts(part)
        for row in part:
            post = posts.get(row)
            if post and post.published_at:  # one that is deleted meanwhile is not there
                vectors = stack(parts[row]) if row in parts else None
                yield Stored(post, post.published_at, clean(post.text), vectors)


def reader_of(index: LocalIndex, load: Callable[[], Encoder]) -> PairReader | None:
    """Return the cross-encoder that goes with an index's encoder; only where there is one is that encoder loaded."""
    return load_reader(load()) if index.encoder == "default" else None


class RememberingEncoder:
    """An encoder that knows the vectors of the post at hand from the index, and loads the real one for other texts."""

    def __init__(self, name: str, load: Callable[[], Encoder]) -> None:
        """Stand for the encoder that the index was built with."""
        self.name = name
        self.dim = 0  # until a post is at hand
        self.contextual = False  # nothing is embedded here, so nothing depends on what is around it
        self._load = load
        self._units: tuple[str, ...] = ()
        self._vectors = np.zeros((0, 0), np.float32)

    def remember(self, text: CleanText, vectors: Vectors | None) -> None:
        """Know the stored vectors of this text, and of no other."""
        self._units = text.units()
        if vectors is None or len(vectors) != len(self._units):  # built with another cut into passages
            self._units = ()
        else:
            self._vectors, self.dim = vectors, vectors.shape[1]

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return one unit row per text."""
        return self._load().encode(texts)

    def encode_parts(self, groups: Sequence[Sequence[str]]) -> list[Vectors]:
        """Return the rows of texts and of their passages."""
        known = self._units and all(tuple(group) == self._units for group in groups)
        return [self._vectors for _ in groups] if known else self._load().encode_parts(groups)
