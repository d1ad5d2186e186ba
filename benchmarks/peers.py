"""Other ways to find copies, on the bench by the same referee: each gives every post a figure, the highest is the risk.

    python benchmarks/peers.py                   all of them; `--limit 100` takes a sample, names choose

Packages get the texts as written and are called as their documentation says; formulae of the literature get our
cleaned texts, encoders what we give them. Needs ../shared/bench and the package rapidfuzz, which `dev` brings. RETSim
runs where the package unisim is installed.
"""

from __future__ import annotations

import argparse
import importlib.util
import math
import os
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

os.environ.setdefault("ORIGINALITY_THREADS", "1")  # before torch is loaded
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np
from numpy.typing import NDArray

from benchmarks import referee
from benchmarks.common import BENCH, WORK, bench_index, read_jsonl, require_bench
from benchmarks.examples import Remembering
from originality import score
from originality.clean import clean
from originality.models import CleanText
from originality.words import cut

Row = NDArray[np.float64]
"""One figure per post, 0 where nothing speaks for it."""

SHINGLE = 3
LSH_THRESHOLD = 0.5  # of datasketch's own example
GRAM = 5
LEAST_RUN = 4
RUN_MIDDLE = 10  # letters at which the risk of a shared run is .5: any rising curve gives the same ranks
SATURATION, LENGTH_WEIGHT = 1.5, 0.75  # k1 and b as the package rank-bm25 has them
MATCHES = 10


@dataclass(frozen=True)
class World:
    """The posts and the drafts, prepared once for all."""

    posts: tuple[dict[str, Any], ...]
    drafts: referee.Bench

    @cached_property
    def clean_posts(self) -> list[CleanText]:
        """The posts, cleaned."""
        return [clean(post["text"]) for post in self.posts]

    @cached_property
    def clean_drafts(self) -> list[CleanText]:
        """The drafts, cleaned."""
        return [clean(case["text"]) for case in self.drafts.cases]

    @cached_property
    def vectors(self) -> tuple[list[NDArray[np.float32]], list[NDArray[np.float32]]]:
        """Vectors of posts and of drafts by the default encoder, whole text first; none for a text without letters."""
        index, encoder = bench_index("default")
        remembering = Remembering(encoder, WORK / "vectors-default.pickle")
        none = np.zeros((0, encoder.dim), np.float32)
        rows = [int(row) for row in index.store.row_numbers()]
        parts, stored = index.parts(rows), index.posts_at(rows)
        of = {stored[row].post_id: score.stack(found) for row, found in parts.items()}
        ours = [remembering.encode_parts([text.units()])[0] if text.letters else none for text in self.clean_drafts]
        return [of.get(post["post_id"], none) for post in self.posts], ours


def minhash_lsh(world: World) -> Iterator[Row]:
    """Yield datasketch's MinHashLSH: the estimated resemblance of what it finds (Broder 1997), character 3-grams."""
    from datasketch import MinHash, MinHashLSH

    index = MinHashLSH(threshold=LSH_THRESHOLD, num_perm=128)
    posts = MinHash.bulk([_shingles(post["text"]) for post in world.posts], num_perm=128)
    for i, sketch in enumerate(posts):
        index.insert(i, sketch)
    for sketch in MinHash.generator((_shingles(case["text"]) for case in world.drafts.cases), num_perm=128):
        row = np.zeros(len(posts))
        for i in index.query(sketch):
            row[i] = sketch.jaccard(posts[i])
        yield row


def minhash(world: World) -> Iterator[Row]:
    """Yield the same resemblance to every post, which no search leaves out."""
    from datasketch import MinHash

    posts = MinHash.bulk([_shingles(post["text"]) for post in world.posts], num_perm=128)
    table = np.array([sketch.hashvalues for sketch in posts])
    for sketch in MinHash.generator((_shingles(case["text"]) for case in world.drafts.cases), num_perm=128):
        yield (table == sketch.hashvalues).mean(axis=1)


def _shingles(text: str) -> list[bytes]:
    return [text[i : i + SHINGLE].encode() for i in range(max(1, len(text) - SHINGLE + 1))]


