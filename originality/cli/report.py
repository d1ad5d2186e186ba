"""`originality report`: the files of one week's report."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from originality.cli.frame import TranslatedCommand, index_option, language_option
from originality.cli.output import printable, show
from originality.cli.texts import language, say


@click.command(cls=TranslatedCommand)
@click.option("--week", required=True, metavar="YYYY-WNN", help="option.week")
@index_option
@click.option("--out", required=True, metavar="DIR", help="option.out")
@click.option("--window", type=int, default=90, show_default=True, metavar="DAYS", help="option.window")
@click.option("--quiet", is_flag=True, help="option.quiet")
@language_option
def report(week: str, index: str, out: str, window: int, quiet: bool) -> None:
    """Write the report of a week; see `report.help` in `phrases`."""
    from tqdm import tqdm

    from originality import Checker, Settings
    from originality.report import weekly_report, write_report

    with (
        Checker.open(index, settings=Settings(language=language())) as checker,
        tqdm(file=sys.stderr, disable=quiet or None, leave=False) as bar,
    ):
        found = weekly_report(checker, week, window_days=window, progress=bar.update)
    for path in write_report(found, Path(out), language()):
        show(say("report.written", path=printable(str(path))))
