"""复核: editors agree with a verdict, set it aside with a reason, or ask a colleague; what that says of the alarms."""

from collections.abc import Sequence
from datetime import UTC, datetime

import streamlit as st

from originality import OriginalityError
from originality.calibrate import FEWEST_OF_A_KIND, Agreement, agreements
from originality.calibration import fault_text, line_text
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
    _calibration(visit, decisions)
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


def _calibration(visit: Visit, decisions: Sequence[Decision]) -> None:
    """Draw what the decisions say of the thresholds, for each brand, and the command that sets them."""
    st.html(f'<section class="o-part"><h2>{word("calibration")}</h2></section>')
    holds = visit.checker.in_force()
    for line in (fault_text(holds, language()), line_text(holds, language())):
        if line:
            note(str(shown(line)))
    if decisions:
        found = agreements(decisions, visit.checker.in_force, visit.checker.index.info().stamp)
        head = [word(key) for key in ("brand", "accept", "override", "ask", "alarm_line", "rate", "effect")]
        st.html(table(word("calibration"), head, [_agreement(each) for each in found[:LISTED]]))
    command = f"originality calibrate --index {visit.folder} --per-100 {holds.per_100:.2g} --decisions"
    note(f"{word('calibrate_by')}<code>{shown(command)}</code>")


def _agreement(each: Agreement) -> list[str]:
    counts = {choice: str(each.choices[choice]) for choice in CHOICES}
    effect = word("effect_few", fewest=FEWEST_OF_A_KIND)
    if each.per_100 is not None:
        figures = {"false": each.false_alarms, "missed": each.missed, "rate": f"{each.per_100:.2g}"}
        effect = word("effect_seen", **figures)
        if each.is_off:
            key = "effect_off" if each.proposed is None else "effect_proposed"
            effect += word(key, proposed=f"{each.proposed or 0.0:.2f}")
    if each.other_judge:
        effect += word("effect_other", count=each.other_judge)
    rate = word("rate_of", rate=f"{each.holds.per_100:.2g}")
    brand = str(shown(each.brand)) if each.brand else word("all")
    return [brand, *counts.values(), f"{each.holds.model.alarm:.2f}", rate, effect]


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
