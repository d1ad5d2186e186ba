"""`originality calibrate` over the demo corpus with the fast encoder, and what other commands, doctor and page say."""

from __future__ import annotations

import json
import re
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from originality import Checker
from originality.calibration import FILE, load_calibration
from originality.decisions import Choice, Decision, DecisionFile
from originality.doctor import examine
from originality.index import open_index
from originality.score import load_model
from tests.brand_posts import COPIED
from tests.calibrated import DEMO
from tests.command_line import built, collect, failed, run
from tests.fakes import FakeEncoder
from tests.pages import body, go, open_page, own_index

DRAFT = "扎营有个老规矩：天黑之前一定要把绳子上的反光条理到外侧，我们的新帐篷，风绳自己会发光。"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("calibrate")
    collect(DEMO, folder / "index")
    return folder / "index"


@pytest.fixture
def demo(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "index"))


@pytest.fixture
def small(tmp_path: Path) -> Path:
    return built(tmp_path)


def decide(index: Path, count: int, choice: Choice, risk: float) -> None:
    with open_index(index) as opened:
        stamp, model = opened.info().stamp, Checker(opened, FakeEncoder()).shipped.version
    for number in range(count):
        DecisionFile(index).add(
            Decision(
                check=f"{choice}{number}", choice=choice, who="小满", at=datetime.now(UTC) + timedelta(seconds=number),
                reason="我们先发的", account="山雀有茶", verdict="copied", risk=risk, stamp=stamp, model=model,
                draft_sha256=f"{choice}{number}",
            )
        )  # fmt: skip


def test_a_calibration_is_measured_stored_used_shown_and_removed(demo: Path) -> None:
    result = run("calibrate", "--index", demo, "--per-100", 1, "--own", "山雀有茶", "--sample", 300)
    assert (result.exit_code, result.stderr) == (0, "")
    for words in (
        "抽查 300 条帖子",
        "确定的照抄",
        "来自 12 个账号",
        "约每 100 篇原创误报 1 篇",
        "已写入",
        "「山雀有茶」不够",
    ):
        assert words in result.stdout
    found = load_calibration(demo / FILE)
    assert found is not None
    assert (found.sample, found.alarms_per_100, found.brands, found.corpus_posts) == (300, 1.0, {}, 456)
    counted = re.search(r"可用 (\d+) 条", result.stdout)
    assert counted
    assert found.general.posts == int(counted[1])
    line = {point.per_100: point.risk for point in found.general.copied}[1.0]
    shown = run("calibrate", "--show", "--index", demo)
    assert f"警报线 {line:.2f}：约每 100 篇原创误报 1 篇" in shown.stdout
    assert "当时语料 456 条，现有 456 条" in shown.stdout
    before = json.loads(run("check", DRAFT, "--json", "--index", demo).stdout)
    assert (before["verdict"] in {"copied", "imitation"}) == (before["risk"] >= line)
    assert states(demo)["calibration"] == "ok"
    assert "已删除" in run("calibrate", "--reset", "--index", demo).stdout
    assert not (demo / FILE).exists()
    assert "出厂测定" in run("calibrate", "--show", "--index", demo).stdout


def test_the_same_seed_gives_the_same_in_english(demo: Path) -> None:
    first = run("calibrate", "--index", demo, "--lang", "en", "--sample", 120)
    second = run("calibrate", "--index", demo, "--lang", "en", "--sample", 120)
    assert first.exit_code == 0
    assert first.stdout == second.stdout
    assert "copies beyond doubt (word for word or slightly changed, at least 50% of either text" in first.stdout
    assert "Alarms from" in first.stdout


def test_too_few_posts_are_said_and_nothing_is_written(small: Path) -> None:
    result = run("calibrate", "--index", small)
    assert result.exit_code == 1
    assert "至少要 100 条可用、来自 3 个账号" in result.stdout
    assert not (small / FILE).exists()


