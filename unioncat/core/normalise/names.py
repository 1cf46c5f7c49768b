"""Persons and corporate bodies (MARC 1XX, 7XX, 245 $c).

1. A person is the set of syllables of the name, so that "Nguyễn, Trãi" and "Nguyễn Trãi" are one; dates, titles
   (GS.TS., Dr.) and words of role (chủ biên, dịch) are not of the name.
2. In a heading a comma inverts; in a statement or a list it separates names.
3. `;`, "và", "and", "&" separate names; "nnk", "[et al.]" and "..." name nobody.
4. A word of role before or after a name tells what the person did, and for the names that follow until the next.
5. A corporate body has one name for all its forms; the state before it does not count.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from unioncat.core.normalise.lists import aliases_of, any_of, words_of, written_words_of
from unioncat.core.normalise.vietnamese import nfc, plain, plain_in_place, syllable_key

ROLES = ("translator", "editor", "illustrator", "other", "author")

_BRACKETS = re.compile(r"[\[\]<>]")
_DATES = re.compile(
    r"(?<![0-9])(?:1[0-9]{3}|20[0-9]{2})(?:\s?[-–]\s?(?:1[0-9]{3}|20[0-9]{2})?)?(?![0-9])|\b(?:b|d|ca|fl)\. ?(?=[0-9])"
)
_MORE = re.compile(rf"(?<!\w)(?:{any_of(words_of('roles', 'more'))})(?!\w)|\.{{3}}|…")
_AND = re.compile(rf"(?<!\w)(?:{any_of(words_of('roles', 'and'))})(?!\w)|&")
_TITLES = re.compile(rf"(?<!\w)(?:(?:{any_of(words_of('titles_of_persons', 'titles'))})(?!\w)\.?\s?)+")
_ROLE_WORDS = {word.lower(): role for role in reversed(ROLES) for word in written_words_of("roles", role)}
"""As written: "Duy Anh" is a name, "ảnh" is a role."""
_ROLE = re.compile(
    rf"(?<!\w)(?:{any_of(frozenset(word.replace(' ', '[. ]+') for word in _ROLE_WORDS))})(?!\w)\.?"
)
_PARTS = re.compile(r"[;,:/\n]")
_LISTS = re.compile(r"[;/\n]")
_BODIES = aliases_of("bodies", "bodies")
_STATE = re.compile(
    rf"^(?:{any_of(frozenset(plain(w) for w in ('Việt Nam (CHXHCN)', 'CHXHCN Việt Nam', 'Cộng hoà xã hội chủ nghĩa Việt Nam', 'nước CHXHCN Việt Nam', 'Việt Nam')))})\s+(?=\w)"
)
_LONGEST_NAME = 7
"""Words; what is longer is not the name of one person."""


@dataclass(frozen=True, slots=True)
class PersonName:
    """A person: the syllable keys (K1) of the name, sorted."""

    tokens: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Responsibility:
    """What a person did: author, translator, editor, illustrator or other."""

    role: str
    name: PersonName


@lru_cache(maxsize=50_000)
def heading_name(text: str) -> PersonName | None:
    """The person of MARC 100 $a or 700 $a, where a comma inverts; None when there is none."""
    return _name(_without_role(_tidy(text).replace(",", " "))[0])


@lru_cache(maxsize=50_000)
def person_names(text: str) -> tuple[PersonName, ...]:
    """The persons of a text: one heading, or a list of names as some systems pile them into MARC 100 $a."""
    text = _tidy(text)
    parts = [part for part in _LISTS.split(_AND.sub(";", text)) if part.strip()]
    names = [name for part in parts for piece in _pieces(part) if (name := _name(_without_role(piece)[0]))]
    return tuple(dict.fromkeys(names))


@lru_cache(maxsize=50_000)
def responsibilities(text: str) -> tuple[Responsibility, ...]:
    """The persons of a statement of responsibility (MARC 245 $c) with what they did."""
    found: list[Responsibility] = []
    for statement in _tidy(text).split(";"):
        role = "author"
        waiting: list[PersonName] = []
        for part in _PARTS.split(_AND.sub(",", statement)):
            rest, said, leads = _without_role(part)
            name = _name(rest)
            if said and not leads:  # "A, B dịch": the role is of all before it
                found += [Responsibility(said, earlier) for earlier in waiting]
                waiting = []
                found += [Responsibility(said, name)] if name else []
                continue
            role = said or role
            waiting += [name] if name and role == "author" else []
            found += [Responsibility(role, name)] if name and role != "author" else []
        found += [Responsibility("author", name) for name in waiting]
    return tuple(dict.fromkeys(found))


@lru_cache(maxsize=50_000)
def corporate_key(text: str) -> frozenset[str]:
    """The key of a corporate body (MARC 110, 710): one word of the set for each of its names."""
    text = re.sub(r"\(.*?\)", lambda match: f" {match[0][1:-1]} ", text)
    key = _STATE.sub("", plain(text))
    parts = [_BODIES.get(plain(part), "") for part in text.split(".")]
    return frozenset(part for part in (_BODIES.get(key, key), *parts) if part)


def _tidy(text: str) -> str:
    text = _BRACKETS.sub(" ", nfc(text))
    for pattern, instead in ((_MORE, ";"), (_TITLES, " ")):
        text = _replace(pattern, instead, text)
    return _DATES.sub(" ", text)


def _replace(pattern: re.Pattern[str], instead: str, text: str) -> str:
    """Replace what matches in the plain letters of a text, in the text itself."""
    spans = [match.span() for match in pattern.finditer(plain_in_place(text))]
    for begin, end in reversed(spans):
        text = text[:begin] + instead + text[end:]
    return text


def _without_role(part: str) -> tuple[str, str | None, bool]:
    """A part without its word of role, the role, and whether the word stood before the name."""
    letters = part.lower()
    match = _ROLE.search(letters) if len(letters) == len(part) else None
    if match is None:
        return part, None, False
    role = _ROLE_WORDS.get(" ".join(match[0].replace(".", " ").split()))
    rest = f"{part[: match.start()]} {part[match.end() :]}"
    before = not letters[: match.start()].strip(" .,:()")
    rest, again, _ = _without_role(rest) if role else (rest, None, False)
    return rest, role if role != "author" else again or role, before


def _pieces(part: str) -> list[str]:
    """A list of names by commas, or one inverted name: "Nguyễn, Trãi" has a single word before the comma."""
    pieces = [piece.strip() for piece in part.split(",") if piece.strip()]
    if len(pieces) == 2 and len(pieces[0].split()) == 1:
        return [" ".join(pieces)]
    if (pieces and len(pieces[0].split()) > 1) or len(pieces) > 2:
        return pieces
    return [" ".join(pieces)]


def _name(text: str) -> PersonName | None:
    tokens = [token for token in syllable_key(text).split() if not token.isdigit()]
    return PersonName(tuple(sorted(tokens))) if 0 < len(tokens) <= _LONGEST_NAME else None
