"""Find what everybody says: text of a draft that many accounts carry, and that therefore is nobody's.

A draft's shingles and the posts that carry them enter; spans of the draft with their counts leave. Two ways:

* learned from the corpus: a run of letters that several accounts carry in otherwise different posts. That last
  condition tells custom from a cascade: the posts that carry a formula are unlike each other, the copies of one post
  are alike (mean resemblance of their MinHash signatures), and a copied sentence must never pass for custom;
- a few rules for formulae of the platform (lotteries, coupons, greetings) that a small corpus has not seen yet.

The same idea as JPlag's base code: shared text is matched first and leaves numerator and divisor.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from originality import sketch
from originality.index import Index
from originality.models import Boilerplate, CleanText

MIN_ACCOUNTS = 4  # two may copy each other, three may copy a fourth; custom has more
MIN_POSTS = 4
MAX_ALIKE = 0.35  # mean resemblance of the carriers: copies of one post have some .6, users of one formula below .3
SAMPLE = 12  # carriers compared with each other: 66 pairs tell a cascade from a custom
MIN_RUN = 6  # letters; shorter common runs are plain language, which no span need show

_COUNT = r"[\d一二两三四五六七八九十百千]+"
# Formulae that belong to no one, as they read once cleaned. Narrow on purpose: each must be a whole clause.
_RULES = re.compile(
    "|".join(
        (
            r"(?:关注.{0,12})?(?:并|\+|,|、| )*(?:转发|转评赞?|评论|点赞)[^。!?\n]{0,24}?"
            rf"[抽揪选送](?:取|出)?\s*{_COUNT}\s*[位个名人份][^。!?,\n]{{0,16}}",
            r"(?:关注|转发|评论|点赞)(?:[+、并,]\s*(?:关注|转发|评论|点赞|本条|本条微博|这条微博)){1,4}",
            rf"(?:{_COUNT}月{_COUNT}[日号]|[本下]?周[一二三四五六日末])[^。!?,\n]{{0,8}}(?:开奖|公布(?:中奖)?名单)",
            rf"满\s*{_COUNT}\s*元?\s*(?:[减立]减?|送|返)\s*{_COUNT}元?",
            rf"(?:领|抢)?{_COUNT}元?(?:无门槛)?优惠券",
            r"(?:祝|愿)(?:大家|各位|你们?|所有人)?[^。!?,\n]{0,8}(?:节日?快乐|新年快乐|阖家团圆|阖家幸福|平安喜乐|身体健康|万事如意)",
            r"(?:点击|戳)(?:下方|上方|评论区|主页)?链接[^。!?,\n]{0,8}",
            r"先到先得|售完即止|最终解释权归[^。!?,\n]{0,12}所有",
        )
    )
)


@dataclass(frozen=True, slots=True)
class Common:
    """Which letters of a draft are everybody's."""

    mask: NDArray[np.bool_]
    """One flag per letter of the cleaned draft."""
    spans: tuple[Boilerplate, ...]
    """The same as spans of the original draft, in order, with counts."""

    @property
    def own(self) -> int:
        """Number of letters that are the draft's own."""
        return int((~self.mask).sum())


def find_boilerplate(draft: CleanText, carriers: Mapping[int, Sequence[int]], index: Index, cap: int) -> Common:
    """Return the boilerplate of a draft.

    Args:
        draft: the cleaned draft.
        carriers: rows that carry each of the draft's shingles, as `Index.carriers` gives them.
        index: where accounts and signatures of those rows are looked up.
        cap: carriers beyond which a shingle counts as custom without a look (the retrieval's df cap).
    """
    mask = np.zeros(len(draft.letters), bool)
    spans: list[Boilerplate] = []
    for start, end, posts, accounts in _runs(draft, carriers, index, cap):
        mask[start:end] = True
        spans.append(Boilerplate(span=draft.original_letters(start, end), posts=posts, accounts=accounts))
    for start, end in _by_rule(draft):
        if not mask[start:end].all():
            mask[start:end] = True
            spans.append(Boilerplate(span=draft.original_letters(start, end), posts=0, accounts=0))
    return Common(mask, tuple(_apart(spans)))


