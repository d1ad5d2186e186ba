"""The report over a real corpus: how long it takes, and whether its wording events are those of a pairwise search.

    python benchmarks/report.py               the week of 2020-02-03, the 200 most active accounts, fast profile
    python benchmarks/report.py --sample 5    a smaller sample; what an earlier run has found is not computed again

The pairwise search looks at every earlier post of the other accounts that shares a run of eight letters with a post of
the sample (no index, no cap, no candidate list) and lets the same judge weigh each such pair. What the report misses of
it was lost by retrieval; what it has beyond it should not be there. The index is kept under build/bench.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

os.environ.setdefault("ORIGINALITY_THREADS", "1")  # before torch is loaded
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.common import SHARED, WORK, require_bench
from originality import Checker, score
from originality.align import align
from originality.boilerplate import find_boilerplate
from originality.build import build
from originality.embed import load_encoder
from originality.index import open_index
from originality.models import BEIJING, Post
from originality.report import Report, compile_report
from originality.report.order import not_later
from originality.report.stored import Stored, stored_posts
from originality.retrieve import retrieve
from originality.workers import cores

COVID = SHARED / "data" / "weibo_covid_2020.parquet"
WEEK = "2020-W06"
WINDOW = timedelta(days=90)
RUN = 8  # letters: retrieval by fingerprints promises to find every shared run of so many
WHOLE_LETTERS = 12  # of a post that is surely no coincidence where another has the same
WORDS = {"verbatim", "near"}  # a rewrite need not share a run, so the pairwise search cannot speak of it


def posts_of(accounts: int) -> Iterator[Post]:
    """Yield the posts of the most active accounts; the file has bare dates and pseudonyms."""
    from pyarrow import parquet

    columns = parquet.read_table(COVID).to_pydict()
    kept = {user for user, _ in Counter(columns["user"]).most_common(accounts)}
    for row, day, user, text in zip(columns["row"], columns["date"], columns["user"], columns["text"], strict=True):
        if user in kept:
            at = datetime.fromisoformat(day).replace(tzinfo=BEIJING)
            yield Post(post_id=f"covid-{row}", account=user, text=text, published_at=at)


def covid_index(accounts: int, setting: str) -> Path:
    """Return the folder with the index of the most active accounts, built where it is missing."""
    folder = WORK / f"index-covid{accounts}-{setting}"
    encoder = load_encoder(setting)
    with open_index(folder, encoder=setting, encoder_name=encoder.name) as index:
        if not index.info().posts:
            build(posts_of(accounts), index, encoder)
    return folder


# -- the pairwise search -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Truth:
    """What the pairwise search says about one post: the sources that are an alarm, with their risks."""

    draft_id: str
    sources: dict[str, float]
    repeated: bool
    """Whether an earlier post has the same letters, whatever the judge says."""


class Pairwise:
    """Every pair of a post and an earlier post of another account, by the runs that they share."""

    def __init__(self, checker: Checker, until: datetime) -> None:
        """Read all posts before a time."""
        self._checker = checker
        self._model = score.load_model()
        self._posts = [item for item in stored_posts(checker.index, until - WINDOW - timedelta(days=7), until)]
        self._number = {item.post.post_id: number for number, item in enumerate(self._posts)}
        self._runs: dict[str, list[int]] = defaultdict(list)
        for number, item in enumerate(self._posts):
            for run in _runs(item.clean.letters):
                self._runs[run].append(number)

    def drafts(self, accounts: set[str], since: datetime) -> list[Stored]:
        """Return the posts of some accounts since a time."""
        return [item for item in self._posts if item.post.account in accounts and item.at >= since]

    def truth(self, draft: Stored) -> Truth | None:
        """Return what the judge says about every pair; None where the post has too little of its own to tell."""
        checker = self._checker
        found = retrieve(draft.clean, checker.index, checker.encoder, checker.settings, self._admits(draft))
        common = find_boilerplate(draft.clean, found.carriers, checker.index, checker.settings.df_cap)
        if common.own < checker.settings.min_letters:
            return None
        side = score.Side.of(draft.clean, found.vectors, ~common.mask)
        usual = score.context(
            draft.clean,
            side.words,
            ~common.mask,
            found.carriers,
            checker.index.word_counts(sorted(side.words)),
            checker.index.info().posts,
            found.backgrounds,
        )
        posts = {candidate.row: found.posts[candidate.row] for candidate in found.candidates}
        beside = self._stored(posts.values())
        partners = self._partners(draft)
        pairs = []
        for item in {item.post.post_id: item for item in (*beside, *partners)}.values():
            if item.vectors is not None:
                source = score.Side.of(item.clean, item.vectors)
                pairs.append(score.weigh(side, source, item.post, align(side.clean, source.clean), usual))
        judged = score.judge(side, score.compare(pairs), usual, self._model)
        alarms = [each for each in judged if each.risk >= self._model.alarm and each.kind in WORDS]
        letters = draft.clean.letters
        return Truth(
            draft.post.post_id,
            {each.pair.post.post_id: each.risk for each in alarms},
            len(letters) >= WHOLE_LETTERS and any(item.clean.letters == letters for item in partners),
        )

    def _stored(self, posts: Iterable[Post]) -> list[Stored]:
        """Return posts with what is stored about them: what the judge sees a pair beside."""
        return [self._posts[self._number[post.post_id]] for post in posts if post.post_id in self._number]

    def _admits(self, draft: Stored) -> Callable[[Post], bool]:
        begin, end = draft.at - WINDOW, not_later(draft.at)

        def admits(post: Post) -> bool:
            at = post.published_at
            return post.account != draft.post.account and at is not None and begin <= at < end

        return admits

    def _partners(self, draft: Stored) -> list[Stored]:
        admits = self._admits(draft)
        numbers = {number for run in _runs(draft.clean.letters) for number in self._runs[run]}
        return [self._posts[number] for number in sorted(numbers) if admits(self._posts[number].post)]


def _runs(letters: str) -> set[str]:
    """Return the runs of a text; one that is shorter is its own only run."""
    return {letters[i : i + RUN] for i in range(max(1, len(letters) - RUN + 1))}


def compare(report: Report, truths: Sequence[Truth]) -> None:
    """Print recall and precision of the report's wording events over the posts of the sample."""
    drafts = {truth.draft_id for truth in truths}
    events = [e for e in (*report.events, *report.set_aside) if e.lane == "wording" and e.kind in WORDS]
    found = {event.draft.post_id: event for event in events if event.draft.post_id in drafts}
    # A pair of unknown order is listed once, from one side; the pairwise search sees it from both.
    mirrored = {event.source.post_id for event in events if event.order == "unknown"} - found.keys()
    true = {truth.draft_id: truth.sources for truth in truths if truth.sources and truth.draft_id not in mirrored}
    both = found.keys() & true.keys()
    named = sum(found[draft].source.post_id in true[draft] for draft in both)
    print(f"posts of the sample: {len(drafts)}; pairwise alarms: {len(true)}; events of the report: {len(found)}")
    print(f"recall {len(both)}/{len(true)} = {len(both) / max(1, len(true)):.3f}")
    print(f"precision {len(both)}/{len(found)} = {len(both) / max(1, len(found)):.3f}")
    print(f"the source that the report names is an alarm of its own: {named}/{len(both)}")
    repeated = {truth.draft_id for truth in truths if truth.repeated} - mirrored
    print(f"posts with the letters of an earlier one, whatever the judge says: {len(repeated)}, ", end="")
    print(f"of them events {len(repeated & found.keys())}")
    for draft in sorted(true.keys() - both)[:20]:
        print(f"missed: {draft} <- {max(true[draft], key=lambda source: true[draft][source])}")
    for draft in sorted(found.keys() - both)[:20]:
        print(f"beyond: {draft} <- {found[draft].source.post_id} {found[draft].kind} {found[draft].risk:.2f}")


