"""The register of accounts: its records and its rules, without the file that keeps it.

An account is called by its Weibo number (uid) or by its name; both are unique. Every change gives a new register.
"""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from typing import Any, Literal, get_args

from originality.errors import RegisterError
from originality.models import BEIJING

Role = Literal["own", "competitor"]
UpdatedBy = Literal["api", "web", "none"]
ROLES: tuple[Role, ...] = get_args(Role)
WAYS: tuple[UpdatedBy, ...] = get_args(UpdatedBy)

_UID = re.compile(r"[1-9][0-9]{4,11}")
_LONGEST = 60  # characters of a name; Weibo itself takes 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """One account. `updated_by` says how `originality collect --live` keeps it up to date: not at all, unless told."""

    name: str
    uid: str = ""
    """Its number on Weibo; "" only where it is not collected live."""
    role: Role = "competitor"
    trades: tuple[str, ...] = ()
    campaigns: tuple[str, ...] = ()
    updated_by: UpdatedBy = "none"
    person_allowed: bool = False
    """Collect it live even where Weibo does not say that it is a verified organisation."""

    def __post_init__(self) -> None:
        """Check what a person may have mistyped."""
        _check_name(self.name, "name")
        if self.uid and not _UID.fullmatch(self.uid):
            raise RegisterError(f"{self.name}: uid must be a Weibo number of 5 to 12 digits, got {self.uid!r}.")
        if self.role not in ROLES:
            raise RegisterError(f"{self.name}: role must be {' or '.join(ROLES)}, got {self.role!r}.")
        if self.updated_by not in WAYS:
            raise RegisterError(f"{self.name}: updated_by must be one of {', '.join(WAYS)}, got {self.updated_by!r}.")
        if self.updated_by != "none" and not self.uid:
            raise RegisterError(f"{self.name}: to be updated by {self.updated_by} it needs its Weibo number (uid).")
        for group in (*self.trades, *self.campaigns):
            _check_name(group, f"{self.name}: group")

    @property
    def key(self) -> str:
        """What permissions and states call it: the uid, which stays when the name changes."""
        return self.uid or self.name

    @property
    def names(self) -> frozenset[str]:
        """All that posts may call it by."""
        return frozenset({self.name, self.uid} - {""})


@dataclass(frozen=True, slots=True, kw_only=True)
class Permission:
    """Account `by` may reuse posts of account `source` up to and including a day in Beijing, or without an end."""

    by: str
    source: str
    until: date | None = None

    def holds(self, at: datetime) -> bool:
        """Say whether it holds at a time; one without a zone is Beijing time."""
        here = at.astimezone(BEIJING) if at.tzinfo else at
        return self.until is None or here.date() <= self.until


@dataclass(frozen=True, slots=True, kw_only=True)
class Register:
    """All accounts and permissions."""

    accounts: tuple[Account, ...] = ()
    permissions: tuple[Permission, ...] = ()

    def __post_init__(self) -> None:
        """Check that names and uids are unique, and that permissions speak of known accounts."""
        seen: dict[str, Account] = {}
        for account in self.accounts:
            for name in sorted(account.names):
                if name in seen:
                    raise RegisterError(f"Two accounts are called {name!r}. Give one of them another name or uid.")
                seen[name] = account
        keys = {account.key for account in self.accounts}
        for permission in self.permissions:
            for key in (permission.by, permission.source):
                if key not in keys:
                    raise RegisterError(f"A permission names {key!r}, which is no account. Add it or revoke it.")

    def to_dict(self) -> dict[str, Any]:
        """Return the register as plain values."""
        return {
            "accounts": [asdict(account) for account in self.accounts],
            "permissions": [
                {"by": each.by, "source": each.source, "until": each.until.isoformat() if each.until else None}
                for each in self.permissions
            ],
        }

    def find(self, who: str) -> Account | None:
        """Return the account of that name or uid, if there is one."""
        return next((account for account in self.accounts if who in account.names), None)

    def get(self, who: str) -> Account:
        """Return the account of that name or uid.

        Raises:
            RegisterError: there is none.
        """
        account = self.find(who)
        if account is None:
            raise RegisterError(f"There is no account {who!r} in the register. Add it: originality accounts add {who}")
        return account

    def names_of(self, who: str) -> frozenset[str]:
        """Return all names of an author, the one given included; none for ""."""
        account = self.find(who)
        return (account.names if account else frozenset()) | frozenset({who} - {""})

    def reusable_by(self, who: str, at: datetime) -> frozenset[str]:
        """Return all names of the accounts whose posts an author may reuse at a time."""
        account = self.find(who)
        if account is None:
            return frozenset()
        held = [self.get(p.source) for p in self.permissions if p.by == account.key and p.holds(at)]
        return frozenset(name for source in held for name in source.names)

    def added(self, account: Account) -> Register:
        """Put an account in; the one of the same uid, or of the same name and no other uid, is replaced."""
        by_name = next((each for each in self.accounts if each.name == account.name), None)
        old = (account.uid and self.find(account.uid)) or by_name
        if old and old.uid and account.uid and old.uid != account.uid:
            raise RegisterError(
                f"The name {account.name!r} belongs to the account {old.uid} already. Remove that one or use another."
            )
        if old and not account.uid:
            account = replace(account, uid=old.uid)
        if not old:
            return replace(self, accounts=(*self.accounts, account))
        moved = {old.key: account.key}
        return Register(
            accounts=tuple(account if each is old else each for each in self.accounts),
            permissions=tuple(
                replace(each, by=moved.get(each.by, each.by), source=moved.get(each.source, each.source))
                for each in self.permissions
            ),
        )

    def removed(self, who: str) -> Register:
        """Take an account out, with all permissions that name it."""
        gone = self.get(who)
        return Register(
            accounts=tuple(each for each in self.accounts if each is not gone),
            permissions=tuple(each for each in self.permissions if gone.key not in (each.by, each.source)),
        )

    def authorised(self, by: str, source: str, until: date | None = None) -> Register:
        """Let one account reuse the posts of another; an earlier permission of the two is replaced."""
        author, origin = self.get(by), self.get(source)
        if author is origin:
            raise RegisterError(f"{author.name} needs no permission to reuse its own posts. Name two accounts.")
        permission = Permission(by=author.key, source=origin.key, until=until)
        return replace(self, permissions=(*self._without(author, origin), permission))

    def revoked(self, by: str, source: str) -> Register:
        """Take a permission back.

        Raises:
            RegisterError: there is none.
        """
        author, origin = self.get(by), self.get(source)
        kept = self._without(author, origin)
        if len(kept) == len(self.permissions):
            raise RegisterError(
                f"{author.name} has no permission to reuse posts of {origin.name}. See: originality accounts list"
            )
        return replace(self, permissions=kept)

    def _without(self, author: Account, origin: Account) -> tuple[Permission, ...]:
        pair = (author.key, origin.key)
        return tuple(each for each in self.permissions if (each.by, each.source) != pair)


def _check_name(name: str, what: str) -> None:
    if not name.strip() or name != name.strip() or len(name) > _LONGEST or not name.isprintable():
        raise RegisterError(
            f"{what} must be 1 to {_LONGEST} printable characters without spaces around them, got {name[:80]!r}."
        )
