"""The worst misses and the worst false alarms of the cross-validated judge, with the figures that they rest on.

What they have in common is for a person to say. The texts go into a file under build/bench, next to the ids.
"""

from __future__ import annotations

import json
import pickle
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from benchmarks import referee
from benchmarks.common import BENCH, WORK, read_jsonl
from benchmarks.examples import Example
from originality.clean import clean
from originality.score import NAMES

COUNT = 20
FIGURES = {  # column: feature
    "draft covered": "cover_draft",
    "source covered": "cover_source",
    "its rare words shared": "words_of_source",
    "closeness": "closeness",
    "sentences answered": "passage_mean",
    "their order": "order",
}


@dataclass(frozen=True, slots=True)
class Error:
    """A draft that the judge is wrong about, and the pair that its risk is about."""

    case: Mapping[str, Any]
    result: Mapping[str, Any]
    post_id: str
    """The right source of a miss; the post that a false alarm names. "" where none was found."""
    rank: int | None
    """Place of that post among the sources shown, 1 the first; None where it is not among them."""


def worst(
    cases: Sequence[Mapping[str, Any]], results: Sequence[Mapping[str, Any]], count: int = COUNT
) -> tuple[list[Error], list[Error]]:
    """Return the copies with the lowest risk and the clean drafts with the highest, the worst first.

    Drafts whose label is unsure are left out, and copies above the threshold of one false alarm in a hundred.

    Args:
        cases: the labelled drafts.
        results: what the judge says of each, in any order.
        count: of each kind, at most.
    """
    of = {result["id"]: result for result in results}
    sure = [case for case in cases if not case.get("unsure")]
    clean_drafts = [case for case in sure if case["expect"] == "clean"]
    at = referee.threshold([float(of[case["id"]]["risk"]) for case in clean_drafts])
    copies = [case for case in sure if case["expect"] == "copied" and float(of[case["id"]]["risk"]) <= at]

    def risk(case: Mapping[str, Any]) -> float:
        return float(of[case["id"]]["risk"])

    misses = [_miss(case, of[case["id"]]) for case in sorted(copies, key=risk)[:count]]
    accused = sorted(clean_drafts, key=lambda case: -risk(case))[:count]
    return misses, [_alarm(case, of[case["id"]]) for case in accused]


def _miss(case: Mapping[str, Any], result: Mapping[str, Any]) -> Error:
    shown = [match["post_id"] for match in result["matches"]]
    right = {case["source"], *case.get("also", [])}
    rank = next((i for i, post_id in enumerate(shown, 1) if post_id in right), None)
    return Error(case, result, shown[rank - 1] if rank else case["source"], rank)


def _alarm(case: Mapping[str, Any], result: Mapping[str, Any]) -> Error:
    shown = [match["post_id"] for match in result["matches"]]
    return Error(case, result, shown[0] if shown else "", 1 if shown else None)


def rows(errors: Sequence[Error], examples: Sequence[Example]) -> list[list[str]]:
    """Return a table: id, class, risk, post, its rank, the figures of the pair and the cross-encoder's.

    Args:
        errors: from `worst`.
        examples: the labelled drafts with the features of their candidates.
    """
    of = {example.id: example for example in examples}
    texts = {post["post_id"]: clean(post["text"]).text for post in read_jsonl(BENCH / "corpus.jsonl")}
    opinions = _opinions()
    table = []
    for error in errors:
        example = of[error.case["id"]]
        text = texts.get(error.post_id)
        at = example.texts.index(text) if text in example.texts else None
        figures = [""] * len(FIGURES)
        if at is not None:
            figures = [f"{example.rows[at][NAMES.index(name)]:.2f}" for name in FIGURES.values()]
        read = opinions.get((example.text, text or ""))
        table.append(
            [
                error.case["id"],
                error.case["cls"],
                f"{error.result['risk']:.3f}",
                error.post_id,
                str(error.rank or "not shown") if at is not None else "not found",
                *figures,
                "" if read is None else f"{read:.1f}",
            ]
        )
    return table


HEADINGS = ["id", "class", "risk", "post", "rank", *FIGURES, "cross-encoder"]


def keep_texts(errors: Sequence[Error]) -> str:
    """Write the texts of drafts and posts beside their figures; return the file's name under build/bench."""
    texts = {post["post_id"]: post["text"] for post in read_jsonl(BENCH / "corpus.jsonl")}
    path = referee.FOLDER / "errors.jsonl"
    referee.write(
        path,
        (
            {
                "id": error.case["id"],
                "expect": error.case["expect"],
                "cls": error.case["cls"],
                "risk": error.result["risk"],
                "draft": error.case["text"],
                "post_id": error.post_id,
                "post": texts.get(error.post_id, ""),
            }
            for error in errors
        ),
    )
    return str(path.relative_to(WORK.parent.parent))


def _opinions() -> dict[tuple[str, str], float]:
    """Return what the cross-encoder of the fold models has read so far, by draft and post."""
    folds = json.loads((WORK / "folds.json").read_text(encoding="utf-8"))["folds"]
    path = WORK / f"{folds[0].get('opinion', {}).get('reader')}.pickle"
    return pickle.loads(path.read_bytes()) if path.exists() else {}
