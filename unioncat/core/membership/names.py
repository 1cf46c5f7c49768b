"""Names of libraries, in the forms in which they are compared and looked up."""

import re

from unioncat.core.library import MemberLibrary
from unioncat.core.membership.units import former_names
from unioncat.core.normalise.vietnamese import plain

_SHORT = {
    "tv": "thu vien",
    "dh": "dai hoc",
    "cd": "cao dang",
    "tt": "trung tam",
    "tp": "thanh pho",
    "lib": "library",
}
_WORD = re.compile(r"\w+")


def name_key(name: str) -> str:
    """A name without diacritics, case and punctuation, usual abbreviations written out (TV, ĐH, CĐ, TT, TP)."""
    return _WORD.sub(lambda word: _SHORT.get(word[0], word[0]), plain(name))


def search_key(library: MemberLibrary) -> str:
    """What a library is found by: its names, ISIL, places, and the former names of its province.

    Words in plain letters, each with a blank before it: a query matches when each of its words begins one of these.
    """
    place = library.place
    former = former_names(place.province_code) if place.province_code else ()
    said = (
        library.name,
        library.name_en,
        library.isil,
        library.province,
        place.commune,
        place.address,
        *former,
    )
    words = [plain(text) for text in said if text]
    return " " + " ".join([*words, name_key(library.name)])


def query_words(query: str) -> list[str]:
    """The words that a search key must have, in the same form."""
    return plain(query).split()
