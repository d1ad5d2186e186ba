"""Foreign text made harmless: what is shown is what was written, and nothing of it is obeyed.

Texts and names come from strangers. Markup in them is escaped; controls, direction marks and zero-width characters,
which could reorder a line or hide a word, become visible codes.
"""

from __future__ import annotations

import re
from typing import Any

from markupsafe import Markup, escape

_ODD = re.compile(  # the joiner inside an emoji is none of them
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u180e\u200b\u200c\u200e\u200f\u2028-\u202e\u2060-\u206f"
    "\ud800-\udfff\ufeff\ufff9-\uffff\U000e0000-\U000e0fff]|(?<![\u2600-\u27bf\ufe0f\U0001f000-\U0001faff])\u200d"
)


def visible(text: str) -> str:
    """Return a text whose invisible characters are written as codes: for files and pictures without markup."""
    return _ODD.sub(lambda found: f"[U+{ord(found[0]):04X}]", text.replace("\r\n", "\n"))


def shown(value: Any) -> Markup:
    """Return a value as HTML; markup of ours passes, everything else is escaped and its odd characters are marked."""
    if isinstance(value, Markup):
        return value
    escaped = str(escape("" if value is None else str(value).replace("\r\n", "\n")))
    marked = _ODD.sub(lambda found: f'<span class="odd">U+{ord(found[0]):04X}</span>', escaped)
    return Markup(marked)  # nosec B704: escaped two lines above


def attribute(value: str) -> Markup:
    """Return a value for an HTML attribute."""
    return escape(visible(value))


def is_link(url: str) -> bool:
    """Say whether an address may become a link: http and https only, without blanks or control characters."""
    return url.lower().startswith(("http://", "https://")) and url.isprintable() and " " not in url
