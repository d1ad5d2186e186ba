"""Files of drafts: text, Word documents and tables, good and bad."""

from __future__ import annotations

import io
import zipfile

import openpyxl
import pytest

from originality.errors import CollectError
from originality.manuscripts import MOST_BYTES_OF_DOCUMENT, read_drafts

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
TEXT = "下雨天堂食的客人可以借走一把伞，不用押金。"


def document(body: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", body)
    return stream.getvalue()


def paragraphs(*texts: str) -> str:
    inner = "".join(f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>" for text in texts)
    return f'<w:document xmlns:w="{WORD}"><w:body>{inner}</w:body></w:document>'


def workbook(*rows: tuple[object, ...]) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_text_file_is_one_draft(encoding):
    (draft,) = read_drafts("稿.txt", TEXT.encode(encoding)).drafts
    assert draft.text == TEXT
    assert draft.id == "稿.txt"


def test_a_word_document_is_one_draft_line_by_line():
    (draft,) = read_drafts("稿.docx", document(paragraphs("第一段", "第二段 &amp; 更多"))).drafts
    assert draft.text == "第一段\n第二段 & 更多"


def test_deleted_words_of_a_document_are_not_in_the_draft():
    body = (
        f'<w:document xmlns:w="{WORD}"><w:body><w:p><w:del><w:r><w:delText>旧话</w:delText></w:r></w:del>'
        "<w:ins><w:r><w:t>新话</w:t><w:br/><w:t>下一行</w:t><w:tab/></w:r></w:ins></w:p></w:body></w:document>"
    )
    (draft,) = read_drafts("稿.docx", document(body)).drafts
    assert draft.text == "新话\n下一行\t"


def test_a_row_of_a_table_is_one_draft_with_its_name_and_brand():
    found = read_drafts(
        "稿.xlsx",
        workbook(("编号", "文案", "品牌"), ("A-7", TEXT, "岔路口咖啡"), (None, "第二篇", None), ("C", None, "x")),
    )
    assert [(each.id, each.text, each.account) for each in found.drafts] == [
        ("A-7", TEXT, "岔路口咖啡"),
        ("稿.xlsx · 3", "第二篇", ""),
    ]
    assert found.empty == 1


def test_a_table_of_one_column_needs_no_header():
    found = read_drafts("稿.xlsx", workbook((TEXT,), ("第二篇",)))
    assert [each.text for each in found.drafts] == [TEXT, "第二篇"]


def test_a_formula_of_a_table_is_not_computed():
    found = read_drafts("稿.csv", '文案\n"=1+1"\n"两行\n一篇"\n'.encode())
    assert [each.text for each in found.drafts] == ["=1+1", "两行\n一篇"]


def test_rows_beyond_the_limit_are_counted(monkeypatch):
    monkeypatch.setattr("originality.manuscripts.MOST_ROWS", 2)
    found = read_drafts("稿.csv", "文案\n一\n二\n三\n四\n".encode())
    assert len(found.drafts) == 2
    assert found.left_out == 2


def test_an_empty_file_holds_no_draft():
    assert read_drafts("空.txt", b"  \n").drafts == ()
    assert read_drafts("空.txt", b"").empty == 1


ENTITY = f'<!DOCTYPE x [<!ENTITY a "b">]><w:document xmlns:w="{WORD}"><w:p><w:t>&a;</w:t></w:p></w:document>'


@pytest.mark.parametrize(
    ("name", "data", "told"),
    [
        ("稿.pdf", b"%PDF", "pdf"),
        ("稿", b"x", "no suffix"),
        ("图.txt", b"\x89PNG\r\n\x1a\n\x00\x00", "UTF-8"),
        ("坏.docx", b"not a zip", "damaged"),
        ("坏.docx", document("<w:document>"), "no Word document"),
        ("坏.docx", document(ENTITY), "no Word document"),
        ("坏.docx", workbook(("x",)), "damaged"),
        ("坏.xlsx", b"PK\x03\x04 broken", "damaged"),
        ("表.xlsx", workbook(("日期", "备注"), ("今天", "无")), "no column of drafts"),
        ("大.docx", document(" " * (MOST_BYTES_OF_DOCUMENT + 1)), "16 MB"),
    ],
)
def test_what_cannot_be_read_is_one_line(name, data, told):
    with pytest.raises(CollectError, match=told) as raised:
        read_drafts(name, data)
    assert "\n" not in str(raised.value)
