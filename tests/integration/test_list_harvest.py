"""A list as a feed: CSV and XLSX as libraries deliver them, named rows, resuming, and what is refused."""

import gzip
import json
import random
import tracemalloc
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest
from workbooks import MAIN, Cell, Day, a_workbook

from harvesters import lists
from harvesters.lists import PAGE, ListHarvester, is_list, read_head
from unioncat.core.delivery import DeliveredRecord, RecordFormat
from unioncat.core.errors import FileUnreadable
from unioncat.core.merge.holdings import load_profiles, read_holdings
from unioncat.core.parse.columns import Role
from unioncat.core.parse.iso2709 import render_iso2709
from unioncat.core.parse.reading import Readable
from unioncat.core.parse.repaired import with_repaired_text
from unioncat.core.parse.rows import parse_row
from unioncat.core.registry import Checkpoint

HEADER = ["STT", "Tên sách", "Tác giả", "NXB", "Năm XB", "ISBN", "Số ĐKCB", "Kho"]
BOOKS = [
    ["1", "Tắt đèn", "Ngô Tất Tố", "Văn học", "2015", "9786045701126", "VN001", "Kho A"],
    ["2", "Truyện Kiều", "Nguyễn Du", "Trẻ", "2003", "", "VN002; VN003", "Kho A"],
    ["3", "Dế mèn phiêu lưu ký", "Tô Hoài", "Kim Đồng", "1998", "", "VN004", "Kho B"],
]


def csv_text(rows: Sequence[Sequence[str]], delimiter: str = ",") -> str:
    return "".join(delimiter.join(row) + "\r\n" for row in rows)


def a_csv(path: Path, rows: Sequence[Sequence[str]] = (HEADER, *BOOKS)) -> Path:
    path.write_text(csv_text(rows), encoding="utf-8")
    return path


async def deliver(path: Path, columns: tuple[tuple[str, str], ...] = ()) -> list[DeliveredRecord]:
    return [record async for page in ListHarvester(path, columns).pages(None) for record in page.records]


def cells(record: DeliveredRecord) -> dict[str, str]:
    read: dict[str, str] = json.loads(record.raw)
    return read


async def titles(path: Path) -> list[str]:
    return [cells(record).get("Tên sách", "") for record in await deliver(path)]


async def refusal(path: Path, columns: tuple[tuple[str, str], ...] = ()) -> str:
    with pytest.raises(FileUnreadable) as refused:
        await deliver(path, columns)
    return str(refused.value)


# --- CSV ----------------------------------------------------------------------------------------------


async def test_a_row_is_delivered_as_it_stands_without_its_empty_cells(tmp_path: Path) -> None:
    first, second, _ = await deliver(a_csv(tmp_path / "sách.csv"))
    assert first.format is RecordFormat.ROW
    assert first.place == "row 2 of sách.csv"
    assert cells(second) == {
        "STT": "2",
        "Tên sách": "Truyện Kiều",
        "Tác giả": "Nguyễn Du",
        "NXB": "Trẻ",
        "Năm XB": "2003",
        "Số ĐKCB": "VN002; VN003",
        "Kho": "Kho A",
    }


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("compress", [bytes, gzip.compress])
async def test_encoding_delimiter_and_gzip_are_found_out(
    tmp_path: Path, encoding: str, delimiter: str, compress
) -> None:
    path = tmp_path / "list.csv"
    text = csv_text((HEADER, *BOOKS), delimiter).replace("VN002; VN003", "VN002 VN003")
    path.write_bytes(compress(text.encode(encoding)))
    assert await titles(path) == ["Tắt đèn", "Truyện Kiều", "Dế mèn phiêu lưu ký"]
    assert read_head(path).delimiter == delimiter


async def test_bytes_of_an_old_encoding_are_kept_every_one(tmp_path: Path) -> None:
    path = tmp_path / "tcvn3.csv"
    odd = bytes([*range(0x20, 0x22), *range(0x23, 0x2C), *range(0x2D, 0x100)])
    path.write_bytes("Tên sách,NXB\r\n".encode() + b"T\xbeb \xae\xcfn,V\xa8n h\xe4c\r\n" + odd + b",x\r\n")
    records = await deliver(path)
    kept = cells(records[1])["Tên sách"]
    assert cells(records[0])["NXB"] == "V¨n häc"
    assert len(kept) == len(odd)
    assert bytes(ord(c) if c in "\x81\x8d\x8f\x90\x9d" else c.encode("cp1252")[0] for c in kept) == odd


