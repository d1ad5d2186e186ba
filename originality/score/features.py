"""What a pair of texts shares, in figures that speak of derivation rather than of topic.

A draft and one source enter, aligned; a `Features` row leaves. Every figure looks at the pair, or at the pair against
what is usual in this corpus; none looks at the draft alone, for length and style are no evidence (docs/method.md).

Six groups: wording (aligned runs, their rarity, coverage both ways), bags (characters, words weighed by
rarity, numbers), meaning (cosines above the background of the topic, sentence by sentence), order (of the aligned
runs and of the answering sentences), skeleton (the two texts without their content words), and
how far the most telling figures go beyond those of the draft's other candidates.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace

import numpy as np
from numpy.typing import NDArray

from originality.alignment import Alignment
from originality.models import CleanText
from originality.words import content_words, cut, skeleton

OTHER_WORD = 0.7  # rarity taken for a word of the source that the draft lacks: the mean over real posts
COPY = 0.6  # share of the draft's own letters from which a candidate is itself a copy
OTHERS = 6  # rank of the candidate that says what other posts share with the draft as well
WHOLE = 0.9  # share of a passage's own letters from which it was taken whole
NEARER = 1e-4  # than the background, at least: the 20th nearest text is the background itself, give or take a rounding
SMALLEST_ROOM = 0.02  # between background and 1: where twenty copies of one post fill it, wording decides
_NUMBER = re.compile(r"\d+(?:\.\d+)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One text with all that pairs need of it, computed once."""

    clean: CleanText
    words: frozenset[str]
    bigrams: Counter[str]
    numbers: frozenset[str]
    skeleton: tuple[str, ...]
    vectors: NDArray[np.float32]
    """Whole text first, then passages where there are several; shape (n, dim)."""

    @classmethod
    def of(cls, text: CleanText, vectors: NDArray[np.float32], own: NDArray[np.bool_] | None = None) -> Side:
        """Derive everything from a cleaned text and its vectors.

        Args:
            text: the cleaned text.
            vectors: of its units.
            own: which letters are no boilerplate, where that is known: a lottery's rules are nobody's skeleton.
        """
        letters, tokens = text.letters, cut(text.text)
        return cls(
            clean=text,
            words=frozenset(content_words(tokens)),
            bigrams=Counter(letters[i : i + 2] for i in range(len(letters) - 1)),
            numbers=frozenset(_NUMBER.findall(text.text)),
            skeleton=skeleton(tokens if own is None or own.all() else cut(_without(text, ~own))),
            vectors=vectors,
        )


def _without(text: CleanText, gone: NDArray[np.bool_]) -> str:
    """Return a cleaned text without some of its letters."""
    positions = {text.letter_at[i] for i in np.flatnonzero(gone)}
    return "".join(char for i, char in enumerate(text.text) if i not in positions)


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What is usual: the corpus as seen from the draft."""

    own: NDArray[np.bool_]
    """Which letters of the draft are its own (no boilerplate)."""
    rarity: NDArray[np.float64]
    """For each letter of the draft how rare the rarest shingle over it is, in [0, 1]."""
    idf: Mapping[str, float]
    """Rarity of every word of the draft, in [0, 1]: 1 where no post has it."""
    rare: float
    """Rarity from which a word is called rare."""
    backgrounds: NDArray[np.float32]
    """Cosine of the 20th nearest text of each unit of the draft."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Features:
    """One row. Shares lie in [0, 1]; `log_` figures are natural logarithms of one plus a count."""

    cover_draft: float
    cover_source: float
    log_matched: float
    log_longest: float
    log_rarity: float
    islands_in_order: float
    log_island: float
    lifted: float
    log_lifted: float
    rarity: float
    dice_bigrams: float
    bigrams_of_draft: float
    bigrams_of_source: float
    words_of_draft: float
    words_of_source: float
    log_word_rarity: float
    words_beside_runs: float
    concentration: float
    numbers_of_source: float
    log_numbers: float
    closeness: float
    passage_mean: float
    passage_weakest: float
    passage_answered: float
    source_mean: float
    source_weakest: float
    order: float
    answered_in_order: float
    length_ratio: float
    skeleton_ratio: float
    skeleton_run: float
    cover_draft_beyond: float = 0.0
    log_rarity_beyond: float = 0.0
    words_of_source_beyond: float = 0.0
    log_word_rarity_beyond: float = 0.0
    closeness_beyond: float = 0.0
    passage_mean_beyond: float = 0.0
    source_mean_beyond: float = 0.0

    def row(self) -> list[float]:
        """Return the figures in the order of `NAMES`."""
        return [float(getattr(self, name)) for name in NAMES]


