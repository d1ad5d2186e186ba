"""What is particular to each exporter: one module per family, chosen by `detect`.

An adapter turns the row of a family whose fields are not one column each into a row that names of columns explain.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from originality.collect.detect import Family
from originality.collect.families import media_crawler, wechat

Adapter: TypeAlias = Callable[[Mapping[str, Any]], Mapping[str, Any]]

_ADAPTERS: Mapping[Family, Adapter] = {
    "MediaCrawler Xiaohongshu": media_crawler.read_note,
    "MediaCrawler Douyin": media_crawler.read_video,
    "WeChat articles": wechat.read_article,
}


def adapter_of(family: Family) -> Adapter | None:
    """Return what turns a family's rows into plain ones, None where they are."""
    return _ADAPTERS.get(family)
