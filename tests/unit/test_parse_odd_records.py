"""Odd records, each with its oddity in the name."""

import pytest

from unioncat.core.delivery import DeliveredRecord, ParsedRecord, RecordFormat, RejectedRecord
from unioncat.core.findings import Finding, FindingKind
from unioncat.core.marc import DEFAULT_LEADER, ControlField, DataField, MarcRecord
from unioncat.core.parse.iso2709 import render_iso2709
from unioncat.core.parse.read import read_record

BOOK = MarcRecord(
    DEFAULT_LEADER,
    (
        ControlField("001", "b1"),
        DataField("245", "10", (("a", "Đất rừng phương Nam"), ("c", "Đoàn Giỏi"))),
        DataField("260", "  ", (("a", "H."), ("b", "Kim Đồng"), ("c", "1957"))),
    ),
)


def iso(raw: bytes, identifier: str | None = None) -> ParsedRecord | RejectedRecord:
    return read_record(DeliveredRecord(raw, RecordFormat.ISO2709, "record 1", identifier))


def parsed(outcome: ParsedRecord | RejectedRecord) -> ParsedRecord:
    assert isinstance(outcome, ParsedRecord), outcome
    return outcome


def rejected(outcome: ParsedRecord | RejectedRecord) -> RejectedRecord:
    assert isinstance(outcome, RejectedRecord), outcome
    return outcome


def with_leader(raw: bytes, place: int, value: bytes) -> bytes:
    return raw[:place] + value + raw[place + len(value) :]


def test_a_leader_that_claims_marc8_over_utf8_is_not_believed() -> None:
    read = parsed(iso(with_leader(render_iso2709(BOOK), 9, b" ")))
    assert read.marc.fields == BOOK.fields
    said = "leader/09 says MARC-8, but the text is UTF-8"
    assert Finding(FindingKind.CHARSET_CLAIM, said) in read.findings


def test_marc8_is_decoded() -> None:
    field = b"10\x1faL\xe2e H\xf2\xe3o\x1e"  # in MARC-8 a combining mark comes before its letter
    directory = b"245%04d%05d" % (len(field), 0)
    leader = b"00000nam  2200%05d   4500" % (24 + len(directory) + 1)
    read = parsed(iso(leader[:24] + directory + b"\x1e" + field + b"\x1d"))
    assert read.marc.first("245") == DataField("245", "10", (("a", "Lé Hộ"),))
    assert not [finding for finding in read.findings if "leader" in finding.detail]


def test_a_wrong_directory_is_mended_by_the_terminators() -> None:
    raw = bytearray(render_iso2709(BOOK))
    raw[24 + 12 + 7 : 24 + 24] = b"00099"
    read = parsed(iso(bytes(raw)))
    assert read.marc.fields == BOOK.fields
    assert any("directory is damaged" in finding.detail for finding in read.findings)


def test_a_wrong_record_length_does_not_matter() -> None:
    assert parsed(iso(with_leader(render_iso2709(BOOK), 0, b"00042"))).marc.fields == BOOK.fields


def test_a_directory_that_ends_with_a_subfield_sign_is_read() -> None:
    raw = render_iso2709(BOOK)
    end = raw.index(b"\x1e")
    assert parsed(iso(raw[:end] + b"\x1f" + raw[end + 1 :])).marc.fields == BOOK.fields


def test_a_record_cut_in_the_directory_is_rejected_with_its_bytes() -> None:
    raw = render_iso2709(BOOK)[:40]
    outcome = rejected(iso(raw))
    assert (outcome.delivered.raw, outcome.delivered.place) == (raw, "record 1")
    assert "directory" in outcome.reason


def test_a_record_without_control_number_is_known_by_its_bytes() -> None:
    bare = MarcRecord(DEFAULT_LEADER, BOOK.fields[1:])
    first, again = parsed(iso(render_iso2709(bare))), parsed(iso(render_iso2709(bare)))
    assert first.control_number == again.control_number
    assert first.control_number.startswith("sha256:")
    assert parsed(iso(render_iso2709(bare), "oai:x:1")).control_number == "oai:x:1"


def test_control_characters_are_dropped_and_text_is_composed() -> None:
    odd = DataField("245", "10", (("a", "Vie\u0302\u0323t\x02 Nam"),))
    read = parsed(iso(render_iso2709(MarcRecord(DEFAULT_LEADER, (odd,)))))
    assert read.marc.first("245").get("a") == "Việt Nam"


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"", "broken"),
        (b"<record><leader/>", "XML is broken"),
        (b"<html><body/></html>", "no MARCXML record"),
    ],
)
def test_xml_that_is_no_record_is_rejected(raw: bytes, reason: str) -> None:
    assert reason in rejected(read_record(DeliveredRecord(raw, RecordFormat.MARCXML, "record 1"))).reason


def test_entities_of_a_stranger_are_not_expanded() -> None:
    raw = b'<!DOCTYPE r [<!ENTITY a "bomb">]><record><datafield tag="245"><subfield code="a">x&a;</subfield></datafield></record>'
    read = parsed(read_record(DeliveredRecord(raw, RecordFormat.MARCXML, "record 1")))
    assert "bomb" not in read.marc.values("245", "a")[0]


def test_oai_dc_becomes_marc() -> None:
    raw = """<oai_dc:dc xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/" xmlns:dc="http://purl.org/dc/elements/1.1/">
    <dc:title>Đất rừng phương Nam</dc:title><dc:creator>Đoàn Giỏi</dc:creator><dc:creator>Bùi Xuân Phái</dc:creator>
    <dc:publisher>Kim Đồng</dc:publisher><dc:date>1957</dc:date><dc:identifier>ISBN 978-604-57-0112-6</dc:identifier>
    <dc:identifier>https://library.example/1</dc:identifier><dc:language>vie</dc:language></oai_dc:dc>""".encode()
    marc = parsed(read_record(DeliveredRecord(raw, RecordFormat.OAI_DC, "record 1", "oai:1"))).marc
    assert marc.values("245", "a") == ("Đất rừng phương Nam",)
    assert (marc.values("100", "a"), marc.values("700", "a")) == (("Đoàn Giỏi",), ("Bùi Xuân Phái",))
    assert (marc.values("260", "bc"), marc.values("041", "a")) == (("Kim Đồng", "1957"), ("vie",))
    assert marc.values("856", "u") == ("https://library.example/1",)
    assert marc.values("020", "a") == ("ISBN 978-604-57-0112-6",)


def test_a_record_too_long_for_iso2709_is_said_to_be() -> None:
    long = MarcRecord(DEFAULT_LEADER, tuple(DataField("520", "  ", (("a", "x" * 9000),)) for _ in range(12)))
    with pytest.raises(ValueError, match="99999"):
        render_iso2709(long)
