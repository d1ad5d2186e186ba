"""What a check of an index found, as data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

CheckName = Literal[
    "format",  # the file is of the format that this version writes
    "integrity",  # SQLite's own check of the file
    "posts",  # the remembered number of posts is right
    "vectors",  # the remembered number of vectors is right
    "fingerprints",  # all fingerprints of all posts can be searched
    "parts",  # every text has its post and its vector
    "words",  # the counts of words are those of the posts
    "strays",  # nothing is left of posts that are gone
    "texts",  # what was derived from the texts still fits them
    "leftovers",  # no files of killed runs
    "caches",  # the FAISS files hold what the store holds
    "events",  # the findings of reports, where there are any, can be read
    "register",  # the register of accounts, where there is one, can be read
    "calibration",  # where there is one, it can be read and fits the judge and the index
    "encoder",  # the encoder is there, and the one that the index was built with
    "disk",  # room for the next run
    # of mending
    "rebuilt",  # the index was made anew, from what
    "lost",  # what could not be brought over, and where it still is
    "kept_out",  # whether the list of posts that must not come back is known
]
State = Literal["ok", "mended", "bad"]

OF_THE_STORE: frozenset[CheckName] = frozenset(
    {"format", "integrity", "posts", "vectors", "fingerprints", "parts", "words", "strays", "texts"}
)
"""What only a new store mends."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What one check found."""

    check: CheckName
    state: State
    values: Mapping[str, Any] = field(default_factory=dict)
    """The figures and names that belong into the sentence about it."""


def bad(check: CheckName, **values: Any) -> Finding:
    """Return a finding that something is wrong."""
    return Finding(check=check, state="bad", values=values)
