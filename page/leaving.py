"""Leaving things out of account: a source, a stretch of the draft, all quotations; the score follows, and undo."""

import streamlit as st

from originality.models import CheckResult
from originality.whatif import quotes_of
from page.html import date, excerpt
from page.words import word


def draw(base: CheckResult, now: CheckResult) -> None:
    """Draw what can be left out, and the way back.

    Args:
        base: what the check says when everything counts.
        now: what it says as things are.
    """
    state = st.session_state
    labels = choices(base, now)
    labels |= {code: word("source_gone") for code in state.get("without") or [] if code not in labels}
    with st.container(horizontal=True, vertical_alignment="bottom", key="leaving"):
        st.multiselect(
            word("without"), list(labels), key="without", format_func=lambda code: labels.get(code, code),
            placeholder=word("without_hint"), help=word("without_help"), on_change=_remember,
        )  # fmt: skip
        st.button(word("undo"), on_click=_undo, disabled=not state.get("past"))
    state.before = list(state.get("without") or [])


def choices(base: CheckResult, now: CheckResult) -> dict[str, str]:
    """Return what can be left out of account: a code for each choice, and what it is called."""
    found: dict[str, str] = {"quotes": word("quotes")} if quotes_of(base.draft) else {}
    for number, match in enumerate(base.matches, 1):
        name = word("source", number=number)
        found[f"p:{match.post_id}"] = f"{name} · {excerpt(match.account)} · {date(match.published_at)}"
    for match in now.matches:
        found.setdefault(f"p:{match.post_id}", f"{excerpt(match.account)} · {date(match.published_at)}")
    spans = {span.draft for match in base.matches for span in match.spans}
    for start, end in sorted(spans):
        found[f"s:{start}-{end}"] = f"“{excerpt(base.draft[start:end])}”"
    return found


def leave_out(code: str) -> None:
    """Leave one more thing out of account."""
    state = st.session_state
    before = list(state.get("without") or [])
    if code not in before:  # an impatient second click
        state.setdefault("past", []).append(before)
        state.without = [*before, code]


def _remember() -> None:
    state = st.session_state
    state.setdefault("past", []).append(state.get("before", []))


def _undo() -> None:
    if st.session_state.get("past"):
        st.session_state.without = st.session_state.past.pop()
