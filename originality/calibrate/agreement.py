"""What editors' decisions say of the thresholds: an accepted alarm was true, one that was set aside was false.

Decisions are about drafts that raised an alarm, so they tell nothing of what stayed below. What they tell is how the
risks of false alarms fall off above the lowest alarm decided on: the curve in force says that of those a certain share
reaches the threshold. Where the counted share says another rate than the curve, and by more than chance explains (the
intervals of both do not meet), the threshold is proposed at which the false alarms that were seen have the rate.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from originality.calibration import InForce, rate_interval
from originality.decisions import Decision
from originality.models import ALARMS

FEWEST_OF_A_KIND = 20  # accepted, and set aside: with fewer a share means nothing
_ABOVE = 1e-4  # the risk that is not reached by the draft that would be one too many; figures have four places
_ROUNDING = 1e-9  # of figures that went through logarithms


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """The decisions about one brand's drafts, or about all, beside the threshold that holds for them."""

    brand: str
    """"" for all decisions."""
    choices: Counter[str]
    """How many drafts were accepted, overridden, asked about; the last word on each draft counts."""
    other_judge: int
    """Decisions about risks of another judge or index: they cannot be compared."""
    holds: InForce
    false_alarms: int | None = None
    """Overridden drafts that would be an alarm now; None where too few were decided."""
    missed: int | None = None
    """Accepted drafts that would be none."""
    per_100: float | None = None
    """The rate of false alarms that the decisions say."""
    interval: tuple[float, float] | None = None
    is_off: bool = False
    """The decisions say another rate than the threshold has, by more than chance explains."""
    proposed: float | None = None
    """Threshold that would have the rate that was asked for; None where the one in force may have it."""


def agreements(decisions: Iterable[Decision], in_force: Callable[[str], InForce], stamp: str) -> list[Agreement]:
    """Return what the decisions say: of all drafts first, then of each brand, the one with most decisions first.

    Args:
        decisions: oldest first.
        in_force: gives the thresholds that hold for an account.
        stamp: of the index.
    """
    said = _last_words(decisions)
    by_brand: defaultdict[str, list[Decision]] = defaultdict(list)
    for decision in said:
        by_brand[decision.account].append(decision)
    order = sorted((brand for brand in by_brand if brand), key=lambda brand: (-len(by_brand[brand]), brand))
    parts = [("", said), *((brand, by_brand[brand]) for brand in order)]
    return [_agreement(brand, part, in_force(brand), stamp) for brand, part in parts]


def _last_words(decisions: Iterable[Decision]) -> list[Decision]:
    """Return the last decision about each draft; asking a colleague takes nothing back, and only alarms count."""
    last: dict[tuple[str, str], Decision] = {}
    for decision in decisions:
        key = decision.account, decision.draft_sha256 or decision.check
        if decision.verdict in ALARMS and (decision.choice != "ask" or key not in last):
            last[key] = decision
    return list(last.values())


def _agreement(brand: str, said: Sequence[Decision], holds: InForce, stamp: str) -> Agreement:
    known = [each for each in said if each.stamp == stamp and each.model == holds.model.version]
    false = sorted(each.risk for each in known if each.choice == "override")
    true = [each.risk for each in known if each.choice == "accept"]
    counts = Counter(each.choice for each in known)
    plain = Agreement(brand=brand, choices=Counter(counts), other_judge=len(said) - len(known), holds=holds)
    if min(len(false), len(true)) < FEWEST_OF_A_KIND:
        return plain
    return _weighed(plain, false, true)


def _weighed(plain: Agreement, false: Sequence[float], true: Sequence[float]) -> Agreement:
    """Return an agreement with its figures; `false` holds the risks of the false alarms, lowest first."""
    holds = plain.holds
    line = holds.model.alarm
    reached = sum(risk >= line for risk in false)
    anchor = holds.model.rate("copied", min(false[0], *true))  # so many clean drafts reach the lowest alarm decided on
    low, high = (anchor * each / 100 for each in rate_interval(reached, len(false)))
    expected = holds.interval or (holds.per_100, holds.per_100)
    is_off = low > expected[1] * (1 + _ROUNDING) or high < expected[0] * (1 - _ROUNDING)
    return Agreement(
        brand=plain.brand,
        choices=plain.choices,
        other_judge=plain.other_judge,
        holds=holds,
        false_alarms=reached,
        missed=sum(risk < line for risk in true),
        per_100=anchor * reached / len(false),
        interval=(low, high),
        is_off=is_off,
        proposed=_line_of(false, holds.per_100 / anchor) if is_off and holds.per_100 < anchor else None,
    )


def _line_of(false: Sequence[float], share: float) -> float:
    """Return the lowest risk that at most a share of the false alarms reaches."""
    ordered = sorted(false, reverse=True)
    return min(0.9999, round(ordered[min(int(share * len(ordered)), len(ordered) - 1)] + _ABOVE, 4))
