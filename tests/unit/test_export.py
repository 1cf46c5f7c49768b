"""Results as files for other programs."""

import csv
import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from search_documents import a_document

from unioncat.core.index.export import ExportForm, export_head, export_record

BOOK = a_document(
    1,
    "Truyện Kiều",
    subtitle="thơ",
    contributors=("Nguyễn Du", "Đào Duy Anh"),
    publisher="Văn học",
    place="Hà Nội",
    year=2015,
    isbns=("9786040100016",),
    subjects=("Văn học trung đại",),
    libraries=("VN-TVQG",),
)


def test_ris() -> None:
    lines = export_record(BOOK, ExportForm.RIS).split("\r\n")
    assert lines[0] == "TY  - BOOK"
    assert lines[2:5] == ["TI  - Truyện Kiều: thơ", "AU  - Nguyễn Du", "AU  - Đào Duy Anh"]
    assert "PY  - 2015" in lines
    assert "SN  - 9786040100016" in lines
    assert lines[-3:] == ["ER  - ", "", ""]


def test_bibtex() -> None:
    written = export_record(BOOK, ExportForm.BIBTEX)
    assert written.startswith(f"@book{{{BOOK.master_id},\n  title = {{Truyện Kiều: thơ}},\n")
    assert "  author = {Nguyễn Du and Đào Duy Anh}," in written


@pytest.mark.parametrize(
    ("title", "written"),
    [("C# & {C}_1", r"C\# \& \{C\}\_1"), ("a\\b~", r"a\textbackslash{}b\textasciitilde{}")],
)
def test_signs_that_tex_acts_upon_are_text(title: str, written: str) -> None:
    assert f"title = {{{written}}}" in export_record(a_document(1, title), ExportForm.BIBTEX)


def test_a_table_has_a_head_and_no_formulas() -> None:
    table = export_head(ExportForm.TABLE) + export_record(a_document(2, "=cmd()"), ExportForm.TABLE)
    head, row = csv.reader(io.StringIO(table.removeprefix("\ufeff")))
    assert dict(zip(head, row, strict=True))["title"] == "'=cmd()"


@given(st.text(max_size=40), st.text(max_size=20))
def test_each_record_is_one_line_of_json_and_of_the_table(title: str, name: str) -> None:
    document = a_document(3, title, contributors=(name,))
    (line,) = export_record(document, ExportForm.JSON_LINES).removesuffix("\n").split("\n")
    assert json.loads(line)["title"] == title
    assert len(list(csv.reader(io.StringIO(export_record(document, ExportForm.TABLE))))) == 1
    assert export_record(document, ExportForm.RIS).count("\r\n") == len(
        export_record(document, ExportForm.RIS).splitlines()
    )
