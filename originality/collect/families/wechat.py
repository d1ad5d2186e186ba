"""Tables of WeChat articles: title, digest and, where the exporter fetched it, the article itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from originality.collect.values import as_text

_TITLE = ("标题", "title")
_BODY = ("文章内容", "content_text", "content", "摘要", "digest")
_FIELDS = {
    "account": ("公众号", "公众号名称", "nickname", "mp_name", "作者", "author_name", "author"),
    "published_at": ("发布时间", "publish_time", "update_time", "创建时间", "create_time"),
    "url": ("链接", "link", "url"),
    "likes": ("点赞", "点赞数", "like_num", "like_count"),
    "comments": ("留言", "评论", "comment_num", "comment_count"),
    "reposts": ("分享", "转发", "share_num", "share_count"),
}


def read_article(values: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return an article as a plain row. Its number is unique only with its link, so the link names it."""
    title, body = as_text(_first(values, _TITLE)).strip(), as_text(_first(values, _BODY)).strip()
    row: dict[str, Any] = {field: _first(values, names) for field, names in _FIELDS.items()}
    return {
        **row,
        "post_id": as_text(row["url"]).strip(),
        "text": f"{title}\n{body}".strip(),
        "platform": "wechat",
    }


def _first(values: Mapping[str, Any], names: tuple[str, ...]) -> Any:
    return next((value for name in names if (value := values.get(name)) not in (None, "")), None)
