"""The ways to speak of an occasion, as a short list of cues that anyone can read and extend.

A list instead of clusters: an occasion has a handful of posts, and "nobody took this angle" can only be said of angles
that have a name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from originality.settings import Language

_CUES: Mapping[str, tuple[str, str, str]] = {
    "family": (
        "家人团圆",
        "family and home",
        "回家|团圆|家人|家里|爸|妈|父母|老家|孩子|外婆|奶奶|爷爷|老娘|儿女|两口子",
    ),
    "gift": ("送礼", "gifts", "礼物|礼盒|送礼|伴手礼|送给|心意"),
    "offer": ("优惠", "offers", r"优惠|满减|立减|打折|\d折|券|免费|半价|特价|买一|退你|减\d+"),
    "interaction": ("互动抽奖", "lottery and questions", "抽奖|抽取|转发|评论区|留言|晒出|投票|揪"),
    "people": (
        "身边的人",
        "staff and customers",
        "同事|师傅|员工|伙计|店员|客人|顾客|老师|司机|阿姨|大叔|街坊|领队|徒弟|骑手",
    ),
    "memory": ("回忆", "memories", "小时候|那年|当年|从前|回忆|想起|小学|第一次|老照片|十年"),
    "food": ("吃喝", "food and drink", "吃|喝|月饼|饺子|汤圆|粽子|热汤|柿子|红薯|煮|烤|一壶|一杯"),
    "care": ("提醒关怀", "care and advice", "记得|别忘|注意|添衣|慢点|慢走|小心|照顾|早点|多喝|路上"),
    "public_good": ("公益", "public good", "公益|捐|志愿|环卫|垃圾|环保|献血|救助|贫困|山区"),
    "knowledge": ("科普", "knowledge", r"为什么|原理|实验|数据|成分|研究|误区|原来|\d+%|湿度|温度是"),
    "product": ("产品", "product", "新品|上架|上新|限定|首发|新款|下单|预约|礼盒装|系列"),
    "nature": ("天气风景", "weather and scenery", "月亮|月色|云|风|雨|雪|日出|叶子|降温|晴|星|山下|屋脊"),
    "work": ("营业与放假", "opening hours", "营业|打烊|放假|收摊|无休|开门|照常|值班|轮班|关门|不开炉"),
    "pride": ("家国", "country", "祖国|国旗|升旗|红旗|致敬|英雄|中国"),
    "plain_wish": ("只是祝福", "a wish and no more", r"快乐|安康|阖家|[祝愿]"),
}
ANGLES: tuple[str, ...] = tuple(_CUES)
WISH = "plain_wish"  # nearly every post wishes something: an angle only where there is no other
_PATTERNS = {name: re.compile(cues) for name, (_, _, cues) in _CUES.items()}


def angles_in(text: str, occasion_words: Iterable[str]) -> tuple[str, ...]:
    """Return the angles of a cleaned text, the words of the occasion itself left out."""
    for word in occasion_words:
        text = text.replace(word, " ")
    found = tuple(name for name in ANGLES if name != WISH and _PATTERNS[name].search(text))
    return found or ((WISH,) if _PATTERNS[WISH].search(text) else ())


def angle_name(angle: str, language: Language) -> str:
    """Return what an angle is called."""
    chinese, english, _ = _CUES[angle]
    return chinese if language == "zh" else english
