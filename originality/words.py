"""Words, where words are what counts: rarity in the corpus, topics, names, numbers.

Shingles need no segmentation; "which of the shared points is unusual" does. jieba cuts, numbers keep their digits, and
words that carry no content (particles, pronouns, units standing alone) are left out.
"""

from __future__ import annotations

import functools
import logging
import re
from collections.abc import Iterable
from typing import Any

_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_CONTENT = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fffa-zA-Z0-9]")
# Function words of two characters and more that survive the length rule; single characters are left out as a class.
_EMPTY = frozenset(
    """
    我们 你们 他们 她们 它们 大家 自己 这个 那个 这些 那些 这样 那样 这里 那里 什么 怎么 怎样 为什么 哪里
    多少 一个 一些 一下 一起 一样 一直 一定 因为 所以 但是 可是 不过 如果 虽然 然后 而且 或者 还是 就是 不是
    没有 可以 可能 应该 已经 正在 现在 今天 明天 昨天 时候 非常 真的 特别 比较 更加 最好 只要 只有 无论 不管
    以及 并且 关于 对于 通过 进行 其中 其实 当然 知道 觉得 看到 来说 起来 出来 下来 上来 过来
    """.split()
)


def cut(text: str) -> list[str]:
    """Return a cleaned text as words, in order, in lower case."""
    return [token for word in _cutter().lcut(text) if (token := "".join(word.split()).lower())]


def content_words(tokens: Iterable[str]) -> tuple[str, ...]:
    """Return the distinct content words and numbers among the words of a text, in order of appearance."""
    return tuple(dict.fromkeys(token for token in tokens if _is_number(token) or _is_content(token)))


def skeleton(tokens: Iterable[str]) -> tuple[str, ...]:
    """Return the words of a text without its content: marks, function words and single characters stay.

    Content words become one "_" per run, numbers "0": two texts of the same template then read much alike.
    """
    kept: list[str] = []
    for token in tokens:
        shown = "0" if _is_number(token) else "_" if _is_content(token) else token
        if shown != "_" or kept[-1:] != ["_"]:
            kept.append(shown)
    return tuple(kept)


def _is_number(token: str) -> bool:
    return _NUMBER.fullmatch(token) is not None


def _is_content(token: str) -> bool:
    return len(token) > 1 and token not in _EMPTY and _CONTENT.search(token) is not None


@functools.cache
def _cutter() -> Any:
    """Load jieba's dictionary once, without its notes on stderr."""
    import jieba

    jieba.setLogLevel(logging.WARNING)
    tokenizer = jieba.Tokenizer()
    tokenizer.initialize()
    return tokenizer
