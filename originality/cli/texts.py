"""What the command line says, in Chinese and in English; the sentences are in `phrases` and `answers`.

The language is that of `--lang`, else of the environment variable ORIGINALITY_LANG ("en", "en_US.UTF-8", …), else
Chinese: our users write Chinese. The library's own error messages are English sentences.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from originality.cli.answers import ANSWERING
from originality.cli.phrases import ASKING

if TYPE_CHECKING:
    from originality.settings import Language

VARIABLE = "ORIGINALITY_LANG"
PHRASES = {**ASKING, **ANSWERING}
_current: Language = "zh"


def use(language: Language) -> None:
    """Speak this language from here on."""
    global _current
    _current = language


def language() -> Language:
    """Return the language that is spoken."""
    return _current


def language_of(name: str) -> Language:
    """Return the language that a name such as "en_US.UTF-8" means; what is not English is Chinese."""
    return "en" if name.strip().lower().startswith("en") else "zh"


def from_environment() -> Language:
    """Return the language that the environment asks for."""
    return language_of(os.environ.get(VARIABLE, ""))


def known(key: str) -> bool:
    """Say whether there is a phrase of that name."""
    return key in PHRASES


def say(key: str, **values: Any) -> str:
    """Return a phrase with its blanks filled in."""
    return PHRASES[key][0 if _current == "zh" else 1].format(**values)


def say_reason(reason: str) -> str:
    """Return why an item was dropped, in the user's language where we have the words for it."""
    key = f"reason.{reason}"
    return say(key) if known(key) else reason
