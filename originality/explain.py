"""Verdicts and evidence in words, Chinese first.

Facts and results enter; sentences for people leave. No figure is made here: each one stands in the records. A sentence
names the evidence (which words, how many sentences, in which order), never a bare percentage or a cosine.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from originality.models import (
    Caveat,
    CheckResult,
    Disguise,
    DisguiseKind,
    Facts,
    Lane,
    Match,
    MatchKind,
    Span,
    Verdict,
)
from originality.settings import Language

VERDICT_NAMES: Final[dict[Language, dict[Verdict, str]]] = {
    "zh": {
        "original": "原创",
        "review": "需留意",
        "imitation": "高度模仿",
        "copied": "抄袭",
        "undetermined": "无法判断",
    },
    "en": {
        "original": "Original",
        "review": "Worth a look",
        "imitation": "Close imitation",
        "copied": "Copied",
        "undetermined": "Cannot tell",
    },
}
_KINDS: Final[dict[Language, dict[MatchKind, str]]] = {
    "zh": {
        "verbatim": "原样照搬",
        "near": "改动少量字词",
        "rewrite": "改写",
        "template": "套用模板",
        "idea": "创意相近",
    },
    "en": {
        "verbatim": "word for word",
        "near": "a few words changed",
        "rewrite": "reworded",
        "template": "same template",
        "idea": "similar idea",
    },
}
_CAVEATS: Final[dict[Language, dict[Caveat, str]]] = {
    "zh": {
        "empty": "没有文字可查。",
        "nothing_left_after_cleaning": "去掉表情、链接、话题、@ 和平台文字后，没有剩下可查的内容。",
        "too_short": "文字太短，不足以判断是抄袭还是巧合。",
        "too_long": "文字超过了单篇草稿的长度上限，只检测了开头部分，其余请分段检测。",
        "only_boilerplate": "全文都是大家通用的套话（抽奖、优惠、祝福等），没有可供比对的自有文字。",
        "index_empty": "语料库是空的，还没有可比对的帖子。请先收集竞品帖子。",
        "invalid_characters": "文字中有损坏的字符，已按缺字处理。",
        "authorised_reuse": "获授权可以使用的账号（联名、代写等）发过相近的帖子，未计入检测。",
        "declared_repost": "“//@”之后是注明来源的转发，未计入检测。",
        "source_may_be_later": "有相似帖子没有发布时间，无法确认它早于这篇草稿。",
        "source_truncated": "有相似帖子在采集时被截断，实际重合可能更多。",
    },
    "en": {
        "empty": "There is no text to check.",
        "nothing_left_after_cleaning": "Nothing is left once emoji, links, topics, mentions and platform text are out.",
        "too_short": "The text is too short to tell a copy from a coincidence.",
        "too_long": "The text is longer than one draft may be: only its beginning was checked; check the rest apart.",
        "only_boilerplate": "Every word is common property (lottery, coupon, greeting); nothing of its own is left.",
        "index_empty": "The index is empty: there are no posts to compare with. Collect competitors' posts first.",
        "invalid_characters": "The text has damaged characters; they were read as missing.",
        "authorised_reuse": "Posts like it by accounts whose posts may be reused (partners, agencies) were left out.",
        "declared_repost": 'What follows "//@" is a declared repost and was left out.',
        "source_may_be_later": "A similar post has no time, so nobody can say that it is earlier than this draft.",
        "source_truncated": "A similar post was cut when it was collected; more of it may match.",
    },
}


_DISGUISES: Final[dict[Language, dict[DisguiseKind, str]]] = {
    "zh": {
        "traditional": "繁体字",
        "fullwidth": "全角或花体字符",
        "invisible": "隐形字符",
        "separated": "字间加点或空格",
        "emoji": "词中插表情",
        "homophone": "谐音字",
        "lookalike": "形近字",
        "split": "拆字",
        "pinyin": "拼音",
        "initials": "拼音首字母",
        "numerals": "数字换写法",
        "punctuation": "换标点",
        "reordered": "调换语序",
        "sprinkled": "穿插话题或 @",
    },
    "en": {
        "traditional": "traditional characters",
        "fullwidth": "full-width or styled characters",
        "invisible": "invisible characters",
        "separated": "marks between letters",
        "emoji": "emoji inside words",
        "homophone": "homophones",
        "lookalike": "look-alike characters",
        "split": "split characters",
        "pinyin": "pinyin",
        "initials": "initials",
        "numerals": "numbers in another notation",
        "punctuation": "other punctuation",
        "reordered": "clauses in another order",
        "sprinkled": "hashtags or mentions strewn in",
    },
}


def disguise_name(kind: DisguiseKind, language: Language = "zh") -> str:
    """Return what a kind of disguise is called."""
    return _DISGUISES[language][kind]


def disguise_lines(result: CheckResult, language: Language = "zh") -> list[tuple[str, str, str]]:
    """Return (as written, as it reads, what the disguise is called) of each disguised stretch that reads otherwise."""
    return [
        (result.draft[slice(*item.span)], item.reading, disguise_name(item.kind, language))
        for item in result.disguises
        if item.reading
    ]


def disguise_reasons(
    disguises: Sequence[Disguise], spans: Sequence[Span], language: Language = "zh"
) -> tuple[str, ...]:
    """Return one sentence on the disguises within the spans of a match, most frequent first; () where there is none."""
    counts = Counter(
        item.kind
        for item in disguises
        if any(item.span[0] < span.draft[1] and span.draft[0] < item.span[1] for span in spans)
    )
    told = [(disguise_name(kind, language), count) for kind, count in counts.most_common()]
    if not told:
        return ()
    if language == "zh":
        return (f"文字经过伪装，以上为还原后的比对：{'、'.join(f'{name} {count} 处' for name, count in told)}。",)
    return (f"The words were disguised and are compared as they read: {', '.join(f'{n} ({c})' for n, c in told)}.",)


def kind_name(kind: MatchKind, language: Language = "zh") -> str:
    """Return what a kind of match is called."""
    return _KINDS[language][kind]


def caveat_text(caveat: Caveat, language: Language = "zh") -> str:
    """Return a caveat as a sentence."""
    return _CAVEATS[language][caveat]


def headline(result: CheckResult, language: Language = "zh") -> str:
    """Return the verdict as one sentence that a copywriter understands and can act on."""
    if result.verdict == "undetermined":
        return " ".join(caveat_text(caveat, language) for caveat in result.caveats)
    best = result.best
    if best is None:
        if language == "zh":
            return f"在库中 {result.index.posts:,} 条帖子里，没有发现与这篇草稿相同或改写的内容。"
        return f"Nothing in the {result.index.posts:,} posts of the index is copied or reworded in this draft."
    if result.is_alarm:
        return (_alarm_zh if language == "zh" else _alarm_en)(result, best)
    return (_review_zh if language == "zh" else _review_en)(result.lane, best)


def _alarm_zh(result: CheckResult, best: Match) -> str:
    source = f"「{best.account}」{_day_zh(best.published_at)}的帖子"
    if best.kind == "rewrite":
        return f"用词变了，但内容和层次与{source}逐句对应，属于改写。请换自己的角度和事实重写。"
    more = f"，另有 {others} 个相似来源" if (others := _others(result)) else ""
    if result.verdict == "copied":
        return f"主要文字来自{source}{more}。请不要直接发布，标色部分需要重写。"
    return f"标色部分的文字来自{source}{more}。请重写这些部分，或注明出处。"


def _alarm_en(result: CheckResult, best: Match) -> str:
    source = f"a post by {best.account}{_day_en(best.published_at)}"
    if best.kind == "rewrite":
        return f"Other words, but it follows {source} sentence by sentence. Write it from your own angle and facts."
    more = f" ({others} more similar sources)" if (others := _others(result)) else ""
    if result.verdict == "copied":
        return f"Most of the wording comes from {source}{more}. Don't publish it; rewrite what is marked."
    return f"The marked words come from {source}{more}. Rewrite them or name the source."


def _others(result: CheckResult) -> int:
    """Return how many sources beside the first are about as strong as it."""
    return sum(match.risk >= result.matches[0].risk / 2 and bool(match.spans) for match in result.matches[1:])


def _review_zh(lane: Lane | None, best: Match) -> str:
    source = f"「{best.account}」{_day_zh(best.published_at)}的帖子"
    if lane == "template":
        return f"内容是自己的，但句式结构与{source}相似。建议换个写法。"
    if lane == "idea":
        return f"文字是自己的，但话题和角度与{source}接近。仅供参考，不算抄袭。"
    if best.spans:
        return f"与{source}有部分相同的文字，证据不足以认定抄袭。请看一下标色部分。"
    return f"用词不同，但内容与{source}多处对应，证据不足以认定改写。请对照看一下。"


def _review_en(lane: Lane | None, best: Match) -> str:
    source = f"a post by {best.account}{_day_en(best.published_at)}"
    if lane == "template":
        return f"The content is new, but the structure resembles {source}. Consider another form."
    if lane == "idea":
        return f"The words are new, but topic and angle are close to {source}. Advice only, no accusation."
    if best.spans:
        return f"Shares some words with {source}; too little to call it a copy. Look at the marked parts."
    return f"Other words, but much of it answers {source}; too little to call it a rewrite. Compare the two."


def reasons(facts: Facts, kind: MatchKind, language: Language = "zh") -> tuple[str, ...]:
    """Return the evidence for a match as sentences, strongest first."""
    found = _reasons_zh(facts, kind) if language == "zh" else _reasons_en(facts, kind)
    return tuple(sentence for sentence in found if sentence)


def _reasons_zh(facts: Facts, kind: MatchKind) -> list[str]:
    quoted = f"，最长一处：“{facts.longest}”" if facts.longest else ""
    return [
        f"有 {facts.matched} 个字相同或几乎相同{quoted}。" if facts.matched else "",
        f"{facts.passages} 句中有 {facts.answered} 句能在该帖找到意思对应的句子"
        f"{'，先后顺序也一致' if facts.in_order and facts.answered > 1 else ''}。"
        if kind in {"rewrite", "idea"} and facts.answered
        else "",
        "对照通读两篇：要点对应，只是换了说法。" if kind == "rewrite" and facts.same_points else "",
        f"共有少见的词：{'、'.join(facts.rare_words)}。" if facts.rare_words else "",
        f"数字相同：{'、'.join(facts.numbers)}。" if facts.numbers else "",
        "去掉内容词后，句式和标点的排列十分相似。" if kind == "template" else "",
    ]


def _reasons_en(facts: Facts, kind: MatchKind) -> list[str]:
    quoted = f', the longest run being "{facts.longest}"' if facts.longest else ""
    return [
        f"{facts.matched} characters are the same or nearly so{quoted}." if facts.matched else "",
        f"{facts.answered} of {facts.passages} sentences have a counterpart in this post"
        f"{', in the same order' if facts.in_order and facts.answered > 1 else ''}."
        if kind in {"rewrite", "idea"} and facts.answered
        else "",
        "Read side by side: the same points in other words." if kind == "rewrite" and facts.same_points else "",
        f"Rare words in common: {', '.join(facts.rare_words)}." if facts.rare_words else "",
        f"The same numbers: {', '.join(facts.numbers)}." if facts.numbers else "",
        "Without the content words, sentence patterns and marks are much alike." if kind == "template" else "",
    ]


def _day_zh(time: datetime | None) -> str:
    return f" {time.year} 年 {time.month} 月 {time.day} 日" if time else ""


def _day_en(time: datetime | None) -> str:
    return f" of {time:%Y-%m-%d}" if time else ""
