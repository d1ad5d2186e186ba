"""修改: the fewest sentences to rewrite, the draft edited in place, before and after, and the versions so far."""

from collections.abc import Sequence
from difflib import SequenceMatcher

import streamlit as st

from originality.kept import KeptCheck
from originality.models import CheckResult
from originality.whatif import Plan, fewest_rewrites
from page.html import date, shown, table
from page.results import draw_verdict
from page.visit import Visit, examine, exclusions, note, verdict_of
from page.words import word


def draw(visit: Visit) -> None:
    """Draw what must change, and the draft to change it in."""
    state = st.session_state
    if "checked" not in state:
        note(word("rewrite_first"))
        return
    with st.spinner(word("checking")):
        seen = examine(visit, str(state.checked))
    draw_verdict(seen)
    _draw_plan(visit, seen)
    _edit()
    _compare()
    _versions()


def _draw_plan(visit: Visit, seen: KeptCheck) -> None:
    state, result = st.session_state, seen.result
    if not result.is_alarm:
        note(word("passes"))
        return
    if st.button(word("find_fewest")):
        with st.spinner(word("searching")):
            found = fewest_rewrites(visit.checker, result.draft, result, exclusions(), account=seen.account)
        state.plan = (state.question, found)
    question, plan = state.get("plan", (None, None))
    if plan is None or question != state.question:
        return
    line = word("fewest" if plan.passes else "fewest_not", count=len(plan.stretches))
    st.html(
        f'<section class="o-part"><h2>{word("plan")}</h2><p role="status">{line}</p>'
        f'<div class="o-sheet"><div class="o-text">{_with_plan(result.draft, plan)}</div></div></section>'
    )


def _with_plan(text: str, plan: Plan) -> str:
    pieces, at = [], 0
    for number, (start, end) in enumerate(plan.stretches, 1):
        pieces += [shown(text[at:start]), f'<ins class="o-change">{shown(text[start:end])}</ins><sup>{number}</sup>']
        at = end
    return "".join([*map(str, pieces), str(shown(text[at:]))])


def _edit() -> None:
    """Draw the draft to edit."""
    state = st.session_state
    state.setdefault("edit", state.checked)
    with st.form("again", border=False):
        st.text_area(word("edit"), key="edit", height=210)
        st.form_submit_button(word("check_again"), type="primary", on_click=_take_over)


def _take_over() -> None:
    """Check the edited draft; what was left out of the old one by its place no longer has that place."""
    state = st.session_state
    if state.edit != state.checked:
        state.without = [code for code in state.get("without") or [] if not code.startswith("s:")]
        state.past = []
    state.update(checked=state.edit, draft=state.edit)


def _compare() -> None:
    """Draw the first and the present version beside each other, with what changed."""
    history: Sequence[KeptCheck] = st.session_state.get("history", [])
    if len(history) < 2:
        return
    first, last = history[0].result, history[-1].result
    old, new = _changes(first.draft, last.draft)
    sides = "".join(
        f'<div tabindex="0"><h3>{word(name)} {verdict_of(result)} {_share(result)}</h3>'
        f'<div class="o-text">{text}</div></div>'
        for name, result, text in (("before", first, old), ("after", last, new))
    )
    st.html(f'<section class="o-part"><h2>{word("compare")}</h2><div class="o-pair">{sides}</div></section>')


def _changes(old: str, new: str) -> tuple[str, str]:
    """Return two texts as HTML, what went and what came marked."""
    left, right = [], []
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        gone, came = str(shown(old[a:b])), str(shown(new[c:d]))
        left.append(gone if kind == "equal" or not gone else f'<del class="o-change">{gone}</del>')
        right.append(came if kind == "equal" or not came else f'<ins class="o-change">{came}</ins>')
    return "".join(left), "".join(right)


def _versions() -> None:
    """Draw the versions of this visit, each of which can be taken up again."""
    state = st.session_state
    history: Sequence[KeptCheck] = state.get("history", [])
    if len(history) < 2:
        return
    head = [word(key) for key in ("version", "time", "verdict", "copied_share", "characters")]
    rows = [
        [str(n), date(each.at), verdict_of(each.result), _share(each.result), str(len(each.result.draft))]
        for n, each in enumerate(history, 1)
    ]
    st.html(f'<section class="o-part"><h2>{word("versions")}</h2>{table(word("versions"), head, rows)}</section>')
    with st.container(horizontal=True):
        for number, each in enumerate(history[:-1], 1):
            st.button(
                word("back_to", number=number), on_click=_back_to, args=(each.result.draft,), key=f"back-{number}"
            )


def _back_to(text: str) -> None:
    st.session_state.update(checked=text, edit=text, draft=text)


def _share(result: CheckResult) -> str:
    return f"{1 - result.originality:.0%}"
