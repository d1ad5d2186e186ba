"""The files of a report: the same bytes on a rerun, complete or absent, safe in a spreadsheet, and the command."""

from __future__ import annotations

import io
import json
import zipfile
from collections import Counter
from pathlib import Path

import openpyxl
import pytest

from originality.accounts import Account, RegisterFile
from originality.build import build
from originality.errors import OriginalityError
from originality.index import open_index
from originality.report import Report, to_dict, write_report
from originality.report.forms.files import NAMES, contract
from originality.report.forms.sheet import workbook
from tests.command_line import failed, loaded, run
from tests.report_forms import changed, demo_report, many_events, shift, small_report
from tests.weekly import POSTS, TEA, WEEK


def sheets(report: Report, language: str = "zh") -> dict[str, list[tuple[object, ...]]]:
    book = openpyxl.load_workbook(io.BytesIO(workbook(report, "zh" if language == "zh" else "en")))
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book}


@pytest.mark.parametrize("name", NAMES)
def test_the_same_report_gives_the_same_bytes(name: str, tmp_path: Path) -> None:
    first, second, later = tmp_path / "a", tmp_path / "b", tmp_path / "c"
    write_report(demo_report(), first)
    write_report(demo_report(), second)
    assert (first / name).read_bytes() == (second / name).read_bytes()
    write_report(shift(demo_report(), 5), later)
    assert (first / name).read_bytes() != (later / name).read_bytes(), "it tells when it was made"


def test_files_are_replaced_whole_and_nothing_else_is_left(tmp_path: Path) -> None:
    write_report(small_report(), tmp_path, "en")
    paths = write_report(small_report(), tmp_path)
    assert [path.name for path in paths] == list(NAMES)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(NAMES)
    assert 'lang="zh-CN"' in paths[0].read_text("utf-8")
    assert oct(paths[0].stat().st_mode)[-3:] == "644"


def test_a_folder_that_is_a_file_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("x")
    with pytest.raises(OriginalityError, match="--out must be a folder") as caught:
        write_report(small_report(), tmp_path / "taken")
    assert "\n" not in str(caught.value)


def test_json_has_every_record(tmp_path: Path) -> None:
    read = json.loads(contract(small_report(), "en"))
    assert read["language"] == "en"
    assert len(read["notes_text"]) == len(small_report().notes)
    assert any("90 days" in sentence.replace("\n", " ") for sentence in read["method"])
    assert read["format"] == small_report().to_dict()["format"]
    assert read["events"] == json.loads(json.dumps([to_dict(event) for event in small_report().events]))


def test_damaged_text_still_makes_all_files(tmp_path: Path) -> None:
    odd = changed(small_report(), lambda text: "\ud83d坏\x00字\u202e" + text, frozenset({"text", "account"}))
    html, xlsx, data = write_report(odd, tmp_path)
    assert "坏" in html.read_text("utf-8")
    assert json.loads(data.read_text("utf-8"))["events"]
    assert "[U+202E]" in str([list(row) for row in openpyxl.load_workbook(xlsx)["事件"].iter_rows(values_only=True)])


# -- XLSX --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_event_and_account_has_its_row(language: str) -> None:
    report, found = demo_report(), sheets(demo_report(), language)
    events, matches, accounts = (
        found[name]
        for name in (("事件", "对应文字", "账号") if language == "zh" else ("Events", "Matched words", "Accounts"))
    )
    every = [*report.events, *report.hints, *report.set_aside]
    assert [row[-2:] for row in events[1:]] == [(e.draft.post_id, e.source.post_id) for e in every]
    assert [row[13] for row in events[1:]] == [event.draft.text for event in every]
    assert len(matches) - 1 == sum(len(event.spans) for event in every)
    assert Counter(row[0] for row in accounts[1:]) == Counter(line.account for line in report.accounts)
    assert len(found) == 17


def test_sheets_have_a_frozen_head_and_widths() -> None:
    book = openpyxl.load_workbook(io.BytesIO(workbook(demo_report())))
    for sheet in book:
        assert sheet.freeze_panes == "A2"
        assert all(cell.font.bold for cell in sheet[1])
        assert all(sheet.column_dimensions[cell.column_letter].width >= 9 for cell in sheet[1])
    cell = book["事件"].cell(2, 7)
    assert cell.number_format == "yyyy-mm-dd hh:mm:ss"
    assert cell.value == demo_report().events[0].draft.published_at.replace(tzinfo=None)