def main() -> None:
    """Report, time it, compare a sample."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--accounts", type=int, default=200)
    parser.add_argument("--encoder", default="fast")
    parser.add_argument("--sample", type=int, default=20, help="accounts of the pairwise search; 0 for none")
    arguments = parser.parse_args()
    require_bench()
    with Checker.open(covid_index(arguments.accounts, arguments.encoder)) as checker:
        began, busy = time.perf_counter(), time.process_time()
        report = compile_report(checker, WEEK, processes=cores())
        wall, cpu = time.perf_counter() - began, time.process_time() - busy
        print(f"{report.headline.posts.value:.0f} posts, {len(report.events)} events, {wall:.0f} s ({cpu:.0f} s here)")
        if arguments.sample:
            _compare_sample(checker, report, arguments.sample)


def _compare_sample(checker: Checker, report: Report, sample: int) -> None:
    busiest = [line.account for line in report.accounts if line.checked]
    accounts = set(busiest[:: max(1, len(busiest) // sample)][:sample])  # from the loudest to the quietest
    pairwise = Pairwise(checker, report.days.until)
    drafts = pairwise.drafts(accounts, report.days.since)
    compare(report, [truth for draft in drafts if draft.clean.letters and (truth := pairwise.truth(draft))])


if __name__ == "__main__":
    main()
