"""The editors' page: a draft goes in; its verdict, the matched words and their sources come out.

All thinking is one library call, `Checker.check`; this file draws, with the words of app.toml and the looks of app.css.
What drafts and posts contain is shown, never run: each piece passes `shown`, none Markdown; `st.html` drops scripts.
"""

import html
import json
import os
import re
import tomllib
from datetime import datetime, timedelta, timezone
from pathlib import Path

import streamlit as st

from originality import Checker, OriginalityError, Settings
from originality.explain import VERDICT_NAMES, caveat_text, headline, kind_name
from originality.markup import Segment, mark_draft, mark_source
from originality.models import CheckResult, Match
from originality.score import IDEA_REVIEW, load_model
from originality.settings import Language

WORDS: dict[str, dict[str, str]] = tomllib.loads(Path(__file__).with_name("app.toml").read_text("utf-8"))
ODD = re.compile(  # controls, direction marks, zero-width characters; the joiner inside an emoji is none of them
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u180e\u200b\u200c\u200e\u200f\u2028-\u202e\u2060-\u206f"
    "\ud800-\udfff\ufeff\ufff9-\ufffb\U000e0000-\U000e0fff]|(?<![\u2600-\u27bf\ufe0f\U0001f000-\U0001faff])\u200d"
)


def language() -> Language:
    """Return the reader's language."""
    return "en" if st.session_state.get("language") == "en" else "zh"


def word(key: str, **values: object) -> str:
    """Return a phrase of the page in the reader's language."""
    return WORDS[language()][key].format(**values)


def shown(text: str) -> str:
    """Return text as HTML that neither runs nor reorders anything; characters without a shape become visible marks."""
    escaped = html.escape(text.replace("\r\n", "\n"))
    return ODD.sub(lambda found: f'<span class="o-odd">U+{ord(found[0]):04X}</span>', escaped)


def date(time: datetime | None) -> str:
    """Return a time as Beijing reads it."""
    return f"{time.astimezone(timezone(timedelta(hours=8))):%Y-%m-%d %H:%M}" if time else word("no_time")


def marked(segments: tuple[Segment, ...], linked: bool = False) -> str:
    """Return segments as HTML; linked ones lead to their source and carry its number."""
    return f'<div class="o-text">{"".join(mark(segment, linked) for segment in segments)}</div>'


def mark(segment: Segment, linked: bool) -> str:
    """Return one segment as HTML."""
    text = shown(segment.text)
    if common := segment.boilerplate:
        title = word("common" if common.posts else "rule", posts=common.posts, accounts=common.accounts)
        count = f"&#8288;<sup>{common.posts}</sup>" if common.posts else ""
        return f'<span class="o-common" title="{html.escape(title)}">{text}</span>{count}'
    if segment.kind == "plain":
        return text
    text = f'<mark class="{segment.kind}">{text}</mark>'
    number = f"&#8288;<sup>{segment.source}</sup>" if segment.ends_passage else ""
    title = f"{word('source', number=segment.source)} · {word(segment.kind)}"
    return f'<a class="to" href="#s{segment.source}" title="{title}">{text}{number}</a>' if linked else text


def lanes(result: CheckResult | None) -> str:
    """Return the three questions, with their answers once there is a result; only wording can raise an alarm."""
    levels: dict[str, int | str] = {"wording": "ask", "template": "ask", "idea": "ask"}
    if result:
        levels["wording"] = 2 if result.is_alarm else int(any(match.spans for match in result.matches))
        levels["template"] = int(result.template_risk >= load_model().template_review)
        levels["idea"] = int(result.idea_risk >= IDEA_REVIEW)
    fact, share = ("why", 1 - result.originality) if result else ("about", 0.0)
    return "".join(
        f'<div class="o-lane level{level}"><h4>{word(lane)}</h4><strong>{word(f"{lane}_{level}")}</strong>'
        f"<p>{word(f'{lane}_{fact}', share=share)}</p></div>"
        for lane, level in levels.items()
    )


def card(result: CheckResult, match: Match, number: int) -> str:
    """Return one source with the draft beside it."""
    link = ""
    if re.match(r"https?://\S+$", match.url, re.IGNORECASE):
        link = f'<a href="{html.escape(match.url)}" target="_blank" rel="noopener noreferrer">{word("link")} ↗</a>'
    reasons = "".join(f"<li>{shown(reason)}</li>" for reason in match.reasons)
    return (
        f'<article class="o-card" id="s{number}"><header><span class="no">{number}</span>'
        f'<span class="who">{shown(match.account)}</span><time>{date(match.published_at)}</time>'
        f'<span class="kind">{kind_name(match.kind, language())}</span>{link}</header><ul class="why">{reasons}</ul>'
        f'<div class="o-pair"><div><h4>{word("draft")}</h4>{marked(mark_draft(result, only=number))}</div>'
        f"<div><h4>{word('source', number=number)}</h4>{marked(mark_source(match, number))}</div></div></article>"
    )


