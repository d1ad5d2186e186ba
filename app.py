"""The editors' page: 检测, 修改, 批量, 复核, 语料, 周报; Chinese first, English by switch.

Each tab is a module of `page`; here they are put together, with the address, the language and the login. All thinking
is in the library: the page asks `Checker`, `whatif`, `kept`, `decisions`, `evidence` and `report`, and draws.
"""

import os
import sys
from pathlib import Path

import streamlit as st

sys.path.insert(0, str(Path(__file__).parent))  # Streamlit runs this file from any folder

from originality import OriginalityError
from page import batch, check, corpus, review, rewrite, weekly
from page.html import date, shown
from page.login import admit
from page.visit import Visit, folder, keep_alive, open_kept, open_visit, say
from page.words import WORDS, word

TABS = {
    "check": check.draw,
    "rewrite": rewrite.draw,
    "batch": batch.draw,
    "review": review.draw,
    "corpus": corpus.draw,
    "report": weekly.draw,
}
OF_A_CHECK = ("check", "rewrite", "review")


def main() -> None:
    """Draw the page."""
    st.set_page_config(page_title="原创检测 · Originality", page_icon="🖋️", layout="wide")
    _begin()
    own = f':root {{ --choose: "{word("choose_file")}"; --drop: "{word("drop_file")}"; }}'
    st.html(f"<style>{Path(__file__).with_name('app.css').read_text('utf-8')}{own}</style>")
    st.html(f'<header class="o-head"><h1>{word("title")}</h1><p>{word("lead")}</p></header>')
    with st.sidebar:
        st.radio("语言 · Language", WORDS, key="language", format_func=word, horizontal=True)
    who = admit()
    if who is None:
        return
    command = f"originality collect {word('files')} --index {folder()}"
    try:
        with st.spinner(word("opening")):
            visit = open_visit(who)
        found = open_kept(visit)
        _facts(visit)
        if not visit.checker.index.info().posts:
            say(word("no_posts"), command)
        if not found:
            say(word("no_such_check", days=visit.kept.days))
        names = {tab: word(f"tab_{tab}") for tab in TABS}
        tab = st.radio(
            word("tabs"), TABS, key="tab", format_func=names.__getitem__, horizontal=True, label_visibility="collapsed"
        )
        TABS[tab](visit)
        _set_address(tab)
    except OriginalityError as error:
        say(word("failed"), command, str(error))


def _begin() -> None:
    """Take language, tab and brand from the address of a new visitor."""
    state, asked = st.session_state, st.query_params
    keep_alive()
    wanted = asked.get("language", os.environ.get("ORIGINALITY_LANG", "zh"))[:2].lower()
    state.setdefault("language", wanted if wanted in WORDS else "zh")
    state.setdefault("tab", asked["tab"] if asked.get("tab") in TABS else "check")
    if "account" not in state:
        state.account = asked.get("account")


def _facts(visit: Visit) -> None:
    """Draw what is compared with."""
    info = visit.checker.index.info()
    facts = {"posts": f"{info.posts:,}", "newest": date(info.as_of), "encoder": info.stamp.rsplit(";", 1)[-1]}
    rows = "".join(f"<dt>{word(key)}</dt><dd>{shown(value)}</dd>" for key, value in facts.items())
    with st.sidebar:
        st.html(f'<p class="o-brand">{word("index")}</p><dl class="o-facts">{rows}</dl>')


def _set_address(tab: str) -> None:
    """Write into the address what a colleague needs to see the same; never the draft."""
    state = st.session_state
    parts = {"language": state.language}
    if tab != "check":
        parts["tab"] = tab
    if state.get("account"):
        parts["account"] = str(state.account)
    if tab in OF_A_CHECK and state.get("opened"):
        parts["check"] = state.opened
    if tab == "batch" and state.get("batch"):
        parts["batch"] = state.batch
    if tab == "report" and state.get("week"):
        parts["week"] = state.week
    st.query_params.from_dict(parts)


main()
