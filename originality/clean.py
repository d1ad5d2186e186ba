"""Make a post comparable without losing the way back to what was published.

A text enters as written; a `CleanText` leaves: NFKC, simplified Chinese, without invisible characters, emoji, links,
mentions, topics, the repost chain and the text that the platform or an exporter added. Every step carries an offset
map, because none of them keeps lengths ("㎏" becomes "kg"), and each span we report must quote the original exactly.

Cleaning matters as much as matching: on real posts the longest shared run alone finds .16 of the copies before the
platform's tails are stripped and .53 after (measured on labelled pairs; see docs/method.md). Character folding is
Unicode TR15 (NFKC) and OpenCC's character table; the tails are those that exporters leave (docs/method.md).
"""

from __future__ import annotations

import functools
import html
import itertools
import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import opencc

from originality.models import CleanText

# Passages shorter than this are joined to their neighbour: 4 letters carry no claim of their own.
MIN_PASSAGE_LETTERS = 6
# Passages longer than this are cut at commas: sentence encoders and readers both lose the thread beyond it.
MAX_PASSAGE_LETTERS = 60
# Characters looked at in all passes together. Every pass but the last takes something away, so a text of up to 2,400
# characters always comes to its end; of a longer one only hostile nesting ("收起收起收起...") is cut off here.
MAX_WORK = 3_000_000

_HAN = "\u3400-\u4dbf\u4e00-\u9fff"

# What authors write but nobody can own: removed from matching, some of it kept as fields.
_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,400}>")
_LINK = re.compile(r"(?:https?://|www\.)[a-zA-Z0-9\-._~:/?#\[\]@!$&'()*+,;=%]+")
_CHAIN = re.compile(r"//\s*@[\s\S]*")
_TOPIC = re.compile(r"#([^#\n]{1,60})#")
_MENTION = re.compile(r"@([\w\-]{2,30})")
_FACE = re.compile(rf"\[/?[{_HAN}A-Za-z]{{1,8}}\]")

_NAME = r"[^\s#@,。!?、;:]"
# What the platform and the exporters add. Each line: the form, then where it was seen.
_PLATFORM = re.compile(
    "|".join(
        (
            r"\[组图共\d+张\]",  # weibo.cn pages
            r"(?<!\S)原图(?!\S)",  # weibo.cn pages
            r"收起全文d?\s*$|收起d?\s*$",  # s.weibo.com pages, long posts
            r"(?:\.\.\.|…)\s*(?:全文|展开c?)\s*$|(?<!\S)(?:全文|展开c?)\s*$",  # truncated posts
            rf"(?:(?:(?<=\s)|^)(?:(?!L[{_HAN}]){_NAME}){{1,24}}|L{_NAME}{{1,24}})"
            r"的(?:微博|秒拍|优酷|美拍|快手)视频",  # video cards; their icon is exported as "L"
            r"O?(?:网页链接|查看图片|查看动图|抽奖详情|微博抽奖平台)",  # link text of icon-font cards
            r"我参与了\S{0,30}\s*发起的投票|我投给了“[^”]{0,60}”这个选项|你也快来表态吧~?",  # poll cards
            r"^\s*(?:转发微博|rep[oO]st)\s*$",  # reposts without a word of their own
        )
    )
)
# A link card's title follows its icon (U+E627, exported as "O"): the platform's text, shared by all who clicked.
_CARD = re.compile(rf"(?:\ue627|(?<![A-Za-z0-9])O(?!型|泡)(?=[\d|《【“「]*[{_HAN}]))[^\s#@。]{{1,60}}")
# A place tag's pin is exported as "2". Only with the lost-emoji or unfold mark behind it: " 2杯半价" is a price.
_PLACE = re.compile(
    rf"(?:(?<=\s)|^)2[{_HAN}]{{2,12}}(?:·\S{{1,30}})?(?=\s*(?:[?\s]+$|收起))|(?<=\s)2[{_HAN}]{{2,8}}·\S{{1,30}}\s*$"
)

_SENTENCE_END = re.compile(r"[。!?;…~\n]+[”」』\])】]*|(?<=】)|\s{2,}")
_CLAUSE_END = re.compile(r"[,、:\s]+")
# Also doubly escaped: "&amp;amp;lt;" is "<".
_ENTITY = re.compile(r"&(?:amp;)*(#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z]{2,8});")

