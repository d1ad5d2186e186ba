"""The figures of `scale.py` as lines to read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

MADE_UP = " [most vectors made up: --embed sample]"


def report(phase: str, figures: Mapping[str, Any], *, sampled: bool) -> str:
    """Return what a phase has found, one figure or row a line."""
    mark = MADE_UP if sampled and phase != "corpus" else ""
    return "\n".join([f"-- {phase}{mark}", *_lines(figures, "  ")])


def _lines(figures: Mapping[str, Any], indent: str) -> list[str]:
    lines = []
    for name, value in figures.items():
        if isinstance(value, Mapping) and any(isinstance(item, Mapping) for item in value.values()):
            lines += [f"{indent}{name}", *_lines(value, indent + "  ")]
        elif isinstance(value, Mapping):
            lines.append(f"{indent}{name:28}" + "  ".join(f"{key} {_figure(item)}" for key, item in value.items()))
        else:
            lines.append(f"{indent}{name:28}{_figure(value)}")
    return lines


def _figure(value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return str(value)
    return f"{value:,}" if isinstance(value, int) else f"{value:,.3f}".rstrip("0").rstrip(".")
