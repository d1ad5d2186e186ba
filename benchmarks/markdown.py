"""Tables in Markdown, and generated sections that live between markers in a file which is otherwise written by hand."""

from __future__ import annotations

from collections.abc import Sequence


def table(headings: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """Return a table; floats with three digits, None as an empty cell."""
    lines = [headings, ["---"] * len(headings), *([_cell(value) for value in row] for row in rows)]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _cell(value: object) -> str:
    if value is None:
        return ""
    return f"{value:.3f}" if isinstance(value, float) else str(value)


def put(text: str, name: str, section: str) -> str:
    """Return a text with a section between its markers; both are added at the end where they are missing.

    Raises:
        ValueError: one of the two markers is missing, or they stand the wrong way round.
    """
    begin, end = f"<!-- {name}: begin -->", f"<!-- {name}: end -->"
    block = f"{begin}\n{section.strip()}\n{end}"
    if begin not in text and end not in text:
        return f"{text.rstrip()}\n\n{block}\n"
    before, found, rest = text.partition(begin)
    _, closed, after = rest.partition(end)
    if not (found and closed):
        raise ValueError(f"The markers of {name} must stand as '{begin}' … '{end}', each once.")
    return before + block + after
