"""Checks that are kept for a while, so that each has an address.

One JSON file per check in the folder `checks` of the index, under a random name, readable by its owner only: drafts are
secrets. The texts, names and links of posts are not copied into it. They are looked up when the check is opened, so
that a post that was forgotten meanwhile is gone from here too, and one that was edited is not quoted wrongly.
"""

from __future__ import annotations

import json
import re
import secrets
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from datetime import UTC, datetime
from typing import Any

from originality.decisions import digest
from originality.errors import IndexFault, SettingsError
from originality.files import write_whole
from originality.index import LocalIndex
from originality.models import Boilerplate, CheckResult, Disguise, IndexInfo, Match, Post, Span
from originality.whatif import NOTHING, Exclusions

FOLDER = "checks"
DAYS = 30  # long enough for a campaign to be published and complained about
MOST_DAYS = 3_650
VARIABLE = "ORIGINALITY_KEEP_DAYS"
_SWEEP_SECONDS = 600.0
_DAY = 86_400.0
_NAME = re.compile(r"[A-Za-z0-9_-]{16}")
_OURS = re.compile(rf"{_NAME.pattern}\.json|\.{_NAME.pattern}\.json\..+\.tmp")  # whole, and left by a killed process
_OF_POSTS = ("account", "published_at", "url", "text")  # facts of a match that are looked up again


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptCheck:
    """A check as somebody saw it."""

    result: CheckResult
    at: datetime
    account: str = ""
    without: Exclusions = NOTHING
    id: str = ""
    gone: int = 0
    """Sources that are not in the index any more."""
    changed: int = 0
    """Sources whose text is another one by now; their spans are left out."""


def days_from_environment(variables: Mapping[str, str]) -> int:
    """Return for how many days checks are kept; 0 for not at all.

    Raises:
        SettingsError: the variable holds something else.
    """
    value = variables.get(VARIABLE, "").strip()
    if value.lower() == "off":
        return 0
    if value and not (value.isascii() and value.isdigit() and int(value) <= MOST_DAYS):
        raise SettingsError(f'{VARIABLE} must be a number of days up to {MOST_DAYS}, or "off", got {value[:40]!r}.')
    return int(value) if value else DAYS


class KeptChecks:
    """The kept checks of one index. Safe to share between threads and processes."""

    def __init__(self, index: LocalIndex, days: int = DAYS) -> None:
        """Keep checks for some days; with 0 nothing is kept and what was is removed."""
        self.days = days
        self._index = index
        self._folder = index.folder / FOLDER
        self._swept = float("-inf")

    def keep(self, check: KeptCheck) -> str:
        """Store a check; return its id, "" where nothing is kept."""
        self.sweep()
        if not self.days:
            return ""
        return self.write(_plain(check))

    def find(self, id: str) -> KeptCheck | None:
        """Return a check; None where there is none of that id, or not any more."""
        document = self.read(id)
        if document is None or "result" not in document:
            return None
        try:
            return replace(_check_of(document, self._index), id=id)
        except (KeyError, TypeError, ValueError, AttributeError):
            return None

    def write(self, document: Mapping[str, Any], id: str = "") -> str:
        """Store a document whole or not at all, under a new id unless it replaces one; return the id."""
        id = id or secrets.token_urlsafe(12)
        if not _NAME.fullmatch(id):
            raise SettingsError(f"The id of a check has 16 letters, digits, - or _, got {id[:40]!r}.")
        if self._folder.is_symlink():
            raise IndexFault(f"{self._folder} is a link; drafts are not written through it. Remove it.")
        path = self._folder / f"{id}.json"
        try:
            self._folder.mkdir(mode=0o700, exist_ok=True)
            text = json.dumps(document, ensure_ascii=False).encode("utf-8", "replace")
            write_whole(path, text, private=True)
        except OSError as error:
            raise IndexFault(
                f"The check cannot be kept in {self._folder} ({error.strerror}). Check permissions and disk, or turn "
                f"keeping off with {VARIABLE}=off."
            ) from error
        return id

    def read(self, id: str) -> dict[str, Any] | None:
        """Return a document that is not too old; None where there is none."""
        if not _NAME.fullmatch(id) or not self.days:  # an id comes from an address: it must not lead elsewhere
            return None
        path = self._folder / f"{id}.json"
        try:
            if path.stat().st_mtime < time.time() - self.days * _DAY:
                return None
            document = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError, RecursionError):
            return None
        return document if isinstance(document, dict) else None

    def sweep(self) -> None:
        """Remove what is too old, at most every few minutes."""
        now = time.monotonic()
        if now - self._swept < _SWEEP_SECONDS or self._folder.is_symlink() or not self._folder.is_dir():
            return
        self._swept = now
        for path in (each for each in self._folder.iterdir() if _OURS.fullmatch(each.name)):
            try:
                if path.stat().st_mtime < time.time() - self.days * _DAY:
                    path.unlink()
            except FileNotFoundError:  # another process sweeps too
                continue


