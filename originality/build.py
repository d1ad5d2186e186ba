"""Posts -> index: the whole build order, and nothing else.

    read posts -> compare with what is stored -> clean -> sketch, words, embed -> write -> save the caches

Batches are committed one by one: after a crash the same command goes on where it stopped, because posts that are
stored already cost nothing.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from originality import sketch
from originality.clean import clean
from originality.embed import Encoder
from originality.index import Entry, LocalIndex, as_stored
from originality.models import Dropped, Post
from originality.words import content_words, cut

BATCH = 512  # posts a transaction: a few seconds of embedding, so a killed run loses no more than that


@dataclass(slots=True, kw_only=True)
class BuildReport:
    """What became of everything that was read."""

    added: int = 0
    replaced: int = 0
    """Posts whose text changed: the new version stands, the old one is gone."""
    updated: int = 0
    """Posts with the same text and newer facts (counts, account, link)."""
    unchanged: int = 0
    silent: int = 0
    """Of the added and replaced ones: no words of their own (bare reposts, links, topics). Stored, never matched."""
    dropped: Counter[str] = field(default_factory=Counter)
    """Items that are not in the index, by reason."""

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
) -> BuildReport:
    """Write posts to an index, incrementally.

    Args:
        items: posts and the items that their reader dropped, lazily read.
        index: where they go.
        encoder: the one that the index was made with.
        progress: called with the number of items done after each batch.
    """
    report = BuildReport()
    dropped: Counter[tuple[str, str]] = Counter()
    stream = iter(items)
    while batch := list(islice(stream, BATCH)):
        for item in batch:
            if isinstance(item, Dropped):
                dropped[str(item.file), item.reason] += 1
                report.dropped[item.reason] += 1
        posts = [as_stored(item) for item in batch if isinstance(item, Post)]
        _write(_latest(posts, report), index, encoder, report)
        progress(len(batch))
    if dropped:
        index.store.record_dropped(dropped)
    index.save()
    return report


def _latest(posts: Sequence[Post], report: BuildReport) -> list[Post]:
    """Keep one version of each post of a batch: the fuller, else the later one."""
    kept: dict[str, Post] = {}
    for post in posts:
        earlier = kept.get(post.post_id)
        if earlier:
            report.unchanged += 1
        kept[post.post_id] = _merge(earlier, post) if earlier else post
    return list(kept.values())


def _merge(stored: Post, read: Post) -> Post:
    """Combine two readings of one post: a fuller text wins over a cut one, known facts over unknown ones."""
    keep_text = read.truncated and not stored.truncated
    return replace(
        read,
        text=stored.text if keep_text else read.text,
        truncated=stored.truncated if keep_text else read.truncated,
        account_id=read.account_id or stored.account_id,
        published_at=read.published_at or stored.published_at,
        url=read.url or stored.url,
        reposts=stored.reposts if read.reposts is None else read.reposts,
        comments=stored.comments if read.comments is None else read.comments,
        likes=stored.likes if read.likes is None else read.likes,
        repost_of=read.repost_of or stored.repost_of,
    )


def _write(posts: Sequence[Post], index: LocalIndex, encoder: Encoder, report: BuildReport) -> None:
    stored = index.fetch(post.post_id for post in posts)
    fresh: list[Post] = []
    newer: list[Post] = []
    for post in posts:
        old = stored.get(post.post_id)
        merged = _merge(old, post) if old else post
        if old is None or old.text != merged.text:
            fresh.append(merged)
        elif old != merged:
            newer.append(merged)
        else:
            report.unchanged += 1
    report.added += sum(post.post_id not in stored for post in fresh)
    report.replaced += sum(post.post_id in stored for post in fresh)
    report.updated += len(newer)
    if newer:
        index.update(newer)
    if fresh:
        entries, vectors = prepare(fresh, index, encoder)
        report.silent += sum(not entry.vector_keys for entry in entries)
        index.write(entries, vectors)


def prepare(
    posts: Sequence[Post], index: LocalIndex, encoder: Encoder
) -> tuple[list[Entry], dict[bytes, NDArray[np.float32]]]:
    """Derive all that the index stores; only texts whose vectors are not stored yet are embedded."""
    cleaned = [clean(post.text) for post in posts]
    signatures = sketch.signatures([text.letters for text in cleaned])
    texts = [text.units() for text in cleaned]
    keys = [vector_keys(group, contextual=encoder.contextual) for group in texts]
    known = index.known_vectors({key for group in keys for key in group})
    vectors = _embed(texts, keys, known, encoder)
    entries = [
        Entry(
            post=post,
            fingerprints=sketch.fingerprints(text.letters),
            signature=signature,
            vector_keys=own,
            words=content_words(cut(text.text)),
        )
        for post, text, signature, own in zip(posts, cleaned, signatures, keys, strict=True)
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
        return tuple(_digest(f"{ordinal}\0{units[0]}" if ordinal else units[0]) for ordinal in range(len(units)))
    return tuple(_digest(unit) for unit in units)


def _digest(text: str) -> bytes:
    return hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=16).digest()