async def test_a_list_in_tcvn3_becomes_records_in_vietnamese(tmp_path: Path) -> None:
    path = tmp_path / "tcvn3.csv"
    rows = ["Tªn s¸ch,T¸c gi¶,Nhµ xuÊt b¶n", "T¾t ®Ìn vµ nh÷ng truyÖn ng¾n chän läc,Ng« TÊt Tè,V¨n häc"]
    path.write_bytes("\r\n".join(rows).encode("cp1252"))
    (record,) = await deliver(path)
    read = parse_row(record.raw, read_head(path).mapping)
    assert isinstance(read, Readable)
    marc = with_repaired_text(read).marc
    assert marc.values("245", "a") == ("Tắt đèn và những truyện ngắn chọn lọc",)
    assert marc.values("100", "a") == ("Ngô Tất Tố",)


async def test_quotes_line_breaks_and_delimiters_stand_in_cells(tmp_path: Path) -> None:
    path = tmp_path / "quotes.csv"
    path.write_text(
        'Tên sách,Ghi chú\r\n"Tắt đèn, tập 1","dòng 1\ndòng 2"\r\n"Nói ""có""",x\r\nĐĩa 12" đen,y\r\n',
        encoding="utf-8",
    )
    first, second, third = await deliver(path)
    assert cells(first) == {"Tên sách": "Tắt đèn, tập 1", "Ghi chú": "dòng 1\ndòng 2"}
    assert cells(second)["Tên sách"] == 'Nói "có"'
    assert cells(third) == {"Tên sách": 'Đĩa 12" đen', "Ghi chú": "y"}
    assert third.place == "row 5 of quotes.csv"


async def test_a_quotation_mark_that_is_never_closed_swallows_no_rows(tmp_path: Path) -> None:
    path = tmp_path / "open.csv"
    rows = [["Tên sách", "NXB"], ['"Tắt đèn', "Trẻ"], *[[f"Sách {n}", "Trẻ"] for n in range(500)]]
    a_csv(path, rows)
    records = await deliver(path)
    assert len(records) == 501
    assert cells(records[0]) == {"Tên sách": '"Tắt đèn', "NXB": "Trẻ"}
    assert cells(records[-1]) == {"Tên sách": "Sách 499", "NXB": "Trẻ"}


@pytest.mark.parametrize("line_break", ["\n", "\r\n", "\r"])
async def test_any_line_break_ends_a_row(tmp_path: Path, line_break: str) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes(csv_text((HEADER, *BOOKS)).replace("\r\n", line_break).encode())
    assert [record.place for record in await deliver(path)] == [f"row {n} of list.csv" for n in (2, 3, 4)]


async def test_a_list_of_isbns_alone_needs_no_header(tmp_path: Path) -> None:
    path = tmp_path / "isbn.txt"
    path.write_text("9786045701126\n978-0-306-40615-7\n0306406152\n")
    assert [cells(record) for record in await deliver(path)] == [
        {"A": "9786045701126"},
        {"A": "978-0-306-40615-7"},
        {"A": "0306406152"},
    ]
    assert read_head(path).mapping == (("A", "isbn"),)


async def test_title_lines_sums_and_repeated_headers_are_no_records_and_all_else_is(tmp_path: Path) -> None:
    rows = [
        ["UBND XÃ AN PHÚ"],
        [],
        ["DANH MỤC SÁCH", "", "", "", "", "", "", ""],
        HEADER,
        BOOKS[0],
        HEADER,
        ["II. SÁCH THIẾU NHI", "", "", "", "", "", "", ""],
        BOOKS[2],
        ["4", "", "", "", "", "", "", ""],
        ["Tổng cộng", "", "", "", "", "", "2", ""],
    ]
    records = await deliver(a_csv(tmp_path / "list.csv", rows))
    assert [record.place for record in records] == [f"row {n} of list.csv" for n in (5, 7, 8)]


async def test_a_row_with_more_cells_than_the_header_keeps_them(tmp_path: Path) -> None:
    path = a_csv(
        tmp_path / "list.csv", [["Tên sách", "NXB"], ["Tắt đèn", "Trẻ"], *[["x", "y"]] * 200, ["a", "b", "c"]]
    )
    assert cells((await deliver(path))[-1]) == {"Tên sách": "a", "NXB": "b", "C": "c"}


# --- XLSX ---------------------------------------------------------------------------------------------


def an_xlsx(path: Path, rows: Sequence[Sequence[Cell]], **more) -> Path:
    path.write_bytes(a_workbook({"Sách": rows}, **more))
    return path