def _plain(check: KeptCheck) -> dict[str, Any]:
    without = check.without
    result = asdict(check.result)
    for plain, match in zip(result["matches"], check.result.matches, strict=True):
        plain["sha256"] = digest(match.text)
        for name in _OF_POSTS:
            del plain[name]
    result["index"]["as_of"] = check.result.index.as_of.isoformat() if check.result.index.as_of else None
    return {
        "at": check.at.astimezone(UTC).isoformat(),
        "account": check.account,
        "without": {
            "posts": sorted(without.posts),
            "stretches": sorted(without.stretches),
            "quotes": without.quotes,
            "platform": without.platform,
        },
        "result": result,
    }


def _check_of(document: Mapping[str, Any], index: LocalIndex) -> KeptCheck:
    facts, without = dict(document["result"]), document["without"]
    posts = index.fetch(match["post_id"] for match in facts["matches"])
    stored = [match for match in facts["matches"] if match["post_id"] in posts]
    changed = [match for match in stored if digest(posts[match["post_id"]].text) != match["sha256"]]
    as_of = facts["index"]["as_of"]
    facts["index"] = IndexInfo(**{**facts["index"], "as_of": datetime.fromisoformat(as_of) if as_of else None})
    gone = len(facts["matches"]) - len(stored)
    facts["matches"] = tuple(_match_of(match, posts[match["post_id"]]) for match in stored)
    facts["boilerplate"] = tuple(Boilerplate(**{**each, "span": _pair(each["span"])}) for each in facts["boilerplate"])
    facts["caveats"] = tuple(facts["caveats"])
    told = facts.get("disguises", ()) if not gone and not changed else ()  # they quote what the sources say
    facts["disguises"] = tuple(Disguise(**{**each, "span": _pair(each["span"])}) for each in told)
    known = {field.name for field in fields(CheckResult)}
    return KeptCheck(
        result=CheckResult(**{name: value for name, value in facts.items() if name in known}),
        at=datetime.fromisoformat(document["at"]),
        account=document["account"],
        without=Exclusions(
            posts=frozenset(without["posts"]),
            stretches=frozenset(map(_pair, without["stretches"])),
            quotes=without["quotes"],
            platform=without["platform"],
        ),
        gone=gone,
        changed=len(changed),
    )


def _match_of(facts: Mapping[str, Any], post: Post) -> Match:
    known = {field.name for field in fields(Match)} - {*_OF_POSTS, "spans", "reasons"}
    same = digest(post.text) == facts["sha256"]
    spans = [Span(_pair(each["draft"]), _pair(each["source"]), each["kind"]) for each in facts["spans"]] if same else []
    return Match(
        **{name: value for name, value in facts.items() if name in known},
        **{name: getattr(post, name) for name in _OF_POSTS},
        spans=tuple(spans),
        reasons=tuple(facts["reasons"]) if same else (),
    )


def _pair(values: Any) -> tuple[int, int]:
    start, end = values
    return int(start), int(end)
