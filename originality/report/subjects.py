"""Which words can name a subject: nouns best, verbs and moods less, counting and pointing words not at all.

The word classes are those of jieba's dictionary, looked up word by word: tagging whole texts would take longer than
everything else here and would not name topics better.
"""

from __future__ import annotations

import functools
import logging
import re
from typing import Any

_SUBJECT, _ACT, _UNKNOWN = 1.0, 0.5, 0.5
_POINTING = re.compile(r"[周昨今明后前上下每本当这那].{0,2}|.*[点月天年日号]|.*[早晚午夜晨][上间里晨后]?|[^#]*\d.*")
_MODAL = frozenset(
    "不能 不要 不会 需要 希望 开始 进行 可能 看看 不用 不想 不敢 要求 成为 出现 包括 使用 表示 问题 全部".split()
)


def subject_weight(word: str) -> float:
    """Return how well a word names a subject, in [0, 1]."""
    if word.startswith("#"):
        return _SUBJECT
    tag = _tags().get(word, "")
    if word in _MODAL or word.isdigit() or (tag[:1] in {"t", ""} and _POINTING.fullmatch(word)):
        return 0.0
    if not tag:
        return _UNKNOWN
    if tag[0] in "nj" or tag in {"vn", "eng", "t"}:
        return _SUBJECT
    return _ACT if tag[0] in "va" else 0.0


@functools.cache
def _tags() -> dict[str, str]:
    import jieba
    from jieba import posseg

    jieba.setLogLevel(logging.WARNING)
    tagger: Any = posseg.POSTokenizer(jieba.Tokenizer())
    tagger.load_word_tag(tagger.tokenizer.get_dict_file())
    tags: dict[str, str] = tagger.word_tag_tab
    return tags
