"""Which posts may accuse a draft: earlier ones, not the author's own, not those that the author may reuse."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from originality.accounts.register import Register
from originality.models import Post


@dataclass(slots=True)
class Admission:
    """Says which posts may be sources of a draft, and remembers whether a permission to reuse kept one out."""

    own: frozenset[str]
    reusable: frozenset[str]
    before: datetime | None
    since: datetime | None
    pardoned: bool = False

    @classmethod
    def of(cls, register: Register, account: str, before: datetime | None, since: datetime | None) -> Admission:
        """Return the rules for a draft that an account would publish.

        Args:
            register: tells the account's names and permissions.
            account: name or uid of the author, "" where nobody knows.
            before: posts of this time and later are no sources; permissions must hold on that day, else today.
            since: earlier posts are no sources.
        """
        reusable = register.reusable_by(account, before or datetime.now(UTC))
        return cls(register.names_of(account), reusable, before, since)

    def __call__(self, post: Post) -> bool:
        """Say whether a post may be a source."""
        if not self._in_time(post.published_at) or {post.account, post.account_id} & self.own:
            return False
        reused = bool({post.account, post.account_id} & self.reusable)
        self.pardoned |= reused
        return not reused

    def _in_time(self, time: datetime | None) -> bool:
        if time is None:
            return self.before is None and self.since is None
        return (self.before is None or time < self.before) and (self.since is None or self.since <= time)
