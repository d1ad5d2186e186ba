"""What kind of post it is, by rules that a copywriter can read: the first that fits."""

from __future__ import annotations

import re

from originality.models import CleanText
from originality.report.records import Format

POSTER_LETTERS = 24  # a line that fits on a poster
STORY_LETTERS = 70
GREETING_LETTERS = 160  # longer posts wish something in passing
LIST_ITEMS = 3

_COUNT = r"[\d一二两三四五六七八九十百千]+"
_LOTTERY = re.compile(rf"抽奖|开奖|[抽揪选][取出]?\s*{_COUNT}\s*[位个名人]|转发.{{0,12}}[抽揪送]")
_GREETING = re.compile(
    r"(?:节日?|新年|新春|生日|中秋|国庆|元旦|端午|圣诞|七夕)[^。!?\n]{0,4}(?:快乐|安康|吉祥)"
    r"|[祝愿](?:大家|各位|您|你|所有)|阖家|人月两圆|万事如意|平安喜乐|早安|晚安"
)
_ITEM = re.compile(
    rf"(?:^|[\n。!?;:,、 ])(?:第{_COUNT}[步条个件天年,:、]|{_COUNT}[.、)]\s*(?!\d)|[①②③④⑤⑥⑦⑧⑨]"
    r"|[其首再最][一二三四五次先后][,:])"
)
_ASKING = re.compile(r"(?:你|您|大家|各位)[^。!?\n]{0,24}\?|(?:吗|呢|什么|怎么|哪[个些里款]|几[个分点])[^。!\n]{0,6}\?")
_TELLING = re.compile(
    r"[“「\"]|那天|昨天|昨晚|今早|凌晨|有[一位个]|去年|那年|后来|说[:,，]|师傅|阿姨|阿婆|大叔|老板|姑娘|客人"
)


def format_of(text: CleanText) -> Format:
    """Return the format of a cleaned post."""
    words, letters = text.text.strip(), len(text.letters)
    if _LOTTERY.search(words):
        return "lottery"
    if letters <= GREETING_LETTERS and _GREETING.search(words):
        return "greeting"
    if len(_ITEM.findall(words)) >= LIST_ITEMS or words.count("\n") > LIST_ITEMS:
        return "list"
    if letters <= POSTER_LETTERS:
        return "poster"
    if _ASKING.search(words[-60:]):
        return "question"
    return "story" if letters >= STORY_LETTERS and _TELLING.search(words) else "other"
