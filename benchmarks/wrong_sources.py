"""Real posts that a draft could be mistaken to come from: near in meaning, little wording in common.

They are taken from ../shared/data, without whatever is in the bench corpus, by cosine of the fast encoder.
"""

from __future__ import annotations

import csv
import random
from collections.abc import Sequence

import numpy as np
import pyarrow.parquet as pq

from benchmarks.common import BENCH, SHARED, read_jsonl
from originality.clean import clean
from originality.embed import load_encoder

POOL = 7_000  # posts of the large set; the car industry's are added
LETTERS = (40, 260)
NEAREST = 8  # of which as many are drawn as are wanted
SHARED_WORDING = 0.4  # share of the smaller text's bigrams from which a post may be the same text again


def nearest_unrelated(pairs: Sequence[tuple[str, str]], rng: random.Random, wanted: int = 2) -> list[list[str]]:
    """Return for each draft, given with its source, posts that are near it and are neither of them."""
    posts = _pool(rng)
    encoder = load_encoder("fast")
    near = encoder.encode([draft for draft, _ in pairs]) @ encoder.encode(posts).T
    bigrams: dict[str, frozenset[str]] = {}

    def of(text: str) -> frozenset[str]:
        if text not in bigrams:
            letters = clean(text).letters
            bigrams[text] = frozenset(letters[i : i + 2] for i in range(len(letters) - 1))
        return bigrams[text]

    found = []
    for (draft, source), row in zip(pairs, near, strict=True):
        candidates = [posts[int(i)] for i in np.argsort(-row)[: 2 * NEAREST]]
        others = [post for post in candidates if not any(_same(of(post), of(text)) for text in (draft, source))]
        found.append(rng.sample(others[:NEAREST], min(wanted, len(others[:NEAREST]))))
    return found


def _same(one: frozenset[str], other: frozenset[str]) -> bool:
    return len(one & other) > SHARED_WORDING * min(len(one), len(other))


def _pool(rng: random.Random) -> list[str]:
    """Return posts outside of the bench corpus, each opening once."""
    seen = {clean(post["text"]).letters[:20] for post in read_jsonl(BENCH / "corpus.jsonl")}
    texts = pq.read_table(SHARED / "data" / "weibo_covid_2020.parquet", columns=["text"]).column(0).to_pylist()
    posts: list[str] = []
    for text in rng.sample(texts, len(texts)):
        if len(posts) == POOL:
            break
        _take(text, seen, posts)
    for name in ("weibo_new_energy_cars.csv", "weibo_smart_driving.csv"):
        with (SHARED / "data" / name).open(encoding="utf-8-sig", newline="") as file:
            for row in csv.DictReader(file):
                _take(max((value or "" for value in row.values()), key=len), seen, posts)
    return posts


def _take(text: str, seen: set[str], posts: list[str]) -> None:
    letters = clean(text).letters
    if LETTERS[0] <= len(letters) <= LETTERS[1] and letters[:20] not in seen:
        seen.add(letters[:20])
        posts.append(text)
