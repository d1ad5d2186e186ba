"""The phases of `scale.py` that write: building by stage, what takes the space, new posts under a reader, deletion.

Each returns plain figures. Rates are posts per second of processor time of one core, with the clock beside it.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from benchmarks.scale_stages import Stopwatch, memory
from originality import Checker, build, sketch
from originality.collect import open_source
from originality.embed import Encoder
from originality.index import LocalIndex, open_index
from originality.models import Post

STAGES: dict[str, list[tuple[Any, str]]] = {
    "clean": [(build, "clean")],
    "sketch": [(sketch, "signatures")],
    "fingerprints": [(sketch, "fingerprints_of")],
    "words": [(build, "cut"), (build, "content_words")],
    "embed": [(build, "_embed")],
    "look up": [(LocalIndex, "fetch"), (LocalIndex, "known_vectors"), (LocalIndex, "kept_out")],
    "store": [(LocalIndex, "write")],
    "snapshot": [(LocalIndex, "save")],
}
VISIBLE = 10_000  # posts of an update
DELETED = 1_000


def build_index(corpus: Path, folder: Path, encoder: Encoder, setting: str) -> dict[str, Any]:
    """Build an index of a corpus; return rates by stage."""
    watch = Stopwatch()
    began = time.perf_counter()
    with open_index(folder, encoder=setting, encoder_name=encoder.name) as index, watch.watching(STAGES):
        with watch.stage("rest"):
            report = build.build(_read(corpus, watch), index, encoder)
        posts, vectors = index.store.posts, index.store.vectors
    stages = {
        name: {"s": round(wall, 2), "cpu_s": round(cpu, 2), "posts_per_cpu_s": round(report.read / max(cpu, 1e-9))}
        for name, (wall, cpu) in watch.seconds.items()
    }
    without = sum(cpu for name, (_, cpu) in watch.seconds.items() if name != "embed")
    return {
        "posts": posts,
        "vectors": vectors,
        "seconds": round(time.perf_counter() - began, 1),
        "stages": stages,
        "posts_per_cpu_s_without_embedding": round(report.read / max(without, 1e-9)),
        "memory_mb": memory(),
    }


def _read(corpus: Path, watch: Stopwatch) -> Iterator[Any]:
    items = iter(open_source([corpus]))
    while True:
        with watch.stage("read"):
            item = next(items, None)
        if item is None:
            return
        yield item


def sizes(folder: Path) -> dict[str, Any]:
    """Return bytes per post, by file and by table of the store."""
    with open_index(folder) as index:
        posts = max(1, index.store.posts)
        pages = index.store.rows("SELECT name, sum(pgsize) FROM dbstat GROUP BY name ORDER BY 2 DESC")
        tables = {name: round(size / posts, 1) for name, size in pages if size / posts >= 1}
    files = {
        path.name: round(path.stat().st_size / posts, 1) for path in folder.iterdir() if path.stat().st_size > 4096
    }
    return {"files": files, "tables": tables, "total": round(sum(files.values()), 1)}


def update(folder: Path, new: Iterable[Post], encoder: Encoder, checker: Checker) -> dict[str, Any]:
    """Write new posts while a reader is open; return how fast, and how long until the reader finds the last of them."""
    posts = list(new)
    checker.check(posts[0].text)
    watch = Stopwatch()
    began = time.perf_counter()
    with open_index(folder, encoder_name=encoder.name) as index, watch.watching(STAGES):
        with watch.stage("rest"):
            build.build(posts, index, encoder)
        written = time.perf_counter()
        known = checker.index.info().posts
        checker.check(posts[-1].text)
        visible = time.perf_counter() - written
        assert known == index.info().posts
        found = checker.check(posts[-1].text)
    cpu = sum(cpu for name, (_, cpu) in watch.seconds.items() if name != "embed")
    return {
        "posts": len(posts),
        "seconds": round(written - began, 2),
        "snapshot_s": round(watch.seconds["snapshot"][0], 2),
        "posts_per_cpu_s_without_embedding": round(len(posts) / cpu),
        "visible_s": round(visible, 2),
        "found": any(match.text == posts[-1].text for match in found.matches),
    }


def delete(folder: Path, post_ids: list[str], encoder: Encoder, checker: Checker) -> dict[str, Any]:
    """Delete posts without trace; return how fast, and how long until an open reader has followed."""
    with open_index(folder, encoder_name=encoder.name) as index:
        began, cpu = time.perf_counter(), time.process_time()
        count = index.delete(post_ids)
        seconds, used = time.perf_counter() - began, time.process_time() - cpu
    began = time.perf_counter()
    checker.check("这条草稿谁也没有抄，只是看看读者多久才跟上。")
    return {
        "posts": count,
        "seconds": round(seconds, 2),
        "cpu_s": round(used, 2),
        "posts_per_s": round(count / seconds),
        "reader_s": round(time.perf_counter() - began, 2),
    }
