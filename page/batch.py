"""批量: a table of drafts with verdicts; the work goes on while nobody looks and is found again by its address."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import streamlit as st

from originality import OriginalityError
from originality.checker import Checker, Draft
from originality.explain import VERDICT_NAMES
from originality.kept import KeptCheck, KeptChecks
from originality.manuscripts import KINDS, Manuscripts, read_drafts
from page import files
from page.html import attribute, date, shown, table
from page.visit import Visit, complain, note
from page.words import language, word

LISTED = 300
SAVED_EVERY = 10  # drafts; a batch that is stopped half-way shows the others


@dataclass
class Run:
    """A batch at work."""

    total: int
    rows: list[dict[str, Any]] = field(default_factory=list)
    failed: str = ""
    finished: bool = False


@st.cache_resource(show_spinner=False)
def _runs() -> dict[str, Run]:
    """Return the batches of this server, for all visitors."""
    return {}


@st.cache_resource(show_spinner=False)
def _turn() -> threading.Lock:
    """Return what lets one batch work at a time: single checks of other visitors go first."""
    return threading.Lock()


def draw(visit: Visit) -> None:
    """Draw the way in, the progress and the table."""
    state = st.session_state
    if "batch" not in state and (asked := st.query_params.get("batch")):
        state.batch = asked
    if not visit.kept.days:
        note(word("batch_not_kept"))
        return
    _take_files(visit)
    if state.get("batch"):
        _show(visit, state.batch)


def _take_files(visit: Visit) -> None:
    state = st.session_state
    handed = st.file_uploader(word("batch_files"), list(KINDS), accept_multiple_files=True, key="batch_file")
    found: list[tuple[str, Manuscripts]] = [] if handed else list(state.get("waiting", []))
    for file in handed or []:
        try:
            found.append((file.name, read_drafts(file.name, file.getvalue())))
        except OriginalityError as error:
            complain(error)
    drafts = [draft for _, each in found for draft in each.drafts]
    for key in ("empty", "left_out"):
        if count := sum(getattr(each, key) for _, each in found):
            note(word(f"batch_{key}", count=count))
    if drafts:
        note(word("batch_ready", count=len(drafts), account=shown(state.get("account") or word("any"))))
        st.button(word("batch_start", count=len(drafts)), type="primary", on_click=_start, args=(visit, drafts))


def _start(visit: Visit, drafts: Sequence[Draft]) -> None:
    """Begin a batch in a thread of its own, and leave its address."""
    state = st.session_state
    run = Run(total=len(drafts))
    state.batch = visit.kept.write(_document(run))
    state.waiting = []
    _runs()[state.batch] = run
    work = (visit.checker, visit.kept, list(drafts), str(state.get("account") or ""), run, state.batch, _turn())
    threading.Thread(target=_work, args=work, daemon=True).start()


def _work(
    checker: Checker, kept: KeptChecks, drafts: list[Draft], account: str, run: Run, id: str, turn: threading.Lock
) -> None:
    try:
        for number, draft in enumerate(drafts, 1):
            with turn:
                run.rows.append(_row(checker, kept, draft, draft.account or account))
            if number % SAVED_EVERY == 0:
                kept.write(_document(run), id)
    except OriginalityError as error:
        run.failed = str(error)
    finally:
        try:
            kept.write(_document(run, finished=True), id)
        finally:
            run.finished = True  # only now: whoever is told so reads what has been written


def _row(checker: Checker, kept: KeptChecks, draft: Draft, account: str) -> dict[str, Any]:
    result = checker.check(draft.text, id=draft.id, account=account)
    return {
        "name": draft.id,
        "account": account,
        "verdict": result.verdict,
        "risk": round(result.risk, 4),
        "originality": round(result.originality, 4),
        "characters": len(draft.text),
        "source": result.best.post_id if result.best else "",
        "check": kept.keep(KeptCheck(result=result, at=datetime.now(UTC), account=account)),
    }


def _document(run: Run, *, finished: bool = False) -> dict[str, Any]:
    return {
        "batch": run.rows, "total": run.total, "finished": finished, "failed": run.failed,
        "at": datetime.now(UTC).isoformat(),
    }  # fmt: skip


def _show(visit: Visit, id: str) -> None:
    run = _runs().get(id)
    if run and not run.finished:
        _progress(run)
        return
    document = visit.kept.read(id)
    if document is None or "batch" not in document:
        note(word("no_such_batch", days=visit.kept.days))
        return
    if document["failed"]:
        complain(OriginalityError(document["failed"]))
    if not document["finished"]:
        note(word("batch_stopped", done=len(document["batch"]), total=document["total"]))
    note(word("batch_address", days=visit.kept.days))
    _table(visit, document["batch"])


@st.fragment(run_every=1.0)
def _progress(run: Run) -> None:
    done = len(run.rows)
    st.progress(done / run.total, word("batch_progress", done=done, total=run.total))
    note(word("batch_leave"))
    if run.finished:
        st.rerun()


def _table(visit: Visit, rows: Sequence[dict[str, Any]]) -> None:
    counts = {name: sum(row["verdict"] == name for row in rows) for name in VERDICT_NAMES[language()]}
    st.html(f'<p class="o-note" role="status">{_summary(counts)}</p>')
    left, right = st.columns(2)
    names = VERDICT_NAMES[language()]
    picked = left.multiselect(
        word("verdict"), [name for name in names if counts[name]], key="verdicts", placeholder=word("all"),
        format_func=lambda name: names[name],
    )  # fmt: skip
    wanted = right.text_input(word("batch_find"), key="find").strip().lower()
    chosen = [
        row for row in rows
        if (not picked or row["verdict"] in picked) and wanted in f"{row['name']} {row['account']}".lower()
    ]  # fmt: skip
    sources = visit.checker.index.fetch(row["source"] for row in chosen if row["source"])
    head = [word(key) for key in ("draft", "brand", "verdict", "risk", "copied_share", "main_source", "open")]
    st.html(table(word("tab_batch"), head, [_cells(row, sources) for row in chosen[:LISTED]]))
    if len(chosen) > LISTED:
        note(word("listed", listed=LISTED, count=len(chosen)))
    facts = [_facts(row, sources, names) for row in chosen]
    with st.container(horizontal=True, key="batch_take"):
        st.download_button("XLSX", files.workbook(facts), "batch.xlsx", files.XLSX, on_click="ignore")
        st.download_button("CSV", files.csv_text(facts), "batch.csv", "text/csv", on_click="ignore")
        st.download_button("JSON", files.json_text(facts), "batch.json", "application/json", on_click="ignore")


def _summary(counts: dict[Any, int]) -> str:
    names = VERDICT_NAMES[language()]
    return " · ".join(
        f'<span class="o-tag {name}">{names[name]}</span> {count}' for name, count in counts.items() if count
    )


def _cells(row: dict[str, Any], sources: dict[str, Any]) -> list[str]:
    source = sources.get(row["source"])
    name = VERDICT_NAMES[language()][row["verdict"]]
    return [
        str(shown(row["name"])),
        str(shown(row["account"])),
        f'<span class="o-tag {attribute(row["verdict"])}">{name}</span>',
        f"{row['risk']:.0%}",
        f"{1 - row['originality']:.0%}",
        f"{shown(source.account)} · {date(source.published_at)}" if source else "",
        f'<a href="?check={attribute(row["check"])}" target="_blank">{word("open")}</a>',
    ]


def _facts(row: dict[str, Any], sources: dict[str, Any], names: dict[Any, str]) -> dict[str, Any]:
    source = sources.get(row["source"])
    return {
        word("draft"): row["name"],
        word("brand"): row["account"],
        word("verdict"): names[row["verdict"]],
        word("risk"): row["risk"],
        word("copied_share"): round(1 - row["originality"], 4),
        word("characters"): row["characters"],
        word("main_source"): source.account if source else "",
        word("link"): source.url if source else "",
        word("check_id"): row["check"],
    }
