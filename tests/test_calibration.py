"""Thresholds by rate: the model's curve, the record of a calibration, and which thresholds hold."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from originality import Draft, Policy, Settings
from originality.calibration import FILE, CalibrationFile, fault_text, line_text, load_calibration, rate_interval
from originality.calibration.binomial import tail_ranks
from originality.calibration.records import calibration_of
from originality.errors import CalibrationError, ModelError, SettingsError
from originality.gate import Rule, Threshold
from originality.score.model import RATES, parse_model
from tests.calibrated import COPIED, calibration, checker_over, content, put, scale
from tests.corpus import SOURCE
from tests.fakes import full_disk

MODEL = parse_model(content())
SCALE = calibration().to_dict()["general"]


# -- the curve of the model --------------------------------------------------------------------------------------------


def test_the_curve_goes_through_its_points_and_between_them():
    assert [MODEL.threshold("copied", rate) for rate in RATES] == COPIED
    assert MODEL.threshold("copied", 2.5) == pytest.approx(0.7 + (0.65 - 0.7) * 0.5503, abs=1e-4)  # ln 1.25 / ln 1.5
    assert MODEL.threshold("template", 5) == MODEL.template_review


@given(low=st.floats(0.25, 20), high=st.floats(0.25, 20))
def test_a_higher_rate_never_takes_a_higher_risk(low, high):
    low, high = sorted((low, high))
    for head in ("copied", "template"):
        assert MODEL.threshold(head, low) >= MODEL.threshold(head, high)


@given(rate=st.floats(0.25, 20))
def test_the_rate_of_a_threshold_is_the_rate_asked_for(rate):
    assert MODEL.rate("copied", MODEL.threshold("copied", rate)) == pytest.approx(rate, rel=1e-6)


def test_beyond_the_curve_the_last_point_counts():
    assert (MODEL.rate("copied", 0.999), MODEL.rate("copied", 0.001)) == pytest.approx((0.25, 20))


@pytest.mark.parametrize("rate", [0.0, 0.2, 21.0, -1.0, float("nan")])
def test_a_rate_out_of_range_is_refused(rate):
    with pytest.raises(ModelError, match=r"0.25 to 20 per 100"):
        MODEL.threshold("copied", rate)


def test_a_model_without_a_curve_knows_its_three_thresholds_only():
    plain = parse_model({name: value for name, value in content().items() if name != "curve"})
    assert (plain.threshold("copied", 2), plain.threshold("copied", 6), plain.threshold("template", 5)) == (
        0.7, 0.4, 0.08,
    )  # fmt: skip
    with pytest.raises(ModelError, match="knows the risk of 2 or 6 per 100 for copied only, got 3"):
        plain.threshold("copied", 3)


@pytest.mark.parametrize(
    ("curve", "said"),
    [
        ({"per_100": list(RATES), "copied": COPIED}, "must hold per_100, copied and template"),
        ({"per_100": list(RATES), "copied": COPIED[::-1], "template": COPIED}, "risks must not"),
        ({"per_100": list(RATES), "copied": [0.9] * 13, "template": COPIED}, "must go through 0.7 at 2"),
        ({"per_100": list(RATES), "copied": [1.5, *COPIED[1:]], "template": COPIED}, "a point needs a rate"),
        ({"per_100": list(RATES), "copied": ["0.9", *COPIED[1:]], "template": COPIED}, "a point needs a rate"),
        ({"per_100": RATES[1:], "copied": COPIED[1:], "template": [*[0.3] * 6, *[0.08] * 6]}, "must reach from 0.25"),
    ],
)
def test_a_curve_that_is_none_is_refused(curve, said):
    with pytest.raises(ModelError, match=said):
        parse_model(content(curve=curve))


# -- intervals ---------------------------------------------------------------------------------------------------------


def test_intervals_are_those_of_clopper_and_pearson():
    assert rate_interval(0, 100) == pytest.approx((0.0, 3.6217), abs=1e-3)  # 1 - 0.025 ** (1 / 100)
    assert rate_interval(100, 100) == pytest.approx((96.3783, 100.0), abs=1e-3)
    low, high = rate_interval(10, 100)
    assert (low, high) == pytest.approx((4.9005, 17.6223), abs=1e-3)  # R: binom.test(10, 100)


def test_the_ranks_hold_all_but_a_twentieth():
    assert tail_ranks(10, 100) == (5, 16)  # R: qbinom(c(.025, .975), 100, .1)


# -- the record --------------------------------------------------------------------------------------------------------


def test_a_calibration_comes_back_as_it_was(tmp_path):
    written = calibration(brands={"汀步茶室": scale()})
    file = CalibrationFile(tmp_path)
    assert file.read() is None
    file.write(written)
    assert CalibrationFile(tmp_path).read() == written
    assert file.remove()
    assert not file.remove()


HOSTILE: dict[str, bytes] = {
    "nothing": b"",
    "no JSON": b"{",
    "no UTF-8": b"\xff\xfe{}",
    "deep": b"[" * 100_000,
    "a list": b"[]",
    "huge number": b'{"version": 1' + b"0" * 5_000 + b"}",
    "too large": b" " * (4 * 2**20 + 1),
    "code": b"__import__('os').system('touch owned')",
    "another version": b'{"version": 2}',
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_file_that_is_none_is_told_in_one_line(tmp_path, kind):
    path = tmp_path / FILE
    path.write_bytes(HOSTILE[kind])
    with pytest.raises(CalibrationError) as error:
        load_calibration(path)
    assert "\n" not in str(error.value)
    assert len(str(error.value)) < 400
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    "changes",
    [
        {"model": 7},
        {"model": "x" * 1_000},
        {"made_at": "soon"},
        {"made_at": "2026-11-28T10:00:00"},
        {"sample": -1},
        {"sample": True},
        {"alarms_per_100": float("inf")},
        {"alarms_per_100": float("nan")},
        {"alarms_per_100": 3.0},  # no point there
        {"more": 1},
        {"general": []},
        {"general": {**SCALE, "copied": []}},
        {"general": {**SCALE, "copied": [[1.0, 0.9]]}},
        {"general": {**SCALE, "copied": [[1.0, 0.9, 0.95, 0.99]]}},
        {"general": {**SCALE, "copied": SCALE["copied"][::-1]}},
        {"general": {**SCALE, "posts": "many\x1b[31m"}},
        {"brands": {"x": {}}},
        {"brands": {"长" * 201: SCALE}},
    ],
)
def test_plain_values_that_say_none_are_refused(tmp_path, changes):
    path = tmp_path / FILE
    path.write_text(json.dumps({**calibration().to_dict(), **changes}), "utf-8")
    with pytest.raises(CalibrationError) as error:
        load_calibration(path)
    assert str(error.value).isprintable()


@given(st.recursive(st.none() | st.booleans() | st.floats() | st.text(), lambda each: st.lists(each, max_size=3)
                    | st.dictionaries(st.sampled_from(["version", "model", "general", "brands"]), each)))  # fmt: skip
def test_no_values_break_the_reader(values):
    with pytest.raises(CalibrationError):
        calibration_of(values)


def test_a_full_disk_leaves_the_old_calibration(tmp_path):
    file = CalibrationFile(tmp_path)
    file.write(calibration())
    with full_disk(100), pytest.raises(CalibrationError, match="Cannot write"):
        file.write(calibration(seed=5))
    assert CalibrationFile(tmp_path).read() == calibration()


# -- what holds --------------------------------------------------------------------------------------------------------


def test_without_a_calibration_the_shipped_thresholds_hold(tmp_path):
    with checker_over(tmp_path) as checker:
        holds = checker.in_force()
        assert (holds.model, holds.per_100, holds.scale, holds.fault) == (checker.shipped, 2.0, None, "")
        assert "出厂测定" in line_text(holds, "zh")
        assert fault_text(holds, "zh") == ""


def test_a_calibration_holds_from_the_moment_it_is_there(tmp_path):
    with checker_over(tmp_path) as checker:
        put(checker)
        holds = checker.in_force()
        assert (holds.model.alarm, holds.model.review, holds.model.template_review) == (0.9, 0.5, 0.2)
        assert (holds.per_100, holds.fault) == (1.0, "")
        assert holds.interval == pytest.approx(rate_interval(3, 300))
        assert "300 条帖子测定" in line_text(holds, "zh")
        assert "95% interval 0.21 to 2.9" in line_text(holds, "en")
        CalibrationFile(checker.index.folder).remove()
        assert checker.in_force().model == checker.shipped


def test_verdicts_follow_it(tmp_path):
    part = SOURCE[: len(SOURCE) // 2]
    with checker_over(tmp_path) as checker:
        risk = checker.check(part).risk
        lower, higher = max(0.02, risk - 0.01), min(0.999, risk + 0.005)
        assert 0.05 < risk < 0.995, "the draft of this test must lie between"
        put(checker, general=scale(lower, *[0.01] * 5))
        assert checker.check(part).is_alarm
        put(checker, general=scale(higher, *[0.01] * 5), seed=1)
        assert not checker.check(part).is_alarm


def test_a_brand_may_have_its_own(tmp_path):
    with checker_over(tmp_path) as checker:
        put(checker, brands={"汀步茶室": scale(0.8, 0.7, 0.6, 0.5, 0.3, 0.1)})
        assert checker.in_force("汀步茶室").model.alarm == 0.8
        assert checker.in_force("汀步茶室").brand == "汀步茶室"
        assert checker.in_force("麦岸烘焙").model.alarm == checker.in_force().model.alarm == 0.9


@pytest.mark.parametrize(
    ("changes", "fault", "told"),
    [({"model": "1-other"}, "model", "另一个版本"), ({"stamp": "v1;other"}, "stamp", "另一种编码器")],
)
def test_of_another_judge_or_index_it_does_not_hold(tmp_path, changes, fault, told):
    with checker_over(tmp_path) as checker:
        put(checker, **changes)
        holds = checker.in_force()
        assert (holds.fault, holds.model, holds.scale) == (fault, checker.shipped, None)
        assert told in fault_text(holds, "zh")
        assert "\n" not in fault_text(holds, "en")


def test_a_damaged_one_is_told_and_checks_go_on(tmp_path):
    with checker_over(tmp_path) as checker:
        (checker.index.folder / FILE).write_bytes(b"{")
        assert checker.in_force().fault == "damaged"
        assert checker.in_force().model == checker.shipped
        assert checker.check(SOURCE, account="别人").is_alarm
        path = checker.index.folder / FILE
        path.unlink()
        path.mkdir()
        assert checker.in_force().fault == "damaged"
        assert "校准文件读不了" in fault_text(checker.in_force(), "zh")


def test_the_settings_go_first(tmp_path):
    with checker_over(tmp_path) as checker:
        put(checker)
        for settings, alarm, review in (
            (Settings(alarms_per_100=10), 0.3, 0.3),  # a review is never beyond the alarm
            (Settings(alarms_per_100=2, reviews_per_100=10, templates_per_100=1), 0.8, 0.3),
            (Settings(alarm=0.95), 0.95, 0.5),
        ):
            holds = checker.in_force("", settings)
            assert (holds.model.alarm, holds.model.review) == (alarm, review)
        assert 0.25 <= holds.per_100 <= 1.0  # beyond the rarest rate that was measured the shipped curve speaks
        assert checker.in_force("", Settings(alarms_per_100=0.5)).model.alarm >= 0.8


@pytest.mark.parametrize("values", [{"alarms_per_100": 0.1}, {"reviews_per_100": 25}, {"templates_per_100": 0}])
def test_rates_of_settings_have_a_range(values):
    with pytest.raises(SettingsError, match=r"0.25 to 20"):
        Settings(**values)
    with pytest.raises(SettingsError, match="say the same"):
        Settings(alarm=0.5, alarms_per_100=2)


def test_a_shipped_curve_gives_the_rates_that_few_posts_cannot_tell(tmp_path):
    with checker_over(tmp_path) as checker:
        put(checker)
        checker._standing.model = replace(MODEL, version=checker.shipped.version)
        assert checker.in_force("", Settings(alarms_per_100=0.5)).model.alarm == 0.95
        put(checker, general=scale(0.97, 0.8, 0.6, 0.5, 0.3, 0.1))
        assert checker.in_force("", Settings(alarms_per_100=0.5)).model.alarm == 0.97, "posts have shown it takes more"


def test_rates_of_a_policy_are_those_of_the_corpus(tmp_path):
    policy = Policy(wording=Rule(block=Threshold(per_100=10), warn=Threshold(per_100=15)))
    with checker_over(tmp_path) as checker:
        bare = parse_model({name: value for name, value in content().items() if name != "curve"})
        checker._standing.model = bare
        with pytest.raises(ModelError, match="without a curve"):
            checker.gate(Draft(text=SOURCE, account="别人"), policy)
        put(checker)
        (cause, *_) = checker.gate(Draft(text=SOURCE, account="别人"), policy).causes
        assert (cause.action, cause.threshold, cause.per_100) == ("block", 0.3, 10)


def test_the_file_is_read_again_only_when_it_changes(tmp_path: Path, monkeypatch: Any) -> None:
    file = CalibrationFile(tmp_path)
    file.write(calibration())
    file.read()
    monkeypatch.setattr("originality.calibration.file.load_calibration", lambda path: pytest.fail("read again"))
    assert file.read() == calibration()
    os.utime(file.path, ns=(1, 1))
    with pytest.raises(pytest.fail.Exception):
        file.read()
