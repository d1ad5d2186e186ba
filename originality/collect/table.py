"""Columns by name: which column, or key of a JSON object, holds what.

Names are compared without case, spaces, underscores and byte order marks. Several columns may hold one thing ("日期"
and "完整日期"): they are tried in the order below, the more exact or more particular name first.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from originality.collect.detect import family_of
from originality.collect.families import adapter_of
from originality.errors import CollectError

MAPPABLE = (
    *("post_id", "text", "account", "account_id", "published_at", "url", "reposts", "comments", "likes"),
    *("platform", "edits", "seen_at"),
)

ALIASES: dict[str, tuple[str, ...]] = {
    field: tuple(names.split())
    for field, names in {
        "post_id": "postid noteid 微博id 微博mid weiboid weibomid idstr mid id wid tweetid statusid 帖子id 博文id",
        "bid": "bid mblogid 微博bid",
        "text": (
            "longtext longtextcontent textraw rawtext 正文 微博正文 微博内容 博文内容 帖子内容 文案内容 发布内容 "
            "text content 内容 文案 博文 帖子 文本 全文 posttext weibotext"
        ),
        "account": (
            "account accountname 账号 账号名称 账号名 账号昵称 screenname 用户昵称 微博昵称 博主昵称 昵称 nickname "
            "username 用户名称 用户名 发布者 发布账号 博主 作者 author authorname 品牌 brand 用户 user"
        ),
        "account_id": "accountid uid userid 用户id 账号id 博主id 作者id authorid useridstr user",
        "published_at": (
            "publishedat createdatetime 完整日期 fullcreatedat publishtime 发布时间 发布日期 发表时间 发博时间 "
            "createdat publishdate pubtime pubdate posttime postedat "
            "日期 date 时间 datetime time 创建时间 createtime timestamp"
        ),
        "url": (
            "url weibolink noteurl posturl weibourl 链接 微博链接 帖子链接 博文链接 原文链接 微博地址 链接地址 "
            "网址 link"
        ),
        "reposts": (
            "转发数 转发量 转发 repostscount repostcount reposts repost sharedcount sharecount shares forwardnum "
            "forwardcount retweetnum retweets"
        ),
        "comments": "评论数 评论量 评论 commentscount commentcount commentnum comments comment",
        "likes": "点赞数 点赞量 点赞 赞数 赞 attitudescount likescount likecount likedcount likenum upnum likes like",
        "repost_of": "repostof retweetid 源微博id retweetedstatus retweet",
        "is_long": "islongtext continuetag truncated",
        "platform": "platform 平台 来源平台",
        "edits": "edits editcount 编辑次数",
        "seen_at": "seenat crawltime crawledat lastmodifyts 采集时间 抓取时间 爬取时间",
        "raw": "raw",
        "creator_hash": "creatorhash",
    }.items()
}

# Columns whose ids can only be Weibo's, so that nine characters of any kind are a bid.
WEIBO_IDS = frozenset({"bid", "mblogid", "微博id", "微博bid", "weiboid", "wid"})

_LEFT_OUT = re.compile(r"[\s_\-\ufeff\u200b]+")
_MOST_NAMES = 20


class Row(NamedTuple):  # made half a million times: a tuple costs a third of a frozen dataclass
    """One row or object as its file gives it."""

    line: int
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of one table, or the keys of one JSON object, by what they hold."""

    found: Mapping[str, tuple[str, ...]]
    surely_weibo: frozenset[str] = frozenset()
    """Columns of ids that can only be Weibo's."""
    to_the_letter: frozenset[str] = frozenset()
    """Columns whose ids are taken as they are."""
    users: frozenset[str] = frozenset()
    """Columns that hold an object with name and number of an account, or the name alone."""

    @classmethod
    def of(cls, names: Iterable[str], mapping: Mapping[str, str] | None = None) -> Columns:
        """Recognise columns; a field in ``mapping`` is read from the column named there and from no other."""
        by_key: dict[str, list[str]] = {}
        for name in names:
            by_key.setdefault(key_of(name), []).append(name)
        found = {
            field: tuple(name for alias in aliases for name in by_key.get(alias, ()))
            for field, aliases in ALIASES.items()
        }
        for field, name in (mapping or {}).items():
            alike = by_key.get(key_of(name), [])
            found[field] = (name,) if name in alike else tuple(alike[:1])
        # weiboSpider calls the bid "id" in JSON; nothing else counts "up_num" and "retweet_num".
        surely = WEIBO_IDS | {"id"} if {"upnum", "retweetnum"} <= by_key.keys() else WEIBO_IDS
        return cls(
            found,
            surely_weibo=frozenset(name for key in surely for name in by_key.get(key, ())),
            to_the_letter=frozenset(by_key.get("postid", ())),
            users=frozenset(by_key.get("user", ())),
        )


def key_of(name: str) -> str:
    """Return a column's name as names are compared."""
    return _LEFT_OUT.sub("", name).lower()


def knows_text(names: Iterable[str], mapping: Mapping[str, str] | None = None) -> bool:
    """Say whether the text of posts is recognised: a column of its own, or several that an adapter joins."""
    names = list(names)
    if Columns.of(names, mapping).found["text"]:
        return True
    return adapter_of(family_of(key_of(name) for name in names)) is not None


def check_mapping(mapping: Mapping[str, str]) -> None:
    """Refuse a mapping with a field that does not exist."""
    for field in mapping:
        if field not in MAPPABLE:
            raise CollectError(f"--map {field}=…: there is no field {field!r}. Fields: {', '.join(MAPPABLE)}.")


def check_columns(path: Path, names: Sequence[str], mapping: Mapping[str, str]) -> None:
    """Refuse a table that lacks a mapped column or any column of texts, telling what there is."""
    keys = {key_of(name) for name in names}
    for field, name in mapping.items():
        if key_of(name) not in keys:
            raise CollectError(f"{path}: there is no column {name!r} for {field}. Columns: {listed(names)}.")
    if not knows_text(names, mapping):
        raise CollectError(
            f"{path}: no column with the text of the posts among: {listed(names)}. "
            "Name it: --map text=COLUMN, e.g. --map text=内容."
        )


def listed(names: Sequence[str]) -> str:
    """Return names for a message of one line: not all, none at length."""
    shown = [" ".join(printable(name).split())[:24] or '""' for name in names[:_MOST_NAMES]]
    more = f", and {len(names) - _MOST_NAMES} more" if len(names) > _MOST_NAMES else ""
    return ", ".join(shown) + more if shown else "(none)"


def printable(text: str) -> str:
    """Return a text without what terminals and files refuse or obey."""
    return "".join(letter if letter.isprintable() else " " for letter in text)
