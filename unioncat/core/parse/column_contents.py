"""What a column holds, told by its contents, where its name says nothing.

1. A line of the table is true of a column when so large a share of its filled cells suits it; lines are tried in
   their order, the column with the largest share first.
2. What is left is text: the column with the longest texts is the title, one with names of persons the authors.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from unioncat.core.parse.book_numbers import is_rounded, read_isbn13, read_issn, undone
from unioncat.core.parse.column_names import SHARED, Role

_YEAR = re.compile(r"(?:1[89]|20)[0-9]{2}")
_PRICE = re.compile(
    r"[0-9]{1,3}(?:[.,]?[0-9]{3})+\s*(?:đ|đồng|vnd|vnđ)\.?|[1-9][0-9]{0,3}[.,]?[05]00", re.IGNORECASE
)
_PAGES = re.compile(r"[0-9.,\s]+(?:tr|trang|p|pp|pages)\b\.?.*", re.IGNORECASE)
_SIZE = re.compile(
    r"(?:khổ\s*)?[0-9]+(?:[.,][0-9])?(?:\s*[x×]\s*[0-9]+(?:[.,][0-9])?)?\s*cm\.?|[0-9]{2}(?:[.,][0-9])?\s*[x×]\s*[0-9]{2}(?:[.,][0-9])?",
    re.IGNORECASE,
)
_CLASS = re.compile(r"[0-9]{3}(?:\.[0-9]+)?(?:[ /][\w\W]{0,15})?")
_PUBLISHER = re.compile(r"\b(?:nxb|nhà xuất bản|nha xuat ban|press|publish\w*)\b", re.IGNORECASE)
_EDITION = re.compile(r"tái bản|lần thứ|in lần|\bed\b\.?|edition", re.IGNORECASE)
_BARCODE = re.compile(r"[A-ZĐ][A-ZĐ./_ -]{0,15}[0-9]{3,12}|[0-9]{6,14}|0[0-9]{4,13}", re.IGNORECASE)
_LANGUAGE = re.compile(
    r"(?:tiếng )?(?:việt|anh|pháp|nga|trung|nhật|hàn|đức)|vie|eng|fre|rus|chi|vi|en", re.IGNORECASE
)
_LEAST = 2
_READ_OF_A_CELL = 200


@dataclass(frozen=True, slots=True)
class Sign:
    """A role, the share of cells that must suit, in words what they look like, and whether one does."""

    role: Role
    share: float
    words: str
    suits: Callable[[str], bool]


def _like(pattern: re.Pattern[str]) -> Callable[[str], bool]:
    return lambda cell: pattern.fullmatch(cell) is not None


SIGNS = (
    Sign(Role.ISBN, 0.5, "are ISBNs", lambda cell: bool(read_isbn13(cell)) or is_rounded(cell)),
    Sign(Role.ISSN, 0.5, "are ISSNs", lambda cell: bool(read_issn(cell))),
    Sign(Role.YEAR, 0.7, "are years", lambda cell: _YEAR.fullmatch(undone(cell)) is not None),
    Sign(Role.EDITION, 0.5, "are edition statements", lambda cell: bool(_EDITION.search(cell))),
    Sign(Role.PUBLISHER, 0.4, "name publishers", lambda cell: bool(_PUBLISHER.search(cell))),
    Sign(Role.SIZE, 0.7, "are sizes", _like(_SIZE)),
    Sign(Role.PAGES, 0.7, "are numbers of pages", _like(_PAGES)),
    Sign(Role.CLASSIFICATION, 0.7, "are Dewey numbers", _like(_CLASS)),
    Sign(Role.PRICE, 0.8, "are prices", _like(_PRICE)),
    Sign(Role.LANGUAGE, 0.8, "are languages", _like(_LANGUAGE)),
    Sign(Role.BARCODE, 0.8, "are accession numbers", _like(_BARCODE)),
)


def roles_by_contents(
    places: Sequence[int], sample: Sequence[Sequence[str]], taken: set[Role]
) -> dict[int, tuple[Role, str]]:
    """The roles of the columns at these places, with reasons; `taken` are roles that other columns have."""
    columns = {place: _filled(sample, place) for place in places}
    columns = {place: cells for place, cells in columns.items() if cells and not _counts_up(cells)}
    found: dict[int, tuple[Role, str]] = {}
    for sign in SIGNS:
        free = [place for place in columns if place not in found]
        best = max(free, key=lambda place: _share(columns[place], sign.suits), default=None)
        if best is None or sign.role in taken - SHARED:
            continue
        if len(columns[best]) >= _LEAST and _share(columns[best], sign.suits) >= sign.share:
            found[best] = sign.role, f"{_per_cent(columns[best], sign.suits)} of its first cells {sign.words}"
    rest = {place: cells for place, cells in columns.items() if place not in found}
    return found | _texts(rest, taken)


def _texts(columns: dict[int, list[str]], taken: set[Role]) -> dict[int, tuple[Role, str]]:
    """Rule 2."""
    found: dict[int, tuple[Role, str]] = {}
    texts = {place: cells for place, cells in columns.items() if _share(cells, _has_letters) > 0.7}
    if texts and Role.TITLE not in taken:
        title = max(texts, key=lambda place: (_mean_length(texts[place]), -place))
        if _mean_length(texts.pop(title)) >= 6:
            found[title] = Role.TITLE, "its cells are the longest texts"
    names = max(texts, key=lambda place: _share(texts[place], _is_name), default=None)
    if names is not None and Role.AUTHORS not in taken and _share(texts[names], _is_name) >= 0.6:
        found[names] = Role.AUTHORS, "its cells look like names of persons"
    return found


def _filled(sample: Sequence[Sequence[str]], place: int) -> list[str]:
    cells = (row[place].strip()[:_READ_OF_A_CELL] for row in sample if place < len(row))
    return [cell for cell in cells if cell]


def _counts_up(cells: Sequence[str]) -> bool:
    """Whether it is the running number of the list: whole numbers, each one more than the last."""
    numbers = [int(undone(cell)) for cell in cells if undone(cell).isdecimal() and len(undone(cell)) < 8]
    steps = [after - before for before, after in pairwise(numbers)]
    return len(numbers) == len(cells) > 1 and set(steps) == {1}


def _share(cells: Sequence[str], suits: Callable[[str], bool]) -> float:
    return sum(map(suits, cells)) / len(cells)


def _per_cent(cells: Sequence[str], suits: Callable[[str], bool]) -> str:
    return f"{round(100 * _share(cells, suits))} %"


def _has_letters(cell: str) -> bool:
    return any(sign.isalpha() for sign in cell)


def _mean_length(cells: Sequence[str]) -> float:
    return sum(map(len, cells)) / len(cells)


def _is_name(cell: str) -> bool:
    """Whether it is two words or more, each with a capital, and no number."""
    words = re.findall(r"\w+", cell)
    return 2 <= len(words) <= 12 and all(word[0].isupper() and word.isalpha() for word in words)
