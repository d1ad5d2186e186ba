"""Files from strangers are read within bounds, and files for others carry nothing that acts (docs/security.md)."""

from __future__ import annotations

import csv
import gzip
import io
import re
import stat
import time
import zipfile
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path

import openpyxl
import pytest

from originality.checker import Checker
from originality.collect import archive, open_source
from originality.decisions import Decision
from originality.errors import CollectError, SettingsError
from originality.evidence import evidence_pack
from originality.kept import KeptCheck, KeptChecks
from originality.manuscripts import MOST_COLUMNS, read_drafts
from originality.models import Post
from originality.report import compile_report, write_report
from originality.report.forms.page import render
from originality.report.forms.sheet import workbook as report_workbook
from page import files
from page.intake import _written
from tests.corpus import SOURCE, corpus, indexed
from tests.fakes import FakeEncoder
from tests.report_forms import changed, small_report
from tests.test_collect import ROWS, csv_text, refused, workbook
from tests.weekly import POSTS, WEEK, open_checker

SECONDS = 60.0  # of this process; each of these files would take hours or all memory where nothing bounds it
LAUGHS = "".join(
    f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' if n else '<!ENTITY l0 "lol">' for n in range(10)
)  # fmt: skip
DOCTYPE = f'<?xml version="1.0"?><!DOCTYPE x [{LAUGHS}]>'
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def zipped(parts: dict[str, str | bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in parts.items():
            packed.writestr(name, data)
    return file.getvalue()


# -- archives ----------------------------------------------------------------------------------------------------------

INNER = zipped({"c.csv": csv_text(ROWS)})
ARCHIVES: dict[str, tuple[dict[str, str | bytes], str]] = {
    "out of the folder": ({"../outside.csv": csv_text(ROWS)}, "points out of the archive"),
    "absolute": ({"/outside.csv": csv_text(ROWS)}, "points out of the archive"),
    "of Windows": ({"C:\\outside.csv": csv_text(ROWS)}, "points out of the archive"),
    "nested": ({"a.csv": csv_text(ROWS), "b.zip": INNER}, "another archive"),
    "nested, disguised": ({"a.csv": INNER}, "another archive"),
    "a bomb within gzip": ({"a.csv.gz": gzip.compress(b"0" * 2**20)}, "another archive"),
    "a bomb": ({"a.csv": b"text\n" + b"0" * (40 * 2**20)}, "times its size"),
}


@pytest.mark.parametrize("kind", ARCHIVES)
def test_an_archive_is_confined_and_bounded(tmp_path, kind):
    parts, words = ARCHIVES[kind]
    (tmp_path / "in").mkdir()
    path = tmp_path / "in" / "a.zip"
    path.write_bytes(zipped(parts))
    assert words in refused(path)
    assert [each.name for each in tmp_path.rglob("*")] == ["in", "a.zip"]


def test_a_link_in_an_archive_is_not_followed(tmp_path):
    info = zipfile.ZipInfo("a.csv")
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(tmp_path / "link.zip", "w") as file:
        file.writestr(info, "/etc/passwd")
    assert "points out of the archive" in refused(tmp_path / "link.zip")


def test_an_archive_of_very_many_files_is_not_read(tmp_path):
    path = tmp_path / "many.zip"
    path.write_bytes(zipped({f"{number}.csv": "" for number in range(archive.MOST_MEMBERS + 1)}))
    assert "10001 files" in refused(path)


def test_a_file_packed_by_gzip_is_not_unpacked(tmp_path):
    path = tmp_path / "a.csv.gz"
    path.write_bytes(gzip.compress(b"text\n" + b"0" * (64 * 2**20)))
    began = time.process_time()
    with pytest.raises(CollectError):
        list(open_source([path]))
    assert time.process_time() - began < SECONDS


# -- documents and tables ----------------------------------------------------------------------------------------------


def document(xml: str) -> bytes:
    return zipped({"word/document.xml": xml})


def sheet(folder: Path, xml: str, part: str = "xl/worksheets/sheet1.xml") -> bytes:
    """Return a sound workbook with one part replaced."""
    content = workbook(folder / "sound.xlsx", [{"text": "春茶上新"}]).read_bytes()
    with zipfile.ZipFile(io.BytesIO(content)) as old:
        parts: dict[str, str | bytes] = {name: old.read(name) for name in old.namelist()}
    return zipped({**parts, part: xml})


def test_entities_of_a_word_document_are_refused():
    began = time.process_time()
    with pytest.raises(CollectError, match="no Word document"):
        read_drafts("a.docx", document(f'{DOCTYPE}<w:document xmlns:w="{WORD}"><w:p>&l9;</w:p></w:document>'))
    external = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
    with pytest.raises(CollectError, match="no Word document"):
        read_drafts("a.docx", document(f'{external}<w:document xmlns:w="{WORD}"><w:p>&e;</w:p></w:document>'))
    assert time.process_time() - began < SECONDS


@pytest.mark.parametrize("part", ["xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/styles.xml"])
def test_entities_of_a_workbook_are_refused(tmp_path, part):
    began = time.process_time()
    content = sheet(tmp_path, f"{DOCTYPE}<worksheet><sheetData>&l9;</sheetData></worksheet>", part)
    with pytest.raises(CollectError):
        read_drafts("a.xlsx", content)
    path = tmp_path / "a.xlsx"
    path.write_bytes(content)
    try:
        items = list(open_source([path]))
    except CollectError as error:
        items, told = [], str(error)
        assert "\n" not in told
    assert not any(isinstance(item, Post) for item in items)
    assert time.process_time() - began < SECONDS


def test_documents_that_unpack_too_far_are_refused(tmp_path):
    with pytest.raises(CollectError, match="more than 16 MB"):
        read_drafts("a.docx", document("<a>" + " " * (17 * 2**20)))
    with pytest.raises(CollectError, match="more than 64 MB"):
        read_drafts("a.xlsx", sheet(tmp_path, " " * (65 * 2**20)))


def test_a_cell_far_to_the_right_makes_no_row_wide(tmp_path):
    rows = "".join(f'<row r="{n}"><c r="XFD{n}" t="inlineStr"><is><t>x</t></is></c></row>' for n in range(2, 3_000))
    head = '<row r="1"><c r="A1" t="inlineStr"><is><t>text</t></is></c></row>'
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    content = sheet(tmp_path, f'<worksheet xmlns="{space}"><sheetData>{head}{rows}</sheetData></worksheet>')
    began = time.process_time()
    assert read_drafts("a.xlsx", content).drafts == ()
    assert time.process_time() - began < SECONDS
    assert MOST_COLUMNS < 1_000


def test_a_table_with_an_endless_cell_is_refused_in_one_line():
    with pytest.raises(CollectError, match="no table that can be read") as error:
        read_drafts("a.csv", ("text\n" + "茶" * 200_000).encode())
    assert "\n" not in str(error.value)


# -- names that lead elsewhere -----------------------------------------------------------------------------------------

ELSEWHERE = ("../../outside", "/outside", "..\\..\\outside", "a/b", "..", "\x00", "~/.profile")


def test_no_name_in_the_data_becomes_the_name_of_a_file(tmp_path):
    """Ids and accounts stand in reports and evidence, never in their file names."""
    posts = tuple(
        Post(post_id=name, account=name, text=text, published_at=like.published_at)
        for name, text, like in zip(
            ELSEWHERE, [POSTS[0].text, POSTS[5].text, *[each.text for each in POSTS[6:]]],
            [POSTS[0], *POSTS[5:]], strict=False,
        )
    )  # fmt: skip
    (tmp_path / "in").mkdir()
    with open_checker(tmp_path / "in" / "index", posts) as checker:
        written = write_report(compile_report(checker, WEEK), tmp_path / "in" / "out")
        id = KeptChecks(checker.index).keep(KeptCheck(result=checker.check(POSTS[0].text, id=ELSEWHERE[0]), at=NOW))
    assert [path.name for path in written] == ["report.html", "report.xlsx", "report.json"]
    assert [path.name for path in (tmp_path / "in" / "index" / "checks").iterdir()] == [f"{id}.json"]
    assert sorted(path.name for path in (tmp_path / "in").iterdir()) == ["index", "out"]
    assert [path.name for path in tmp_path.iterdir()] == ["in"]


@pytest.mark.parametrize("name", ELSEWHERE)
def test_an_address_or_an_upload_leads_nowhere_else(tmp_path, name):
    class Upload:
        def __init__(self) -> None:
            self.name = f"{name}.csv"

        def getvalue(self) -> bytes:
            return b"text\n"

    with indexed(tmp_path / "index", []) as index:
        assert KeptChecks(index).find(name) is None
        with pytest.raises(SettingsError):
            KeptChecks(index).write({}, name)
    if "\x00" not in name:
        (tmp_path / "up").mkdir()
        (path,) = _written(tmp_path / "up", [Upload()])
        assert path.resolve().parent == (tmp_path / "up" / "0").resolve()


# -- files for others --------------------------------------------------------------------------------------------------

NOW = datetime(2026, 11, 25, 9, 30, tzinfo=UTC)
FORMULAS = (
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    " =1",
    '=HYPERLINK("http://127.0.0.1")',
    "=cmd|' /c x'!A0",
)


def test_no_cell_that_we_write_is_a_formula():
    rows = [{"名称": formula, "=头": formula} for formula in FORMULAS]
    book = openpyxl.load_workbook(io.BytesIO(files.workbook(rows)))
    assert {cell.data_type for row in book.active.iter_rows() for cell in row} == {"s"}
    for line in csv.reader(io.StringIO(files.csv_text(rows).decode("utf-8-sig"), newline="")):
        assert not [cell for cell in line if re.match(r"\s*[=+\-@]|[\t\r]", cell)]
    report = openpyxl.load_workbook(io.BytesIO(_report_with(FORMULAS[0])))
    kinds = {cell.data_type for page in report for row in page.iter_rows() for cell in row}
    assert "f" not in kinds
    assert FORMULAS[0] in {cell.value for page in report for row in page.iter_rows() for cell in row}


def _report_with(name: str) -> bytes:
    return report_workbook(changed(small_report(), lambda text: name, frozenset({"account"})))


HOSTILE = '<script>alert(1)</script><img src=x onerror="x()"></style><base href="http://127.0.0.1/">\u202e'


class Seen(HTMLParser):
    """The tags and attributes of a page, as a browser takes it apart."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}


def test_evidence_and_report_run_nothing_and_load_nothing(tmp_path):
    bad = Post(post_id=HOSTILE, account=HOSTILE, text=SOURCE + HOSTILE, url="javascript:alert(1)")
    with indexed(tmp_path / "index", [*corpus(), bad]) as index:
        result = Checker(index, FakeEncoder()).check(SOURCE + HOSTILE, id=HOSTILE)
    said = Decision(check="x", choice="override", who=HOSTILE, reason=HOSTILE, at=NOW)
    pack = evidence_pack(KeptCheck(result=result, at=NOW, account=HOSTILE, id=HOSTILE), [said], made_at=NOW)
    report = render(changed(small_report(), lambda text: text + HOSTILE, frozenset({"account", "text", "name"})))
    for html in (pack, report):
        (policy,) = re.findall(r'<meta http-equiv="Content-Security-Policy" content="([^"]*)">', html)
        assert policy == "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
        assert html.index(policy) < html.index("<style")
        seen = Seen()
        seen.feed(html)
        assert not seen.tags & {"script", "img", "iframe", "object", "embed", "link", "base", "form"}
        assert not [name for name in seen.attributes if name.startswith("on")]
        assert {"svg", "mark"} & seen.tags, "else the parser has seen nothing"
        assert "&lt;script&gt;" in html
        assert "javascript:" not in html
        assert "\u202e" not in html
