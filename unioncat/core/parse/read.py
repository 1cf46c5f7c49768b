"""Read one delivered record, whatever its format. Any bytes give a record or a rejection, never an exception."""

import hashlib
from collections.abc import Callable

from unioncat.core.delivery import (
    PLAIN_RULES,
    DeliveredRecord,
    ParsedRecord,
    ReadingRules,
    RecordFormat,
    RejectedRecord,
    TextEncoding,
)
from unioncat.core.findings import Finding, FindingKind
from unioncat.core.identifiers import ControlNumber
from unioncat.core.marc import MarcRecord
from unioncat.core.parse.aleph import parse_aleph
from unioncat.core.parse.dublin_core import parse_dublin_core
from unioncat.core.parse.framing import LONGEST_RECORD
from unioncat.core.parse.iso2709 import parse_iso2709
from unioncat.core.parse.libol import parse_libol
from unioncat.core.parse.marcjson import parse_marcjson
from unioncat.core.parse.marcxml import parse_marcxml
from unioncat.core.parse.opac import parse_opac
from unioncat.core.parse.reading import Reading, Unreadable
from unioncat.core.parse.repaired import with_repaired_text
from unioncat.core.parse.rows import parse_row

_PARSERS: dict[RecordFormat, Callable[[bytes], Reading]] = {
    RecordFormat.MARCXML: parse_marcxml,
    RecordFormat.MARC_JSON: parse_marcjson,
    RecordFormat.OAI_DC: parse_dublin_core,
}
_PARSERS_OF_BYTES: dict[RecordFormat, Callable[[bytes, TextEncoding | None], Reading]] = {
    RecordFormat.ISO2709: parse_iso2709,
    RecordFormat.LIBOL: parse_libol,
    RecordFormat.ALEPH: parse_aleph,
    RecordFormat.OPAC: parse_opac,
}
"""Formats whose bytes may be in any character set."""
_LONGEST_NUMBER = 200


def read_record(
    delivered: DeliveredRecord, rules: ReadingRules = PLAIN_RULES, found: MarcRecord | None = None
) -> ParsedRecord | RejectedRecord:
    """Parse a delivered record as the rules of its source say.

    Its control number is MARC 001; without one that can be used, the identifier of the envelope; without that, a name
    made of its bytes, so that the same record delivered again is known again. Rows of lists need no number of their own.
    `found` is what the joint catalogue has under the ISBN of a row without a title.
    """
    read = _read(delivered, rules, found)
    if isinstance(read, Unreadable):
        return RejectedRecord(read.kind, read.reason, delivered)
    read = with_repaired_text(read, rules.encoding)
    number = (read.marc.control("001") or "").strip()
    if 0 < len(number) <= _LONGEST_NUMBER:
        return ParsedRecord(ControlNumber(number), read.marc, read.findings)
    if delivered.format is RecordFormat.ROW and not number:
        return ParsedRecord(_named(delivered), read.marc, read.findings)
    finding = (
        "the control number (MARC 001) is too long" if number else "there is no control number (MARC 001)"
    )
    return ParsedRecord(
        _named(delivered), read.marc, (*read.findings, Finding(FindingKind.NO_CONTROL_NUMBER, finding))
    )


def _named(delivered: DeliveredRecord) -> ControlNumber:
    return ControlNumber(delivered.identifier or f"sha256:{hashlib.sha256(delivered.raw).hexdigest()[:32]}")


def _read(delivered: DeliveredRecord, rules: ReadingRules, found: MarcRecord | None) -> Reading:
    if len(delivered.raw) >= LONGEST_RECORD:
        return Unreadable(
            FindingKind.TOO_LONG,
            f"this is longer than any record: {len(delivered.raw)} bytes, or part of something longer",
        )
    if delivered.format is RecordFormat.ROW:
        return parse_row(delivered.raw, rules.columns, found)
    if parse := _PARSERS_OF_BYTES.get(delivered.format):
        return parse(delivered.raw, rules.encoding)
    return _PARSERS[delivered.format](delivered.raw)
