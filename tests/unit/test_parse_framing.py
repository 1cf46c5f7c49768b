"""How files are cut into records, and what is kept of what lies between."""

import itertools
from collections.abc import Callable, Iterable, Iterator

import pytest

from unioncat.core.delivery import RecordFormat
from unioncat.core.marc import ControlField, DataField, MarcRecord
from unioncat.core.parse.framing import (
    LONGEST_RECORD,
    in_utf8,
    split_iso2709,
    split_json,
)
from unioncat.core.parse.iso2709 import render_iso2709
from unioncat.core.parse.marcxml import parse_marcxml
from unioncat.core.parse.reading import Readable
from unioncat.core.parse.text_framing import (
    looks_like_aleph,
    looks_like_libol_text,
    split_aleph,
    split_libol_text,
)
from unioncat.core.parse.xml_framing import XmlPiece, split_xml

MARC = '<record><controlfield tag="001">{}</controlfield></record>'
HASH_ISO = b"00060nam a2200037 p 4500001000300000#A1##"
OAI = '<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><ListRecords>{}<resumptionToken/></ListRecords></OAI-PMH>'


def a_record(number: str) -> bytes:
    title = DataField("245", "10", (("a", f"Truyện {number}"),))
    return render_iso2709(
        MarcRecord("00000nam a2200000 a 4500", (ControlField("001", number), title)),
    )


def numbers(text: str) -> list[str | None]:
    readings = [parse_marcxml(piece.raw) for piece in split_xml([text.encode()])]
    return [read.marc.control("001") if isinstance(read, Readable) else None for read in readings]


@pytest.mark.parametrize("between", [b"", b"\n", b"\r\n\x00 ", b"\x1d", b"\xef\xbb\xbf"])
def test_white_space_between_records_of_iso2709_is_nothing(between: bytes) -> None:
    assert list(split_iso2709([between + a_record("1") + between + a_record("2") + between])) == [
        a_record("1"),
        a_record("2"),
    ]


def test_garbage_before_a_whole_record_is_a_piece_of_its_own() -> None:
    assert list(split_iso2709([a_record("1") + b"garbage" + a_record("2")])) == [
        a_record("1"),
        b"garbage",
        a_record("2"),
    ]


def test_a_record_that_was_cut_off_in_the_middle_of_a_file_does_not_harm_the_next() -> None:
    cut = a_record("1")[:-9]
    assert list(split_iso2709([cut + a_record("2")])) == [cut, a_record("2")]


def test_a_record_that_was_cut_off_at_the_end_is_delivered() -> None:
    cut = a_record("2")[:-9]
    assert list(split_iso2709([a_record("1") + cut])) == [a_record("1"), cut]


def test_a_record_of_wrong_length_ends_with_its_terminator() -> None:
    wrong = b"00300" + a_record("1")[5:]
    assert list(split_iso2709([wrong + a_record("2") * 9])) == [wrong] + [a_record("2")] * 9


def test_a_terminator_within_a_field_is_not_the_end_when_the_length_says_so() -> None:
    odd = a_record("1").replace("ệ".encode(), b"a\x1db")
    assert list(split_iso2709([odd[:-30], odd[-30:] + a_record("2")])) == [odd, a_record("2")]


def test_something_endless_is_cut_and_the_next_record_is_read() -> None:
    endless = itertools.repeat(b"x" * 1_000_000, 11)
    pieces = list(split_iso2709(itertools.chain(endless, [b"\x1e\x1d" + a_record("2")])))
    assert [len(piece) for piece in pieces[:-1]] == [LONGEST_RECORD, 11_000_002 - LONGEST_RECORD]
    assert pieces[-1] == a_record("2")


def test_lines_of_libol_are_cut_at_the_double_hash_before_a_leader() -> None:
    lines = b"\xef\xbb\xbfLdr 00025nam a2200024 a 4500\r\n#001 A\r\n##\r\nLdr 00025nam\r\n#001 B##x\r\n##\r\n"
    assert [piece[-6:] for piece in split_libol_text([lines[:50], lines[50:]])] == [b"\r\n##\r\n"] * 2


@pytest.mark.parametrize("size", [1, 7, 1000])
def test_pseudo_iso_of_libol_is_cut_only_where_a_leader_follows(size: int) -> None:
    records = [HASH_ISO, HASH_ISO.replace(b"#A1", b"##12"), HASH_ISO]
    data = b"".join(records)
    chunks = [data[at : at + size] for at in range(0, len(data), size)]
    assert list(split_libol_text(chunks)) == records
    assert looks_like_libol_text(b"\xef\xbb\xbf" + data)


@pytest.mark.parametrize("size", [1, 20, 1000])
def test_lines_of_aleph_with_one_system_number_are_one_record(size: int) -> None:
    first = b"000000001 LDR   L 00000nam\n000000001 24510 L $$aA\r\nand more\n"
    second = b"000000002 24510 L $$aB\n"
    data = b"\xef\xbb\xbf" + first + second
    chunks = [data[at : at + size] for at in range(0, len(data), size)]
    assert list(split_aleph(chunks)) == [first, second]
    assert looks_like_aleph(data)


@pytest.mark.parametrize("split", [split_libol_text, split_aleph])
def test_an_endless_text_is_cut(split: Callable[[Iterable[bytes]], Iterator[bytes]]) -> None:
    head = b"000000001 24510 L $$a"
    sizes = [len(piece) for piece in split(itertools.chain([head], itertools.repeat(b"x" * 1_000_000, 25)))]
    assert max(sizes) <= LONGEST_RECORD + 1_000_000
    assert sum(sizes) == 25_000_000 + len(head)


