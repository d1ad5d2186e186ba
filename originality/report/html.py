"""A weekly report as one self-contained HTML file: no network, no script; for the screen, for A4, for an e-mail.

Every text that came from outside is escaped, and only http and https addresses become links.
"""

from __future__ import annotations

from html import escape

from originality.explain import VERDICT_NAMES, kind_name
from originality.report.marks import STRENGTH, mark, plain
from originality.report.phrases import (
    REASONS,
    TEXTS,
    headline,
    lag_words,
    limits,
    method,
    span_words,
    time_words,
)
from originality.report.records import ENOUGH, AccountLine, Direction, Imitation, Quote, WeeklyReport
from originality.report.style import STYLE
from originality.settings import Language

MAX_CARDS = 100  # more than anybody reads; the JSON file has all of them
MAX_ACCOUNTS = 60
MAX_ADVICE = 40
WORDING = frozenset({"verbatim", "near", "rewrite"})  # kinds that the risk speaks of
EXCERPT = 60  # characters of a post quoted as advice


def render(report: WeeklyReport, language: Language = "zh") -> str:
    """Return the HTML of a report."""
    words = TEXTS[language]
    title = f"{words['title']} {report.week}"
    body = "\n".join(
        (
            _header(report, language),
            _pairs(report, language),
            _events(report, language),
            _accounts(report, language),
            _advice(report, language),
            _left_out(report, language),
            _method(report, language),
        )
    )
    return (
        f'<!DOCTYPE html>\n<html lang="{"zh-CN" if language == "zh" else "en"}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        '<meta name="referrer" content="no-referrer">\n'
        f"<title>{escape(title)}</title>\n<style>\n{STYLE}\n</style>\n</head>\n<body>\n{body}\n</body>\n</html>\n"
    )


def _header(report: WeeklyReport, language: Language) -> str:
    words = TEXTS[language]
    posting = sum(line.posts > 0 for line in report.accounts)
    review = len(report.review) + report.review_without_source
    names = VERDICT_NAMES[language]
    figures = [
        (report.posts, words["posts"], False),
        (report.checked, words["checked"], False),
        (posting, words["accounts"], False),
        (sum(event.verdict == "copied" for event in report.events), names["copied"], True),
        (sum(event.verdict == "imitation" for event in report.events), names["imitation"], True),
        (review, names["review"], False),
    ]
    drawn = "".join(
        f'<div class="figure{" alarm" if alarm and count else ""}"><b>{count}</b><span>{escape(name)}</span></div>'
        for count, name, alarm in figures
    )
    return (
        f"<header><strong>{words['title']} · {report.week}</strong>"
        f"<span>{span_words(report.since, report.until, language)}</span></header>\n"
        f"<h1>{headline(report, language)}</h1>\n"
        f'<div class="figures">{drawn}</div>'
    )


def _pairs(report: WeeklyReport, language: Language) -> str:
    words = TEXTS[language]
    if not report.posts:
        return ""
    head = f"<h2>{words['pairs']}</h2>\n"
    if not report.pairs:
        return f'{head}<p class="note">{words["no_pairs"]}</p>'
    couples = zip(report.pairs[::2], report.pairs[1::2], strict=True)
    names = "".join(f"<th>{words[name]}</th>" for name in ("one", "other", "other_after_one", "one_after_other"))
    rows = "".join(
        f"<tr><td><b>{_name(one.leader)}</b></td><td><b>{_name(one.follower)}</b></td>"
        f"<td>{_direction(one, language)}</td><td>{_direction(other, language)}</td></tr>"
        for one, other in couples
    )
    note = f'<p class="note">{words["pairs_note"].format(enough=ENOUGH)}</p>'
    return f"{head}{note}\n<table><tr>{names}</tr>{rows}</table>"


def _direction(direction: Direction, language: Language) -> str:
    words = TEXTS[language]
    times = words["times"].format(count=direction.count)
    if direction.median_lag is None:
        return f'<span class="quiet">{times}</span>'
    if not direction.enough:
        return f'<b>{times}</b> · <span class="quiet">{words["too_few"]}</span>'
    return f"<b>{times}</b> · {words['median'].format(lag=lag_words(direction.median_lag, language))}"


