"""Known truth: accounts that lead, follow and drift by design, through the real report; does it say so?

    python benchmarks/simulation.py                 40 worlds of each kind
    python benchmarks/simulation.py --worlds 10 --first 0      the worlds on which the thresholds were chosen: 0 to 39

Texts are made of the words of invented subjects and carry vectors of their subject; everything after the encoder is the
report itself: index, topics, directions, and for the copies the checker, events and pairs. Worlds without a plant have
the same rhythms, bursts and sizes; what is claimed there is a false claim. Needs no data and no model.
"""

from __future__ import annotations

import argparse
import functools
import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

os.environ.setdefault("ORIGINALITY_THREADS", "1")
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np
from numpy.typing import NDArray

from originality.build import build
from originality.checker import Checker
from originality.embed.passages import separately
from originality.index import open_index
from originality.models import Post
from originality.report.compiling import compile_report
from originality.report.days import parse_days
from originality.report.records import Report
from originality.settings import Settings

SPAN = parse_days("2026-W46")
WEEKS = 12
START = SPAN.until - timedelta(weeks=WEEKS)
SUBJECTS = 16
ACCOUNTS = ("青禾", "临溪", "望舒", "北岸", "拾光", "山止")
A, B = ACCOUNTS[0], ACCOUNTS[1]
_SYLLABLES = "茶咖鞋伞灯表杯糖盐米面油皂膜粉霜露车帐篷椅桌碗筷锅瓶书笔纸布丝棉麻瓦木竹石铜银花草叶果"


@dataclass(slots=True)
class World:
    """One simulated corpus."""

    rng: np.random.Generator
    posts: list[Post] = field(default_factory=list)

    def publish(self, account: str, day: float, subject: int, text: str = "") -> str:
        """Publish a post and return its text."""
        text = text or write(self.rng, subject)
        at = START + timedelta(days=int(day), minutes=int(self.rng.integers(8 * 60, 22 * 60)))
        number = len(self.posts)
        self.posts.append(
            Post(post_id=f"s{number:05}", account=account, text=text, published_at=at, reposts=number % 50)
        )
        return text


@functools.cache
def words_of(subject: int) -> list[str]:
    """Return the words of a subject; number `SUBJECTS` has those that go with any."""
    rng = np.random.default_rng([5, subject])
    return ["".join(rng.choice(list(_SYLLABLES), 2)) for _ in range(24)]


def write(rng: np.random.Generator, subject: int) -> str:
    """Return a text on a subject: its words in an order that nobody else has, between words of all subjects."""
    words = list(rng.choice(words_of(subject), 9)) + list(rng.choice(words_of(SUBJECTS), 5))
    rng.shuffle(words)
    return "、".join(words[:7]) + "，" + "、".join(words[7:]) + f"，第{rng.integers(10_000, 99_999)}号。"


