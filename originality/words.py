"""Words, where words are what counts: rarity in the corpus, topics, names, numbers.

Shingles need no segmentation; "which of the shared points is unusual" does. jieba cuts, numbers keep their digits, and
words that carry no content (particles, pronouns, units standing alone) are left out.
"""

from __future__ import annotations

import functools
import logging
import re
from typing import Any

_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_CONTENT = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fffa-zA-Z0-9]")
# Function words of two characters and more that survive the length rule; single characters are left out as a class.
_EMPTY = frozenset(
    "我们 你们 他们 她们 它们 大家 自己 这个 那个 这些 那些 这样 那样 这里 那里 什么 怎么 怎样 为什么 哪里 多少 一个 一些 一下 一起 一样 一直 "
    "一定 因为 所以 但是 可是 不过 如果 虽然 然后 而且 或者 还是 就是 不是 没有 可以 可能 应该 已经 正在 现在 今天 明天 昨天 时候 非常 真的 "
    "特别 比较 更加 最好 只要 只有 无论 不管 以及 并且 关于 对于 通过 进行 其中 其实 当然 知道 觉得 看到 来说 起来 出来 下来 上来 过来".split()
)


def content_words(text: str) -> tuple[str, ...]:
    """Return the distinct content words and numbers of a cleaned text, in order of appearance."""
    words: dict[str, None] = {}
    for word in _cutter().lcut(text):
        word = word.strip().lower()
        if _NUMBER.fullmatch(word) or (len(word) > 1 and word not in _EMPTY and _CONTENT.search(word)):
            words.setdefault("".join(word.split()))
    return tuple(word for word in words if word)


@functools.cache
def _cutter() -> Any:
    """Load jieba's dictionary once, without its notes on stderr."""
    import jieba  # noqa: PLC0415 - its dictionary takes a second

    jieba.setLogLevel(logging.WARNING)
    tokenizer = jieba.Tokenizer()
    tokenizer.initialize()
    return tokenizer
