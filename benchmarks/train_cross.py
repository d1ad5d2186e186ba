"""Train the cross-encoder and write `originality/cross/weights.safetensors`.

    python benchmarks/train_cross.py                 about an hour on two cores
    python benchmarks/train_cross.py --go-on         one pass from the shipped weights: half an hour
    python benchmarks/train_cross.py --go-on FILE    one pass from others

Learns from `benchmarks/pairs` (families of posts written for this purpose: a post, a rewrite in order, one reorganised,
two honest posts on the same topic, and in the later ones an honest post on another subject with the same formulae) and
from ../shared/bench/train.jsonl without the texts that come back as orphans in the cases: nothing of `cases.jsonl` is
learned from, so the figures on it are those of unseen texts. Wrong sources come from real posts outside of the bench
corpus, near in meaning and sharing little wording, and from our own retrieval (`benchmarks/mined_pairs.py`): of these
the ones that the network takes for right when a pass begins.

The shipped weights come from three runs: two passes over the families without such a post, then `--go-on` over all,
then `--go-on` from there with the mined pairs. Earlier states of this file made the first two, and a run will not give
the same bytes; what each brought is in docs/decisions/0015-cross-encoder.md.

Every few minutes it prints how well rewrites of the cases are told from independent posts, given the source.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn
from torch.nn import functional
from torch.optim.swa_utils import AveragedModel

from benchmarks.common import BENCH, ROOT, read_jsonl, require_bench
from benchmarks.mined_pairs import mined_pairs
from benchmarks.wrong_sources import nearest_unrelated
from originality.clean import clean
from originality.cross.network import PAD, PairNetwork, base_of
from originality.cross.reader import new_network, sequence, token_numbers
from originality.cross.weights import FILE, name_of, pack, unpack
from originality.embed.e5 import load_default
from originality.workers import cores

# Freed memory that goes back to the system with each step costs a quarter of the time; glibc reads these at the start.
MALLOC = {"MALLOC_MMAP_MAX_": "0", "MALLOC_TRIM_THRESHOLD_": "100000000000", "MALLOC_TOP_PAD_": "268435456"}
PAIRS = ROOT / "benchmarks" / "pairs"
EPOCHS = 2
BATCH = 16
RATE, HEAD_RATE = 1.2e-4, 8e-4  # of the layers, of what starts from nothing
GOING_ON = 0.6  # times these, where training goes on
EARLIER = 0.3  # share of what was learned before that is repeated then
WARM_UP = 0.06  # share of the steps
SMOOTH = 0.02  # labels are 0.02 and 0.98: nobody is that sure
COPIED_WEIGHT = 1.5  # there are more wrong sources than right ones
VERBATIM_WEIGHT = 0.5
VERBATIM = 220  # sources with clauses left out or moved, an epoch: a copy is derived as well
LIFTED = 0.15  # share of drafts that get a clause of the source, rewrites and honest posts alike: it must not tell
FRAMED = 400  # honest posts on any subject that get the source's opening or end, an epoch: a formula is not a source
PIECE = 16  # letters of such a piece at most; a longer one would be a passage taken over
SIBLINGS, WRONG = 0.4, 0.1  # share of these pairs that an epoch takes
SEARCHED = 1_000  # written drafts that are searched for among real posts
MINED = 1_500  # pairs found by our own retrieval, an epoch
HARDEST = 0.7  # share of them that the network is most wrong about; the others are drawn from all
AVERAGED = 1 / 3  # the weights of so many of the last steps are averaged
REPORT_EVERY = 130  # steps
_CLAUSE = re.compile(r"(?<=[，。！？；,!?;~])")  # behind the mark that ends a clause
_PIECE = re.compile(r"(?<=[，。！？；】,!?;~])")  # or a headline


@dataclass(frozen=True, slots=True)
class Lesson:
    """A draft with a source, right or wrong."""

    draft: str
    source: str
    label: int
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Material:
    """All pairs, before an epoch takes some."""

    given: tuple[Lesson, ...]
    """Drafts with the source they were made from, and honest posts with the source they never saw."""
    siblings: tuple[Lesson, ...]
    """Rewrites with honest posts on the same topic."""
    wrong: tuple[Lesson, ...]
    """Drafts with real posts that are near in meaning."""
    mined: tuple[Lesson, ...]
    """Drafts, real ones too, with real posts that our own retrieval would have read."""


def main() -> int:
    """Train and write."""
    if any(os.environ.get(name) != value for name, value in MALLOC.items()):
        os.execve(sys.executable, [sys.executable, *sys.argv], {**os.environ, **MALLOC})
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--epochs", type=int, default=EPOCHS)
    parser.add_argument("--out", type=Path, default=ROOT / "originality" / "cross" / FILE)
    parser.add_argument("--go-on", nargs="?", const=ROOT / "originality" / "cross" / FILE, type=Path, metavar="FILE")
    arguments = parser.parse_args()
    require_bench()
    encoder = load_default()
    begun = arguments.go_on.read_bytes() if arguments.go_on else None
    trainer = Trainer(encoder.transformer, encoder.tokenizer, begun)
    rng = random.Random(3)
    material = gather(rng, EARLIER if begun else 1.0)
    torch.set_num_threads(cores())  # searching for pairs has left it at one
    mined = trainer.hardest_last(material.mined) if begun else rng.sample(material.mined, len(material.mined))
    material = replace(material, mined=tuple(mined))
    epochs = [list(one_epoch(material, rng)) for _ in range(1 if begun else arguments.epochs)]
    trained = trainer.run(epochs, _cases())
    content = pack(base_of(encoder.transformer.state_dict()), trained.state_dict())
    arguments.out.write_bytes(content)
    print(f"{arguments.out.name}: {len(content) / 1e6:.1f} MB, {name_of(content)}")
    return 0


def gather(rng: random.Random, earlier: float = 1.0) -> Material:
    """Return all pairs, or all of the later families and a share of what there was before them."""
    orphans = {case["text"] for case in read_jsonl(BENCH / "cases.jsonl") if case["cls"] == "orphan"}
    given = [
        Lesson(pair["text"], pair["source_text"], int(pair["expect"] == "copied"))
        for pair in read_jsonl(BENCH / "train.jsonl")
        if pair["text"] not in orphans and rng.random() < earlier
    ]
    siblings = []
    for path in sorted(PAIRS.glob("*.jsonl")):
        for family in read_jsonl(path):
            if "frame" not in family and rng.random() >= earlier:
                continue
            given += [Lesson(family[kind], family["source"], 1) for kind in ("heavy", "reorganised")]
            given += [
                Lesson(family[kind], family["source"], 0) for kind in ("near", "near2", "frame") if kind in family
            ]
            siblings += [
                Lesson(family["heavy"], family["near"], 0),
                Lesson(family["reorganised"], family["near2"], 0),
            ]
    found = nearest_unrelated([(lesson.draft, lesson.source) for lesson in given], rng)
    wrong = [Lesson(lesson.draft, text, 0) for lesson, texts in zip(given, found, strict=True) for text in texts]
    written = sorted({lesson.draft for lesson in given})
    mined = [Lesson(*pair, 0) for pair in mined_pairs(rng.sample(written, min(SEARCHED, len(written))), rng)]
    return Material(tuple(given), tuple(siblings), tuple(wrong), tuple(mined))


def one_epoch(material: Material, rng: random.Random) -> Iterator[Lesson]:
    """Yield the lessons of one epoch; the mined pairs stand in the order of how hard they are."""
    for lesson in material.given:
        draft = _with_clause(lesson, rng) if rng.random() < LIFTED else lesson.draft
        yield Lesson(draft, lesson.source, lesson.label, COPIED_WEIGHT if lesson.label else 1.0)
    yield from rng.sample(material.siblings, int(SIBLINGS * len(material.siblings)))
    yield from rng.sample(material.wrong, int(WRONG * len(material.wrong)))
    hardest = int(HARDEST * MINED)
    yield from material.mined[-hardest:]
    yield from rng.sample(material.mined[:-hardest], min(MINED - hardest, len(material.mined[:-hardest])))
    sources = sorted({lesson.source for lesson in material.given})
    for source in rng.sample(sources, min(FRAMED, len(sources))):
        other = rng.choice(material.given)
        if other.source != source and (framed := _framed(other.draft, source, rng)):
            yield Lesson(framed, source, 0)
    for source in rng.sample(sources, min(VERBATIM, len(sources))):
        parts = _CLAUSE.split(source)
        kept = [part for part in parts if rng.random() < 0.75] or parts
        if rng.random() < 0.5:
            rng.shuffle(kept)
        if clean("".join(kept)).letters:
            yield Lesson("".join(kept), source, 1, VERBATIM_WEIGHT)


def _with_clause(lesson: Lesson, rng: random.Random) -> str:
    """Return a draft with a clause of the source put before one of its own."""
    ours, theirs = _clauses(lesson.draft), _clauses(lesson.source)
    if not ours or not theirs:
        return lesson.draft
    at = lesson.draft.find(rng.choice(ours))
    return lesson.draft[:at] + rng.choice(theirs) + lesson.draft[at:]


def _framed(draft: str, source: str, rng: random.Random) -> str:
    """Return a draft that opens or ends as a source does, or "" where the source has no short piece there."""
    parts = [part for part in _PIECE.split(clean(source).text) if clean(part).letters]
    first, last = (part if len(part) <= PIECE else "" for part in (parts[0], parts[-1])) if len(parts) > 1 else ("", "")
    if first and last and rng.random() < 0.6:
        first, last = rng.choice([(first, ""), ("", last)])
    return f"{first}{draft}{last}" if first or last else ""


def _clauses(text: str) -> list[str]:
    return [part for part in _CLAUSE.split(text) if 6 <= len(part) <= 24]


def _cases() -> list[tuple[str, str, str]]:
    """Return class, draft and source of what is printed while training; nothing is learned from it."""
    posts = {post["post_id"]: post["text"] for post in read_jsonl(BENCH / "corpus.jsonl")}
    return [
        (case["cls"], case["text"], posts[case["source"]])
        for case in read_jsonl(BENCH / "cases.jsonl")
        if case["cls"] in {"heavy", "independent", "boilerplate"} and case["source"]
    ]


class Trainer:
    """A network in training, on the embeddings of an encoder."""

    def __init__(self, bert: Any, tokenizer: Any, begun: bytes | None) -> None:
        torch.manual_seed(3)
        self._rates = [GOING_ON * rate if begun else rate for rate in (RATE, HEAD_RATE)]
        self._bert, self._tokenizer = bert, tokenizer
        self._numbers: dict[str, list[int]] = {}
        self.network: PairNetwork = new_network(bert.config)
        base = base_of(bert.state_dict())
        self.network.load_state_dict(unpack(base, begun) if begun else base, strict=begun is not None)

    def hardest_last(self, lessons: Sequence[Lesson]) -> list[Lesson]:
        """Return pairs in the order of how much the network takes them for right."""
        figures = self._read(self.network, [(lesson.draft, lesson.source) for lesson in lessons])
        return [lessons[int(i)] for i in np.argsort(figures, kind="stable")]

    def run(self, epochs: Sequence[list[Lesson]], cases: Sequence[tuple[str, str, str]]) -> nn.Module:
        """Train on each epoch in turn, print how it goes and return the average of the last networks."""
        layers = list(self.network.layers.parameters())
        others = [self.network.segment, *self.network.head.parameters()]
        optimizer = torch.optim.AdamW(
            [{"params": part, "lr": rate} for part, rate in zip((layers, others), self._rates, strict=True)],
            weight_decay=0.01,
        )
        steps = sum(-(-len(lessons) // BATCH) for lessons in epochs)
        schedule = torch.optim.lr_scheduler.LambdaLR(
            optimizer, lambda step: min(1.0, (step + 1) / (WARM_UP * steps)) * max(0.02, 1 - step / steps)
        )
        averaged = AveragedModel(self.network)
        rng, step, losses, began = random.Random(3), 0, [], time.monotonic()
        for lessons in epochs:
            for batch in self._batches(lessons, rng):
                self.network.train()
                loss = self._loss(batch)
                optimizer.zero_grad()
                loss.backward()  # type: ignore[no-untyped-call]
                nn.utils.clip_grad_norm_([*layers, *others], 1.0)
                optimizer.step()
                schedule.step()
                losses.append(float(loss.detach()))
                step += 1
                if step > (1 - AVERAGED) * steps:
                    averaged.update_parameters(self.network)
                if step % REPORT_EVERY == 0 or step == steps:
                    mean, told = np.mean(losses[-REPORT_EVERY:]), self._told(self.network, cases)
                    print(f"step {step}/{steps}, {time.monotonic() - began:.0f} s: loss {mean:.3f}, {told}", flush=True)
        print(f"average: {self._told(averaged.module, cases)}", flush=True)
        return averaged.module

    def _loss(self, batch: Sequence[Lesson]) -> torch.Tensor:
        labels = torch.tensor([SMOOTH + (1 - 2 * SMOOTH) * lesson.label for lesson in batch])
        weights = torch.tensor([lesson.weight for lesson in batch])
        figures = self._figures(self.network, [(lesson.draft, lesson.source) for lesson in batch])
        losses = functional.binary_cross_entropy_with_logits(figures, labels, reduction="none")
        return (losses * weights).mean()

    def _figures(self, network: nn.Module, pairs: Sequence[tuple[str, str]]) -> torch.Tensor:
        rows = [sequence(self._of(draft), self._of(source)) for draft, source in pairs]
        longest = max(len(numbers) for numbers, _ in rows)
        numbers = torch.tensor([[*row, *[PAD] * (longest - len(row))] for row, _ in rows])
        of_source = torch.tensor([[*mark, *[0.0] * (longest - len(mark))] for _, mark in rows])
        with torch.no_grad():
            embedded = self._bert.embeddings(input_ids=numbers)
        figures: torch.Tensor = network(embedded, of_source, numbers != PAD)
        return figures

    def _of(self, text: str) -> list[int]:
        if text not in self._numbers:
            (self._numbers[text],) = token_numbers(self._tokenizer, [clean(text).text])
        return self._numbers[text]

    def _batches(self, lessons: list[Lesson], rng: random.Random) -> list[list[Lesson]]:
        """Return batches of lessons of about one length, in random order."""
        shuffled = rng.sample(lessons, len(lessons))
        batches = []
        for start in range(0, len(shuffled), 20 * BATCH):
            chunk = shuffled[start : start + 20 * BATCH]
            chunk.sort(key=lambda lesson: len(self._of(lesson.draft)) + len(self._of(lesson.source)))
            batches += [chunk[i : i + BATCH] for i in range(0, len(chunk), BATCH)]
        rng.shuffle(batches)
        return batches

    @torch.inference_mode()
    def _read(self, network: nn.Module, pairs: Sequence[tuple[str, str]]) -> NDArray[np.float32]:
        """Return the figures of pairs, shape (pairs,)."""
        network.eval()
        at = sorted(range(len(pairs)), key=lambda i: len(self._of(pairs[i][0])) + len(self._of(pairs[i][1])))
        figures = np.zeros(len(pairs), np.float32)
        for start in range(0, len(at), 32):
            some = at[start : start + 32]
            figures[some] = self._figures(network, [pairs[i] for i in some]).numpy()
        return figures

    def _told(self, network: nn.Module, cases: Sequence[tuple[str, str, str]]) -> str:
        figures = self._read(network, [case[1:] for case in cases])
        heavy = np.array([case[0] == "heavy" for case in cases])
        taken, honest = figures[heavy], figures[~heavy]
        at_1, at_5 = (_recall(taken, honest, share) for share in (0.01, 0.05))
        return (
            f"rewrites against others' posts: AUC {_auc(taken, honest):.3f}, found at 1% {at_1:.2f}, at 5% {at_5:.2f}"
        )


def _auc(positive: NDArray[np.float32], negative: NDArray[np.float32]) -> float:
    return float((positive[:, None] > negative[None]).mean())


def _recall(positive: NDArray[np.float32], negative: NDArray[np.float32], share: float) -> float:
    return float((positive > np.sort(negative)[::-1][int(share * len(negative))]).mean())


if __name__ == "__main__":
    sys.exit(main())
