"""What the tests of the gate share: an index with an own, tiny encoder, and policies as TOML."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from originality import Checker, Policy, Settings
from tests.corpus import indexed
from tests.fakes import FakeEncoder


@contextmanager
def gatekeeper(folder: Path, language: str = "zh") -> Iterator[Checker]:
    """Give a checker over the small corpus."""
    encoder = FakeEncoder()
    with indexed(folder, encoder=encoder) as index:
        yield Checker(index, encoder, Settings(language=language))  # type: ignore[arg-type]


def policy(folder: Path, text: str) -> Policy:
    """Write a policy file and read it."""
    return Policy.load(policy_file(folder, text))


def policy_file(folder: Path, text: str) -> Path:
    """Write a policy file."""
    path = folder / "policy.toml"
    path.write_text(textwrap.dedent(text), encoding="utf-8")
    return path
