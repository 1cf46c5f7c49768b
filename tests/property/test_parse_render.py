"""What is written is read back as it was, and no bytes make the reader fail."""

import json
from itertools import islice

from hypothesis import given
from hypothesis import strategies as st
from marc_strategies import marc_records

from unioncat.core.delivery import DeliveredRecord, ParsedRecord, RecordFormat, RejectedRecord
from unioncat.core.marc import MarcRecord
from unioncat.core.parse.compact import from_compact, to_compact
from unioncat.core.parse.framing import in_utf8, split_iso2709, split_json
from unioncat.core.parse.iso2709 import parse_iso2709, render_iso2709
from unioncat.core.parse.marcjson import marc_from_json, parse_marcjson, render_marcjson
from unioncat.core.parse.marcxml import parse_marcxml, render_marcxml
from unioncat.core.parse.read import read_record
from unioncat.core.parse.reading import Readable
from unioncat.core.parse.text_framing import split_aleph, split_libol_text
from unioncat.core.parse.xml_framing import split_xml

FORMATS = st.sampled_from(sorted(set(RecordFormat) - {RecordFormat.ROW}))
OUTSIDE_OF_JSON = b" \t\r\n,[]"


def in_chunks(data: bytes, size: int) -> list[bytes]:
    return [data[start : start + size] for start in range(0, len(data), size)]


def written(record: MarcRecord, form: RecordFormat) -> bytes:
    if form is RecordFormat.ISO2709:
        return render_iso2709(record)
    if form is RecordFormat.MARC_JSON:
        return json.dumps(render_marcjson(record), ensure_ascii=False).encode()
    return render_marcxml(record)


@given(marc_records())
def test_iso2709_gives_the_record_back(record: MarcRecord) -> None:
    assert parse_iso2709(render_iso2709(record)) == Readable(record)


@given(marc_records())
def test_marcxml_gives_the_record_back(record: MarcRecord) -> None:
    assert parse_marcxml(render_marcxml(record)) == Readable(record)


@given(marc_records())
def test_marc_in_json_gives_the_record_back(record: MarcRecord) -> None:
    assert marc_from_json(render_marcjson(record)) == Readable(record)
    assert parse_marcjson(json.dumps(render_marcjson(record)).encode()) == Readable(record)


@given(marc_records())
def test_the_compact_form_gives_the_record_back_through_json(record: MarcRecord) -> None:
    assert from_compact(json.loads(json.dumps(to_compact(record)))) == record


@given(st.binary(max_size=300), FORMATS)
def test_any_bytes_are_read_or_rejected_with_a_reason_and_kept(raw: bytes, form: RecordFormat) -> None:
    read = read_record(DeliveredRecord(raw, form, "record 1"))
    assert isinstance(read, RejectedRecord)
    assert (read.delivered.raw, read.delivered.place) == (raw, "record 1")
    assert read.reason


@given(marc_records(), FORMATS, st.data())
def test_a_garbled_record_is_read_or_rejected_with_a_reason(
    record: MarcRecord, form: RecordFormat, data: st.DataObject
) -> None:
    raw = written(record, form)
    begin = data.draw(st.integers(0, len(raw)))
    end = data.draw(st.integers(begin, min(len(raw), begin + 20)))
    garbled = raw[:begin] + data.draw(st.binary(max_size=5)) + raw[end:]
    read = read_record(DeliveredRecord(garbled, form, "record 1"))
    assert read.control_number and read.marc.fields if isinstance(read, ParsedRecord) else read.reason


@given(st.lists(marc_records(), min_size=1, max_size=4), st.integers(1, 400))
def test_a_file_is_cut_into_its_records_whatever_the_chunks(records: list[MarcRecord], size: int) -> None:
    wholes = [render_iso2709(record) for record in records]
    assert list(split_iso2709(in_chunks(b"\r\n".join(wholes), size))) == wholes

    objects = [json.dumps(render_marcjson(record)).encode() for record in records]
    for joined in (b"\n".join(objects), b"[" + b",\n".join(objects) + b"]", b" ".join(objects)):
        assert list(split_json(in_chunks(joined, size))) == objects

    elements = [render_marcxml(record).partition(b"?>")[2] for record in records]
    collection = b"<?xml version='1.0'?><collection>" + b"".join(elements) + b"</collection>"
    pieces = list(split_xml(in_chunks(collection, size)))
    assert [parse_marcxml(piece.raw) for piece in pieces] == [Readable(record) for record in records]


@given(st.lists(st.sampled_from((b"\x1d", b"\x1e", b"00030", b"nam a2200025   4500", b"x", b"\n", b"245"))))
def test_cutting_iso2709_loses_nothing_but_white_space(parts: list[bytes]) -> None:
    data = b"".join(parts)
    kept = b"".join(split_iso2709(in_chunks(data, 7)))
    assert kept.translate(None, b"\n\x1d") == data.translate(None, b"\n\x1d")


@given(st.lists(st.sampled_from((b"{", b"}", b'"', b"\\", b"a", b":", b"[", b"]", b",", b"\n"))))
def test_cutting_json_loses_nothing_but_what_stands_between(parts: list[bytes]) -> None:
    data = b"".join(parts)
    kept = b"".join(split_json(in_chunks(data, 3)))
    assert kept.translate(None, OUTSIDE_OF_JSON) == data.translate(None, OUTSIDE_OF_JSON)


@given(st.binary(max_size=200), st.integers(1, 50))
def test_no_bytes_make_the_cutting_fail(data: bytes, size: int) -> None:
    chunks = in_chunks(data, size)
    for split in (split_iso2709, split_libol_text, split_aleph, split_json, split_xml):
        assert all(islice(split(in_utf8(chunks)), 300))
