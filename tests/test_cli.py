"""The command line as its users meet it: help, bad usage, unusable indexes, reports and figures."""

from __future__ import annotations

import importlib.util
import json
import re
import string
from collections.abc import Sequence
from pathlib import Path

import pytest

from originality.cli import main, texts
from originality.index import open_index
from tests.brand_posts import COPIED, FRESH, POSTS, write_posts
from tests.command_line import ROOT, built, collect, damage, failed, run

HAN = re.compile(r"[\u4e00-\u9fff]")


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built(tmp_path_factory.mktemp("cli"))


def test_help_is_chinese_and_in_english_by_variable_or_option() -> None:
    for name in main.commands:
        chinese = run(name, "--help").stdout
        english = run(name, "--help", ORIGINALITY_LANG="en_US.UTF-8").stdout
        assert "用法：" in chinese
        assert "示例" in chinese
        assert f"originality {name}" in english
        assert "Examples" in english
        assert not HAN.search(english)
        assert run("--lang", "en", name, "--help").stdout == english
        assert run(name, "--lang", "en", "--help").stdout == english


def test_every_phrase_has_the_same_blanks_in_both_languages() -> None:
    def blanks(text: str) -> set[str]:
        return {name for _, name, _, _ in string.Formatter().parse(text) if name}

    for key, (chinese, english) in texts.PHRASES.items():
        assert blanks(chinese) == blanks(english), key
        assert not HAN.search(english), key


def test_the_reasons_for_dropping_have_words_in_both_languages() -> None:
    from originality.collect import reasons

    assert {key.removeprefix("reason.") for key in texts.PHRASES if key.startswith("reason.")} >= set(reasons.ALL)


def test_the_page_of_the_command_line_is_current() -> None:
    spec = importlib.util.spec_from_file_location("generate", ROOT / "docs" / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    generate = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(generate)
    page = (ROOT / "docs" / "cli.md").read_text(encoding="utf-8")
    assert page == generate.cli_page(), "run: make docs"
    assert all(f"## originality {name}" in page for name in main.commands)


def test_version_and_bare_call() -> None:
    assert re.fullmatch(r"originality \d+\.\d+\.\d+\n", run("--version").stdout)
    assert run().stdout == run("--help").stdout


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["nosuch"], "collect accounts check gate report calibrate stats export forget doctor backup app serve"),
        (["check"], "TEXT、--file"),
        (["check", "两处", "--file", "都给"], "TEXT、--file"),
        (["check", "--nosuch"], "--nosuch"),
        (["collect"], "PATH"),
        (["collect", "x.csv", "--map", "正文"], "--map"),
        (["collect", "x.csv", "--limit", "0"], "--limit"),
        (["report", "--out", "x"], "--week"),
        (["app", "--port", "99999999"], "--port"),
    ],
)
def test_bad_usage_is_one_line_with_the_way_out(arguments: Sequence[str], word: str) -> None:
    failed(run(*arguments), word, "--help")
    assert run(*arguments, ORIGINALITY_LANG="en").stderr.startswith("error: ")


@pytest.mark.parametrize("kind", ["missing", "foreign", "damaged", "empty file"])
def test_an_index_that_cannot_be_used_is_said_in_one_line(tmp_path: Path, kind: str) -> None:
    folder = damage(tmp_path / "index", kind)
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    for arguments in (
        ["check", FRESH],
        ["check", "--batch", write_posts(tmp_path / "drafts.jsonl")],
        ["stats"],
        ["doctor"],
        ["app"],
        ["report", "--week", "2026-W46", "--out", tmp_path / "out"],
    ):
        failed(run(*arguments, "--index", folder), str(folder))
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    assert not (tmp_path / "out").exists()


def test_an_index_without_posts_decides_nothing(tmp_path: Path) -> None:
    source = write_posts(tmp_path / "posts.jsonl")
    collect(source, tmp_path / "index")
    with open_index(tmp_path / "index") as opened:
        opened.delete([post["post_id"] for post in POSTS])
    result = run("check", COPIED, "--index", tmp_path / "index", "--json")
    assert result.exit_code == 0
    answer = json.loads(result.stdout)
    assert (answer["verdict"], answer["caveats"]) == ("undetermined", ["index_empty"])
    assert run("stats", "--index", tmp_path / "index").exit_code == 0
    assert run("doctor", "--index", tmp_path / "index").exit_code == 0


def test_what_nobody_foresaw_is_one_line_too(index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(folder: object) -> None:
        raise ZeroDivisionError("two\nlines")

    monkeypatch.setattr("originality.index.open_index", fails)
    failed(run("stats", "--index", index), "ZeroDivisionError", "ORIGINALITY_DEBUG")
    shown = run("stats", "--index", index, ORIGINALITY_DEBUG="1")
    assert isinstance(shown.exception, ZeroDivisionError)


def test_the_weekly_report_is_written(index: Path, tmp_path: Path) -> None:
    result = run("report", "--week", "2026-W46", "--index", index, "--out", tmp_path / "周报")
    assert result.exit_code == 0, result.stderr
    files = [Path(line.removeprefix("已写入 ")) for line in result.stdout.splitlines()[:-1]]
    assert [path.name for path in files] == ["report.html", "report.xlsx", "report.json"]
    data = json.loads(files[2].read_text(encoding="utf-8"))
    assert [event["draft"]["post_id"] for event in data["events"]] == ["c4"]
    assert [event["source"]["post_id"] for event in data["events"]] == ["b1"]


@pytest.mark.parametrize("week", ["2026-46", "2026-W54", "下周"])
def test_a_week_that_does_not_exist_is_refused(index: Path, tmp_path: Path, week: str) -> None:
    failed(run("report", "--week", week, "--index", index, "--out", tmp_path / "out"), week)
    assert not (tmp_path / "out").exists()


def test_stats_tell_what_an_index_holds(index: Path) -> None:
    answer = json.loads(run("stats", "--index", index, "--json").stdout)
    assert (answer["posts"], answer["accounts"], answer["without_time"]) == (len(POSTS), 3, 0)
    assert answer["top_accounts"][0] == {"account": "岔路口咖啡", "posts": 4}
    assert answer["months"] == {"2026-11": len(POSTS)}
    assert (answer["first"][:10], answer["last"][:10]) == ("2026-11-02", "2026-11-12")
    assert answer["encoder"] == "fast"
    assert answer["vectors"] > len(POSTS)
    assert answer["files"]["posts.sqlite"] > 0
    shown = run("stats", "--index", index).stdout
    assert "帖子 10 条，账号 3 个" in shown
    assert "@岔路口咖啡" in shown
    assert answer["stamp"] in shown


def test_the_page_is_missed_clearly(index: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("originality.__file__", str(tmp_path / "lib" / "originality" / "__init__.py"))
    failed(run("app", "--index", index), "app.py", "pip install -e .")
