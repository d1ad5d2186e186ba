"""Ways to disguise a copy so that a search for its words does not find it, as copiers do it.

The characters that sound or look alike are those of ../shared/data/dictionaries, so they are not those that the
product reads; parts of characters are listed here. Each way takes a text and a source of chance and gives the text in
disguise, at a rate at which people still understand it; None where the text offers nothing to disguise.
"""

from __future__ import annotations

import functools
import logging
import random
import re
from collections import defaultdict
from collections.abc import Callable, Mapping
from typing import Final

import jieba
import opencc
from pypinyin import Style, lazy_pinyin

from benchmarks.common import SHARED

Way = Callable[[str, random.Random], str | None]

jieba.setLogLevel(logging.WARNING)
_DICTIONARIES = SHARED / "data" / "dictionaries"
_HAN = re.compile("[\u4e00-\u9fff]")
_CLAUSES = re.compile(r"[^，。！？；,!?;\n]+[，。！？；,!?;\n]*")
_NUMBER = re.compile(r"\d{1,4}(?![\d.%])")
_USUAL = 3_500  # the most frequent characters: nobody reads a text with rarer ones
_PARTS: Final[Mapping[str, str]] = {
    entry[0]: entry[1:]
    for entry in """
    好女子 明日月 林木木 时日寸 的白勺 他亻也 们亻门 你亻尔 信亻言 休亻木 作亻乍 体亻本 但亻旦 件亻牛 江氵工 河氵可
    海氵每 没氵殳 活氵舌 法氵去 治氵台 清氵青 湖氵胡 说讠兑 请讠青 课讠果 语讠吾 认讠人 让讠上 话讠舌 记讠己 和禾口
    种禾中 秋禾火 税禾兑 利禾刂 加力口 动云力 助且力 如女口 妈女马 她女也 始女台 姓女生 吃口乞 吗口马 吧口巴 听口斤
    味口未 唱口昌 喝口曷 树木对 相木目 校木交 村木寸 样木羊 桥木乔 红纟工 给纟合 经纟圣 级纟及 结纟吉 线纟戋 打扌丁
    找扌戈 把扌巴 抢扌仓 拍扌白 推扌隹 物牛勿 特牛寺 现王见 理王里 球王求 钱钅戋 钟钅中 错钅昔 银钅艮 铁钅失 饭饣反
    馆饣官 饮饣欠 快忄夬 情忄青 怕忄白 性忄生 忙忄亡 防阝方 院阝完 限阝艮 除阝余 都者阝 部咅阝 功工力 刚冈刂 别另刂
    到至刂 购贝勾 败贝攵 财贝才 骑马奇 鲜鱼羊 鸡又鸟 欢又欠 难又隹 双又又 对又寸 观又见 吐口土 呢口尼 思田心 想相心
    忘亡心 念今心 怎乍心 您你心 意音心 感咸心 众人人人 品口口口 森木木木 晶日日日 景日京 星日生 早日十 章音十 音立日
    男田力 岁山夕 岩山石 空穴工 字宀子 家宀豕 安宀女 完宀元 草艹早 花艹化 苦艹古 英艹央 尘小土 省少目 盒合皿 盘舟皿
    照昭灬 点占灬 热执灬 雷雨田 需雨而 露雨路 零雨令 病疒丙 疫疒殳 确石角 诊讠㐱 播扌番 转车专 微彳敳 得彳㝵 往彳主
    """.split()
}
_TAGS = ("#好物分享#", "#今日份快乐#", "#生活碎片#", "@小助手呀", "@今天也要开心", "#每日一记#", "@路过的风")
_PICTURES = ("🌸", "✨", "💕", "🔥", "🎁", "🍀", "⭐", "[doge]", "[心]")
_HIDDEN = ("\u200b", "\u200c", "\u2060", "\ufeff", "\ue012", "\u00ad", "\u200d")
_SEPARATORS = (".", "·", " ", "-", "*", "、", "|", "_", "。")
_OTHER_MARKS = {
    "，": "；、 ~",
    "。": "！~；…",
    "！": "。~",
    "？": "！~",
    "、": "，/ ",
    "；": "，。",
    "：": "，~",
    ",": ";~",
    "!": "。~",
}


