"""`originality accounts`: the register of accounts, read and changed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from originality.cli.frame import Root, TranslatedCommand, index_option, language_option
from originality.cli.output import printable, show, show_json
from originality.cli.texts import say

if TYPE_CHECKING:
    from originality.accounts import Account, Register

WAYS = ("api", "web", "none")


@click.group("accounts", cls=Root, no_args_is_help=False, invoke_without_command=True)
@language_option
@click.pass_context
def accounts(ctx: click.Context) -> None:
    """Keep the register; see `accounts.help` in `phrases`. Without a command it shows its help."""
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())


@accounts.command("add", cls=TranslatedCommand)
@click.argument("name")
@click.option("--uid", default="", metavar="UID", help="option.uid")
@click.option("--own", is_flag=True, help="option.own")
@click.option("--trade", "trades", multiple=True, metavar="GROUP", help="option.trade")
@click.option("--campaign", "campaigns", multiple=True, metavar="GROUP", help="option.campaign")
@click.option("--live", "updated_by", type=click.Choice(WAYS), default="none", show_default=True, help="option.way")
@click.option("--allow-person", "person_allowed", is_flag=True, help="option.allow_person")
@index_option
@language_option
def add(index: str, own: bool, **fields: Any) -> None:
    """Put an account in, or replace what is known of it; see `add.help` in `phrases`."""
    from originality.accounts import Account

    account = Account(role="own" if own else "competitor", **fields)
    register = _change(index, lambda register: register.added(account))
    show(say("accounts.added", name=printable(account.name), index=printable(index), count=len(register.accounts)))


@accounts.command("list", cls=TranslatedCommand)
@index_option
@click.option("--json", "as_json", is_flag=True, help="option.json")
@language_option
def list_(index: str, as_json: bool) -> None:
    """Show the register; see `list.help` in `phrases`."""
    from originality.accounts import load_register

    register = load_register(Path(index))
    if as_json:
        show_json(register.to_dict())
    elif not register.accounts:
        show(say("accounts.none", index=printable(index)))
    else:
        _show(register)


@accounts.command("remove", cls=TranslatedCommand)
@click.argument("who", metavar="NAME|UID")
@index_option
@language_option
def remove(who: str, index: str) -> None:
    """Take an account out; see `remove.help` in `phrases`."""
    _change(index, lambda register: register.removed(who))
    show(say("accounts.removed", name=printable(who)))


@accounts.command("authorise", cls=TranslatedCommand)
@click.argument("by", metavar="BY")
@click.argument("source", metavar="SOURCE")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), metavar="YYYY-MM-DD", help="option.until")
@index_option
@language_option
def authorise(by: str, source: str, until: Any, index: str) -> None:
    """Let an account reuse another's posts; see `authorise.help` in `phrases`."""
    last: date | None = until.date() if until else None
    _change(index, lambda register: register.authorised(by, source, last))
    end = last.isoformat() if last else say("accounts.no_end")
    show(say("accounts.authorised", by=printable(by), source=printable(source), until=end))


@accounts.command("revoke", cls=TranslatedCommand)
@click.argument("by", metavar="BY")
@click.argument("source", metavar="SOURCE")
@index_option
@language_option
def revoke(by: str, source: str, index: str) -> None:
    """Take a permission back; see `revoke.help` in `phrases`."""
    _change(index, lambda register: register.revoked(by, source))
    show(say("accounts.revoked", by=printable(by), source=printable(source)))


def _change(index: str, changed: Callable[[Register], Register]) -> Register:
    from originality.accounts import RegisterFile

    return RegisterFile(Path(index)).change(changed)


def _show(register: Register) -> None:
    for account in register.accounts:
        show(printable(_line(account)))
    for each in register.permissions:
        names = {"by": register.get(each.by).name, "source": register.get(each.source).name}
        until = each.until.isoformat() if each.until else say("accounts.no_end")
        show(printable("  " + say("accounts.authorised", **names, until=until)))


def _line(account: Account) -> str:
    groups = "、".join((*account.trades, *account.campaigns))
    words = [f"@{account.name}", account.uid, say(f"accounts.{account.role}"), groups]
    words.append(say(f"accounts.by_{account.updated_by}"))
    if account.person_allowed:
        words.append(say("accounts.person_allowed"))
    return "  ".join(word for word in words if word)