_to_simplified = functools.cache(opencc.OpenCC("t2s").convert)


@dataclass(slots=True)
class _Mapped:
    """A text under work: characters with the original span of each."""

    text: str
    starts: list[int]
    ends: list[int]

    def cut(self, pattern: re.Pattern[str], keep: Callable[[re.Match[str]], None] | None = None) -> bool:
        """Replace each match of a pattern by one space; tell whether there was any."""
        found = [match for match in pattern.finditer(self.text) if match.end() > match.start()]
        self._replace(found, lambda match: " ")
        if keep:
            for match in found:
                keep(match)
        return bool(found)

    def resolve_entities(self) -> None:
        """Replace each HTML entity by the characters it stands for."""
        found = [match for match in _ENTITY.finditer(self.text) if _meaning(match) != match.group()]
        self._replace(found, _meaning)

    def _replace(self, found: list[re.Match[str]], by: Callable[[re.Match[str]], str]) -> None:
        """Replace each match; every new character comes from the whole of it."""
        if not found:
            return
        pieces: list[str] = []
        starts: list[int] = []
        ends: list[int] = []
        done = 0
        for match in found:
            begin, stop = match.span()
            new = by(match)
            pieces += (self.text[done:begin], new)
            starts += [*self.starts[done:begin], *[self.starts[begin]] * len(new)]
            ends += [*self.ends[done:begin], *[self.ends[stop - 1]] * len(new)]
            done = stop
        pieces.append(self.text[done:])
        self.text, self.starts, self.ends = "".join(pieces), starts + self.starts[done:], ends + self.ends[done:]


def clean(text: str) -> CleanText:
    """Return the comparable form of a text.

    Idempotent: cleaning the cleaned text changes nothing. Never fails, whatever Unicode comes in; the time is
    linear in the length.
    """
    work = _fold(text)
    topics: dict[str, None] = {}
    mentions: dict[str, None] = {}
    repost = False
    spent = 0
    while spent < MAX_WORK:
        before = work.text
        spent += len(before)
        work.resolve_entities()
        work.cut(_TAG)
        work.cut(_LINK)
        repost |= work.cut(_CHAIN)
        work.cut(_TOPIC, lambda match: topics.setdefault(match.group(1).strip()))
        for pattern in (_PLACE, _PLATFORM, _CARD, _FACE):
            work.cut(pattern)
        work.cut(_MENTION, lambda match: mentions.setdefault(match.group(1)))
        work = _squeeze(work)
        if work.text == before:
            break
    return _finished(text, work, topics, mentions, repost)


def reread(text: CleanText, readings: Sequence[tuple[int, int, str]]) -> CleanText:
    """Return a cleaned text with some stretches read otherwise; each new character comes from the whole stretch.

    Args:
        text: the cleaned text.
        readings: (start, end, reading) by positions of `text.text`, in order, without overlap; readings are cleaned.
    """
    pieces: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    done = 0
    for begin, stop, reading in (*readings, (len(text.text), len(text.text), "")):
        pieces += (text.text[done:begin], reading)
        starts += [*text.starts[done:begin], *[text.starts[begin] for _ in reading]]
        ends += [*text.ends[done:begin], *[text.ends[stop - 1] for _ in reading]]
        done = stop
    return _finished(text.original, _Mapped("".join(pieces), starts, ends), text.topics, text.mentions, text.repost)


def _finished(original: str, work: _Mapped, topics: Iterable[str], mentions: Iterable[str], repost: bool) -> CleanText:
    letter_at = tuple(i for i, char in enumerate(work.text) if char.isalnum())
    return CleanText(
        original=original,
        text=work.text,
        starts=tuple(work.starts),
        ends=tuple(work.ends),
        passages=_passages(work.text),
        letters="".join([_lower(work.text[i], spare="") for i in letter_at]),
        letter_at=letter_at,
        topics=tuple(topic for topic in topics if topic),
        mentions=tuple(mentions),
        repost=repost,
    )


def _fold(text: str) -> _Mapped:
    """Fold each character on its own."""
    pieces = [_fold_char(char) for char in text]
    starts = [i for i, piece in enumerate(pieces) for _ in piece]
    return _Mapped("".join(pieces), starts, [start + 1 for start in starts])


