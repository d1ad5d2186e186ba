"""Drafts of one line, 6 to 20 letters: poster lines and slogans, in which whole-post methods see nothing.

`compare` finds the short lines of the corpus that are like a draft and weighs each; `add` puts what was found into the
result of the usual check. See docs/decisions/0016-short-texts.md.
"""

from originality.short.comparing import Compared, compare
from originality.short.lines import LONGEST, SHORTEST, extract
from originality.short.result import add

__all__ = ["LONGEST", "SHORTEST", "Compared", "add", "compare", "extract"]
