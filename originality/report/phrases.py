"""The wording of the weekly report, Chinese and English: fixed texts, and figures put into words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from originality.index.rows import BEIJING
from originality.report.records import ENOUGH, LeftOut, SetAside, WeeklyReport
from originality.settings import Language

_WEEKDAYS = "一二三四五六日"
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

TEXTS: Mapping[Language, Mapping[str, str]] = {
    "zh": {
        "title": "原创性周报",
        "posts": "本周帖子",
        "checked": "已检查",
        "accounts": "发帖账号",
        "pairs": "谁跟了谁",
        "pairs_note": "只数先后确定的警报。每对账号两个方向都列出；不到 {enough} 次的方向太少，不下结论。",
        "one": "账号甲",
        "other": "账号乙",
        "other_after_one": "乙跟甲",
        "one_after_other": "甲跟乙",
        "times": "{count} 次",
        "too_few": "太少，不下结论",
        "median": "中位数 {lag}",
        "no_pairs": "本周没有先后确定的警报。",
        "events": "逐条证据",
        "events_note": "左边是更早的帖子，右边是本周的帖子；相同编号的标记互相对应。",
        "more_events": "另有 {count} 条未在此展开，全部内容见同名 JSON 文件。",
        "no_events": "本周没有帖子触发警报。",
        "earlier": "更早的帖子",
        "later": "本周的帖子",
        "either": "同一天，先后不明",
        "risk": "风险",
        "link": "查看原帖",
        "others": "同样相近的更早帖子：",
        "exact": "原样",
        "near": "近似",
        "rewrite": "改写",
        "boilerplate": "通用语，不计入",
        "by_account": "各账号情况",
        "account": "账号",
        "account_posts": "本周帖子",
        "account_checked": "已检查",
        "imitated_others": "模仿他人",
        "was_imitated": "被模仿",
        "same_day": "先后不明",
        "share": "无警报占比",
        "covered": "窗口内帖子",
        "silent_accounts": "窗口内另有 {count} 个账号（{posts} 条帖子）本周没有发帖，也没有被模仿。",
        "more_accounts": "另有 {count} 个账号未在此列出，见同名 JSON 文件。",
        "advice": "仅供参考",
        "advice_note": "{count} 条判为“{verdict}”：结构或创意相近，或证据不足。这是提醒，不是指控，不计入警报。",
        "advice_bare": "其中 {count} 条没有可以单独列出的更早帖子。",
        "more_advice": "另有 {count} 条见同名 JSON 文件。",
        "not_counted": "未计入的帖子",
        "reason": "原因",
        "count": "条数",
        "all_counted": "本周的帖子全部检查完毕，没有一条被略过。",
        "method": "方法与局限",
        "index": "索引 {posts} 条帖子，最新一条发布于 {as_of}。",
        "stamp": "索引标识",
        "footer": "结论是附证据的建议，是否构成抄袭由人判断。",
    },
    "en": {
        "title": "Weekly originality report",
        "posts": "posts this week",
        "checked": "checked",
        "accounts": "accounts posting",
        "pairs": "Who followed whom",
        "pairs_note": "Only alarms of known order count. Both directions of each pair are shown; fewer than {enough} "
        "in a direction are too few to tell.",
        "one": "Account A",
        "other": "Account B",
        "other_after_one": "B after A",
        "one_after_other": "A after B",
        "times": "{count}×",
        "too_few": "too few to tell",
        "median": "median {lag}",
        "no_pairs": "No alarm of known order this week.",
        "events": "The evidence, one by one",
        "events_note": "The earlier post stands on the left, this week’s on the right; marks of the same number belong "
        "together.",
        "more_events": "{count} more are not shown here; the JSON file of the same name has them all.",
        "no_events": "No post of this week raised an alarm.",
        "earlier": "Earlier post",
        "later": "This week’s post",
        "either": "same day, order unknown",
        "risk": "risk",
        "link": "Open the post",
        "others": "Earlier posts about as close: ",
        "exact": "word for word",
        "near": "nearly so",
        "rewrite": "reworded",
        "boilerplate": "everybody’s words, not counted",
        "by_account": "By account",
        "account": "Account",
        "account_posts": "posts this week",
        "account_checked": "checked",
        "imitated_others": "imitated others",
        "was_imitated": "was imitated",
        "same_day": "order unknown",
        "share": "without alarm",
        "covered": "posts in window",
        "silent_accounts": "{count} more accounts of the window ({posts} posts) neither posted this week nor were "
        "imitated.",
        "more_accounts": "{count} more accounts are in the JSON file of the same name.",
        "advice": "Advice only",
        "advice_note": "{count} posts were marked “{verdict}”: alike in structure or idea, or on weak evidence. A "
        "hint, not an accusation, and no alarm.",
        "advice_bare": "{count} of them have no single earlier post to show.",
        "more_advice": "{count} more are in the JSON file of the same name.",
        "not_counted": "Posts not counted",
        "reason": "Reason",
        "count": "posts",
        "all_counted": "Every post of the week was checked; none was passed over.",
        "method": "Method and limits",
        "index": "Index of {posts} posts, the newest published {as_of}.",
        "stamp": "Index stamp",
        "footer": "A verdict is advice with evidence; whether it is plagiarism is for people to say.",
    },
}

REASONS: Mapping[Language, Mapping[LeftOut | SetAside, str]] = {
    "zh": {
        "no_time": "没有发布时间，归不进任何一周，也不作为来源（全索引计，不在本周帖子之内）",
        "repost": "转发（//@），是声明过的引用",
        "empty": "没有文字",
        "nothing_left_after_cleaning": "去掉话题、表情、链接后没有文字",
        "too_short": "太短，无法判断",
        "too_long": "太长，无法判断",
        "only_boilerplate": "全是通用语，无法判断",
        "undetermined": "无法判断",
        "older_than_window": "触发警报，但来源早于对照窗口",
        "source_not_shown": "触发警报，但检测没有给出对应的来源",
        "own_reuse": "触发警报，但这是账号自己更早发过的文字",
        "mirrored": "同一天、先后不明的一对，已从另一方列出",
    },
    "en": {
        "no_time": "no time of publication: in no week and nobody’s source (whole index, not among this week’s posts)",
        "repost": "repost (//@): declared reuse",
        "empty": "no text",
        "nothing_left_after_cleaning": "no words left beside topics, emoji and links",
        "too_short": "too short to tell",
        "too_long": "too long to tell",
        "only_boilerplate": "everybody’s words only: undetermined",
        "undetermined": "undetermined",
        "older_than_window": "alarm, but its source is older than the window",
        "source_not_shown": "alarm, but the check names no source for it",
        "own_reuse": "alarm, but the account had published the words itself before",
        "mirrored": "a pair of one day and unknown order, already listed from the other side",
    },
}


def headline(report: WeeklyReport, language: Language) -> str:
    """Return the finding of the week in one sentence."""
    alarms = len(report.events)
    if language == "zh":
        if not report.posts:
            return "索引里没有这一周的帖子，无从判断有没有模仿。"
        if not report.checked:
            return f"这一周有 {report.posts} 条帖子，但没有一条能够检查，原因见下。"
        found = f"其中 {alarms} 条与其他账号的帖子高度相似" if alarms else "没有一条触发警报"
        return f"这一周检查了 {report.checked} 条帖子，{found}。"
    if not report.posts:
        return "The index holds no post of this week: nothing to report, which does not mean that nobody imitated."
    if not report.checked:
        return f"This week has {_posts(report.posts)}, none of which could be checked; the reasons are below."
    found = f"{alarms} of them closely resemble posts of other accounts" if alarms > 1 else "none raised an alarm"
    found = "1 of them closely resembles a post of another account" if alarms == 1 else found
    return f"{_posts(report.checked)} of this week were checked; {found}."


def _posts(count: int) -> str:
    return "1 post" if count == 1 else f"{count} posts"


def method(report: WeeklyReport, language: Language) -> str:
    """Return how the figures came about, as one paragraph."""
    days = report.window_days
    if language == "zh":
        return (
            f"本周（北京时间周一 00:00 至周日 24:00）的每条帖子，都与其他账号在它之前 {days} 天内发布的帖子逐一比对："
            "共同字句、近似重复和语义三路检索，逐字对齐后给出 0 到 1 的风险。判为“抄袭”或“高度模仿”的算一条警报，"
            "归到最相近的那条更早帖子；几条同样相近时，取包含本帖文字最多的，再取最早的。"
            "转发和账号自己的旧帖不算。无警报占比 = 已检查的帖子中没有警报的比例。"
        )
    return (
        f"Each post of the week (Monday 00:00 to Sunday 24:00, Beijing time) is compared with the posts that other "
        f"accounts published in the {days} days before it: found by shared wording, near-duplicate sketches and "
        "meaning, then aligned word by word and given a risk from 0 to 1. A post judged copied or a close imitation is "
        "one alarm, held against the earlier post that it matches best; of several about as good, the one that holds "
        "most of it, then the earliest. Reposts and an account’s own earlier posts do not count. Without alarm = the "
        "share of checked posts that raised none."
    )


def limits(report: WeeklyReport, language: Language) -> list[str]:
    """Return what the figures cannot say, a sentence each."""
    earlier = report.earlier_posts
    if language == "zh":
        return [
            "先后只按发布时间判断：更早不等于原作者，双方也可能引用同一个未收集的来源，或有授权、联名。",
            "零点整的时间按“只有日期”处理；同一天里分不出先后的一对，不算在任何一方头上。",
            f"只看得到已收集的帖子：本周之前的窗口内有 {earlier} 条。没收集到的账号和已删除的帖子不在其中，"
            "“无警报”不等于原创。",
            f"不到 {ENOUGH} 次的往来可能是巧合，不下结论。",
        ]
    return [
        "Order rests on the times of publication alone: earlier need not mean author; both may draw on a third text "
        "that was not collected, or have a licence or a joint campaign.",
        "A time of midnight sharp is read as a date only; two posts of one day whose order is unknown count against "
        "neither side.",
        f"Only collected posts are seen: {earlier} in the window before this week. Accounts not collected and posts "
        "deleted are missing, so “without alarm” does not mean original.",
        f"Fewer than {ENOUGH} cases between two accounts may be chance and support no statement.",
    ]


def lag_words(lag: timedelta, language: Language, *, day_precision: bool = False) -> str:
    """Return a lag as people say it: its two largest units."""
    minutes = int(lag.total_seconds()) // 60
    days, hours, rest = minutes // 1440, minutes // 60 % 24, minutes % 60
    if day_precision:
        parts = [(days, "天", "day")]
    elif days:
        parts = [(days, "天", "day"), (hours, "小时", "hour")]
    else:
        parts = [(hours, "小时", "hour"), (rest, "分钟", "minute")]
    told = [part for part in parts if part[0]]
    if language == "zh":
        said = " ".join(f"{count} {unit}" for count, unit, _ in told) or "不到 1 分钟"
        return f"晚{' ' if told else ''}{said}{'（只有日期）' if day_precision else ''}"
    said = " ".join(f"{count} {unit}{'s' if count > 1 else ''}" for count, _, unit in told) or "less than a minute"
    return f"{said} later{' (by date)' if day_precision else ''}"


def time_words(at: datetime, language: Language) -> str:
    """Return a time of publication in Beijing, to the minute; without the clock where it is a bare date."""
    local = at.astimezone(BEIJING)
    clock = "" if (local.hour, local.minute, local.second) == (0, 0, 0) else f" {local:%H:%M}"
    if language == "zh":
        return f"{local.year} 年 {local.month} 月 {local.day} 日{clock}"
    return f"{local.day} {_MONTHS[local.month - 1]} {local.year}{clock}"


def span_words(since: datetime, until: datetime, language: Language) -> str:
    """Return the days of a half-open span, first to last."""
    first, last = since, until - timedelta(days=1)
    if language == "zh":
        ends = [f"{day.month} 月 {day.day} 日（周{_WEEKDAYS[day.weekday()]}）" for day in (first, last)]
        year = f"{last.year} 年 " if last.year != first.year else ""
        return f"{first.year} 年 {ends[0]} — {year}{ends[1]}，北京时间"
    ends = [f"{day.day} {_MONTHS[day.month - 1]}" for day in (first, last)]
    year = f" {first.year}" if last.year != first.year else ""
    return f"{ends[0]}{year} – {ends[1]} {last.year}, Beijing time"
