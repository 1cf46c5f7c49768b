"""What one line of a list asks for.

1. `(VN-TVQG)QG000017` (as in MARC 035), or `VN-TVQG QG000017` with a blank, tab, comma, semicolon or bar between:
   a control number with its library. Without brackets the number is one word with a digit in it, and the country
   stands in capitals, because `An-nam chí lược` is a title.
2. A word that looks like a master identifier is one; its check character must fit.
3. A line that says ISBN or ISSN has one. A line of nine digits or more is an ISBN, be it wrong; of eight an ISSN if its check
   digit fits, else words: `1930-1945` is a title.
4. A valid ISBN anywhere in a line is what it asks for.
5. All else is a free citation; the last year in it is the year of publication if other words remain; `Nxb.` before a
   publisher says nothing.
6. A line that is empty, has over 1,000 characters, no word, or a number that cannot be right is unreadable, for a
   reason (`sentences.toml`). No line is ever an error.
"""

import re
from dataclasses import dataclass

from unioncat.core.errors import InvalidIdentifier
from unioncat.core.identifiers import BETANUMERIC, ControlNumber, Isil, MasterId, parse_isil, parse_master_id
from unioncat.core.index.analysis import Token, analyse
from unioncat.core.normalise.isbn import read_isbn
from unioncat.core.normalise.issn import read_issn
from unioncat.core.normalise.vietnamese import nfc

MOST_LINES = 200
LONGEST_LINE = 1000
_MOST_WORDS = 40

_BRACKETED = re.compile(r"\(([A-Za-z]{1,4}-[A-Za-z0-9/:-]{1,11})\)\s*(\S.*)")
_PLAIN = re.compile(r"([A-Z]{2}-[A-Za-z0-9/-]{1,11}):?[\s,;|]+((?=\S*[0-9])[^\s,;|]+)")
_MASTER = re.compile(rf"u(?=[{BETANUMERIC}]*[0-9])[{BETANUMERIC}]{{6,12}}", re.IGNORECASE)
_LABEL = re.compile(r"\W*(is[bs]n)(?:[-\s]*1[03](?=\s*:|\s+[0-9]))?\W*(.*)", re.IGNORECASE)
_SOME_LABEL = re.compile(r"\bissn\b", re.IGNORECASE)
_NUMBER = re.compile(r"[0-9](?:[\s.\u2010-\u2015-]*[0-9])*(?:[\s.\u2010-\u2015-]*[Xx])?")
_EMPTY_WORDS = frozenset(("nxb",))
_YEAR = re.compile(r"1[4-9][0-9]{2}|20[0-9]{2}")


@dataclass(frozen=True, slots=True)
class AskedIsbn:
    """An ISBN-13."""

    isbn13: str


@dataclass(frozen=True, slots=True)
class AskedIssn:
    """An ISSN with its hyphen."""

    issn: str


@dataclass(frozen=True, slots=True)
class AskedControlNumber:
    """What a library calls its record."""

    isil: Isil
    number: ControlNumber


@dataclass(frozen=True, slots=True)
class AskedMaster:
    """A master identifier."""

    master_id: MasterId


@dataclass(frozen=True, slots=True)
class Citation:
    """A free citation: its words without the year, as typed and analysed, and the year; `parts` are what signs such
    as a slash or full stop part, as typed."""

    words: tuple[Token, ...]
    typed: tuple[str, ...]
    year: int | None = None
    parts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A line that asks for nothing; `why` is a reason of `sentences.toml`."""

    why: str


AskedLine = AskedIsbn | AskedIssn | AskedControlNumber | AskedMaster | Citation | Unreadable

KIND_NAMES: dict[type[AskedLine], str] = {
    AskedIsbn: "isbn",
    AskedIssn: "issn",
    AskedControlNumber: "control-number",
    AskedMaster: "master",
    Citation: "citation",
    Unreadable: "unreadable",
}
"""What each kind of line is called on the wire."""


def read_line(typed: str) -> AskedLine:
    """Read any line; nothing that is typed is an error."""
    if len(typed) > 4 * LONGEST_LINE:
        return Unreadable("too-long")
    line = nfc("".join(sign if sign.isprintable() else " " for sign in typed)).strip()
    if len(line) > LONGEST_LINE:
        return Unreadable("too-long")
    if not line:
        return Unreadable("empty")
    return _control_number(line) or _master(line) or _number(line) or _citation(line)


def _control_number(line: str) -> AskedLine | None:
    found = _BRACKETED.fullmatch(line) or _PLAIN.fullmatch(line)
    if found is None:
        return None
    try:
        return AskedControlNumber(parse_isil(found[1]), ControlNumber(found[2].strip()))
    except InvalidIdentifier:
        return None


def _master(line: str) -> AskedLine | None:
    if not _MASTER.fullmatch(line):
        return None
    try:
        return AskedMaster(parse_master_id(line))
    except InvalidIdentifier:
        return Unreadable("master-typo")


def _number(line: str) -> AskedLine | None:
    if label := _LABEL.fullmatch(line):
        return _labelled(label[1].lower(), label[2])
    if isbn13 := read_isbn(line).isbn13:
        return AskedIsbn(isbn13)
    if _NUMBER.fullmatch(line):
        digits = "".join(sign for sign in line.upper() if sign in "0123456789X")
        if len(digits) > 8:
            return Unreadable("isbn-wrong")
        issn = read_issn(digits) if len(digits) == 8 else None
        return AskedIssn(issn) if issn else None
    issn = read_issn(line) if _SOME_LABEL.search(line) else None
    return AskedIssn(issn) if issn else None


def _labelled(label: str, rest: str) -> AskedLine:
    if label == "isbn":
        isbn13 = read_isbn(rest).isbn13
        return AskedIsbn(isbn13) if isbn13 else Unreadable("isbn-wrong")
    issn = read_issn(rest)
    return AskedIssn(issn) if issn else Unreadable("issn-wrong")


def _citation(line: str) -> AskedLine:
    tokens = analyse(line)
    years = [place for place, token in enumerate(tokens) if _YEAR.fullmatch(token.exact)]
    year_at = years[-1] if years and len(tokens) > 1 else None
    named = [token for place, token in enumerate(tokens) if place != year_at]
    kept = ([token for token in named if token.folded not in _EMPTY_WORDS] or named)[:_MOST_WORDS]
    if not kept:
        return Unreadable("no-words")
    return Citation(
        tuple(kept),
        tuple(line[token.start : token.end] for token in kept),
        int(tokens[year_at].exact) if year_at is not None else None,
        _parts(line),
    )


_PARTING = re.compile(r"\s*(?:[/;:.,()\[\]“”\"«»|]|\s[-\u2013\u2014]\s)\s*")


def _parts(line: str) -> tuple[str, ...]:
    parts = tuple(part for part in _PARTING.split(line) if len(analyse(part)) > 1)
    return parts if parts != (line,) else ()
