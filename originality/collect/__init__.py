"""Files that people have -> posts: the exports of Weibo crawlers, and tables whose columns are known by their names.

    files, folders ─ decode, rows ─▶ Row(values by name) ─ post ─▶ Post | Dropped

Each format has its module; what a column holds, ids, times and counts are decided in one place each, for all formats.
A file is what its content says, not its name. Nothing is skipped in silence: what does not become a post is a
`Dropped` with its reason, file and line. Texts are left as they are; `clean` makes them comparable.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from originality.collect.source import Source
from originality.collect.table import check_mapping

__all__ = ["Source", "open_source"]


def open_source(
    paths: Sequence[Path], *, account: str = "", mapping: Mapping[str, str] | None = None, limit: int | None = None
) -> Source:
    """Open files and folders as one lazy stream of posts.

    Folders are read with all below them, in the order of the names. A file that cannot be read as posts is refused at
    once where it is the only path; among others, or in a folder, it is one dropped item and the rest goes on.

    :param account: whose posts these are, where the files do not say.
    :param mapping: field to column, for tables with names of their own, e.g. ``{"text": "内容"}``.
    :param limit: stop after so many posts.
    :raises CollectError: where a path is missing, a mapping names an unknown field or the only file is unreadable.
    """
    mapping = dict(mapping or {})
    check_mapping(mapping)
    source = Source([Path(path) for path in paths], account, mapping, limit)
    source.begin()
    return source
