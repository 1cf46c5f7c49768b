"""What a feed delivers, before and after it is read."""

from dataclasses import dataclass
from enum import StrEnum

from unioncat.core.findings import Finding, FindingKind
from unioncat.core.identifiers import ControlNumber
from unioncat.core.marc import MarcRecord


class RecordFormat(StrEnum):
    """How the bytes of one record are to be read."""

    ISO2709 = "iso2709"
    MARCXML = "marcxml"
    MARC_JSON = "marcjson"
    OAI_DC = "oai_dc"
    LIBOL = "libol"  # Libol's own text exports: pseudo-ISO with '#', or lines of tags
    ALEPH = "aleph"  # Aleph sequential
    OPAC = "opac"  # MARC with holdings and circulation, as a target of Z39.50 tells them
    ROW = "row"  # one row of a CSV or XLSX list, as a JSON object of column name and value


class TextEncoding(StrEnum):
    """A character set that a source may declare for its text."""

    UTF_8 = "utf-8"
    MARC_8 = "marc-8"
    LATIN_1 = "latin-1"
    WINDOWS_1252 = "cp1252"
    WINDOWS_1258 = "cp1258"
    TCVN3 = "tcvn3"
    VNI = "vni"
    VIQR = "viqr"
    DOUBLE_UTF_8 = "utf-8-twice"


@dataclass(frozen=True, slots=True)
class ReadingRules:
    """How the records of one source are to be read.

    `profile` names the holdings profile (`unioncat/core/merge/holdings_profiles.toml`). `encoding` is what the source
    declares; None: it is found out for each record. `columns` are pairs of a column name and its role
    (`unioncat/core/parse/columns.py`), for lists. `placeholders` are pairs of what stands for nothing in this source
    (`unioncat/core/match/placeholders.py`).
    """

    profile: str = "default"
    encoding: TextEncoding | None = None
    columns: tuple[tuple[str, str], ...] = ()
    placeholders: tuple[tuple[str, str], ...] = ()


PLAIN_RULES = ReadingRules()


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

    `findings` say what was mended or looks wrong; the record is good nevertheless.
    """

    control_number: ControlNumber
    marc: MarcRecord
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class RejectedRecord:
    """A delivered record that cannot be read, as it was delivered, and a reason that a librarian understands."""

    kind: FindingKind
    reason: str
    delivered: DeliveredRecord
