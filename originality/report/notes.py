"""What a reader must know before relying on a report: remarks on the corpus and on what could not be told.

A note is a code with figures; `note_text` puts it into words.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from originality.settings import Language

NoteCode = Literal[
    "no_posts",
    "nothing_checked",
    "one_account",
    "no_earlier_posts",
    "holes",
    "ends_early",
    "no_time",
    "bare_dates",
    "unordered",
    "silent_own",
    "unknown_own",
    "no_own",
    "few_events",
    "few_weeks",
    "no_history",
    "no_counts",
    "sources_gone",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """One remark."""

    code: NoteCode
    count: int = 0
    names: tuple[str, ...] = ()
    """Accounts or days it speaks of."""


_TEXTS: Mapping[Language, Mapping[NoteCode, str]] = {
    "zh": {
        "no_posts": "索引里没有这段时间的帖子，无从判断有没有模仿。",
        "nothing_checked": "这段时间的帖子没有一条能够检查，原因见“未计入的帖子”。",
        "one_account": "这段时间和对照窗口里只有 {names} 一个账号，没有别的账号可以比对。",
        "no_earlier_posts": "对照窗口里没有更早的帖子：只比对了这段时间之内的先后。",
        "holes": "有 {count} 天没有任何帖子（{names}），可能没有收集到，而不是没有人发。",
        "ends_early": "索引里最新的帖子比这段时间的结束早 {count} 小时，之后的内容还没有收集。",
        "no_time": "索引里有 {count} 条帖子没有发布时间，归不进任何一段时间，也不作为来源。",
        "bare_dates": "有 {count} 条帖子只有日期、没有钟点，同一天里分不出先后，也不在发帖时间图里。",
        "unordered": "有 {count} 对帖子先后不明，列出但不算在任何一方头上。",
        "silent_own": "自有账号 {names} 这段时间没有发帖。",
        "unknown_own": "索引里没有名为 {names} 的账号，请核对名称。",
        "no_own": "没有指明自有账号，报告不分敌我。",
        "few_events": "这段时间和回看期里文字事件只有 {count} 起，谁领先谁跟随大多太少、说不准。",
        "few_weeks": "内容走向只有 {count} 周的帖子，不足以判断走向。",
        "no_history": "回看期里没有帖子，无法与上一期比较。",
        "no_counts": "有 {count} 条帖子没有转评赞数，不计入互动。",
        "sources_gone": "有 {count} 起旧事件的帖子已从索引删除，随之删除。",
    },
    "en": {
        "no_posts": "The index holds no post of these days: nothing to report, which does not mean that nobody "
        "imitated.",
        "nothing_checked": 'None of the posts could be checked; the reasons are under "posts not counted".',
        "one_account": "{names} is the only account in these days and the window: there is nobody to compare with.",
        "no_earlier_posts": "The window holds no earlier posts: only the order within these days was compared.",
        "holes": "Days on which nobody posted: {count} ({names}); they may not have been collected.",
        "ends_early": "The newest post of the index is older than the end of these days by {count} h; what came later "
        "has not been collected.",
        "no_time": "Posts of the index without a time: {count}; they are in no span and nobody's source.",
        "bare_dates": "Posts with a date and no time: {count}; their order within the day is unknown, and they are in "
        "no hour.",
        "unordered": "Pairs of posts whose order is unknown: {count}; they are listed and count against neither side.",
        "silent_own": "Own accounts without a post in these days: {names}.",
        "unknown_own": "The index has no account named {names}; check the name.",
        "no_own": "No own account was named: the report takes no side.",
        "few_events": "Wording events in these days and the history: only {count}, for most pairs too few to tell who "
        "leads.",
        "few_weeks": "Weeks with posts: only {count}, too few to tell where content is going.",
        "no_history": "The history has no posts: there is nothing to compare with.",
        "no_counts": "Posts without counts of reposts, comments and likes: {count}; they are not in the engagement.",
        "sources_gone": "Earlier events gone with their posts, which were deleted from the index: {count}.",
    },
}


def note_text(note: Note, language: Language) -> str:
    """Return a note as a sentence."""
    names = ("、" if language == "zh" else ", ").join(note.names)
    return _TEXTS[language][note.code].format(count=note.count, names=names)
