"""A TOML file -> `Policy`. What is not known is refused, by file and key: a mistyped key must not mean its default."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path
from typing import Any

from originality.errors import PolicyError
from originality.gate.policy import FORMAT, LANES, Authorisation, Policy, Rule
from originality.gate.thresholds import Threshold
from originality.models import Lane

_PLAIN = {"name": str, "version": str, "account": str, "min_letters": int, "undetermined": str}
_KEYS = ("format", *_PLAIN, *LANES, "exclude", "authorised")
_EXCLUDED = {"accounts": "excluded_accounts", "posts": "excluded_posts"}


def read_policy(path: Path) -> Policy:
    """Read a policy file.

    Raises:
        PolicyError: it cannot be read, or says what a policy cannot say.
    """
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise PolicyError(f"Cannot read the policy {path}: {error.strerror}. Check the path.") from error
    except UnicodeDecodeError as error:
        raise PolicyError(f"{path} is not UTF-8 text. Save it as UTF-8.") from error
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise PolicyError(f"{path} is not valid TOML: {error}. Mend that place.") from error
    return policy_of(values, str(path))


def policy_of(values: Mapping[str, Any], origin: str) -> Policy:
    """Make a policy from parsed TOML.

    Raises:
        PolicyError: a key is unknown, or its value is wrong; the message begins with `origin` and the key.
    """
    try:
        _refuse_unknown(values, _KEYS, "")
        if values.get("format", FORMAT) != FORMAT:
            raise PolicyError(f"format must be {FORMAT}, got {values['format']!r}. Use the release that knows it.")
        fields: dict[str, Any] = {key: _typed(values[key], kind, key) for key, kind in _PLAIN.items() if key in values}
        for lane in LANES:
            if lane in values:
                fields[lane] = _rule(_typed(values[lane], dict, lane), lane)
        if "exclude" in values:
            fields |= _exclusions(_typed(values["exclude"], dict, "exclude"))
        entries = _typed(values.get("authorised", []), list, "authorised")
        fields["authorised"] = tuple(_authorisation(entry, place) for place, entry in enumerate(entries, start=1))
        return Policy(**fields)
    except PolicyError as error:
        raise PolicyError(f"{origin}: {error}") from error


def _rule(table: dict[str, Any], lane: Lane) -> Rule:
    _refuse_unknown(table, ("warn", "block"), f"{lane}.")
    standing = Policy().rule(lane)
    thresholds = {"warn": standing.warn, "block": standing.block}
    for action, value in table.items():
        try:
            thresholds[action] = None if value == "never" else Threshold.of(value, lane)
        except PolicyError as error:
            raise PolicyError(f"{lane}.{action} {error}") from error
    return Rule(**thresholds)


def _exclusions(table: dict[str, Any]) -> dict[str, tuple[str, ...]]:
    _refuse_unknown(table, tuple(_EXCLUDED), "exclude.")
    for key, names in table.items():
        if not isinstance(names, list) or not all(isinstance(name, str) and name for name in names):
            raise PolicyError(f'exclude.{key} must be a list of texts such as ["…"], got {names!r}. Quote each one.')
    return {_EXCLUDED[key]: tuple(names) for key, names in table.items()}


def _authorisation(entry: object, place: int) -> Authorisation:
    where = f"authorised, entry {place}"
    if not isinstance(entry, dict) or not isinstance(entry.get("account"), str) or not entry["account"]:
        raise PolicyError(f'{where}, must name an account: [[authorised]] account = "…", got {entry!r}.')
    _refuse_unknown(entry, ("account", "until"), f"{where}: ")
    until = entry.get("until")
    if isinstance(until, str):
        with suppress(ValueError):  # said below, as for any other wrong value
            until = date.fromisoformat(until)
    if until is not None and (not isinstance(until, date) or isinstance(until, datetime)):
        raise PolicyError(f"{where}: until must be a day such as 2026-12-31, got {entry['until']!r}.")
    return Authorisation(account=entry["account"], until=until)


def _refuse_unknown(table: Mapping[str, Any], known: tuple[str, ...], prefix: str) -> None:
    for key in table:
        if key not in known:
            raise PolicyError(f"unknown key {prefix}{key}. Known here: {', '.join(known)}.")


def _typed(value: Any, kind: type, key: str) -> Any:
    names = {str: "a text in quotation marks", int: "a whole number", dict: f"a table [{key}]", list: "a list"}
    if not isinstance(value, kind) or isinstance(value, bool):
        raise PolicyError(f"{key} must be {names[kind]}, got {value!r}.")
    return value
