"""What a run did: for each account, and in all."""

from __future__ import annotations

from dataclasses import dataclass, fields

from originality.accounts import Account
from originality.build import BuildReport
from originality.errors import LiveError


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountUpdate:
    """What a run did for one account."""

    account: Account
    report: BuildReport
    failure: LiveError | None = None
    unfinished: bool = False
    """Older posts are still missing, though nothing failed: the requests of the day are used up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveReport:
    """What a run did."""

    updates: tuple[AccountUpdate, ...]
    posts: int
    """Posts in the index."""
    requests: int
    seconds: float

    @property
    def failed(self) -> int:
        """Number of accounts that could not be brought up to date."""
        return sum(update.failure is not None for update in self.updates)

    @property
    def total(self) -> BuildReport:
        """Sum over the accounts."""
        total = BuildReport()
        for update in self.updates:
            add(total, update.report)
        return total

    def line(self) -> str:
        """Return all of it in one line."""
        total = self.total
        failures = [f"{each.account.name}: {each.failure}" for each in self.updates if each.failure]
        return "; ".join(
            [
                f"{'failed' if failures else 'ok'}: accounts={len(self.updates)} failed={self.failed} "
                f"unfinished={sum(each.unfinished for each in self.updates)} added={total.added} "
                f"replaced={total.replaced} updated={total.updated} dropped={sum(total.dropped.values())} "
                f"requests={self.requests} posts={self.posts} seconds={self.seconds:.1f}",
                *failures,
            ]
        )


def add(total: BuildReport, more: BuildReport) -> None:
    """Add the figures of one report to another."""
    for each in fields(BuildReport):
        value = getattr(more, each.name)
        if isinstance(value, int):
            setattr(total, each.name, getattr(total, each.name) + value)
    total.dropped.update(more.dropped)
