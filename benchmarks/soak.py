"""An hour of checks and updates at once: memory must stay flat, and no check become slower.

    python benchmarks/soak.py [--minutes 60] [--posts 4000] [--encoder fast] [--rest 0.2]

Begins with the demo corpus and posts recombined from its sentences. One thread checks drafts (copies, stitched, new,
long and worthless ones), another adds posts, gives some another text, and forgets as many as it adds, so that the index
stays as large as it was. Prints a table of five-minute rows: checks, their p50 and p95, resident memory, files, size of
the index. The first row is the warm-up; bars: memory of the last row within 5 % of the second, and p50 within 25 %.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

os.environ["ORIGINALITY_THREADS"] = os.environ["OMP_NUM_THREADS"] = "1"  # the updates are the second thread
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.common import ROOT
from originality import Checker
from originality.build import build
from originality.collect import open_source
from originality.embed import Encoder, load_encoder
from originality.index import LocalIndex, open_index
from originality.models import BEIJING, Post

ROWS = 12  # of an hour: one each five minutes
BATCH = 20  # posts added, and forgotten, at a time
MOST_GROWTH, MOST_SLOWER = 1.05, 1.25
START = datetime(2026, 1, 1, tzinfo=BEIJING)


@dataclass(slots=True)
class Row:
    """What happened in one stretch of time."""

    seconds: float
    times: list[float] = field(default_factory=list)
    """Milliseconds of each check."""
    updates: int = 0
    forgotten: int = 0
    resident: float = 0.0
    """MB at its end."""
    files: int = 0
    """Open files at its end."""
    disk: float = 0.0
    """MB of the index at its end."""

    def show(self) -> str:
        """Return it as a line of the table."""
        times = sorted(self.times) or [0.0]
        return (
            f"| {self.seconds / 60:5.1f} | {len(self.times):6d} | {statistics.median(times):6.1f} | "
            f"{times[int(0.95 * (len(times) - 1))]:6.1f} | {self.updates:6d} | {self.forgotten:6d} | "
            f"{self.resident:8.1f} | {self.files:4d} | {self.disk:7.1f} |"
        )


class Maker:
    """Recombines the sentences of real-looking posts, for ever and by plan."""

    def __init__(self, texts: list[str], seed: int) -> None:
        self._sentences = [part for text in texts for part in text.split("。") if len(part) > 6]
        self._chance = random.Random(seed)
        self.made = 0

    def text(self) -> str:
        """Return a text of three to six sentences with a number of its own."""
        chosen = self._chance.sample(self._sentences, self._chance.randint(3, 6))
        return "。".join(chosen) + f"。第{self._chance.randint(1, 10**9)}号"

    def post(self) -> Post:
        """Return a post by one of forty accounts."""
        self.made += 1
        return Post(
            post_id=f"soak{self.made:08d}",
            account=f"账号{self.made % 40}",
            text=self.text(),
            published_at=START + timedelta(minutes=self.made),
        )

    def draft(self, posts: list[Post]) -> str:
        """Return a draft of one of five kinds."""
        kind = self._chance.randrange(20)
        if kind == 0:
            return "茶" * 3_000
        if kind == 1:
            return "😀🎉[doge]#话题#"
        if kind < 8:
            return self._chance.choice(posts).text
        if kind < 12:
            return "，".join(self._chance.choice(posts).text[:25] for _ in range(3))
        return self.text()


def main() -> int:
    """Run and print; fail beyond the bars."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--posts", type=int, default=4000)
    parser.add_argument("--encoder", default="fast")
    parser.add_argument("--rest", type=float, default=0.2, help="seconds between two updates")
    arguments = parser.parse_args()
    encoder = load_encoder(arguments.encoder)
    with tempfile.TemporaryDirectory() as folder:
        with open_index(folder, encoder=arguments.encoder, encoder_name=encoder.name) as index:
            maker, posts = _begun(index, encoder, arguments.posts)
        rows = soak(Path(folder), encoder, maker, posts, 60 * arguments.minutes, arguments.rest)
    return _judged(rows)


def _begun(index: LocalIndex, encoder: Encoder, count: int) -> tuple[Maker, list[Post]]:
    demo = [item for item in open_source([ROOT / "demo" / "posts"]) if isinstance(item, Post)]
    maker = Maker([post.text for post in demo], 1)
    posts = demo + [maker.post() for _ in range(count)]
    build(posts, index, encoder)
    return maker, posts


class Updates(threading.Thread):
    """Adds posts, changes some, and forgets as many as it has added, until it is told to stop."""

    def __init__(self, folder: Path, encoder: Encoder, maker: Maker, posts: list[Post], rest: float) -> None:
        super().__init__()
        self.row = Row(0.0)
        self.failed: BaseException | None = None
        self.stop = threading.Event()
        self._folder, self._encoder, self._maker, self._posts, self._rest = folder, encoder, maker, posts, rest

    def run(self) -> None:
        """Update until told to stop, or until something fails."""
        try:
            with open_index(self._folder) as index:
                while not self.stop.wait(self._rest):
                    self._update(index)
        except BaseException as error:
            self.failed = error

    def _update(self, index: LocalIndex) -> None:
        posts = self._posts
        fresh = [self._maker.post() for _ in range(BATCH)]
        edited = [replace(post, text=post.text + "改", edits=1) for post in posts[-3:]]
        build([*fresh, *edited], index, self._encoder)
        self.row.updates += BATCH
        gone = posts[-400 : -400 + BATCH]
        self.row.forgotten += index.delete([post.post_id for post in gone])
        posts[-400 : -400 + BATCH] = []
        posts += fresh


def soak(
    folder: Path, encoder: Encoder, maker: Maker, posts: list[Post], seconds: float, rest: float = 0.0
) -> list[Row]:
    """Check and update for so many seconds; print a row each twelfth of it, and return the rows."""
    print("|   min | checks | p50 ms | p95 ms |  added | forgot | resident |  fds | disk MB |")
    print("|---|---|---|---|---|---|---|---|---|")
    rows, began = [], time.monotonic()
    drafts = Maker([post.text for post in posts[:400]], 2)
    updates = Updates(folder, encoder, maker, posts, rest)
    with Checker(open_index(folder), encoder) as checker:
        updates.start()
        try:
            for number in range(1, ROWS + 1):
                row = updates.row
                while time.monotonic() - began < number * seconds / ROWS and not updates.failed:
                    row.times.append(checker.check(drafts.draft(posts)).elapsed_ms)
                updates.row = Row(0.0)
                _note(row, folder, time.monotonic() - began)
                print(row.show(), flush=True)
                rows.append(row)
        finally:
            updates.stop.set()
            updates.join()
    if updates.failed:
        raise updates.failed
    return rows


def _note(row: Row, folder: Path, seconds: float) -> None:
    row.seconds = seconds
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    row.resident = pages * os.sysconf("SC_PAGE_SIZE") / 1e6
    row.files = len(list(Path("/proc/self/fd").iterdir()))
    row.disk = sum(path.stat().st_size for path in folder.iterdir()) / 1e6


def _judged(rows: list[Row]) -> int:
    first, last = rows[1], rows[-1]
    memory = last.resident / first.resident
    slower = statistics.median(last.times) / statistics.median(first.times)
    flat = memory <= MOST_GROWTH and slower <= MOST_SLOWER
    print(f"memory {100 * (memory - 1):+.1f} %, p50 {100 * (slower - 1):+.1f} % from the second row to the last")
    return 0 if flat else 1


if __name__ == "__main__":
    sys.exit(main())
