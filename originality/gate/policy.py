"""What a brand lets pass: thresholds by lane, exclusions, authorised sources. Read from TOML, refused when mistyped.

    name = "汀步茶室"
    account = "汀步茶室"
    [wording]
    block = "2 per 100"

Whatever a file leaves out keeps its default; docs/gate.md explains every key.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final, Literal, get_args

from originality.accounts import Permission
from originality.errors import ModelError, PolicyError
from originality.gate.thresholds import Threshold
from originality.models import Lane
from originality.score import Model, load_model

FORMAT = 1  # raised when a key changes its meaning

Action = Literal["pass", "warn", "block"]
LANES: Final[tuple[Lane, ...]] = get_args(Lane)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """From which threshold a lane warns, and from which it blocks; None for never."""

    warn: Threshold | None = None
    block: Threshold | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Authorisation:
    """An account whose posts the brand may reuse, through a day in Beijing or without an end."""

    account: str
    until: date | None = None

    def holds(self, at: datetime) -> bool:
        """Say whether it holds at a time."""
        return Permission(by="", source=self.account, until=self.until).holds(at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """The rules of one brand. The defaults block what the check calls an alarm and warn of what is worth a look."""

    name: str = "default"
    version: str = "1"
    """The brand's own count of its versions; stands in decisions and in the audit log."""
    account: str = ""
    """Who publishes, where the draft does not say: name or Weibo number."""
    min_letters: int | None = None
    """Drafts with fewer letters are `undetermined`; None keeps the checker's own limit."""
    undetermined: Action = "warn"
    """What to do with a draft that cannot be judged: neither acquitted nor accused."""
    wording: Rule = field(default_factory=lambda: Rule(warn=Threshold(per_100=6), block=Threshold(per_100=2)))
    template: Rule = field(default_factory=lambda: Rule(warn=Threshold(per_100=5)))
    idea: Rule = field(default_factory=Rule)
    """Off: an idea is free, and nobody has measured how often this lane errs."""
    excluded_accounts: tuple[str, ...] = ()
    """Accounts, by name or number, whose posts accuse nobody."""
    excluded_posts: tuple[str, ...] = ()
    authorised: tuple[Authorisation, ...] = ()

    def __post_init__(self) -> None:
        """Check what the types do not say."""
        _require(0 < len(self.name) <= 60 and self.name.isprintable(), "name must have 1 to 60 characters", self.name)
        _require(0 < len(self.version) <= 60, "version must have 1 to 60 characters", self.version)
        _require(self.undetermined in get_args(Action), "undetermined must be pass, warn or block", self.undetermined)
        letters = self.min_letters
        _require(letters is None or 1 <= letters <= 100, "min_letters must be between 1 and 100", letters)
        for lane in LANES:
            warn, block = self.rule(lane).warn, self.rule(lane).block
            if warn and block and _in_wrong_order(warn, block, lane):
                raise PolicyError(
                    f"{lane}.warn must lie below {lane}.block, got {warn.written()} and {block.written()}. Lower one, "
                    f'or write {lane}.warn = "never".'
                )

    @classmethod
    def load(cls, path: Path | str) -> Policy:
        """Read a policy from a TOML file.

        Raises:
            PolicyError: it cannot be read, or says what a policy cannot say.
        """
        from originality.gate.reading import read_policy

        return read_policy(Path(path))

    @classmethod
    def of(cls, values: Mapping[str, Any], origin: str = "policy") -> Policy:
        """Make a policy from the parsed TOML (or the JSON of `to_dict`), refusing unknown keys and wrong types."""
        from originality.gate.reading import policy_of

        return policy_of(values, origin)

    def rule(self, lane: Lane) -> Rule:
        """Return the rule of a lane."""
        return {"wording": self.wording, "template": self.template, "idea": self.idea}[lane]

    def risk(self, lane: Lane, action: Action, model: Model) -> float | None:
        """Return the risk from which a lane does something, by the model in force; None for never.

        Raises:
            ModelError: the model cannot tell the risk of the rate that the policy names.
        """
        rule = self.rule(lane)
        threshold = rule.block if action == "block" else rule.warn
        return None if threshold is None else threshold.risk_by(model, lane)

    def alarm(self, model: Model) -> float | None:
        """Return the risk from which a draft is an alarm under this policy: where wording blocks, else warns."""
        blocks = self.risk("wording", "block", model)
        return self.risk("wording", "warn", model) if blocks is None else blocks

    @property
    def digest(self) -> str:
        """Short hash of all that it says: two policies of one name and version that differ are told apart."""
        written = json.dumps(self.to_dict(), ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(written.encode("utf-8", "replace")).hexdigest()[:12]

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain values, with the keys of the file."""
        values: dict[str, Any] = {
            "format": FORMAT,
            "name": self.name,
            "version": self.version,
            "account": self.account,
            "undetermined": self.undetermined,
        }
        if self.min_letters is not None:
            values["min_letters"] = self.min_letters
        for lane in LANES:
            rule = self.rule(lane)
            values[lane] = {
                action: "never" if threshold is None else threshold.written()
                for action, threshold in (("warn", rule.warn), ("block", rule.block))
            }
        values["exclude"] = {"accounts": list(self.excluded_accounts), "posts": list(self.excluded_posts)}
        values["authorised"] = [
            {"account": each.account, **({"until": each.until.isoformat()} if each.until else {})}
            for each in self.authorised
        ]
        return values


def _in_wrong_order(warn: Threshold, block: Threshold, lane: Lane) -> bool:
    """Say whether a lane would warn at or above where it blocks; a rate beside a risk is judged as shipped."""
    if warn.per_100 is not None and block.per_100 is not None:
        return warn.per_100 <= block.per_100
    with suppress(ModelError):  # a rate that the shipped model does not know is told where the policy is used
        return warn.risk_by(load_model(), lane) >= block.risk_by(load_model(), lane)
    return False


def _require(holds: bool, rule: str, value: object) -> None:
    if not holds:
        raise PolicyError(f"{rule}, got {value!r}.")