NAMES: tuple[str, ...] = tuple(field.name for field in fields(Features))
BEYOND = tuple(name.removesuffix("_beyond") for name in NAMES if name.endswith("_beyond"))


def extract(draft: Side, source: Side, alignment: Alignment, context: Context) -> Features:
    """Return the features of a pair."""
    return Features(
        **_wording(draft, source, alignment, context),
        **_bags(draft, source, alignment, context),
        **_meaning(draft, source, context),
        **_skeletons(draft, source),
    )


def set_apart(rows: Sequence[Features]) -> list[Features]:
    """Return the features of all candidates of a draft, each with how far it goes beyond the others.

    What a draft shares with half a dozen posts comes from the topic, the occasion or the trade; what it shares with one
    needs another explanation. Each `_beyond` figure is the figure less that of the candidate at rank `OTHERS`, copies
    of the draft left out.
    """
    if not rows:
        return []
    figures = np.array([[getattr(row, name) for name in BEYOND] for row in rows])
    # Further copies of the same post explain nothing: what a dozen accounts have copied is no custom.
    others = figures[[row.cover_draft < COPY for row in rows]]
    usual = np.sort(others, axis=0)[::-1][min(OTHERS, len(others)) - 1] if len(others) else np.zeros(len(BEYOND))
    return [
        replace(row, **{f"{name}_beyond": float(value) for name, value in zip(BEYOND, beyond, strict=True)})
        for row, beyond in zip(rows, figures - usual, strict=True)
    ]


def _wording(draft: Side, source: Side, alignment: Alignment, context: Context) -> dict[str, float]:
    own = context.own
    hit = alignment.covered_draft(len(draft.clean.letters)) & own
    back = alignment.covered_source(len(source.clean.letters), own)
    longest = max((int(own[t.draft : t.draft + t.length].sum()) for i in alignment.islands for t in i.tiles), default=0)
    island = max((int(hit[i.draft[0] : i.draft[1]].sum()) for i in alignment.islands), default=0)
    ends = [i.source[0] for i in alignment.islands]
    lifted = _lifted(draft.clean, hit, own)
    return {
        "cover_draft": float(hit.sum()) / max(1, int(own.sum())),
        "cover_source": float(back.sum()) / max(1, len(source.clean.letters)),
        "log_matched": math.log1p(int(hit.sum())),
        "log_longest": math.log1p(longest),
        "log_rarity": math.log1p(float(context.rarity[hit].sum())),
        "islands_in_order": _increasing(ends) / len(ends) if ends else 0.0,
        "log_island": math.log1p(island),
        "lifted": lifted / max(1, int(own.sum())),
        "log_lifted": math.log1p(lifted),
        "rarity": float(context.rarity[hit].mean()) if hit.any() else 0.0,
    }


def _lifted(draft: CleanText, hit: NDArray[np.bool_], own: NDArray[np.bool_]) -> int:
    """Return how many own letters stand in passages that were taken whole: who quotes a phrase changes the sentence."""
    at = np.array(draft.letter_at)
    total = 0
    for start, end in draft.passages:
        first, last = np.searchsorted(at, (start, end))
        letters = int(own[first:last].sum())
        if letters and int(hit[first:last].sum()) >= WHOLE * letters:
            total += letters
    return total


def _bags(draft: Side, source: Side, alignment: Alignment, context: Context) -> dict[str, float]:
    both = sum((draft.bigrams & source.bigrams).values())
    in_draft, in_source = sum(draft.bigrams.values()), sum(source.bigrams.values())
    shared = draft.words & source.words
    bits = sum(context.idf.get(word, 1.0) for word in shared)
    of_draft = sum(context.idf.get(word, 1.0) for word in draft.words)
    of_source = bits + OTHER_WORD * len(source.words - shared)
    hit = alignment.covered_draft(len(draft.clean.letters))
    uncovered = "".join(c if not h else " " for c, h in zip(draft.clean.letters, hit, strict=True))
    beside = sum(context.idf.get(word, 1.0) for word in shared if word in uncovered)
    numbers = draft.numbers & source.numbers
    return {
        "dice_bigrams": 2 * both / max(1, in_draft + in_source),
        "bigrams_of_draft": both / max(1, in_draft),
        "bigrams_of_source": both / max(1, in_source),
        "words_of_draft": bits / max(1.0, of_draft),
        "words_of_source": bits / max(1.0, of_source),
        "log_word_rarity": math.log1p(bits),
        "words_beside_runs": math.log1p(beside),
        # A lifted passage shares its own words and nothing else; two reports of one event share words all over.
        "concentration": 1.0 - beside / bits if bits else 0.0,
        "numbers_of_source": len(numbers) / len(source.numbers) if source.numbers else 0.0,
        "log_numbers": math.log1p(sum(len(number) for number in numbers)),
        "length_ratio": min(in_draft, in_source) / max(1, in_draft, in_source),
    }


