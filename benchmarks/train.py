"""Train, cross-validate and calibrate the judge, and write `originality/score/model.json`.

    python benchmarks/train.py            about ten minutes on two cores, most of it embedding

Learns from ../shared/bench: `cases.jsonl` (drafts against the bench corpus: a right source is a positive, the three
most suspicious sources of a clean draft are negatives, found anew with each round's model) and `train.jsonl` (pairs).
Folds are made by source post, so no text of a held-out source is ever learned from; the fold models go to
build/bench/folds.json for `bench.py --cross-validated`. Thresholds and the calibration line come from held-out drafts.

Method: gradient boosted trees (Friedman 2001) under monotone constraints: what is evidence may only raise a risk.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

os.environ.setdefault("ORIGINALITY_THREADS", "2")
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression

from benchmarks import opinions
from benchmarks.common import ROOT, WORK, require_bench
from benchmarks.examples import FOLDS, Example, Rows, collect
from originality import score
from originality.cross import load_reader
from originality.embed import load_encoder
from originality.score.model import (
    ALARMS_PER_100,
    HEADS,
    RATES,
    REVIEWS_PER_100,
    TEMPLATES_PER_100,
    HeadName,
    parse_model,
)
from originality.score.opinion import OPINION_NAMES

ROUNDS = 3  # of looking for the hardest negatives
HARD = 3  # negatives taken from each clean draft
PAIR_WEIGHT = 0.7  # of a training pair against a case: made by one hand, and without a search before it
TEMPLATE_WEIGHT = 0.5  # of a borrowed template as no copy: it has a lane of its own, which never raises an alarm
WRONG_WEIGHT = 0.5  # of a training draft against a wrong source: keeps the style of made-up drafts from telling
TREES = {"max_iter": 150, "learning_rate": 0.06, "max_leaf_nodes": 8, "min_samples_leaf": 20, "l2_regularization": 5.0}
# More of these is more evidence of taking, whatever the rest: the trees may only raise the risk with them.
RISING = frozenset(
    """
    cover_draft cover_source dice_bigrams bigrams_of_draft bigrams_of_source log_matched log_longest log_rarity
    log_island lifted log_lifted words_of_draft words_of_source log_word_rarity numbers_of_source log_numbers closeness
    passage_mean passage_answered answered_in_order skeleton_ratio skeleton_run
    """.split()
)


def main() -> int:
    """Train everything and write both files."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--encoder", default="default")
    arguments = parser.parse_args()
    require_bench()
    examples, pairs = collect(arguments.encoder)
    heads: dict[HeadName, Trained] = {head: _train(examples, pairs, head) for head in ("copied", "template")}
    held_out = {head: trained.risks() for head, trained in heads.items()}
    lines = _lines(examples, held_out)
    final, folds = _opinion(examples, heads["copied"], held_out["template"])
    models = [
        _model({head: heads[head].folds[i] for head in heads}, {**lines, "opinion": folds[i]}, f"fold {i}")
        for i in range(FOLDS)
    ]
    shipped = _model({head: heads[head].final for head in heads}, {**lines, "opinion": final}, "bench 1.0")
    parse_model(shipped, final["reader"])
    _write(ROOT / "originality" / "score" / "model.json", shipped)
    _write(WORK / "folds.json", {"folds": models, "fold_of": {example.id: example.fold for example in examples}})
    print(f"thresholds {lines['thresholds']}\ncurve {lines['curve']}")
    print(f"with the opinion: thresholds {final['thresholds']}\ncurve {final['curve']}")
    return 0


@dataclass(frozen=True, slots=True)
class Trained:
    """A head, and what it says of drafts that it has not seen."""

    final: dict[str, Any]
    folds: list[dict[str, Any]]
    sums: list[Rows]
    """The held-out sums of the trees for the candidates of each draft."""
    highest: Rows
    """The highest of each draft; below all others where it has no candidate."""
    slope: float
    intercept: float

    def risks(self) -> Rows:
        """Return the calibrated held-out risk of each draft."""
        return np.asarray(1 / (1 + np.exp(-(self.slope * self.highest + self.intercept))))


