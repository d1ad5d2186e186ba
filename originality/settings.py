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
from urllib.parse import urlsplit

from originality import sketch
from originality.errors import SettingsError

FORMAT = 2  # raised with every change of the tables, of what cleaning yields or of how vectors are made

LEAST_PER_100, MOST_PER_100 = 0.25, 20.0  # rates of false alarms that a threshold can be named by

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
    """Of a longer draft only the first part is checked, with a caveat: Weibo takes no more, and a check must end in
    bounded time."""
    df_cap: int = 2_000
    """A fingerprint carried by more posts than this retrieves nothing (measured at 1,000,000 posts: p95 7 ms with the
    cap, 83 ms without, the same recall)."""
    candidates: int = 12
    """Sources aligned per draft. The right one is among the first five of a single channel in 86% of rewrites."""
    max_matches: int = 10
    """Sources in a result: more than a person reads."""
    alarm: float | None = None
    """Risk from which a draft is `imitation` or `copied`; None takes the threshold in force: that of the index's
    calibration, else the one that ships with the judge."""
    alarms_per_100: float | None = None
    """The same, said as how many of 100 clean drafts may reach it, 0.25 to 20: what an editor can weigh."""
    reviews_per_100: float | None = None
    """How many of 100 clean drafts may be `review` or worse by their wording; None takes the threshold in force."""
    templates_per_100: float | None = None
    """The same for the template lane."""

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
        for name in ("alarms_per_100", "reviews_per_100", "templates_per_100"):
            rate, rule = getattr(self, name), f"{name} must be {LEAST_PER_100:g} to {MOST_PER_100:g}"
            _require(rate is None or LEAST_PER_100 <= rate <= MOST_PER_100, rule, rate)
        both = self.alarm is not None and self.alarms_per_100 is not None
        _require(not both, "alarm and alarms_per_100 say the same: set one of them", self.alarm)
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


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveSettings:
    """How `originality collect --live` behaves towards Weibo: bounds of good conduct, and of patience."""

    api_url: str = "https://api.weibo.com"
    """Open API for one's own account. The addresses can be those of a company's own gateway."""
    business_url: str = "https://c.api.weibo.com"
    """Commercial API, for the accounts of others."""
    web_url: str = "https://m.weibo.cn"
    public_web: bool = False
    """Reading public pages is off unless somebody who has read docs/live.md has turned it on."""
    history_days: int = 365
    """How far back an account is read when it is new: campaigns return each year, older posts rarely matter."""
    web_pause: float = 15.0
    """Seconds between two requests to the public web, with up to a third more by chance: what careful people use."""
    web_daily: int = 60
    """Requests to the public web per account and day: some 500 posts, more than a brand writes in a month."""
    own_daily: int = 100
    """Calls per day that Weibo grants one user of the free API."""
    retries: int = 4
    """Attempts after the first one when a server fails; with the back-off below they span about half a minute."""
    backoff: float = 2.0
    """Seconds before the first new attempt; doubled each time, spread by chance so that clients do not march."""
    longest_wait: float = 120.0
    """A server that asks for more patience than this is asked again by the next run."""
    connect_timeout: float = 10.0
    read_timeout: float = 30.0
    total_timeout: float = 90.0
    """Seconds for one reply from first to last byte: a server that drips would hold up a nightly run for ever."""
    most_bytes: int = 16 * 2**20
    """Largest reply read. A page of 100 posts with all its fields has about 1 MB."""

    def __post_init__(self) -> None:
        """Check ranges, and that no token can travel in the clear."""
        for name in ("web_pause", "backoff", "longest_wait"):
            _require(getattr(self, name) >= 0, f"{name} must not be negative", getattr(self, name))
        for name in ("history_days", "web_daily", "own_daily", "most_bytes", "read_timeout", "total_timeout"):
            _require(getattr(self, name) > 0, f"{name} must be positive", getattr(self, name))
        for name in ("api_url", "business_url", "web_url"):
            url = getattr(self, name)
            _require(_is_safe(url), f"{name} must be an https address (http only on this machine)", url)

    @classmethod
    def from_environment(cls, variables: Mapping[str, str]) -> LiveSettings:
        """Return the settings that ORIGINALITY_PUBLIC_WEB, _API_URL, _BUSINESS_URL and _WEB_URL ask for."""
        urls = {
            name: variables.get(f"ORIGINALITY_{name.upper()}", "") for name in ("api_url", "business_url", "web_url")
        }
        given: dict[str, Any] = {name: url for name, url in urls.items() if url}
        return cls(public_web=variables.get("ORIGINALITY_PUBLIC_WEB") == "1", **given)


def _is_safe(url: str) -> bool:
    parts = urlsplit(url)
    secure = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in {"127.0.0.1", "localhost", "::1"})
    return secure and bool(parts.hostname) and not parts.query and not parts.username


def stamp(encoder_name: str) -> str:
    """Return what an index was built with, as one readable string; equal stamps mean comparable content."""
    return (
        f"v{FORMAT};fp{sketch.SHINGLE}w{sketch.WINDOW};"
        f"mh{sketch.MINHASH_SHINGLE}x{sketch.NUM_PERM}-{sketch.SCHEME}-s{sketch.SEED};{encoder_name}"
    )


def _require(holds: bool, rule: str, value: object) -> None:
    if not holds:
        raise SettingsError(f"{rule}, got {value!r}.")
