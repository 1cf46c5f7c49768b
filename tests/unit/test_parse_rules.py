"""Rules of reading and writing that no single odd record shows."""

import hashlib
import unicodedata

import pytest

from unioncat.core.delivery import DeliveredRecord, ParsedRecord, RecordFormat, RejectedRecord
from unioncat.core.findings import Finding, FindingKind
from unioncat.core.marc import ControlField, DataField, MarcRecord
from unioncat.core.parse.framing import LONGEST_RECORD
from unioncat.core.parse.iso2709 import render_iso2709
from unioncat.core.parse.marc8 import decode_marc8
from unioncat.core.parse.read import read_record
from unioncat.core.parse.reading import uniform_leader
from unioncat.core.parse.text import clean

LEADER = "00000nam a2200000 a 4500"


def a_record(*fields: ControlField | DataField) -> bytes:
    title = DataField("245", "10", (("a", "Tắt đèn"),))
    return render_iso2709(MarcRecord(LEADER, (*fields, title)))


def a_delivery(raw: bytes, identifier: str | None = None) -> DeliveredRecord:
    return DeliveredRecord(raw, RecordFormat.ISO2709, "record 1 of books.mrc", identifier)


def read(raw: bytes, identifier: str | None = None) -> ParsedRecord:
    parsed = read_record(a_delivery(raw, identifier))
    assert isinstance(parsed, ParsedRecord)
    return parsed


def test_the_control_number_is_001_without_the_blanks_around_it() -> None:
    assert read(a_record(ControlField("001", " 17 ")), "oai:x:1").control_number == "17"


def test_without_001_the_identifier_of_the_envelope_is_the_control_number() -> None:
    assert read(a_record(), "oai:x:1").control_number == "oai:x:1"


def test_without_any_number_the_bytes_name_the_record() -> None:
    parsed = read(a_record())
    assert parsed.control_number == "sha256:" + hashlib.sha256(a_record()).hexdigest()[:32]
    assert parsed.findings == (
        Finding(FindingKind.NO_CONTROL_NUMBER, "there is no control number (MARC 001)"),
    )


def test_a_control_number_that_is_too_long_names_nothing() -> None:
    assert read(a_record(ControlField("001", "9" * 201))).control_number.startswith("sha256:")


def test_a_part_of_something_endless_is_rejected_for_its_length() -> None:
    rejected = read_record(a_delivery(b"x" * LONGEST_RECORD))
    assert isinstance(rejected, RejectedRecord)
    assert rejected.reason.startswith("this is longer than any record")


def test_what_does_not_fit_iso2709_is_not_written() -> None:
    with pytest.raises(ValueError, match="field 500 is longer than the 9999 bytes"):
        a_record(DataField("500", "  ", (("a", "x" * 10_000),)))
    with pytest.raises(ValueError, match="more than the 99999"):
        a_record(*[DataField("500", "  ", (("a", "x" * 9_000),))] * 12)


@pytest.mark.parametrize(
    ("delivered", "kept"),
    [
        ("00714cam  2200205 a 4500", "00000cam a2200000 a 4500"),
        ("01142cam 22003017i 4500", "00000cam a22000007i 4500"),
        ("00714cam", "00000cam a2200000 a 4500"),
        ("00714c\x00m  2200205\x7fa 4500 and more", "00000c m a2200000 a 4500"),
        ("00714cam0 2200205   450 ", "00000cam0a2200000   450 "),
        ('"  "', LEADER),
        ("", LEADER),
    ],
)
def test_a_leader_has_24_characters_and_says_nothing_of_the_delivery(delivered: str, kept: str) -> None:
    assert uniform_leader(delivered, []) == kept


def test_text_is_kept_in_nfc_without_control_characters() -> None:
    assert (
        clean("Tie\u0302\u0301ng\tVie\u0323\u0302t\r\n\x00\ud800\ufeff\x98the \x9cend")
        == "Tiếng Việt the end"
    )


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (b"\xa3\xe3\xe2at \xb3\xf2\xe3o", "Đất độ"),
        (b"\x1b$1!09\x1b(B and \x1b$)1\xa1\xb0\xb9", "主 and 主"),
        (b"\x1b)2\xe0\xe1 \x1b(2`a", "אב אב"),
        (b"H\x1bb2\x1bsO", "H₂O"),
        (b"\x88The \x89end", "The end"),
        (b"\x1bgabc\x1fbabc", "αβγ\x1fbabc"),
    ],
)
def test_marc8_is_read_by_the_sets_that_its_escapes_choose(raw: bytes, text: str) -> None:
    decoded, lost = decode_marc8(raw)
    assert (unicodedata.normalize("NFC", decoded), lost) == (text, 0)


@pytest.mark.parametrize(
    "raw", [b"caf\xe9", b"caf\xe9 noir", b"\xff\xff", b"\x1b", b"\x1b$1!0", b"\x93quoted\x94"]
)
def test_what_means_nothing_in_marc8_is_counted(raw: bytes) -> None:
    assert decode_marc8(raw)[1] > 0
