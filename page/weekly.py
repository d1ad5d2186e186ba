"""周报: the report of the library, to read here or to take away."""

import tempfile
from collections.abc import Callable
from pathlib import Path

import streamlit as st
from streamlit.components.v1 import html as framed

from originality import OriginalityError
from originality.models import BEIJING
from originality.report import compile_report, write_report
from originality.settings import Language
from page.visit import Visit, complain, note
from page.words import language, word

HEIGHT = 1_100  # of the frame that holds the report; it scrolls
KINDS = {"html": "text/html", "json": "application/json"}
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def draw(visit: Visit) -> None:
    """Draw the choice of a week and, once asked for, its report."""
    state, weeks = st.session_state, weeks_of(visit)
    if not weeks:
        note(word("no_weeks"))
        return
    asked = state.get("week") or st.query_params.get("week")
    state.week = asked if asked in weeks else weeks[0]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.selectbox(word("week"), weeks, key="week", width=220)
        if st.button(word("make_report"), type="primary"):
            state.reported = state.week
    if state.get("reported") != state.week:
        note(word("report_hint"))
        return
    try:
        bar = st.progress(0.0, word("report_progress", done=0, total=0))
        files = _made(visit, state.week, language(), lambda done, total: _advance(bar, done, total))
        bar.empty()
    except OriginalityError as error:
        complain(error)
        return
    _show(files)


def weeks_of(visit: Visit) -> list[str]:
    """Return the ISO weeks in which posts were published, the newest first."""
    from datetime import datetime

    rows = visit.checker.index.store.rows(
        "SELECT DISTINCT CAST((published_at + 28800) / 86400 AS INTEGER) FROM post WHERE published_at IS NOT NULL"
    )
    days = [datetime.fromtimestamp(day * 86_400, BEIJING).isocalendar() for (day,) in rows]
    return sorted({f"{day.year}-W{day.week:02d}" for day in days}, reverse=True)


@st.cache_resource(show_spinner=False, max_entries=8)
def _reports() -> dict[tuple[str, int, str, Language], dict[str, bytes]]:
    """Return the reports made so far, for all visitors."""
    return {}


def _made(visit: Visit, week: str, told: Language, progress: Callable[[int, int], None]) -> dict[str, bytes]:
    """Return the files of a report, made once for as long as the index does not change."""
    index, made = visit.checker.index, _reports()
    key = (str(index.folder), index.store.change, week, told)
    if key not in made:
        report = compile_report(visit.checker, week, progress=progress)
        with tempfile.TemporaryDirectory() as folder:
            files = {path.name: path.read_bytes() for path in write_report(report, Path(folder), told)}
        for old in [other for other in made if other[:2] != key[:2]]:
            made.pop(old, None)
        made[key] = files
    return made[key]


def _advance(bar: st.delta_generator.DeltaGenerator, done: int, total: int) -> None:
    bar.progress(min(1.0, done / max(1, total)), word("report_progress", done=done, total=total))


def _show(files: dict[str, bytes]) -> None:
    with st.container(horizontal=True, key="report_take"):
        for name, data in files.items():
            kind = name.rpartition(".")[2]
            st.download_button(kind.upper(), data, name, KINDS.get(kind, XLSX), on_click="ignore")
    page = next((data for name, data in files.items() if name.endswith(".html")), b"")
    framed(page.decode("utf-8"), height=HEIGHT, scrolling=True)
