"""The roles of the columns of a list, and the names that claim them (`column_names.toml`).

The whole name counts first, then what stands before a bracket, slash or line break, then a known name inside it.
Case, accents and punctuation do not matter; a name in an old Vietnamese encoding counts as what it means.
"""

import re
import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache
from importlib.resources import files

from unioncat.core.encoding.double_utf8 import from_double_utf8
from unioncat.core.encoding.tcvn3 import from_tcvn3
from unioncat.core.encoding.vni import from_vni
from unioncat.core.encoding.windows1258 import from_windows_1258


class Role(StrEnum):
    """What a column holds. The value is what a mapping is stored with: never change it."""

    CONTROL_NUMBER = "control_number"  # MARC 001
    TITLE = "title"  # 245 $a
    TITLE_REST = "title_rest"  # 245 $b
    AUTHORS = "authors"  # 100, 700
    PUBLISHER = "publisher"  # 260 $b
    PLACE = "place"  # 260 $a
    YEAR = "year"  # 260 $c
    EDITION = "edition"  # 250
    ISBN = "isbn"  # 020 $a
    ISSN = "issn"  # 022
    PAGES = "pages"  # 300 $a
    SIZE = "size"  # 300 $c
    VOLUME = "volume"  # 245 $n
    SERIES = "series"  # 490
    SUBJECTS = "subjects"  # 653
    CLASSIFICATION = "classification"  # 082, 084
    LANGUAGE = "language"  # 041
    BARCODE = "barcode"  # 852 $p
    LOCATION = "location"  # 852 $b
    CALL_NUMBER = "call_number"  # 852 $h
    COPIES = "copies"  # how many fields 852
    PRICE = "price"  # 020 $c
    NOTE = "note"  # 500
    IGNORED = "ignored"


SHARED = frozenset({Role.AUTHORS, Role.SUBJECTS, Role.NOTE, Role.BARCODE, Role.ISBN, Role.IGNORED})
"""Roles that several columns may have."""


@dataclass(frozen=True, slots=True)
class NamedRole:
    """The role that a name claims: `strength` 3 the whole name, 2 its first part, 1 a known name inside."""

    role: Role
    strength: int
    alias: str


_COUNTED = re.compile(r"\s*\(\d+\)$")
_PARTS = re.compile(r"[(\[{/:;\n\r]|\s[-–]\s")
_SIGNS = re.compile(r"[\W_]+")
_LETTERS = str.maketrans("đĐðÐ", "dDdD")
_SHORTEST_INSIDE = 6
_LONGEST = 200
_TELLING = frozenset({"isbn", "issn", "ddc", "nxb", "dkcb"})
_OLD_ENCODINGS = (from_tcvn3, from_vni, from_windows_1258, from_double_utf8)
"""A name that means nothing as it stands may be written in one of these."""

Known = tuple[Role, str]
"""A role and the name that claims it, as it is written."""


@lru_cache(maxsize=10_000)
def name_key(name: str) -> str:
    """A name without case, punctuation and line breaks; as it is where nothing would be left.

    Accents stay: "Kho" is a store, "Khổ" a size.
    """
    return _key(name)


def fold_name(name: str) -> str:
    """The key of a name without its accents."""
    letters = unicodedata.normalize("NFKD", _key(name).translate(_LETTERS))
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def _key(name: str) -> str:
    letters = unicodedata.normalize("NFC", unicodedata.normalize("NFKC", name).casefold())
    return _SIGNS.sub(" ", letters).strip() or name.strip()


@cache
def _known_names() -> tuple[Mapping[str, Known], Mapping[str, Known]]:
    """The roles of known names, by their key and by their folded form, where a name without accents comes first."""
    text = files("unioncat.core.parse").joinpath("column_names.toml").read_text("utf-8")
    table: Mapping[str, list[str]] = tomllib.loads(text)
    known = [(name, (Role(role), name)) for role, names in table.items() for name in names]
    known.sort(key=lambda pair: fold_name(pair[0]) != name_key(pair[0]))
    folded: dict[str, Known] = {}
    for name, meant in known:
        folded.setdefault(fold_name(name), meant)
    return {name_key(name): meant for name, meant in known}, folded


def _known(name: str) -> Known | None:
    with_accents, folded = _known_names()
    return with_accents.get(name_key(name)) or folded.get(fold_name(name))


@lru_cache(maxsize=10_000)
def role_of_name(name: str) -> NamedRole | None:
    """The role that the name of a column claims; None when it says nothing that is known."""
    if len(name) > _LONGEST:
        return None
    bare = _COUNTED.sub("", name)
    forms = (bare,) if bare.isascii() else (bare, *(meant(bare) for meant in _OLD_ENCODINGS))
    return next(filter(None, map(_claim, forms)), None)


def _claim(bare: str) -> NamedRole | None:
    for strength, form in ((3, bare), (2, _PARTS.split(bare.strip())[0])):
        if known := _known(form):
            return NamedRole(known[0], strength, known[1])
    inside = f" {fold_name(bare)} "
    found = [alias for alias in _known_names()[1] if _stands_inside(alias) and f" {alias} " in inside]
    if not found:
        return None
    role, written = _known_names()[1][max(found, key=lambda alias: (len(alias), alias))]
    return NamedRole(role, 1, written)


def _stands_inside(alias: str) -> bool:
    """Whether a known name is long or telling enough to count inside a longer one."""
    return alias in _TELLING or (len(alias) >= _SHORTEST_INSIDE and " " in alias)
