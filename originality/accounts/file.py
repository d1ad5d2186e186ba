"""The register as a file: `accounts.json` in the folder of the index, for people to read and mend.

    {"version": 1,
     "accounts": [{"name": "汀步茶室", "uid": "2608812381", "role": "competitor", "trades": ["茶饮"],
                   "campaigns": [], "updated_by": "api", "person_allowed": false}],
     "permissions": [{"by": "2608812381", "source": "1404376560", "until": "2026-12-31"}]}

What it does not know it refuses: a mistyped field must not silently mean its default. Written whole or not at all.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from originality.accounts.register import Account, Permission, Register
from originality.errors import RegisterError
from originality.files import PRIVATE, private_folder, write_whole

FILE = "accounts.json"
VERSION = 1
_LOCK = "accounts.lock"
_LOCK_SECONDS = 10.0  # for another command that changes the register: it takes milliseconds
_LISTS = ("trades", "campaigns")


class RegisterFile:
    """The register of one index, read again only after it has changed: a page stays open for days."""

    def __init__(self, folder: Path) -> None:
        self._folder = Path(folder)
        self._seen: tuple[int, int] | None = None
        self._register = Register()

    def read(self) -> Register:
        """Return the register as it is now; an empty one where there is no file.

        Raises:
            RegisterError: the file is no register, or cannot be read.
        """
        try:
            status = (self._folder / FILE).stat()
        except FileNotFoundError:
            return Register()
        except OSError as error:
            raise RegisterError(
                f"Cannot read {self._folder / FILE}: {error.strerror}. Check its permissions."
            ) from error
        seen = status.st_mtime_ns, status.st_size
        if seen != self._seen:
            self._register, self._seen = load_register(self._folder), seen
        return self._register

    def change(self, changed: Callable[[Register], Register]) -> Register:
        """Replace the register by what a function makes of it; two commands at once do not lose each other's work."""
        try:
            private_folder(self._folder)
            with FileLock(self._folder / _LOCK, timeout=_LOCK_SECONDS, mode=PRIVATE):
                register = changed(load_register(self._folder))
                write_whole(self._folder / FILE, _as_json(register), private=True)
        except Timeout as error:
            raise RegisterError(f"Another command is changing {self._folder / FILE}. Try again in a moment.") from error
        except OSError as error:
            raise RegisterError(
                f"Cannot write {self._folder / FILE}: {error.strerror}. Check the folder's permissions and the disk."
            ) from error
        return register


def load_register(folder: Path) -> Register:
    """Read the register of an index; an empty one where there is no file.

    Raises:
        RegisterError: the file is no register, or cannot be read.
    """
    path = folder / FILE
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return Register()
    except OSError as error:
        raise RegisterError(f"Cannot read {path}: {error.strerror}. Check its permissions.") from error
    except UnicodeDecodeError as error:
        raise RegisterError(f"{path} is not UTF-8 text. Save it as UTF-8.") from error
    try:
        return _register_of(json.loads(text))
    except RecursionError as error:
        raise RegisterError(f"{path} is nested too deep to be a register of accounts. Restore it.") from error
    except json.JSONDecodeError as error:
        raise RegisterError(f"{path} is not valid JSON: {error}. Mend that place.") from error
    except RegisterError as error:
        raise RegisterError(f"{path}: {error}") from error


def _as_json(register: Register) -> str:
    return json.dumps({"version": VERSION, **register.to_dict()}, ensure_ascii=False, indent=2) + "\n"


def _register_of(document: object) -> Register:
    values = fields_of(document, {"version": int, "accounts": list, "permissions": list}, "the register")
    if values.get("version") != VERSION:
        raise RegisterError(f"version must be {VERSION}, got {values.get('version')!r}. Use the release that wrote it.")
    return Register(
        accounts=tuple(_account_of(value) for value in values.get("accounts", [])),
        permissions=tuple(_permission_of(value) for value in values.get("permissions", [])),
    )


def _account_of(value: object) -> Account:
    types = {field.name: str for field in dataclasses.fields(Account)}
    values = fields_of(value, {**types, "trades": list, "campaigns": list, "person_allowed": bool}, "an account")
    if "name" not in values:
        raise RegisterError("an account has no name. Give it one.")
    for name in _LISTS:
        groups = values.get(name, [])
        if not all(isinstance(group, str) for group in groups):
            raise RegisterError(f"{values['name']}: {name} must be a list of texts, got {groups!r}.")
        values[name] = tuple(groups)
    return Account(**values)


def _permission_of(value: object) -> Permission:
    values = fields_of(value, {"by": str, "source": str, "until": (str, type(None))}, "a permission")
    if not {"by", "source"} <= values.keys():
        raise RegisterError('a permission must name "by" and "source".')
    try:
        until = date.fromisoformat(values["until"]) if values.get("until") else None
    except ValueError as error:
        raise RegisterError(f"until must be a day such as 2026-12-31, got {values['until']!r}.") from error
    return Permission(by=values["by"], source=values["source"], until=until)


def fields_of(value: object, types: Mapping[str, Any], what: str) -> dict[str, Any]:
    """Return the fields of a JSON object.

    Raises:
        RegisterError: it is none, or has a field that is not known or of another type.
    """
    if not isinstance(value, dict):
        raise RegisterError(f"{what} must be an object in braces, got {str(value)[:40]!r}.")
    for name, content in value.items():
        if name not in types:
            raise RegisterError(f"{what} has an unknown field {name!r}. Known: {', '.join(types)}.")
        if not isinstance(content, types[name]) or (isinstance(content, bool) and types[name] is not bool):
            raise RegisterError(f"{what}: {name} has a wrong type, got {str(content)[:40]!r}.")
    return dict(value)
