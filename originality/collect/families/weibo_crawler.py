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

_DATE = re.compile(r"\s*\d{4}[-/年]\d{1,2}[-/月]\d{1,2}")
_COUNT = re.compile(r"\s*[\d.]*[万亿]?\+?\s*")
_BID = re.compile(r"\s*[0-9A-Za-z]{0,10}\s*")
_BOOLEANS = frozenset({"", "true", "false"})


class Layouts:
    """The layouts that rows under one header may have."""

    def __init__(self, header: Sequence[str]) -> None:
        self._layouts = [_Layout(header), *map(_Layout, _known_layouts())]
        # The optional analyser adds columns behind the counts: what stands before them is sound.
        self._sound = _Layout(header[: header.index("转发数") + 1])
        self._last: dict[int, _Layout] = {}

    def read_cells(self, cells: Sequence[object]) -> Mapping[str, object] | None:
        """Return the cells by name, or None where no layout fits."""
        texts = ["" if cell is None else str(cell) for cell in cells]
        length = len(texts)
        layout = self._last.get(length)  # that of the row before of the same length, nearly always
        if layout is None or not (layout.may_have(texts) and layout.fits(texts)):
            layout = next((known for known in self._layouts if known.may_have(texts) and known.fits(texts)), None)
            if layout is None:
                return dict(zip(self._sound.names, cells, strict=False)) if self._sound.fits(texts) else None
            self._last[length] = layout
        return dict(zip(layout.names, cells, strict=False))


class _Layout:
    """One order of columns, with the places of those by which a row is judged."""

    def __init__(self, names: Sequence[str]) -> None:
        self.names = tuple(names)
        place = {name: index for index, name in enumerate(self.names)}
        self._lengths = frozenset(_lengths(self.names))
        self._date, self._tool, self._bid = place["日期"], place["工具"], place.get("bid", -1)
        self._counts = tuple(place[name] for name in ("点赞数", "评论数", "转发数"))
        self._full, self._original = place.get("完整日期", -1), place.get(_ORIGINAL, -1)

    def may_have(self, texts: Sequence[str]) -> bool:
        """Say whether a row may be so long, empty cells at its end left out."""
        length = len(texts)
        while length not in self._lengths:
            if not length or texts[length - 1].strip():
                return False
            length -= 1
        return True

    def fits(self, texts: Sequence[str]) -> bool:
        """Say whether dates, device and counts look like dates, device and counts."""
        length = len(texts)
        if self._counts[-1] >= length or not _DATE.match(texts[self._date]) or _DATE.match(texts[self._tool]):
            return False
        if self._bid >= 0 and not _BID.fullmatch(texts[self._bid]):
            return False
        if not all([_COUNT.fullmatch(texts[place]) for place in self._counts]):
            return False
        full = texts[self._full] if 0 <= self._full < length else ""
        original = texts[self._original] if 0 <= self._original < length else ""
        return (not full.strip() or _DATE.match(full) is not None) and original.strip().lower() in _BOOLEANS


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
