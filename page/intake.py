"""Import of files by drag and drop: what is in them is shown first, columns are named where nobody knows them."""

import re
import shutil
import tempfile
from collections import Counter
from dataclasses import replace
from itertools import islice
from pathlib import Path, PurePath
from typing import Any

import streamlit as st

from originality import OriginalityError
from originality.build import BuildReport, build
from originality.collect import open_source
from originality.collect.memory import Header, Memory
from originality.collect.post import PostMaker
from originality.collect.readers import reader_of
from originality.errors import CollectError
from originality.index import open_index
from originality.models import Dropped, Post
from page.html import date, excerpt, shown, table
from page.reasons import reason_name
from page.visit import Visit, complain, note
from page.words import word

PREVIEW = 20
LOOKED_AT = 200  # items of the preview, to count what would be dropped
KINDS = "json jsonl ndjson xlsx xlsm parquet pq csv tsv txt md db sqlite sqlite3 xml rss atom zip".split()
MAPPINGS = "mappings.json"
FIELDS = ("text", "account", "published_at", "url", "post_id")


class _Names(Header):
    """Notes the columns of a table and reads no further."""

    def check(self, names: Any) -> None:
        raise _Seen(list(names))

    def knows_text(self, names: Any) -> bool:
        return True


class _Seen(Exception):
    """Its argument is the columns."""


def draw(visit: Visit) -> None:
    """Draw the import."""
    state = st.session_state
    st.html(f'<section class="o-part"><h2>{word("import")}</h2></section>')
    if report := state.pop("imported", None):
        _tell(report)
    handed = st.file_uploader(word("import_files"), KINDS, accept_multiple_files=True, key="import_file")
    if not handed:
        return
    account = st.text_input(word("import_account"), key="import_account", help=word("import_account_help")).strip()
    folder = Path(tempfile.mkdtemp(prefix="originality-"))
    try:
        _preview(visit, _written(folder, handed), account)
    except OriginalityError as error:
        complain(OriginalityError(re.sub(rf"{re.escape(str(folder))}/(\d+/)?", "", str(error))))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _written(folder: Path, handed: list[Any]) -> list[Path]:
    """Write uploaded files where readers can open them; names lose what could lead elsewhere."""
    paths = []
    for number, file in enumerate(handed):
        path = folder / str(number) / PurePath(file.name.replace("\\", "/")).name
        path.parent.mkdir()
        path.write_bytes(file.getvalue())
        paths.append(path)
    return paths


def _preview(visit: Visit, paths: list[Path], account: str) -> None:
    mapping: dict[str, str] = {}
    memory = visit.folder / MAPPINGS
    names = columns_of(paths[0], account)
    try:
        if names and st.checkbox(word("remap"), key="remap"):
            raise CollectError(word("remap"))
        items = list(islice(open_source(paths, account=account, memory=memory), LOOKED_AT))
    except CollectError:
        if not names:
            raise
        mapping = _ask_columns(names)
        if "text" not in mapping:
            return
        # Without the memory: a mapping is remembered once somebody takes the posts in, not while columns are tried.
        items = list(islice(open_source(paths, account=account, mapping=mapping), LOOKED_AT))
    posts = [item for item in items if isinstance(item, Post)]
    _show_posts(posts)
    _show_dropped([item for item in items if isinstance(item, Dropped)])
    if posts and st.button(word("import_now"), type="primary"):
        _import(visit, paths, account, mapping)


def _ask_columns(names: list[str]) -> dict[str, str]:
    """Let the visitor say which column is which."""
    note(word("map_columns"))
    boxes = st.columns(len(FIELDS))
    picked = {
        field: box.selectbox(
            word(f"field_{field}"), names, None, key=f"map_{field}", format_func=excerpt, placeholder="—"
        )
        for field, box in zip(FIELDS, boxes, strict=True)
    }
    return {field: name for field, name in picked.items() if name}


def columns_of(path: Path, account: str) -> list[str]:
    """Return the names of a table's columns, [] where the file is none."""
    header = _Names(path, {}, Memory(None))
    try:
        next(iter(reader_of(path, PostMaker(path, account, header), header, account).rows()), None)
    except _Seen as seen:
        return [str(name) for name in seen.args[0] if name]
    except CollectError:
        return []
    return []


def _show_posts(posts: list[Post]) -> None:
    head = [word(key) for key in ("account_name", "published", "text")]
    rows = [[str(shown(p.account)), date(p.published_at), str(shown(excerpt(p.text, 80)))] for p in posts[:PREVIEW]]
    note(word("preview", count=len(rows)))
    st.html(table(word("import"), head, rows))


def _show_dropped(items: list[Dropped]) -> None:
    for reason, count in Counter(item.reason for item in items).most_common():
        note(word("preview_dropped", reason=shown(reason_name(reason)), count=count))


def _import(visit: Visit, paths: list[Path], account: str, mapping: dict[str, str]) -> None:
    source = open_source(paths, account=account, mapping=mapping or None, memory=visit.folder / MAPPINGS)
    bar = st.progress(0.0, word("importing"))

    def advance(count: int) -> None:
        bar.progress(min(1.0, source.fraction), word("importing"))

    with open_index(visit.folder) as index:  # a writer of its own: the shared one goes on answering others
        report = build(map(_named, source), index, visit.checker.encoder, progress=advance)
    st.session_state.imported = report
    st.rerun()


def _named(item: Post | Dropped) -> Post | Dropped:
    """Call a file by its own name: its place on this machine is gone in a moment."""
    return replace(item, file=Path(item.file.name)) if isinstance(item, Dropped) else item


def _tell(report: BuildReport) -> None:
    note(word("imported", added=report.added, replaced=report.replaced, updated=report.updated, same=report.unchanged))
    for reason, count in report.dropped.most_common():
        note(word("preview_dropped", reason=shown(reason_name(reason)), count=count))
