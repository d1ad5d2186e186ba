"""ZIP archives of exports are read like folders; what is not an honest archive is refused before anything is read."""

from __future__ import annotations

import io
import stat
import tempfile
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

import pytest

from originality.collect import archive, open_source, reasons
from originality.errors import CollectError
from originality.models import Post
from tests.export_feeds import NAME, UID
from tests.export_files import OWN, lines, write_all
from tests.test_collect import ROWS, csv_text, read, reason_counts, refused, workbook
from tests.test_collect import lines as rows_as_lines


def packed(path: Path, content: dict[str, bytes | str], method: int = ZIP_DEFLATED) -> Path:
    with ZipFile(path, "w", method) as file:
        for name, data in content.items():
            file.writestr(name, data)
    return path


@pytest.fixture
def private(tmp_path, monkeypatch):
    """Watch the folder for temporary files: nothing may be left in it."""
    folder = tmp_path / "private"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    yield folder
    assert list(folder.iterdir()) == []


def test_an_archive_is_read_like_a_folder(tmp_path, private):
    folder = tmp_path / "exports"
    paths = write_all(folder)
    path = packed(tmp_path / "exports.zip", {f"导出/{file.name}": file.read_bytes() for file in paths})
    posts, dropped = read(path)
    alone, alone_dropped = read(folder)
    assert sorted(post.post_id for post in posts) == sorted(post.post_id for post in alone)
    assert reason_counts(dropped) == reason_counts(alone_dropped)
    assert all(str(item.file).startswith(f"{path}/导出/") for item in dropped)
    source = open_source([path])
    seen = []
    for _ in source:
        seen.append(source.fraction)
    assert seen == sorted(seen)
    assert source.fraction == 1.0
    assert source.files == 1


def test_names_in_an_archive_tell_the_account(tmp_path, private):
    post = lines([{"text": OWN}])
    for archived, name in (
        ("a.zip", f"weibo/{NAME}/{UID}.jsonl"),
        ("a.zip", f"{NAME}_{UID}.jsonl"),
        (f"{NAME}.zip", f"{UID}.jsonl"),
    ):
        posts, _ = read(packed(tmp_path / archived, {name: post}))
        assert [(item.account, item.account_id) for item in posts] == [(NAME, UID)]


def test_two_files_of_one_name(tmp_path):
    path = packed(tmp_path / "a.zip", {"a.csv": csv_text(ROWS), "b.csv": csv_text(ROWS)})
    path.write_bytes(path.read_bytes().replace(b"b.csv", b"a.csv"))
    assert "several files of one name" in refused(tmp_path / "a.zip")


def test_what_else_is_in_an_archive_is_counted(tmp_path, private):
    book = workbook(tmp_path / "book.xlsx", ROWS).read_bytes()
    content: dict[str, bytes | str] = {
        "__MACOSX/._a.csv": b"\x00", ".DS_Store": b"\x00", "a.csv": csv_text(ROWS[:1]), "b.csv": "标题\n茶\n",
        "book.xlsx": book, "img/1.jpg": b"\xff\xd8\xff",
    }  # fmt: skip
    posts, dropped = read(packed(tmp_path / "a.zip", content))
    assert len(posts) == 4
    assert {item.file.name: item.reason for item in dropped} == {
        "b.csv": reasons.UNREADABLE,
        "1.jpg": reasons.NOT_A_POST_FILE,
    }
    assert str(tmp_path / "a.zip" / "b.csv") in next(item.detail for item in dropped if item.detail)


def inner(content: dict[str, bytes | str]) -> bytes:
    file = io.BytesIO()
    with ZipFile(file, "w", ZIP_DEFLATED) as zipped:
        for name, data in content.items():
            zipped.writestr(name, data)
    return file.getvalue()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ({"a.csv": csv_text(ROWS), "../outside.csv": csv_text(ROWS)}, "points out of the archive"),
        ({"/etc/outside.csv": csv_text(ROWS)}, "points out of the archive"),
        ({"C:\\outside.csv": csv_text(ROWS)}, "points out of the archive"),
        ({"a\\..\\..\\outside.csv": csv_text(ROWS)}, "points out of the archive"),
        ({"a.csv": csv_text(ROWS), "b.zip": inner({"c.csv": "text\n茶\n"})}, "another archive, 'b.zip'"),
        ({"a.csv": inner({"c.csv": "text\n茶\n"})}, "another archive, 'a.csv'"),
        ({"a.csv.gz": b"\x1f\x8b\x08" + b"\x00" * 20}, "another archive"),
        ({"a.csv": b"text\n" + b"0" * (40 * 2**20)}, "times its size"),
        ({"img/1.jpg": b"\xff\xd8\xff"}, "without a file of posts"),
        ({}, "without a file of posts"),
    ],
)
def test_archives_that_are_not_read(tmp_path, private, content, words):
    before = sorted(path.name for path in tmp_path.iterdir())
    assert words in refused(packed(tmp_path / "a.zip", content))
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([*before, "a.zip"])
    assert not (tmp_path.parent / "outside.csv").exists()


