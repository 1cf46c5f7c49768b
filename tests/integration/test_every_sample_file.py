"""Real files of many systems, good and damaged: each is read, or refused with a sentence; nothing is lost."""

import re
from collections import Counter
from pathlib import Path

import pytest

from harvesters.files import FileHarvester
from unioncat.core.delivery import DeliveredRecord, ParsedRecord, RecordFormat
from unioncat.core.errors import FileUnreadable
from unioncat.core.marc import DataField, MarcRecord
from unioncat.core.parse.read import read_record

pytestmark = pytest.mark.data


async def deliveries(path: Path) -> list[DeliveredRecord]:
    return [record async for page in FileHarvester(path).pages(None) for record in page.records]


async def deliveries_or_refusal(path: Path) -> tuple[list[DeliveredRecord], str]:
    try:
        return await deliveries(path), ""
    except FileUnreadable as refusal:
        return [], str(refusal)


async def records(path: Path) -> dict[str | None, MarcRecord]:
    readings = [read_record(delivered) for delivered in await deliveries(path)]
    assert all(isinstance(read, ParsedRecord) for read in readings)
    return {read.control_number: read.marc for read in readings if isinstance(read, ParsedRecord)}


def encodings_told(read: ParsedRecord) -> list[str]:
    """What was said of repaired texts, or of those that may need it."""
    return [one.detail for one in read.findings if one.detail.startswith(("read as", "the text may be"))]


@pytest.mark.parametrize("folder", ["marc", "enc"])
async def test_every_record_is_read_or_rejected_and_every_other_file_is_refused(
    test_data: Path, folder: str
) -> None:
    seen: Counter[str] = Counter()
    for path in sorted(path for path in (test_data / folder).rglob("*") if path.is_file()):
        delivered, refusal = await deliveries_or_refusal(path)
        assert refusal.startswith(path.name) if refusal else delivered
        for number, one in enumerate(delivered, start=1):
            assert one.place == f"record {number} of {path.name}"
            read = read_record(one)
            assert read.control_number if isinstance(read, ParsedRecord) else one.deleted or read.reason
            assert not isinstance(read, ParsedRecord) or not encodings_told(read)
            seen[type(read).__name__] += 1
    assert seen["ParsedRecord"] > 10 * seen["RejectedRecord"] > 0


async def test_all_records_of_a_vietnamese_university_are_read_and_those_in_vni_repaired(
    test_data: Path,
) -> None:
    readings = [read_record(one) for one in await deliveries(test_data / "vn" / "hcmut_bk.mrc.gz")]
    assert len({read.control_number for read in readings if isinstance(read, ParsedRecord)}) == 24_848
    told = [said for read in readings if isinstance(read, ParsedRecord) for said in encodings_told(read)]
    assert len(told) == 33
    assert all(said.startswith("read as VNI: ") for said in told)


@pytest.mark.parametrize(
    ("marc8", "utf8"),
    [
        (
            "NIST_Collection__MARC8__nbs_technical_note_marc8.mrc.gz",
            "NIST_Collection__UTF8__nbs_technical_note_utf8.mrc.gz",
        ),
        (
            "Online_FDLP_Basic_Collection__basic_coll_el_marc8.mrc",
            "Online_FDLP_Basic_Collection__basic_coll_el_utf8.mrc",
        ),
    ],
)
async def test_a_record_is_the_same_from_marc8_and_from_utf8(test_data: Path, marc8: str, utf8: str) -> None:
    folder = test_data / "marc" / "gpo"
    assert await records(folder / marc8) == await records(folder / utf8)


async def test_all_records_of_libol_in_its_three_dialects_are_read(test_data: Path) -> None:
    seen: Counter[str] = Counter()
    for path in sorted((test_data / "vn" / "libol").iterdir()):
        for delivered in await deliveries(path):
            read = read_record(delivered)
            lines = "lines of tags" if delivered.raw.startswith(b"Ldr ") else "pseudo-ISO"
            dialect = lines if delivered.format is RecordFormat.LIBOL else "ISO 2709"
            seen[dialect if isinstance(read, ParsedRecord) else read.reason] += 1
            assert not isinstance(read, ParsedRecord) or read.marc.fields[0].tag == "001"
    cut_off = "the directory does not fit the fields, so tags and contents cannot be brought together"
    assert seen == {"ISO 2709": 1869, "pseudo-ISO": 2136, "lines of tags": 131, cut_off: 1}


@pytest.mark.parametrize(
    ("name", "titles"),
    [
        ("OIVIIYHD.iso", ["Báo tiền phong", "Công báo", "Công báo mới", "sinh viên báo"]),
        ("GPEUPDUL.iso", []),
    ],
)
async def test_text_that_was_encoded_twice_comes_out_right(
    test_data: Path, name: str, titles: list[str]
) -> None:
    read = list((await records(test_data / "vn" / "libol" / name)).values())
    texts = [
        value
        for marc in read
        for field in marc.fields
        if isinstance(field, DataField)
        for _, value in field.subfields
    ]
    assert not [text for text in texts if re.search("[ÃÄÆ]|á[º»]", text)]
    assert set(titles) <= {marc.values("245", "a")[0].strip() for marc in read}


async def test_aleph_sequential_is_read(test_data: Path) -> None:
    folder = test_data / "enc" / "qa-catalogue"
    seen: Counter[str] = Counter()
    for path in sorted(folder.glob("*alephseq*")):
        seen.update(str(read_record(delivered).__class__.__name__) for delivered in await deliveries(path))
    assert seen == {"ParsedRecord": 119}