def traditional(text: str, chance: random.Random) -> str | None:
    """Write traditional characters."""
    return _changed(opencc.OpenCC("s2t").convert(text), text)


def homophone(text: str, chance: random.Random) -> str | None:
    """Replace 15 to 30% of the characters by others that sound alike."""
    return _replaced(text, chance, _alike("same_pinyin.txt"), chance.uniform(0.15, 0.3))


def lookalike(text: str, chance: random.Random) -> str | None:
    """Replace 15 to 30% of the characters by others that look alike."""
    table = _alike("same_stroke.txt", "形近字语料库.txt", "形近字语料库（CV2）.txt")
    return _replaced(text, chance, table, chance.uniform(0.15, 0.3))


def split(text: str, chance: random.Random) -> str | None:
    """Take two to four characters apart."""
    places = [i for i, char in enumerate(text) if char in _PARTS]
    chosen = {*chance.sample(places, min(len(places), chance.randint(2, 4)))}
    return _changed("".join(_PARTS[char] if i in chosen else char for i, char in enumerate(text)), text)


def pinyin(text: str, chance: random.Random) -> str | None:
    """Write two to five words in pinyin."""
    return _worded(text, chance, lambda word: "".join(lazy_pinyin(word)), chance.randint(2, 5))


def initials(text: str, chance: random.Random) -> str | None:
    """Write two to five words by their initials."""
    return _worded(
        text, chance, lambda word: "".join(lazy_pinyin(word, style=Style.FIRST_LETTER)), chance.randint(2, 5)
    )


def emoji(text: str, chance: random.Random) -> str | None:
    """Put pictures into words."""
    return _between(text, chance, _PICTURES, 0.12)


def invisible(text: str, chance: random.Random) -> str | None:
    """Put invisible characters between letters."""
    return _between(text, chance, _HIDDEN, 0.3)


def separated(text: str, chance: random.Random) -> str | None:
    """Put dots, blanks or the like between letters."""
    return _between(text, chance, (chance.choice(_SEPARATORS),), chance.uniform(0.3, 0.9))


def fullwidth(text: str, chance: random.Random) -> str | None:
    """Write Latin letters and digits full-width or in a styled alphabet."""
    styled = chance.random() < 0.3

    def wide(char: str) -> str:
        if not (char.isascii() and char.isalnum()):
            return char
        if styled and char.isdigit():
            return chr(0x1D7CE + int(char))
        return chr(ord(char) + 0xFEE0)

    return "".join(map(wide, text)) if sum(char.isascii() and char.isalnum() for char in text) >= 3 else None


def numerals(text: str, chance: random.Random) -> str | None:
    """Write numbers in words or in circles."""
    found = [*_NUMBER.finditer(text)]
    if not found:
        return None
    for match in reversed(found):
        number = int(match.group())
        new = chr(0x245F + number) if 1 <= number <= 20 and chance.random() < 0.3 else _in_words(number)
        text = text[: match.start()] + new + text[match.end() :]
    return text


def punctuation(text: str, chance: random.Random) -> str | None:
    """Put other marks in the place of the text's own."""
    swapped = "".join(chance.choice(_OTHER_MARKS[char]) if char in _OTHER_MARKS else char for char in text)
    return swapped if sum(a != b for a, b in zip(swapped, text, strict=True)) >= 3 else None


def reordered(text: str, chance: random.Random) -> str | None:
    """Put the clauses in another order."""
    clauses = _CLAUSES.findall(text)
    if len(clauses) < 3:
        return None
    mixed = clauses[:]
    while mixed == clauses:
        chance.shuffle(mixed)
    return "".join(clause if clause[-1] in "，。！？；,!?;\n" else f"{clause}，" for clause in mixed)


