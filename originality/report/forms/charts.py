"""The charts of the page, each drawn from the records alone and each with a table beside it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from originality.report.forms.picture import BLUE, GREY, INK, LINE, ORANGE, SOFT, VERMILION, draw, label, width_of
from originality.report.forms.say import number_text
from originality.report.forms.words import Words
from originality.report.records import AccountLine, ContentPair, Drift, Pair, Report, Sign

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

WIDTH = 760
MOST_NODES = 16
MOST_PAIRS = 30  # drawn, the busiest: more are a ball of wool
MOST_ROWS = 20  # of a chart; the table beside it goes on
ROW = 26
_SIGNS: dict[Sign, tuple[str, str]] = {
    "towards": (">", VERMILION),
    "away": ("<", BLUE),
    "none": ("o", GREY),
    "too_few": ("x", GREY),
}


def _axes(figure: Figure, left: float, top: float, width: float, height: float) -> Axes:
    """Return axes at a place given in pixels from the upper left corner."""
    whole_width, whole_height = figure.get_figwidth() * 72, figure.get_figheight() * 72
    bottom = whole_height - top - height
    axes = figure.add_axes(
        (left / whole_width, bottom / whole_height, width / whole_width, height / whole_height), facecolor="none"
    )
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.tick_params(length=0)
    return axes


def _names(axes: Axes, names: Sequence[str]) -> None:
    axes.set_yticks(range(len(names)), names)
    axes.set_ylim(len(names) - 0.5, -0.5)


def _margin(names: Sequence[str]) -> float:
    return max((width_of(name) for name in names), default=0) + 14


# -- heat maps ---------------------------------------------------------------------------------------------------------


def heat(name: str, title: str, rows: Sequence[str], columns: Sequence[str], counts: Sequence[Sequence[int]]) -> Markup:
    """Return counts as a map of squares, darker for more, with each figure written in."""
    names = [label(row, 30) for row in rows]
    left, side = _margin(names), 24.0
    wide = (WIDTH - left - 6) / max(1, len(columns))
    most = max((max(row) for row in counts), default=0) or 1

    def paint(figure: Figure) -> None:
        axes = _axes(figure, left, 24, wide * len(columns), side * len(rows))
        axes.pcolormesh(counts, cmap="Blues", vmin=0, vmax=most * 1.25, edgecolors="white", linewidth=1.5)
        axes.set_xticks([i + 0.5 for i in range(len(columns))], columns)
        axes.xaxis.tick_top()
        axes.set_yticks([i + 0.5 for i in range(len(rows))], names)
        axes.set_ylim(len(rows), 0)
        axes.spines["bottom"].set_visible(False)
        axes.tick_params(axis="x", labelsize=11, pad=2)
        for y, row in enumerate(counts):
            for x, count in enumerate(row):
                if count:
                    colour = "white" if count > most * 0.7 else INK
                    _centred(axes, x + 0.5, y + 0.5, number_text(count), colour)

    return draw(name, title, WIDTH, math.ceil(30 + side * len(rows)), paint)


def _centred(axes: Axes, x: float, y: float, text: str, colour: str, **more: Any) -> None:
    axes.text(x, y, text, ha="center", va="center_baseline", color=colour, fontsize=11, **more)


# -- who followed whom -------------------------------------------------------------------------------------------------


def network(report: Report, words: Words) -> Markup:
    """Return the accounts in a circle, with an arrow from each leader to each follower."""
    names = _busiest(report.pairs)
    spots = {
        name: (math.sin(2 * math.pi * i / len(names)), math.cos(2 * math.pi * i / len(names)))
        for i, name in enumerate(names)
    }

    def paint(figure: Figure) -> None:
        axes = _axes(figure, 0, 0, WIDTH, 420)
        axes.set_axis_off()
        axes.set_xlim(-WIDTH / 300, WIDTH / 300)
        axes.set_ylim(-1.4, 1.4)
        for pair in sorted(report.pairs, key=_events, reverse=True)[:MOST_PAIRS]:
            if pair.one in spots and pair.other in spots:
                _arrow(axes, pair, pair.one, pair.other, pair.one_led.count_history, spots)
                _arrow(axes, pair, pair.other, pair.one, pair.other_led.count_history, spots)
        for name, spot in spots.items():
            _node(axes, name, spot, ours=name in report.own)

    return draw("network", words("network"), WIDTH, 420, paint)


def _busiest(pairs: Sequence[Pair]) -> list[str]:
    counts: dict[str, int] = {}
    for pair in pairs:
        for name in (pair.one, pair.other):
            counts[name] = counts.get(name, 0) + _events(pair)
    return sorted(counts, key=lambda name: (-counts[name], name))[:MOST_NODES]


def _events(pair: Pair) -> int:
    return pair.one_led.count_history + pair.other_led.count_history


_Spots = dict[str, tuple[float, float]]
BEND = 0.18


def _arrow(axes: Axes, pair: Pair, leader: str, follower: str, count: int, spots: _Spots) -> None:
    from matplotlib.patches import FancyArrowPatch

    if not count:
        return
    (x1, y1), (x2, y2) = spots[leader], spots[follower]
    axes.add_patch(
        FancyArrowPatch(
            (x1, y1), (x2, y2), connectionstyle=f"arc3,rad={BEND}", arrowstyle="-|>", mutation_scale=13,
            shrinkA=11, shrinkB=12, linewidth=min(6.0, 1.2 + 0.7 * (count - 1)), color=VERMILION,
            linestyle=(0, (4, 3)) if pair.too_few else "solid", alpha=0.85,
        )
    )  # fmt: skip
    # The middle of the arc, a quarter of its control point away from the chord.
    x, y = (x1 + x2) / 2 + BEND / 2 * (y2 - y1), (y1 + y2) / 2 - BEND / 2 * (x2 - x1)
    _centred(axes, x, y, str(count), INK, bbox={"boxstyle": "round,pad=0.15", "facecolor": "white", "linewidth": 0})


def _node(axes: Axes, name: str, spot: tuple[float, float], *, ours: bool) -> None:
    x, y = spot
    axes.plot([x], [y], "s" if ours else "o", markersize=15, color=INK if ours else "white", markeredgecolor=INK)
    side = "left" if x > 0.1 else "right" if x < -0.1 else "center"
    shift = {"left": 0.09, "right": -0.09, "center": 0.0}[side]
    lift = 0.0 if side != "center" else math.copysign(0.14, y)
    weight = "bold" if ours else "normal"
    axes.text(x + shift, y + lift, label(name), ha=side, va="center_baseline", fontsize=12.5, fontweight=weight)


# -- accounts ----------------------------------------------------------------------------------------------------------


def differentiation(lines: Sequence[AccountLine], words: Words) -> Markup:
    """Return the differentiation index per account, and engagement beside it in a panel of its own."""
    told = [line for line in lines if line.differentiation.value is not None or line.engagement.value is not None]
    told = sorted(told, key=lambda line: -(line.differentiation.value or 0))[:MOST_ROWS]
    names = [label(line.account) for line in told]
    left = _margin(names)
    panel = (WIDTH - left - 60) / 2

    def paint(figure: Figure) -> None:
        for place, key in enumerate(("differentiation", "engagement")):
            axes = _axes(figure, left + place * (panel + 30), 28, panel, ROW * len(told))
            _bars(axes, [getattr(line, key) for line in told], told, 1.0 if place == 0 else None)
            _names(axes, names if place == 0 else [""] * len(told))
            axes.set_title(words(f"column.{key}"), loc="left", fontsize=12, color=SOFT)
        figure.text(
            1 - 6 / WIDTH, 8 / (ROW * len(told) + 58), words("accounts.before"), ha="right", color=SOFT, size=11
        )

    return draw("differentiation", words("accounts.chart"), WIDTH, ROW * len(told) + 58, paint)


def _bars(axes: Axes, figures: Sequence[Any], lines: Sequence[AccountLine], most: float | None) -> None:
    values = [figure.value or 0 for figure in figures]
    top = most or max([*values, *(figure.before or 0 for figure in figures), 1e-9])
    for y, (figure, line) in enumerate(zip(figures, lines, strict=True)):
        if figure.value is None:
            axes.text(0, y, "—", va="center_baseline", color=SOFT)
            continue
        look: dict[str, Any] = (
            {"color": BLUE, "hatch": "///", "edgecolor": "white"} if line.ours else {"color": "#9cc3dd"}
        )
        axes.barh(y, figure.value, height=0.6, linewidth=0, **look)
        text = number_text(figure.value) if most is None else f"{figure.value:.2f}"
        axes.text(top * 1.22, y, text, ha="right", va="center_baseline", fontsize=11)
        if figure.before is not None:
            axes.plot([figure.before], [y], "D", markersize=6, color="white", markeredgecolor=INK)
    axes.set_xlim(0, top * 1.22)
    axes.set_xticks([])
    axes.axvline(0, color=LINE)


# -- content direction -------------------------------------------------------------------------------------------------


def directions(report: Report, words: Words) -> Markup:
    """Return for each pair its overlap in the span and over the weeks, and the drift of its first account."""
    pairs = report.directions[:MOST_ROWS]
    names = [label(_pair_name(pair, report), 30) for pair in pairs]
    left = _margin(names)
    panel, height = (WIDTH - left - 50) / 2, ROW * len(pairs)

    def paint(figure: Figure) -> None:
        axes = _axes(figure, left, 46, panel, height)
        _overlaps(axes, pairs)
        _names(axes, names)
        legend = f"{words('directions.now')}   {words('directions.long', weeks=report.weeks)}"
        axes.set_title(f"{words('directions.overlap')}\n{legend}", loc="left", fontsize=12, color=SOFT)
        axes = _axes(figure, left + panel + 34, 46, panel, height)
        _drifts(axes, [pair.drift[0] for pair in pairs])
        _names(axes, [""] * len(pairs))
        axes.set_title(words("directions.drift"), loc="left", fontsize=12, color=SOFT)

    return draw("directions", words("directions.chart"), WIDTH, height + 72, paint)


def _pair_name(pair: ContentPair, report: Report) -> str:
    """Return the rival's name where there is one own account, else both."""
    return pair.other if report.own == (pair.one,) else f"{label(pair.one, 14)} → {label(pair.other, 14)}"