async def test_a_workbook_gives_its_values_as_text_in_full(tmp_path: Path) -> None:
    rows: list[list[Cell]] = [
        ["Tên sách", "ISBN", "Năm XB", "Giá", "Ngày nhập", "Mới"],
        ["Tắt đèn", 9786045701126, 2015.0, 45000.5, Day(45000), True],
        ["Số đỏ", 9.786045701126e12, Day(2016), 0.1 + 0.2, Day(45000.5), None],
    ]
    first, second = await deliver(an_xlsx(tmp_path / "list.xlsx", rows))
    assert cells(first) == {
        "Tên sách": "Tắt đèn",
        "ISBN": "9786045701126",
        "Năm XB": "2015",
        "Giá": "45000.5",
        "Ngày nhập": "2023-03-15",
        "Mới": "TRUE",
    }
    assert cells(second) == {
        "Tên sách": "Số đỏ",
        "ISBN": "9786045701126",
        "Năm XB": "1905-07-08",
        "Giá": "0.3",
        "Ngày nhập": "2023-03-15 12:00:00",
    }
    read = parse_row(second.raw, ())
    assert isinstance(read, Readable)
    assert read.marc.values("260", "c") == ("2016",)


async def test_a_workbook_may_count_its_days_from_1904(tmp_path: Path) -> None:
    rows: list[list[Cell]] = [["Tên sách", "Ngày XB"], ["Tắt đèn", Day(43538)]]
    (record,) = await deliver(an_xlsx(tmp_path / "mac.xlsx", rows, date1904=True))
    assert cells(record)["Ngày XB"] == "2023-03-15"


async def test_the_form_of_a_register_is_read_with_its_merged_cells(tmp_path: Path) -> None:
    rows: list[list[Cell]] = [
        ["THƯ VIỆN XÃ AN PHÚ"],
        ["SỔ ĐĂNG KÝ CÁ BIỆT"],
        [],
        ["STT", "Tên sách", "Xuất bản", None, None, "Số ĐKCB", "Giá tiền"],
        [None, None, "Nhà XB", "Nơi XB", "Năm XB"],
        ["(1)", "(2)", "(3)", "(4)", "(5)", "(6)", "(7)"],
        [1, "Tắt đèn", "Văn học", "H.", 2015, "VN001", 45000],
        [2, None, None, None, None, "VN002", 45000],
        ["Tổng cộng", None, None, None, None, 2, 90000],
    ]
    merged = ["A1:G1", "A4:A5", "B4:B5", "C4:E4", "F4:F5", "G4:G5", "B7:B8", "C7:C8", "D7:D8", "E7:E8"]
    path = an_xlsx(tmp_path / "register.xlsx", rows, merged=merged)
    assert read_head(path).header == ("STT", "Tên sách", "Nhà XB", "Nơi XB", "Năm XB", "Số ĐKCB", "Giá tiền")
    first, second = map(cells, await deliver(path))
    assert {key: first[key] for key in ("Tên sách", "Nhà XB", "Năm XB")} == {
        key: second[key] for key in ("Tên sách", "Nhà XB", "Năm XB")
    }
    assert (first["Số ĐKCB"], second["Số ĐKCB"]) == ("VN001", "VN002")


async def test_sheets_with_the_same_columns_are_read_and_others_are_not(tmp_path: Path) -> None:
    path = tmp_path / "list.xlsx"
    sheet = [HEADER, BOOKS[0]]
    path.write_bytes(
        a_workbook(
            {
                "Bìa": [["Danh mục sách"]],
                "Kho A": sheet,
                "Bạn đọc": [["Họ và tên", "Lớp"], ["Nguyễn Văn A", "5A"]],
                "Kho B": [["DANH MỤC"], HEADER, BOOKS[1]],
                "Ẩn": sheet,
            },
            hidden=["Ẩn"],
        )
    )
    assert [record.place for record in await deliver(path)] == [
        "row 2 of list.xlsx, sheet Kho A",
        "row 3 of list.xlsx, sheet Kho B",
    ]
    assert read_head(path).sheet == "Kho A"


