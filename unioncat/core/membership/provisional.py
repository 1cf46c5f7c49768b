"""Provisional codes for libraries that a list names without an ISIL.

`VN-X`, nine digits in base 29 and a check character, 14 characters in all (ISO 15511 allows 16). The digits are a hash
of name, province and commune, all without diacritics, so that the same library of a later list gets the same code.
A library that changes its name keeps its code only if the list states it.
"""

from hashlib import sha256

from unioncat.core.identifiers import BETANUMERIC, Isil, mint_master_id
from unioncat.core.library import MemberLibrary
from unioncat.core.membership.names import name_key
from unioncat.core.normalise.vietnamese import plain

PREFIX = "VN-X"
_BASE = len(BETANUMERIC)
_FIRST = _BASE**8  # the smallest number of nine digits
_COUNT = _BASE**9 - _FIRST


def mint_provisional(library: MemberLibrary) -> Isil:
    """The provisional code of a library that has a name and maybe a place."""
    place = library.place
    parts = (
        name_key(library.name),
        place.province_code or "",
        place.commune_code or plain(place.commune or ""),
    )
    number = int.from_bytes(sha256("\n".join(parts).encode()).digest()[:16], "big")
    return Isil(PREFIX + mint_master_id(_FIRST + number % _COUNT)[1:])
