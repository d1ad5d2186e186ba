"""Where requests become answers: a decision is written down before it is given, and all is counted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from anyio import CapacityLimiter, to_thread

from originality.checker import Draft
from originality.errors import PolicyError
from originality.gate import AuditLog, GateDecision, Policy
from originality.models import CheckResult
from originality.serve.crew import Answering
from originality.serve.metrics import Metrics


class Desk:
    """Answers for the routes: who checks, the policies by name, an audit log if one is kept."""

    def __init__(
        self, answering: Answering, policies: Sequence[Policy], log: AuditLog | None, metrics: Metrics
    ) -> None:
        """Put them together; the first policy is the default one."""
        self._answering = answering
        self._policies: Mapping[str, Policy] = {policy.name: policy for policy in policies}
        self._log = log
        self._metrics = metrics
        self._pen: CapacityLimiter | None = None
        metrics.watch(lambda: answering.ready)
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
        result = await self._answering.answer(draft, None)
        assert isinstance(result, CheckResult)
        self._metrics.saw(result)
        return result.to_dict()

    async def gate(self, draft: Draft, policy: Policy) -> dict[str, Any]:
        """Return the JSON of a decision; where a log is kept, it stands there by then."""
        decision = await self._answering.answer(draft, policy)
        assert isinstance(decision, GateDecision)
        if self._log:
            await to_thread.run_sync(self._log.append, decision, limiter=self._one_pen())
        self._metrics.saw(decision.result, decision)
        return decision.to_dict()

    async def health(self) -> dict[str, Any]:
        """Return what the index is, having asked it."""
        result = await self._answering.answer(Draft(text=""), None)
        assert isinstance(result, CheckResult)
        self._metrics.saw_index(result.index)
        index, ready = result.to_dict()["index"], self._answering.ready
        return {"status": "ok", "index": index, "policies": list(self._policies), "workers": ready}

    def _one_pen(self) -> CapacityLimiter:
        """Return what lets one thread write at a time: the log's own lock is for other processes, and slow."""
        if self._pen is None:  # it belongs to the event loop, which runs by now
            self._pen = CapacityLimiter(1)
        return self._pen
