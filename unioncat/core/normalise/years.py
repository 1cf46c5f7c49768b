"""Years (MARC 260/264 $c, 008/06-14).

1. A year after c, © or cop. is a copyright year; one after "in", "printed" or "nộp lưu chiểu", or before "printing",
   a printing year; the first other one is the year of publication. What follows "i.e." corrects it, and the
   western year in brackets explains a year of another calendar.
2. [196-?], 199, 1960-1964, 1998-99 and "between 1990 and 1993" are ranges (2005-06 may be a month); [1964?] is a
   year that may be a year off.
3. Years from 1000 to 2100 count; 9999 and u's are missing.
"""

import re
from dataclasses import dataclass

from unioncat.core.normalise.remembered import remembered
from unioncat.core.normalise.vietnamese import nfc, plain_in_place

_YEAR = re.compile(r"(?<![0-9])(?P<year>1[0-9]{3}|20[0-9]{2})(?![0-9])")
_DECADE = re.compile(r"(?<![0-9])(?P<decade>1[0-9]{2}|20[0-9])(?:[-?_u](?![0-9])|[.…\]\s]*$)")
_CENTURY = re.compile(r"(?<![0-9])(?P<century>1[0-9]|20)(?:--|\?\?|uu)(?![0-9])")
_RANGE = re.compile(
    r"(?<![0-9])(1[0-9]{3}|20[0-9]{2})\]?(?:\s?[-–/]\s?|\s(?:and|và|đến)\s)\[?(1[0-9]{3}|20[0-9]{2}|1[3-9]|[2-9][0-9])(?![0-9])"
)
_CORRECTED = re.compile(r"\bi\.?\s?e\.?,?\s?(1[0-9]{3}|20[0-9]{2})(?![0-9])")
_OTHER_CALENDAR = re.compile(r"(?<![0-9])1[0-4][0-9]{2}\s?[\[(=]\s?(1[5-9][0-9]{2}|20[0-9]{2})(?![0-9])")
_COPYRIGHT = re.compile(r"(?:[©℗]|\bcop(?:yright)?\.?|\bc|\bp)\s?$", re.IGNORECASE)
_PRINTING_FOLLOWS = re.compile(r"[\]\s]*(?:printing|impression|reprint)", re.IGNORECASE)
_PRINTING = re.compile(
    r"\b(?:in|printed|print|in xong|luu chieu|nop luu chieu)\b[^0-9]*(?:quy [ivx0-9]+\s?)?[^0-9]*$"
)


@dataclass(frozen=True, slots=True)
class Years:
    """The years a record states; `approximate` is the first and last possible year of publication."""

    publication: int | None = None
    copyright: int | None = None
    printing: int | None = None
    approximate: tuple[int, int] | None = None


@remembered
def read_years(text: str) -> Years:
    """Read MARC 260/264 $c."""
    text = nfc(text)
    if match := _CORRECTED.search(text) or _OTHER_CALENDAR.search(text):
        return Years(publication=int(match[1]))
    if match := _RANGE.search(text):
        first, last = int(match[1]), int(match[1][: -len(match[2])] + match[2])
        if first < last:
            return Years(publication=first, approximate=(first, last))
    found: dict[str, int] = {}
    for match in _YEAR.finditer(text):
        found.setdefault(_kind(text[: match.start()], text[match.end() :]), int(match["year"]))
    publication = found.get("publication")
    approximate = None
    if publication is None and (match := _DECADE.search(text)):
        approximate = (int(match["decade"]) * 10, int(match["decade"]) * 10 + 9)
    elif publication is None and (match := _CENTURY.search(text)):
        approximate = (int(match["century"]) * 100, int(match["century"]) * 100 + 99)
    elif publication is not None and re.search(rf"{publication}\s?\?|\bca?\.? ?{publication}", text):
        approximate = (publication - 1, publication + 1)
    return Years(publication, found.get("copyright"), found.get("printing"), approximate)


def year_of_008(value: str) -> int | None:
    """The first date of MARC 008 (positions 07-10); None for defaults and unknown dates."""
    if len(value) < 11 or value[6:7] in ("b", "n", "|"):
        return None
    date = value[7:11]
    return int(date) if date.isdigit() and 1000 <= int(date) <= 2100 else None


def _kind(before: str, after: str) -> str:
    if _COPYRIGHT.search(before):
        return "copyright"
    printing = _PRINTING.search(plain_in_place(before)) or _PRINTING_FOLLOWS.match(after)
    return "printing" if printing else "publication"
