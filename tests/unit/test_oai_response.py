from pathlib import Path

import pytest
from lxml import etree
from scripted_provider import deletion, envelope, fault, listing, marc, oai_record

from harvesters.oai_response import OaiAnswer, delivered_records, drop_forbidden, is_whole, read_answer
from unioncat.core.delivery import DeliveredRecord, RecordFormat
from unioncat.core.errors import NotAProvider
from unioncat.core.parse.read import ParsedRecord, read_record

SICKLE = "oai/sickle/sickle__tests__sample_data__"
VUFIND = "oai/vufindharvest/tests__fixtures__"
MELINDA = "oai/melinda-oai/test-fixtures__app__"
RESERVOIR = "oai/reservoir/util__src__test__resources__oai-response-"


def read(body: bytes) -> OaiAnswer:
    return read_answer(body, "http://library.example.org/oai")


def records(body: bytes, prefix: str = "marc21") -> list[DeliveredRecord]:
    return list(delivered_records(read(body), prefix))


def identifiers(body: bytes) -> list[str | None]:
    return [record.identifier for record in records(body)]


# --- records ----------------------------------------------------------------------------------------


def test_a_record_is_the_element_inside_metadata_as_a_document_of_its_own() -> None:
    (record,) = records(listing([marc("oai:x:1", "Số đỏ")]).body)
    root = etree.fromstring(record.raw)
    assert root.tag == "{http://www.loc.gov/MARC21/slim}record"
    assert root.findtext(".//{*}subfield") == "Số đỏ"
    assert (record.format, record.identifier, record.datestamp) == (
        RecordFormat.MARCXML,
        "oai:x:1",
        "2024-04-01",
    )


def test_a_namespace_declared_on_the_envelope_goes_with_the_record() -> None:
    body = listing([oai_record("1", "<dc:dc><dc:title>Nhà giả kim</dc:title></dc:dc>")]).body
    body = body.replace(b"<ListRecords", b'<ListRecords xmlns:dc="http://purl.org/dc/elements/1.1/"')
    (record,) = records(body)
    assert etree.fromstring(record.raw)[0].tag == "{http://purl.org/dc/elements/1.1/}title"
    assert record.format is RecordFormat.OAI_DC


@pytest.mark.parametrize(
    ("content", "prefix", "expected"),
    [
        ('<collection xmlns="http://www.loc.gov/MARC21/slim"/>', "marc21", RecordFormat.MARCXML),
        ('<r xmlns="http://www.loc.gov/MARC21/slim"/>', "oai_dc", RecordFormat.MARCXML),
        ("<record/>", "oai_dc", RecordFormat.MARCXML),
        ('<d:dc xmlns:d="http://www.openarchives.org/OAI/2.0/oai_dc/"/>', "simple", RecordFormat.OAI_DC),
        ("<foo/>", "oai_dc", RecordFormat.OAI_DC),
        ("<foo/>", "marcxml", RecordFormat.MARCXML),
    ],
)
def test_the_format_follows_the_root_element_and_only_then_the_prefix(
    content: str, prefix: str, expected: RecordFormat
) -> None:
    (record,) = records(listing([oai_record("1", content)]).body, prefix)
    assert record.format is expected


@pytest.mark.parametrize("prefix", ["marc21", "marcxml", "oai:marc21", "MARC-XML", "kormarc"])
def test_a_record_in_a_collection_is_read_under_any_prefix(prefix: str) -> None:
    inner = marc("1").partition(b"<metadata>")[2].partition(b"</metadata>")[0].decode()
    wrapped = f'<collection xmlns="http://www.loc.gov/MARC21/slim">{inner}</collection>'
    for content in (inner, wrapped, f"<wrapper>{wrapped}</wrapper>"):
        (record,) = records(listing([oai_record("1", content)]).body, prefix)
        assert isinstance(read_record(record), ParsedRecord)


@pytest.mark.parametrize("other", ["<x:extra xmlns:x='urn:x'/>", "<thesis/>"])
def test_a_record_beside_other_elements_in_metadata_is_found(other: str) -> None:
    inner = marc("1").partition(b"<metadata>")[2].partition(b"</metadata>")[0].decode()
    dc = '<d:dc xmlns:d="http://www.openarchives.org/OAI/2.0/oai_dc/" xmlns:e="http://purl.org/dc/elements/1.1/"><e:title>T</e:title></d:dc>'
    for content, form in ((other + inner, RecordFormat.MARCXML), (dc + other, RecordFormat.OAI_DC)):
        (record,) = records(listing([oai_record("1", content)]).body)
        assert record.format is form
        assert other[1:7].encode() in record.raw
        assert isinstance(read_record(record), ParsedRecord)


