"""`originality forget`: deletes posts with every trace, and sets how long posts are kept."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Collection, Iterable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import click

from originality.cli.dates import OFF, Days, Moment
from originality.cli.frame import TranslatedCommand, index_option, language_option
from originality.cli.output import complain, printable, show
from originality.cli.texts import say

if TYPE_CHECKING:
    from originality.index import LocalIndex

ACCOUNTS_NAMED = 20


@click.command(cls=TranslatedCommand)
@click.option("--post", "posts", multiple=True, metavar="ID", help="option.post")
@click.option("--account", "accounts", multiple=True, metavar="NAME", help="option.account.which")
@click.option("--before", type=Moment(), metavar="DATE", help="option.before")
@click.option("--older-than", type=Days(), metavar="365d", help="option.older_than")
@click.option("--keep-out", is_flag=True, help="option.keep_out")
@click.option("--retention", type=Days(may_be_off=True), metavar="365d|off", help="option.retention")
@index_option
@click.option("--yes", is_flag=True, help="option.yes")
@language_option
@click.pass_context
def forget(
    ctx: click.Context, /, index: str, keep_out: bool, retention: int | None, yes: bool, **conditions: Any
) -> None:
    """Forget posts; see `forget.help` in `phrases`."""
    from originality.index import open_index

    asked = any(conditions.values())
    if not asked and retention is None:
        raise click.UsageError(say("usage.forget_what"), ctx)
    if asked and not yes and not sys.stdin.isatty():
        raise click.UsageError(say("usage.forget_yes"), ctx)
    with open_index(index) as opened:
        if retention is not None:
            _retain(opened, retention)
        if asked:
            _forget(opened, keep_out=keep_out, yes=yes, **conditions)


def _retain(index: LocalIndex, days: int) -> None:
    if days == OFF:
        index.store.retain(None)
        show(say("forget.retention.off"))
        return
    index.store.retain(days)
    show(say("forget.retention.on", days=days, posts=len(index.chosen(before=_days_ago(days)))))


def _forget(
    index: LocalIndex,
    *,
    posts: Collection[str],
    accounts: Collection[str],
    before: datetime | None,
    older_than: int | None,
    keep_out: bool,
    yes: bool,
) -> None:
    limits = [before] if before else []
    limits += [_days_ago(older_than)] if older_than else []
    names = {given: _names(given) for given in posts}
    wanted = [name for each in names.values() for name in each]
    found = index.chosen(post_ids=wanted if posts else None, accounts=accounts, before=min(limits, default=None))
    missing = [given for given, each in names.items() if not found.keys() & each]
    for given in missing:
        complain(say("forget.unknown", post=given))
    if found and not yes:
        _show_accounts(found.values())
        click.confirm(say("forget.confirm", posts=len(found)), abort=True)
    # An id that is not there, or not any more, can be kept out too; one that merely fails another condition must not.
    kept = [names[given][-1] for given in missing] if keep_out and not accounts and not limits else []
    count = index.delete([*found, *kept], keep_out=keep_out)
    show(say("forget.done", posts=count, index=printable(str(index.folder))) if count else say("forget.none"))
    if count and yes:
        _show_accounts(found.values())
    if keep_out:
        show(say("forget.kept_out", posts=index.store.forgotten))


def _names(given: str) -> list[str]:
    """Return the ids that a person may mean: what is written, and the mid of a bid or of a link."""
    from originality.collect import ids

    linked = ids.id_in_link(given)
    return list(dict.fromkeys([given, ids.canonical(linked or given, surely_weibo=bool(linked))]))


def _days_ago(days: int) -> datetime:
    return datetime.now(UTC) - timedelta(days=days)


def _show_accounts(accounts: Iterable[str]) -> None:
    counts = Counter(accounts)
    for account, posts in counts.most_common(ACCOUNTS_NAMED):
        show(say("stats.account", posts=posts, account=printable(account)))
    if len(counts) > ACCOUNTS_NAMED:
        show(say("forget.more_accounts", accounts=len(counts) - ACCOUNTS_NAMED))