def _meaning(draft: Side, source: Side, context: Context) -> dict[str, float]:
    nearer = closeness(draft, source, context)
    best, back = nearer[1:].max(axis=1), nearer[1:].max(axis=0)
    answers = nearer[1:].argmax(axis=1)
    answered = [int(answer) for answer, value in zip(answers, best, strict=True) if value > NEARER]
    return {
        "closeness": float(nearer[0].max()),
        "passage_mean": float(best.mean()),
        "passage_weakest": float(best.min()),
        "passage_answered": len(answered) / len(best),
        "source_mean": float(back.mean()),
        "source_weakest": float(back.min()),
        "order": _kendall(answers.tolist()),
        "answered_in_order": _increasing(answered) / len(best),
    }


def closeness(draft: Side, source: Side, context: Context) -> NDArray[np.float64]:
    """Return how much nearer the units of a pair are than their topic brings along.

    0 is the cosine of the 20th nearest text of the corpus, 1 the same text: so encoders with wide and with squeezed
    cosines give comparable figures. Row 0 is the whole text against the whole text (repeated), the other rows are the
    draft's passages against the source's; shape (1 + passages, source passages), values at least -1.
    """
    ours, theirs = _passages(draft.vectors), _passages(source.vectors)
    usual = context.backgrounds[1:] if len(context.backgrounds) > 1 else context.backgrounds
    whole = np.full((1, len(theirs)), draft.vectors[0] @ source.vectors[0], np.float64)
    cosines = np.concatenate([whole, ours @ theirs.T])
    floors = np.concatenate([context.backgrounds[:1], usual]).astype(np.float64)[:, None]
    return np.asarray(np.maximum((cosines - floors) / np.maximum(1.0 - floors, SMALLEST_ROOM), -1.0))


def _passages(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the rows of the passages; a text of one passage is that passage."""
    return vectors[1:] if len(vectors) > 1 else vectors


def _skeletons(draft: Side, source: Side) -> dict[str, float]:
    left, right = draft.skeleton, source.skeleton
    length, run = _common(left, right)
    return {
        "skeleton_ratio": 2 * length / max(1, len(left) + len(right)),
        "skeleton_run": math.log1p(run),
    }


def _common(left: Sequence[str], right: Sequence[str]) -> tuple[int, int]:
    """Return the length of the longest common subsequence and of the longest common run.

    The former by whole columns of the table at a time, a bit for each token of the right side (Hyyrö 2004).
    """
    if not left or not right:
        return 0, 0
    codes = {token: chr(i) for i, token in enumerate(dict.fromkeys([*left, *right]), 1)}
    at = dict.fromkeys(left, 0)
    for i, token in enumerate(right):
        at[token] = at.get(token, 0) | 1 << i
    everything = (1 << len(right)) - 1
    unmatched = everything
    for token in left:
        taken = unmatched & at[token]
        unmatched = (unmatched + taken | unmatched - taken) & everything
    run = _longest_run("".join([codes[token] for token in left]), "".join([codes[token] for token in right]))
    return len(right) - unmatched.bit_count(), run


def _longest_run(left: str, right: str) -> int:
    """Return the length of the longest common substring: what holds for a length holds for all shorter ones."""
    least, most = 0, min(len(left), len(right))
    while least < most:
        size = (least + most + 1) // 2
        if any(left[i : i + size] in right for i in range(len(left) - size + 1)):
            least = size
        else:
            most = size - 1
    return least


def _increasing(values: Sequence[int]) -> int:
    """Return the length of the longest non-decreasing subsequence."""
    ends: list[int] = []  # the smallest end of a subsequence of each length
    for value in values:
        at = bisect_right(ends, value)
        ends[at : at + 1] = [value]
    return len(ends)


def _kendall(values: Sequence[int]) -> float:
    """Return Kendall's rank correlation of a sequence with its order, in [-1, 1]; 0 for fewer than two."""
    row, pairs = np.array(values), len(values) * (len(values) - 1) // 2
    return sum(int(np.sign(value - row[:i]).sum()) for i, value in enumerate(row)) / pairs if pairs else 0.0
