"""What Prometheus may know: counts and times, nothing that was written."""

from __future__ import annotations

from collections.abc import Callable

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from originality.gate import GateDecision
from originality.models import CheckResult, IndexInfo

SECONDS = (0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)


class Metrics:
    """The figures of one service."""

    def __init__(self, paths: frozenset[str]) -> None:
        """Begin at nothing; requests for other paths than these are counted as "other"."""
        self._paths = paths
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "originality_requests", "Requests answered", ["path", "status"], registry=self._registry
        )
        self._seconds = Histogram(
            "originality_request_seconds", "Time of an answer", ["path"], buckets=SECONDS, registry=self._registry
        )
        self._verdicts = Counter("originality_verdicts", "Drafts checked", ["verdict"], registry=self._registry)
        self._decisions = Counter(
            "originality_decisions", "Drafts decided on", ["policy", "action"], registry=self._registry
        )
        self._failures = Counter("originality_failures", "Answers that failed unforeseen", registry=self._registry)
        self._posts = Gauge("originality_index_posts", "Posts in the index", registry=self._registry)
        self._newest = Gauge(
            "originality_index_newest_seconds", "Time of the newest post, Unix time", registry=self._registry
        )
        self.waiting = Gauge("originality_in_flight", "Requests being answered", registry=self._registry)
        self._workers = Gauge("originality_workers", "Checks that can be done at once", registry=self._registry)

    def watch(self, ready: Callable[[], int]) -> None:
        """Ask from now on how many checks can be done at once."""
        self._workers.set_function(ready)

    def answered(self, path: str, status: int, seconds: float) -> None:
        """Count a request."""
        known = path if path in self._paths else "other"
        self._requests.labels(known, str(status)).inc()
        self._seconds.labels(known).observe(seconds)

    def failed(self) -> None:
        """Count an answer that failed in a way nobody foresaw."""
        self._failures.inc()

    def saw(self, result: CheckResult, decision: GateDecision | None = None) -> None:
        """Count a draft."""
        self._verdicts.labels(result.verdict).inc()
        if decision:
            self._decisions.labels(decision.policy.name, decision.action).inc()
        self.saw_index(result.index)

    def saw_index(self, index: IndexInfo) -> None:
        """Note how large and how fresh the index is."""
        self._posts.set(index.posts)
        if index.as_of:
            self._newest.set(index.as_of.timestamp())

    def text(self) -> bytes:
        """Return all figures in Prometheus's format."""
        return generate_latest(self._registry)
