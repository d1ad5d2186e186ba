"""What holds, and what does not, as one sentence each, Chinese first."""

from __future__ import annotations

from originality.calibration.force import InForce
from originality.settings import Language


def line_text(holds: InForce, language: Language) -> str:
    """Return where alarms begin, how often they are false, and how one knows."""
    figures = f"{holds.model.alarm:.2f}", f"{holds.per_100:.2g}"
    if holds.scale is None or holds.interval is None:
        if language == "zh":
            return f"警报线 {figures[0]}：约每 100 篇原创误报 {figures[1]} 篇（出厂测定，不是您的语料）。"
        return f"Alarms from {figures[0]}: about {figures[1]} per 100 clean drafts (as shipped, not your corpus)."
    low, high = holds.interval
    posts, accounts, brand = holds.scale.posts, holds.scale.accounts, holds.brand
    if language == "zh":
        whose = f"「{brand}」的 {posts:,} 条帖子" if brand else f"本语料 {accounts} 个账号的 {posts:,} 条帖子"
        return (
            f"警报线 {figures[0]}：约每 100 篇原创误报 {figures[1]} 篇"
            f"（95% 区间 {low:.2g} 至 {high:.2g}，按{whose}测定）。"
        )
    whose = f"{posts:,} posts of {brand}" if brand else f"{posts:,} posts of {accounts} accounts of this corpus"
    return (
        f"Alarms from {figures[0]}: about {figures[1]} per 100 clean drafts (95% interval {low:.2g} to {high:.2g}, "
        f"measured on {whose})."
    )


def fault_text(holds: InForce, language: Language) -> str:
    """Return why the calibration that is there does not hold, and what to do; "" where it does or there is none."""
    if not holds.fault:
        return ""
    why = {
        "damaged": (f"校准文件读不了（{holds.detail}）", f"the calibration cannot be read ({holds.detail})"),
        "model": (
            f"校准用的是另一个版本的判定模型（{holds.detail}）",
            f"the calibration was made with another version of the judge ({holds.detail})",
        ),
        "stamp": (
            f"校准用的是另一种编码器或索引格式（{holds.detail}）",
            f"the calibration was made with another encoder or format of the index ({holds.detail})",
        ),
    }[holds.fault]
    if language == "zh":
        return f"{why[0]}，现在按出厂的警报线判定。请重新运行 originality calibrate。"
    return f"{why[1][0].upper()}{why[1][1:]}; the shipped thresholds hold. Run originality calibrate again."