def containment(world: World) -> Iterator[Row]:
    """Yield the share of the draft's character 5-grams that a post has (Broder 1997), cleaned texts."""
    carriers: dict[str, list[int]] = defaultdict(list)
    for i, text in enumerate(world.clean_posts):
        for gram in grams_of(text.letters):
            carriers[gram].append(i)
    for text in world.clean_drafts:
        grams = grams_of(text.letters)
        found = [np.array(carriers[gram]) for gram in grams if gram in carriers]
        row = np.bincount(np.concatenate(found), minlength=len(world.posts)) if found else np.zeros(len(world.posts))
        yield row / max(1, len(grams))


def grams_of(letters: str, size: int = GRAM) -> set[str]:
    """Return the distinct character n-grams of a text."""
    return {letters[i : i + size] for i in range(len(letters) - size + 1)}


def longest_run(world: World) -> Iterator[Row]:
    """Yield the longest run of letters that draft and post share, cleaned texts; runs below `LEAST_RUN` are none."""
    texts = [text.letters for text in world.clean_posts]
    starts = np.cumsum([0, *(len(text) + 1 for text in texts)])
    joined = "\n".join(texts)
    places: dict[str, list[int]] = defaultdict(list)
    for at in range(len(joined) - LEAST_RUN + 1):
        places[joined[at : at + LEAST_RUN]].append(at)
    for text in world.clean_drafts:
        letters = text.letters
        hits = [
            (place - i, i)
            for i in range(len(letters) - LEAST_RUN + 1)
            for place in places.get(letters[i : i + LEAST_RUN], ())
        ]
        row = np.zeros(len(texts))
        if hits:
            shift, at = np.array(sorted(hits)).T
            ends = np.flatnonzero(np.append((np.diff(shift) != 0) | (np.diff(at) != 1), True))
            lengths = np.diff(ends, prepend=-1) + LEAST_RUN - 1
            posts = np.searchsorted(starts, (shift + at)[ends], side="right") - 1
            np.maximum.at(row, posts, lengths)
        yield row / (row + RUN_MIDDLE)


def bm25(world: World) -> Iterator[Row]:
    """Yield BM25 (Robertson, Zaragoza 2009) on jieba words, as a share of what the draft would give itself."""
    bags = [_words(text) for text in world.clean_posts]
    mean = sum(bag.total() for bag in bags) / len(bags)
    carriers: dict[str, list[tuple[int, float]]] = defaultdict(list)
    for i, bag in enumerate(bags):
        for word, count in bag.items():
            carriers[word].append((i, _saturated(count, bag.total() / mean)))
    for text in world.clean_drafts:
        draft, row, own = _words(text), np.zeros(len(bags)), 0.0
        for word, count in draft.items():
            known = carriers.get(word, [])
            rarity = math.log(1 + (len(bags) - len(known) + 0.5) / (len(known) + 0.5))
            own += count * rarity * _saturated(count, draft.total() / mean)
            if known:
                posts, weights = zip(*known, strict=True)
                row[list(posts)] += count * rarity * np.array(weights)
        yield row / (row + own) if own else row


def _words(text: CleanText) -> Counter[str]:
    return Counter(word for word in cut(text.text) if any(char.isalnum() for char in word))


def _saturated(count: int, length: float) -> float:
    return count * (SATURATION + 1) / (count + SATURATION * (1 - LENGTH_WEIGHT + LENGTH_WEIGHT * length))


def partial_ratio(world: World) -> Iterator[Row]:
    """Yield rapidfuzz's partial_ratio with its own processor."""
    from rapidfuzz import fuzz, process, utils

    posts = [utils.default_process(post["text"]) for post in world.posts]
    for case in world.drafts.cases:
        draft = utils.default_process(case["text"])
        yield process.cdist([draft], posts, scorer=fuzz.partial_ratio, dtype=np.float64)[0] / 100


