"""Every real file goes through reading without a crash; what is not readable has a reason (law 1)."""

from pathlib import Path

import pytest

from harvesters.files import FileHarvester
from unioncat.core.delivery import ParsedRecord, RejectedRecord
from unioncat.core.errors import FileUnreadable
from unioncat.core.normalise.description import describe
from unioncat.core.parse.read import read_record

pytestmark = pytest.mark.data


async def read_all(path: Path) -> tuple[list[ParsedRecord], list[RejectedRecord], int, str]:
    good: list[ParsedRecord] = []
    bad: list[RejectedRecord] = []
    delivered = 0
    refusal = path.name
    try:
        async for page in FileHarvester(path).pages(None):
            for record in page.records:
                delivered += 1
                outcome = read_record(record)
                (good if isinstance(outcome, ParsedRecord) else bad).append(outcome)
    except FileUnreadable as error:
        refusal = str(error)
    return good, bad, delivered, refusal


@pytest.mark.parametrize("folder", ["marc", "enc"])
async def test_every_file_is_read_or_refused_with_a_sentence(test_data: Path, folder: str) -> None:
    parsed = 0
    for path in sorted(path for path in (test_data / folder).rglob("*") if path.is_file()):
        good, bad, delivered, refusal = await read_all(path)
        assert path.name in refusal
        assert len(good) + len(bad) == delivered, path
        assert all(record.reason and record.place for record in bad), path
        for record in good:
            describe(record.marc)
        parsed += len(good)
    assert parsed > {"marc": 9_000, "enc": 400}[folder]


async def test_no_record_of_a_real_catalogue_is_rejected(test_data: Path) -> None:
    good, bad, delivered, _ = await read_all(test_data / "vn" / "hcmut_bk.mrc.gz")
    assert (len(good), bad, delivered) == (24_848, [], 24_848)
    assert len({record.control_number for record in good}) == 24_848
