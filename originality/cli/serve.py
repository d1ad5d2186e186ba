"""`originality serve`: check and gate over HTTP."""

from __future__ import annotations

import os
from dataclasses import replace

import click

from originality.cli.frame import TranslatedCommand, index_option, language_option
from originality.cli.output import complain
from originality.cli.texts import language, say

HIGHEST_PORT = 65_535


@click.command(cls=TranslatedCommand)
@click.option("--policy", "rules", multiple=True, metavar="FILE.toml", help="option.policies")
@index_option
@click.option("--host", default="127.0.0.1", show_default=True, metavar="HOST", help="option.host")
@click.option(
    "--port",
    type=click.IntRange(0, HIGHEST_PORT),
    default=8502,
    show_default=True,
    metavar="N",
    help="option.port.serve",
)
@click.option("--rate", type=click.IntRange(0), default=1200, show_default=True, metavar="N", help="option.rate")
@click.option("--workers", type=click.IntRange(1), metavar="N", help="option.workers.serve")
@click.option("--audit", metavar="FILE.jsonl", help="option.audit")
@click.option("--audit-text", is_flag=True, help="option.audit_text")
@language_option
def serve(  # noqa: PLR0913  (one parameter per option)
    rules: tuple[str, ...],
    index: str,
    host: str,
    port: int,
    rate: int,
    workers: int | None,
    audit: str | None,
    audit_text: bool,
) -> None:
    """Serve; see `serve.help` in `phrases`."""
    from originality import Policy, Settings
    from originality.gate import AuditLog
    from originality.serve import TOKEN_VARIABLE, Options
    from originality.serve import serve as run

    options = Options(host=host, port=port, rate=rate, token=os.environ.get(TOKEN_VARIABLE, ""))
    run(
        index,
        [Policy.load(path) for path in rules],
        replace(options, workers=workers) if workers else options,
        log=AuditLog(audit, with_text=audit_text) if audit else None,
        settings=Settings(language=language()),
        told=lambda address: complain(say("serve.listening", address=address)),
    )
