"""What is noticed about a record while it is read: faults that were mended, and faults that the library should mend.

A kind is what a quality report counts by; what each kind means and how a librarian mends it stands in
`unioncat/core/quality/sentences.toml`.
"""

from dataclasses import dataclass
from enum import StrEnum


class FindingKind(StrEnum):
    """One kind of fault. The value is kept in the store: never change it."""

    # The frame: how fields and records are put together.
    LEADER = "leader"  # missing, or of another length
    DIRECTORY = "directory"  # the directory of ISO 2709 does not fit the fields
    FIELD_SHAPE = "field-shape"  # indicators, subfield codes or contents are missing
    XML = "xml"  # the XML is not well-formed, or has what XML forbids
    JSON = "json"  # the JSON is broken, or is no MARC-in-JSON
    NOT_A_RECORD = "not-a-record"  # no MARC record at all
    CUT_OFF = "cut-off"  # the end is missing
    TOO_LONG = "too-long"
    UNMAPPED = "unmapped"  # an element or column that has no place in MARC
    # The text.
    CHARSET_CLAIM = "charset-claim"  # leader/09 says one character set, the bytes another
    ENCODING_REPAIRED = "encoding-repaired"  # TCVN3, VNI, VIQR, UTF-8 twice … and now right
    ENCODING_DOUBTFUL = "encoding-doubtful"  # looks wrong, and no repair is proven
    CHARACTERS_LOST = "characters-lost"  # destroyed before they came here
    # Identifiers and contents (MARC tags).
    NO_CONTROL_NUMBER = "no-control-number"  # 001
    NO_TITLE = "no-title"  # 245
    ISBN_PRICE = "isbn-price"  # a price or print run in 020
    ISBN_RUNNING_NUMBER = "isbn-running-number"  # a running number or barcode in 020
    ISBN_CHECK_DIGIT = "isbn-check-digit"  # 020 with a wrong check digit
    ISSN_CHECK_DIGIT = "issn-check-digit"  # 022
    PLACEHOLDER = "placeholder"  # "đang cập nhật", "0p" … where a value should be
    DEFAULT_008 = "default-008"  # 008 as the system fills it: date 9999, language und
    NO_YEAR = "no-year"  # neither 260/264 $c nor 008 has one
    NO_HOLDINGS = "no-holdings"  # the profile reads no holdings
    # Lists of a library without MARC (CSV, XLSX).
    ROW_UNMATCHED = "row-unmatched"  # an ISBN that the joint catalogue does not have
    ROW_AMBIGUOUS = "row-ambiguous"  # an ISBN that stands on several publications
    ROW_EMPTY = "row-empty"  # neither title nor ISBN


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault in one record: `detail` is a short sentence that names the field and the value."""

    kind: FindingKind
    detail: str
