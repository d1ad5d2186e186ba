"""What one visitor works with: the shared checker, and what belongs to the visitor alone.

An index with its encoder is opened once for all visitors; whatever depends on the reader (language, draft, choices) is
in the visitor's own session. Nothing a visitor does changes what another one sees, but for the index itself.
"""

import gc
import os
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import get_args

import streamlit as st

from originality import Checker, OriginalityError, Settings
from originality.decisions import DecisionFile
from originality.index.database import FILE
from originality.kept import KeptCheck, KeptChecks, days_from_environment
from originality.models import CheckResult
from originality.settings import Language
from originality.whatif import NOTHING, Exclusions, check_without
from page.html import shown
from page.words import language, word

# What a session keeps while its widgets are not on the page.
LASTING = ("draft", "account", "platform", "without", "who", "tab", "edit")


@dataclass(frozen=True)
class Visit:
    """The index as one visitor sees it."""

    checker: Checker
    kept: KeptChecks
    decisions: DecisionFile
    who: str = ""
    """Name from the login; "" where nobody logs in."""

    @property
    def folder(self) -> Path:
        """Where the index lies."""
        return self.checker.index.folder


def folder() -> str:
    """Return which index the page is about."""
    return os.environ.get("ORIGINALITY_INDEX") or ("index/demo" if Path("index/demo").exists() else "index")


@st.cache_resource(show_spinner=False, max_entries=4)
def open_shared(folder: str, identity: int) -> tuple[dict[Language, Checker], KeptChecks]:
    """Open an index with its encoder, for readers of each language; `identity` tells it from another in its place."""
    checker = Checker.open(folder)
    checker.check("先查一句闲话，把词典和近邻表装好，第一位访客就不用等了。")
    told = {each: Checker(checker.index, checker.encoder, Settings(language=each)) for each in get_args(Language)}
    _leave_alone_what_lasts()
    return told, KeptChecks(checker.index, days_from_environment(os.environ))


def _leave_alone_what_lasts() -> None:
    """Keep the garbage collector from looking through dictionaries and networks again and again.

    Streamlit has it look at everything after each run of the page, which stops all visitors for half a second.
    """
    gc.collect()
    gc.freeze()


def open_ahead() -> tuple[dict[Language, Checker], KeptChecks]:
    """Open the index that the page is about, or take what is open."""
    where = folder()
    file = Path(where) / FILE
    opened: tuple[dict[Language, Checker], KeptChecks] = open_shared(where, file.stat().st_ino if file.exists() else 0)
    return opened


def open_visit(who: str) -> Visit:
    """Return the visitor's view of the index."""
    told, kept = open_ahead()
    checker = told[language()]
    return Visit(checker, kept, DecisionFile(checker.index.folder), who)


def keep_alive() -> None:
    """Keep what widgets hold that are not drawn this time; Streamlit would drop it."""
    for key in LASTING:
        if key in st.session_state:
            st.session_state[key] = st.session_state[key]


def examine(visit: Visit, text: str) -> KeptCheck:
    """Check a draft as the visitor has set things, once; keep it, and show it from now on."""
    state, without = st.session_state, exclusions()
    account = str(state.get("account") or "")
    question = (text, account, without, language())
    if state.get("question") != question:
        result = check_without(visit.checker, text, without, account=account)
        check = KeptCheck(result=result, at=datetime.now(UTC), account=account, without=without)
        state.seen, state.question = replace(check, id=visit.kept.keep(check)), question
        state.opened = state.seen.id
        if without == NOTHING or "base" not in state or state.base.draft != text:
            state.base = result if without == NOTHING else visit.checker.check(text, account=account)
        remember(state.seen)
    return st.session_state.seen  # type: ignore[no-any-return]


def remember(check: KeptCheck) -> None:
    """Add a version of the draft to its history; the same words checked anew take the place of the last one."""
    history = st.session_state.setdefault("history", [])
    if history and history[-1].result.draft == check.result.draft:
        history.pop()
    history.append(check)


def exclusions() -> Exclusions:
    """Return what the visitor leaves out of account."""
    codes = st.session_state.get("without") or []
    return Exclusions(
        posts=frozenset(code[2:] for code in codes if code.startswith("p:")),
        stretches=frozenset(stretch_of(code) for code in codes if code.startswith("s:")),
        quotes="quotes" in codes,
        platform=str(st.session_state.get("platform") or ""),
    )


def stretch_of(code: str) -> tuple[int, int]:
    """Return the stretch that a choice names."""
    start, _, end = code[2:].partition("-")
    return int(start), int(end)


def codes_of(without: Exclusions) -> list[str]:
    """Return the choices that leave the same out of account."""
    codes = [f"p:{post}" for post in sorted(without.posts)]
    codes += [f"s:{start}-{end}" for start, end in sorted(without.stretches)]
    return codes + ["quotes"] * without.quotes


def open_kept(visit: Visit) -> bool:
    """Show the check that the address names; say whether there is one where one is named."""
    state, id = st.session_state, st.query_params.get("check", "")
    if not id or id == state.get("opened"):
        return True
    found = visit.kept.find(id)
    if found is None:
        return False
    state.opened = id
    text = found.result.draft
    state.update(draft=text, edit=text, checked=text, seen=found, history=[found], past=[])
    state.update(
        without=codes_of(found.without), account=found.account or None, platform=found.without.platform or None
    )
    state.question = (text, found.account, found.without, language())
    state.base = found.result if found.without == NOTHING else visit.checker.check(text, account=found.account)
    return True


def say(line: str, command: str = "", detail: str = "") -> None:
    """Tell the reader what is wrong and what to do next."""
    rest = (f"<code>{shown(command)}</code>" if command else "") + (f"<small>{shown(detail)}</small>" if detail else "")
    st.html(f'<div class="o-say" role="alert"><p>{line}</p>{rest}</div>')


def note(line: str) -> None:
    """Tell the reader something in passing."""
    st.html(f'<p class="o-note">{line}</p>')


def complain(error: OriginalityError) -> None:
    """Show a failure as one line."""
    say(word("problem"), detail=str(error))


def verdict_of(result: CheckResult) -> str:
    """Return a verdict as a coloured word."""
    from originality.explain import VERDICT_NAMES

    return f'<span class="o-tag {result.verdict}">{VERDICT_NAMES[language()][result.verdict]}</span>'
