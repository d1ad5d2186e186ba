"""The CSV and JSON family of weiboSpider and its forks, WeiboSuperSpider among them: empty is "无".

That a repost is one cell is a matter of `texts`, that the tool writes its header anew in every run one of `rows`, since
other tools do so too, and that it adds the year of its own run to a date without one, of `times`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

NOTHING = "无"
_AUTHOR = "发布者"
_TEXT = "微博正文"


def read_cells(header: Sequence[str], cells: Sequence[object]) -> Mapping[str, object]:
    """Return the cells by name, those that say "无" empty."""
    # A row may be shorter or longer than the header: what has no partner is nothing, longer rows are refused before.
    row = {
        name: "" if isinstance(cell, str) and cell.strip() == NOTHING else cell
        for name, cell in zip(header, cells, strict=False)
    }
    author, text = row.get(_AUTHOR), row.get(_TEXT)
    if isinstance(author, str) and isinstance(text, str) and author.strip():
        row[_TEXT] = text.removeprefix(f"{author.strip()}:")  # the fork that searches topics writes "name:text"
    return row
