"""One row or object -> Post, or the reason why there is none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from originality.collect import fields, ids, reasons
from originality.collect.accounts import Attribution
from originality.collect.detect import Family, family_of
from originality.collect.families import Adapter, adapter_of
from originality.collect.families.exported import read_back
from originality.collect.memory import Header
from originality.collect.table import Columns, Row, key_of
from originality.collect.texts import is_notice, own_words, plain
from originality.collect.times import with_right_year
from originality.collect.values import is_cut
from originality.models import Dropped, Post

_MOST_SHAPES = 1_000  # sets of keys remembered: one exporter has a dozen


@dataclass(frozen=True, slots=True)
class _Shape:
    """What the keys of a row tell: whose export it is, and which column holds what."""

    family: Family
    adapt: Adapter | None
    columns: Columns


class PostMaker:
    """Makes the posts of one file."""

    def __init__(self, path: Path, account: str, header: Header) -> None:
        self._path = path
        self._header = header
        self._attribution = Attribution(path, account)
        self._shapes: dict[tuple[str, ...], _Shape] = {}

    def told(self, user: object) -> None:
        """Take note of the account that the file names for all of its posts."""
        self._attribution.told(user)

    def make(self, row: Row) -> Post | Dropped:
        """Return the post that a row describes."""
        shape = self._shape(row.values)
        if shape.family == "originality":
            return read_back(row.values) or self._dropped(row, reasons.NO_TEXT)
        values = row.values
        if shape.adapt:
            values = shape.adapt(values)
            shape = self._shape(values, adapted=True)
        imported, is_long_text = fields.imported_text(shape.columns, values)
        text = own_words(plain(imported))
        if not text or text.isspace():
            return self._dropped(row, reasons.NO_TEXT if any(values.values()) else reasons.NO_COLUMNS)
        if is_notice(text):
            return self._dropped(row, reasons.DELETED)
        url = fields.url_of(shape.columns, values)
        named = fields.identity(shape.columns, values, url)
        if named.post_id is None:
            return self._dropped(row, reasons.DAMAGED_ID, named.seen)
        long = fields.said_to_be_long(shape.columns, values)
        return self._post(shape, values, (imported, text, is_cut(text, long, is_long_text)), url, named)

    def _post(
        self,
        shape: _Shape,
        values: Mapping[str, Any],
        texts: tuple[str, str, bool],
        url: str,
        named: fields.Identity,
    ) -> Post:
        columns = shape.columns
        imported, text, truncated = texts
        account = self._attribution.account(columns, values, url)
        platform = fields.platform_of(columns, values, url)
        seen_at = fields.seen_at(columns, values)
        published_at = fields.published_at(columns, values, named.post_id or "", seen_at)
        post_id = named.post_id or ids.made_up(account.name, str(published_at or ""), imported)
        if published_at and shape.family == "weiboSpider":
            published_at = with_right_year(published_at, post_id)
        reposts, comments, likes, at_least = fields.counts(columns, values)
        raw = values[columns.found["raw"][0]] if columns.found["raw"] else imported
        return Post(
            post_id=post_id,
            account=account.name,
            account_id=account.uid,
            text=text,
            published_at=published_at,
            url=url or (fields.link_to(account.uid, named) if platform == "weibo" else ""),
            platform=platform,
            reposts=reposts,
            comments=comments,
            likes=likes,
            truncated=truncated,
            repost_of=fields.repost_of(columns, values),
            raw=raw if isinstance(raw, str) and raw != text else "",
            edits=fields.edits(columns, values),
            at_least=at_least,
            seen_at=seen_at,
        )

    def _dropped(self, row: Row, reason: str, detail: str = "") -> Dropped:
        return Dropped(reason=reason, file=self._path, line=row.line, detail=detail)

    def _shape(self, values: Mapping[str, Any], *, adapted: bool = False) -> _Shape:
        names = tuple(values)
        shape = self._shapes.get(names)
        if shape is None:
            if len(self._shapes) >= _MOST_SHAPES:
                self._shapes.clear()
            family = family_of(map(key_of, names))
            # A mapping says which column is meant: what an adapter would make of the row does not matter then.
            adapt = None if adapted or "text" in self._header.mapping else adapter_of(family)
            columns = Columns.of(names, {} if adapted else self._header.mapping)
            shape = self._shapes[names] = _Shape(family, adapt, columns)
        return shape
