"""What is written is read again; and no bytes make the parser fail."""

import json

from hypothesis import given
from hypothesis import strategies as st
from marc_strategies import marc_records

from unioncat.core.delivery import DeliveredRecord, ParsedRecord, RecordFormat, RejectedRecord
from unioncat.core.marc import MarcRecord
from unioncat.core.parse.compact import from_compact, to_compact
from unioncat.core.parse.framing import split_iso2709, split_json, split_xml
from unioncat.core.parse.iso2709 import parse_iso2709, render_iso2709
from unioncat.core.parse.marcjson import marc_from_json, render_marcjson
from unioncat.core.parse.marcxml import parse_marcxml, render_marcxml
from unioncat.core.parse.read import read_record
from unioncat.core.parse.reading import Readable

RECORD = MarcRecord("00000nam a2200000 a 4500", ())


def read(reading: object) -> MarcRecord:
    assert isinstance(reading, Readable), reading
    return reading.marc


@given(marc_records())
def test_iso2709_is_read_as_it_was_written(record: MarcRecord) -> None:
    assert read(parse_iso2709(render_iso2709(record))).fields == record.fields


@given(marc_records())
def test_marcxml_is_read_as_it_was_written(record: MarcRecord) -> None:
    assert read(parse_marcxml(render_marcxml(record))) == record


@given(marc_records())
def test_marc_in_json_is_read_as_it_was_written(record: MarcRecord) -> None:
    assert read(marc_from_json(json.loads(json.dumps(render_marcjson(record))))) == record


@given(marc_records())
def test_the_compact_form_is_read_as_it_was_written(record: MarcRecord) -> None:
    assert from_compact(json.loads(json.dumps(to_compact(record)))) == record


@given(st.binary(max_size=400), st.sampled_from(list(RecordFormat)))
def test_no_bytes_make_the_parser_fail(raw: bytes, form: RecordFormat) -> None:
    outcome = read_record(DeliveredRecord(raw, form, "record 1"))
    assert isinstance(outcome, ParsedRecord) or (outcome.raw == raw and outcome.reason)


@given(marc_records(), st.data())
def test_a_damaged_record_is_read_or_rejected_with_a_reason(record: MarcRecord, data: st.DataObject) -> None:
    renders = {RecordFormat.ISO2709: render_iso2709, RecordFormat.MARCXML: render_marcxml}
    form = data.draw(st.sampled_from(sorted(renders)))
    raw = bytearray(renders[form](record))
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(raw) - 1))
        if data.draw(st.booleans()):
            raw[place] = data.draw(st.integers(0, 255))
        else:
            del raw[place : place + data.draw(st.integers(1, 30))]
        if not raw:
            break
    outcome = read_record(DeliveredRecord(bytes(raw), form, "record 1"))
    assert isinstance(outcome, ParsedRecord) or (isinstance(outcome, RejectedRecord) and outcome.reason)


@given(st.lists(marc_records(), min_size=1, max_size=5), st.integers(1, 200))
def test_records_are_cut_the_same_whatever_the_chunks(records: list[MarcRecord], size: int) -> None:
    def chunks(text: bytes) -> list[bytes]:
        return [text[place : place + size] for place in range(0, len(text), size)]

    iso = b"\r\n".join(map(render_iso2709, records))
    assert [read(parse_iso2709(raw)).fields for raw in split_iso2709(chunks(iso))] == [
        r.fields for r in records
    ]
    xml = (
        b"<collection>" + b"\n".join(render_marcxml(r).split(b"?>", 1)[1] for r in records) + b"</collection>"
    )
    assert [read(parse_marcxml(raw)) for raw in split_xml(chunks(xml))] == records
    array = json.dumps([render_marcjson(r) for r in records], indent=1).encode()
    assert [read(marc_from_json(json.loads(raw))) for raw in split_json(chunks(array))] == records
    lines = b"\n".join(json.dumps(render_marcjson(r)).encode() for r in records)
    assert [read(marc_from_json(json.loads(raw))) for raw in split_json(chunks(lines))] == records
