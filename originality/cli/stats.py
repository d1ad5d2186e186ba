"""`originality stats`: what an index holds."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from originality.cli.frame import TranslatedCommand, index_option, language_option
from originality.cli.output import printable, show, show_json
from originality.cli.texts import say, say_reason

if TYPE_CHECKING:
    from originality.index import LocalIndex

TOP_ACCOUNTS = 10
MEGABYTE = 1e6


@click.command(cls=TranslatedCommand)
@index_option
@click.option("--truncated", is_flag=True, help="option.truncated")
@click.option("--json", "as_json", is_flag=True, help="option.json")
@language_option
def stats(index: str, truncated: bool, as_json: bool) -> None:
    """Show what an index holds; see `stats.help` in `phrases`."""
    from originality.index import open_index

    with open_index(index) as opened:
        if truncated:
            return _list_truncated(opened, as_json=as_json)
        facts = _facts(opened)
    return show_json(facts) if as_json else _show(facts)


def _list_truncated(index: LocalIndex, *, as_json: bool) -> None:
    for post in index.posts():
        if post.truncated and as_json:
            show_json({"post_id": post.post_id, "url": post.url, "account": post.account})
        elif post.truncated:
            show(f"{printable(post.post_id)}\t{printable(post.url)}")


def _facts(index: LocalIndex) -> dict[str, Any]:
    accounts: Counter[str] = Counter()
    months: Counter[str] = Counter()
    platforms: Counter[str] = Counter()
    truncated = 0
    first = last = None
    for post in index.posts():  # ordered by time, those without one first
        accounts[post.account] += 1
        platforms[post.platform] += 1
        truncated += post.truncated
        if post.published_at:
            first, last = first or post.published_at, post.published_at
            months[post.published_at.strftime("%Y-%m")] += 1
    return {
        "index": str(index.folder),
        "posts": accounts.total(),
        "accounts": len(accounts),
        "top_accounts": [{"account": name, "posts": count} for name, count in accounts.most_common(TOP_ACCOUNTS)],
        "first": first.isoformat() if first else None,
        "last": last.isoformat() if last else None,
        "without_time": accounts.total() - months.total(),
        "months": dict(months),
        "platforms": dict(platforms.most_common()),
        "truncated": truncated,
        "retention_days": index.store.retention,
        "forgotten": index.store.forgotten,
        "vectors": index.store.vectors,
        "encoder": index.encoder,
        "stamp": index.info().stamp,
        "dropped": index.store.dropped(),
        "files": _sizes(index.folder),
    }


def _sizes(folder: Path) -> dict[str, int]:
    return {path.name: path.stat().st_size for path in sorted(folder.iterdir()) if path.is_file()}


def _show(facts: dict[str, Any]) -> None:
    show(say("stats.posts", **facts))
    for line in facts["top_accounts"]:
        show(say("stats.account", posts=line["posts"], account=printable(line["account"])))
    if facts["first"]:
        show(say("stats.time", first=facts["first"][:10], last=facts["last"][:10], undated=facts["without_time"]))
        show(say("stats.months"))
        for month, posts in facts["months"].items():
            show(say("stats.month", month=month, posts=posts))
    _show_rules(facts)
    show(say("stats.vectors", vectors=facts["vectors"], encoder=printable(facts["encoder"])))
    show(say("stats.stamp", stamp=printable(facts["stamp"])))
    if facts["dropped"]:
        show(say("stats.dropped"))
        for reason, count in facts["dropped"].items():
            show(say("stats.reason", count=count, reason=printable(say_reason(reason))))
    show(say("stats.files", size=sum(facts["files"].values()) / MEGABYTE))
    for name, size in facts["files"].items():
        show(say("stats.file", name=printable(name), size=size / MEGABYTE))


def _show_rules(facts: dict[str, Any]) -> None:
    if facts["platforms"]:
        counts = ", ".join(f"{printable(name)} {posts:,}" for name, posts in facts["platforms"].items())
        show(say("stats.platforms", platforms=counts))
    if facts["truncated"]:
        show(say("stats.truncated", posts=facts["truncated"]))
    if facts["retention_days"]:
        show(say("stats.retention", days=facts["retention_days"]))
    if facts["forgotten"]:
        show(say("stats.forgotten", posts=facts["forgotten"]))
