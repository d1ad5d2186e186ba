"""Why items of files were dropped, in the reader's language."""

from originality.cli.texts import PHRASES
from page.words import language


def reason_name(reason: str) -> str:
    """Return why an item was dropped, in the reader's language."""
    said = PHRASES.get(f"reason.{reason}")
    return said[0 if language() == "zh" else 1] if said else reason
