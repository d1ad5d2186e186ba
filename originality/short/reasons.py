"""What two short lines share, in words, Chinese first. Each sentence quotes; none gives a bare figure."""

from __future__ import annotations

from collections.abc import Sequence

from originality.settings import Language
from originality.short.figures import Figures, Pairing, Said

LIKE_FRAME = 0.6  # likeness of frames worth a sentence
MOST_QUOTED = 4


def reasons(
    draft: Said, source: Said, pairs: Sequence[Pairing], figures: Figures, language: Language
) -> tuple[str, ...]:
    """Return the evidence as sentences, strongest first."""
    chinese = language == "zh"
    if draft.letters == source.letters:
        return (f"整句与该帖的“{source.text}”一字不差。" if chinese else f'The line is the same as "{source.text}".',)
    told = [
        f"整句 {len(draft.letters)} 个字中有 {len(pairs)} 个能在该帖的“{source.text}”中找到对应。"
        if chinese
        else f'{len(pairs)} of {len(draft.letters)} characters have a counterpart in "{source.text}".'
    ]
    for change, zh, en in (
        ("sound", "谐音替换", "Homophones"),
        ("number", "只换了数字", "Only the number differs"),
        ("moved", "调换了位置", "In another place"),
    ):
        quoted = [
            f"{source.letters[start:end]}→{draft.letters[at : at + end - start]}"
            if change != "moved"
            else source.letters[start:end]
            for at, start, end in _runs([each for each in pairs if each.change == change])
        ][:MOST_QUOTED]
        if quoted:
            told.append(f"{zh}：{'、'.join(quoted)}。" if chinese else f"{en}: {', '.join(quoted)}.")
    if figures.frame >= LIKE_FRAME:
        told.append(
            "去掉内容词后，句式相同。" if chinese else "Without their content words both have the same pattern."
        )
    return tuple(told)


def _runs(pairs: Sequence[Pairing]) -> list[tuple[int, int, int]]:
    """Return (start in the draft, start and end in the source) of pairs that are neighbours on both sides."""
    runs: list[tuple[int, int, int]] = []
    for each in pairs:
        if runs and each.source == runs[-1][2] and each.draft - runs[-1][0] == each.source - runs[-1][1]:
            runs[-1] = (runs[-1][0], runs[-1][1], each.source + 1)
        else:
            runs.append((each.draft, each.source, each.source + 1))
    return runs
