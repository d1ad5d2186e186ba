"""语料: what drafts are compared with: accounts, posts per week, freshness, what was dropped; import and forget."""

import math
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import streamlit as st

from originality import OriginalityError
from originality.index import open_index
from originality.models import BEIJING
from page import intake
from page.html import date, shown, table
from page.reasons import reason_name
from page.visit import Visit, complain, note
from page.words import word

WEEKS = 12
FRESH_DAYS = 8  # a weekly collection that was run
LISTED = 300
BARS = "·▁▂▃▄▅▆▇"
_WEEK = 7 * 86_400


@dataclass
class Account:
    """What the index has of one account."""

    posts: int = 0
    newest: datetime | None = None
    weeks: list[int] = field(default_factory=lambda: [0] * WEEKS)
    """Posts of the last weeks of the corpus, the oldest first."""


def draw(visit: Visit) -> None:
    """Draw what there is, and how it is changed."""
    info = visit.checker.index.info()
    accounts = accounts_of(visit)
    note(_freshness(info.as_of))
    wanted = st.text_input(word("find_account"), key="find_account").strip().lower()
    chosen = {name: account for name, account in accounts.items() if wanted in name.lower()}
    head = [word(key) for key in ("account_name", "posts", "newest", "per_week")]
    rows = [[str(shown(n)), f"{a.posts:,}", date(a.newest), _bars(a.weeks)] for n, a in list(chosen.items())[:LISTED]]
    st.html(f'<section class="o-part"><h2>{word("accounts", count=len(accounts))}</h2></section>')
    st.html(table(word("accounts", count=len(accounts)), head, rows))
    if len(chosen) > LISTED:
        note(word("listed", listed=LISTED, count=len(chosen)))
    _dropped(visit)
    intake.draw(visit)
    _forget(visit, list(accounts))


def accounts_of(visit: Visit) -> dict[str, Account]:
    """Return what the index has of each account, the busiest first."""
    store = visit.checker.index.store
    accounts: dict[str, Account] = {}
    newest = store.newest
    end = newest.timestamp() if newest else 0.0
    for name, posts, last in store.rows(
        "SELECT account, count(*), max(published_at) FROM post GROUP BY account ORDER BY 2 DESC, 1"
    ):
        accounts[name] = Account(posts, datetime.fromtimestamp(last, BEIJING) if last is not None else None)
    counted = store.rows(
        "SELECT account, CAST((? - published_at) / ? AS INTEGER) AS ago, count(*) FROM post "
        "WHERE published_at > ? GROUP BY account, ago",
        (end, _WEEK, end - WEEKS * _WEEK),
    )
    for name, ago, posts in counted:
        accounts.setdefault(name, Account()).weeks[WEEKS - 1 - ago] = posts
    return accounts


def _bars(weeks: list[int]) -> str:
    """Return posts per week as bars, and their mean, which is what is read aloud."""
    most = max(weeks) or 1
    bars = "".join(BARS[math.ceil((len(BARS) - 1) * posts / most)] for posts in weeks)
    mean = f"{sum(weeks) / len(weeks):.1f}"
    return f'<span class="o-bars" aria-hidden="true" title="{word("per_week_mean", mean=mean)}">{bars}</span> {mean}'


def _freshness(newest: datetime | None) -> str:
    if newest is None:
        return word("no_time_at_all")
    days = max(0, (datetime.now(UTC) - newest) // timedelta(days=1))
    return word("fresh" if days <= FRESH_DAYS else "stale", newest=date(newest), days=days)


def _dropped(visit: Visit) -> None:
    st.html(f'<section class="o-part"><h2>{word("dropped")}</h2></section>')
    counts = visit.checker.index.store.dropped()
    if not counts:
        note(word("nothing_dropped"))
        return
    rows = [[str(shown(reason_name(reason))), f"{count:,}"] for reason, count in counts.items()]
    st.html(table(word("dropped"), [word("reason"), word("items")], rows))


def _forget(visit: Visit, names: list[str]) -> None:
    state = st.session_state
    with st.expander(word("forget"), expanded=bool(state.get("forget_ids"))):
        if told := state.pop("forgotten", None):
            note(word("forgotten", count=told))
        note(word("forget_help"))
        account = st.selectbox(word("forget_account"), names, None, key="forget_account", placeholder=word("nobody"))
        ids = st.text_input(word("forget_ids"), key="forget_ids").replace("，", ",").split(",")
        chosen = visit.checker.index.chosen(
            post_ids=[each.strip() for each in ids if each.strip()] if any(map(str.strip, ids)) else None,
            accounts=[account] if account else (),
        )
        if not chosen:
            note(word("forget_nothing"))
            return
        counts = Counter(chosen.values()).most_common(10)
        note(word("forget_found", count=len(chosen), accounts=shown("、".join(f"{n} {c}" for n, c in counts))))
        keep_out = st.checkbox(word("keep_out"), key="keep_out")
        sure = st.checkbox(word("forget_sure", count=len(chosen)), key="forget_sure")
        st.button(word("forget_now"), disabled=not sure, on_click=_delete, args=(visit, list(chosen), keep_out))


def _delete(visit: Visit, ids: list[str], keep_out: bool) -> None:
    state = st.session_state
    try:
        with open_index(visit.folder) as index:  # a writer of its own: the shared one goes on answering others
            state.forgotten = index.delete(ids, keep_out=keep_out)
    except OriginalityError as error:
        complain(error)
    state.update(forget_account=None, forget_ids="", forget_sure=False)
