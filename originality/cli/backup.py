"""`originality backup`: a checked copy of the whole folder of an index."""

from __future__ import annotations

from pathlib import Path

import click

from originality.cli.frame import TranslatedCommand, index_option, language_option
from originality.cli.output import printable, show
from originality.cli.texts import say


@click.command(cls=TranslatedCommand)
@click.argument("target", metavar="DIR")
@index_option
@language_option
def backup(target: str, index: str) -> None:
    """Copy an index; see `backup.help` in `phrases`."""
    from originality.doctor import back_up

    posts = back_up(Path(index), Path(target))
    show(say("backup.done", posts=posts, path=printable(target)))
