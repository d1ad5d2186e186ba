"""`originality report`: the files of the report of a week, or of any days."""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from originality.cli.frame import TranslatedCommand, index_option, language_option
from originality.cli.in_force import rate_option, warn_of_calibration
from originality.cli.output import printable, show
from originality.cli.texts import language, say
from originality.errors import SettingsError

STAMP_VARIABLE = "SOURCE_DATE_EPOCH"  # reproducible-builds.org: files that tell no other time


@click.command(cls=TranslatedCommand)
@click.option("--week", metavar="YYYY-WNN", help="option.week")
@click.option("--since", metavar="DATE", help="option.since.report")
@click.option("--until", metavar="DATE", help="option.until.report")
@click.option("--own", multiple=True, metavar="NAME", help="option.own.report")
@index_option
@click.option("--out", required=True, metavar="DIR", help="option.out")
@click.option("--window", type=int, default=90, show_default=True, metavar="DAYS", help="option.window")
@click.option("--history", type=int, default=1, show_default=True, metavar="COUNT", help="option.history")
@rate_option
@click.option("--quiet", is_flag=True, help="option.quiet")
@language_option
@click.pass_context
def report(ctx: click.Context, /, week: str | None, since: str | None, until: str | None, **options: Any) -> None:
    """Write a report; see `report.help` in `phrases`."""
    _report(_span(ctx, week, since, until), **options)


def _report(  # noqa: PLR0913  (one parameter per option)
    span: str,
    *,
    own: tuple[str, ...],
    index: str,
    out: str,
    window: int,
    history: int,
    alarms_per_100: float | None,
    quiet: bool,
) -> None:
    from tqdm import tqdm

    from originality import Checker, Settings
    from originality.report import compile_report, write_report
    from originality.report.forms import Words, headline_text
    from originality.workers import cores

    made_at = _stamp()
    settings = Settings(language=language(), alarms_per_100=alarms_per_100)
    with (
        Checker.open(index, settings=settings) as checker,
        tqdm(file=sys.stderr, disable=quiet or None, leave=False) as bar,
    ):
        warn_of_calibration(checker)

        def progress(done: int, total: int) -> None:
            bar.total = total
            bar.update(done - bar.n)

        found = compile_report(
            checker,
            span,
            own=own or None,  # then those of the register
            window_days=window,
            history=history,
            processes=cores(),
            progress=progress,
        )
    found = replace(found, made_at=made_at or found.made_at)
    for path in write_report(found, Path(out), language()):
        show(say("report.written", path=printable(str(path))))
    show(headline_text(found, Words(language())))


def _span(ctx: click.Context, week: str | None, since: str | None, until: str | None) -> str:
    """Return the span as the library names it."""
    if week is not None and since is None and until is None:
        return week
    if week is None and since is not None and until is not None:
        return f"{since}..{until}"
    raise click.UsageError(say("usage.report_span"), ctx)


def _stamp() -> datetime | None:
    """Return the time that the files shall tell, where the environment sets one."""
    text = os.environ.get(STAMP_VARIABLE)
    if not text:
        return None
    try:
        return datetime.fromtimestamp(int(text), UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise SettingsError(
            f"{STAMP_VARIABLE} must be seconds since 1970, got {text[:40]!r}. Unset it or mend it."
        ) from error
