"""Settings: typed, few, each default with its reason; read from TOML; summed up in a stamp.

What changes the content of an index (encoder, sketches, format) is in `stamp`; what only changes how a draft is judged
(thresholds, limits) is not, and may differ from run to run over one index.
"""

from __future__ import annotations

import dataclasses
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from originality import sketch
from originality.errors import SettingsError

FORMAT = 3  # raised with every change of the tables, of what cleaning yields or of how vectors are made

Language = Literal["zh", "en"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """All that can be set. `load` reads them from a TOML file, `check` explains what is out of range."""

    encoder: str = "default"
    """"default" (embedded multilingual-e5-small), "fast" (universal sentence encoder), or any sentence-transformers
    model name or folder. Fixed when an index is made."""
    language: Language = "zh"
    """Language of reasons, reports and the page: our users write Chinese."""
    min_letters: int = 6
    """Drafts with fewer letters are `undetermined`: the shortest poster lines worth protecting have 6 characters."""
    max_draft_chars: int = 20_000
    """Longer drafts are `undetermined`: Weibo itself takes no more, and a check must end within a second."""
    df_cap: int = 2_000
    """A fingerprint carried by more posts than this retrieves nothing (measured at 1,000,000 posts: p95 7 ms with the
    cap, 83 ms without, the same recall)."""
    candidates: int = 12
    """Sources aligned per draft. The right one is among the first five of a single channel in 86% of rewrites."""
    max_matches: int = 10
    """Sources in a result: more than a person reads."""
    alarm: float | None = None
    """Risk from which a draft is `imitation` or `copied`; None takes the threshold of the calibrated model."""

    def __post_init__(self) -> None:
        """Check ranges."""
        _require(1 <= self.min_letters <= 100, "min_letters must be between 1 and 100", self.min_letters)
        _require(
            100 <= self.max_draft_chars <= 1_000_000, "max_draft_chars must be 100 to 1000000", self.max_draft_chars
        )
        _require(self.df_cap >= 1, "df_cap must be at least 1", self.df_cap)
        _require(1 <= self.candidates <= 200, "candidates must be between 1 and 200", self.candidates)
        _require(1 <= self.max_matches <= 10, "max_matches must be between 1 and 10", self.max_matches)
        _require(self.alarm is None or 0 < self.alarm < 1, "alarm must lie between 0 and 1", self.alarm)
        _require(self.language in {"zh", "en"}, 'language must be "zh" or "en"', self.language)
        _require(bool(self.encoder), "encoder must name a model", self.encoder)

    @classmethod
    def load(cls, path: Path) -> Settings:
        """Read settings from a TOML file; a missing key keeps its default, an unknown one is refused."""
        try:
            values = tomllib.loads(path.read_text(encoding="utf-8"))
        except OSError as error:
            raise SettingsError(f"Cannot read the settings file {path}: {error.strerror}.") from error
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise SettingsError(f"{path} is not valid TOML: {error}. Mend the line or remove it.") from error
        return cls.of(values, origin=str(path))

    @classmethod
    def of(cls, values: Mapping[str, Any], origin: str = "settings") -> Settings:
        """Make settings from a plain mapping, refusing unknown names and wrong types."""
        known = {field.name: str(field.type) for field in dataclasses.fields(cls)}
        for name, value in values.items():
            if name not in known:
                raise SettingsError(f"{origin}: unknown setting {name!r}. Known: {', '.join(sorted(known))}.")
            wanted = {"int": int, "str": str, "Language": str}.get(known[name], (int, float, type(None)))
            if not isinstance(value, wanted) or isinstance(value, bool):
                raise SettingsError(f"{origin}: {name} must be {known[name]}, got {value!r}.")
        return cls(**values)


def stamp(encoder_name: str) -> str:
    """Return what an index was built with, as one readable string; equal stamps mean comparable content."""
    return (
        f"v{FORMAT};fp{sketch.SHINGLE}w{sketch.WINDOW};"
        f"mh{sketch.MINHASH_SHINGLE}x{sketch.NUM_PERM}-{sketch.SCHEME}-s{sketch.SEED};{encoder_name}"
    )


def _require(holds: bool, rule: str, value: object) -> None:
    if not holds:
        raise SettingsError(f"{rule}, got {value!r}.")
