"""Numbers by which a publication, or a record of it, is known (MARC 010, 015, 020, 022, 028, 035)."""

import re
from dataclasses import dataclass

from unioncat.core.marc import MarcRecord
from unioncat.core.normalise.isbn import is_set_qualifier, read_isbn
from unioncat.core.normalise.issn import read_issn

_AGENCY = re.compile(r"\(([^)]+)\)\s*(\S.*)")
_OCLC = re.compile(r"^(?:ocm|ocn|on)?0*(?=\d)")
_MISPRINT = re.compile(r"97[89][0-9]{10}")
_SIGNS = re.compile(r"[^0-9A-Z]")


@dataclass(frozen=True, slots=True)
class Isbns:
    """Valid ISBN-13s of the publication, those of a set it belongs to, and misprinted ones."""

    valid: frozenset[str]
    of_sets: frozenset[str]
    wrong: frozenset[str]


def read_isbns(record: MarcRecord) -> Isbns:
    """Read 020 $a; $z and $c say nothing about the publication itself.

    1. A valid number whose qualifier ($a, $q) names a set belongs to the set.
    2. Thirteen digits after 978 or 979 with a wrong check digit are a misprint; all else is no ISBN.
    """
    valid, of_sets, wrong = set(), set(), set()
    for field in record.data("020"):
        for value in field.all("a"):
            reading = read_isbn(value)
            if reading.isbn13 is None:
                wrong |= {_bare(reading.digits)} if _MISPRINT.fullmatch(_bare(reading.digits)) else set()
            elif is_set_qualifier(f"{reading.qualifier} {field.text('q')}"):
                of_sets.add(reading.isbn13)
            else:
                valid.add(reading.isbn13)
    return Isbns(frozenset(valid), frozenset(of_sets), frozenset(wrong))


def read_issns(record: MarcRecord) -> frozenset[str]:
    """Valid ISSNs of 022 $a."""
    return frozenset(issn for value in record.values("022", "a") if (issn := read_issn(value)))


def read_system_numbers(record: MarcRecord) -> frozenset[str]:
    """Numbers with the agency that gave them.

    1. 010 $a: the number of the Library of Congress.
    2. 015 $a: a national bibliography number; without an agency ($2) it must have letters.
    3. 035 $a: only with an agency in parentheses; for OCLC without prefix and leading zeros.
    """
    found = {f"lccn:{number}" for value in record.values("010", "a") if (number := _bare(value))}
    for field in record.data("015"):
        found |= {
            f"nbn:{_bare(field.get('2') or '')}:{number}"
            for value in field.all("a")
            if len(number := _bare(value)) > 4 and (field.get("2") or not number.isdecimal())
        }
    for value in record.values("035", "a"):
        if match := _AGENCY.fullmatch(value.strip()):
            found.add(_agency_number(match[1].strip(), match[2]))
    return frozenset(found)


def _agency_number(agency: str, number: str) -> str:
    bare = _OCLC.sub("", number.strip().lower()) if agency == "OCoLC" else number.strip()
    return f"({agency}){bare}"


def read_publisher_numbers(record: MarcRecord) -> frozenset[str]:
    """Letters and digits of publisher's numbers (028 $a)."""
    return frozenset(number for value in record.values("028", "a") if (number := _bare(value)))


def _bare(value: str) -> str:
    return _SIGNS.sub("", value.upper())
