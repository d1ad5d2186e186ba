"""The access token: where it is found, and that nobody sees it.

It is looked for in ORIGINALITY_WEIBO_TOKEN_<uid>, in ORIGINALITY_WEIBO_TOKEN, and in the system's keyring (service
"originality", user name the uid or "weibo") where the package `keyring` is installed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress

from originality.live.faults import TokenFault

VARIABLE = "ORIGINALITY_WEIBO_TOKEN"
SERVICE = "originality"
_ALLOWED = re.compile(r"[0-9A-Za-z._~-]{6,512}")  # what stands in an address as it is, so that it can be found there
HIDDEN = "[token]"


class Token:
    """An access token that shows itself to nobody who prints, logs or pickles it."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        if not _ALLOWED.fullmatch(value):
            raise TokenFault(
                "The access token must be 6 to 512 letters, digits or . _ ~ -; what was given is not. Copy it anew."
            )
        self._value = value

    def __repr__(self) -> str:
        return HIDDEN

    def __reduce__(self) -> str:
        raise TypeError("a token is not written anywhere")

    def reveal(self) -> str:
        """Return the token itself, for the request and nothing else."""
        return self._value

    def redacted(self, text: str) -> str:
        """Return a text of somebody else's without the token, should it be in there."""
        return text.replace(self._value, HIDDEN)


def find_token(uid: str, environment: Mapping[str, str]) -> Token:
    """Return the token to read an account with.

    Raises:
        TokenFault: there is none, or it is malformed.
    """
    given = environment.get(f"{VARIABLE}_{uid}") or environment.get(VARIABLE) or _from_keyring(uid)
    if not given:
        raise TokenFault(
            f"The official API needs an access token and there is none. Set {VARIABLE}, or store it with: "
            f"keyring set {SERVICE} weibo"
        )
    return Token(given.strip())


def _from_keyring(uid: str) -> str:
    try:
        import keyring
        import keyring.errors
    except ImportError:  # the extra `keyring` is not installed
        return ""
    for name in (uid, "weibo"):
        with suppress(keyring.errors.KeyringError):  # no keyring is running, as under cron
            if found := keyring.get_password(SERVICE, name):
                return str(found)
    return ""
