"""What a feed delivers, before and after it is read."""

from dataclasses import dataclass
from enum import StrEnum

from unioncat.core.identifiers import ControlNumber
from unioncat.core.marc import MarcRecord


class RecordFormat(StrEnum):
    """How the bytes of one record are to be read."""

    ISO2709 = "iso2709"
    MARCXML = "marcxml"
    MARC_JSON = "marcjson"
    OAI_DC = "oai_dc"


@dataclass(frozen=True, slots=True)
class DeliveredRecord:
    """One record as received: bytes, format, and what the envelope says about it.

    `identifier` and `datestamp` come from the envelope (OAI-PMH header); a file has none. A deleted
    record has an identifier and no bytes. `place` says where it stood ("record 17 of books.mrc").
    """

    raw: bytes
    format: RecordFormat
    place: str
    identifier: str | None = None
    datestamp: str | None = None
    deleted: bool = False


@dataclass(frozen=True, slots=True)
class ParsedRecord:
    """A delivered record that could be read.

    `findings` are sentences about what was mended or looks wrong; the record is good nevertheless.
    """

    control_number: ControlNumber
    marc: MarcRecord
    findings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RejectedRecord:
    """A delivered record that cannot be read: its bytes, and a reason that a librarian understands."""

    reason: str
    raw: bytes
    place: str
