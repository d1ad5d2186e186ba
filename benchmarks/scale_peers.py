"""Other ways to find copies, on the same corpus with the same drafts as `scale.py`: each in a process of its own.

All get the letters of the cleaned posts, so none has to fight with links and tails. Found means: a post with the
source's letters is among the first ten. datasketch and SemHash are called as their documentation shows; SemHash, if
it is not installed, is left out (its packages: semhash, vicinity, usearch). Searches that look at every post are asked
a few drafts of each kind only, as said beside their figures.
"""

from __future__ import annotations

import importlib
import importlib.util
import json
import sqlite3
import time
from abc import ABC, abstractmethod
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from benchmarks.scale_corpus import Draft
from benchmarks.scale_stages import memory, quantiles
from originality.clean import clean
from originality.embed import Encoder

FIRST = 10
FEW = 10  # drafts of each kind for a search that takes seconds


class Peer(ABC):
    """One way: built over letters, asked with letters."""

    drafts: ClassVar[int] = 1000
    """Of each kind, how many are asked."""
    disk: int = 0
    """Bytes that it keeps in files; what it keeps in memory is measured from outside."""

    @abstractmethod
    def build(self, posts: Sequence[str], work: Path) -> None:
        """Take in the posts."""

    @abstractmethod
    def ask(self, draft: str) -> list[int]:
        """Return the numbers of the posts found, best first where there is an order."""


class Datasketch(Peer):
    """MinHashLSH as its documentation shows it: sets of character trigrams, 128 permutations, threshold 0.5."""

    def build(self, posts: Sequence[str], work: Path) -> None:
        """Take in the posts."""
        from datasketch import MinHashLSH

        self._lsh = MinHashLSH(threshold=0.5, num_perm=128)
        for number, letters in enumerate(posts):
            self._lsh.insert(number, self._minhash(letters))

    def ask(self, draft: str) -> list[int]:
        """Return all of its buckets: it gives no order."""
        return [int(number) for number in self._lsh.query(self._minhash(draft))]

    @staticmethod
    def _minhash(letters: str) -> Any:
        from datasketch import MinHash

        minhash = MinHash(num_perm=128)
        minhash.update_batch([letters[i : i + 3].encode() for i in range(max(1, len(letters) - 2))])
        return minhash


class FullText(Peer):
    """SQLite FTS5 with its trigram tokenizer, asked for any run of six letters, ranked by bm25."""

    def build(self, posts: Sequence[str], work: Path) -> None:
        """Take in the posts."""
        path = work / "fts5.sqlite"
        path.unlink(missing_ok=True)
        self._database = sqlite3.connect(path)
        self._database.execute("CREATE VIRTUAL TABLE post USING fts5(letters, tokenize='trigram', content='')")
        rows = ((number + 1, letters) for number, letters in enumerate(posts))
        self._database.executemany("INSERT INTO post(rowid, letters) VALUES(?, ?)", rows)
        self._database.commit()
        self.disk = path.stat().st_size

    def ask(self, draft: str) -> list[int]:
        """Return the best ten."""
        runs = [draft[i : i + 6] for i in range(0, max(1, len(draft) - 5), 3)]
        words = " OR ".join('"' + run.replace('"', '""') + '"' for run in runs)
        query = "SELECT rowid - 1 FROM post WHERE post MATCH ? ORDER BY rank LIMIT ?"
        return [int(number) for (number,) in self._database.execute(query, (words, FIRST))]


class BruteForce(Peer):
    """The cosine of the draft's vector with that of every post, in numpy."""

    def __init__(self, encoder: Encoder) -> None:
        self.encoder = encoder

    def build(self, posts: Sequence[str], work: Path) -> None:
        """Take in the posts."""
        self._rows: NDArray[np.float32] = self.encoder.encode(posts)

    def ask(self, draft: str) -> list[int]:
        """Return the nearest ten."""
        cosines = self._rows @ self.encoder.encode([draft])[0]
        return [int(number) for number in np.argsort(-cosines)[:FIRST]]


class Rapidfuzz(Peer):
    """The edit similarity of the best part (`partial_ratio`) with every post."""

    drafts = FEW

    def build(self, posts: Sequence[str], work: Path) -> None:
        """Take in the posts."""
        self._posts = list(posts)

    def ask(self, draft: str) -> list[int]:
        """Return the best ten."""
        from rapidfuzz import fuzz, process

        return [number for _, _, number in process.extract(draft, self._posts, scorer=fuzz.partial_ratio, limit=FIRST)]


class SemHash(Peer):
    """SemHash with our encoder in place of its own: records whose nearest neighbour has a cosine of 0.9."""

    drafts = FEW

    def __init__(self, encoder: Encoder) -> None:
        self.encoder = encoder

    def build(self, posts: Sequence[str], work: Path) -> None:
        """Take in the posts."""
        semhash = importlib.import_module("semhash")
        self._at = {letters: number for number, letters in enumerate(posts)}
        self._hashed = semhash.SemHash.from_records(records=list(posts), model=self)

    def encode(self, inputs: Sequence[str], **_: Any) -> NDArray[np.float32]:
        """Return vectors, as SemHash asks a model for them."""
        return self.encoder.encode(list(inputs))

    def ask(self, draft: str) -> list[int]:
        """Return the post that it takes the draft for a duplicate of."""
        found = self._hashed.deduplicate(records=[draft], threshold=0.9).filtered
        return [self._at[record.duplicate_of] for record in found if record.duplicate_of in self._at]


def names() -> list[str]:
    """Return the peers that can run here."""
    known = ["datasketch MinHashLSH", "SQLite FTS5 trigram", "numpy cosine"]
    known += ["rapidfuzz"] if importlib.util.find_spec("rapidfuzz") else []
    return [*known, *(["SemHash"] if importlib.util.find_spec("semhash") else [])]


def measure(name: str, corpus: Path, drafts: Sequence[Draft], encoder: Encoder) -> dict[str, Any]:
    """Build one peer and ask it; return rates, sizes, times in ms and recall by kind."""
    peers: dict[str, Peer] = {
        "datasketch MinHashLSH": Datasketch(),
        "SQLite FTS5 trigram": FullText(),
        "numpy cosine": BruteForce(encoder),
        "rapidfuzz": Rapidfuzz(),
        "SemHash": SemHash(encoder),
    }
    peer = peers[name]
    with corpus.open(encoding="utf-8") as lines:
        posts = [clean(json.loads(line)["text"]).letters for line in lines]
    posts = [letters for letters in posts if letters]
    texts = [clean(draft.text).letters for draft in drafts]
    before, began, cpu = memory(), time.perf_counter(), time.process_time()
    peer.build(posts, corpus.parent)
    built, used = time.perf_counter() - began, time.process_time() - cpu
    held = (memory()["own"] - before["own"]) * 2**20
    times: list[float] = []
    found: dict[str, list[Any]] = defaultdict(list)
    for draft, letters in zip(drafts, texts, strict=True):
        if len(found[draft.kind]) < peer.drafts:
            began = time.perf_counter()
            numbers = peer.ask(letters)
            times.append(1000 * (time.perf_counter() - began))
            found[draft.kind].append(any(posts[number] == draft.source for number in numbers[:FIRST]))
    return {
        "build_s": round(built, 1),
        "build_cpu_s": round(used, 1),
        "bytes_per_post_memory": round(max(held, 0) / len(posts)),
        "bytes_per_post_disk": round(peer.disk / len(posts)),
        "ask_ms": quantiles(times),
        "asked": len(times),
        "source_found": {kind: round(float(np.mean(hits)), 3) for kind, hits in found.items() if kind != "own"},
    }
