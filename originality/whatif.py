"""What a check would say if something did not count, and the least that must be rewritten for a draft to pass.

A draft and what is left out of account enter; a `CheckResult` leaves. Each question is one more ordinary check: a post
that is left out is hidden from the index as if it had been deleted, a stretch of the draft becomes blank lines of the
same length, so that all offsets still count in the draft as written.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Any, cast

from originality.checker import Checker
from originality.clean import clean
from originality.index import LocalIndex
from originality.models import CheckResult, Post

Stretch = tuple[int, int]

MOST_CHECKS = 40  # of one search for the least to rewrite: some seconds with the default encoder
_QUOTED = re.compile(
    r'《[^《》\n]{1,200}》|〈[^〈〉\n]{1,200}〉|「[^「」]{1,400}」|『[^『』]{1,400}』|“[^“”]{1,400}”|"[^"\n]{1,200}"'
)
_NOT_BLANK = re.compile(r"[^\n]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Exclusions:
    """What does not count in a check."""

    posts: frozenset[str] = frozenset()
    """Ids of posts that are no sources."""
    stretches: frozenset[Stretch] = frozenset()
    """Half-open character ranges of the draft that are neither evidence nor part of the divisor."""
    quotes: bool = False
    """The same for all that stands in quotation marks, 《》 included."""
    platform: str = ""
    """Only posts of this platform are sources; "" for all."""

    def __bool__(self) -> bool:
        """Say whether anything is left out."""
        return bool(self.posts or self.stretches or self.quotes or self.platform)


NOTHING = Exclusions()


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The least to rewrite."""

    stretches: tuple[Stretch, ...]
    """Sentences of the draft, in order; () where the draft passes as it is."""
    result: CheckResult
    """What the check says without them."""

    @property
    def passes(self) -> bool:
        """Say whether the draft passes once they are rewritten."""
        return not self.result.is_alarm


def check_without(checker: Checker, text: str, without: Exclusions, *, id: str = "", account: str = "") -> CheckResult:
    """Check a draft as `Checker.check` does, but leave something out of account."""
    if not without:
        return checker.check(text, id=id, account=account)
    index = cast(LocalIndex, _Hiding(checker.index, without)) if without.posts or without.platform else checker.index
    stretches = [*without.stretches, *(quotes_of(text) if without.quotes else ())]
    result = Checker(index, checker.encoder, checker.settings).check(blanked(text, stretches), id=id, account=account)
    return replace(result, draft=text)


def quotes_of(text: str) -> list[Stretch]:
    """Return the quoted stretches of a text, marks included."""
    return [found.span() for found in _QUOTED.finditer(text)]


def blanked(text: str, stretches: Iterable[Stretch]) -> str:
    """Return a text of the same length with blank lines in place of some stretches."""
    for start, end in stretches:
        start, end = max(0, start), min(end, len(text))
        text = text[:start] + _NOT_BLANK.sub("\n", text[start:end]) + text[end:]
    return text


def fewest_rewrites(
    checker: Checker, text: str, result: CheckResult, without: Exclusions = NOTHING, *, account: str = ""
) -> Plan:
    """Return the fewest sentences without which a draft raises no alarm.

    The sentences with most matched characters are taken first until the draft passes; then each is put back that is
    not needed; then smaller sets are tried, as far as `MOST_CHECKS` goes. A draft that no sentence saves (its risk
    comes from the whole) gets a plan that does not pass, with all matched sentences.

    Args:
        checker: checks the variants.
        text: the draft.
        result: what the check says of it now, under the same exclusions.
        without: what is left out of account already.
        account: who would publish it.
    """
    if not result.is_alarm:
        return Plan(stretches=(), result=result)
    search = _Search(checker, text, without, account)
    matched = matched_sentences(result)
    chosen: list[Stretch] = []
    for stretch in matched:
        chosen.append(stretch)
        if search.passes(chosen):
            break
    else:
        return Plan(stretches=tuple(sorted(chosen)), result=search.result(chosen))
    for stretch in list(chosen):
        rest = [other for other in chosen if other != stretch]
        if rest and search.passes(rest):
            chosen = rest
    smaller = search.smaller(matched, len(chosen)) or chosen
    return Plan(stretches=tuple(sorted(smaller)), result=search.result(smaller))


def matched_sentences(result: CheckResult) -> list[Stretch]:
    """Return the sentences of a draft that hold matched words, the one with most of them first."""
    draft = clean(result.draft)
    covered: set[int] = set()
    for match in result.matches:
        for span in match.spans:
            covered.update(range(*span.draft))
    sentences = [draft.original_span(start, end) for start, end in draft.passages if draft.text[start:end].strip()]
    weights = {stretch: len(covered.intersection(range(*stretch))) for stretch in sentences}
    return sorted((stretch for stretch in sentences if weights[stretch]), key=lambda each: (-weights[each], each))


class _Search:
    """Checks variants of one draft, each once, up to `MOST_CHECKS`."""

    def __init__(self, checker: Checker, text: str, given: Exclusions, account: str) -> None:
        self._checker = checker
        self._text = text
        self._given = given
        self._account = account
        self._known: dict[frozenset[Stretch], CheckResult] = {}

    def result(self, stretches: Collection[Stretch]) -> CheckResult:
        key = frozenset(stretches)
        if key not in self._known:
            without = replace(self._given, stretches=self._given.stretches | key)
            self._known[key] = check_without(self._checker, self._text, without, account=self._account)
        return self._known[key]

    def passes(self, stretches: Collection[Stretch]) -> bool:
        return not self.result(stretches).is_alarm

    def smaller(self, matched: Sequence[Stretch], size: int) -> tuple[Stretch, ...] | None:
        for count in range(1, size):
            for group in combinations(matched, count):
                if len(self._known) >= MOST_CHECKS:
                    return None
                if self.passes(group):
                    return group
        return None


class _Hiding:
    """An index without some posts: to those who ask, they are gone."""

    def __init__(self, index: LocalIndex, without: Exclusions) -> None:
        self._index = index
        self._without = without

    def __getattr__(self, name: str) -> Any:
        return getattr(self._index, name)

    def posts_at(self, rows: Iterable[int]) -> dict[int, Post]:
        """Return the posts at rows, without those that are left out."""
        return {row: post for row, post in self._index.posts_at(rows).items() if self._counts(post)}

    def _counts(self, post: Post) -> bool:
        elsewhere = self._without.platform and post.platform != self._without.platform
        return post.post_id not in self._without.posts and not elsewhere
