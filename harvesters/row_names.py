"""What a row of a list is called, so that the next delivery of the list may have its rows in any order.

1. Its control number, where no other row has that.
2. Else what it says about the publication and its copies (title, authors, year, volume, ISBN, ISSN, barcodes), where no
   other row says the same.
3. Else all its cells but those that no record takes, such as running numbers; true duplicates are counted.

Case, blanks and the form of an ISBN do not matter.
"""

import hashlib
import json
import unicodedata
from array import array
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from unioncat.core.parse.book_numbers import read_isbn13
from unioncat.core.parse.columns import Role, name_key
from unioncat.core.parse.row_cells import is_nothing, one_line

_LONGEST_NUMBER = 100
_NAMING = (
    Role.TITLE, Role.TITLE_REST, Role.AUTHORS, Role.YEAR, Role.VOLUME, Role.ISBN, Role.ISSN, Role.BARCODE,
)  # fmt: skip
_PARTS = 8


@dataclass(frozen=True, slots=True)
class RowNames:
    """What a row may be called: by rule 1, 2 and 3; empty where it says nothing of that."""

    number: str
    content: str
    whole: str


def names_of(cells: Mapping[str, str], roles: Mapping[str, Role]) -> RowNames:
    """The names of a row of these cells, by the roles of their columns."""
    number = ""
    naming: list[tuple[str, str]] = []
    whole: list[tuple[str, str]] = []
    for name, text in cells.items():
        role = roles.get(name)
        if role is Role.IGNORED:
            continue
        folded = _folded(text, role)
        whole.append((name_key(name), folded))
        if role in _NAMING:
            naming.append((role, folded))
        elif role is Role.CONTROL_NUMBER and not is_nothing(text):
            number = one_line(text)
    return RowNames(
        number if len(number) <= _LONGEST_NUMBER else "",
        _hash(sorted(naming)) if naming else "",
        _hash(sorted(whole)),
    )


@dataclass(slots=True)
class NamesOfList:
    """The names of all rows of a list, of which it is known which are not unique; 16 bytes a row."""

    _numbers: "array[int]" = field(default_factory=lambda: array("Q"))
    _contents: "array[int]" = field(default_factory=lambda: array("Q"))

    def __len__(self) -> int:
        return len(self._numbers)

    def add(self, names: RowNames) -> None:
        """Remember the names of one more row."""
        self._numbers.append(_short(names.number))
        self._contents.append(_short(names.content))

    def chooser(self) -> "ChosenNames":
        """What gives each row its name, once all are known."""
        return ChosenNames(_repeated(self._numbers), _repeated(self._contents))


@dataclass(slots=True)
class ChosenNames:
    """Gives the rows of a list their names, one after the other."""

    _numbers: frozenset[int]
    _contents: frozenset[int]
    _counts: Counter[str] = field(default_factory=Counter)

    def identifier(self, names: RowNames) -> str:
        """The name of the next row; no other row of the list has it."""
        if names.number and _short(names.number) not in self._numbers:
            return names.number
        if names.content and _short(names.content) not in self._contents:
            return f"row-{names.content}"
        self._counts[names.whole] += 1
        count = self._counts[names.whole]
        return f"row-{names.whole}" + (f"-{count}" if count > 1 else "")


def _folded(text: str, role: Role | None) -> str:
    isbn = read_isbn13(text) if role is Role.ISBN else None
    return isbn or " ".join(unicodedata.normalize("NFC", text).casefold().split())


def _hash(said: list[tuple[str, str]]) -> str:
    text = json.dumps(said, ensure_ascii=False)
    return hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=12).hexdigest()


def _short(name: str) -> int:
    """Eight bytes that stand for a name; 0 for none."""
    return int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest(), "big") if name else 0


def _repeated(hashes: "array[int]") -> frozenset[int]:
    """The values that stand there twice; a part after the other, so that little memory is needed."""
    repeated: set[int] = set()
    for part in range(_PARTS):
        seen: set[int] = set()
        for one in hashes:
            if one and one % _PARTS == part:
                (repeated if one in seen else seen).add(one)
    return frozenset(repeated)
