"""The command line: each command is one call of the library, in its own file.

Importing this loads no heavy library: every command imports what it needs when it runs, so help is there at once.
"""

from __future__ import annotations

import click

from originality.cli.accounts import accounts
from originality.cli.app import app
from originality.cli.backup import backup
from originality.cli.calibrate import calibrate
from originality.cli.check import check
from originality.cli.collect import collect
from originality.cli.doctor import doctor
from originality.cli.export import export
from originality.cli.forget import forget
from originality.cli.frame import Root, language_option
from originality.cli.gate import gate
from originality.cli.report import report
from originality.cli.serve import serve
from originality.cli.stats import stats

__all__ = ["main"]


def _version(ctx: click.Context, parameter: click.Parameter, wanted: bool) -> None:
    if wanted:
        from originality import __version__

        click.echo(f"originality {__version__}")
        ctx.exit()


@click.group("originality", cls=Root, no_args_is_help=False, invoke_without_command=True)
@click.option("--version", is_flag=True, is_eager=True, expose_value=False, callback=_version, help="option.version")
@language_option
@click.pass_context
def main(ctx: click.Context) -> None:
    """Run `originality`; without a command it shows its help."""
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())


for command in (collect, accounts, check, gate, report, calibrate, stats, export, forget, doctor, backup, app, serve):
    main.add_command(command)
