"""Copies in disguise: 谐音, 形近, 拆字, pinyin, initials, numbers in words, and what was strewn between the letters.

What has one meaning only (full-width, traditional, invisible, emoji) is folded by `clean`, on both sides. The rest is
ambiguous, and is read here with the help of a source: `unmask` reads a draft as a candidate suggests, wherever plain
words carry it, and `name_disguises` says what was done to the words of a copy. See docs/decisions/0012-disguise.md.
"""

from originality.disguise.naming import name_disguises
from originality.disguise.suspicion import is_suspicious
from originality.disguise.unmask import Change, unmask

__all__ = ["Change", "is_suspicious", "name_disguises", "unmask"]
