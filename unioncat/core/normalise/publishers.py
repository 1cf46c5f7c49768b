"""Publishers and places (MARC 260/264 $a $b).

1. A text may name several publishers: `;`, ` : `, `/` separate them, and so do a comma or a dash between blanks where
   each side is a known house or one is a partner company. A place or a year behind a comma is no publisher.
2. "Nxb.", "Nhà xuất bản" before a name and words such as Ltd. after it say nothing, nor do "và" and "&".
3. Abbreviations are spelt out (ĐH, Tp. HCM, Univ.) and aliases lead to one name: "KHXH" is "Khoa học xã hội". A name is
   its key in plain letters, with i for y, and single letters in a row are one word: "M.I.T. Press" is "mit press".
4. [K.nxb], [s.n.] and placeholders are no publisher.
5. The first place counts, without what follows a comma; places have aliases too; [K.đ.] and [s.l.] are no place.
"""

import re
from collections.abc import Iterator

from unioncat.core.normalise.lists import aliases_of, any_of, map_of, words_of
from unioncat.core.normalise.placeholders import is_placeholder
from unioncat.core.normalise.remembered import remembered
from unioncat.core.normalise.vietnamese import plain, syllable_key

_SEPARATORS = re.compile(r"\s*(?:;|\s:|:\s|\s/\s|\|)\s*")
_INNER = re.compile(r"\s*,\s*|\s[-–]\s")
_YEAR = re.compile(r"\W*[0-9]{4}\W*")
_INITIALS = re.compile(r"\b\w(?: \w)+\b")
_JOINERS = re.compile(r"\b(?:va|and|et|und)\b")
_WORDS = {
    plain(short): plain(long)
    for table in ("bodies", "publishers")
    for short, long in map_of(table, "abbreviations").items()
}
_WORD = re.compile(rf"\b(?:{any_of(frozenset(_WORDS))})\b")


def _loose(text: str) -> str:
    """Rules 2 and 3 for the words of a name."""
    joined = _INITIALS.sub(lambda match: match[0].replace(" ", ""), plain(text))
    spelt = _WORD.sub(lambda match: _WORDS[match[0]], joined)
    return syllable_key(_JOINERS.sub(" ", spelt))


_PREFIX = re.compile(rf"^(?:(?:{any_of(words_of('publishers', 'prefixes'))})(?:\s+|$))+")
_SUFFIX = re.compile(rf"(?:\s+(?:{any_of(words_of('publishers', 'suffixes'))}))+$")
_LEADING = re.compile(
    rf"^(?:the|(?:tong )?cong ti(?: {any_of(words_of('publishers', 'company_words')).replace('|', '| ')})*)\s+"
)
_ALIASES = {
    _loose(alias): canonical
    for table in ("international", "aliases")
    for alias, canonical in aliases_of("publishers", table).items()
}
_PARTNERS = frozenset(map(_loose, words_of("publishers", "partners")))
_COMPANY = "cong ti "
_IS_COMPANY = re.compile(r"(?:tong )?cong ti\b")
"""By law only houses publish; a company that no list knows works with one of them."""
_NOBODY = words_of("publishers", "none")
_PLACES = aliases_of("places", "aliases")
_NOWHERE = words_of("places", "none")
_FIRST_PLACE = re.compile(r"[;,:/]")
_CITY = re.compile(r"^(?:tp|thanh pho|tx|thi xa|tinh) (?=\w)")


@remembered
def publisher_keys(text: str) -> frozenset[str]:
    """The keys of all publishers that a text names."""
    names = (name for part in _SEPARATORS.split(text) for name in _names(part))
    return frozenset(key for name in names if (key := _publisher(name)))


def is_partner(key: str) -> bool:
    """Whether a publisher key is a company that works with publishers of record."""
    return key in _PARTNERS or key.startswith(_COMPANY)


@remembered
def place_key(text: str) -> str | None:
    """The key of the first place, None when it says nothing."""
    names = filter(None, map(plain, _FIRST_PLACE.split(text)))
    name = _INITIALS.sub(lambda match: match[0].replace(" ", ""), next(names, ""))
    if is_placeholder(text) or is_placeholder(name) or name in _NOWHERE:
        return None
    name = name.removesuffix(" etc")
    return _PLACES.get(name) or _CITY.sub("", name)


def _names(part: str) -> Iterator[str]:
    """The publishers in a part without semicolons, rule 1."""
    pieces = _INNER.split(part)
    if len(pieces) == 1 or _known(part):
        yield part
    elif any(map(is_partner, map(_publisher, pieces))) or ("," in part and all(map(_known, pieces))):
        yield from pieces
    else:
        yield _without_place(part)


def _without_place(part: str) -> str:
    name, comma, last = part.rpartition(",")
    if comma and (not last.strip() or _YEAR.fullmatch(last) or plain(last) in _PLACES):
        return _without_place(name)
    return part


def _known(name: str) -> bool:
    return _PREFIX.sub("", _loose(name)) in _ALIASES


@remembered
def _publisher(name: str) -> str:
    if is_placeholder(name) or plain(name) in _NOBODY:
        return ""
    bare = _PREFIX.sub("", _loose(name))
    company = _LEADING.sub("", bare)
    short = _SUFFIX.sub("", company) or company
    for form in (bare, company, short):
        if form in _ALIASES:
            return _ALIASES[form]
    partner = next((form for form in (company, short) if form in _PARTNERS), None)
    return partner or (f"{_COMPANY}{short}" if _IS_COMPANY.match(bare) else short)
