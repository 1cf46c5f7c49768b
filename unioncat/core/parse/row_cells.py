"""The cells of a row by their roles, with what spreadsheets do to numbers and dates undone.

1. A cell of nothing but signs ("-", "…"), an error of the spreadsheet ("#N/A") or a word for nothing is empty.
2. A whole number that became a decimal number ("2015.0") is whole again.
3. A year that a spreadsheet shows as a date is a year: 2015 as day number 2015 is 1905-07-07; of any other date the
   year is taken.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from unioncat.core.parse.book_numbers import undone
from unioncat.core.parse.column_names import Role
from unioncat.core.parse.text import clean

Cells = Mapping[Role, Sequence[str]]
"""The filled cells of a row by role, in the order of the columns."""

_NOTHING = re.compile(
    r"[\W_]*|#(?:N/A|REF!|VALUE!|NAME\?|DIV/0!|NULL!|NUM!)|n/?a|null|none|nan", re.IGNORECASE
)
_WHOLE = re.compile(r"([0-9]+)\.0+")
_DATE = re.compile(r"([12][0-9]{3})-([01][0-9])-([0-3][0-9])(?:[T ].*)?")
_DAY_MONTH = re.compile(r"[0-3]?[0-9][/.-][01]?[0-9][/.-]((?:1[5-9]|20)[0-9]{2})(?:\s.*)?")
_NO_DAY = date(1899, 12, 30)
"""The day before day 1 of a spreadsheet (with its leap year 1900 that was none)."""


def is_nothing(text: str) -> bool:
    """Whether a cell says nothing."""
    return _NOTHING.fullmatch(text.strip()) is not None


def one_line(text: str) -> str:
    """The text of a cell in one line, as it is kept in MARC."""
    return " ".join(clean(text).split())


def number_as_text(text: str) -> str:
    """The text of a cell in one line; a whole number without decimals (rule 2)."""
    line = one_line(text)
    match = _WHOLE.fullmatch(line)
    return match[1] if match else undone(line)


def year_of_cell(text: str) -> str:
    """What stands in a column of years, with dates as years (rule 3)."""
    line = number_as_text(text)
    if match := _DATE.fullmatch(line):
        return _year_behind(match)
    match = _DAY_MONTH.fullmatch(line)
    return match[1] if match else line


def _year_behind(match: re.Match[str]) -> str:
    try:
        day_number = (date(int(match[1]), int(match[2]), int(match[3])) - _NO_DAY).days
    except ValueError:
        return match[1]
    return str(day_number) if 1900 <= day_number <= 2100 else match[1]


def parts_of(texts: Iterable[str], separators: str) -> tuple[str, ...]:
    """The texts cut at line breaks and at any of these separators, without what says nothing."""
    cut = (part for text in texts for part in re.split(rf"[\r\n{re.escape(separators)}]+", text))
    return tuple(number_as_text(part) for part in cut if not is_nothing(part))
