"""Index -> one file with every field of every post, as JSON Lines or Parquet, which `collect` reads back.

Posts come oldest first, those without a time before all others, those of one moment by id: equal indexes give equal
files. They are written to a temporary name, synced and renamed, a few at a time.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import asdict
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any, TypeAlias

from originality.errors import OriginalityError
from originality.files import replacing
from originality.index import LocalIndex
from originality.index.rows import POST_COUNTS, POST_FLAGS, POST_NAMES, POST_TIMES
from originality.models import Post

BATCH = 4096  # posts in memory, and rows of a Parquet row group

_ZONE = "+08:00"  # the index gives Beijing times

Batches: TypeAlias = Iterator[Sequence[Post]]


def export(
    index: LocalIndex,
    path: Path,
    *,
    accounts: Collection[str] = (),
    since: datetime | None = None,
    until: datetime | None = None,
    progress: Callable[[int], None] = lambda done: None,
) -> int:
    """Write the posts of an index to a file, whole or not at all; return how many they are.

    Args:
        index: an open index.
        path: the file, .jsonl or .parquet; one that is there is replaced.
        accounts: names or numbers; none for all accounts.
        since: only posts of this moment and later. A post without a time is in no span of time.
        until: only posts before this moment.
        progress: called with the number of posts done after each batch.

    Raises:
        OriginalityError: the name of the file does not say its format.
        IndexFault: the index went away or was damaged meanwhile.
        OSError: the file cannot be written; what was there before is still there.
    """
    write = _WRITERS.get(path.suffix.lower())
    if write is None:
        raise OriginalityError(
            f"An export is a .jsonl or a .parquet file, got {path.name!r}. Name the file accordingly."
        )
    posts = (
        post
        for post in index.posts(since, until)
        if not accounts or post.account in accounts or post.account_id in accounts
    )
    count = 0

    def counted() -> Batches:
        nonlocal count
        while batch := list(islice(posts, BATCH)):
            yield batch
            count += len(batch)
            progress(len(batch))

    with replacing(path) as draft:
        write(draft, counted())
    return count


def _write_lines(path: Path, batches: Batches) -> None:
    with path.open("w", encoding="utf-8", newline="\n") as file:
        for batch in batches:
            file.writelines(json.dumps(_plain(post), ensure_ascii=False) + "\n" for post in batch)


def _plain(post: Post) -> dict[str, Any]:
    facts = asdict(post)
    for name in POST_TIMES:
        facts[name] = facts[name].isoformat() if facts[name] else None
    return facts


def _write_parquet(path: Path, batches: Batches) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    schema = pa.schema([(name, _parquet_type(pa, name)) for name in POST_NAMES])
    with pq.ParquetWriter(path, schema) as writer:
        for batch in batches:
            writer.write_table(pa.Table.from_pylist([asdict(post) for post in batch], schema))


def _parquet_type(pa: Any, name: str) -> Any:
    if name in POST_TIMES:
        return pa.timestamp("us", _ZONE)
    return pa.int64() if name in POST_COUNTS else pa.bool_() if name in POST_FLAGS else pa.string()


_WRITERS: dict[str, Callable[[Path, Batches], None]] = {
    ".jsonl": _write_lines,
    ".ndjson": _write_lines,
    ".parquet": _write_parquet,
}
