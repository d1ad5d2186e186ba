"""A stored post as if it were a draft: which risk does it reach against the posts of others, earlier or not?

Enters: the row of a post. Leaves: a `Reading`. The post and all of its account are no sources, nor are posts of
accounts that are tied to it: those of the same owner, and those that may reuse its posts or whose posts it may reuse.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from hashlib import blake2b
from typing import Literal

from originality.accounts import Admission, Register, RegisterFile
from originality.checker import Checker
from originality.clean import clean
from originality.embed import Encoder, load_encoder
from originality.index import LocalIndex, open_index
from originality.models import CheckResult, Post
from originality.report.stored import RememberingEncoder, reader_of
from originality.score import stack
from originality.settings import Settings

COPIED_SHARE = 0.5  # of the draft's own letters or of the source's, from which a taken wording is beyond doubt
COPIED_LETTERS = 20  # matched with it, at least: two brands say the same short line without having met
Why = Literal["copy", "repost", "undetermined", "repeated", "gone"]
"""Why a post is not counted: its wording was taken beyond doubt, by it or from it; it declares a repost; it cannot be
judged; its account says the same in another post that was drawn; it was deleted meanwhile."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What became of a post."""

    account: str
    key: bytes = b""
    """Of account and words: equal for posts that one account repeats."""
    why: Why | None = None
    """Why it is not counted; None where it is."""
    risk: float = 0.0
    template_risk: float = 0.0


class Reader:
    """Reads posts with what is the same for all of them."""

    def __init__(self, index: LocalIndex, settings: Settings, own: frozenset[str], load: Callable[[], Encoder]) -> None:
        """Prepare.

        Args:
            index: whose posts.
            settings: limits of a check. The thresholds are the shipped ones, whatever was calibrated before.
            own: names of accounts that belong to one owner.
            load: gives the encoder, should a post's vectors not be stored.
        """
        self._index, self._own = index, own
        self._encoder = RememberingEncoder(index.encoder, load)
        self._register = RegisterFile(index.folder).read()
        reader = reader_of(index, load)
        shipped = Checker(index, self._encoder, settings, reader=reader).shipped
        judge = Checker(index, self._encoder, settings, model=shipped, reader=reader).judge()
        self._judge = replace(judge, thorough=True)

    def read(self, row: int) -> Reading:
        """Return what became of the post at a row."""
        post = self._index.posts_at([row]).get(row)
        if post is None:
            return Reading(account="", why="gone")
        text = clean(post.text)
        if post.repost_of or text.repost:
            return Reading(account=post.account, why="repost")
        parts = self._index.parts([row])
        self._encoder.remember(text, stack(parts[row]) if row in parts else None)
        tied = tied_names(self._register, {post.account, post.account_id} - {""}, self._own)
        admission = Admission(own=tied, reusable=frozenset(), before=None, since=None)
        result = self._judge.result(post.text, post.post_id, admission, lambda other: _is_other(other, post))
        why: Why | None = None
        if result.verdict == "undetermined":
            why = "undetermined"
        elif is_copy(result):
            why = "copy"
        words = f"{post.account}\n{text.letters}".encode("utf-8", "replace")
        return Reading(
            account=post.account,
            key=blake2b(words, digest_size=16).digest(),
            why=why,
            risk=result.risk,
            template_risk=result.template_risk,
        )


def read_in(folder: str, settings: Settings, own: frozenset[str]) -> Callable[[int], Reading]:
    """Return what reads posts in a process of its own."""
    index = open_index(folder)
    return Reader(index, settings, own, functools.cache(lambda: load_encoder(index.encoder))).read


def is_copy(result: CheckResult) -> bool:
    """Say whether some wording was taken beyond doubt: kind verbatim or near, and most of either text."""
    return any(
        match.kind in {"verbatim", "near"}
        and max(match.containment_of_draft, match.containment_of_source) >= COPIED_SHARE
        and sum(span.draft[1] - span.draft[0] for span in match.spans) >= COPIED_LETTERS
        for match in result.matches
    )


def tied_names(register: Register, names: Iterable[str], own: frozenset[str]) -> frozenset[str]:
    """Return all names of the accounts that are not independent of an author."""
    mine = frozenset[str]().union(*(register.names_of(name) for name in names))
    tied = mine | (own if mine & own else frozenset())
    for permission in register.permissions:
        two = [register.get(permission.by).names, register.get(permission.source).names]
        if any(each & mine for each in two):
            tied |= two[0] | two[1]
    return tied


def _is_other(other: Post, post: Post) -> bool:
    """Say whether a post is another one: an account that was renamed may have it under its new name, too."""
    return other.post_id != post.post_id and not (post.account_id and other.account_id == post.account_id)
