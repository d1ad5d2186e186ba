"""Words, where words are what counts: rarity in the corpus, topics, names, numbers.

Shingles need no segmentation; "which of the shared points is unusual" does. jieba cuts, numbers keep their digits, and
words that carry no content (particles, pronouns, units standing alone) are left out.
"""

from __future__ import annotations

import functools
import logging
import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

BLOCKS = 16_384  # runs between punctuation whose words are remembered: a check meets the same sentences several times

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
    return [token for word in _words(text) if (token := "".join(word.split()).lower())]


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


def frequencies() -> Mapping[str, int]:
    """Return the words of jieba's dictionary with their frequencies, and their beginnings with 0."""
    known: Mapping[str, int] = _cutter().FREQ
    return known


def _is_number(token: str) -> bool:
    return _NUMBER.fullmatch(token) is not None


def _is_content(token: str) -> bool:
    return len(token) > 1 and token not in _EMPTY and _CONTENT.search(token) is not None


def _words(text: str) -> Iterator[str]:
    """Yield what jieba's `lcut` returns, several times as fast: a test holds the two equal."""
    import jieba

    for block in jieba.re_han_default.split(text):
        if jieba.re_han_default.match(block):
            yield from _block_words(block)
        else:
            for piece in jieba.re_skip_default.split(block):
                if jieba.re_skip_default.match(piece):
                    yield piece
                else:
                    yield from piece


@functools.lru_cache(BLOCKS)
def _block_words(block: str) -> tuple[str, ...]:
    """Cut a run without punctuation along its most likely path; runs of single characters go to jieba's model."""
    known, shares = _cutter().FREQ, _shares()
    length = len(block)
    best = [0.0] * (length + 1)
    after = [0] * length
    for i in range(length - 1, -1, -1):
        highest, j = -math.inf, i + 1
        while (count := known.get(block[i:j])) is not None:
            if count and (value := shares[count] + best[j]) >= highest:
                highest, after[i] = value, j
            if j == length:
                break
            j += 1
        if not after[i]:
            highest, after[i] = shares[1] + best[i + 1], i + 1
        best[i] = highest
    words: list[str] = []
    start = single = 0  # `single` is where the running run of single characters began
    while start < length:
        end = after[start]
        if end > start + 1:
            words += (*_single(block[single:start]), block[start:end])
            single = end
        start = end
    return (*words, *_single(block[single:]))


@functools.lru_cache(BLOCKS)
def _single(run: str) -> tuple[str, ...]:
    """Cut a run of characters that are no words of the dictionary together."""
    if len(run) < 2 or _cutter().FREQ.get(run):
        return tuple(run)
    from jieba import finalseg

    words: list[str] = []
    for block in finalseg.re_han.split(run):
        if finalseg.re_han.match(block):
            words += _likely(block)
        else:
            words += filter(None, finalseg.re_skip.split(block))
    return tuple(words)


def _likely(run: str) -> Iterator[str]:
    """Yield the words of a run of Han characters by jieba's hidden Markov model.

    Viterbi over four states: a character begins a word (b), is inside (m), ends it (e) or is one (s). Of two ways that
    are equally likely the one of the later letter wins, as in jieba.
    """
    start, step, emissions = _model()
    eb, sb, bm, mm, ss, es, be, me = step
    b, m, e, s = (first + now for first, now in zip(start, emissions(run[0]), strict=True))
    came: list[str] = []  # for each next character the states before b, m, e and s
    for char in run[1:]:
        at_b, at_m, at_e, at_s = emissions(char)
        from_e, from_s = e + eb + at_b, s + sb + at_b
        b_m, m_m = b + bm + at_m, m + mm + at_m
        b_e, m_e = b + be + at_e, m + me + at_e
        s_s, e_s = s + ss + at_s, e + es + at_s
        came.append(
            ("s" if from_s >= from_e else "e")
            + ("m" if m_m >= b_m else "b")
            + ("m" if m_e >= b_e else "b")
            + ("s" if s_s >= e_s else "e")
        )
        b, m, e, s = max(from_e, from_s), max(b_m, m_m), max(b_e, m_e), max(s_s, e_s)
    states = ["s" if s >= e else "e"]
    for before in reversed(came):
        states.append(before["bmes".index(states[-1])])
    begin = 0
    for i, state in enumerate(reversed(states)):
        if state in "es":
            yield run[begin : i + 1]
            begin = i + 1


@functools.cache
def _model() -> tuple[tuple[float, ...], tuple[float, ...], Callable[[str], tuple[float, ...]]]:
    """Return jieba's model: shares of the states at the start, of their steps, and of characters in each state."""
    from jieba import finalseg

    start, step, emit = finalseg.start_P, finalseg.trans_P, finalseg.emit_P
    steps = tuple(step[pair[0]][pair[1]] for pair in ("EB", "SB", "BM", "MM", "SS", "ES", "BE", "ME"))

    @functools.cache
    def emissions(char: str) -> tuple[float, ...]:
        return tuple(emit[state].get(char, finalseg.MIN_FLOAT) for state in "BMES")

    return tuple(start[state] for state in "BMES"), steps, emissions


@functools.cache
def _shares() -> dict[int, float]:
    """Return the logarithm of each frequency's share of all words."""
    cutter = _cutter()
    total = math.log(cutter.total)
    return {count: math.log(count) - total for count in {1, *cutter.FREQ.values()} if count}


@functools.cache
def _cutter() -> Any:
    """Load jieba's dictionary once, without its notes on stderr."""
    import jieba

    jieba.setLogLevel(logging.WARNING)
    tokenizer = jieba.Tokenizer()
    tokenizer.initialize()
    return tokenizer