def test_a_deletion_has_an_identifier_and_no_bytes() -> None:
    (record,) = records(listing([deletion("oai:x:1")]).body)
    assert (record.deleted, record.identifier, record.raw) == (True, "oai:x:1", b"")


@pytest.mark.parametrize(
    "record",
    [
        b"<record><header><identifier>1</identifier></header></record>",
        b"<record><header><identifier>1</identifier></header><metadata/></record>",
        b"<record><header><identifier>1</identifier></header><metadata><a/><b/></metadata></record>",
        b'<record><header status="deleted"/><about>1</about></record>',
        b"<record><metadata><a>1</a></metadata></record>",
    ],
)
def test_a_record_without_clear_contents_is_delivered_not_dropped(record: bytes) -> None:
    (delivered,) = records(listing([record]).body)
    assert b"1" in delivered.raw + (delivered.identifier or "").encode()
    assert delivered.raw
    assert not delivered.deleted


def test_the_same_record_has_the_same_bytes_whatever_stands_around_it() -> None:
    alone = records(listing([marc("1")]).body)[0].raw
    page = listing([marc("0"), b"\n  ", marc("1"), b"\n"], token="t", date="2030-01-01T00:00:00Z").body
    page = page.replace(b"<ListRecords", b'<ListRecords xmlns:unused="urn:unused"')
    assert records(page)[1].raw == alone


# --- tokens and errors ------------------------------------------------------------------------------


def test_token_total_and_date_are_read() -> None:
    answer = read(listing([marc("1")], token="next", total=120).body)
    assert (answer.token, answer.total, answer.response_date) == ("next", 120, "2024-05-01T10:00:00Z")


def test_an_empty_token_is_the_end_of_the_list() -> None:
    answer = read(listing([marc("1")], total=1).body)
    assert (answer.token, answer.total) == (None, 1)


def test_a_total_that_is_no_number_is_none() -> None:
    body = listing([], token="t", total=1).body.replace(b'"1"', b'"about 1"')
    assert read(body).total is None


def test_an_error_has_its_code_and_text() -> None:
    assert read(fault("badArgument", "from\n  is bad").body).error == ("badArgument", "from is bad")


@pytest.mark.parametrize("body", [b"<html><body>Hello</body></html>", b'{"a": 1}', b"plain", b"<a/>"])
def test_what_is_not_oai_is_named_with_its_first_words(body: bytes) -> None:
    with pytest.raises(NotAProvider, match=r"library\.example\.org") as caught:
        read(body)
    assert body.decode()[:20] in str(caught.value)


def test_a_document_type_with_entities_is_refused() -> None:
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'
    body = envelope(b"<ListRecords>&b;</ListRecords>").body
    with pytest.raises(NotAProvider):
        read(body.replace(b"<OAI-PMH", bomb + b"<OAI-PMH"))


def test_a_document_type_is_refused_in_a_damaged_answer_too() -> None:
    body = listing([marc("1", "\x1f")]).body.replace(b"<OAI-PMH", b'<!DOCTYPE x SYSTEM "file:///x"><OAI-PMH')
    with pytest.raises(NotAProvider):
        read(body)


# --- damage -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("sign", ["\x1f", "\x00", "&#x1F;", "&#8;", "\ufffe", "&#xFFFF;", "&#xD800;"])
def test_a_forbidden_character_is_dropped_from_the_record_that_has_it(sign: str) -> None:
    answer = records(listing([marc("1"), marc("2", f"Số{sign} đỏ"), marc("3")], token="t").body)
    assert [etree.fromstring(r.raw).findtext(".//{*}subfield") for r in answer] == [
        "Truyện Kiều",
        "Số đỏ",
        "Truyện Kiều",
    ]


def test_allowed_characters_and_references_stay() -> None:
    text = "a\tb\nĐ &#x1EA1; &#10; &amp; 𠀋".encode()
    assert drop_forbidden(text) == text


def test_a_record_that_is_not_well_formed_is_delivered_as_its_bytes_and_the_others_are_read() -> None:
    damaged = marc("oai:x:2").replace(b"</subfield>", b"</subfeld>")
    body = listing([marc("oai:x:1"), damaged, marc("oai:x:3")], token="next").body
    answer = records(body)
    assert sorted((r.identifier, r.raw == damaged) for r in answer) == [
        ("oai:x:1", False),
        ("oai:x:2", True),
        ("oai:x:3", False),
    ]
    assert read(body).token == "next"


def test_bytes_that_are_not_utf8_damage_only_their_record() -> None:
    damaged = marc("2").replace("Truyện".encode(), b"Truy\xean")
    assert [r.raw == damaged for r in records(listing([marc("1"), damaged, marc("3")]).body)] == [
        False,
        False,
        True,
    ]


