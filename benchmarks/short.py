"""Short texts: imitations found, coincidences and real lines accused, and how long it takes.

    python benchmarks/short.py            recall on invented imitations, false alarms on coincidences and real lines, ms
    python benchmarks/short.py --fit      also print weights fitted on the pairs of the set "fit", and the null's curve
    python benchmarks/short.py --more 200000  only retrieval, in a corpus with so many posts more
    python benchmarks/short.py --list     also print what was accused though nobody copied it, and what was missed

Needs ../shared/bench and ../shared/data. The pairs are those of tests/short_pairs.json: their sources are put among the
8,060 real posts of the bench corpus, each by an account of its own; a common phrase by as many further accounts as
"also" says. The null are real short posts and lines by accounts other than those they are compared with: `--lines`
drawn from the bench corpus and as many from ../shared/data. Both corpora hold cascades: where the two posts share
further wording beside the line, or the line is the same and has 11 letters and more, it is a real copy and is counted
apart. What is timed is CPU time of one
thread, for other work shares the cores; no encoder is loaded, the whole-post check beside it is measured by
benchmarks/latency.py.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import sqlite3
import statistics
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.common import ROOT, SHARED, WORK, require_bench
from originality import sketch, words
from originality.align import align
from originality.clean import clean
from originality.index import Entry, LocalIndex, open_index
from originality.models import CleanText, Post
from originality.score import load_model
from originality.short import LONGEST, SHORTEST, Compared, compare, extract
from originality.short.comparing import KEY_CAP, LOOKED_UP
from originality.short.judge import NULL, evidence, risk, terms
from originality.short.lines import keys_of

PAIRS = ROOT / "tests" / "short_pairs.json"
BATCH = 20_000  # posts written at once
COPY = 11  # letters of a line that two accounts do not write alike by chance
FURTHER = 8  # matched letters beside the line by which two posts are copies of each other
MAKER = "short-benchmark"  # account names of the invented sources begin so


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lines", type=int, default=500)
    parser.add_argument("--seed", type=int, default=20, help="which real lines are drawn; `NULL` was counted on 20")
    parser.add_argument("--more", type=int, default=0, help="posts of ../shared/data/weibo_covid_2020.parquet to add")
    parser.add_argument("--encoder", default="default", help="whose bench index gives the posts")
    parser.add_argument("--fit", action="store_true")
    parser.add_argument("--list", action="store_true")
    arguments = parser.parse_args()
    require_bench()
    pairs = json.loads(PAIRS.read_text(encoding="utf-8"))
    words.cut("")  # loads the dictionary
    with _index(arguments.encoder, pairs) as index:
        _enlarge(index, arguments.more)
        began = time.process_time()
        index.lines.catch_up(extract)
        print(f"{index.info().posts} posts read into the file of lines in {time.process_time() - began:.1f} CPU s")
        null = list(_null(index, arguments.lines, arguments.seed))
        times: list[float] = []
        looks = sorted(_timed(index, pair["draft"]) for pair in pairs)
        print(f"retrieval alone: p50 {statistics.median(looks):.1f}, p95 {looks[int(0.95 * len(looks))]:.1f} CPU ms")
        if arguments.more:
            return 0
        alarms = _report_null(index, null, times, arguments)
        _report_pairs(index, pairs, times, arguments)
    times.sort()
    print(
        f"{len(times)} comparisons: p50 {statistics.median(times):.1f}, p95 {times[int(0.95 * len(times))]:.1f} CPU ms"
    )
    return 0 if alarms <= 1 else 1


def _index(encoder: str, pairs: Sequence[dict[str, Any]]) -> LocalIndex:
    """Return a copy of the bench index with the invented sources added, without vectors."""
    origin, folder = WORK / f"index-corpus-{encoder}" / "posts.sqlite", WORK / "short"
    if not origin.exists():
        sys.exit("The bench corpus is not indexed yet: python benchmarks/latency.py")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    with closing(sqlite3.connect(origin)) as old, closing(sqlite3.connect(folder / "posts.sqlite")) as new:
        old.backup(new)
    index = open_index(folder)
    posts = [
        Post(post_id=f"{MAKER}-{i}-{k}", account=f"{MAKER}-{i}-{k}", text=pair["source"])
        for i, pair in enumerate(pairs)
        for k in range(1 + pair.get("also", 0))
    ]
    index.write([_entry(post) for post in posts], {})
    return index


def _enlarge(index: LocalIndex, more: int) -> None:
    """Add real posts, without anything that only other ways of retrieval need."""
    nothing = {"fingerprints": np.empty(0, np.uint32), "signature": np.zeros(sketch.NUM_PERM, np.uint32)}
    for start in range(0, more, BATCH):
        rows = _covid(start, min(BATCH, more - start))
        posts = [
            Post(post_id=f"more-{start + i}", account=f"data {user}", text=text) for i, (text, user) in enumerate(rows)
        ]
        index.write([Entry(post=post, vector_keys=(), words=(), **nothing) for post in posts], {})


def _entry(post: Post) -> Entry:
    cleaned = clean(post.text)
    return Entry(
        post=post,
        fingerprints=sketch.fingerprints(cleaned.letters),
        signature=sketch.signatures([cleaned.letters])[0],
        vector_keys=(),
        words=words.content_words(words.cut(cleaned.text)),
    )


def _null(index: LocalIndex, count: int, seed: int) -> Iterator[tuple[str, str, str]]:
    """Yield (line, account, whole post) of real lines: from the corpus itself, and from posts that are not in it."""
    generator = random.Random(seed)
    stored = index.store.rows("SELECT text, account FROM post WHERE account NOT LIKE ? ORDER BY row", (f"{MAKER}%",))
    yield from _lines(generator.sample(stored, len(stored)), count)
    known = {text for text, _ in stored}
    others = [(text, account) for text, account in _data() if text not in known]
    yield from _lines(generator.sample(others, min(len(others), 20 * count)), count)


def _data() -> list[tuple[str, str]]:
    import pyarrow.parquet as pq

    ced = pq.read_table(SHARED / "data" / "weibo_ced_posts.parquet", columns=["text", "uid"]).to_pylist()
    rows = [*_covid(0, 60_000), *((row["text"], row["uid"]) for row in ced)]
    return [(text, f"data {account}") for text, account in rows if text]


def _covid(start: int, count: int) -> list[tuple[str, str]]:
    import pyarrow.parquet as pq

    table = pq.read_table(SHARED / "data" / "weibo_covid_2020.parquet", columns=["text", "user"]).slice(start, count)
    return [(row["text"] or "", row["user"]) for row in table.to_pylist()]


def _lines(posts: Sequence[tuple[str, str]], count: int) -> Iterator[tuple[str, str, str]]:
    """Yield one line of each post, its account and the whole post, until there are enough."""
    found = 0
    for text, account in posts:
        lines = [line.text for line in extract(text) if _fits(clean(line.text))]
        if lines and found < count:
            found += 1
            yield lines[0], account, text
        if found == count:
            return


def _fits(draft: CleanText) -> bool:
    return SHORTEST <= len(draft.letters) <= LONGEST


def _worst(index: LocalIndex, text: str, account: str, times: list[float]) -> Compared | None:
    """Return the strongest line that is not everybody's."""
    began = time.thread_time()
    found = compare(clean(text), index, lambda post: post.account != account and not post.account.startswith(MAKER))
    times.append(1000 * (time.thread_time() - began))
    return next((each for each in found if not each.common), None)