def _overlaps(axes: Axes, pairs: Sequence[ContentPair]) -> None:
    for y, pair in enumerate(pairs):
        axes.axhline(y, color=LINE, linewidth=0.8)
        if pair.overlap is not None and pair.overlap_long is not None:
            axes.plot([pair.overlap, pair.overlap_long], [y, y], color=SOFT, linewidth=1.5)
        if pair.overlap_long is not None:
            axes.plot([pair.overlap_long], [y], "D", markersize=7, color="white", markeredgecolor=INK)
        if pair.overlap is not None:
            axes.plot([pair.overlap], [y], "o", markersize=8, color=ORANGE, markeredgecolor=INK)
    axes.set_xlim(0, 1)
    axes.set_xticks([0, 0.5, 1], ["0", "0.5", "1"])


def _drifts(axes: Axes, drifts: Sequence[Drift]) -> None:
    reach = max([abs(end) for d in drifts for end in (d.slope.low, d.slope.high, d.slope.value) if end] or [0.01])
    axes.axvline(0, color=SOFT, linewidth=1)
    for y, drift in enumerate(drifts):
        axes.axhline(y, color=LINE, linewidth=0.8)
        marker, colour = _SIGNS[drift.sign]
        if drift.slope.value is None:
            axes.plot([0], [y], "x", markersize=7, color=GREY)
            continue
        if drift.slope.low is not None and drift.slope.high is not None:
            axes.plot([drift.slope.low, drift.slope.high], [y, y], color=colour, linewidth=2)
        axes.plot([drift.slope.value], [y], marker, markersize=8, color=colour, markeredgecolor=INK)
    axes.set_xlim(-reach * 1.1, reach * 1.1)
    axes.set_xticks([-reach, 0, reach], [f"−{reach:.2f}", "0", f"+{reach:.2f}"])