def draw(result: CheckResult) -> None:
    """Draw all that is known of a draft."""
    verdict, index, told = result.verdict, result.index, language()
    st.html(
        f'<section class="o-verdict {verdict}" role="status"><span class="glyph" aria-hidden="true"></span>'
        f"<div><h2>{VERDICT_NAMES[told][verdict]}</h2><p>{shown(headline(result, told))}</p></div></section>"
    )
    if verdict != "undetermined":  # an undetermined verdict is explained by its caveats already
        notes = "".join(f'<p class="o-caveat">{caveat_text(caveat, told)}</p>' for caveat in result.caveats)
        st.html(f'<div class="o-lanes">{lanes(result)}</div>{notes}')
    if result.boilerplate or any(match.spans for match in result.matches):
        legend = "".join(f'<mark class="{kind}">{word(kind)}</mark>' for kind in ("exact", "near", "rewrite"))
        st.html(
            f'<section class="o-part"><h3>{word("draft")}</h3><div class="o-sheet">'
            f'{marked(mark_draft(result), linked=True)}</div><div class="o-legend">{legend}'
            f'<span class="o-common">{word("common_legend")}</span></div></section>'
        )
    if cards := {number: card(result, match, number) for number, match in enumerate(result.matches, 1)}:
        strong = [n for n in cards if result.matches[n - 1].spans or (n == 1 and verdict != "original")]
        front = "".join(cards.pop(n) for n in strong[:3])  # three fill a screen; what is merely near waits folded
        more = f"<details><summary>{word('more', count=len(cards))}</summary>{''.join(cards.values())}</details>"
        heading = f"<h3>{word('sources')}</h3>" if front else ""
        st.html(f'<section class="o-part">{heading}{front}{more if cards else ""}</section>')
    foot = word("foot", posts=index.posts, newest=date(index.as_of), took=result.elapsed_ms)
    st.html(f'<p class="o-foot">{foot}</p>')
    data = json.dumps(result.to_dict(), ensure_ascii=False, indent=2)
    st.download_button(word("download"), data, "originality.json", "application/json", on_click="ignore")


def say(line: str, command: str = "", detail: str = "") -> None:
    """Tell the reader what is wrong and what to do next."""
    rest = (f"<code>{shown(command)}</code>" if command else "") + (f"<small>{shown(detail)}</small>" if detail else "")
    st.html(f'<div class="o-say" role="alert"><p>{line}</p>{rest}</div>')


@st.cache_resource(show_spinner=False, max_entries=2)
def open_checker(folder: str) -> Checker:
    """Open an index with its encoder once for all visitors; what depends on the reader is put on top of it."""
    checker = Checker.open(folder)
    checker.check("先查一句闲话，把词典和近邻表装好，第一位访客就不用等了。")
    return checker


def sidebar(checker: Checker) -> str:
    """Draw what is compared with; return the brand that was picked."""
    info, names = checker.index.info(), list(checker.accounts())
    facts = {"posts": f"{info.posts:,}", "newest": date(info.as_of), "encoder": info.stamp.rsplit(";", 1)[-1]}
    rows = "".join(f"<dt>{word(key)}</dt><dd>{shown(value)}</dd>" for key, value in facts.items())
    st.html(f'<p class="o-brand">{word("index")}</p><dl class="o-facts">{rows}</dl>')
    wanted = st.session_state.get("account", st.query_params.get("account"))
    st.session_state.account = wanted if wanted in names else None
    help, many = word("account_help"), len(names) > 300  # the list then holds the busiest; others are typed
    chosen = st.selectbox(
        word("account"), names[:300], None, key="account", help=help, placeholder=word("any"), accept_new_options=many
    )
    return chosen or ""


def ask() -> str | None:
    """Draw the form; return the draft that was asked about last."""
    state = st.session_state
    with st.form("ask", border=False):
        st.text_area(word("draft"), key="draft", height=210, placeholder=word("paste"), label_visibility="collapsed")
        press = st.container(horizontal=True).form_submit_button
        press(word("check"), type="primary", on_click=lambda: state.update(checked=state.draft))
        press(word("example"), on_click=lambda: state.update(draft=word("example_draft")))
    return str(state.checked) if "checked" in state else None


def main() -> None:
    """Draw the page."""
    st.set_page_config(page_title="原创检测 · Originality", page_icon="🖋️", layout="wide")
    st.html(f"<style>{Path(__file__).with_name('app.css').read_text('utf-8')}</style>")
    wanted = st.query_params.get("language", os.environ.get("ORIGINALITY_LANG", "zh"))[:2].lower()
    st.session_state.setdefault("language", wanted if wanted in WORDS else "zh")
    folder = os.environ.get("ORIGINALITY_INDEX") or ("index/demo" if Path("index/demo").exists() else "index")
    command = f"originality collect {word('files')} --index {folder}"
    st.html(f'<header class="o-head"><h1>{word("title")}</h1><p>{word("lead")}</p></header>')
    try:
        with st.sidebar:
            st.radio("语言 · Language", WORDS, key="language", format_func=word, horizontal=True)
            with st.spinner(word("opening")):
                shared = open_checker(folder)
            checker = Checker(shared.index, shared.encoder, Settings(language=language()))
            account = sidebar(checker)
        if not checker.index.info().posts:
            say(word("no_posts"), command)
        st.query_params.from_dict({"language": language()} | ({"account": account} if account else {}))  # not the draft
        if (draft := ask()) is None:
            st.html(f'<div class="o-lanes">{lanes(None)}</div>')
        else:
            draw(checker.check(draft, account=account))
    except OriginalityError as error:
        open_checker.clear()  # the next visit finds the index that was mended or made meanwhile
        say(word("failed"), command, str(error))


main()