def _train(examples: Sequence[Example], pairs: Sequence[Example], head: HeadName) -> Trained:
    """Train a head and its folds, all calibrated alike."""
    sums: list[Rows] = [np.zeros(0)] * len(examples)
    trained = []
    for fold in range(FOLDS):
        learner = _fit([e for e in examples if e.fold != fold], [p for p in pairs if p.fold != fold], head)
        trained.append(learner)
        for i, example in enumerate(examples):
            if example.fold == fold and len(example.rows):
                sums[i] = learner.decision_function(example.rows)
    lowest = min(float(values.min()) for values in sums if len(values)) - 1
    highest = np.array([values.max(initial=lowest) for values in sums])
    slope, intercept = _calibrate(examples, highest, head)
    final = _fit(examples, pairs, head)
    _print(examples, highest, head)
    rows = [example.rows for example in examples]
    return Trained(
        _export(final, rows, slope, intercept),
        [_export(learner, rows, slope, intercept) for learner in trained],
        sums,
        highest,
        slope,
        intercept,
    )


def _opinion(examples: Sequence[Example], copied: Trained, templates: Rows) -> tuple[dict[str, Any], list[Any]]:
    """Return the second head with its thresholds and its curve, and the same of each fold."""
    reader = load_reader(load_encoder("default"))
    if reader is None:
        raise RuntimeError("The default encoder has no cross-encoder: is its name not that of its weights?")
    readings = opinions.read_doubtful(examples, copied.sums, reader)
    second = opinions.train_second(examples, copied.sums, readings)
    risks, slope, intercept = combined(examples, copied, second, readings)
    print("with the cross-encoder's opinion")
    _print(examples, risks, "copied")
    common = {
        "reader": reader.name,
        "unread": readings.unread,
        "features": list(OPINION_NAMES),
        **_lines(examples, {"copied": risks, "template": templates}),
    }
    heads = [_export(learner, second.rows, slope, intercept) for learner in [second.final, *second.folds]]
    final, *folds = [{**common, "head": head} for head in heads]
    return final, folds


def combined(
    examples: Sequence[Example], copied: Trained, second: opinions.Second, readings: opinions.Readings
) -> tuple[Rows, float, float]:
    """Return the held-out risk of each draft as a check gives it, and the line that calibrates the second head."""
    lowest = min(float(values.min()) for values in second.sums if len(values)) - 1
    highest = np.array([values.max(initial=lowest) for values in second.sums])
    was_read = [bool(read) for read in readings.figures]
    read_ones = [example for example, read in zip(examples, was_read, strict=True) if read]
    slope, intercept = _calibrate(read_ones, highest[was_read], "copied")
    risks = np.where(was_read, 1 / (1 + np.exp(-(slope * highest + intercept))), copied.risks())
    return np.asarray(risks), slope, intercept


def _fit(examples: Sequence[Example], pairs: Sequence[Example], head: HeadName) -> HistGradientBoostingClassifier:
    learner: HistGradientBoostingClassifier | None = None
    for _ in range(ROUNDS):
        rows, labels, weights = [], [], []
        for row, label, weight in _lessons(examples, pairs, head, learner):
            rows.append(row)
            labels.append(label)
            weights.append(weight)
        rising = RISING if head == "copied" else frozenset()
        signs = [1 if name in rising else 0 for name in score.NAMES]
        learner = HistGradientBoostingClassifier(
            monotonic_cst=signs, early_stopping=False, random_state=0, **TREES
        ).fit(np.array(rows), np.array(labels), sample_weight=np.array(weights))
    assert learner is not None
    return learner


def _lessons(
    examples: Sequence[Example],
    pairs: Sequence[Example],
    head: HeadName,
    learner: HistGradientBoostingClassifier | None,
) -> Iterable[tuple[Rows, int, float]]:
    """Yield (row, label, weight)."""
    for example in examples:
        if example.unsure or not len(example.rows):
            continue
        if example.right and (head == "template" or example.expect != "clean"):
            best = max(example.right, key=lambda i: float(example.rows[i].sum()))
            # A copy has the same skeleton, but "same skeleton, other content" it is not, nor the other way round.
            is_other = head == "copied" and example.expect == "template"
            yield example.rows[best], int(example.expect == head), TEMPLATE_WEIGHT if is_other else 1.0
        elif example.expect == "clean":
            for rank, i in enumerate(np.argsort(-_suspicion(example.rows, learner))[:HARD]):
                yield example.rows[i], 0, 1.0 if rank == 0 else 0.4
    for pair in pairs if head == "copied" else ():
        yield pair.rows[0], int(pair.expect == "copied"), PAIR_WEIGHT
        if len(pair.rows) > 1:  # the same draft against the wrong source that looks most like the right one
            yield pair.rows[1 + int(np.argmax(_suspicion(pair.rows[1:], learner)))], 0, WRONG_WEIGHT


def _suspicion(rows: Rows, learner: HistGradientBoostingClassifier | None) -> Rows:
    return np.asarray(learner.decision_function(rows) if learner else rows @ _first_guess())


