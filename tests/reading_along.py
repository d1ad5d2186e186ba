"""One process that writes without end and eight that read: whatever they see must be whole.

The writer adds posts, gives some another text and deletes some, all by plan: post i of round r has a text that says so.
A reader takes posts at random, once by what is new and once by a search, and holds each against what is derived of it,
within one transaction: row, fingerprints, signature, vectors and text must be of one version.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import time
from dataclasses import dataclass, field, replace
from pathlib import Path

from originality import sketch
from originality.build import build, vector_keys
from originality.clean import clean
from originality.index import LocalIndex, open_index
from originality.models import Post
from tests.fakes import FakeEncoder
from tests.processes import ROOT
from tests.stores import grown, posts_of

READERS = 8
BATCH = 40
LOOK = 20  # posts a reader holds against what is derived of them, at a time


@dataclass(slots=True)
class Seen:
    """What came of it."""

    seconds: float = 0.0
    batches: int = 0
    written: int = 0
    deleted: int = 0
    looks: int = 0
    posts_seen: int = 0
    faults: list[str] = field(default_factory=list)


def read_along(folder: Path, seconds: float) -> Seen:
    """Let eight processes read for so many seconds while this one writes."""
    index = grown(folder / "index", posts_of(BATCH))
    command = [sys.executable, "-c", "from tests.reading_along import reader; reader()", str(index.folder)]
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "ORIGINALITY_THREADS": "1"}
    readers = [
        subprocess.Popen(
            [*command, str(number), str(seconds)], cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True
        )
        for number in range(READERS)
    ]
    seen, began = Seen(), time.monotonic()
    kept = {post.post_id: post for post in posts_of(BATCH)}
    while time.monotonic() - began < seconds or any(reader.poll() is None for reader in readers):
        _write(index, seen, kept)
        if time.monotonic() - began > seconds + 120:  # a reader that does not end is a fault of its own
            break
    seen.seconds = time.monotonic() - began
    for reader in readers:
        if reader.poll() is None:
            reader.kill()
            seen.faults.append("a reader did not end")
        told = json.loads(reader.communicate()[0] or '{"looks": 0, "posts": 0, "faults": ["a reader died"]}')
        seen.looks += told["looks"]
        seen.posts_seen += told["posts"]
        seen.faults += told["faults"]
    if {post.post_id: post.text for post in index.posts()} != {post.post_id: post.text for post in kept.values()}:
        seen.faults.append("posts were lost or came back")
    index.close()
    return seen


def _write(index: LocalIndex, seen: Seen, kept: dict[str, Post]) -> None:
    """Add a batch, change the texts of a part of an earlier one, and delete another part."""
    seen.batches += 1
    fresh = posts_of(BATCH, BATCH * seen.batches)
    chance = random.Random(seen.batches)
    older = chance.sample(sorted(kept), 10)
    changed = [
        replace(kept[each], text=f"{kept[each].text}改到第{seen.batches}版", edits=seen.batches) for each in older[:5]
    ]
    build([*fresh, *changed], index, FakeEncoder())
    kept.update({post.post_id: post for post in (*fresh, *changed)})
    seen.written += len(fresh) + len(changed)
    if seen.batches % 5 == 0:
        gone = older[5:]
        seen.deleted += index.delete(gone)
        for each in gone:
            del kept[each]


def reader() -> None:
    """Read for some seconds; print what was seen as JSON."""
    folder, number, seconds = Path(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])
    chance, faults, looks, posts = random.Random(number), list[str](), 0, 0
    until = time.monotonic() + seconds
    with open_index(folder) as index:
        while time.monotonic() < until and len(faults) < 10:
            looks += 1
            posts += _look(index, chance, faults)
            _search(index, faults)
    sys.stdout.write(json.dumps({"looks": looks, "posts": posts, "faults": faults}))


def _look(index: LocalIndex, chance: random.Random, faults: list[str]) -> int:
    with index.store.connection() as database:
        database.execute("BEGIN")
        try:
            (highest,) = database.execute("SELECT max(row) FROM post").fetchone()
            first = max(1, highest - chance.choice((0, 50, 500)) - LOOK)
            found = database.execute(
                "SELECT row, text, fingerprints, signature FROM post WHERE row >= ? ORDER BY row LIMIT ?", (first, LOOK)
            ).fetchall()
            for row, text, prints, signature in found:
                own = clean(text)
                searched = database.execute("SELECT count(*) FROM fp WHERE row=?", (row,)).fetchone()[0]
                parts = database.execute(
                    "SELECT key FROM part JOIN vector ON vector.id=part.vector WHERE part.row=? ORDER BY ordinal",
                    (row,),
                ).fetchall()
                same = (
                    prints == sketch.fingerprints(own.letters).tobytes()
                    and signature == sketch.signatures([own.letters])[0].tobytes()
                    and searched == len(prints) // 4
                    and tuple(key for (key,) in parts) == vector_keys(own.units(), contextual=False)
                )
                if not same:
                    faults.append(f"half a post at row {row}")
        finally:
            database.execute("ROLLBACK")
    return len(found)


def _search(index: LocalIndex, faults: list[str]) -> None:
    hits = index.near_texts(FakeEncoder().encode(["周一早上最需要拿铁,编辑亲测"]), 10)[0]
    if len(hits) < 10:
        faults.append(f"a search found {len(hits)} texts")
