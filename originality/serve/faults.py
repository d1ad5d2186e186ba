"""What may be said of a failure that nobody foresaw."""

from __future__ import annotations

import traceback


def place_of(error: Exception) -> str:
    """Return the kind of a failure and its place in the code, never its message: that may quote a draft."""
    place = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} at {place.filename}, line {place.lineno} ({place.name})"
