"""Pieces of the page as HTML. All foreign text passes `shown`: it is shown as written, and nothing of it runs."""

import html
from collections.abc import Iterable, Sequence
from datetime import datetime

from originality.explain import disguise_lines, kind_name
from originality.markup import Segment, mark_draft, mark_source
from originality.models import BEIJING, CheckResult, Match
from originality.report.forms.shown import attribute, is_link, shown, visible
from originality.score import IDEA_REVIEW
from page.words import language, word

__all__ = ["attribute", "card", "date", "excerpt", "is_link", "lanes", "legend", "marked", "shown", "table", "visible"]


def date(time: datetime | None) -> str:
    """Return a time as Beijing reads it."""
    return f"{time.astimezone(BEIJING):%Y-%m-%d %H:%M}" if time else word("no_time")


def excerpt(text: str, most: int = 24) -> str:
    """Return the begin of a text on one line, harmless in a widget that takes plain text."""
    line = " ".join(visible(text).split())
    return line if len(line) <= most else line[:most] + "…"


def marked(segments: Sequence[Segment], linked: bool = False) -> str:
    """Return segments as HTML; linked ones lead to their source and carry its number."""
    return f'<div class="o-text">{"".join(mark(segment, linked) for segment in segments)}</div>'


def mark(segment: Segment, linked: bool) -> str:
    """Return one segment as HTML."""
    text = str(shown(segment.text))
    if common := segment.boilerplate:
        title = word("common" if common.posts else "rule", posts=common.posts, accounts=common.accounts)
        count = f"&#8288;<sup>{common.posts}</sup>" if common.posts else ""
        return f'<span class="o-common" title="{html.escape(title)}">{text}</span>{count}'
    if segment.kind == "plain":
        return text
    text = f'<mark class="{segment.kind}">{text}</mark>'
    if not linked:
        return text
    number = f"&#8288;<sup>{segment.source}</sup>" if segment.ends_passage else ""
    title = f"{word('source', number=segment.source)} · {word(segment.kind)}"
    return f'<a class="to" href="#s{segment.source}" title="{title}">{text}{number}</a>'


def paired(segments: Sequence[Segment], match: Match, number: int, side: str) -> str:
    """Return one side of a pair; each matched stretch leads to its partner on the other side."""
    here, there = ("d", "t") if side == "draft" else ("t", "d")
    pieces, at, named = [], 0, set()
    for segment in segments:
        piece, start = mark(segment, linked=False), at
        at += len(segment.text)
        if segment.source == number:
            spans = [getattr(span, side) for span in match.spans]
            index = next((i for i, (low, high) in enumerate(spans) if low <= start < high), 0)
            name = f"s{number}{here}{index}"
            own = "" if name in named else f' id="{name}"'
            named.add(name)
            piece = f'<a class="to"{own} href="#s{number}{there}{index}" title="{word("partner")}">{piece}</a>'
        pieces.append(piece)
    return f'<div class="o-text">{"".join(pieces)}</div>'


def card(result: CheckResult, match: Match, number: int) -> str:
    """Return one source with the draft beside it."""
    link = ""
    if is_link(match.url):
        link = f'<a href="{attribute(match.url)}" target="_blank" rel="noopener noreferrer">{word("link")} ↗</a>'
    reasons = "".join(f"<li>{shown(reason)}</li>" for reason in match.reasons)
    draft = paired(mark_draft(result, only=number), match, number, "draft")
    source = paired(mark_source(match, number), match, number, "source")
    return (
        f'<article class="o-card" id="s{number}" aria-label="{word("source", number=number)}"><header>'
        f'<span class="no">{number}</span><span class="who">{shown(match.account)}</span>'
        f'<time>{date(match.published_at)}</time><span class="kind">{kind_name(match.kind, language())}</span>{link}'
        f'</header><ul class="why">{reasons}</ul><div class="o-pair"><div tabindex="0"><h3>{word("draft")}</h3>'
        f'{draft}</div><div tabindex="0"><h3>{word("source", number=number)}</h3>{source}</div></div></article>'
    )


def legend() -> str:
    """Return what the colours and lines mean."""
    kinds = "".join(f'<mark class="{kind}">{word(kind)}</mark>' for kind in ("exact", "near", "rewrite"))
    return f'<div class="o-legend">{kinds}<span class="o-common">{word("common_legend")}</span></div>'


def commons(result: CheckResult) -> str:
    """Return what is everybody's in a draft, with how many say it."""
    items = [
        f"<li><span class='o-common'>{shown(result.draft[slice(*each.span)])}</span> "
        f"{word('said_by', posts=each.posts, accounts=each.accounts) if each.posts else word('rule')}</li>"
        for each in result.boilerplate
    ]
    return f'<ul class="o-commons">{"".join(items)}</ul>' if items else ""


def unmasked(result: CheckResult) -> str:
    """Return the disguised words of a draft beside what they read as."""
    items = [
        f"<li><del>{shown(written)}</del> → <ins>{shown(reading)}</ins> · {name}</li>"
        for written, reading, name in disguise_lines(result, language())
    ]
    return f'<h3>{word("disguises")}</h3><ul class="o-commons">{"".join(items)}</ul>' if items else ""


def lanes(result: CheckResult | None, template_review: float = 1.0) -> str:
    """Return the three questions, with their answers once there is a result; only wording can raise an alarm.

    Args:
        result: what the check says; None before there is one.
        template_review: risk from which a skeleton is worth a look.
    """
    levels: dict[str, int | str] = {"wording": "ask", "template": "ask", "idea": "ask"}
    if result:
        levels["wording"] = 2 if result.is_alarm else int(any(match.spans for match in result.matches))
        levels["template"] = int(result.template_risk >= template_review)
        levels["idea"] = int(result.idea_risk >= IDEA_REVIEW)
    fact, share = ("why", 1 - result.originality) if result else ("about", 0.0)
    parts = "".join(
        f'<div class="o-lane level{level}"><h3>{word(lane)}</h3><strong>{word(f"{lane}_{level}")}</strong>'
        f"<p>{word(f'{lane}_{fact}', share=share)}</p></div>"
        for lane, level in levels.items()
    )
    return f'<div class="o-lanes">{parts}</div>'


def table(name: str, head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """Return a table; its cells are HTML already. It scrolls sideways where the window is narrow."""
    cells = "".join(f'<th scope="col">{title}</th>' for title in head)
    body = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    return (
        f'<div class="o-table" tabindex="0" role="region" aria-label="{name}"><table><thead><tr>{cells}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>"
    )