def _is_copy(found: Compared | None, whole: str) -> bool:
    """Say whether the post that a line is from and the one that it was found in are copies of each other."""
    if found is None:
        return False
    if len(found.draft.letters) >= COPY and found.draft.letters == found.source.letters:
        return True
    ours = clean(whole)
    covered = align(ours, clean(found.post.text)).covered_draft(len(ours.letters))
    at = ours.letters.find(found.draft.letters)
    return int(covered.sum() - covered[at : at + len(found.draft.letters)].sum()) >= FURTHER


def _timed(index: LocalIndex, text: str) -> float:
    keys = keys_of(clean(text).letters)
    began = time.thread_time()
    index.lines.near(keys, KEY_CAP, LOOKED_UP)
    return 1000 * (time.thread_time() - began)


def _report_null(
    index: LocalIndex, null: Sequence[tuple[str, str, str]], times: list[float], arguments: argparse.Namespace
) -> float:
    """Print how many of 100 real lines are accused; return that."""
    model = load_model()
    every = [(text, whole, _worst(index, text, account, times)) for text, account, whole in null]
    worst = [(text, each) for text, whole, each in every if not _is_copy(each, whole)]
    strengths = sorted((each.strength if each else -99.0 for _, each in worst), reverse=True)
    accused = [(text, each) for text, each in worst if each and risk(each.strength, model) >= model.alarm]
    both = sum(each is not None and risk(each.strength, model) >= model.alarm for _, _, each in every)
    looked = sum(each is not None and risk(each.strength, model) >= model.review for _, each in worst)
    print(
        f"{len(worst)} real lines against other accounts: {100 * len(accused) / len(worst):.2f} alarms and "
        f"{100 * looked / len(worst):.2f} for review or worse per 100; "
        f"{len(every) - len(worst)} real copies beside them (counted as well: {100 * both / len(every):.2f} alarms)"
    )
    if arguments.list:
        for text, each in accused:
            print(f"  {each.strength:6.2f}  {text}  <-  {each.source.text}  ({each.voices} voices)")
    if arguments.fit:
        points = [(rate, round(strengths[int(rate / 100 * len(strengths))], 2)) for rate, _ in NULL]
        print(f"NULL = {tuple(points)}")
        _fit(index, [each for _, each in worst if each])
    return 100 * len(accused) / len(worst)