def _runs(
    draft: CleanText, carriers: Mapping[int, Sequence[int]], index: Index, cap: int
) -> list[tuple[int, int, int, int]]:
    """Return (start, end, posts, accounts) of the runs of letters under common shingles."""
    hashes = sketch.shingle_hashes(draft.letters, sketch.SHINGLE).tolist()
    often = {value: rows for value, rows in carriers.items() if len(rows) >= MIN_POSTS}
    if not often:
        return []
    accounts = index.accounts_at({row for rows in often.values() for row in rows[: cap + 1]})
    alike: dict[tuple[int, ...], float] = {}  # neighbouring shingles mostly have the same carriers
    common = {value: found for value, rows in often.items() if (found := _custom(rows, accounts, index, cap, alike))}
    runs: list[tuple[int, int, int, int]] = []
    for i, value in enumerate(hashes):
        if value not in common:
            continue
        posts, who = common[value]
        # Winnowing stores about two shingles of five: a gap below one window still is the same run.
        if runs and i <= runs[-1][1] + sketch.WINDOW - 1:
            start, _, known, known_who = runs[-1]
            runs[-1] = (start, i + sketch.SHINGLE, min(known, posts), min(known_who, who))
        else:
            runs.append((i, i + sketch.SHINGLE, posts, who))
    return [run for run in runs if run[1] - run[0] >= MIN_RUN]


def _custom(
    rows: Sequence[int], accounts: Mapping[int, str], index: Index, cap: int, alike: dict[tuple[int, ...], float]
) -> tuple[int, int] | None:
    """Return (posts, accounts) if a shingle's carriers are many and unlike each other."""
    known = [row for row in rows if row in accounts]
    who = len({accounts[row] for row in known})
    if who < MIN_ACCOUNTS:
        return None
    sample = _spread(known)
    if len(rows) <= cap and sample not in alike:
        alike[sample] = _alike(sample, index)
    return None if alike.get(sample, 0.0) > MAX_ALIKE else (len(known), who)


def _spread(rows: Sequence[int]) -> tuple[int, ...]:
    """Take rows from all along the list, so that a cascade at one time does not stand for the whole."""
    if len(rows) <= SAMPLE:
        return tuple(rows)
    return tuple(rows[i * (len(rows) - 1) // (SAMPLE - 1)] for i in range(SAMPLE))


def _alike(rows: Collection[int], index: Index) -> float:
    """Return the mean estimated resemblance of all pairs of posts, in [0, 1]."""
    signatures = index.signatures(list(rows))
    pairs = [
        float(value) for i in range(1, len(signatures)) for value in sketch.resemblance(signatures[i], signatures[:i])
    ]
    return sum(pairs) / len(pairs) if pairs else 1.0


def _by_rule(draft: CleanText) -> list[tuple[int, int]]:
    """Return the letter spans of known formulae."""
    found = []
    positions = np.array(draft.letter_at)
    for match in _RULES.finditer(draft.text):
        start, end = np.searchsorted(positions, match.span())
        if end - start >= MIN_RUN - 2:
            found.append((int(start), int(end)))
    return found


def _apart(spans: list[Boilerplate]) -> list[Boilerplate]:
    """Order spans and join those that overlap; counts of the corpus win over a rule's."""
    joined: list[Boilerplate] = []
    for item in sorted(spans, key=lambda item: item.span):
        if joined and item.span[0] < joined[-1].span[1]:
            last = joined.pop()
            item = Boilerplate(
                span=(last.span[0], max(last.span[1], item.span[1])),
                posts=max(last.posts, item.posts),
                accounts=max(last.accounts, item.accounts),
            )
        joined.append(item)
    return joined
