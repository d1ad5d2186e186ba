"""Files that people have -> posts: exports of crawlers, saved replies, feeds, and tables known by their columns' names.

    files, folders, archives ─ detect ─▶ reader ─ rows ─▶ Row(values by name) ─ post ─▶ Post | Dropped

Each file format has its module, and each exporter with habits of its own one in `families`; what a column holds, ids,
times, counts and texts are decided in one place each, for all. A file is what its content says, not its name: all
signatures are in `detect`. Nothing is skipped in silence: what does not become a post is a `Dropped` with its reason,
file and line. A post's text is what the account itself wrote, as plain text; `clean` makes it comparable.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from originality.collect.source import Source
from originality.collect.table import check_mapping

__all__ = ["Source", "open_source"]


def open_source(
    paths: Sequence[Path],
    *,
    account: str = "",
    mapping: Mapping[str, str] | None = None,
    limit: int | None = None,
    memory: Path | None = None,
) -> Source:
    """Open files, folders and ZIP archives as one lazy stream of posts.

    Folders are read with all below them, in the order of the names. A file that cannot be read as posts is refused at
    once where it is the only path; among others, or in a folder, it is one dropped item and the rest goes on.

    :param account: whose posts these are, where the files do not say: a name, or the number of the account.
    :param mapping: field to column, for tables with names of their own, e.g. ``{"text": "内容"}``.
    :param limit: stop after so many posts.
    :param memory: a JSON file that keeps the mapping of each header that gave posts, so that it is asked for once.
    :raises CollectError: where a path is missing, a mapping names an unknown field or the only file is unreadable.
    """
    mapping = dict(mapping or {})
    check_mapping(mapping)
    source = Source([Path(path) for path in paths], account, mapping, limit, memory)
    source.begin()
    return source