def test_one_broken_line_of_json_harms_no_other() -> None:
    assert list(split_json([b'{"a": 1}\n{"b": "\n\n{"c": 3}\r\n'])) == [b'{"a": 1}', b'{"b": "', b'{"c": 3}']


def test_braces_and_quotes_in_a_text_of_json_are_text() -> None:
    objects = [rb'{"a": "}{\"\\"}', b'{\n"b": {"c": "]"}}']
    assert list(split_json([b" [", objects[0], b",\n", objects[1], b"] "])) == objects


def test_what_stands_between_the_objects_of_json_is_kept() -> None:
    assert list(split_json([b'[{"a": 1}, garbage {"b": 2}, "c"]'])) == [
        b'{"a": 1}',
        b"garbage",
        b'{"b": 2}',
        b'"c"',
    ]


def test_an_endless_object_of_json_is_cut_and_the_next_is_read() -> None:
    endless = itertools.repeat(b'{"a": "' + b"x" * 1_000_000 + b'", "b": ', 11)
    pieces = list(split_json(itertools.chain(endless, [b"1" + b"}" * 11 + b'{"b": 2}'])))
    assert pieces[-1] == b'{"b": 2}'
    assert len(pieces) == 3
    assert len(pieces[0]) >= LONGEST_RECORD


def test_records_of_xml_are_found_whatever_encloses_them() -> None:
    sru = f"<z:r xmlns:z='z'><z:records><z:record><z:recordData>{MARC.format(3)}</z:recordData></z:record></z:records></z:r>"
    assert numbers(MARC.format(1)) == ["1"]
    assert numbers(f"<collection>{MARC.format(1)}\n{MARC.format(2)}</collection>") == ["1", "2"]
    assert numbers(sru) == ["3"]
    assert numbers(f"<!-- <record> --><c><![CDATA[<record>]]>{MARC.format(4)}</c>") == ["4"]


def test_a_prefix_declared_by_the_collection_is_declared_in_each_record() -> None:
    prefixed = MARC.format(1).replace("<", "<m:").replace("<m:/", "</m:")
    assert (
        numbers(f'<m:collection xmlns:m="http://www.loc.gov/MARC21/slim">{prefixed * 2}</m:collection>')
        == ["1"] * 2
    )


def test_a_declared_encoding_goes_with_each_record() -> None:
    text = f'<?xml version="1.0" encoding="ISO-8859-1"?><c>{MARC.format("é")}</c>'
    (piece,) = split_xml([text.encode("latin-1")])
    assert parse_marcxml(piece.raw).marc.control("001") == "é"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_a_file_in_utf16_is_read(encoding: str) -> None:
    wide = f'<?xml version="1.0" encoding="UTF-16"?><c>{MARC.format("ệ")}</c>'.encode(encoding)
    (piece,) = split_xml(in_utf8([wide[:51], wide[51:]]))
    assert parse_marcxml(piece.raw).marc.control("001") == "ệ"


def test_a_record_without_its_end_is_delivered_and_harms_no_other() -> None:
    broken = MARC.format(1).replace("</record>", "")
    assert numbers(f"<c>{broken}{MARC.format(2)}</c>") == [None, "2"]
    assert numbers(f"<c>{MARC.format(1)}{broken}") == ["1", None]


def test_fields_whose_record_has_lost_its_tag_are_delivered() -> None:
    assert numbers("<c>" + MARC.format(1).replace("record>", "recrd>") + MARC.format(2) + "</c>") == [
        None,
        "2",
    ]
    assert numbers("<c>" + MARC.format(1).replace("record>", "recrd>") + "</c>") == [None]


def test_an_endless_record_of_xml_is_cut_and_the_next_is_read() -> None:
    endless = itertools.repeat(b"<datafield/>" * 100_000, 10)
    pieces = list(
        split_xml(itertools.chain([b"<c><record>"], endless, [b"</record>", MARC.format(2).encode()]))
    )
    assert len(pieces) == 3
    assert parse_marcxml(pieces[-1].raw).marc.control("001") == "2"


def test_xml_without_records_is_nothing_and_is_not_kept_in_memory() -> None:
    assert list(split_xml(itertools.repeat(b"<a><b>text</b></a>" * 1000, 100))) == []


def test_a_comment_that_does_not_end_hides_no_record_behind_it() -> None:
    endless = itertools.repeat(b"<!-- " + b"x" * 100_000, 30)
    (piece,) = split_xml(itertools.chain([b"<c>"], endless, [MARC.format(2).encode(), b" " * 1_100_000]))
    assert parse_marcxml(piece.raw).marc.control("001") == "2"


def test_the_header_of_oai_pmh_gives_identifier_datestamp_and_deletions() -> None:
    header = "<record><header{}><identifier>oai:x:{}</identifier><datestamp>2024-01-05</datestamp></header>{}</record>"
    dc = '<metadata><o:dc xmlns:o="o" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>T</dc:title></o:dc></metadata>'
    records = (
        header.format("", 1, f"<metadata>{MARC.format(1)}</metadata>")
        + header.format(' status="deleted"', 2, "")
        + header.format("", 3, dc)
    )
    marc, deleted, dublin_core = split_xml([OAI.format(records).encode()])
    assert (marc.format, marc.identifier, marc.datestamp) == (RecordFormat.MARCXML, "oai:x:1", "2024-01-05")
    assert deleted == XmlPiece(b"", RecordFormat.MARCXML, "oai:x:2", "2024-01-05", deleted=True)
    assert (dublin_core.format, dublin_core.identifier) == (RecordFormat.OAI_DC, "oai:x:3")
