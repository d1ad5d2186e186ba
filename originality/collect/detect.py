"""What a file is, told by its first bytes, its first lines or the names of its columns: all signatures in one place.

A file's name decides nothing. Three tables, from the outside to the inside: bytes, beginnings of texts, and the keys
that a row or object of each exporter has. Names of keys are written as `key_of` writes them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Literal, NamedTuple, TypeAlias

Kind: TypeAlias = Literal[
    "sqlite", "parquet", "zip", "feed", "web page", "weiboSpider text", "weibo-crawler Markdown", "JSON", "table"
]
Family: TypeAlias = Literal[
    "originality",
    "weibo-crawler",
    "weiboSpider",
    "weibo-search",
    "MediaCrawler Weibo",
    "MediaCrawler Xiaohongshu",
    "MediaCrawler Douyin",
    "WeChat articles",
    "",
]

_BYTES: tuple[tuple[bytes, Kind], ...] = (
    (b"SQLite format 3\x00", "sqlite"),
    (b"PAR1", "parquet"),
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),  # an empty one
)
# Never posts, whatever is in them.
FOREIGN: tuple[tuple[bytes, str], ...] = (
    (b"\xd0\xcf\x11\xe0", "an old or password-protected Office file: save it as .xlsx or CSV, without password"),
    (b"%PDF", "a PDF"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"\x1f\x8b", "a compressed file: unpack it first"),
    (b"BZh", "a compressed file: unpack it first"),
    (b"\xfd7zXZ\x00", "a compressed file: unpack it first"),
    (b"\x28\xb5\x2f\xfd", "a compressed file: unpack it first"),
    (b"Rar!", "a RAR archive: unpack it first"),
    (b"7z\xbc\xaf", "a 7z archive: unpack it first"),
)
_TEXTS: tuple[tuple[re.Pattern[str], Kind], ...] = (
    (re.compile(r"<(?:\?xml|rss|feed|rdf:RDF)\b"), "feed"),
    (re.compile(r"<(?:!doctype\s+html|html|head|script)\b", re.IGNORECASE), "web page"),
    (re.compile(r"<!DOCTYPE"), "feed"),
    (re.compile(r"用户信息[\s\S]*?微博内容|(?:.*\n){1,60}微博位置[:：].*\n发布时间[:：]"), "weiboSpider text"),
    (re.compile(r"(?:.*\n){0,20}<!-- weibo_id: ?\d+ -->"), "weibo-crawler Markdown"),
    (re.compile(r"[{\[]"), "JSON"),
)


class _Signature(NamedTuple):
    family: Family
    needs: frozenset[str]
    lacks: frozenset[str] = frozenset()


def _keys(names: str) -> frozenset[str]:
    return frozenset(names.split())


# The first that fits is meant.
_FAMILIES = (
    _Signature("originality", _keys("postid account text platform truncated atleast seenat edits raw")),
    _Signature("weibo-crawler", _keys("正文 日期 工具 点赞数 评论数 转发数")),
    _Signature("weibo-search", _keys("微博正文 用户昵称")),
    _Signature("weiboSpider", _keys("微博正文 发布工具"), _keys("用户昵称")),
    _Signature("weiboSpider", _keys("content publishtime upnum retweetnum")),
    _Signature("MediaCrawler Weibo", _keys("noteid content createdatetime")),
    _Signature("MediaCrawler Xiaohongshu", _keys("noteid title desc likedcount"), _keys("tiebaid")),
    _Signature("MediaCrawler Douyin", _keys("awemeid desc")),
    _Signature("WeChat articles", _keys("标题 摘要 链接"), _keys("正文 内容")),
    _Signature("WeChat articles", _keys("title digest link")),
)


def family_of(keys: Iterable[str]) -> Family:
    """Return the exporter whose rows have such keys, or "" where it is none that needs more than names of columns."""
    present = frozenset(keys)
    for signature in _FAMILIES:
        if signature.needs <= present and not signature.lacks & present:
            return signature.family
    return ""


def kind_of_bytes(head: bytes) -> Kind | None:
    """Return what a file is by its first bytes, or None where it may be a text."""
    return next((kind for magic, kind in _BYTES if head.startswith(magic)), None)


def kind_of_text(head: str) -> Kind:
    """Return what a text is by how it begins; what is nothing else is a table."""
    start = head.lstrip("\ufeff \t\r\n").replace("\r\n", "\n")
    return next((kind for pattern, kind in _TEXTS if pattern.match(start)), "table")
