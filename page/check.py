"""检测: a draft goes in; its verdict, the matched words and their sources come out."""

import streamlit as st

from originality import OriginalityError
from originality.calibration import fault_text, line_text
from originality.manuscripts import KINDS, read_drafts
from page import results
from page.html import lanes, shown
from page.visit import Visit, complain, examine, note
from page.words import language, word

BUSIEST = 300  # accounts listed; others are typed


def draw(visit: Visit) -> None:
    """Draw the form and, once there is a draft, what the check says."""
    _choices(visit)
    _upload()
    text = _ask()
    _thresholds(visit)
    if text is None:
        st.html(lanes(None))
        return
    with st.spinner(word("checking")):
        seen = examine(visit, text)
    results.draw(visit, seen)


def _thresholds(visit: Visit) -> None:
    """Say how often an alarm is false, and how one knows."""
    holds = visit.checker.in_force(str(st.session_state.get("account") or ""))
    for line in (fault_text(holds, language()), line_text(holds, language())):
        if line:
            note(str(shown(line)))


def _choices(visit: Visit) -> None:
    """Draw brand and platform."""
    state, names = st.session_state, visit.checker.accounts()
    state.account = state.get("account") if state.get("account") in names else None
    platforms = [name for (name,) in visit.checker.index.store.rows("SELECT DISTINCT platform FROM post ORDER BY 1")]
    state.platform = state.get("platform") if state.get("platform") in platforms else None
    known = {name: platform_name(name) for name in platforms}
    left, right = st.columns(2)
    left.selectbox(
        word("account"), names[:BUSIEST], None, key="account", help=word("account_help"), placeholder=word("any"),
        accept_new_options=len(names) > BUSIEST,
    )  # fmt: skip
    right.selectbox(
        word("platform"), platforms, None, key="platform", help=word("platform_help"),
        placeholder=word("all_platforms"), format_func=known.__getitem__,
    )  # fmt: skip


def platform_name(name: str) -> str:
    """Return what a platform is called."""
    return word(f"platform_{name}") if name in {"weibo", "xiaohongshu", "douyin", "wechat"} else name


def _upload() -> None:
    state = st.session_state
    with st.expander(word("upload")):
        st.file_uploader(word("upload_hint"), list(KINDS), key="file", on_change=_take_file)
    if problem := state.pop("file_problem", None):
        complain(problem)


def _take_file() -> None:
    """Put the draft of a file into the form and check it; several drafts go to the batch."""
    state = st.session_state
    if state.file is None:
        return
    try:
        found = read_drafts(state.file.name, state.file.getvalue())
    except OriginalityError as error:
        state.file_problem = error
        return
    if len(found.drafts) == 1:
        start_over(found.drafts[0].text)
        state.draft = found.drafts[0].text
    elif found.drafts:
        state.waiting, state.tab = [(state.file.name, found)], "batch"
    else:
        state.file_problem = OriginalityError(word("no_drafts"))


def _ask() -> str | None:
    """Draw the form; return the draft that was asked about last."""
    state = st.session_state
    with st.form("ask", border=False):
        st.text_area(word("draft"), key="draft", height=190, placeholder=word("paste"))
        press = st.container(horizontal=True).form_submit_button
        press(word("check"), type="primary", on_click=lambda: start_over(state.draft))
        press(word("example"), on_click=lambda: state.update(draft=word("example_draft")))
    return str(state.checked) if "checked" in state else None


def start_over(text: str) -> None:
    """Take a draft on: what was left out of account for another one counts again."""
    state = st.session_state
    if state.get("checked") != text:
        state.update(without=[], past=[], history=[])
        state.pop("plan", None)
    state.update(checked=text, edit=text)