def _events(report: WeeklyReport, language: Language) -> str:
    words = TEXTS[language]
    if not report.posts:
        return ""
    head = f"<h2>{words['events']}</h2>\n"
    if not report.events:
        return f'{head}<p class="note">{words["no_events"]}</p>'
    key = "".join(f'<span><mark class="{kind}">{words[kind]}</mark></span>' for kind in reversed(STRENGTH))
    key += f'<span class="common">{words["boilerplate"]}</span>'
    cards = "\n".join(_card(number, event, language) for number, event in enumerate(report.events[:MAX_CARDS], 1))
    return (
        f'{head}<p class="note">{words["events_note"]}</p>\n<div class="key">{key}</div>\n{cards}'
        f"{_more(len(report.events) - MAX_CARDS, words['more_events'])}"
    )


def _card(number: int, event: Imitation, language: Language) -> str:
    words = TEXTS[language]
    lag = words["either"]
    if event.lag is not None:
        lag = lag_words(event.lag, language, day_precision=event.day_precision)
    roles = (words["earlier"], words["later"]) if event.order_known else (words["either"], words["either"])
    source = mark(event.source.text, [(span.source, span.kind) for span in event.spans])
    follower = mark(event.follower.text, [(span.draft, span.kind) for span in event.spans], event.boilerplate)
    return (
        f'<article class="card"><div class="top"><span class="number">{number}</span>'
        f'<span class="verdict">{_verdict(event, language)}</span>'
        f"<span>{escape(kind_name(event.kind, language))}</span>"
        f'<span class="quiet">{_risk(event, language)}</span><span class="lag">{lag}</span></div>\n'
        f'<div class="sides">{_side(event.source, roles[0], source, language)}'
        f"{_side(event.follower, roles[1], follower, language)}</div>\n{_why(event, language)}</article>"
    )


def _verdict(event: Imitation, language: Language) -> str:
    return escape(VERDICT_NAMES[language][event.verdict])


def _risk(event: Imitation, language: Language) -> str:
    """Return the risk in words; never as certainty, which no estimate has."""
    return f"{TEXTS[language]['risk']} {'&gt; 0.99' if event.risk >= 0.995 else f'{event.risk:.2f}'}"


def _side(quote: Quote, role: str, marked: str, language: Language) -> str:
    link = ""
    if is_link(quote.url):
        link = f' · <a href="{escape(quote.url)}" rel="noopener noreferrer nofollow">{TEXTS[language]["link"]}</a>'
    return (
        f'<section class="side"><p class="who"><span class="role">{role}</span><b>{_name(quote.account)}</b> '
        f'{time_words(quote.published_at, language)}{link}</p><p class="text">{marked}</p></section>'
    )


def _why(event: Imitation, language: Language) -> str:
    lines = [plain(reason) for reason in event.reasons]
    if event.others:
        named = (f"{_name(other.account)} {time_words(other.published_at, language)}" for other in event.others)
        joined = ("、" if language == "zh" else ", ").join(named)
        lines.append(f"{TEXTS[language]['others']}{joined}")
    return f'<p class="why">{"<br>".join(lines)}</p>' if lines else ""


def _accounts(report: WeeklyReport, language: Language) -> str:
    words = TEXTS[language]
    if not report.coverage:
        return ""
    names = ("account_posts", "account_checked", "imitated_others", "was_imitated", "same_day", "share", "covered")
    head = "".join(f'<th class="n">{words[name]}</th>' for name in names)
    shown = report.accounts[:MAX_ACCOUNTS]
    rows = "".join(_account(line, report.coverage.get(line.account, 0)) for line in shown)
    named = {line.account for line in report.accounts}
    silent = [count for account, count in report.coverage.items() if account not in named]
    note = words["silent_accounts"].format(count=len(silent), posts=sum(silent)) if silent else ""
    return (
        f"<h2>{words['by_account']}</h2>\n<table><tr><th>{words['account']}</th>{head}</tr>{rows}</table>"
        f"{_more(len(report.accounts) - MAX_ACCOUNTS, words['more_accounts'])}"
        f'<p class="note">{note}</p>'
    )


