"""A chain as a small timeline, in a few lines of SVG: a square for the first post, a dot for each that followed."""

from __future__ import annotations

from markupsafe import Markup

from originality.explain import kind_name
from originality.models import MatchKind
from originality.report.forms.picture import label
from originality.report.forms.say import lag_text, time_text
from originality.report.forms.shown import shown
from originality.report.forms.words import Words
from originality.report.records import Chain, Follower, Quote

MOST = 12  # followers drawn; the table beside it has all
WIDTH, ROW, START, END = 660, 24, 150, 320  # END: where the latest follower stands; labels need the rest
_DOTS: dict[MatchKind, str] = {
    "verbatim": '<circle cx="{x}" cy="{y}" r="6" class="full"/>',
    "near": '<circle cx="{x}" cy="{y}" r="6" class="hollow"/><path d="M{x} {top}a6 6 0 0 0 0 12z" class="full"/>',
    "rewrite": '<circle cx="{x}" cy="{y}" r="6" class="hollow"/>',
}


def timeline(chain: Chain, number: int, words: Words) -> Markup:
    """Return a chain as SVG, a row per follower, with time running to the right."""
    followers = chain.followers[:MOST]
    longest = max((item.lag or 0 for item in followers), default=0) or 1
    title = words("chain.label", account=chain.first.account, count=len(chain.followers))
    height = ROW * (len(followers) + 1 + (len(chain.followers) > MOST)) + 8
    parts = [
        Markup('<svg role="img" class="chain" viewBox="0 0 {} {}" width="{}" height="{}" aria-label="{}">').format(
            WIDTH, height, WIDTH, height, label(title, 200)
        ),
        Markup('<line x1="{0}" y1="16" x2="{0}" y2="{1}" class="axis"/>').format(START, ROW * len(followers) + 16),
        Markup('<rect x="{}" y="10" width="12" height="12" class="{}"/>').format(START - 6, _side(chain.first)),
        _text(0, 20, f"{number}", "start"),
        _text(START - 14, 20, time_text(chain.first.published_at), "end"),
        _text(START + 14, 20, chain.first.account, "start", strong=True, ours=chain.first.ours),
    ]
    for place, item in enumerate(followers, 1):
        parts.append(_row(item, 16 + ROW * place, START + round((END - START) * (item.lag or 0) / longest), words))
    hidden = len(chain.followers) - len(followers)
    if hidden:
        parts.append(_text(START + 14, height - 8, words("chain.more", count=hidden), "start"))
    return Markup("").join([*parts, Markup("</svg>")])


def _row(item: Follower, y: int, x: int, words: Words) -> Markup:
    x = max(x, START + 8)
    dots = _DOTS.get(item.kind, _DOTS["rewrite"])
    dot = Markup(dots).format(x=x, y=y, top=y - 6)  # nosec B704: a constant of this module
    told = f"{lag_text(item.lag, words, item.order)} · {kind_name(item.kind, words.language)}"
    name = label(item.post.account)
    line = Markup('<line x1="{}" y1="{y}" x2="{}" y2="{y}" class="axis"/>').format(START, x - 6, y=y)
    words_of = Markup('<tspan class="{}">{}</tspan><tspan class="soft"> · {}</tspan>').format(
        "strong ours" if item.post.ours else "strong", _plain(name), told
    )
    clock = _text(START - 14, y + 4, time_text(item.post.published_at), "end")
    return line + dot + clock + Markup('<text x="{}" y="{}">{}</text>').format(x + 12, y + 4, words_of)


def _text(x: int, y: int, text: str, anchor: str, *, strong: bool = False, ours: bool = False) -> Markup:
    look = " ".join(name for name, holds in (("strong", strong), ("ours", ours), ("soft", not strong)) if holds)
    return Markup('<text x="{}" y="{}" text-anchor="{}" class="{}">{}</text>').format(
        x, y, anchor, look, _plain(label(text, 40))
    )


def _plain(text: str) -> Markup:
    """Return a label, whose odd characters are codes already, as SVG text."""
    return shown(text)


def _side(quote: Quote) -> str:
    return "full ours" if quote.ours else "full"
