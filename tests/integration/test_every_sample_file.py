"""Real files of many systems, good and damaged: each is read, or refused with a sentence; nothing is lost."""

from collections import Counter
from pathlib import Path

import pytest

from harvesters.files import FileHarvester
from unioncat.core.delivery import DeliveredRecord, ParsedRecord
from unioncat.core.errors import FileUnreadable
from unioncat.core.marc import MarcRecord
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
            seen[type(read).__name__] += 1
    assert seen["ParsedRecord"] > 10 * seen["RejectedRecord"] > 0


async def test_all_records_of_a_vietnamese_university_are_read(test_data: Path) -> None:
    assert len(await records(test_data / "vn" / "hcmut_bk.mrc.gz")) == 24_848


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


async def test_the_libol_exports_are_read_or_named_record_by_record(test_data: Path) -> None:
    seen: Counter[str] = Counter()
    for path in sorted((test_data / "vn" / "libol").iterdir()):
        for delivered in await deliveries(path):
            read = read_record(delivered)
            is_libol = not isinstance(read, ParsedRecord) and "text export of Libol" in read.reason
            seen["text export" if is_libol else type(read).__name__] += 1
    assert seen == {"ParsedRecord": 1869, "RejectedRecord": 1, "text export": 2267}
