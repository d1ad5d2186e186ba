"""`originality gate`: a brand's policy on one draft or many."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import click

from originality.cli.check import show_result
from originality.cli.drafts import STDIN, DraftLines, read_text
from originality.cli.frame import TranslatedCommand, index_option, language_option
from originality.cli.in_force import warn_of_calibration
from originality.cli.output import printable, show, show_json
from originality.cli.texts import language, say

if TYPE_CHECKING:
    from originality.gate import AuditLog, GateDecision

BLOCKED = 1
COLOURS = {"pass": "green", "warn": "yellow", "block": "red"}


@click.command(cls=TranslatedCommand)
@click.argument("text", required=False)
@click.option("--file", "file", metavar="FILE", help="option.file")
@click.option("--batch", metavar="FILE.jsonl", help="option.batch")
@click.option("--policy", "rules", required=True, metavar="FILE.toml", help="option.policy")
@index_option
@click.option("--json", "as_json", is_flag=True, help="option.json")
@click.option("--account", default="", metavar="NAME", help="option.account.check")
@click.option("--audit", metavar="FILE.jsonl", help="option.audit")
@click.option("--audit-text", is_flag=True, help="option.audit_text")
@click.option("--workers", type=click.IntRange(1), metavar="N", help="option.workers")
@language_option
@click.pass_context
def gate(  # noqa: PLR0913  (one parameter per option)
    ctx: click.Context,
    text: str | None,
    file: str | None,
    batch: str | None,
    rules: str,
    index: str,
    as_json: bool,
    account: str,
    audit: str | None,
    audit_text: bool,
    workers: int | None,
) -> None:
    """Decide on drafts; see `gate.help` in `phrases`."""
    if sum(given is not None for given in (text, file, batch)) != 1:
        raise click.UsageError(say("usage.one_draft"), ctx)
    from originality import Checker, Draft, Policy, Settings
    from originality.gate import AuditLog

    policy = Policy.load(rules)
    log = AuditLog(audit, with_text=audit_text) if audit else None
    lines = DraftLines(batch, account) if batch is not None else None
    draft = read_text(STDIN if text == STDIN else file or "") if text in (None, STDIN) and lines is None else text
    with Checker.open(index, settings=Settings(language=language())) as checker:
        warn_of_calibration(checker)
        if lines is not None:
            blocked = _show_lines(checker.gate_many(lines, policy, workers=workers), log)
            if lines.error:
                raise lines.error
        else:
            decision = checker.gate(Draft(text=draft or "", account=account), policy)
            if log:
                log.append(decision)
            blocked = decision.action == "block"
            show_json(decision.to_dict()) if as_json else _show(decision)
    ctx.exit(BLOCKED if blocked else 0)


def _show_lines(decisions: Iterable[GateDecision], log: AuditLog | None) -> bool:
    blocked = False
    for decision in decisions:
        if log:
            log.append(decision)
        show_json(decision.to_dict())
        blocked |= decision.action == "block"
    return blocked


def _show(decision: GateDecision) -> None:
    from originality.gate import ACTION_NAMES

    name = ACTION_NAMES[language()][decision.action]
    policy = {"policy": printable(decision.policy.name), "version": printable(decision.policy.version)}
    show(click.style(say("gate.action", action=name, **policy), fg=COLOURS[decision.action], bold=True))
    for reason in decision.reasons:
        show(say("gate.reason", reason=printable(reason)))
    if decision.excluded or decision.authorised:
        show(say("gate.left_out", excluded=decision.excluded, authorised=decision.authorised))
    show()
    show_result(decision.result)