def _fit(index: LocalIndex, negatives: Sequence[Compared]) -> None:
    """Print weights fitted on the pairs of the set "fit" and on the closest lines of the null's first half."""
    from sklearn.linear_model import LogisticRegression

    rows, labels = [], []
    for i, pair in enumerate(json.loads(PAIRS.read_text(encoding="utf-8"))):
        if pair["set"] == "fit" and "also" not in pair:
            found = [each for each in compare(clean(pair["draft"]), index) if each.post.account == f"{MAKER}-{i}-0"]
            rows += [list(terms(each.figures).values()) for each in found]
            labels += [pair["label"] == "imitation"] * len(found)
    for each in negatives[::2]:
        rows.append(list(terms(each.figures).values()))
        labels.append(False)
    fitted = LogisticRegression(C=5.0, class_weight="balanced", max_iter=1000).fit(np.array(rows), labels)
    names = terms(negatives[0].figures)
    print({name: round(float(value), 2) for name, value in zip(names, fitted.coef_[0], strict=True)})
    print(f"intercept {float(fitted.intercept_[0]):.2f}, {sum(labels)} imitations, {len(labels) - sum(labels)} others")


def _report_pairs(
    index: LocalIndex, pairs: Sequence[dict[str, Any]], times: list[float], arguments: argparse.Namespace
) -> None:
    """Print what is found of each device, and what is accused of each kind of coincidence."""
    model = load_model()
    flagged: Counter[tuple[str, str, str]] = Counter()
    looked: Counter[tuple[str, str, str]] = Counter()
    count: Counter[tuple[str, str, str]] = Counter()
    for i, pair in enumerate(pairs):
        group = (pair["set"], pair["label"], pair["device"])
        began = time.thread_time()
        found = compare(clean(pair["draft"]), index)
        times.append(1000 * (time.thread_time() - began))
        own = next((each for each in found if each.post.account.startswith(f"{MAKER}-{i}-")), None)
        alarm = own is not None and not own.common and risk(own.strength, model) >= model.alarm
        looked[group] += own is not None and not own.common and risk(own.strength, model) >= model.review
        count[group] += 1
        flagged[group] += alarm
        if arguments.list and alarm != (pair["label"] == "imitation"):
            figures = own and {name: round(value, 2) for name, value in terms(own.figures).items()}
            print(
                f"  {group}  {pair['source']} => {pair['draft']}  {own and round(evidence(own.figures), 2)} {figures}"
            )
    for group in count:
        print(f"{' / '.join(group)}: {flagged[group]} of {count[group]} alarms, {looked[group]} for review or worse")
    for which in ("fit", "held"):
        for label in ("imitation", "coincidence"):
            keys = [key for key in count if key[:2] == (which, label)]
            hits, seen, all_ = (sum(counts[key] for key in keys) for counts in (flagged, looked, count))
            print(f"{which} {label}s accused: {hits} of {all_} ({hits / all_:.2f}), for review or worse: {seen}")


if __name__ == "__main__":
    sys.exit(main())
