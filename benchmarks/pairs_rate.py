"""How many pairs that are no copies the judge would call copied: sentence pairs of research sets, labelled by people.

    python benchmarks/pairs_rate.py [--pairs 400]

The first texts of the pairs are the drafts, the second ones the index: a draft's own partner is the only post there
that was put beside it. No model has seen these sets. Needs ../shared/data/pairs; texts are embedded, 50 ms each.

The labels speak of topics and questions: two texts may have one and be the same text all the same. So what is called
copied is counted once more without the pairs that share half of their wording. An index of some hundred texts also
knows little of what is usual: it rather accuses too often.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

os.environ.setdefault("ORIGINALITY_THREADS", "1")  # before torch is loaded
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import pyarrow.parquet as pq

from benchmarks.common import SHARED, require_bench
from benchmarks.peers import grams_of
from originality import Checker
from originality.build import build
from originality.clean import clean
from originality.embed import Encoder, load_encoder
from originality.index import open_index
from originality.models import CheckResult, Post

SEED = 7
SAME_WORDING = 0.5  # share of the smaller text's 5-grams from which the other one has its wording
SETS = (  # name, file, label of the pairs that are taken
    ("Sohu, another topic", "sohu_topic_train", "0"),
    ("Sohu, same topic", "sohu_topic_train", "1"),
    ("Sohu, same topic at most, another event", "sohu_event_train", "0"),
    ("LCQMC, another question", "lcqmc_dev", "0"),
)


@dataclass(frozen=True, slots=True)
class Rate:
    """What the judge says of the pairs of one set."""

    name: str
    pairs: int
    undetermined: int
    """Drafts that no verdict was given on, too short for one for instance."""
    called: tuple[dict[str, Any], ...]
    """Pairs that are called copied: both texts, the risk, and how much of the wording they share."""
    others: int
    """Alarms for other texts of the set only, which may be copies: nobody has labelled those pairs."""

    @property
    def unlike(self) -> int:
        """How many of the pairs that are called copied have a wording each of their own."""
        return sum(pair["wording"] < SAME_WORDING for pair in self.called)


def sample(rows: Iterable[dict[str, Any]], label: str, count: int) -> list[tuple[str, str]]:
    """Return pairs with a label, drawn with a seed; no text stands on the second side twice."""
    pairs = {row["b"].strip(): row["a"].strip() for row in rows if str(row["label"]) == label}
    both = sorted((a, b) for b, a in pairs.items())
    return random.Random(SEED).sample(both, min(count, len(both)))


def rates(count: int) -> Iterable[Rate]:
    """Yield what the judge says of each set.

    Args:
        count: pairs of each set.
    """
    encoder = load_encoder("default")
    for name, file, label in SETS:
        rows = pq.read_table(SHARED / "data" / "pairs" / f"{file}.parquet").to_pylist()
        yield _rate(name, sample(rows, label, count), encoder)


def _rate(name: str, pairs: Sequence[tuple[str, str]], encoder: Encoder) -> Rate:
    with tempfile.TemporaryDirectory() as folder:
        index = open_index(Path(folder), encoder="default", encoder_name=encoder.name)
        posts = [Post(post_id=f"b{i}", account=f"account {i}", text=b) for i, (_, b) in enumerate(pairs)]
        build(posts, index, encoder)
        with Checker(index, encoder) as checker:
            alarm = checker.in_force().model.alarm
            checked = [checker.check(a) for a, _ in pairs]
    called = [
        {"set": name, "a": a, "b": b, "risk": round(result.risk, 4), "wording": round(wording(a, b), 2)}
        for i, ((a, b), result) in enumerate(zip(pairs, checked, strict=True))
        if accuses(result, f"b{i}", alarm)
    ]
    return Rate(
        name,
        len(pairs),
        sum(result.verdict == "undetermined" for result in checked),
        tuple(called),
        sum(result.is_alarm for result in checked) - len(called),
    )


def wording(one: str, other: str) -> float:
    """Return the share of the smaller text's 5-grams of letters that the other one has, in [0, 1]."""
    left, right = (grams_of(clean(text).letters) for text in (one, other))
    return len(left & right) / max(1, min(len(left), len(right)))


def accuses(result: CheckResult, post_id: str, alarm: float) -> bool:
    """Return whether a result is an alarm on account of one post, be it the worst of all or not."""
    return result.is_alarm and any(match.post_id == post_id and match.risk >= alarm for match in result.matches)


def main() -> int:
    """Print a line for each set, and the pairs that are called copied."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pairs", type=int, default=400, help="of each set")
    count = parser.parse_args().pairs
    require_bench()
    for rate in rates(count):
        share = 100 * len(rate.called) / rate.pairs
        print(
            f"{rate.name}: {share:.2f} in 100 of {rate.pairs} called copied, {rate.unlike} of them with a wording of "
            f"their own, {rate.undetermined} undetermined"
        )
        for pair in rate.called:
            print(f"  {pair['risk']:.2f} {pair['a']!r} {pair['b']!r}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
