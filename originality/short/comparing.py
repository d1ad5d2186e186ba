"""A draft of one line -> the lines of the corpus that are like it, weighed, and whether everybody says it.

A line that three voices say is custom: 早安打工人 accuses nobody. Accounts whose longer posts are copies of each other
are one voice: a campaign that its dealers repeat stays the brand's.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from originality import sketch, words
from originality.index import Index
from originality.index.lines import Line
from originality.models import CleanText, Post
from originality.short.figures import Figures, Pairing, Rarity, Said, measure, pair, said
from originality.short.judge import evidence
from originality.short.lines import LONGEST_LINE, extract, keys_of

KEY_CAP = 400  # lines that carry a key; with more it is common speech
LOOKED_UP = 100  # lines whose posts are looked up
WEIGHED = 24  # lines weighed letter by letter: some 0.1 ms each
VOICES = 3  # two may copy each other; what a third says as well is custom
SAYS = 0.8  # of the shared bits: a further line with as many says the same
MAX_ALIKE = 0.35  # resemblance of two longer posts from which they are one voice
LONGER = 2 * LONGEST_LINE  # characters of a post that is more than the line
ASKED = 12  # voices told apart at most


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """A line of the corpus beside the draft."""

    post: Post
    line: Line
    draft: Said
    source: Said
    pairs: tuple[Pairing, ...]
    figures: Figures
    strength: float
    """Log-odds, before the risk: see `judge.evidence`."""
    voices: int = 1
    """Accounts, this one's included, that say as much of the draft; counted up to `ASKED`."""

    @property
    def common(self) -> bool:
        """Say whether what the two share is everybody's."""
        return self.voices >= VOICES


def compare(draft: CleanText, index: Index, admits: Callable[[Post], bool] = lambda post: True) -> tuple[Compared, ...]:
    """Return the lines like a draft, the strongest evidence first, one for each post.

    Args:
        draft: the cleaned draft, of 6 to 20 letters.
        index: where to look; its file of lines catches up first.
        admits: says whether a post may be a source at all.
    """
    index.lines.catch_up(extract)
    lines = index.lines.near(keys_of(draft.letters), KEY_CAP, LOOKED_UP)
    posts = {row: post for row, post in index.posts_at({line.row for line in lines}).items() if admits(post)}
    lines = [line for line in lines if line.row in posts][:WEIGHED]
    if not lines:
        return ()
    tokens = {text: words.cut(text) for text in (draft.text, *(line.text for line in lines))}
    known = {token for cut in tokens.values() for token in cut if len(token) > 1}
    rarity = Rarity(index.word_counts(sorted(known)), index.info().posts)
    ours = said(draft.text, rarity, tokens[draft.text])
    weighed = [_weigh(ours, said(line.text, rarity, tokens[line.text]), line, posts[line.row]) for line in lines]
    best: dict[int, Compared] = {}
    for each in sorted(weighed, key=lambda each: (-each.strength, each.line.row)):
        best.setdefault(each.line.row, each)
    found = list(best.values())
    return tuple(_heard(each, found, index) for each in found)


def _weigh(draft: Said, source: Said, line: Line, post: Post) -> Compared:
    pairs = pair(draft, source)
    figures = measure(draft, source, pairs)
    return Compared(
        post=post,
        line=line,
        draft=draft,
        source=source,
        pairs=pairs,
        figures=figures,
        strength=evidence(figures),
    )


def _heard(one: Compared, others: Sequence[Compared], index: Index) -> Compared:
    """Return a comparison with its voices counted."""
    shared = {each.draft for each in one.pairs}
    bits = sum(one.draft.weights[i] for i in shared)
    saying: dict[str, Compared] = {}
    for other in (one, *others):
        both = shared & {each.draft for each in other.pairs}
        if sum(one.draft.weights[i] for i in both) >= SAYS * bits:
            saying.setdefault(other.post.account, other)
    voices = list(saying.values())[:ASKED]
    if sum(len(each.post.text) > LONGER for each in voices) > 1 and len(voices) >= VOICES:
        return replace(one, voices=_voices(voices, index))
    return replace(one, voices=len(voices))


def _voices(saying: Sequence[Compared], index: Index) -> int:
    """Return how many of some accounts speak for themselves."""
    rows = index.signatures([each.line.row for each in saying])
    longer = [len(each.post.text) > LONGER for each in saying]
    alone = 0
    for i in range(len(saying)):
        earlier = [j for j in range(i) if longer[i] and longer[j]]
        alone += not (earlier and bool((sketch.resemblance(rows[i], rows[earlier]) > MAX_ALIKE).any()))
    return alone
