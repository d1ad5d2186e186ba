"""A table as data: made once, shown in the page and written to the XLSX file."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from originality.report.forms.say import NOTHING, lag_text, number_text, risk_text, share_text, time_text
from originality.report.forms.words import Words

Kind = Literal["text", "account", "url", "time", "count", "number", "share", "risk", "lag", "slope"]
Value = str | int | float | datetime | None
NUMBERS: frozenset[Kind] = frozenset({"count", "number", "share", "risk", "lag", "slope"})


@dataclass(frozen=True, slots=True)
class Column:
    """A column and how its values are written."""

    label: str
    kind: Kind = "text"
    on_page: bool = True
    """False where the page has no room for it; the XLSX file has it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table; `key` names it in `words_table`."""

    key: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Value, ...], ...]


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of the page."""

    text: str
    kind: Kind
    number: bool


def columns_of(words: Words, *names: str) -> tuple[Column, ...]:
    """Return columns from "name", "name:kind" or, for the XLSX file only, "-name:kind"."""
    columns = []
    for name in names:
        key, _, kind = name.lstrip("-").partition(":")
        found: Kind = kind or "text"  # type: ignore[assignment]  # the names below are ours
        columns.append(Column(words(f"column.{key}"), found, not name.startswith("-")))
    return tuple(columns)


def head_of(table: Table) -> list[Cell]:
    """Return the head of a table on the page."""
    return [Cell(each.label, each.kind, each.kind in NUMBERS) for each in table.columns if each.on_page]


def cells_of(table: Table, words: Words, most: int | None = None) -> Iterable[list[Cell]]:
    """Return the rows of a table as the page writes them."""
    for row in table.rows[:most]:
        yield [
            Cell(text_of(value, column.kind, words), column.kind, column.kind in NUMBERS)
            for value, column in zip(row, table.columns, strict=True)
            if column.on_page
        ]


def text_of(value: Value, kind: Kind, words: Words) -> str:
    """Return a value in words."""
    if value is None:
        return "" if kind == "count" else NOTHING
    if isinstance(value, datetime):
        return time_text(value)
    if isinstance(value, str):
        return value
    if kind == "lag":
        return lag_text(value, words)
    if kind == "slope":
        return f"{value:+.3f}".replace("-", "−")
    return {"share": share_text, "risk": risk_text}.get(kind, number_text)(value)


def excerpt(text: str, most: int = 40) -> str:
    """Return the begin of a text on one line."""
    line = " ".join(text.split())
    return line if len(line) <= most else line[:most] + "…"


def joined(values: Sequence[str], words: Words) -> str:
    """Return several values for one cell."""
    return words.join(list(values))
