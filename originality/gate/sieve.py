"""Which posts a policy keeps from accusing a draft, and how many those were."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from originality.gate.policy import Policy
from originality.models import Post


class Sieve:
    """Says whether a post may accuse a draft under a policy, and remembers the posts that it kept out."""

    def __init__(self, policy: Policy, names_of: Callable[[str], frozenset[str]], at: datetime) -> None:
        """Prepare for one draft.

        Args:
            policy: names the exclusions and the authorised sources.
            names_of: gives all names of an account.
            at: when the draft is or will be published; authorisations must hold then.
        """
        self._posts = frozenset(policy.excluded_posts)
        self._accounts = _all_names(policy.excluded_accounts, names_of)
        self._reusable = _all_names((each.account for each in policy.authorised if each.holds(at)), names_of)
        self.excluded: set[str] = set()
        self.authorised: set[str] = set()

    def __call__(self, post: Post) -> bool:
        """Say whether a post may be a source."""
        names = {post.account, post.account_id}
        if post.post_id in self._posts or names & self._accounts:
            self.excluded.add(post.post_id)
        elif names & self._reusable:
            self.authorised.add(post.post_id)
        else:
            return True
        return False


def _all_names(accounts: object, names_of: Callable[[str], frozenset[str]]) -> frozenset[str]:
    return frozenset[str]().union(*(names_of(account) for account in accounts))  # type: ignore[attr-defined]
