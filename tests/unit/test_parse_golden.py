"""Odd records, each a file named for its oddity, and what is read from them (beside it, `.expected.json`)."""

import json
from pathlib import Path

import pytest

from unioncat.core.delivery import DeliveredRecord, RecordFormat, RejectedRecord
from unioncat.core.parse.compact import to_compact
from unioncat.core.parse.read import read_record

GOLDEN = Path(__file__).parents[1] / "golden" / "parse"
FORMATS = {
    ".mrc": RecordFormat.ISO2709,
    ".dc.xml": RecordFormat.OAI_DC,
    ".xml": RecordFormat.MARCXML,
    ".json": RecordFormat.MARC_JSON,
    ".libol": RecordFormat.LIBOL,
    ".aleph": RecordFormat.ALEPH,
}


def inputs() -> list[Path]:
    return sorted(path for path in GOLDEN.iterdir() if not path.name.endswith(".expected.json"))


def as_json(path: Path) -> object:
    form = next(form for suffix, form in FORMATS.items() if path.name.endswith(suffix))
    read = read_record(DeliveredRecord(path.read_bytes(), form, path.name))
    if isinstance(read, RejectedRecord):
        return {"rejected": [read.kind, read.reason]}
    return {
        "control_number": read.control_number,
        "findings": [[finding.kind, finding.detail] for finding in read.findings],
        "marc": to_compact(read.marc),
    }


@pytest.mark.parametrize("path", inputs(), ids=lambda path: path.name)
def test_an_odd_record_is_read_as_a_cataloguer_would(path: Path) -> None:
    expected = json.loads(path.with_name(path.name + ".expected.json").read_text(encoding="utf-8"))
    assert as_json(path) == expected
