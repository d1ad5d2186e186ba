"""Which notes a report needs: every weakness of the corpus that bears on its figures, said before they are read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from originality.models import Post
from originality.report.lines import SpanFacts
from originality.report.movement import LEAST_WEEKS
from originality.report.notes import Note
from originality.report.order import bare_date
from originality.report.pairs import ENOUGH
from originality.report.records import Event, Report

NAMED = 12  # accounts or days named in one note: more is a list nobody reads


def notes_of(
    report: Report, now: SpanFacts, past: Sequence[Event], known: Iterable[str], gone: int
) -> tuple[Note, ...]:
    """Return the notes of a report, the gravest first.

    Args:
        report: without its notes.
        now: the span.
        past: events of the history.
        known: every account of the index.
        gone: events of the span that vanished with a deleted post.
    """
    found = [
        *_corpus(report, now),
        *_times(report, now.posts),
        *_sides(report, now, set(known)),
        *_results(report, now, past),
    ]
    if gone:
        found.append(Note(code="sources_gone", count=gone))
    return tuple(found)


def _corpus(report: Report, now: SpanFacts) -> Iterator[Note]:
    coverage = report.coverage
    if not now.posts:
        yield Note(code="no_posts")
    elif not report.headline.checked.value:
        yield Note(code="nothing_checked")
    elif len(coverage.accounts) == 1:
        yield Note(code="one_account", names=(coverage.accounts[0].account,))
    if now.posts and coverage.posts == len(now.posts):
        yield Note(code="no_earlier_posts")


def _times(report: Report, posts: Sequence[Post]) -> Iterator[Note]:
    coverage = report.coverage
    if coverage.hours_missing:
        yield Note(code="ends_early", count=coverage.hours_missing)
    if posts and (holes := coverage.days_without_posts):
        yield Note(code="holes", count=len(holes), names=holes[:NAMED])
    if undated := report.left_out.get("no_time", 0):
        yield Note(code="no_time", count=undated)
    if dates := _count(posts, lambda post: post.published_at is not None and bare_date(post.published_at)):
        yield Note(code="bare_dates", count=dates)
    if bare := _count(posts, lambda post: post.reposts is None and post.comments is None and post.likes is None):
        yield Note(code="no_counts", count=bare)


def _sides(report: Report, now: SpanFacts, known: set[str]) -> Iterator[Note]:
    posting = {post.account for post in now.posts}
    if not report.own:
        yield Note(code="no_own")
    if unknown := tuple(account for account in report.own if account not in known):
        yield Note(code="unknown_own", names=unknown[:NAMED])
    if silent := tuple(account for account in report.own if account in known - posting):
        yield Note(code="silent_own", names=silent[:NAMED])


def _results(report: Report, now: SpanFacts, past: Sequence[Event]) -> Iterator[Note]:
    if unordered := sum(event.order == "unknown" for event in report.events):
        yield Note(code="unordered", count=unordered)
    following = sum(event.follows for event in (*now.events, *past))
    if now.posts and following < ENOUGH:
        yield Note(code="few_events", count=following)
    weeks = len({week for topic in report.topics for week, posts in enumerate(topic.weeks) if posts})
    if now.posts and weeks < LEAST_WEEKS:
        yield Note(code="few_weeks", count=weeks)
    if report.history and report.headline.posts.before == 0:
        yield Note(code="no_history")


def _count(posts: Sequence[Post], holds: Callable[[Post], bool]) -> int:
    return sum(holds(post) for post in posts)
