"""Decisions beside the thresholds: which count, what the threshold would have done, and when another is proposed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from originality.calibrate import FEWEST_OF_A_KIND, agreements
from originality.calibration import InForce
from originality.decisions import Decision
from originality.score.model import parse_model
from tests.calibrated import content, scale

MODEL = parse_model(content())
START = datetime(2026, 11, 25, 9, tzinfo=UTC)
HOLDS = InForce(model=MODEL, per_100=2.0, scale=scale())


def said(number: int, choice: str, risk: float, **more: Any) -> Decision:
    fields = {
        "check": f"c{number}", "choice": choice, "who": "小满", "at": START + timedelta(minutes=number), "risk": risk,
        "reason": "我们先发的", "colleague": "老周", "account": "汀步茶室", "verdict": "copied", "stamp": "v2;fake",
        "draft_sha256": f"{number:064x}", "model": MODEL.version,
    }  # fmt: skip
    return Decision(**{**fields, **more})


def many(choice: str, risks: list[float], first: int = 0, **more: Any) -> list[Decision]:
    return [said(first + number, choice, risk, **more) for number, risk in enumerate(risks)]


def agreed(decisions: list[Decision], holds: InForce = HOLDS):
    return agreements(decisions, lambda account: holds, "v2;fake")


def test_the_threshold_is_held_against_both_kinds():
    false = [0.71, 0.72, *[0.6] * 20]
    true = [0.5, 0.69, *[0.9] * 18]
    everything, brand = agreed([*many("override", false), *many("accept", true, 100)])
    assert (everything.brand, brand.brand) == ("", "汀步茶室")
    for each in (everything, brand):
        assert (each.choices["override"], each.choices["accept"]) == (22, 20)
        assert (each.false_alarms, each.missed) == (2, 2)


def test_with_too_few_of_a_kind_nothing_is_said():
    few = FEWEST_OF_A_KIND - 1
    (everything, _) = agreed([*many("override", [0.9] * few), *many("accept", [0.9] * 50, 100)])
    assert (everything.choices["override"], everything.false_alarms, everything.proposed) == (few, None, None)


def test_each_brand_is_counted_for_itself():
    decisions = [
        *many("override", [0.9] * 20), *many("accept", [0.9] * 20, 100),
        *many("accept", [0.9], 200, account="麦岸烘焙"),
        *many("accept", [0.9], 300, account=""),
    ]  # fmt: skip
    found = {each.brand: each.choices["accept"] for each in agreed(decisions)}
    assert found == {"": 22, "汀步茶室": 20, "麦岸烘焙": 1}


def test_the_last_word_on_a_draft_counts_and_asking_takes_nothing_back():
    decisions = [said(1, "override", 0.9), said(1, "accept", 0.9), said(1, "ask", 0.9), said(2, "ask", 0.8)]
    (everything, _) = agreed(decisions)
    assert dict(everything.choices) == {"accept": 1, "ask": 1}


def test_what_was_no_alarm_does_not_count():
    assert agreed([said(1, "accept", 0.1, verdict="review")])[0].choices.total() == 0


@pytest.mark.parametrize("changes", [{"model": "1-old"}, {"model": ""}, {"stamp": "v1;other"}])
def test_risks_of_another_judge_are_not_compared(changes):
    (everything, _) = agreed([said(1, "accept", 0.9), said(2, "accept", 0.9, **changes)])
    assert (everything.choices["accept"], everything.other_judge) == (1, 1)


def test_decisions_that_agree_propose_nothing():
    # At .4 six of 100 clean drafts are reached, at the threshold two: a third of the false alarms stays.
    false = [*[0.8] * 20, *[0.45] * 39, 0.4]
    (everything, _) = agreed([*many("override", false), *many("accept", [0.9] * 20, 100)])
    assert everything.per_100 == pytest.approx(2.0)
    assert (everything.is_off, everything.proposed) == (False, None)


def test_decisions_that_differ_beyond_chance_propose_a_threshold():
    false = [0.4, *[0.7 + 0.002 * n for n in range(99)]]  # nearly all of them above it
    (everything, _) = agreed([*many("override", false), *many("accept", [0.95] * 20, 500)])
    assert everything.is_off
    assert everything.per_100 == pytest.approx(6 * 0.99)
    assert everything.interval
    assert HOLDS.interval
    assert everything.interval[0] > HOLDS.interval[1]
    assert sum(risk >= everything.proposed for risk in false) == 33, "two of the six"


def test_with_a_few_decisions_the_same_shares_may_be_chance():
    false = [0.4, *[0.6] * 10, *[0.8] * 12]
    (everything, _) = agreed([*many("override", false), *many("accept", [0.95] * 20, 500)])
    assert (everything.is_off, everything.proposed) == (False, None)


def test_no_threshold_is_proposed_where_no_alarm_was_decided_on():
    holds = InForce(model=MODEL, per_100=2.0)
    false = [*[0.7] * 2, *[0.9] * 60]  # none below the threshold: the rate at the lowest is the rate in force
    (everything, _) = agreed([*many("override", false), *many("accept", [0.95] * 20, 500)], holds)
    assert everything.proposed is None
