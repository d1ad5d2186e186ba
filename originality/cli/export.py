"""`originality export`: the corpus as one file."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path

import click

from originality.cli.dates import Moment
from originality.cli.frame import TranslatedCommand, index_option, language_option
from originality.cli.output import printable, show
from originality.cli.texts import say


@click.command(cls=TranslatedCommand)
@index_option
@click.option("--out", required=True, metavar="FILE", help="option.out.export")
@click.option("--account", "accounts", multiple=True, metavar="NAME", help="option.account.which")
@click.option("--since", type=Moment(), metavar="DATE", help="option.since")
@click.option("--until", type=Moment(), metavar="DATE", help="option.before")
@click.option("--quiet", is_flag=True, help="option.quiet")
@language_option
def export(
    index: str, out: str, accounts: tuple[str, ...], since: datetime | None, until: datetime | None, quiet: bool
) -> None:
    """Export the posts of an index; see `export.help` in `phrases`."""
    from tqdm import tqdm

    from originality.export import export as export_posts
    from originality.index import open_index

    with (
        open_index(index) as opened,
        tqdm(total=opened.info().posts, file=sys.stderr, disable=quiet or None, leave=False) as bar,
    ):
        count = export_posts(opened, Path(out), accounts=accounts, since=since, until=until, progress=bar.update)
    show(say("export.done", posts=count, path=printable(out)))
