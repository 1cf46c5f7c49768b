"""What stands in 020 $a and 022 $a instead of an ISBN or ISSN (ISO 2108, ISO 3297; MARC 020, 022).

1. A valid ISBN is no fault, whatever stands beside it; nor is a qualifier without a number ("bìa mềm").
2. A placeholder, or a number of one digit repeated or of digits in a row, stands for a number that is not known.
3. A price or a print run: a number with a currency or with "bản", "b", "cuốn"; or the word price before it.
4. A running number or a barcode: up to eight digits, or thirteen that do not begin with 978 or 979 (EAN 893 …).
5. Anything else with digits was meant as an ISBN: its check digit is wrong, or digits are missing.
6. A number in 022 $a that is no valid ISSN has a wrong check digit or missing digits.

What stands in $z, $c and $d is in its right place.
"""

import re

from unioncat.core.findings import FindingKind
from unioncat.core.normalise.isbn import read_isbn
from unioncat.core.normalise.issn import read_issn
from unioncat.core.normalise.placeholders import is_placeholder

_AMOUNT = re.compile(
    r"(?i)\b(?:giá|gia|price)\b.{0,3}[0-9]"
    r"|[$€£₫][\s]?[0-9]|(?<![0-9-])[0-9][0-9.,\s]*\s?(?:đ|₫|đồng|dong|vnđ|vnd|usd|eur|[$€£]|bản|ban|cuốn|b)(?![a-z0-9])"
)
_NOT_DIGITS = re.compile(r"[^0-9Xx]")
_BOOKLAND = ("978", "979")
_SHORTEST_MISPRINT = 9


def fault_of_isbn(text: str) -> FindingKind | None:
    """What is wrong with one 020 $a; None when nothing is."""
    if read_isbn(text).isbn13:
        return None
    digits = _NOT_DIGITS.sub("", text)
    if is_placeholder(text) and not _is_short_number(text, digits):
        return FindingKind.PLACEHOLDER
    if not any(map(str.isdigit, digits)):
        return None
    if _AMOUNT.search(text):
        return FindingKind.ISBN_PRICE
    if _is_dummy(digits):
        return FindingKind.PLACEHOLDER
    if len(digits) < _SHORTEST_MISPRINT or (len(digits) == 13 and not digits.startswith(_BOOKLAND)):
        return FindingKind.ISBN_RUNNING_NUMBER
    return FindingKind.ISBN_CHECK_DIGIT


def fault_of_issn(text: str) -> FindingKind | None:
    """What is wrong with one 022 $a; None when nothing is."""
    if read_issn(text):
        return None
    if is_placeholder(text):
        return FindingKind.PLACEHOLDER
    return FindingKind.ISSN_CHECK_DIGIT if any(map(str.isdigit, text)) else None


def _is_short_number(text: str, digits: str) -> bool:
    """The list of placeholders has 0 and 1, which in 020 are running numbers like any other; 0 stands for nothing."""
    return text.strip() == digits and digits != "0"


def _is_dummy(digits: str) -> bool:
    """Rule 2; a short number such as 11 or 123 may well be a running number."""
    body = digits.removeprefix("978")[:9]
    return len(digits) >= _SHORTEST_MISPRINT and (
        len(set(body)) == 1 or body in "01234567890123456789" or body in "98765432109876543210"
    )