def test_links_and_passwords(tmp_path):
    with ZipFile(tmp_path / "link.zip", "w") as file:
        info = ZipInfo("a.csv")
        info.external_attr = (stat.S_IFLNK | 0o777) << 16
        file.writestr(info, "/etc/passwd")
    assert "points out of the archive" in refused(tmp_path / "link.zip")
    path = packed(tmp_path / "secret.zip", {"a.csv": csv_text(ROWS)})
    data = bytearray(path.read_bytes())
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(mark) + offset] |= 1
    path.write_bytes(data)
    assert "password" in refused(path)


def test_too_many_files_and_too_many_bytes(tmp_path, monkeypatch):
    path = packed(tmp_path / "a.zip", {f"{number}.jsonl": rows_as_lines(ROWS[:1]) for number in range(5)}, ZIP_STORED)
    monkeypatch.setattr(archive, "MOST_MEMBERS", 4)
    assert "holds 5 files; 4 are read" in refused(path)
    monkeypatch.undo()
    monkeypatch.setattr(archive, "MOST_BYTES", 300)
    assert "would unpack to" in refused(path)


def test_a_size_that_lies(tmp_path, private):
    path = packed(tmp_path / "a.zip", {"a.csv": "text\n" + "春茶上新\n" * 20_000})
    data = bytearray(path.read_bytes())
    at = data.index(b"PK\x01\x02") + 24  # the uncompressed size in the list of files
    data[at : at + 4] = (1_000).to_bytes(4, "little")
    path.write_bytes(data)
    assert "damaged" in refused(path)


@pytest.mark.parametrize("kept", [0.3, 0.9])
def test_a_damaged_archive(tmp_path, private, kept):
    path = packed(tmp_path / "a.zip", {"a.csv": csv_text(ROWS)})
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * kept)])
    assert "damaged workbook or archive" in refused(path)


def test_one_damaged_file_does_not_cost_the_others(tmp_path, private):
    path = packed(tmp_path / "a.zip", {"a.csv": csv_text(ROWS), "b.csv": csv_text(ROWS)}, ZIP_STORED)
    data = path.read_bytes()
    path.write_bytes(data.replace("春茶上新".encode(), "春茶上旧".encode(), 1))
    posts, dropped = read(path)
    assert len(posts) == 3
    assert [(item.reason, item.file.name) for item in dropped] == [(reasons.UNREADABLE, "a.csv")]


def test_a_workbook_is_bounded_too(tmp_path):
    path = packed(
        tmp_path / "a.xlsx", {"xl/workbook.xml": "<workbook/>", "xl/worksheets/sheet1.xml": b" " * (64 << 20)}
    )
    assert "times its size" in refused(path)


def test_an_archive_among_others_never_stops_a_run(tmp_path):
    folder = tmp_path / "all"
    folder.mkdir()
    packed(folder / "bad.zip", {"../x.csv": "text\n茶\n"})
    packed(folder / "good.zip", {"x.jsonl": rows_as_lines(ROWS)})
    posts, dropped = read(folder)
    assert len(posts) == 3
    assert reason_counts(dropped) == {reasons.UNREADABLE: 1}


def test_stopping_early_leaves_nothing(tmp_path, private):
    path = packed(tmp_path / "a.zip", {"a.jsonl": rows_as_lines(ROWS)})
    items = iter(open_source([path]))
    assert isinstance(next(items), Post)
    assert list(private.iterdir())
    items.close()  # type: ignore[attr-defined]


def test_an_archive_alone_with_one_bad_file_is_refused(tmp_path):
    with pytest.raises(CollectError, match=r"a\.zip/a\.csv: no column with the text"):
        open_source([packed(tmp_path / "a.zip", {"a.csv": "标题\n茶\n"})])