def _meaning(entity: re.Match[str]) -> str:
    """Return what an HTML entity stands for; itself where it stands for nothing."""
    escaped = f"&{entity.group(1)};"
    resolved = html.unescape(escaped)
    return entity.group() if resolved == escaped else "".join([_fold_char(char) for char in resolved])


@functools.cache
def _fold_char(char: str) -> str:
    """Return what a character means for matching: "" if it is invisible, " " if it is a blank, an emoji or nothing."""
    if char == "\ue627":  # the icon of a link card, needed to find the card
        return char
    out = []
    for part in unicodedata.normalize("NFKC", char):
        category = unicodedata.category(part)
        if part in "\n\r\u2028\u2029":
            out.append("\n")
        elif part in _RADICALS:
            out.append(_RADICALS[part])
        elif category in {"Zs", "So", "Sk", "Cs", "Cn"} or part == "\t":
            out.append(" ")
        elif category[0] != "C" and category not in {"Mn", "Me"}:
            out.append(_PUNCTUATION.get(part) or _lower(_to_simplified(_to_simplified(part))))  # twice: 薴 -> 苧 -> 苎
    return "".join(out)


# Characters encoded once more as parts of others (block "CJK Radicals Supplement"), which NFKC leaves as they are.
_RADICALS = dict(
    zip(
        "⻁⻄⻅⻆⻉⻋⻓⻔⻘⻙⻚⻛⻜⻝⻢⻣⻤⻥⻦⻨⻩⻬⻮⻰",
        "虎西见角贝车长门青韦页风飞食马骨鬼鱼鸟麦黄齐齿龙",
        strict=True,
    )
)
# Forms of one mark that authors and input methods use side by side.
_PUNCTUATION = {"〜": "~", "‘": "'", "’": "'"}


def _lower(char: str, spare: str = "OL") -> str:
    """Lower case, unless that would make several characters of one; "O" and "L" are spared, they may begin a card."""
    lowered = char.lower()
    return char if char in spare or len(lowered) != 1 else lowered


def _squeeze(work: _Mapped) -> _Mapped:
    """Leave one blank between words and none at either end; a line break wins over spaces."""
    keep: list[int] = []
    for i, char in enumerate(work.text):
        if char in " \n":
            if not keep:
                continue
            if work.text[keep[-1]] in " \n":
                if char == "\n":
                    keep[-1] = i
                continue
        keep.append(i)
    while keep and work.text[keep[-1]] in " \n":
        keep.pop()
    if len(keep) == len(work.text):
        return work
    return _Mapped("".join([work.text[i] for i in keep]), [work.starts[i] for i in keep], [work.ends[i] for i in keep])


def _passages(text: str) -> tuple[tuple[int, int], ...]:
    """Cut a cleaned text into sentence-like units."""
    letters = [0, *itertools.accumulate(char.isalnum() for char in text)]  # before each position
    units: list[tuple[int, int]] = []
    for start, end in _pieces(text, 0, len(text), _SENTENCE_END):
        if letters[end] - letters[start] <= MAX_PASSAGE_LETTERS:
            units.append((start, end))
        else:
            units += _joined(letters, _pieces(text, start, end, _CLAUSE_END), MAX_PASSAGE_LETTERS // 2)
    return tuple(_joined(letters, units, MIN_PASSAGE_LETTERS))


def _pieces(text: str, begin: int, stop: int, boundary: re.Pattern[str]) -> list[tuple[int, int]]:
    pieces: list[tuple[int, int]] = []
    start = begin
    for match in boundary.finditer(text, begin, stop):
        if match.end() > start:
            pieces.append((start, match.end()))
            start = match.end()
    if start < stop:
        pieces.append((start, stop))
    return pieces


def _joined(letters: list[int], pieces: list[tuple[int, int]], least: int) -> list[tuple[int, int]]:
    """Join pieces until each has at least so many letters; a short rest goes to the last one."""

    def count(piece: tuple[int, int]) -> int:
        return letters[piece[1]] - letters[piece[0]]

    joined: list[tuple[int, int]] = []
    for piece in pieces:
        if joined and (count(joined[-1]) < least or (count(piece) < least and piece == pieces[-1])):
            joined[-1] = (joined[-1][0], piece[1])
        else:
            joined.append(piece)
    return [piece for piece in joined if count(piece)]
