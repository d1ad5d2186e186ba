"""Where requests become checks: in threads, one per core at a time; a decision is written down before it is given."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from anyio import CapacityLimiter, to_thread

from originality.checker import Checker, Draft
from originality.errors import PolicyError
from originality.gate import AuditLog, GateDecision, Policy
from originality.models import CheckResult
from originality.serve.metrics import Metrics
from originality.workers import cores

Answer = TypeVar("Answer")


class Desk:
    """Answers for the routes: a checker, the policies by name, an audit log if one is kept."""

    def __init__(self, checker: Checker, policies: Sequence[Policy], log: AuditLog | None, metrics: Metrics) -> None:
        """Put them together; the first policy is the default one."""
        self._checker = checker
        self._policies: Mapping[str, Policy] = {policy.name: policy for policy in policies}
        self._log = log
        self._metrics = metrics
        self._threads: CapacityLimiter | None = None
        if len(self._policies) < len(policies):
            names = ", ".join(policy.name for policy in policies)
            raise PolicyError(f"Policies must have different names, got {names}. Rename one of them.")

    def policy(self, name: str) -> Policy:
        """Return a policy by its name, the default one for "".

        Raises:
            PolicyError: there is none of that name, or none at all.
        """
        if not self._policies:
            raise PolicyError("This service has no policy. Start it with --policy FILE.toml, or ask /check.")
        if name and name not in self._policies:
            raise PolicyError(f"policy must be one of {', '.join(self._policies)}, or left out.")
        return self._policies[name] if name else next(iter(self._policies.values()))

    async def check(self, draft: Draft) -> dict[str, Any]:
        """Return the JSON of a check."""

        def work() -> CheckResult:
            return self._checker.check(draft.text, id=draft.id, account=draft.account, before=draft.published_at)

        result = await self._in_thread(work)
        self._metrics.saw(result)
        return result.to_dict()

    async def gate(self, draft: Draft, policy: Policy) -> dict[str, Any]:
        """Return the JSON of a decision; where a log is kept, it stands there by then."""

        def work() -> GateDecision:
            decision = self._checker.gate(draft, policy)
            if self._log:
                self._log.append(decision)
            return decision

        decision = await self._in_thread(work)
        self._metrics.saw(decision.result, decision)
        return decision.to_dict()

    async def health(self) -> dict[str, Any]:
        """Return what the index is, having asked it."""
        result = await self._in_thread(lambda: self._checker.check(""))
        self._metrics.saw_index(result.index)
        return {"status": "ok", "index": result.to_dict()["index"], "policies": list(self._policies)}

    async def _in_thread(self, work: Callable[[], Answer]) -> Answer:
        if self._threads is None:  # it belongs to the event loop, which runs by now
            self._threads = CapacityLimiter(cores())
        return await to_thread.run_sync(work, limiter=self._threads)
