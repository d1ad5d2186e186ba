"""Posts -> index: the whole build order, and nothing else.

    read posts -> leave out what must not be kept -> merge with what is stored -> clean -> sketch, words, embed -> write
    -> delete what is older than the retention -> save the caches

Batches are committed one by one: after a crash the same command goes on where it stopped, because posts that are
stored already cost nothing.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from originality import sketch
from originality.clean import clean
from originality.embed import Encoder
from originality.index import Entry, LocalIndex, as_stored
from originality.merge import MADE_UP_IDS, Reading, gives_way, is_made_up, merge, standing
from originality.models import Dropped, Post
from originality.short import extract
from originality.words import content_words, cut

BATCH = 512  # posts a transaction: a few seconds of embedding, so a killed run loses no more than that
FORGOTTEN = "forgotten"
TOO_OLD = "older than the retention"


@dataclass(slots=True, kw_only=True)
class BuildReport:
    """What became of everything that was read."""

    added: int = 0
    replaced: int = 0
    """Posts whose text changed, or whose own id became known: the new version stands, the old one is gone."""
    updated: int = 0
    """Posts with the same text and newer facts (counts, account, link)."""
    unchanged: int = 0
    silent: int = 0
    """Of the added and replaced ones: no words of their own (bare reposts, links, topics). Stored, never matched."""
    dropped: Counter[str] = field(default_factory=Counter)
    """Items that are not in the index, by reason."""
    expired: int = 0
    """Stored posts that were deleted at the end because they had become older than the retention."""

    @property
    def read(self) -> int:
        """Number of items read."""
        return self.added + self.replaced + self.updated + self.unchanged + sum(self.dropped.values())


def build(
    items: Iterable[Post | Dropped],
    index: LocalIndex,
    encoder: Encoder,
    *,
    progress: Callable[[int], None] = lambda done: None,
    now: datetime | None = None,
) -> BuildReport:
    """Write posts to an index, incrementally, and apply its retention.

    Args:
        items: posts and the items that their reader dropped, lazily read.
        index: where they go.
        encoder: the one that the index was made with.
        progress: called with the number of items done after each batch.
        now: the moment from which the retention counts back; the present one if it is not given.
    """
    report = BuildReport()
    dropped: Counter[tuple[str, str]] = Counter()
    oldest = _oldest(index, now)
    stream = iter(items)
    while batch := list(islice(stream, BATCH)):
        for item in batch:
            if isinstance(item, Dropped):
                dropped[str(item.file), item.reason] += 1
                report.dropped[item.reason] += 1
        posts = [as_stored(item) for item in batch if isinstance(item, Post)]
        _write(_latest(_wanted(posts, index, oldest, report), report), index, encoder, report)
        progress(len(batch))
    if dropped:
        index.store.record_dropped(dropped)
    report.expired = _expire(index, oldest)
    index.lines.catch_up(extract)
    index.save()
    return report


def _oldest(index: LocalIndex, now: datetime | None) -> datetime | None:
    days = index.store.retention
    return None if days is None else (now or datetime.now(UTC)) - timedelta(days=days)


def _wanted(posts: Sequence[Post], index: LocalIndex, oldest: datetime | None, report: BuildReport) -> list[Post]:
    """Leave out the posts that were forgotten for good, and those that the retention would delete again."""
    forgotten = index.kept_out([post.post_id for post in posts])
    wanted = []
    for post in posts:
        if post.post_id in forgotten:
            report.dropped[FORGOTTEN] += 1
        elif oldest and post.published_at and post.published_at < oldest:
            report.dropped[TOO_OLD] += 1
        else:
            wanted.append(post)
    return wanted


def _expire(index: LocalIndex, oldest: datetime | None) -> int:
    expired = index.chosen(before=oldest) if oldest else {}
    if expired:
        return index.delete(expired)
    index.finish_deleting()
    return 0


def _latest(posts: Sequence[Post], report: BuildReport) -> list[Post]:
    """Make one record of all readings of a post in a batch."""
    kept: dict[str, Post] = {}
    for post in posts:
        earlier = kept.get(post.post_id)
        if earlier:
            report.unchanged += 1
        kept[post.post_id] = merge(earlier, post) if earlier else post
    return list(kept.values())


def _write(posts: Sequence[Post], index: LocalIndex, encoder: Encoder, report: BuildReport) -> None:
    stored = index.fetch(post.post_id for post in posts)
    fresh: list[Post] = []
    newer: list[Post] = []
    for post in posts:
        old = stored.get(post.post_id)
        merged = merge(old, post) if old else post
        if old is None or old.text != merged.text:
            fresh.append(merged)
        elif old != merged:
            newer.append(merged)
        else:
            report.unchanged += 1
    better = _better_known(fresh, index)
    outdated = better.keys() - {post.post_id for post in fresh}
    known = stored.keys() | {better[post_id] for post_id in outdated}
    report.unchanged += sum(post.post_id in better for post in fresh)
    fresh = [post for post in fresh if post.post_id not in better]
    report.added += sum(post.post_id not in known for post in fresh)
    report.replaced += sum(post.post_id in known for post in fresh)
    report.updated += len(newer)
    if newer:
        index.update(newer)
    if fresh:
        entries, vectors = prepare(fresh, index, encoder)
        report.silent += sum(not entry.vector_keys for entry in entries)
        index.write(entries, vectors, outdated)


def _better_known(posts: Sequence[Post], index: LocalIndex) -> dict[str, str]:
    """Return made-up ids, of these posts or of stored ones, each with the id under which its post is better known."""
    if not any(is_made_up(post.post_id) for post in posts) and not index.store.has_ids_between(*MADE_UP_IDS):
        return {}
    readings: dict[tuple[str, bytes], set[Reading]] = {}
    for post in posts:
        if units := clean(post.text).units():
            alike = readings.setdefault((post.account, text_key(units[0])), set())
            alike.add(Reading(post.post_id, post.published_at))
    better: dict[str, str] = {}
    for (account, key), alike in readings.items():
        alike |= {Reading(*found) for found in index.store.namesakes(account, key)}
        for reading in alike:
            if stronger := [other for other in alike if gives_way(reading, other)]:
                better[reading.post_id] = max(stronger, key=lambda other: (standing(other), other)).post_id
    return better


def prepare(
    posts: Sequence[Post], index: LocalIndex, encoder: Encoder
) -> tuple[list[Entry], dict[bytes, NDArray[np.float32]]]:
    """Derive all that the index stores; only texts whose vectors are not stored yet are embedded."""
    cleaned = [clean(post.text) for post in posts]
    letters = [text.letters for text in cleaned]
    signatures = sketch.signatures(letters)
    fingerprints = sketch.fingerprints_of(letters)
    texts = [text.units() for text in cleaned]
    keys = [vector_keys(group, contextual=encoder.contextual) for group in texts]
    known = index.known_vectors({key for group in keys for key in group})
    vectors = _embed(texts, keys, known, encoder)
    entries = [
        Entry(
            post=post,
            fingerprints=prints,
            signature=signature,
            vector_keys=own,
            words=content_words(cut(text.text)),
        )
        for post, text, signature, prints, own in zip(posts, cleaned, signatures, fingerprints, keys, strict=True)
    ]
    return entries, vectors


def _embed(
    texts: Sequence[tuple[str, ...]], keys: Sequence[tuple[bytes, ...]], known: set[bytes], encoder: Encoder
) -> dict[bytes, NDArray[np.float32]]:
    """Return the vectors that are not known yet, by key."""
    if encoder.contextual:
        groups = {group: own for group, own in zip(texts, keys, strict=True) if not known.issuperset(own)}
        read = zip(groups.values(), encoder.encode_parts(list(groups)), strict=True)
        return {key: row for own, rows in read for key, row in zip(own, rows, strict=True)}
    units = {
        key: unit
        for group, own in zip(texts, keys, strict=True)
        for unit, key in zip(group, own, strict=True)
        if key not in known
    }
    return dict(zip(units, encoder.encode(list(units.values())), strict=True))


def vector_keys(units: Sequence[str], *, contextual: bool) -> tuple[bytes, ...]:
    """Return the keys under which the vectors of a text and its passages are stored.

    Equal texts share all of them. A passage that is read in its text has a key of its own there, one that is read for
    itself shares its key with the same sentence in other posts.
    """
    if contextual:
        return tuple(text_key(f"{ordinal}\0{units[0]}" if ordinal else units[0]) for ordinal in range(len(units)))
    return tuple(text_key(unit) for unit in units)


def text_key(text: str) -> bytes:
    """Return the key under which the vector of a text is stored: texts that are equal share it."""
    return hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=16).digest()