async def test_inline_rich_and_formula_texts_are_read_without_what_is_not_text(tmp_path: Path) -> None:
    sheet = (
        f'<x:worksheet xmlns:x="{MAIN}"><x:sheetData><x:row>'
        '<x:c t="inlineStr"><x:is><x:t>Tên sách</x:t></x:is></x:c><x:c t="inlineStr"><x:is><x:t>Giá</x:t></x:is></x:c></x:row>'
        '<x:row><x:c t="inlineStr"><x:is><x:r><x:rPr><x:b/></x:rPr><x:t>Tắt </x:t></x:r><x:r><x:t>đèn</x:t></x:r>'
        '<x:rPh sb="0" eb="1"><x:t>phiên âm</x:t></x:rPh></x:is></x:c>'
        '<x:c t="str"><x:f>WEBSERVICE("http://x")</x:f><x:v>45000</x:v></x:c></x:row></x:sheetData></x:worksheet>'
    )
    path = an_xlsx(tmp_path / "odd.xlsx", [], parts={"xl/worksheets/sheet1.xml": sheet})
    assert [cells(record) for record in await deliver(path)] == [{"Tên sách": "Tắt đèn", "Giá": "45000"}]


# --- names of rows ------------------------------------------------------------------------------------


async def test_rows_in_another_order_and_with_other_numbers_have_the_same_identifiers(tmp_path: Path) -> None:
    rows = [*BOOKS, ["4", *BOOKS[0][1:]], ["5", *BOOKS[0][1:7], "Kho C"]]
    before = await deliver(a_csv(tmp_path / "a.csv", [HEADER, *rows]))
    shuffled = random.Random(7).sample(rows, len(rows))
    numbered = [[str(number), *row[1:]] for number, row in enumerate(shuffled, start=1)]
    after = await deliver(a_csv(tmp_path / "b.csv", [HEADER, *numbered]))

    def named(records: list[DeliveredRecord]) -> dict[str | None, tuple[str, ...]]:
        return {
            r.identifier: tuple(text for name, text in cells(r).items() if name != "STT") for r in records
        }

    assert len(named(before)) == len(rows)
    assert named(before) == named(after)


async def test_a_control_number_names_its_row_unless_another_has_it_too(tmp_path: Path) -> None:
    rows = [
        ["Mã tài liệu", "Tên sách", "Kho"],
        ["TL1", "Tắt đèn", "A"],
        ["TL2", "Số đỏ", "A"],
        ["TL2", "Vỡ đê", "A"],
    ]
    identifiers = [record.identifier for record in await deliver(a_csv(tmp_path / "list.csv", rows))]
    assert identifiers[0] == "TL1"
    assert all(name and name.startswith("row-") for name in identifiers[1:])
    assert len(set(identifiers)) == 3


async def test_a_changed_price_or_note_does_not_rename_a_row(tmp_path: Path) -> None:
    header = ["Tên sách", "Năm", "Giá", "Ghi chú"]
    (before,) = await deliver(a_csv(tmp_path / "a.csv", [header, ["Tắt đèn", "2015", "45000", ""]]))
    (after,) = await deliver(a_csv(tmp_path / "b.csv", [header, ["TẮT ĐÈN", "2015", "50000", "bìa rách"]]))
    assert before.identifier == after.identifier


# --- pages and mappings -------------------------------------------------------------------------------


async def test_a_list_comes_in_pages_with_its_total_and_resumes_after_each(tmp_path: Path) -> None:
    rows = [[str(n), f"Sách {n % 700}", "", "", "", "", "", ""] for n in range(PAGE * 2 + 3)]
    path = a_csv(tmp_path / "list.csv", [HEADER, *rows])
    pages = [page async for page in ListHarvester(path).pages(None)]
    assert [len(page.records) for page in pages] == [PAGE, PAGE, 3]
    assert {page.total for page in pages} == {PAGE * 2 + 3}
    for number, page in enumerate(pages, start=1):
        stored = Checkpoint(json.loads(json.dumps(page.checkpoint.state)))
        assert [rest async for rest in ListHarvester(path).pages(stored)] == pages[number:]


async def test_the_mapping_of_the_source_beats_the_names(tmp_path: Path) -> None:
    path = a_csv(tmp_path / "list.csv", [["Mã số", "Cột"], ["K1", "Tắt đèn"], ["K2", "Số đỏ"]])
    columns = (("Cột", "title"), ("MÃ SỐ", "control_number"))
    assert [record.identifier for record in await deliver(path, columns)] == ["K1", "K2"]
    assert read_head(path, columns=columns).guesses[1].role is Role.TITLE


async def test_a_delivery_that_lacks_the_mapped_column_is_refused_with_both_names(tmp_path: Path) -> None:
    said = await refusal(a_csv(tmp_path / "list.csv"), (("Nhan đề chính", "title"), ("Tác giả", "authors")))
    assert "list.csv has no column 'Nhan đề chính'" in said
    assert "its columns are 'STT', 'Tên sách'" in said