def whole_cosine(world: World) -> Iterator[Row]:
    """Yield the cosine of whole texts by the default encoder."""
    theirs, ours = world.vectors
    table = np.array([part[0] if len(part) else np.zeros(part.shape[1]) for part in theirs])
    for parts in ours:
        yield np.maximum(table @ parts[0], 0.0) if len(parts) else np.zeros(len(theirs))


def aligned_cosine(world: World) -> Iterator[Row]:
    """Yield how well the sentences of both answer each other: F1 of greedy matches, as BERTScore has it for words.

    The vectors are those of the index, where a sentence is read in its text (Zhang et al. 2020; Günther et al. 2024).
    """
    theirs, ours = world.vectors
    with_words = [i for i, parts in enumerate(theirs) if len(parts)]
    passages = [_passages(theirs[i]) for i in with_words]
    counts = np.array([len(rows) for rows in passages])
    starts, table = np.cumsum(counts) - counts, np.concatenate(passages)
    for parts in ours:
        row = np.zeros(len(theirs))
        if len(parts):
            cosines = np.maximum(_passages(parts) @ table.T, 0.0)
            answered = np.maximum.reduceat(cosines, starts, axis=1).mean(axis=0)
            back = np.add.reduceat(cosines.max(axis=0), starts) / counts
            row[with_words] = 2 * answered * back / np.maximum(answered + back, 1e-9)
        yield row


def _passages(parts: NDArray[np.float32]) -> NDArray[np.float32]:
    return parts[1:] if len(parts) > 1 else parts


def retsim(world: World) -> Iterator[Row]:
    """Yield the cosine of RETSim (Zhang et al. 2024), whole texts."""
    from unisim import TextSim

    peer = TextSim(use_accelerator=False)
    posts = np.asarray(peer.embed([post["text"] for post in world.posts]))
    for row in np.asarray(peer.embed([case["text"] for case in world.drafts.cases])) @ posts.T:
        yield np.maximum(row, 0.0).astype(np.float64)


PEERS: dict[str, Callable[[World], Iterator[Row]]] = {
    "datasketch MinHashLSH, char 3-grams, threshold .5": minhash_lsh,
    "datasketch MinHash, char 3-grams, all posts": minhash,
    "char 5-gram containment, cleaned": containment,
    "longest shared run, cleaned": longest_run,
    "BM25 on jieba words, cleaned": bm25,
    "rapidfuzz partial_ratio": partial_ratio,
    "default encoder, cosine of whole posts": whole_cosine,
    "default encoder, sentences aligned": aligned_cosine,
    "RETSim (unisim)": retsim,
}


def is_installed(name: str) -> bool:
    """Return whether a peer's package is there."""
    return PEERS[name] is not retsim or importlib.util.find_spec("unisim") is not None


def world_of(drafts: referee.Bench) -> World:
    """Return the bench corpus with drafts."""
    return World(tuple(read_jsonl(BENCH / "corpus.jsonl")), drafts)


def results(world: World, rows: Iterator[Row]) -> list[dict[str, Any]]:
    """Return a peer's figures in the referee's contract, without verdicts."""
    found = []
    for case, row in zip(world.drafts.cases, rows, strict=True):
        best = [int(i) for i in np.argsort(-row, kind="stable")[:MATCHES] if row[i] > 0]
        matches = [{"post_id": world.posts[i]["post_id"], "risk": round(float(row[i]), 6)} for i in best]
        found.append({"id": case["id"], "risk": float(row[best[0]]) if best else 0.0, "matches": matches})
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    """Run peers and print what the referee says of them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", help=f"parts of the names of: {'; '.join(PEERS)}")
    parser.add_argument("--limit", type=int, help="a sample of so many drafts")
    chosen = parser.parse_args(arguments)
    require_bench()
    world = world_of(referee.bench(chosen.limit))
    for name, peer in PEERS.items():
        if is_installed(name) and (not chosen.names or any(part in name for part in chosen.names)):
            said = referee.report(world.drafts, results(world, peer(world)), f"peer-{peer.__name__}")
            print(f"{name}: AUC {said['auc']}, matched {said['matched_auc']}, recall at 1% {said['recall_all']}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
