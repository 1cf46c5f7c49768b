"""Read one delivered record, whatever its format. Any bytes give a record or a rejection, never an exception."""

import hashlib

from unioncat.core.delivery import DeliveredRecord, ParsedRecord, RecordFormat, RejectedRecord
from unioncat.core.identifiers import ControlNumber
from unioncat.core.marc import MarcRecord
from unioncat.core.parse.dublin_core import parse_dublin_core
from unioncat.core.parse.iso2709 import parse_iso2709
from unioncat.core.parse.marcjson import parse_marcjson
from unioncat.core.parse.marcxml import parse_marcxml
from unioncat.core.parse.reading import Unreadable

PARSERS = {
    RecordFormat.ISO2709: parse_iso2709,
    RecordFormat.MARCXML: parse_marcxml,
    RecordFormat.MARC_JSON: parse_marcjson,
    RecordFormat.OAI_DC: parse_dublin_core,
}


def read_record(delivered: DeliveredRecord) -> ParsedRecord | RejectedRecord:
    """Parse a delivered record.

    Its control number is MARC 001; without one, the identifier of the envelope; without that, a name made of
    its bytes, so that the same record delivered again is known again.
    """
    read = PARSERS[delivered.format](delivered.raw)
    if isinstance(read, Unreadable):
        return RejectedRecord(read.reason, delivered.raw, delivered.place)
    number = _control_number(read.marc)
    findings = read.findings
    if number is None:
        number = delivered.identifier
        findings = (*findings, "the record has no control number (MARC 001)")
    if number is None:
        number = f"sha256:{hashlib.sha256(delivered.raw).hexdigest()[:32]}"
    return ParsedRecord(ControlNumber(number), read.marc, findings)


def _control_number(record: MarcRecord) -> str | None:
    return (record.control("001") or "").strip() or None
