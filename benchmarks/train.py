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
import pickle
import re
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

os.environ.setdefault("ORIGINALITY_THREADS", "2")
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression

from benchmarks.common import BENCH, ROOT, WORK, bench_index, read_jsonl, require_bench
from originality import score
from originality.align import align
from originality.checker import examine
from originality.clean import clean
from originality.embed import Encoder
from originality.index import Index
from originality.models import Post
from originality.score.model import (
    ALARMS_PER_100,
    HEADS,
    RATES,
    REVIEWS_PER_100,
    TEMPLATES_PER_100,
    HeadName,
    parse_model,
)
from originality.settings import Settings

Rows = NDArray[np.float64]

FOLDS = 5
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


@dataclass(frozen=True, slots=True)
class Example:
    """A draft with the features of its candidates."""

    id: str
    expect: str
    cls: str
    unsure: bool
    right: tuple[int, ...]
    """Positions of right sources among the rows."""
    rows: Rows
    fold: int


def main() -> int:
    """Train everything and write both files."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--encoder", default="default")
    arguments = parser.parse_args()
    require_bench()
    examples, pairs = _features(arguments.encoder)
    heads: dict[HeadName, tuple[dict[str, Any], list[dict[str, Any]], Rows]] = {
        head: _train(examples, pairs, head) for head in ("copied", "template")
    }
    lines = _lines(examples, {head: held_out for head, (_, _, held_out) in heads.items()})
    models = [_model({head: heads[head][1][fold] for head in heads}, lines, f"fold {fold}") for fold in range(FOLDS)]
    shipped = _model({head: heads[head][0] for head in heads}, lines, "bench 1.0")
    parse_model(shipped)
    _write(ROOT / "originality" / "score" / "model.json", shipped)
    _write(WORK / "folds.json", {"folds": models, "fold_of": {example.id: example.fold for example in examples}})
    print(f"thresholds {lines['thresholds']}\ncurve {lines['curve']}")
    return 0


def _features(encoder_setting: str) -> tuple[list[Example], list[Example]]:
    """Return cases and pairs with the features of their candidates, from a file if nothing has changed."""
    stored = WORK / f"features-{encoder_setting}.pickle"
    source = "".join(
        path.read_text(encoding="utf-8")
        for path in sorted((ROOT / "originality").rglob("*.py"))
        if "cli" not in path.parts
    )
    key = hashlib.sha256(source.encode()).hexdigest()
    if stored.exists():
        content = pickle.loads(stored.read_bytes())
        if content["key"] == key:
            return content["examples"], content["pairs"]
    index, encoder = bench_index(encoder_setting)
    remembering = Remembering(encoder, WORK / f"vectors-{encoder_setting}.pickle")
    settings = Settings()
    cases = list(read_jsonl(BENCH / "cases.jsonl"))
    folds = _folds(cases)
    examples = [_case(case, index, remembering, settings, folds) for case in cases]
    pairs = [_pair(pair, index, remembering, settings, folds) for pair in read_jsonl(BENCH / "train.jsonl")]
    remembering.save()
    stored.write_bytes(pickle.dumps({"key": key, "examples": examples, "pairs": pairs}))
    return examples, pairs


class Remembering:
    """An encoder that keeps the vectors of single calls on disk: a change of features need not embed again."""

    def __init__(self, encoder: Encoder, path: Path) -> None:
        self.name, self.dim, self.contextual = encoder.name, encoder.dim, encoder.contextual
        self._encoder, self._path = encoder, path
        self._known: dict[tuple[str, ...], NDArray[np.float32]] = {}
        if path.exists():
            self._known = pickle.loads(path.read_bytes())

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Embed texts."""
        return self._encoder.encode(texts)

    def encode_parts(self, groups: Sequence[Sequence[str]]) -> list[NDArray[np.float32]]:
        """Embed texts and their passages, or remember having done so."""
        for key in (tuple(group) for group in groups):
            if key not in self._known:
                (self._known[key],) = self._encoder.encode_parts([key])
        return [self._known[tuple(group)] for group in groups]

    def save(self) -> None:
        """Write what is known."""
        self._path.write_bytes(pickle.dumps(self._known))