def test_decisions_are_weighed(demo: Path) -> None:
    assert run("calibrate", "--index", demo, "--sample", 120, "--quiet").exit_code == 0
    assert "还没有编辑的意见" in run("calibrate", "--show", "--decisions", "--index", demo).stdout
    line = json.loads((demo / FILE).read_text("utf-8"))
    risk = dict((point[0], point[1]) for point in line["general"]["copied"])
    decide(demo, 30, "override", min(0.999, risk[2.0] + 0.0005))
    decide(demo, 20, "accept", 0.99)
    result = run("calibrate", "--show", "--decisions", "--index", demo)
    assert "编辑的意见（全部）：认可 20，不采纳 30" in result.stdout
    assert "编辑的意见（山雀有茶）：认可 20，不采纳 30" in result.stdout
    assert "不采纳的 30 篇里仍会误报 30 篇，认可的 20 篇里会漏掉 0 篇" in result.stdout


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (("--per-100", 0.1), "--per-100"),
        (("--per-100", 21), "--per-100"),
        (("--sample", 0), "--sample"),
        (("--show", "--per-100", 3), "单独用"),
        (("--reset", "--decisions"), "单独用"),
        (("--own", "没有这家"), "没有这家"),
    ],
)
def test_wrong_usage_is_one_line(small: Path, arguments: tuple[object, ...], word: str) -> None:
    failed(run("calibrate", "--index", small, *arguments), word)


def test_a_folder_without_an_index_is_said(tmp_path: Path) -> None:
    for more in ([], ["--show"], ["--reset"]):
        failed(run("calibrate", "--index", tmp_path / "none", *more), "No index at")


@pytest.mark.parametrize(
    ("content", "told"), [(b"{", "校准文件读不了"), (None, "另一个版本的判定模型")], ids=["damaged", "of another judge"]
)
def test_one_that_does_not_hold_is_warned_of_in_one_line(demo: Path, content: bytes | None, told: str) -> None:
    assert run("calibrate", "--index", demo, "--sample", 120).exit_code == 0
    text = (demo / FILE).read_text("utf-8")
    (demo / FILE).write_bytes(content or text.replace(load_model().version, "1-older").encode())
    for command in (("check", DRAFT), ("calibrate", "--show")):
        result = run(*command, "--index", demo)
        assert result.stderr.startswith("注意：")
        assert told in result.stderr
        assert len(result.stderr.splitlines()) == 1
        assert result.exit_code in {0, 1}
    result = run("doctor", "--index", demo)
    assert result.exit_code == 1
    (line,) = [line for line in result.stdout.splitlines() if line.startswith("✗")]
    assert "校准没有生效" in line


def test_a_rate_for_one_run_needs_a_curve_or_a_calibration(demo: Path) -> None:
    run("calibrate", "--index", demo, "--sample", 120)
    found = load_calibration(demo / FILE)
    assert found is not None
    lines = {point.per_100: point.risk for point in found.general.copied}
    for rate in (2, 20):
        result = run("check", DRAFT, "--json", "--index", demo, "--alarms-per-100", rate)
        assert result.exit_code == int(json.loads(result.stdout)["risk"] >= lines[rate])
    failed(run("check", COPIED, "--index", demo, "--alarms-per-100", 50), "--alarms-per-100")


def states(index: Path) -> dict[str, str]:
    return {finding.check: finding.state for finding in examine(index)}


def test_an_index_that_was_never_calibrated_has_nothing_to_find(small: Path) -> None:
    assert "calibration" not in states(small)


# -- the page ----------------------------------------------------------------------------------------------------------


def test_the_page_says_how_often_an_alarm_is_false(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    index = own_index(tmp_path, monkeypatch)
    assert "约每 100 篇原创误报 2 篇（出厂测定" in body(open_page())
    (index / FILE).write_text("<script>", "utf-8")
    page = body(open_page(COPIED))
    assert "校准文件读不了" in page
    assert "<script>" not in page


def test_the_page_shows_decisions_beside_the_threshold(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    index = own_index(tmp_path, monkeypatch)
    page = body(go(open_page(), "review"))
    assert f"originality calibrate --index {index} --per-100 2 --decisions" in page
    decide(index, 20, "override", 0.99)
    assert "认可、不采纳各满 20 篇后对照" in body(go(open_page(), "review"))
    decide(index, 20, "accept", 0.1)
    page = body(go(open_page(), "review"))
    assert "现行警报线下仍误报 20 篇、漏掉 20 篇" in page
    assert "山雀有茶" in page