def sprinkled(text: str, chance: random.Random) -> str | None:
    """Strew hashtags and mentions between the clauses."""
    clauses = _CLAUSES.findall(text)
    if len(clauses) < 2:
        return None
    for tag in chance.sample(_TAGS, 3):
        clauses.insert(chance.randint(1, len(clauses) - 1), f"{tag} ")
    return "".join(clauses)


def several(text: str, chance: random.Random) -> str | None:
    """Do four of these at once, those that change letters at half their rate."""
    chosen = chance.sample(_LETTERS, 2) + chance.sample(_STREWN, 2)
    for way in chosen:
        text = way(text, chance) or text
    return text


def _half_homophone(text: str, chance: random.Random) -> str | None:
    return _replaced(text, chance, _alike("same_pinyin.txt"), chance.uniform(0.08, 0.15))


def _half_lookalike(text: str, chance: random.Random) -> str | None:
    return _replaced(text, chance, _alike("same_stroke.txt", "形近字语料库（CV2）.txt"), chance.uniform(0.08, 0.15))


WAYS: Final[Mapping[str, Way]] = {
    way.__name__: way
    for way in (
        traditional, homophone, lookalike, split, pinyin, initials, emoji, invisible, separated, fullwidth, numerals,
        punctuation, reordered, sprinkled, several,
    )
}  # fmt: skip
_LETTERS: tuple[Way, ...] = (_half_homophone, _half_lookalike, split, pinyin, initials, numerals)
_STREWN: tuple[Way, ...] = (emoji, invisible, separated, punctuation, sprinkled, traditional)


def _changed(text: str, before: str) -> str | None:
    return text if text != before else None


def _replaced(text: str, chance: random.Random, table: Mapping[str, str], rate: float) -> str | None:
    places = [i for i, char in enumerate(text) if char in table]
    wanted = round(rate * len(_HAN.findall(text)))
    chosen = {*chance.sample(places, min(len(places), wanted))}
    return _changed("".join(chance.choice(table[c]) if i in chosen else c for i, c in enumerate(text)), text)


def _worded(text: str, chance: random.Random, written: Callable[[str], str], count: int) -> str | None:
    words = jieba.lcut(text)
    places = [i for i, word in enumerate(words) if 2 <= len(word) <= 4 and all(map(_HAN.match, word))]
    for i in chance.sample(places, min(len(places), count)):
        words[i] = written(words[i])
    return _changed("".join(words), text)


def _between(text: str, chance: random.Random, inserted: tuple[str, ...], rate: float) -> str | None:
    pieces = []
    for a, b in zip(text, [*text[1:], ""], strict=True):
        pieces.append(a)
        if _HAN.match(a) and b and _HAN.match(b) and chance.random() < rate:
            pieces.append(chance.choice(inserted))
    return _changed("".join(pieces), text)


@functools.cache
def _usual() -> frozenset[str]:
    jieba.initialize()
    counts = {word: count for word, count in jieba.dt.FREQ.items() if len(word) == 1 and _HAN.match(word)}
    return frozenset(sorted(counts, key=lambda char: -counts[char])[:_USUAL])


@functools.cache
def _alike(*names: str) -> Mapping[str, str]:
    """Return for each usual character the usual ones beside it in some dictionaries."""
    found: dict[str, str] = defaultdict(str)
    for name in names:
        for line in (_DICTIONARIES / name).read_text(encoding="utf-8").splitlines():
            first, *others = line.replace("\t", " ").split() or [""]
            if len(first) == 1 and first in _usual():
                found[first] += "".join(char for char in "".join(others)[:8] if char in _usual() and char != first)
    return {char: others for char, others in found.items() if others}


def _in_words(number: int) -> str:
    """Return a number below 10,000 in words."""
    if number == 0:
        return "零"
    words, names = "", "零一二三四五六七八九"
    for place, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // place % 10
        if digit:
            words += names[digit] + name
        elif words and number % place:
            words += "" if words.endswith("零") else "零"
    return words.removeprefix("一") if 10 <= number < 20 else words
