"""Real posts that a draft could be mistaken to come from: near in meaning, little wording in common.

They are taken from ../shared/data, without whatever is in the bench corpus, by cosine of the fast encoder.
"""

from __future__ import annotations

import csv
import random
from collections.abc import Sequence
from functools import cache

import numpy as np
import pyarrow.parquet as pq

from benchmarks.common import BENCH, SHARED, read_jsonl
from originality.clean import clean
from originality.embed import load_encoder

POOL = 8_000  # posts that are looked through
OPENING = 20  # letters by which a text is known
LETTERS = (40, 260)
NEAREST = 8  # of which as many are drawn as are wanted
SHARED_WORDING = 0.4  # share of the smaller text's bigrams from which a post may be the same text again


def nearest_unrelated(pairs: Sequence[tuple[str, str]], rng: random.Random, wanted: int = 2) -> list[list[str]]:
    """Return for each draft, given with its source, posts that are near it and are neither of them."""
    posts = real_posts(rng, POOL)
    encoder = load_encoder("fast")
    near = encoder.encode([draft for draft, _ in pairs]) @ encoder.encode(posts).T
    found = []
    for (draft, source), row in zip(pairs, near, strict=True):
        candidates = [posts[int(i)] for i in np.argsort(-row)[: 2 * NEAREST]]
        others = [post for post in candidates if not any(same_text(post, text) for text in (draft, source))]
        found.append(rng.sample(others[:NEAREST], min(wanted, len(others[:NEAREST]))))
    return found


def same_text(one: str, other: str) -> bool:
    """Say whether two texts share so much wording that one may be the other again."""
    ours, theirs = _bigrams(one), _bigrams(other)
    return len(ours & theirs) > SHARED_WORDING * min(len(ours), len(theirs))


@cache
def _bigrams(text: str) -> frozenset[str]:
    letters = clean(text).letters
    return frozenset(letters[i : i + 2] for i in range(len(letters) - 1))


def real_posts(rng: random.Random, wanted: int) -> list[str]:
    """Return posts outside of the bench, of its corpus, cases and pairs, each opening once, in random order.

    All of the car industry's are among them where so many are wanted.
    """
    bench = [entry["text"] for name in ("corpus", "cases", "train") for entry in read_jsonl(BENCH / f"{name}.jsonl")]
    bench += [pair["source_text"] for pair in read_jsonl(BENCH / "train.jsonl")]
    seen = {clean(text).letters[:OPENING] for text in bench}
    posts: list[str] = []
    for name in ("weibo_new_energy_cars.csv", "weibo_smart_driving.csv"):
        with (SHARED / "data" / name).open(encoding="utf-8-sig", newline="") as file:
            for row in csv.DictReader(file):
                _take(max((value or "" for value in row.values()), key=len), seen, posts)
    texts = pq.read_table(SHARED / "data" / "weibo_covid_2020.parquet", columns=["text"]).column(0).to_pylist()
    for text in rng.sample(texts, len(texts)):
        if len(posts) >= wanted:
            break
        _take(text, seen, posts)
    return rng.sample(posts, wanted)


def _take(text: str, seen: set[str], posts: list[str]) -> None:
    letters = clean(text).letters
    if LETTERS[0] <= len(letters) <= LETTERS[1] and letters[:OPENING] not in seen:
        seen.add(letters[:OPENING])
        posts.append(text)
