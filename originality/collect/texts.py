"""The text as an exporter left it -> the words that the account itself wrote, as plain text.

HTML becomes text with its line ends and the names of its emoji ("[doge]"); entities become their characters; the
chain of a repost ("own//@a:theirs//@b:theirs") and the original that an exporter quotes are cut off. What the platform
adds ("网页链接", "原图") stays: that is a matter of `clean`, which must know it in drafts too.
"""

from __future__ import annotations

import html
import re

NO_WORDS = "转发微博"
"""What the site writes in a repost whose author wrote nothing."""

_TAGS = r"a|span|img|br|p|div|blockquote|i|em|b|strong|video|font|h[1-6]|ul|ol|li|section|figure|hr|center"
_HTML = re.compile(rf"</?(?:{_TAGS})(?:\s[^<>]*)?/?>", re.IGNORECASE)
_UNSEEN = (("<script", "</script>"), ("<style", "</style>"), ("<!--", "-->"))
_EMOJI = re.compile(r"""<img\b[^<>]*?\balt=["']?(\[[^\]<>"'\s]{1,20}\])[^<>]*>""", re.IGNORECASE)
_LINE_END = re.compile(r"<br\s*/?>|<hr\b[^<>]*>|</(?:p|div|blockquote|li|h[1-6]|section)\s*>", re.IGNORECASE)
_ANY_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,7});")
_CHAIN = re.compile(r"(?<!http:)(?<!https:)//\s*@")
# How weiboSpider writes a repost into one cell.
_IN_ONE_CELL = re.compile(r"\s*转发理由[:：]")
_ORIGINAL = re.compile(r"(?:原始用户|转发内容)[:：]")
_NOTICE = re.compile(
    r"(?:抱歉，)?(?:此|该)?微博已?(?:经)?被?(?:原?作者|发布者)?(?:自行)?(?:被)?删除[^\n]{0,40}"
    r"|(?:抱歉，)?(?:此|该)微博因?被多人投诉[^\n]{0,80}"
    r"|抱歉，(?:作者已设置仅展示|由于作者设置|你暂时没有|此微博已不可见)[^\n]{0,60}"
)
_LONGEST_NOTICE = 120


def is_html(text: str) -> bool:
    """Say whether a text is HTML rather than words with a "<" among them."""
    return "<" in text and _HTML.search(text) is not None


def plain(text: str) -> str:
    """Return a text without HTML, with entities resolved; a text that has neither as it is."""
    if is_html(text):
        for start, end in _UNSEEN:
            text = _without(text, start, end)
        for pattern, by in ((_EMOJI, r"\1"), (_LINE_END, "\n"), (_ANY_TAG, "")):
            text = pattern.sub(by, text)
        text = text.strip()
    if "&" in text:
        text = _ENTITY.sub(lambda entity: html.unescape(entity.group()), text)
    return text


def _without(text: str, start: str, end: str) -> str:
    """Return a text without what stands between two marks. A pattern would take quadratic time where no end comes."""
    kept: list[str] = []
    at = 0
    while (begin := text.find(start, at)) >= 0 and (close := text.find(end, begin)) >= 0:
        kept.append(text[at:begin])
        at = close + len(end)
    return "".join([*kept, text[at:]])


def own_words(text: str) -> str:
    """Return what the account itself wrote of a plain text."""
    quoted = _IN_ONE_CELL.match(text[:40]) if "转发理由" in text[:20] else None
    if quoted:
        original = _ORIGINAL.search(text, quoted.end())
        text = text[quoted.end() : original.start() if original else None].strip()
    chain = _CHAIN.search(text) if "//" in text else None
    if chain:
        text = text[: chain.start()].rstrip()
    return NO_WORDS if not text.strip() and (quoted or chain) else text


def is_notice(text: str) -> bool:
    """Say whether a text is what the site shows in place of a post that is gone."""
    return len(text) <= _LONGEST_NOTICE and "微博" in text and _NOTICE.fullmatch(text.strip()) is not None