def _account(line: AccountLine, covered: int) -> str:
    share = "—" if line.original_share is None else f"{line.original_share:.0%}"
    plain_cells = "".join(f'<td class="n">{count}</td>' for count in (line.posts, line.checked))
    cells = "".join(
        f'<td class="n">{f"<b>{count}</b>" if count else "<span class=quiet>0</span>"}</td>'
        for count in (line.imitated_others, line.was_imitated, line.same_day)
    )
    ends = f'<td class="n">{share}</td><td class="n">{covered}</td>'
    return f"<tr><td>{_name(line.account)}</td>{plain_cells}{cells}{ends}</tr>"


def _advice(report: WeeklyReport, language: Language) -> str:
    words = TEXTS[language]
    count = len(report.review) + report.review_without_source
    if not count:
        return ""
    note = words["advice_note"].format(count=count, verdict=VERDICT_NAMES[language]["review"])
    if report.review_without_source:
        note += words["advice_bare"].format(count=report.review_without_source)
    rows = "".join(_advice_row(item, language) for item in report.review[:MAX_ADVICE])
    head = f'<tr><th>{words["earlier"]}</th><th>{words["later"]}</th><th class="n"></th></tr>'
    table = f"<table>{head}{rows}</table>" if rows else ""
    return (
        f'<h2>{words["advice"]}</h2>\n<p class="note">{note}</p>\n{table}'
        f"{_more(len(report.review) - MAX_ADVICE, words['more_advice'])}"
    )


def _advice_row(item: Imitation, language: Language) -> str:
    risk = f'<br><span class="quiet">{_risk(item, language)}</span>' if item.kind in WORDING else ""
    return (
        f"<tr><td>{_excerpt(item.source, language)}</td><td>{_excerpt(item.follower, language)}</td>"
        f'<td class="n">{escape(kind_name(item.kind, language))}{risk}</td></tr>'
    )


def _excerpt(quote: Quote, language: Language) -> str:
    text = " ".join(quote.text.split())
    text = text if len(text) <= EXCERPT else text[:EXCERPT] + "…"
    return (
        f"<b>{_name(quote.account)}</b> <span class=quiet>{time_words(quote.published_at, language)}</span><br>"
        f"{plain(text)}"
    )


def _left_out(report: WeeklyReport, language: Language) -> str:
    words = TEXTS[language]
    if not report.posts and not report.left_out:
        return ""
    head = f"<h2>{words['not_counted']}</h2>\n"
    counts = [*report.left_out.items(), *report.set_aside.items()]
    if not counts:
        return f'{head}<p class="note">{words["all_counted"]}</p>'
    rows = "".join(
        f'<tr><td>{REASONS[language][reason]}</td><td class="n">{count}</td></tr>' for reason, count in counts
    )
    return f'{head}<table><tr><th>{words["reason"]}</th><th class="n">{words["count"]}</th></tr>{rows}</table>'


def _method(report: WeeklyReport, language: Language) -> str:
    words = TEXTS[language]
    as_of = time_words(report.index.as_of, language) if report.index.as_of else "—"
    points = "".join(f"<li>{point}</li>" for point in limits(report, language))
    return (
        f"<h2>{words['method']}</h2>\n<p>{method(report, language)}</p>\n<ul>{points}</ul>\n"
        f"<footer>{words['footer']}<br>"
        f"{words['index'].format(posts=report.index.posts, as_of=as_of)} "
        f'<span class="stamp">{words["stamp"]} {escape(report.index.stamp)}</span></footer>'
    )


def is_link(url: str) -> bool:
    """Say whether an address may become a link: http and https only, without blanks or control characters."""
    return url.lower().startswith(("http://", "https://")) and url.isprintable() and " " not in url


def _name(account: str) -> str:
    return f"<bdi>{plain(account)}</bdi>"


def _more(count: int, phrase: str) -> str:
    return f'<p class="note">{phrase.format(count=count)}</p>' if count > 0 else ""
