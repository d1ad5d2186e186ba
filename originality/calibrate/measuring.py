"""The whole order of a calibration: draw posts, read them, count, and the same for each brand that was named."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from originality.accounts import load_register
from originality.calibrate.counting import (
    FEWEST_ACCOUNTS,
    FEWEST_POSTS,
    counted,
    left_out,
    rarest,
    scale_of,
    without_repeats,
)
from originality.calibrate.reading import Reader, Reading, Why, read_in
from originality.calibrate.sampling import drawn_rows
from originality.calibration import Calibration, Scale
from originality.checker import Checker
from originality.errors import CalibrationError
from originality.index import LocalIndex
from originality.score.model import ALARMS_PER_100, REVIEWS_PER_100, TEMPLATES_PER_100
from originality.settings import LEAST_PER_100, MOST_PER_100
from originality.workers import in_order

REVIEWS_PER_ALARM = 3.0  # drafts worth a look for each that is an alarm: the shipped thresholds have 6 and 2
SAMPLE = 400
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What is asked for."""

    alarms_per_100: float = ALARMS_PER_100
    """How many of 100 clean drafts may be an alarm, 0.25 to 20."""
    own: tuple[str, ...] = ()
    """Own accounts, by name or number: posts of one owner accuse none of the others, and each gets its own scale."""
    sample: int = SAMPLE
    """Posts drawn of all accounts, and of each own account."""
    seed: int = 0

    def __post_init__(self) -> None:
        """Check ranges."""
        if not LEAST_PER_100 <= self.alarms_per_100 <= MOST_PER_100:
            raise CalibrationError(
                f"The rate must be {LEAST_PER_100:g} to {MOST_PER_100:g} per 100, got {self.alarms_per_100:g}."
            )
        if self.sample < 1:
            raise CalibrationError(f"The sample must be at least 1, got {self.sample}.")

    @property
    def reviews_per_100(self) -> float:
        """How many of 100 clean drafts may be worth a look."""
        return min(MOST_PER_100, max(REVIEWS_PER_100, REVIEWS_PER_ALARM * self.alarms_per_100))


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What was found out about all accounts, or about one brand."""

    brand: str
    """"" for all accounts."""
    drawn: int
    left_out: Mapping[Why, int]
    posts: int
    """Posts that count."""
    accounts: int
    needed: int
    """Posts that would have to count for the rate that was asked for."""
    scale: Scale | None
    """None where too few posts count, or of too few accounts."""
    shipped: int
    """Posts that reach the alarm threshold as shipped."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What came of it."""

    calibration: Calibration | None
    """None where all accounts together are too few, so that the shipped thresholds stay."""
    general: Part
    brands: tuple[Part, ...]


def calibrate(
    checker: Checker, wish: Wish, *, processes: int = 1, progress: Progress = lambda done, total: None
) -> Measured:
    """Measure which thresholds give the rates that are asked for; store nothing.

    Args:
        checker: over the index; its settings' limits count, its thresholds do not.
        wish: what is asked for.
        processes: how many work at once.
        progress: called with the posts read and their number.

    Raises:
        CalibrationError: an own account has no post in the index.
    """
    index, register = checker.index, load_register(checker.index.folder)
    brands = {name: register.names_of(name) for name in wish.own}
    own = frozenset[str]().union(
        *brands.values(), *(account.names for account in register.accounts if account.role == "own")
    )
    rows = {"": drawn_rows(index, wish.sample, wish.seed)}
    for name, names in brands.items():
        rows[name] = drawn_rows(index, wish.sample, wish.seed, names)
        if not rows[name]:
            raise CalibrationError(f"No post of {name!r} is in the index. See its accounts: originality stats")
    read = _read(checker, sorted({row for each in rows.values() for row in each}), own, processes, progress)
    line = checker.shipped.alarm
    parts = {name: _part(name, [read[row] for row in each], wish, line) for name, each in rows.items()}
    general, others = parts.pop(""), tuple(parts.values())
    return Measured(calibration=_calibration(checker, wish, general, others), general=general, brands=others)


def _read(
    checker: Checker, rows: list[int], own: frozenset[str], processes: int, progress: Progress
) -> dict[int, Reading]:
    index: LocalIndex = checker.index
    reader = Reader(index, checker.settings, own, lambda: checker.encoder)
    recipe = read_in, (str(index.folder.absolute()), checker.settings, own)
    found = {}
    for row, reading in zip(rows, in_order(rows, reader.read, recipe, processes), strict=True):
        found[row] = reading
        progress(len(found), len(rows))
    return found


def _part(brand: str, drawn: list[Reading], wish: Wish, line: float) -> Part:
    readings = without_repeats(drawn)
    clean = counted(readings)
    accounts = len({reading.account for reading in clean})
    needed = max(FEWEST_POSTS, -int(-rarest(1) // wish.alarms_per_100))
    enough = len(clean) >= needed and (bool(brand) or accounts >= FEWEST_ACCOUNTS)
    asked = {wish.alarms_per_100, wish.reviews_per_100}
    return Part(
        brand=brand,
        drawn=len(readings),
        left_out=Counter(left_out(readings)),
        posts=len(clean),
        accounts=accounts,
        needed=needed,
        scale=scale_of(readings, asked, {TEMPLATES_PER_100}) if enough else None,
        shipped=sum(reading.risk >= line for reading in clean),
    )


def _calibration(checker: Checker, wish: Wish, general: Part, brands: tuple[Part, ...]) -> Calibration | None:
    if general.scale is None:
        return None
    info, store = checker.index.info(), checker.index.store
    return Calibration(
        model=checker.shipped.version,
        encoder=checker.encoder.name,
        stamp=info.stamp,
        corpus=f"{store.meta('id')}.{store.change}",
        corpus_posts=info.posts,
        made_at=datetime.now(UTC).replace(microsecond=0),
        seed=wish.seed,
        sample=wish.sample,
        alarms_per_100=wish.alarms_per_100,
        reviews_per_100=wish.reviews_per_100,
        templates_per_100=TEMPLATES_PER_100,
        general=general.scale,
        brands={part.brand: part.scale for part in brands if part.scale},
    )
