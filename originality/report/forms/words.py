"""The words of the report's files, Chinese and English; the sentences are in the modules of that name."""

from __future__ import annotations

from originality.report.forms.words_method import METHOD
from originality.report.forms.words_page import PAGE
from originality.report.forms.words_table import TABLES
from originality.settings import Language

PHRASES = {**PAGE, **TABLES, **METHOD}


class Words:
    """The words of one language: `words("key", count=3)`."""

    def __init__(self, language: Language) -> None:
        self.language: Language = language
        self._place = 0 if language == "zh" else 1

    def __call__(self, key: str, **values: object) -> str:
        """Return a phrase with its blanks filled in."""
        return PHRASES[key][self._place].format(**values)

    def join(self, names: tuple[str, ...] | list[str]) -> str:
        """Return names as a list in a sentence."""
        return ("、" if self.language == "zh" else ", ").join(names)
