"""Write libraries as a list that can be read again: `read_library_list` of it changes nothing.

1. UTF-8 with a byte order mark, semicolons and Vietnamese headings: spreadsheet programs open it as it is.
2. A cell that a spreadsheet program would calculate (= + - @) has an apostrophe before it, unless it is a number.
3. Contacts are written where there is just one.
"""

import csv
import io
import re
from collections.abc import Iterable, Mapping

from unioncat.core.library import MemberLibrary
from unioncat.core.membership.library_list import headings

_CALCULATED = re.compile(r"(?='*[=+@-])(?!-?[\d.]+$)")
_WORDS = {True: "có", False: "không", None: ""}


def write_library_list(libraries: Iterable[MemberLibrary]) -> bytes:
    """The libraries as a CSV file."""
    columns = headings()
    file = io.StringIO()
    writer = csv.writer(file, delimiter=";", lineterminator="\r\n")
    writer.writerow(columns.values())
    for library in libraries:
        cells = _cells(library)
        writer.writerow([_guarded(cells[meaning]) for meaning in columns])
    return file.getvalue().encode("utf-8-sig")


def _cells(library: MemberLibrary) -> Mapping[str, str]:
    place, lending = library.place, library.lending
    contact = library.contacts[0] if len(library.contacts) == 1 else None
    cells: Mapping[str, object] = {
        "isil": library.isil,
        "name": library.name,
        "name_en": library.name_en,
        "province": library.province,
        "commune": place.commune,
        "address": place.address,
        "latitude": place.position and place.position.latitude,
        "longitude": place.position and place.position.longitude,
        "kind": library.kind,
        "legal_form": library.legal_form,
        "level": library.level,
        "function": library.function,
        "subject_fields": "; ".join(library.subject_fields),
        "governing_body": library.governing_body,
        "website": library.website,
        "contact": contact and contact.role,
        "email": contact and contact.email,
        "phone": contact and contact.phone,
        "lends": _WORDS[lending.lends],
        "copies": _WORDS[lending.copies],
        "fee": _WORDS[lending.fee],
        "lending_policy": lending.policy,
        "rank": library.rank,
    }
    return {meaning: "" if value is None else str(value) for meaning, value in cells.items()}


def _guarded(cell: str) -> str:
    return _CALCULATED.sub("'", cell, count=1) if _CALCULATED.match(cell) else cell
