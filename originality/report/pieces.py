"""The posts of the weeks behind a report, as content: words, week, format; read once, used by topics and occasions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from originality.index import LocalIndex
from originality.models import CleanText, Post
from originality.report.days import WEEK
from originality.report.formats import format_of
from originality.report.records import Format
from originality.report.stored import stored_posts
from originality.words import content_words, cut


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """One post as content."""

    post: Post
    at: datetime
    week: int
    """Number of its week, 0 the oldest; the last one ends with the span."""
    clean: CleanText
    words: tuple[str, ...]
    """Distinct content words, hashtags as "#topic"."""
    format: Format


@dataclass(frozen=True, slots=True, kw_only=True)
class Pieces:
    """The posts with letters of some weeks, in order of time, with the vectors of their whole texts."""

    all: tuple[Piece, ...]
    vectors: NDArray[np.float32]
    weeks: int
    until: datetime


def read_pieces(index: LocalIndex, until: datetime, weeks: int, step: Callable[[], None] = lambda: None) -> Pieces:
    """Return the posts of so many weeks that end at a time."""
    since = until - weeks * WEEK
    pieces: list[Piece] = []
    vectors: list[NDArray[np.float32]] = []
    for item in stored_posts(index, since, until):
        step()
        if item.vectors is None:
            continue
        topics = tuple(dict.fromkeys(f"#{topic}" for topic in item.clean.topics))
        pieces.append(
            Piece(
                post=item.post,
                at=item.at,
                week=int((item.at - since) / WEEK),
                clean=item.clean,
                words=topics + content_words(cut(item.clean.text)),
                format=format_of(item.clean),
            )
        )
        vectors.append(item.vectors[0])
    matrix = np.stack(vectors) if vectors else np.zeros((0, 1), np.float32)
    return Pieces(all=tuple(pieces), vectors=matrix, weeks=weeks, until=until)
