"""Printing: any text that a post can hold, to any terminal, file or pipe.

Texts come from strangers. On a terminal their control characters would be obeyed, and some (lone surrogates) cannot be
encoded at all; both are shown as escapes. JSON stays valid JSON whatever the encoding of the output is.
"""

from __future__ import annotations

import json
import re
import sys
from typing import Any

import click

_UNSAFE = re.compile(  # controls, direction marks, zero-width characters; the joiner of emoji (200d) is none of them
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u180e\u200b\u200c\u200e\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufeff"
    "\ufff9-\ufffb\U000e0000-\U000e0fff]"
)
_SURROGATE = re.compile(r"[\ud800-\udfff]")


def tolerate_any_text() -> None:
    """Let both outputs escape what their encoding lacks instead of failing in the middle of an answer."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")


def show(text: str = "") -> None:
    """Print one text for a person. Foreign text in it must have passed `printable`."""
    click.echo(text)


def complain(text: str) -> None:
    """Print one line on standard error, whatever it holds."""
    click.echo(" ".join(printable(text).split()), err=True)


def show_json(value: dict[str, Any]) -> None:
    """Print one object on one line."""
    plain = (getattr(sys.stdout, "encoding", None) or "utf-8").lower().replace("-", "") != "utf8"
    line = json.dumps(value, ensure_ascii=plain)
    click.echo(_SURROGATE.sub(_escape, line))


def printable(text: str) -> str:
    r"""Return a text whose control characters, direction marks and lone surrogates are written as escapes.

    >>> printable("a\x1b[31mb")
    'a\\u001b[31mb'
    """
    return _UNSAFE.sub(_escape, text.replace("\r\n", "\n"))


def _escape(found: re.Match[str]) -> str:
    return f"\\u{ord(found[0]):04x}" if found[0] < "\U00010000" else f"\\U{ord(found[0]):08x}"