class SubjectEncoder:
    """Vectors of the subject whose words a text has, with noise of its own."""

    name = "subjects@1"
    dim = 32
    contextual = False

    def __init__(self) -> None:
        """Give every word the direction of its subject."""
        rng = np.random.default_rng(3)
        directions = rng.standard_normal((SUBJECTS, self.dim))
        self._of_word = {word: directions[subject] for subject in range(SUBJECTS) for word in words_of(subject)}

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return one unit row per text."""
        rows = np.zeros((len(texts), self.dim), np.float32)
        for row, text in zip(rows, texts, strict=True):
            noise = np.random.default_rng(np.frombuffer(text.encode()[:64].ljust(64), np.uint8))
            row += noise.standard_normal(self.dim).astype(np.float32)
            for word in text.replace("，", "、").split("、"):
                if word in self._of_word:
                    row += self._of_word[word].astype(np.float32)
            row /= np.linalg.norm(row)
        return rows

    def encode_parts(self, groups: Sequence[Sequence[str]]) -> list[NDArray[np.float32]]:
        """Return the rows of texts and of their passages, each read for itself."""
        return separately(groups, self.encode)


# -- worlds ------------------------------------------------------------------------------------------------------------


def rhythm(rng: np.random.Generator, account: str) -> NDArray[np.float64]:
    """Return the days on which an account posts: from 6 to 14 posts a week, some accounts in bursts."""
    count = int(WEEKS * rng.integers(6, 15))
    days = rng.uniform(0, 7 * WEEKS, count)
    if ACCOUNTS.index(account) % 2:  # half of the accounts post in campaigns
        days = np.where(rng.random(count) < 0.5, days, 7 * rng.integers(0, WEEKS, count) + rng.uniform(0, 2, count))
    return np.sort(days[days < 7 * WEEKS - 0.01])


def usual(rng: np.random.Generator) -> NDArray[np.float64]:
    """Return how often an account speaks of each subject when nothing is planted."""
    return rng.dirichlet(np.full(SUBJECTS, 0.5))


def background(world: World, account: str, shares: NDArray[np.float64], fashions: Sequence[tuple[float, int]]) -> None:
    """Publish an account's own posts; now and then it joins a fashion that all speak of for a week."""
    for day in rhythm(world.rng, account):
        current = [subject for begin, subject in fashions if begin <= day < begin + 7]
        joins = bool(current) and world.rng.random() < 0.25
        world.publish(account, day, current[0] if joins else int(world.rng.choice(SUBJECTS, p=shares)))


def fashions(rng: np.random.Generator) -> list[tuple[float, int]]:
    """Return two subjects that everybody speaks of for a week, as on a holiday."""
    return [(float(rng.uniform(0, 70)), int(subject)) for subject in rng.choice(SUBJECTS, 2, replace=False)]


def plain(world: World) -> None:
    """Nobody follows anybody."""
    trends = fashions(world.rng)
    for account in ACCOUNTS:
        background(world, account, usual(world.rng), trends)


def adoption(world: World) -> None:
    """A takes up ten subjects one after the other, B takes up each of them three to ten days later."""
    rng = world.rng
    trends = fashions(rng)
    stock = rng.permutation(SUBJECTS)
    fresh, old = stock[:10], stock[10:]
    for account in ACCOUNTS[2:]:
        background(world, account, usual(rng), trends)
    for account in (A, B):
        shares = np.zeros(SUBJECTS)
        shares[old] = rng.dirichlet(np.ones(len(old)))
        background(world, account, shares, [])
    for number, subject in enumerate(fresh):
        day = 15 + 5.5 * number + float(rng.uniform(0, 2))
        for account, delay in ((A, 0.0), (B, float(rng.uniform(3, 10)))):
            for _ in range(int(rng.integers(3, 6))):
                world.publish(account, min(7 * WEEKS - 0.1, day + delay + float(rng.uniform(0, 9)) * (_ > 0)), subject)


def drifting(world: World, sign: int) -> None:
    """A moves towards what B speaks of (or away from it): its share of B's subjects grows from 5% to 85%."""
    rng = world.rng
    trends = fashions(rng)
    subjects = rng.permutation(SUBJECTS)
    of_b, of_a = np.zeros(SUBJECTS), np.zeros(SUBJECTS)
    of_b[subjects[:5]], of_a[subjects[5:10]] = rng.dirichlet(np.full(5, 2.0)), rng.dirichlet(np.full(5, 2.0))
    for account in ACCOUNTS[1:]:
        background(world, account, of_b if account == B else usual(rng), trends)
    for day in rhythm(rng, A):
        part = 0.05 + 0.8 * day / (7 * WEEKS)
        shares = of_b if rng.random() < (part if sign > 0 else 0.9 - part) else of_a
        world.publish(A, day, int(rng.choice(SUBJECTS, p=shares)))


