"""`originality doctor`: one line per check, and what to do about it."""

from __future__ import annotations

from pathlib import Path

import click

from originality.cli.frame import TranslatedCommand, index_option, language_option
from originality.cli.output import printable, show
from originality.cli.texts import say

PROBLEMS_REMAIN = 1
OF_THE_STORE = {"integrity", "posts", "vectors", "fingerprints", "parts", "strays"}  # which nothing can mend in place
SIGNS = {"ok": "✓", "mended": "✓", "bad": "✗"}


@click.command(cls=TranslatedCommand)
@index_option
@language_option
@click.pass_context
def doctor(ctx: click.Context, index: str) -> None:
    """Check an index; see `doctor.help` in `phrases`."""
    from originality.doctor import examine

    sound = True
    for finding in examine(Path(index)):
        bad = finding.state == "bad"
        sound &= not bad
        line = say(f"doctor.{finding.check}.{finding.state}", index=index, **finding.values)
        if bad and finding.check in OF_THE_STORE:
            line += say("doctor.restore")
        show(f"{SIGNS[finding.state]} {printable(line)}")
    show(say("doctor.sound" if sound else "doctor.unsound"))
    ctx.exit(0 if sound else PROBLEMS_REMAIN)