def test_a_head_shows_the_columns_with_a_sample(tmp_path: Path) -> None:
    head = read_head(a_csv(tmp_path / "list.csv"))
    assert (head.header, head.sample[0], head.encoding) == (tuple(HEADER), tuple(BOOKS[0]), "utf-8")
    assert dict(head.mapping)["Tên sách"] == "title"
    assert all(guess.reason for guess in head.guesses)


# --- what is a list -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("head", "name"),
    [
        (csv_text((HEADER, *BOOKS)).encode(), "list.csv"),
        (csv_text((HEADER, *BOOKS)).encode(), "upload.dat"),
        (csv_text((HEADER, *BOOKS), "\t").encode("utf-16"), "upload"),
        (b"9786045701126\n9780306406157\n", "isbn.txt"),
        (b"9786045701126\n9780306406157\n", "upload"),
        (a_workbook({"Sách": [HEADER, *BOOKS]}), "sach.xlsx"),
        (a_workbook({"Sách": [HEADER, *BOOKS]}), "upload"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\x00\x00", "sach.xls"),
        (b"a,b,c\n1,2,3\n", "x.csv"),
    ],
)
def test_a_list_is_told_by_its_beginning(head: bytes, name: str) -> None:
    assert is_list(head, name)


@pytest.mark.parametrize(
    ("head", "name"),
    [
        (b"", "x.csv"),
        (b"<?xml version='1.0'?><collection>", "x.csv"),
        (b'[{"leader": "x", "fields": []}]', "x.txt"),
        (b"00714cam  2200205 a 4500001001300000\x1e", "x.txt"),
        (b"=LDR  00714cam  2200205 a 4500\n=245  10$aTitle", "x.txt"),
        (b"Ldr 00714cam #001 1 #245 $aTitle, author, year\n", "x.txt"),
        (b"000000001 LDR   L 00714cam\n000000001 24510 L $$aTitle, author\n", "x.txt"),
        (b"PK\x03\x04\x14\x00\x00\x00\x08\x00books.mrc", "books.zip"),
        (b"Dear colleagues,\nhere is our list, as agreed.\n", "letter"),
        (bytes(range(256)) * 10, "noise"),
    ],
)
def test_other_formats_are_no_lists(head: bytes, name: str) -> None:
    assert not is_list(head, name)


def test_real_records_are_no_lists(test_data: Path) -> None:
    paths = [
        p
        for p in sorted(test_data.rglob("*"))
        if p.suffix in (".mrc", ".xml", ".iso", ".ISO", ".marc", ".json")
    ]
    assert paths
    for path in paths:
        with path.open("rb") as file:
            assert not is_list(file.read(65536), path.name), path


# --- what is refused ----------------------------------------------------------------------------------


