"""The CSV family of weibo-crawler, whose rows are written by position and do not always fit the header above them.

An original post has 19 cells, a repost 37, the header 39. For two long stretches of time (April 2022 to January 2024,
April to November 2025) rows held a column that the header lacked, so that everything behind it is one column to the
right; and who upgrades the tool keeps the old header above new rows. A row is therefore read with the first layout
that it fits: its length must be possible, and dates, device and counts must look like dates, device and counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import product

_START = ("id", "bid", "正文", "头条文章url", "原始图片url", "视频url")
_LIVE = ("Live Photo视频url",)
_MIDDLE = ("位置", "日期", "工具", "点赞数", "评论数", "转发数", "话题", "@用户")
_FULL = ("完整日期",)
_EDITED = ("是否编辑过", "编辑次数")
_ORIGINAL = "是否原创"
_SOURCE_USER = ("源用户id", "源用户昵称")
_SOURCE = "源微博"
_FAMILY = frozenset({"正文", "日期", "工具", "点赞数", "评论数", "转发数"})

_DATE = re.compile(r"\s*\d{4}[-/年]\d{1,2}[-/月]\d{1,2}")
_COUNT = re.compile(r"\s*[\d.]*[万亿]?\+?\s*")
_BID = re.compile(r"\s*[0-9A-Za-z]{0,10}\s*")
_BOOLEANS = frozenset({"", "true", "false"})


def is_family(header: Sequence[str]) -> bool:
    """Say whether a header is one of this family."""
    return _FAMILY.issubset(header)


class Layouts:
    """The layouts that rows under one header may have."""

    def __init__(self, header: Sequence[str]) -> None:
        self._layouts = [tuple(header), *_known_layouts()]

    def read_cells(self, cells: Sequence[object]) -> Mapping[str, object] | None:
        """Return the cells by name, or None where no layout fits."""
        texts = ["" if cell is None else str(cell) for cell in cells]
        used = len(texts)
        while used and not texts[used - 1].strip():
            used -= 1
        for layout in self._layouts:
            if any(used <= length <= len(texts) for length in _lengths(layout)) and _fits(layout, texts):
                return dict(zip(layout, cells, strict=False))
        # The optional analyser adds columns behind the counts: what stands before them is sound.
        header = self._layouts[0]
        sound = header[: header.index("转发数") + 1]
        return dict(zip(sound, cells, strict=False)) if _fits(sound, texts) else None


def _known_layouts() -> Iterator[tuple[str, ...]]:
    """Yield all layouts of the tool's history, today's first: with and without each column that came later.

    Those without a bid come last: shifted by one they look like some with a bid.
    """
    for bid, article, live, full, edited in product((True, False), repeat=5):
        own = (
            *(name for name in _START if (article or name != "头条文章url") and (bid or name != "bid")),
            *(_LIVE if live else ()),
            *_MIDDLE,
            *(_FULL if full else ()),
        )
        source = tuple(_SOURCE + name for name in own)
        yield (*own, *(_EDITED if edited else ()), _ORIGINAL, *_SOURCE_USER, *source)


def _lengths(layout: Sequence[str]) -> Iterator[int]:
    """Yield the lengths of rows under a layout: an original post, the same among reposts, a repost."""
    if _ORIGINAL not in layout:
        yield len(layout)
        return
    own = layout.index(_ORIGINAL)
    yield from (own, own + 1, len(layout))
    # Two columns of today's header are in no row: "源微博是否编辑过" and "源微博编辑次数".
    yield sum(not name.startswith(tuple(_SOURCE + edited for edited in _EDITED)) for name in layout)


def _fits(layout: Sequence[str], texts: Sequence[str]) -> bool:
    row = dict(zip(layout, texts, strict=False))
    dated, full, original = row.get("日期", ""), row.get("完整日期", ""), row.get(_ORIGINAL, "")
    return (
        _DATE.match(dated) is not None
        and not _DATE.match(row.get("工具", ""))
        and _BID.fullmatch(row.get("bid", "")) is not None
        and all(_COUNT.fullmatch(row.get(name, "?")) for name in ("点赞数", "评论数", "转发数"))
        and (not full.strip() or _DATE.match(full) is not None)
        and original.strip().lower() in _BOOLEANS
    )
