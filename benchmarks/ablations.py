"""What each group of figures is worth: the judge trained and cross-validated again without it.

    python benchmarks/ablations.py

A group is switched off by making its columns constant, so nothing can be learned from them; with a group go the
figures that say how far it exceeds the other candidates. The folds and the training are those of `train.py`. Needs
../shared/bench; a row takes as long as a training without its embeddings.
"""

from __future__ import annotations

import contextlib
import io
import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

os.environ.setdefault("ORIGINALITY_THREADS", "1")  # before torch is loaded
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks import opinions, referee
from benchmarks.common import require_bench
from benchmarks.examples import Example, Rows, collect
from benchmarks.train import _train, combined
from originality.cross import PairReader, load_reader
from originality.embed import load_encoder
from originality.score import NAMES

BEYOND = tuple(name for name in NAMES if name.endswith("_beyond"))
_OWN = {
    "wording": """cover_draft cover_source log_matched log_longest log_rarity log_island lifted log_lifted rarity""",
    "bags": """
        dice_bigrams bigrams_of_draft bigrams_of_source words_of_draft words_of_source log_word_rarity
        words_beside_runs concentration numbers_of_source log_numbers length_ratio
    """,
    "meaning": "closeness passage_mean passage_weakest passage_answered source_mean source_weakest",
    "order": "islands_in_order order answered_in_order",
    "skeleton": "skeleton_ratio skeleton_run",
}
GROUPS: dict[str, tuple[str, ...]] = {
    group: (*names.split(), *(name for name in BEYOND if name.removesuffix("_beyond") in names.split()))
    for group, names in _OWN.items()
} | {"beyond the others": BEYOND}


def without(examples: Sequence[Example], names: Sequence[str]) -> list[Example]:
    """Return the examples with the figures of these names made 0 everywhere."""
    keep = [float(name not in names) for name in NAMES]
    return [replace(example, rows=example.rows * keep) for example in examples]


def ablations(examples: Sequence[Example], pairs: Sequence[Example]) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Yield the judge whole and without each group: its name and the held-out results in the referee's contract.

    Args:
        examples: the labelled drafts with the features of their candidates.
        pairs: the training pairs.
    """
    reader = load_reader(load_encoder("default"))
    if reader is None:
        raise RuntimeError("The default encoder has no cross-encoder; its row is part of the table.")
    for group, names in {"": (), **GROUPS}.items():
        trees, whole = _held_out(without(examples, names), without(pairs, names), reader)
        yield (f"without {group}" if group else "all figures and the cross-encoder"), _results(examples, whole)
        if not group:
            yield "without the cross-encoder", _results(examples, trees)


def _held_out(examples: Sequence[Example], pairs: Sequence[Example], reader: PairReader) -> tuple[Rows, Rows]:
    """Return the held-out risks of the trees alone, and with the cross-encoder."""
    with contextlib.redirect_stdout(io.StringIO()):
        trained = _train(examples, pairs, "copied")
    read = opinions.read_doubtful(examples, trained.sums, reader)
    second = opinions.train_second(examples, trained.sums, read)
    return trained.risks(), combined(examples, trained, second, read)[0]


def _results(examples: Sequence[Example], risks: Rows) -> list[dict[str, Any]]:
    return [{"id": example.id, "risk": float(risk)} for example, risk in zip(examples, risks, strict=True)]


def main() -> int:
    """Print what the referee says of each."""
    require_bench()
    drafts = referee.bench()
    for i, (name, results) in enumerate(ablations(*collect("default"))):
        said = referee.report(drafts, results, f"ablation-{i}")
        heavy = said["classes"]["copied/heavy"]["recall"]
        print(f"{name}: AUC {said['auc']}, recall at 1% {said['recall_all']}, heavy {heavy}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
