"""A result under a policy -> pass, warn or block, with every cause. What it says in words is in `phrases`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal

from originality.gate.phrases import sentence
from originality.gate.policy import LANES, Action, Policy
from originality.gate.sieve import Sieve
from originality.models import CheckResult, Lane
from originality.score import Model
from originality.settings import Language


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """Why a draft does not simply pass."""

    code: Lane | Literal["undetermined"]
    action: Action
    risk: float | None = None
    """The lane's figure; None for `undetermined`."""
    threshold: float | None = None
    """The risk from which the policy acts."""
    per_100: float | None = None
    """How many of 100 clean drafts reach it, where the policy says it so."""

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain values."""
        figures = {"risk": self.risk, "threshold": self.threshold, "per_100": self.per_100}
        rounded = {name: None if value is None else round(value, 4) for name, value in figures.items()}
        return {"code": self.code, "action": self.action, **rounded}


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyName:
    """Which policy it was."""

    name: str
    version: str
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GateDecision:
    """What to do with a draft; `to_dict` gives the published JSON contract."""

    action: Action
    causes: tuple[Cause, ...]
    """Strongest first; () where the draft passes."""
    reasons: tuple[str, ...]
    """The causes as sentences, in the language of the settings."""
    result: CheckResult
    policy: PolicyName
    account: str
    excluded: int
    """Posts near the draft that the policy excludes."""
    authorised: int
    """Posts near the draft that the policy lets the account reuse."""
    decided_at: datetime = field(default_factory=lambda: datetime.now(UTC))

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON contract: plain types only."""
        return {
            "action": self.action,
            "reasons": list(self.reasons),
            "causes": [cause.to_dict() for cause in self.causes],
            "policy": {"name": self.policy.name, "version": self.policy.version, "digest": self.policy.digest},
            "account": self.account,
            "left_out": {"excluded": self.excluded, "authorised": self.authorised},
            "decided_at": self.decided_at.isoformat(timespec="milliseconds"),
            "result": self.result.to_dict(),
        }


def decide(
    result: CheckResult, policy: Policy, sieve: Sieve, account: str, language: Language, model: Model
) -> GateDecision:
    """Decide on a draft whose check left out what the sieve kept from it; the model in force tells what rates mean."""
    causes = _causes(result, policy, model)
    return GateDecision(
        action=causes[0].action if causes else "pass",
        causes=causes,
        reasons=tuple(
            sentence(result, cause.code, cause.action, (cause.threshold, cause.per_100), language) for cause in causes
        ),
        result=result,
        policy=PolicyName(name=policy.name, version=policy.version, digest=policy.digest),
        account=account,
        excluded=len(sieve.excluded),
        authorised=len(sieve.authorised),
    )


def _causes(result: CheckResult, policy: Policy, model: Model) -> tuple[Cause, ...]:
    if result.verdict == "undetermined":
        if policy.undetermined == "pass":
            return ()
        return (Cause(code="undetermined", action=policy.undetermined),)
    found = [cause for lane in LANES if (cause := _cause(result, policy, lane, model))]
    if "too_long" in result.caveats and policy.undetermined != "pass":  # what nobody has checked cannot be told
        found.append(Cause(code="undetermined", action=policy.undetermined))
    return tuple(sorted(found, key=lambda cause: cause.action))  # "block" before "warn"; the lanes keep their order


def _cause(result: CheckResult, policy: Policy, lane: Lane, model: Model) -> Cause | None:
    figure = {"wording": result.risk, "template": result.template_risk, "idea": result.idea_risk}[lane]
    order: Sequence[Action] = ("block", "warn")
    for action in order:
        threshold = policy.risk(lane, action, model)
        if threshold is not None and figure >= threshold:
            rule = policy.rule(lane)
            said = rule.block if action == "block" else rule.warn
            return Cause(
                code=lane, action=action, risk=figure, threshold=threshold, per_100=said.per_100 if said else None
            )
    return None
