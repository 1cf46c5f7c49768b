"""Publishers and places (MARC 260/264 $a $b).

1. A text may name several publishers: `;`, ` : ` and `/` separate them.
2. "Nxb.", "Nhà xuất bản" before a name and words such as Ltd. after it say nothing.
3. Aliases lead to one name: "KHXH" is "Khoa học xã hội". A name is its key in plain letters.
4. [K.nxb], [s.n.] and placeholders are no publisher.
5. Places have aliases too; [K.đ.] and [s.l.] are no place.
"""

import re
from functools import lru_cache

from unioncat.core.normalise.lists import aliases_of, any_of, words_of
from unioncat.core.normalise.placeholders import is_placeholder
from unioncat.core.normalise.vietnamese import plain

_SEPARATORS = re.compile(r"\s*(?:;|\s:|:\s|\s/\s|\|)\s*")
_PREFIX = re.compile(rf"^(?:(?:{any_of(words_of('publishers', 'prefixes'))})\s+)+")
_SUFFIX = re.compile(rf"(?:\s+(?:{any_of(words_of('publishers', 'suffixes'))}))+$")
_LEADING = re.compile(
    r"^(?:the|cong ty(?: co phan| tnhh| cp)?(?: sach| van hoa| phat hanh| truyen thong)*)\s+"
)
_ALIASES = aliases_of("publishers", "aliases")
_PARTNERS = words_of("publishers", "partners")
_NOBODY = words_of("publishers", "none")
_PLACES = aliases_of("places", "aliases")
_NOWHERE = words_of("places", "none")


def publisher_keys(text: str) -> frozenset[str]:
    """The keys of all publishers that a text names."""
    return frozenset(key for part in _SEPARATORS.split(text) if (key := _publisher(part)))


def is_partner(key: str) -> bool:
    """Whether a publisher key is a company that works with publishers of record."""
    return key in _PARTNERS


@lru_cache(maxsize=50_000)
def place_key(text: str) -> str | None:
    """The key of a place, None when it says nothing."""
    key = plain(text)
    if is_placeholder(text) or key in _NOWHERE:
        return None
    return _PLACES.get(key, key)


@lru_cache(maxsize=50_000)
def _publisher(part: str) -> str:
    key = plain(part)
    if is_placeholder(part) or key in _NOBODY:
        return ""
    bare = _PREFIX.sub("", key)
    for name in (_LEADING.sub("", bare), bare):
        if name in _ALIASES:
            return _ALIASES[name]
        if name in _PARTNERS:
            return name
    bare = _LEADING.sub("", bare)
    short = _SUFFIX.sub("", bare) or bare
    return _ALIASES.get(short, short)