# -- occasions ---------------------------------------------------------------------------------------------------------


def angles(name: str, title: str, taken: Sequence[tuple[str, int]], untaken: Sequence[str], words: Words) -> Markup:
    """Return how many accounts took each angle of an occasion; angles that nobody took have an empty place."""
    names = [label(angle) for angle, _ in taken] + [label(angle) for angle in untaken]
    left, most = _margin(names), max([count for _, count in taken] or [1])

    def paint(figure: Figure) -> None:
        axes = _axes(figure, left, 4, WIDTH - left - 10, 22 * len(names))
        for y, (_, count) in enumerate(taken):
            axes.barh(y, count, height=0.62, color=ORANGE, edgecolor=INK, linewidth=0.6)
            axes.text(count + most * 0.015, y, str(count), va="center_baseline", fontsize=11)
        for y in range(len(taken), len(names)):
            axes.barh(y, most * 0.02, height=0.62, color="white", edgecolor=GREY, linestyle=":", linewidth=1)
            axes.text(most * 0.035, y, words("occasion.nobody"), va="center_baseline", fontsize=11, color=SOFT)
        _names(axes, names)
        axes.set_xlim(0, most * 1.15)
        axes.set_xticks([])
        axes.axvline(0, color=SOFT)

    return draw(name, title, WIDTH, 22 * len(names) + 10, paint)
