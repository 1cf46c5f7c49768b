"""Persons and corporate bodies (MARC 1XX, 7XX, 245 $c).

1. A person is the set of syllables of the name, so that "Nguyễn, Trãi" and "Nguyễn Trãi" are one; dates, titles
   (GS.TS., Dr.) and words of role (chủ biên, dịch) are not of the name, nor are words in small letters beside it
   ("Kim Phượng đọc"), save particles (de, van).
2. In a heading a comma inverts; in a statement or a list it separates names. Initials alone belong to the name before.
3. `;`, "và", "and", "&" and a dash between blanks separate names; "nnk", "[et al.]" and "..." name nobody.
4. A word of role before or after a name tells what the person did, and for the names that follow until the next.
   A word of one syllable with a capital is a name where a name may stand: "Trần Văn Kể", but "Kể: Trần Văn".
5. A corporate body has one name for all its forms: abbreviations are spelt out, the state before or behind it goes.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from unioncat.core.normalise.lists import aliases_of, any_of, map_of, words_of, written_words_of
from unioncat.core.normalise.placeholders import is_placeholder
from unioncat.core.normalise.remembered import remembered
from unioncat.core.normalise.vietnamese import (
    is_vietnamese_syllable,
    nfc,
    plain,
    plain_in_place,
    syllable_key,
)

ROLES = ("translator", "editor", "illustrator", "other", "author")

_BRACKETS = re.compile(r"[\[\]<>]")
_DATES = re.compile(
    r"(?<![0-9])(?:1[0-9]{3}|20[0-9]{2})(?:\s?[-–]\s?(?:1[0-9]{3}|20[0-9]{2})?)?(?![0-9])|\b(?:b|d|ca|fl)\. ?(?=[0-9])"
)
_DIGIT = re.compile("[0-9]")
_MORE = re.compile(rf"(?<!\w)(?:{any_of(words_of('roles', 'more'))})(?!\w)|\.{{3}}|…")
_AND = re.compile(
    rf"(?<!\w)(?:{any_of(written_words_of('roles', 'and'))})(?!\w)|&|(?<=\w\s)[-–](?=\s\w+\s\w)"
)
_TITLES = re.compile(rf"(?<!\w)(?:(?:{any_of(words_of('titles_of_persons', 'titles'))})(?!\w)\.?\s?)+")
_SPOKEN = re.compile(
    rf"(?:^|(?<=[;,:(/.]))\s*(?:(?:{any_of(written_words_of('titles_of_persons', 'before_names'))})\s+(?=\w))+"
)
_ROLE_WORDS = {word.lower(): role for role in reversed(ROLES) for word in written_words_of("roles", role)}
"""As written: "Duy Anh" is a name, "ảnh" is a role."""
_ROLE = re.compile(
    rf"(?<!\w)(?:{any_of(frozenset(word.replace(' ', '[. ]+') for word in _ROLE_WORDS))})(?!\w)\.?"
    r"|(?<=\w )d\.(?=\W*$)"
)
_ORIGIN = re.compile(r"\s(?:từ|theo) (?:tiếng|bản|nguyên bản|nguyên tác)\b.*", re.IGNORECASE)
"""What a translation was made from."""
_FROM = re.compile(
    r"\W*(?:from|out of) (?:the )?(?:\w*\d\w* )?[^\W\d]+(?: (?:edition|ed|text|original|manuscript)\b\.?)?"
    r"(?: of\b(?:(?! by\b).)*)?(?:,? by\b|(?=\s*[,;:(/]|$))",
    re.IGNORECASE,
)
"""The same before the translator: "translated from the Russian by …", "from the French of …"."""
_STATEMENT_ENDS = re.compile(r"(?<=\w\w)\.\s+(?=(?:Translated|Edited|Illustrated|With)\b)")
"""Older catalogues part statements by full stops: "by A. B. Author. Translated by …"."""
_PARTS = re.compile(r"([;,:/\n])")
_LISTS = re.compile(r"[;/\n]")
_INITIALS = re.compile(r"(?:\w(?:\.[\s-]?|[\s-]|$))+")
_PARTICLES = written_words_of("titles_of_persons", "particles")
_LONGEST_NAME = 7
"""Words; what is longer is not the name of one person."""

_BODIES = aliases_of("bodies", "bodies")
_ABBREVIATIONS = {plain(short): plain(long) for short, long in map_of("bodies", "abbreviations").items()}
_ABBREVIATION = re.compile(rf"\b(?:{any_of(frozenset(_ABBREVIATIONS))})\b")
_OPENING = re.compile(rf"\W*(?:{any_of(written_words_of('bodies', 'openings'))})(?!\w)")
_STATES = any_of(words_of("bodies", "states"))
_STATE = re.compile(
    rf"^(?:{_STATES}|viet nam(?= (?:{any_of(words_of('bodies', 'openings'))})\b))\s+(?=\w)|(?<=\w)\s+(?:{_STATES})$"
)
_JOINERS = re.compile(r"\b(?:va|and|et|the|truong(?= dai hoc| cao dang))\b")


@dataclass(frozen=True, slots=True)
class PersonName:
    """A person: the syllable keys (K1) of the name, sorted."""

    tokens: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Responsibility:
    """What a person did: author, translator, editor, illustrator or other."""

    role: str
    name: PersonName


@remembered
def heading_name(text: str) -> PersonName | None:
    """The person of MARC 100 $a or 700 $a, where a comma inverts; None when there is none."""
    if is_placeholder(text):
        return None
    return _name(_without_role(_tidy(text).replace(",", " "))[0])


@remembered
def person_names(text: str) -> tuple[PersonName, ...]:
    """The persons of a text: one heading, or a list of names as some systems pile them into MARC 100 $a."""
    if is_placeholder(text):
        return ()
    parts = [part for part in _LISTS.split(_split_at_and(_tidy(text), ";")) if part.strip()]
    names = [name for part in parts for piece in _pieces(part) if (name := _name(_without_role(piece)[0]))]
    return tuple(dict.fromkeys(names))


@remembered
def responsibilities(text: str) -> tuple[Responsibility, ...]:
    """The persons of a statement of responsibility (MARC 245 $c) with what they did."""
    if is_placeholder(text):
        return ()
    statements = _STATEMENT_ENDS.sub("; ", _tidy(text)).split(";")
    return tuple(dict.fromkeys(found for statement in statements for found in _statement(statement)))


@remembered
def corporate_key(text: str) -> frozenset[str]:
    """The key of a corporate body (MARC 110, 710): one word of the set for each of its names."""
    text = re.sub(r"[()\[\]]", " ", text)
    key = _body(text)
    parts = (known for part in text.split(".") if (known := _KNOWN_BODIES.get(_body(part))))
    return frozenset(part for part in (_KNOWN_BODIES.get(key, key), *parts) if part)


def names_a_body(text: str) -> bool:
    """Whether a text opens like the name of a corporate body: Bộ, Viện, Trường Đại học, University …"""
    return bool(_OPENING.match(nfc(text).lower()))


def _body(text: str) -> str:
    """The name of a body in plain letters: abbreviations spelt out, without the state and words that only join."""
    key = _ABBREVIATION.sub(lambda match: _ABBREVIATIONS[match[0]], plain(text))
    return " ".join(_JOINERS.sub(" ", _STATE.sub("", key)).split())


_KNOWN_BODIES = {_body(alias): _body(name) for alias, name in _BODIES.items()}


def _statement(statement: str) -> Iterator[Responsibility]:
    """One statement between semicolons. A role behind names ("A, B dịch", "A, B, editors") is theirs."""
    role = "author"
    waiting: list[PersonName] = []
    parts = [*_PARTS.split(_split_at_and(statement, ",")), ""]
    for part, separator in zip(parts[::2], parts[1::2], strict=True):
        rest, said, leads = _without_role(part)
        name = _name(rest)
        if said and (not leads or (name is None and waiting and separator != ":")):
            yield from (Responsibility(said, one) for one in (*waiting, name) if one)
            waiting = []
            continue
        role = said or role
        if name and role == "author":
            waiting.append(name)
        elif name:
            yield Responsibility(role, name)
    yield from (Responsibility("author", name) for name in waiting)


def _tidy(text: str) -> str:
    text = _BRACKETS.sub(" ", nfc(text))
    text = _replace(_MORE, ";", plain_in_place(text), text)
    text = _replace(_TITLES, " ", plain_in_place(text), text)
    text = _replace(_SPOKEN, " ", _lower_in_place(text), text)
    return _DATES.sub(" ", text) if _DIGIT.search(text) else text


def _split_at_and(text: str, separator: str) -> str:
    """The text with a separator for each "and", except in the name of a body."""
    lower = text.lower()
    if len(lower) == len(text) and not _AND.search(lower):
        return text
    parts = _PARTS.split(text)
    return "".join(
        part if names_a_body(part) else _replace(_AND, separator, _lower_in_place(part), part)
        for part in parts
    )


def _lower_in_place(text: str) -> str:
    lower = text.lower()
    return lower if len(lower) == len(text) else text


def _replace(pattern: re.Pattern[str], instead: str, letters: str, text: str) -> str:
    """Replace in a text what matches in its letters, which stand at the same places."""
    spans = [match.span() for match in pattern.finditer(letters)]
    for begin, end in reversed(spans):
        text = text[:begin] + instead + text[end:]
    return text


def _without_role(part: str) -> tuple[str, str | None, bool]:
    """A part without its word of role, the role, and whether the word stood before the name."""
    letters = _lower_in_place(part)
    match = next((found for found in _ROLE.finditer(letters) if not _is_of_the_name(found, part)), None)
    if match is None:
        return part, None, False
    role = _ROLE_WORDS.get(" ".join(match[0].replace(".", " ").split()), "translator")
    behind = part[match.end() :]
    origin = _FROM.match(behind)
    rest = f"{part[: match.start()]} {_ORIGIN.sub('', behind[origin.end() :] if origin else behind)}"
    before = not letters[: match.start()].strip(" .,:()")
    rest, again, _ = _without_role(rest)
    return rest, role if role != "author" else again or role, before


def _is_of_the_name(match: re.Match[str], part: str) -> bool:
    """Rule 4: "Kể" in "Trần Văn Kể" is a name, "(Dịch)" and "Dịch: …" are not.

    Where all is in capitals, what translators and editors do is no name; where nothing is, a word between two is one.
    """
    word = part[match.start() : match.end()]
    before = part[: match.start()].rstrip()
    if word.isupper() and part.isupper() and _ROLE_WORDS.get(word.lower()) in ("translator", "editor"):
        return False
    if (
        word.isalpha()
        and part.islower()
        and len(before.split()) == 1
        and len(part[match.end() :].split()) == 1
    ):
        return True
    return word[:1].isupper() and word.isalpha() and bool(before) and before[-1] not in "(.,:"


def _pieces(part: str) -> list[str]:
    """A list of names by commas, or one inverted name: "Nguyễn, Trãi" has a single word before the comma."""
    pieces: list[str] = []
    for piece in filter(None, map(str.strip, part.split(","))):
        if pieces and _INITIALS.fullmatch(piece):
            pieces[-1] += f" {piece}"
        else:
            pieces.append(piece)
    if len(pieces) > 2 or (pieces and len(pieces[0].split()) > 1):
        return pieces
    return [" ".join(pieces)]


def _name(text: str) -> PersonName | None:
    tokens = [token for token in syllable_key(_capitalised(text)).split() if not token.isdigit()]
    return PersonName(tuple(sorted(tokens))) if 0 < len(tokens) <= _LONGEST_NAME else None


def _capitalised(text: str) -> str:
    """The words of a name; where two have a capital, those in small letters are particles or not of the name.

    A third word of a Vietnamese name is of the name, though someone typed it small: "Vũ Ngọc phan".
    """
    words = text.split()
    capitals = [word[:1].isupper() for word in words]
    if names_a_body(text) or sum(capitals) < 2:
        return text
    if capitals == [True, True, False] and is_vietnamese_syllable(words[2].lower()):
        return text
    return " ".join(word for word in words if not word[:1].islower() or word in _PARTICLES)