@pytest.mark.parametrize("begin", ["=", "+", "-", "@", "\t"])
def test_no_cell_is_a_formula(begin: str) -> None:
    attack = f'{begin}HYPERLINK("http://evil.example","点我")'
    report = changed(demo_report(), lambda text: attack + text, frozenset({"text", "account", "name", "words", "url"}))
    book = openpyxl.load_workbook(io.BytesIO(workbook(report)))
    seen = 0
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type != "f"
                if isinstance(cell.value, str) and cell.value.startswith(begin):
                    assert cell.quotePrefix
                    seen += 1
    assert seen > 10


def test_ten_thousand_events_are_all_in_the_sheet() -> None:
    report = many_events(small_report(), 10_000)
    with zipfile.ZipFile(io.BytesIO(workbook(report))) as archive:
        rows = archive.read("xl/worksheets/sheet2.xml").count(b"<row ")
    assert rows - 1 == 10_000 + len(report.hints) + len(report.set_aside)


# -- the command -------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("index")
    encoder = loaded("fast")
    with open_index(folder, encoder="fast", encoder_name=encoder.name) as opened:
        build(POSTS, opened, encoder)
    return folder


def test_the_command_writes_three_files_and_says_what_was_found(index: Path, tmp_path: Path) -> None:
    result = run("report", "--week", WEEK, "--own", TEA, "--index", index, "--out", tmp_path)
    assert result.exit_code == 0, result.stderr
    *written, headline = result.stdout.strip().splitlines()
    assert [line.rsplit("/", 1)[-1] for line in written] == list(NAMES)
    assert "我们像别人 3 起" in headline
    assert result.stderr == "", "no bar where nobody looks"


def test_a_rerun_gives_the_same_bytes(index: Path, tmp_path: Path) -> None:
    for name in ("a", "b"):
        result = run(
            "report", "--week", WEEK, "--index", index, "--out", tmp_path / name, SOURCE_DATE_EPOCH="1780000000"
        )
        assert result.exit_code == 0, result.stderr
    for name in NAMES:
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()


def test_any_days_in_english(index: Path, tmp_path: Path) -> None:
    result = run("report", "--since", "2026-05-11", "--until", "2026-05-12", "--index", index, "--out", tmp_path,
                 "--lang", "en")  # fmt: skip
    assert result.exit_code == 0, result.stderr
    assert "posts checked" in result.stdout
    assert "2026-05-11..2026-05-12" in (tmp_path / "report.html").read_text("utf-8")


def test_own_accounts_come_from_the_register(index: Path, tmp_path: Path) -> None:
    RegisterFile(index).change(lambda register: register.added(Account(name=TEA, role="own")))
    result = run("report", "--week", WEEK, "--index", index, "--out", tmp_path)
    assert json.loads((tmp_path / "report.json").read_text("utf-8"))["own"] == [TEA]
    assert "我们像别人" in result.stdout


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        ([], "--week"),
        (["--week", WEEK, "--since", "2026-05-11"], "--since"),
        (["--since", "2026-05-11"], "--until"),
        (["--week", "2026-W99"], "2026-W99"),
        (["--since", "2026-05-31", "--until", "2026-05-01"], "2026-05-31"),
        (["--since", "neulich", "--until", "2026-05-01"], "neulich"),
    ],
)
def test_a_bad_span_is_one_clear_line(arguments: list[str], word: str, index: Path, tmp_path: Path) -> None:
    failed(run("report", *arguments, "--index", index, "--out", tmp_path / "none"), word)
    assert not (tmp_path / "none").exists()


def test_a_bad_time_stamp_is_one_clear_line(index: Path, tmp_path: Path) -> None:
    result = run("report", "--week", WEEK, "--index", index, "--out", tmp_path / "none", SOURCE_DATE_EPOCH="gestern")
    failed(result, "SOURCE_DATE_EPOCH", "gestern")
