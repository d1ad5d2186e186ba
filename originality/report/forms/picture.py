"""From a matplotlib figure to SVG that can stand in a page: text as text, no fonts, no ids that clash, no addresses.

Matplotlib measures text with its own font, so the bytes are the same on every machine; the page's style sheet says
which font the reader sees. Nothing here relies on the measured width.
"""

from __future__ import annotations

import logging
import re
import unicodedata
import warnings
from collections.abc import Callable
from io import StringIO
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from originality.report.forms.shown import attribute, visible

if TYPE_CHECKING:
    from matplotlib.figure import Figure

# Okabe and Ito's colours, told apart by most colour-blind readers; every use has a shape, a pattern or a label besides.
ORANGE, SKY, GREEN, BLUE, VERMILION, GREY = "#e69f00", "#56b4e9", "#009e73", "#0072b2", "#d55e00", "#8a8f94"
INK, SOFT, LINE = "#22262a", "#5d646b", "#dedad0"
_STYLE: Any = {
    "svg.fonttype": "none",
    "svg.hashsalt": "originality",
    "font.family": "DejaVu Sans",  # comes with matplotlib; only measures
    "font.size": 12.0,
    "text.parse_math": False,  # a name such as "$x$" is a name
    "text.color": INK,
    "axes.edgecolor": LINE,
    "axes.labelcolor": SOFT,
    "xtick.color": SOFT,
    "ytick.color": INK,
    "hatch.linewidth": 1.2,
    "path.simplify": False,
}


def draw(name: str, title: str, width: int, height: int, paint: Callable[[Figure], None]) -> Markup:
    """Return what `paint` draws as inline SVG.

    Args:
        name: unique in the page.
        title: what the picture shows, for readers who cannot see it.
        width: in pixels at full size.
        height: the same.
        paint: draws on an empty figure of that size, 72 dots to the inch.
    """
    logging.getLogger("matplotlib").setLevel(logging.ERROR)  # it tells a nightly run about its font cache
    from matplotlib import rc_context
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure

    out = StringIO()
    with warnings.catch_warnings(), rc_context(_STYLE):
        warnings.filterwarnings("ignore", message="Glyph .* missing from")  # the reader's font draws them
        figure = Figure(figsize=(width / 72, height / 72), dpi=72)
        FigureCanvasSVG(figure)
        figure.patch.set_visible(False)
        paint(figure)
        figure.savefig(out, format="svg", metadata={"Date": None, "Creator": None, "Format": None, "Type": None})
    return _embed(out.getvalue(), name, title, width, height)


def _embed(svg: str, name: str, title: str, width: int, height: int) -> Markup:
    body = svg[svg.index(">", svg.index("<svg")) + 1 : svg.rindex("</svg>")]
    body = re.sub(r"<!--.*?-->|<metadata>.*?</metadata>|<style.*?</style>", "", body, flags=re.DOTALL)
    body = re.sub(r"<[^>]*>", lambda tag: _tag(tag[0], name), body)
    body = re.sub(r">\s+<", "><", body).strip()
    head = (
        f'<svg role="img" aria-label="{attribute(title)}" viewBox="0 0 {width} {height}" width="{width}" '
        f'height="{height}">'
    )
    return Markup(f"{head}{body}</svg>")  # nosec B704: every text in it has passed `attribute` or matplotlib


def _tag(tag: str, name: str) -> str:
    """Return a tag with short numbers, no font, and ids that no other picture of the page has."""
    tag = re.sub(r"\s+", " ", tag.replace("xlink:href", "href"))
    tag = re.sub(r"(-?\d+\.\d)\d+", r"\1", tag)
    tag = re.sub(r"font: ([\d.]+)px [^;\"]*", r"font-size: \1px", tag)
    tag = re.sub(r"font-family: [^;\"]*;? ?", "", tag)
    if tag.startswith("<g id="):
        return re.sub(r' id="[^"]*"', "", tag)
    tag = re.sub(r'id="([^"]*)"', rf'id="{name}-\1"', tag)
    return re.sub(r'(href="|url\()#', rf"\1#{name}-", tag)


def label(text: str, most: int = 20) -> str:
    """Return a foreign text as a label: visible, on one line, cut to so many half-width characters."""
    line, width = "", 0
    for char in " ".join(visible(text).split()):
        width += _wide(char)
        if width > most:
            return line + "…"
        line += char
    return line


def width_of(text: str, size: float = 12.0) -> float:
    """Return about how many pixels a label takes in any usual font."""
    return sum(_wide(char) for char in text) * size * 0.54


def _wide(char: str) -> int:
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1