def copying(world: World) -> None:
    """In the last two weeks B copies nine posts of A, one to six days later; the others copy nobody."""
    plain(world)
    rng = world.rng
    for _ in range(9):
        day = float(rng.uniform(70, 77))
        text = world.publish(A, day, int(rng.integers(SUBJECTS)))
        world.publish(B, day + float(rng.uniform(1, 6.5)), 0, text)


# -- what the report says ----------------------------------------------------------------------------------------------


@contextmanager
def reported(world: World) -> Iterator[Report]:
    """Give the report over a world."""
    encoder = SubjectEncoder()
    with (
        tempfile.TemporaryDirectory() as folder,
        open_index(Path(folder) / "index", encoder="subjects", encoder_name=encoder.name) as index,
    ):
        build(world.posts, index, encoder)
        yield compile_report(Checker(index, encoder, Settings()), SPAN.name)


@dataclass(slots=True)
class Score:
    """How often what was planted was said, and how often something else was."""

    planted: int = 0
    found: int = 0
    chances: int = 0
    false: int = 0

    def row(self, name: str) -> str:
        """Return a line of the table."""
        hit = f"{self.found}/{self.planted} = {self.found / self.planted:.0%}" if self.planted else "-"
        wrong = f"{self.false}/{self.chances} = {self.false / self.chances:.1%}" if self.chances else "-"
        return f"| {name} | {hit} | {wrong} |"


def judge_first(report: Report, leader: str, score: Score) -> None:
    """Count who moved first; `leader` is A or "" where nobody was planted."""
    for pair in report.directions:
        if leader and {pair.one, pair.other} == {A, B}:
            score.planted += 1
            score.found += pair.first == leader
        elif not {A, B} & {pair.one, pair.other} or not leader:
            score.chances += 1
            score.false += pair.first != ""


def judge_drift(report: Report, sign: str, score: Score) -> None:
    """Count drifts; `sign` is that of A towards B, or "" where none was planted."""
    for drift in (drift for pair in report.directions for drift in pair.drift):
        if sign and (drift.account, drift.rival) == (A, B):
            score.planted += 1
            score.found += drift.sign == sign
        elif drift.account != A or not sign:
            score.chances += 1
            score.false += drift.sign in {"towards", "away"}


def judge_pairs(report: Report, leader: str, score: Score) -> None:
    """Count who led in words."""
    led = {frozenset((pair.one, pair.other)): pair.leader for pair in report.pairs}
    for i, one in enumerate(ACCOUNTS):
        for other in ACCOUNTS[i + 1 :]:
            said = led.get(frozenset((one, other)), "")
            if leader and {one, other} == {A, B}:
                score.planted += 1
                score.found += said == leader
            else:
                score.chances += 1
                score.false += said != ""


def main() -> None:
    """Simulate, report, compare, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--worlds", type=int, default=40)
    parser.add_argument("--first", type=int, default=100, help="seed of the first world")
    arguments = parser.parse_args()
    worlds = arguments.worlds
    names = ("first to take up topics", "drift towards", "drift away", "leader of copies", "copies, none planted")
    scores = {name: Score() for name in names}
    for number in range(worlds):
        seed = np.random.SeedSequence(arguments.first + number).spawn(5)
        made = [World(np.random.default_rng(child)) for child in seed]
        adoption(made[0])
        drifting(made[1], 1)
        drifting(made[2], -1)
        copying(made[3])
        plain(made[4])
        for kind, world in enumerate(made):
            with reported(world) as report:
                judge_first(report, A if kind == 0 else "", scores[names[0]])
                judge_drift(report, {1: "towards", 2: "away"}.get(kind, ""), scores[names[2 if kind == 2 else 1]])
                judge_pairs(report, A if kind == 3 else "", scores[names[3 if kind == 3 else 4]])
        print(f"{number + 1} of {worlds} worlds", file=sys.stderr)
    print("| planted | recovered | claimed where none was planted |\n|---|---|---|")
    for name, score in scores.items():
        print(score.row(name))


if __name__ == "__main__":
    main()
