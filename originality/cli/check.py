"""`originality check`: one draft for a person, or JSON Lines for a program."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING

import click

from originality.cli.drafts import STDIN, DraftLines, read_text
from originality.cli.frame import TranslatedCommand, index_option, language_option
from originality.cli.in_force import rate_option, warn_of_calibration
from originality.cli.output import printable, show, show_json
from originality.cli.texts import language, say

if TYPE_CHECKING:
    from originality import Checker
    from originality.markup import Segment
    from originality.models import CheckResult, Match

ALARM = 1
COLOURS = {"exact": "red", "near": "yellow", "rewrite": "magenta"}
VERDICT_COLOURS = {"original": "green", "review": "yellow", "imitation": "red", "copied": "red", "undetermined": "cyan"}
SOURCES_SHOWN = 5  # the best first; further ones are rarely read
SHOWN_AROUND = 30  # characters of a source shown on each side of its matched words; the page shows it whole


@click.command(cls=TranslatedCommand)
@click.argument("text", required=False)
@click.option("--file", "file", metavar="FILE", help="option.file")
@click.option("--batch", metavar="FILE.jsonl", help="option.batch")
@index_option
@click.option("--json", "as_json", is_flag=True, help="option.json")
@click.option("--account", default="", metavar="NAME", help="option.account.check")
@rate_option
@language_option
@click.pass_context
def check(  # noqa: PLR0913  (one parameter per option)
    ctx: click.Context,
    text: str | None,
    file: str | None,
    batch: str | None,
    index: str,
    as_json: bool,
    account: str,
    alarms_per_100: float | None,
) -> None:
    """Check drafts; see `check.help` in `phrases`."""
    if sum(given is not None for given in (text, file, batch)) != 1:
        raise click.UsageError(say("usage.one_draft"), ctx)
    from originality import Checker, Settings

    lines = DraftLines(batch, account) if batch is not None else None
    draft = read_text(STDIN if text == STDIN else file or "") if text in (None, STDIN) and lines is None else text
    settings = Settings(language=language(), alarms_per_100=alarms_per_100)
    with Checker.open(index, settings=settings) as checker:
        warn_of_calibration(checker)
        if lines is not None:
            alarm = _check_lines(checker, lines)
        else:
            result = checker.check(draft or "", account=account)
            alarm = result.is_alarm
            show_json(result.to_dict()) if as_json else show_result(result)
    ctx.exit(ALARM if alarm else 0)


def _check_lines(checker: Checker, lines: DraftLines) -> bool:
    alarm = False
    for result in checker.check_many(lines):
        show_json(result.to_dict())
        alarm |= result.is_alarm
    if lines.error:
        raise lines.error
    return alarm


def show_result(result: CheckResult) -> None:
    """Show a result to a person: verdict, marked draft, sources with their evidence."""
    from originality.explain import VERDICT_NAMES, caveat_text, headline
    from originality.markup import mark_draft

    name = VERDICT_NAMES[language()][result.verdict]
    figures = {"risk": result.risk, "originality": result.originality}
    line = say("check.verdict", verdict=name, **figures) if result.verdict != "undetermined" else f"【{name}】"
    show(click.style(line, fg=VERDICT_COLOURS[result.verdict], bold=True))
    show(printable(headline(result, language())))
    if result.matches or result.boilerplate:
        show("\n" + say("check.draft", text=_marked(mark_draft(result))))
        show(say("check.colours" if sys.stdout.isatty() else "check.legend"))
    for number, match in enumerate(result.matches[:SOURCES_SHOWN], start=1):
        _show_source(match, number)
    if len(result.matches) > SOURCES_SHOWN:
        show("\n" + say("check.more", more=len(result.matches) - SOURCES_SHOWN))
    if result.verdict != "undetermined":  # its headline says the caveats already
        for caveat in result.caveats:
            show("\n" + say("check.caveat", text=caveat_text(caveat, language())))
    if result.index.as_of:
        show("\n" + say("check.against", posts=result.index.posts, as_of=f"{result.index.as_of:%Y-%m-%d}"))


def _show_source(match: Match, number: int) -> None:
    from originality.explain import kind_name
    from originality.markup import mark_source

    time = f"{match.published_at:%Y-%m-%d %H:%M}" if match.published_at else say("check.no_time")
    facts = {"account": printable(match.account), "time": time, "kind": kind_name(match.kind, language())}
    show("\n" + click.style(say("check.source", number=number, risk=match.risk, **facts), bold=True))
    if match.url:
        show(f"  {printable(match.url)}")
    for reason in match.reasons:
        show(f"  - {printable(reason)}")
    show("  " + _marked(mark_source(match, number), around=SHOWN_AROUND).replace("\n", "\n  "))


def _marked(segments: Iterable[Segment], around: int | None = None) -> str:
    """Return a text with the matched words in colour, or in 【】 where no terminal is; common words dim, or in 〔〕."""
    colours = sys.stdout.isatty()
    pieces = []
    parts = list(segments)
    for position, part in enumerate(parts):
        text = part.text
        if part.kind == "plain" and around is not None:
            text = _shorten(text, around, first=position == 0, last=position == len(parts) - 1)
        text = printable(text)
        if part.kind == "plain":
            pieces.append(text)
        elif part.boilerplate:
            text += f"×{part.boilerplate.posts}" if part.boilerplate.posts else ""
            pieces.append(click.style(text, dim=True) if colours else f"〔{text}〕")
        else:
            pieces.append(click.style(text, fg=COLOURS[part.kind], bold=True) if colours else f"【{text}】")
    return "".join(pieces)


def _shorten(text: str, around: int, *, first: bool, last: bool) -> str:
    """Cut plain text to what stands near the marked words before and after it."""
    head, tail = ("" if first else text[:around]), ("" if last else text[-around:])
    if len(text) <= 2 * around or (first and last):
        return text
    return f"{head}…{tail}"
