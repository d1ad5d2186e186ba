"""复核: editors agree with a verdict, set it aside with a reason, or ask a colleague; all of it listed."""

from collections.abc import Sequence
from datetime import UTC, datetime

import streamlit as st

from originality import OriginalityError
from originality.decisions import CHOICES, Choice, Decision, to_lines
from originality.kept import KeptCheck
from page.html import attribute, date, shown, table
from page.results import draw_verdict
from page.visit import Visit, complain, examine, note
from page.words import language, word

LISTED = 200


def draw(visit: Visit) -> None:
    """Draw the check at hand with what was said of it, and all that was decided so far."""
    if "checked" in st.session_state:
        seen = examine(visit, str(st.session_state.checked))
        draw_verdict(seen)
        _decide(visit, seen)
    else:
        note(word("review_first"))
    decisions, broken = visit.decisions.read()
    if broken:
        note(word("broken_lines", count=broken))
    _list(decisions)


def _decide(visit: Visit, seen: KeptCheck) -> None:
    state = st.session_state
    if not seen.id:
        note(word("review_not_kept"))
        return
    if visit.who:
        state.who = visit.who
    names = {choice: word(choice) for choice in CHOICES}
    with st.form("decide", border=True):
        choice: Choice = st.radio(
            word("decision"), CHOICES, key="choice", format_func=names.__getitem__, horizontal=True
        )
        left, right = st.columns(2)
        who = left.text_input(word("who"), key="who", disabled=bool(visit.who), max_chars=60)
        colleague = right.text_input(word("colleague"), key="colleague", max_chars=60)
        reason = st.text_area(word("reason"), key="reason", height=80, max_chars=500)
        decided = st.form_submit_button(word("decide"), type="primary")
    if decided:
        _store(visit, seen, choice, who=who, colleague=colleague, reason=reason)


def _store(visit: Visit, seen: KeptCheck, choice: Choice, **said: str) -> None:
    missing = {"override": "reason", "ask": "colleague"}.get(choice, "who")
    for name in ("who", missing):
        if not said[name].strip():
            note(word(f"missing_{name}"))
            return
    try:
        decision = Decision.about(
            seen.id, seen.result, choice=choice, at=datetime.now(UTC), account=seen.account,
            who=said["who"].strip(), reason=said["reason"].strip(),
            colleague=said["colleague"].strip() if choice == "ask" else "",
            model=visit.checker.in_force(seen.account).model.version,
        )  # fmt: skip
        visit.decisions.add(decision)
    except OriginalityError as error:
        complain(error)
        return
    note(word("decided_ask" if choice == "ask" else "decided"))


def _list(decisions: Sequence[Decision]) -> None:
    st.html(f'<section class="o-part"><h2>{word("decisions")}</h2></section>')
    if not decisions:
        note(word("no_decisions"))
        return
    names = {choice: word(choice) for choice in CHOICES}
    picked = st.multiselect(
        word("decision_filter"), CHOICES, key="choices", format_func=names.__getitem__, placeholder=word("all")
    )
    wanted = [each for each in reversed(decisions) if not picked or each.choice in picked]
    head = [word(key) for key in ("time", "who", "decision", "verdict", "brand", "reason", "open")]
    st.html(table(word("decisions"), head, [_row(each) for each in wanted[:LISTED]]))
    if len(wanted) > LISTED:
        note(word("listed", listed=LISTED, count=len(wanted)))
    st.download_button(
        word("decisions_download"), to_lines(decisions), "decisions.jsonl", "application/jsonl", on_click="ignore"
    )
    note(word("decisions_use"))


def _row(each: Decision) -> list[str]:
    from originality.explain import VERDICT_NAMES

    verdict = next((name for key, name in VERDICT_NAMES[language()].items() if key == each.verdict), each.verdict)
    link = f'<a href="?tab=review&amp;check={attribute(each.check)}">{word("open")}</a>'
    choice = word(each.choice) + (f" · {shown(each.colleague)}" if each.colleague else "")
    return [
        date(each.at), str(shown(each.who)), choice, f"{shown(verdict)} {each.risk:.0%}", str(shown(each.account)),
        str(shown(each.reason)), link,
    ]  # fmt: skip
