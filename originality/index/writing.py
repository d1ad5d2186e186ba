"""The statements that change an index, each for use inside one transaction.

Enters: a connection in a transaction, and records. A post's row, its fingerprints, its signature, the vectors of its
text and passages and its words' counts always change together. Everything goes in sorted: neighbouring keys lie on the
same page, which is then written once.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from originality.errors import IndexFault
from originality.index import compact
from originality.index.rows import POST_COLUMNS, POST_NAMES, Entry, groups, plain, post_values, signed
from originality.sketch import Hashes

Vectors = Mapping[bytes, NDArray[np.float32]]

_MARKS = ",".join("?" * (len(POST_NAMES) + 4))


def put(database: sqlite3.Connection, entries: Sequence[Entry], vectors: Vectors, outdated: Iterable[str] = ()) -> None:
    """Write posts with all that belongs to them, replacing their older versions and the posts that are outdated."""
    entries = list({entry.post.post_id: entry for entry in entries}.values())
    replaced = row_numbers(database, [*(entry.post.post_id for entry in entries), *outdated])
    loose = _take_out(database, replaced)
    (last,) = database.execute("SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name='post'").fetchone()
    (posts,) = database.execute("SELECT value + 0 FROM meta WHERE key='posts'").fetchone()
    short = compact.begin(database, posts, last + 1) is not None
    ids, added = _put_vectors(database, vectors, {key for entry in entries for key in entry.vector_keys}, short=short)
    rows = range(last + 1, last + 1 + len(entries))
    pack = compact.pack_signature if short else np.ndarray.tobytes
    database.executemany(
        f"INSERT INTO post(row, {POST_COLUMNS}, fingerprints, signature, words) VALUES({_MARKS})",
        [
            (row, *post_values(e.post), e.fingerprints.tobytes(), pack(e.signature), plain(" ".join(e.words)))
            for row, e in zip(rows, entries, strict=True)
        ],
    )
    if not short:
        _put_fingerprints(database, rows, [entry.fingerprints for entry in entries])
    database.executemany(
        "INSERT INTO part VALUES(?, ?, ?)",
        [
            (row, ordinal, ids[key])
            for row, entry in zip(rows, entries, strict=True)
            for ordinal, key in enumerate(entry.vector_keys)
        ],
    )
    counts = Counter(plain(word) for entry in entries for word in entry.words)
    database.executemany(
        "INSERT INTO word VALUES(?1, ?2) ON CONFLICT(word) DO UPDATE SET posts=posts+?2", sorted(counts.items())
    )
    dropped = _drop_unused(database, loose)
    count(database, posts=len(entries) - len(replaced), vectors=added - dropped)


def remove(database: sqlite3.Connection, rows: Sequence[int]) -> None:
    """Delete posts with all that belongs to them; vectors stay as long as another post has the same text."""
    dropped = _drop_unused(database, _take_out(database, rows))
    count(database, posts=-len(rows), vectors=-dropped)


def count(database: sqlite3.Connection, *, posts: int = 0, vectors: int = 0) -> None:
    """Keep the figures of the index, and tell readers that something has changed."""
    database.executemany(
        "UPDATE meta SET value=value+? WHERE key=?", [(1, "change"), (posts, "posts"), (vectors, "vectors")]
    )


def row_numbers(database: sqlite3.Connection, post_ids: Iterable[str]) -> list[int]:
    """Return the rows of the stored ones among some posts."""
    rows: list[int] = []
    for marks, group in groups(sorted({plain(post_id) for post_id in post_ids})):
        rows += [row for (row,) in database.execute(f"SELECT row FROM post WHERE post_id IN ({marks})", group)]
    return sorted(rows)


def vector_ids(database: sqlite3.Connection, keys: Iterable[bytes]) -> dict[bytes, int]:
    """Return the number of each stored vector among some keys."""
    found: dict[bytes, int] = {}
    for marks, group in groups(sorted(keys)):
        found.update(database.execute(f"SELECT key, id FROM vector WHERE key IN ({marks})", group))
    return found


def _put_vectors(
    database: sqlite3.Connection, vectors: Vectors, keys: set[bytes], *, short: bool
) -> tuple[dict[bytes, int], int]:
    pack = compact.pack_vector if short else _half
    values = [(key, pack(vectors[key])) for key in sorted(keys) if key in vectors]
    added = database.executemany("INSERT OR IGNORE INTO vector(key, value) VALUES(?, ?)", values).rowcount
    ids = vector_ids(database, keys)
    if len(ids) < len(keys):
        raise IndexFault(
            f"{len(keys) - len(ids)} vectors that were stored a moment ago are gone: another process has deleted "
            "posts meanwhile. Run the same command again."
        )
    return ids, max(added, 0)


def _half(row: NDArray[np.float32]) -> bytes:
    return row.astype(np.float16).tobytes()


def _put_fingerprints(database: sqlite3.Connection, rows: Sequence[int], hashes: Sequence[Hashes]) -> None:
    values, owners = _pairs(rows, hashes)
    order = np.lexsort((owners, values))
    database.executemany(
        "INSERT INTO fp VALUES(?, ?)", zip(values[order].tolist(), owners[order].tolist(), strict=True)
    )


def _pairs(rows: Sequence[int], hashes: Sequence[Hashes]) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
    values = signed(np.concatenate([np.empty(0, np.uint32), *hashes]))
    return values, np.repeat(np.array(rows, np.int64), [len(group) for group in hashes])


def _take_out(database: sqlite3.Connection, rows: Sequence[int]) -> set[int]:
    """Delete posts but for their vectors; return the vectors that may have lost their last user."""
    loose: set[int] = set()
    found = database.execute("SELECT value + 0 FROM meta WHERE key='compact'").fetchone()
    for marks, group in groups(rows):
        stored = database.execute(f"SELECT row, fingerprints, words FROM post WHERE row IN ({marks})", group).fetchall()
        listed = [(row, np.frombuffer(blob, np.uint32)) for row, blob, _ in stored if not found or row < found[0]]
        values, owners = _pairs([row for row, _ in listed], [hashes for _, hashes in listed])
        database.executemany(
            "DELETE FROM fp WHERE hash=? AND row=?", zip(values.tolist(), owners.tolist(), strict=True)
        )
        counts = Counter(word for _, _, words in stored for word in words.split())
        database.executemany("UPDATE word SET posts=posts-?2 WHERE word=?1", list(counts.items()))
        database.executemany("DELETE FROM word WHERE word=? AND posts<=0", [(word,) for word in counts])
        loose.update(vector for (vector,) in database.execute(f"SELECT vector FROM part WHERE row IN ({marks})", group))
        database.execute(f"DELETE FROM part WHERE row IN ({marks})", group)
        database.execute(f"DELETE FROM post WHERE row IN ({marks})", group)
    return loose


def _drop_unused(database: sqlite3.Connection, vectors: set[int]) -> int:
    gone = database.executemany(
        "DELETE FROM vector WHERE id=?1 AND NOT EXISTS(SELECT 1 FROM part WHERE vector=?1)",
        [(vector,) for vector in sorted(vectors)],
    )
    return max(gone.rowcount, 0)
