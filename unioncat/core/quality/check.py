"""What a record lacks or says wrongly, so that its library can mend it.

1. 020 and 022 $a: no identifiers (`numbers.py`).
2. Placeholders where a value should be: 100, 110, 245, 250, 260, 264, 300. What the cataloguing rules prescribe for
   unknown imprints, such as [K.đ.], [K.nxb] or [S.l.], is a value; "1" is a placeholder as an extent only.
3. 008 as a system fills it: no first date (07-10: 9999, signs, blanks), and no language (35-37) or the one of Koha's
   empty form.
4. No title proper (245 $a).
5. No year: neither 260/264 $c nor 008 has one. An article has that of its host (773).
6. No holdings: the profile of the source reads none, and the record links to nothing. An article has those of its host.

A missing control number (001) is told by the parser. A detail names tag, subfield and value, in no language.
"""

import re
from collections.abc import Iterator

from unioncat.core.findings import Finding, FindingKind
from unioncat.core.marc import DataField, MarcRecord
from unioncat.core.merge.holding import Holding
from unioncat.core.merge.holdings import IMPLIED
from unioncat.core.normalise.description import Description
from unioncat.core.normalise.placeholders import is_placeholder
from unioncat.core.normalise.vietnamese import plain
from unioncat.core.quality.numbers import fault_of_isbn, fault_of_issn

_LONGEST = 60
_FILLED = {
    "100": "a", "110": "a", "245": "a", "250": "a", "260": "abc", "264": "abc", "300": "a",
}  # fmt: skip
"""Where a placeholder is looked for: subfields by tag."""
_IMPRINT = ("260", "264")
_PRESCRIBED = frozenset(
    plain(text)
    for text in (
        "[K.đ.]", "[K.n.x.b.]", "[K.nxb]", "[kxđ]", "[S.l.]", "[s.n.]", "[S.l. : s.n.]", "[sine loco]", "[sine nomine]",
        "[không rõ]", "[publisher not identified]", "[place of publication not identified]", "[place not identified]",
        "[date of publication not identified]", "[éditeur non identifié]", "[lieu de publication non identifié]",
        "[verlag nicht ermittelbar]", "[ort nicht ermittelbar]", "[khuyết danh nxb]",
    )
)  # fmt: skip
"""What cataloguing rules (ISBD, AACR2, RDA and Vietnamese practice) write into 260/264 for what is unknown."""
_NO_DATE = re.compile(r"9999|[^0-9]{4}")
_NO_LANGUAGE = ("und", "|||", "   ")
_KOHA_FORM = "xxu||||| |||| 00| 0 eng d"
"""008/15-39 of Koha's empty form."""


def check_record(
    marc: MarcRecord, description: Description, holdings: tuple[Holding, ...]
) -> tuple[Finding, ...]:
    """All faults of a record, each once; `description` and `holdings` are what was read from it."""
    findings: list[Finding] = []
    findings += _wrong_numbers(marc, description.isbns)
    findings += _placeholders(marc)
    findings += _default_008(marc.control("008") or "")
    findings += _missing(marc, description, holdings)
    return tuple(dict.fromkeys(findings)) if findings else ()


def _wrong_numbers(marc: MarcRecord, isbns: frozenset[str]) -> Iterator[Finding]:
    """Rule 1; thirteen digits that were read as an ISBN need no second look."""
    for value in marc.values("020", "a"):
        if value not in isbns and (kind := fault_of_isbn(value)):
            yield Finding(kind, _said("020", "a", value))
    for value in marc.values("022", "a"):
        if kind := fault_of_issn(value):
            yield Finding(kind, _said("022", "a", value))


def _placeholders(marc: MarcRecord) -> Iterator[Finding]:
    """Rule 2."""
    for field in marc.fields:
        if field.tag in _FILLED and isinstance(field, DataField):
            for code, value in field.subfields:
                if code in _FILLED[field.tag] and _says_nothing(field.tag, value):
                    yield Finding(FindingKind.PLACEHOLDER, _said(field.tag, code, value))


def _says_nothing(tag: str, value: str) -> bool:
    return len(value) <= _LONGEST and is_placeholder(value) and not _is_value(tag, value)


def _is_value(tag: str, value: str) -> bool:
    """Whether a cataloguer means what looks like a placeholder; nothing at all is the fault of a missing field."""
    bare = value.strip(" .,:;/")
    if not bare or (bare == "1" and tag != "300"):
        return True
    return tag in _IMPRINT and plain(value) in _PRESCRIBED


def _default_008(value: str) -> Iterator[Finding]:
    """Rule 3."""
    if len(value) < 38 or not _NO_DATE.fullmatch(value[7:11]):
        return
    if value[35:38] in _NO_LANGUAGE or value[15:40] == _KOHA_FORM:
        yield Finding(FindingKind.DEFAULT_008, f"008 '{value[:40]}'")


def _missing(marc: MarcRecord, description: Description, holdings: tuple[Holding, ...]) -> Iterator[Finding]:
    """Rules 4 to 6."""
    title = next((value for value in marc.values("245", "a") if value.strip()), None)
    if title is None:
        yield Finding(FindingKind.NO_TITLE, "245 $a")
    if description.level == "part":
        return
    if not description.years and not description.copyright:
        yield Finding(FindingKind.NO_YEAR, _year_as_stated(marc))
    if all(holding.note == IMPLIED for holding in holdings):
        yield Finding(FindingKind.NO_HOLDINGS, _said("245", "a", title) if title else "852")


def _year_as_stated(marc: MarcRecord) -> str:
    stated = [(tag, value) for tag in _IMPRINT for value in marc.values(tag, "c") if value.strip()]
    return _said(stated[0][0], "c", stated[0][1]) if stated else "260 $c, 264 $c, 008"


def _said(tag: str, code: str, value: str) -> str:
    text = " ".join(value.split())
    return f"{tag} ${code} '{text if len(text) <= _LONGEST else text[: _LONGEST - 1] + '…'}'"
