"""The live half of `originality collect`: all accounts of the register, brought up to date."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from originality.cli.output import printable, show, show_json
from originality.cli.texts import say, say_reason

if TYPE_CHECKING:
    from originality.live import AccountUpdate, LiveReport


def collect_live(folder: Path, encoder: str, *, as_json: bool) -> bool:
    """Bring all accounts up to date and tell of each; return whether all went well."""
    from originality.live import collect_live as collect
    from originality.settings import LiveSettings

    settings = LiveSettings.from_environment(os.environ)
    told = (lambda update: None) if as_json else _tell
    report = collect(folder, encoder, settings, os.environ, told=told)
    if as_json:
        show_json(_facts(folder, report))
    else:
        values = {"failed": report.failed, "requests": report.requests, "posts": report.posts}
        show(
            say(
                "live.done",
                accounts=len(report.updates),
                seconds=report.seconds,
                index=printable(str(folder)),
                **values,
            )
        )
    return not report.failed


def _tell(update: AccountUpdate) -> None:
    report, name = update.report, printable(update.account.name)
    show(say("live.account", name=name, **_counts(update)))
    for reason, count in report.dropped.most_common():
        show(say("collect.dropped", count=count, reason=printable(say_reason(reason))))
    if report.expired:
        show(say("collect.expired", expired=report.expired))
    if update.unfinished:
        show(say("live.unfinished"))
    if update.failure:
        show(say("live.failed", message=printable(str(update.failure))))


def _counts(update: AccountUpdate) -> dict[str, int]:
    report = update.report
    return {
        "added": report.added,
        "replaced": report.replaced,
        "updated": report.updated,
        "unchanged": report.unchanged,
        "dropped": sum(report.dropped.values()),
        "expired": report.expired,
    }


def _facts(folder: Path, report: LiveReport) -> dict[str, Any]:
    accounts = [
        {
            "name": each.account.name,
            "uid": each.account.uid,
            **_counts(each),
            "dropped": dict(each.report.dropped),
            "unfinished": each.unfinished,
            "error": str(each.failure) if each.failure else None,
        }
        for each in report.updates
    ]
    return {
        "index": str(folder),
        "accounts": accounts,
        "failed": report.failed,
        "requests": report.requests,
        "posts": report.posts,
        "seconds": round(report.seconds, 3),
    }