def test_a_record_whose_header_is_damaged_is_not_lost_with_its_neighbour() -> None:
    odd = marc("2").replace(b"<header>", b"<!-- odd --><header>")
    assert identifiers(listing([marc("1", "\x1f"), odd, marc("3")]).body) == ["1", "2", "3"]
    assert identifiers(listing([odd, marc("1", "\x1f"), marc("3")]).body) == ["2", "1", "3"]


def test_a_damaged_answer_whose_records_cannot_be_told_apart_is_refused() -> None:
    headless = b"<record><metadata><a>\x1f</metadata></record>"
    with pytest.raises(NotAProvider):
        read(listing([headless]).body)


def test_damage_outside_of_the_records_is_mended() -> None:
    body = listing([marc("1"), marc("2")], token="t").body.replace(b"<request>x", b"<request>a & b")
    assert identifiers(body) == ["1", "2"]
    assert read(body).token == "t"


def test_a_damaged_error_is_still_an_error() -> None:
    assert read(fault("badArgument", "\x01 & so on").body).error is not None


@pytest.mark.parametrize("cut", [1, 200, 400])
def test_an_envelope_without_its_end_is_not_whole(cut: int) -> None:
    body = listing([marc("1"), marc("2")]).body
    assert is_whole(body)
    assert not is_whole(body[:-cut])


def test_an_answer_that_is_cut_off_inside_a_record_is_never_read_as_a_short_list() -> None:
    with pytest.raises(NotAProvider):
        read(listing([marc("1"), marc("2")]).body[:-120])


# --- recorded answers -------------------------------------------------------------------------------


@pytest.mark.data
@pytest.mark.parametrize(
    ("name", "count", "deleted", "token"),
    [
        (f"{VUFIND}marc.xml", 100, 0, "fakeresumptiontoken"),
        (f"{VUFIND}oai_doaj.xml", 100, 0, "eyJtIjogIm9haV9kb2FqIiwgIm4iOiAxMDB9"),
        (f"{VUFIND}list_records_response.xml", 2, 1, None),
        (f"{VUFIND}subjectsplus.xml", 1, 0, None),
        (f"{SICKLE}ListRecords.xml", 2, 1, "ListRecords2.xml"),
        (f"{SICKLE}ListRecords4.xml", 2, 0, None),  # its deletion names no identifier
        (f"{MELINDA}GetRecord__004__response0.xml", 1, 0, None),
        (f"{MELINDA}GetRecord__006__response0.xml", 1, 1, None),
        (f"{RESERVOIR}1.xml", 4, 1, "MzM5OzE7Ozt2MS4w"),
        (f"{RESERVOIR}3.xml", 1, 0, "MzM5OzE7Ozt2MS4w"),
        (f"{RESERVOIR}5.xml", 2, 1, "MzM5OzE7Ozt2MS4w"),  # its second record is not well-formed
    ],
)
def test_recorded_answers_give_their_records(
    test_data: Path, name: str, count: int, deleted: int, token: str | None
) -> None:
    body = (test_data / name).read_bytes()
    delivered = records(body)
    assert (len(delivered), sum(r.deleted for r in delivered), read(body).token) == (count, deleted, token)
    assert all(record.raw or record.deleted for record in delivered)


@pytest.mark.data
@pytest.mark.parametrize(
    ("name", "code"),
    [
        (f"{SICKLE}badArgument.xml", "badArgument"),
        (f"{SICKLE}badResumptionToken.xml", "badResumptionToken"),
        (f"{SICKLE}cannotDisseminateFormat.xml", "cannotDisseminateFormat"),
        (f"{SICKLE}idDoesNotExist.xml", "idDoesNotExist"),
        (f"{SICKLE}noRecordsMatch.xml", "noRecordsMatch"),
        (f"{SICKLE}noSetHierarchy.xml", "noSetHierarchy"),
        (f"{SICKLE}undefinedError.xml", "undefinedError"),
        (f"{VUFIND}arbitrary_error_response.xml", "foo"),
        (f"{VUFIND}token_error_response.xml", "badResumptionToken"),
        (f"{MELINDA}ListRecords__001__response0.xml", "cannotDisseminateFormat"),
        (f"{RESERVOIR}2.xml", "noRecordsMatch"),
    ],
)
def test_recorded_errors_keep_their_code(test_data: Path, name: str, code: str) -> None:
    answer = read((test_data / name).read_bytes())
    assert answer.error is not None
    assert answer.error[0] == code


@pytest.mark.data
def test_a_recorded_answer_that_is_not_xml_is_not_a_provider(test_data: Path) -> None:
    with pytest.raises(NotAProvider, match="broken xml"):
        read((test_data / f"{SICKLE}ListRecordsBroken.xml").read_bytes())