def _first_guess() -> Rows:
    """Return weights that rank candidates before anything is learned: rarity of the shared runs, then meaning."""
    guess = {"log_rarity": 1.0, "closeness": 2.0}
    return np.array([guess.get(name, 0.0) for name in score.NAMES])


def _calibrate(examples: Sequence[Example], raw: Rows, head: HeadName) -> tuple[float, float]:
    """Return slope and intercept of Platt's line, from held-out drafts."""
    keep = [i for i, e in enumerate(examples) if not e.unsure and e.expect in {head, "clean"}]
    labels = [int(examples[i].expect == head) for i in keep]
    line = LogisticRegression(C=1e3).fit(raw[keep][:, None], labels)
    return float(line.coef_[0, 0]), float(line.intercept_[0])


def _lines(examples: Sequence[Example], risks: dict[HeadName, Rows]) -> dict[str, Any]:
    """Return the thresholds and the curve: the risks that so many of 100 clean held-out drafts reach."""
    clean_cases = [i for i, e in enumerate(examples) if e.expect == "clean" and not e.unsure]

    def at(head: HeadName, per_100: float) -> float:
        ordered = np.sort(risks[head][clean_cases])[::-1]
        return min(0.9999, round(float(ordered[int(per_100 / 100 * len(ordered))]) + 1e-4, 4))

    thresholds = {
        "alarm": at("copied", ALARMS_PER_100),
        "review": at("copied", REVIEWS_PER_100),
        "template_review": at("template", TEMPLATES_PER_100),
    }
    curve: dict[str, list[float]] = {"per_100": list(RATES)}
    curve.update({head: [at(head, rate) for rate in RATES] for head in HEADS})
    return {"thresholds": thresholds, "curve": curve}


def _export(
    learner: HistGradientBoostingClassifier, rows: Sequence[Rows], slope: float, intercept: float
) -> dict[str, Any]:
    """Return a head as plain lists, after checking that it computes what the learner computes."""
    trees = [_nodes(predictors[0].nodes) for predictors in learner._predictors]
    head = {
        "bias": float(np.ravel(learner._baseline_prediction)[0]),
        "slope": round(slope, 6),
        "intercept": round(intercept, 6),
        "trees": trees,
    }
    some = np.concatenate([table for table in rows if len(table)][:200])
    if not np.allclose(score.parse_head(head).raw(some), learner.decision_function(some), atol=1e-3):
        raise RuntimeError("The exported trees do not compute what was trained; has scikit-learn changed its trees?")
    return head


def _nodes(nodes: Any) -> list[list[float]]:
    return [
        [-1, 0, 0, 0, round(float(node["value"]), 5)]
        if node["is_leaf"]
        else [int(node["feature_idx"]), float(node["num_threshold"]), int(node["left"]), int(node["right"]), 0]
        for node in nodes
    ]


def _model(heads: dict[HeadName, dict[str, Any]], lines: dict[str, Any], origin: str) -> dict[str, Any]:
    digest = hashlib.sha256(json.dumps([heads, lines], sort_keys=True).encode()).hexdigest()[:8]
    return {
        "version": f"1-{digest}",
        "trained_on": origin,
        "features": list(score.NAMES),
        **lines,
        "copied": heads["copied"],
        "template": heads["template"],
    }


def _print(examples: Sequence[Example], raw: Rows, head: HeadName) -> None:
    """Print held-out recall by class at 1, 2 and 3 alarms per 100 clean drafts."""
    clean_raw = np.sort([r for r, e in zip(raw, examples, strict=True) if e.expect == "clean" and not e.unsure])[::-1]
    cuts = [clean_raw[int(share * len(clean_raw))] for share in (0.01, 0.02, 0.03)]
    print(f"{head}: held-out share above the thresholds of 1, 2 and 3 alarms per 100 clean drafts")
    for expect, cls in sorted({(e.expect, e.cls) for e in examples}):
        values = np.array(
            [r for r, e in zip(raw, examples, strict=True) if e.cls == cls and e.expect == expect and not e.unsure]
        )
        if len(values):
            print(f"  {expect:9}{cls:28}{len(values):5}  " + "  ".join(f"{(values > cut).mean():.3f}" for cut in cuts))


def _write(path: Path, content: object) -> None:
    """Write JSON with one tree a line, so that a change can be read in a diff."""
    text = json.dumps(content, ensure_ascii=False)
    path.write_text(text.replace("[[", "\n[[").replace(', "', ',\n"') + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
