"""What the page says, in the reader's language; the sentences are in `app.toml`."""

import tomllib
from pathlib import Path

import streamlit as st

from originality.settings import Language

WORDS: dict[str, dict[str, str]] = tomllib.loads(Path(__file__).parent.with_name("app.toml").read_text("utf-8"))


def language() -> Language:
    """Return the reader's language."""
    return "en" if st.session_state.get("language") == "en" else "zh"


def word(key: str, **values: object) -> str:
    """Return a phrase in the reader's language."""
    return WORDS[language()][key].format(**values)
