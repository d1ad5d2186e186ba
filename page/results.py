"""What a check says, drawn: verdict, lanes, the marked draft, the sources side by side, and what to take away."""

import json
from datetime import UTC, datetime

import streamlit as st

from originality.evidence import evidence_pack
from originality.explain import VERDICT_NAMES, caveat_text, headline
from originality.kept import KeptCheck
from originality.markup import mark_draft
from originality.models import CheckResult
from originality.whatif import quotes_of
from page import leaving
from page.html import card, commons, date, lanes, legend, marked, shown, unmasked
from page.visit import Visit, note
from page.words import language, word

FRONT = 3  # sources that fill a screen; what is merely near waits folded


def draw(visit: Visit, seen: KeptCheck) -> None:
    """Draw all that is known of a draft."""
    result = seen.result
    draw_verdict(seen)
    if result.verdict != "undetermined":  # an undetermined verdict is explained by its caveats already
        caveats = "".join(f'<p class="o-caveat">{caveat_text(each, language())}</p>' for each in result.caveats)
        holds = visit.checker.in_force(seen.account)
        st.html(lanes(result, holds.model.template_review) + caveats)
    take_away(visit, seen)
    if result.boilerplate or any(match.spans for match in result.matches):
        sheet = f'<div class="o-sheet">{marked(mark_draft(result), linked=True)}</div>'
        below = legend() + unmasked(result) + commons(result)
        st.html(f'<section class="o-part"><h2>{word("draft")}</h2>{sheet}{below}</section>')
    base = st.session_state.base
    if base.matches or seen.without or quotes_of(result.draft):
        leaving.draw(base, result)
    _sources(result)
    index = result.index
    foot = word("foot", posts=index.posts, newest=date(index.as_of), took=result.elapsed_ms)
    st.html(f'<p class="o-foot">{foot}</p>')


def draw_verdict(seen: KeptCheck) -> None:
    """Draw the verdict in one line, and what has become of its sources since."""
    result, told = seen.result, language()
    line = headline(result, told) if result.matches or not seen.gone else ""
    st.html(
        f'<section class="o-verdict {result.verdict}" role="status"><span class="glyph" aria-hidden="true"></span>'
        f"<div><h2>{VERDICT_NAMES[told][result.verdict]}</h2><p>{shown(line)}</p></div></section>"
    )
    for key, count in (("gone", seen.gone), ("changed", seen.changed)):
        if count:
            note(word(key, count=count))


def take_away(visit: Visit, seen: KeptCheck) -> None:
    """Draw the downloads, and say where the check can be found again."""
    said = visit.decisions.about(seen.id) if seen.id else []
    pack = evidence_pack(seen, said, made_at=datetime.now(UTC), language=language())
    data = json.dumps(seen.result.to_dict(), ensure_ascii=False, indent=2)
    name = seen.id or f"{seen.at:%Y%m%d-%H%M%S}"
    with st.container(horizontal=True, key="take"):
        st.download_button(word("pack"), pack, f"evidence-{name}.html", "text/html", on_click="ignore")
        st.download_button(word("download"), data, f"originality-{name}.json", "application/json", on_click="ignore")
    note(word("address", days=visit.kept.days) if seen.id else word("no_address"))


def _sources(result: CheckResult) -> None:
    numbered = list(enumerate(result.matches, 1))
    strong = [(n, m) for n, m in numbered if m.spans or (n == 1 and result.verdict != "original")][:FRONT]
    if strong:
        st.html(f'<section class="o-part"><h2>{word("sources")}</h2></section>')
    for number, match in strong:
        st.html(f'<section class="o-part o-one">{card(result, match, number)}</section>')
        st.button(
            word("leave_out_source", number=number), key=f"leave-{match.post_id}", on_click=leaving.leave_out,
            args=(f"p:{match.post_id}",),
        )  # fmt: skip
    if rest := [card(result, match, number) for number, match in numbered if (number, match) not in strong]:
        more = f"<summary>{word('more', count=len(rest))}</summary>{''.join(rest)}"
        st.html(f'<section class="o-part"><details>{more}</details></section>')
