"""`originality doctor`: one line per check, and what to do about it."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from originality.cli.frame import TranslatedCommand, index_option, language_option
from originality.cli.output import complain, printable, show
from originality.cli.texts import say

if TYPE_CHECKING:
    from originality.doctor import Finding

PROBLEMS_REMAIN = 1
SIGNS = {"ok": "✓", "mended": "✓", "bad": "✗"}


@click.command(cls=TranslatedCommand)
@index_option
@click.option("--mend", is_flag=True, help="option.mend")
@click.option("--from", "source", metavar="PATH", help="option.from")
@click.option("--encoder", metavar="NAME", help="option.encoder.lost")
@language_option
@click.pass_context
def doctor(ctx: click.Context, index: str, mend: bool, source: str | None, encoder: str | None) -> None:
    """Check an index; see `doctor.help` in `phrases`."""
    from originality.doctor import examine

    if (source or encoder) and not mend:
        raise click.UsageError(say("usage.mend"), ctx)
    if mend:
        sound = _mended(Path(index), Path(source) if source else None, encoder or "")
    else:
        sound = not _show(examine(Path(index)), index)
    show(say("doctor.sound" if sound else "doctor.unsound"))
    ctx.exit(0 if sound else PROBLEMS_REMAIN)


def _mended(folder: Path, source: Path | None, encoder: str) -> bool:
    """Check an index, make it anew where its store is not sound, and check it again."""
    from tqdm import tqdm

    from originality.doctor import OF_THE_STORE, examine, mend
    from originality.errors import IndexFault, StampError

    try:
        wrong = _show(examine(folder, thorough=True), str(folder))
    except StampError:
        raise
    except IndexFault as fault:  # nothing to check is left of it
        complain(printable(str(fault)))
        wrong = {"integrity"}
    if not wrong & {*OF_THE_STORE, "encoder"}:
        return not wrong
    complain(say("doctor.mending", index=folder))
    with tqdm(file=sys.stderr, disable=None, leave=False) as bar:
        remain = _show(mend(folder, source=source, encoder=encoder, progress=bar.update), str(folder))
    return not remain | _show(examine(folder, thorough=True), str(folder))


def _show(findings: Iterable[Finding], index: str) -> set[str]:
    """Print findings as they come; return the names of the checks that found something wrong."""
    from originality.doctor import OF_THE_STORE

    wrong = set()
    for finding in findings:
        line = say(f"doctor.{finding.check}.{finding.state}", index=index, **finding.values)
        if finding.state == "bad":
            wrong.add(finding.check)
            line += say("doctor.restore") if finding.check in OF_THE_STORE else ""
        show(f"{SIGNS[finding.state]} {printable(line)}")
    return {str(check) for check in wrong}
