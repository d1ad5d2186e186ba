"""What the judge learns from: every labelled draft with the features of its candidates, found as a check finds them.

Nothing is learned here. Collected figures are kept under build/bench until the code that makes them changes.
"""

from __future__ import annotations

import hashlib
import pickle
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.common import BENCH, ROOT, WORK, bench_index, read_jsonl
from originality import score
from originality.align import align
from originality.checker import examine
from originality.clean import clean
from originality.embed import Encoder
from originality.index import Index
from originality.models import Post
from originality.settings import Settings

Rows = NDArray[np.float64]

FOLDS = 5
# What has a part in the features: a change in anything else needs no new ones.
MAKERS = "align alignment boilerplate clean retrieve sketch words embed score/features score/usual"


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
    text: str
    """The draft, cleaned."""
    texts: tuple[str, ...]
    """The candidates, cleaned."""


def collect(encoder_setting: str) -> tuple[list[Example], list[Example]]:
    """Return cases and pairs with the features of their candidates, from a file if nothing has changed."""
    stored = WORK / f"features-{encoder_setting}.pickle"
    key = _key()
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


def _key() -> str:
    """Return what changes with any file that has a part in the features."""
    package = ROOT / "originality"
    digest = hashlib.sha256()
    for name in MAKERS.split():
        parts = sorted((package / name).rglob("*.py")) if (package / name).is_dir() else [package / f"{name}.py"]
        for path in parts:
            digest.update(path.read_bytes())
    return digest.hexdigest()


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
        text=draft.text,
        texts=tuple(pair.source.clean.text for pair in pairs),
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
        text=draft.text,
        texts=tuple(pair.source.clean.text for pair in pairs),
    )