def _folds(cases: Iterable[dict[str, Any]]) -> dict[str, int]:
    """Return the fold of each family: all that was made from one source, or from sources that share a carrier."""
    parent: dict[str, str] = {}

    def root(name: str) -> str:
        parent.setdefault(name, name)
        while parent[name] != name:
            name = parent[name]
        return name

    for case in cases:
        family = root(_family(case["id"]))
        for post in [case["source"], *case.get("also", [])]:
            if post:
                parent[root(f"post {post}")] = family
                family = root(family)
    return {name: int(hashlib.sha256(root(name).encode()).hexdigest(), 16) % FOLDS for name in parent}


def _family(case_id: str) -> str:
    made = re.match(r"(?:orphan-)?((?:train|dev)\d+-\d+)", case_id)
    return made.group(1) if made else case_id


def _fold(folds: dict[str, int], case_id: str) -> int:
    family = _family(case_id)
    return folds.get(family, int(hashlib.sha256(family.encode()).hexdigest(), 16) % FOLDS)


def _case(case: dict[str, Any], index: Index, encoder: Encoder, settings: Settings, folds: dict[str, int]) -> Example:
    draft = clean(case["text"])
    found = examine(draft, index, encoder, settings) if draft.letters else None
    right = {case["source"], *case.get("also", [])}
    pairs = found.pairs if found and found.common.own >= settings.min_letters else ()
    return Example(
        id=case["id"],
        expect=case["expect"],
        cls=case["cls"],
        unsure=bool(case.get("unsure")),
        right=tuple(i for i, pair in enumerate(pairs) if pair.post.post_id in right),
        rows=np.array([pair.features.row() for pair in pairs]).reshape(len(pairs), len(score.NAMES)),
        fold=_fold(folds, case["id"]),
    )


def _pair(pair: dict[str, Any], index: Index, encoder: Encoder, settings: Settings, folds: dict[str, int]) -> Example:
    draft, text = clean(pair["text"]), clean(pair["source_text"])
    found = examine(draft, index, encoder, settings)
    source = score.Side.of(text, encoder.encode_parts([text.units()])[0])
    post = Post(post_id=pair["id"], account="", text=pair["source_text"])
    weighed = score.weigh(found.side, source, post, align(draft, text), found.usual)
    pairs = score.compare([weighed, *found.pairs])
    return Example(
        id=pair["id"],
        expect=pair["expect"],
        cls=pair["cls"],
        unsure=False,
        right=(0,),
        rows=np.array([pair.features.row() for pair in pairs]),
        fold=_fold(folds, pair["id"]),
    )


def _train(
    examples: Sequence[Example], pairs: Sequence[Example], head: HeadName
) -> tuple[dict[str, Any], list[dict[str, Any]], Rows]:
    """Return the final head, the fold heads and the held-out raw score of every case, all calibrated alike."""
    held_out = np.full(len(examples), np.nan)
    trained = []
    for fold in range(FOLDS):
        learner = _fit([e for e in examples if e.fold != fold], [p for p in pairs if p.fold != fold], head)
        trained.append(learner)
        for i, example in enumerate(examples):
            if example.fold == fold and len(example.rows):
                held_out[i] = learner.decision_function(example.rows).max()
    held_out = np.where(np.isnan(held_out), np.nanmin(held_out) - 1, held_out)
    slope, intercept = _calibrate(examples, held_out, head)
    final = _fit(examples, pairs, head)
    _print(examples, held_out, head)
    return (
        _export(final, examples, slope, intercept),
        [_export(learner, examples, slope, intercept) for learner in trained],
        1 / (1 + np.exp(-(slope * held_out + intercept))),
    )


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
    curve = {"per_100": list(RATES), **{head: [at(head, rate) for rate in RATES] for head in HEADS}}
    return {"thresholds": thresholds, "curve": curve}


def _export(
    learner: HistGradientBoostingClassifier, examples: Sequence[Example], slope: float, intercept: float
) -> dict[str, Any]:
    """Return a head as plain lists, after checking that it computes what the learner computes."""
    trees = [_nodes(predictors[0].nodes) for predictors in learner._predictors]
    head = {
        "bias": float(np.ravel(learner._baseline_prediction)[0]),
        "slope": round(slope, 6),
        "intercept": round(intercept, 6),
        "trees": trees,
    }
    rows = np.concatenate([example.rows for example in examples[:200]])
    if not np.allclose(score.parse_head(head).raw(rows), learner.decision_function(rows), atol=1e-3):
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
    digest = hashlib.sha256(json.dumps(heads, sort_keys=True).encode()).hexdigest()[:8]
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
