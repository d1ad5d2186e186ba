"""Causes of a decision in words, Chinese first. Figures come from the cause, the nearest post from the result."""

from __future__ import annotations

from typing import Final

from originality.explain import caveat_text
from originality.models import CheckResult, Match
from originality.settings import Language

ACTION_NAMES: Final[dict[Language, dict[str, str]]] = {
    "zh": {"pass": "放行", "warn": "提醒", "block": "拦截"},
    "en": {"pass": "Pass", "warn": "Warning", "block": "Blocked"},
}
_LANES: Final[dict[Language, dict[str, str]]] = {
    "zh": {"wording": "抄文字", "template": "套模板", "idea": "撞创意", "undetermined": "无法判断"},
    "en": {"wording": "Wording", "template": "Template", "idea": "Idea", "undetermined": "Cannot tell"},
}


def sentence(
    result: CheckResult, code: str, action: str, line: tuple[float | None, float | None], language: Language
) -> str:
    """Return a cause as a sentence.

    Args:
        result: gives the figure of the lane, its nearest post and the caveats.
        code: the lane, or "undetermined".
        action: "warn" or "block".
        line: the risk from which the policy acts, and how many of 100 clean drafts reach it, where that is known.
        language: of the sentence.
    """
    lane, does = _LANES[language][code], ACTION_NAMES[language][action]
    if code == "undetermined":
        why = " ".join(caveat_text(caveat, language) for caveat in result.caveats)
        return f"{lane}：{why}按规则{does}。" if language == "zh" else f"{lane}: {why} The policy says: {does.lower()}."
    threshold, per_100 = line
    risk = {"wording": result.risk, "template": result.template_risk, "idea": result.idea_risk}[code]
    best = max(result.matches, key=lambda match: _figure(match, code), default=None)
    if language == "zh":
        rate = "" if per_100 is None else f"（每 100 篇原创约有 {per_100:g} 篇达到）"
        near = "" if best is None else f"，最接近的是「{best.account}」的帖子 {best.post_id}"
        return f"{lane}：风险 {risk:.2f}，达到{does}线 {threshold:.2f}{rate}{near}。"
    rate = "" if per_100 is None else f" (about {per_100:g} of 100 clean drafts reach it)"
    near = "" if best is None else f"; nearest is post {best.post_id} by {best.account}"
    line_name = "blocks" if action == "block" else "warns"
    return f"{lane}: risk {risk:.2f}; the policy {line_name} from {threshold:.2f}{rate}{near}."


def _figure(match: Match, code: str) -> float:
    return {"wording": match.risk, "template": match.template_risk, "idea": match.idea_risk}[code]