async def test_what_cannot_be_read_is_refused_with_what_to_do(tmp_path: Path) -> None:
    old, sheet, broken, empty = (tmp_path / name for name in ("a.xls", "b.ods", "c.xlsx", "d.csv"))
    old.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))
    with zipfile.ZipFile(sheet, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
    broken.write_bytes(a_workbook({"Sách": [HEADER, *BOOKS]})[:-100])
    empty.write_bytes(b"\xef\xbb\xbf \r\n")
    assert "a.xls is an old workbook (.xls) or is protected by a password" in await refusal(old)
    assert "save it as .xlsx or CSV" in await refusal(sheet)
    assert "c.xlsx is a damaged or protected XLSX workbook" in await refusal(broken)
    assert await refusal(empty) == "d.csv is empty; deliver a list with a row for each publication"
    assert "missing.csv cannot be read: No such file" in await refusal(tmp_path / "missing.csv")
    assert "has a header and no rows" in await refusal(a_csv(tmp_path / "header.csv", [HEADER]))
    people = a_csv(tmp_path / "people.csv", [["Họ tên", "Lớp"], ["An", "5"], ["Ba", "4"]])
    assert "no column that seems to hold titles or ISBNs; its columns are 'Họ tên', 'Lớp'" in await refusal(
        people
    )


async def test_a_truncated_file_delivers_what_came_before_and_then_fails(tmp_path: Path) -> None:
    rows = [[str(n), f"Sách {random.Random(n).random()}", "", "", "", "", "", ""] for n in range(5000)]
    packed = gzip.compress(csv_text([HEADER, *rows]).encode())
    path = tmp_path / "list.csv.gz"
    path.write_bytes(packed[:-1000])
    delivered: list[DeliveredRecord] = []

    async def collect() -> None:
        async for page in ListHarvester(path).pages(None):
            delivered.extend(page.records)

    with pytest.raises(FileUnreadable, match=r"list\.csv\.gz is a damaged gzip file"):
        await collect()
    assert len(delivered) > PAGE


async def test_a_workbook_that_unfolds_to_too_much_is_refused_before_it_is_unfolded(tmp_path: Path) -> None:
    path = tmp_path / "bomb.xlsx"
    path.write_bytes(a_workbook({"Sách": [HEADER]}, parts={"xl/media/zero.bin": "0" * 50_000_000}))
    assert path.stat().st_size < 100_000
    tracemalloc.start()
    assert "bomb.xlsx unfolds from" in await refusal(path)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 5_000_000


async def test_two_cells_at_the_far_ends_of_a_sheet_cost_nothing(tmp_path: Path) -> None:
    sheet = (
        f'<worksheet xmlns="{MAIN}"><sheetData><row r="1"><c r="A1" t="str"><v>Tên sách</v></c></row>'
        '<row r="1048576"><c r="A1048576" t="str"><v>Tắt đèn</v></c><c r="XFD1048576"><v>1</v></c></row></sheetData>'
        "</worksheet>"
    )
    path = an_xlsx(tmp_path / "far.xlsx", [], parts={"xl/worksheets/sheet1.xml": sheet})
    (record,) = await deliver(path)
    assert record.place == "row 1048576 of far.xlsx"
    assert cells(record) == {"Tên sách": "Tắt đèn"}


async def test_entities_are_never_expanded(tmp_path: Path) -> None:
    doctype = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
    sheet = f'{doctype}<worksheet xmlns="{MAIN}"><sheetData><row><c t="str"><v>&a;</v></c></row></sheetData></worksheet>'
    path = an_xlsx(tmp_path / "xxe.xlsx", [], parts={"xl/worksheets/sheet1.xml": sheet})
    assert "document type declaration" in await refusal(path)


async def test_a_list_that_is_too_long_or_too_wide_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wide = a_csv(tmp_path / "wide.csv", [["Tên sách", *map(str, range(600))], ["x"] * 601])
    assert "wide.csv has 601 columns; a list has 500 at the most" in await refusal(wide)
    endless = tmp_path / "endless.csv"
    endless.write_bytes(b"T\xc3\xaan s\xc3\xa1ch,NXB\nx,y\n" + b"z" * 5_000_000)
    assert "line 3 of endless.csv is longer than" in await refusal(endless)
    monkeypatch.setattr(lists, "MOST_ROWS", 2)
    assert "list.csv has more than 2 rows" in await refusal(a_csv(tmp_path / "list.csv"))


# --- real and large lists -----------------------------------------------------------------------------


async def test_a_real_list_of_a_university_is_read_without_a_loss(test_data: Path) -> None:
    path = test_data / "vn" / "hcmut_bk.tsv.gz"
    head = read_head(path)
    assert dict(head.mapping) == {
        "stt": "ignored",
        "ddc_cutter": "classification",
        "title": "title",
        "volume": "volume",
        "author": "authors",
        "year": "year",
        "barcodes": "barcode",
        "location": "location",
    }
    records = await deliver(path, head.mapping)
    assert len(records) == len({record.identifier for record in records}) == 24848
    some = [parse_row(record.raw, head.mapping) for record in records[::25]]
    assert all(isinstance(one, Readable) for one in some)
    profile = load_profiles()["default"]
    held = [hold for one in some if isinstance(one, Readable) for hold in read_holdings(one.marc, profile)]
    assert sum(one.copies for one in held) > len(some) * 1.5
    assert not is_list(render_iso2709(next(one.marc for one in some if isinstance(one, Readable))), "x.csv")


async def test_memory_does_not_grow_with_a_csv_file(tmp_path: Path) -> None:
    async def peak(count: int) -> int:
        path = tmp_path / f"{count}.csv"
        with path.open("w", encoding="utf-8") as file:
            file.write("Tên sách,Ghi chú,Số ĐKCB\n")
            file.writelines(f"Sách {n},{'x' * 500},VN{n:06}\n" for n in range(count))
        tracemalloc.start()
        async for _ in ListHarvester(path).pages(None):
            pass
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    assert await peak(6_000) < await peak(2_000) + 500_000
