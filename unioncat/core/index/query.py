"""What people type, read into a tree that every engine translates.

1. Words are required, each in any field. `"words in quotes"` are a phrase. `word*` is the beginning of a word.
2. `title:` (nhan đề, author, tác giả, subject, chủ đề, publisher, nxb, isbn, issn; accents, case and blanks do
   not matter) binds the quoted phrase that follows at once, else all words up to the next such name.
3. `-` before a word, a phrase or a field name excludes it.
4. `OR` or `HOẶC` in capitals parts the query into alternatives, because a Vietnamese word is often two
   syllables: `hóa học OR vật lý`. A field reaches across it. `AND` in capitals between words says nothing new.
5. A query that is an ISBN or ISSN with a right check digit, however written, finds that number too.
6. All else is only what stands between words. Every text has a reading; one without words matches all.
7. A text over 1,000 characters or 40 words is cut, with the notice "truncated".
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from unioncat.core.index.analysis import Token, analyse
from unioncat.core.normalise.isbn import read_isbn
from unioncat.core.normalise.issn import read_issn
from unioncat.core.normalise.vietnamese import nfc, plain_in_place

MAX_CHARACTERS = 1000
MAX_TERMS = 40
TRUNCATED = "truncated"


class QueryField(StrEnum):
    """What a person can ask for by name."""

    TITLE = "title"
    AUTHOR = "author"
    SUBJECT = "subject"
    PUBLISHER = "publisher"


@dataclass(frozen=True, slots=True)
class All:
    """Every record."""


@dataclass(frozen=True, slots=True)
class Term:
    """A word, or the beginning of one, in a field or in any."""

    token: Token
    field: QueryField | None = None
    prefix: bool = False


@dataclass(frozen=True, slots=True)
class Near:
    """A word, or one that differs from it by a slip; a fifth of the points then."""

    token: Token
    field: QueryField | None = None


@dataclass(frozen=True, slots=True)
class Phrase:
    """Two words or more, side by side in one value of a field or of any."""

    tokens: tuple[Token, ...]
    field: QueryField | None = None


@dataclass(frozen=True, slots=True)
class Isbn:
    """An ISBN-13; one that cannot be right is kept as typed and finds nothing."""

    isbn13: str


@dataclass(frozen=True, slots=True)
class Issn:
    """An ISSN: eight characters, a hyphen in the middle; one that cannot be right finds nothing."""

    issn: str


@dataclass(frozen=True, slots=True)
class Not:
    """All records that `part` does not match."""

    part: "Node"


@dataclass(frozen=True, slots=True)
class And:
    """All parts match."""

    parts: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Or:
    """One part at least matches."""

    parts: tuple["Node", ...]


Node = All | Term | Near | Phrase | Isbn | Issn | Not | And | Or


@dataclass(frozen=True, slots=True)
class Query:
    """A read query. `whole` are the words to compare with whole titles; none when the query is more than words."""

    tree: Node
    whole: tuple[Token, ...] = ()
    notice: str | None = None


_NAMES: dict[str, QueryField | type[Isbn] | type[Issn]] = {
    "title": QueryField.TITLE,
    "nhan de": QueryField.TITLE,
    "tieu de": QueryField.TITLE,
    "author": QueryField.AUTHOR,
    "tac gia": QueryField.AUTHOR,
    "subject": QueryField.SUBJECT,
    "chu de": QueryField.SUBJECT,
    "publisher": QueryField.PUBLISHER,
    "nha xuat ban": QueryField.PUBLISHER,
    "nxb": QueryField.PUBLISHER,
    "isbn": Isbn,
    "issn": Issn,
}
_BY_LETTERS = {name.replace(" ", ""): meaning for name, meaning in _NAMES.items()}
_ANY_NAME = "|".join(_NAMES).replace(" ", r"\s*")
_OPERATORS = ("OR", "HOẶC", "AND")
_QUOTES = str.maketrans("“”„‟", '""""')
_SIGN = re.compile(
    rf"""(?P<no>(?<![^\s(])-)?(?:
        (?P<name>{_ANY_NAME})\s*:
      | "(?P<phrase>[^"]*)"?
      | (?P<word>[^\s"()]+)
    )""",
    re.VERBOSE,
)
_HYPHENS = r"[.\u2010-\u2015-]*"
_BLANKS = r"[\s.\u2010-\u2015-]*"
_NUMBER = r'[\s"]*(\d(?:{gap}\d)*(?:{hyphens}x)?)(?!\w)"?'
_NUMBERS = tuple(re.compile(_NUMBER.format(gap=gap, hyphens=_HYPHENS)) for gap in (_BLANKS, _HYPHENS))
_LONE_NUMBER = re.compile(rf"\s*(?:is[bs]n[\s:]*)?(\d(?:{_BLANKS}\d)*(?:{_BLANKS}x)?)\s*")


@dataclass(frozen=True, slots=True)
class _Name:
    within: QueryField | None
    negated: bool


@dataclass(frozen=True, slots=True)
class _Number:
    node: Isbn | Issn


@dataclass(frozen=True, slots=True)
class _Words:
    tokens: tuple[Token, ...]
    negated: bool
    quoted: bool = False
    prefix: bool = False
    operator: str = ""


_Sign = _Name | _Number | _Words


def parse_query(text: str) -> Query:
    """Read any text; nothing that is typed is an error."""
    composed = nfc(text[: 4 * MAX_CHARACTERS])
    short = composed[:MAX_CHARACTERS]
    plain = plain_in_place(short).translate(_QUOTES)
    every_sign = list(_signs(short, plain))
    signs = _first_terms(every_sign)
    tree = _tree(signs)
    if (number := _lone_number(plain)) and number != tree:
        tree = Or((number, tree))
    cut = len(composed) > MAX_CHARACTERS or signs != every_sign
    return Query(tree, _whole(signs), TRUNCATED if cut else None)


def _signs(text: str, plain: str) -> Iterator[_Sign]:
    at = 0
    while found := _SIGN.search(plain, at):
        at = found.end()
        negated = bool(found["no"])
        if not found["name"]:
            yield _words(text, found, negated)
            continue
        meaning = _BY_LETTERS["".join(found["name"].split())]
        if isinstance(meaning, QueryField):
            yield _Name(meaning, negated)
            continue
        yield _Name(None, negated)
        if number := _read_number(meaning, plain, at):
            node, at = number
            yield _Number(node)


def _words(text: str, found: re.Match[str], negated: bool) -> _Words:
    if found["phrase"] is not None:
        return _Words(analyse(text[slice(*found.span("phrase"))]), negated, quoted=True)
    word = text[slice(*found.span("word"))]
    tokens = analyse(word)
    prefix = bool(tokens) and word[tokens[-1].end :].startswith("*")
    return _Words(tokens, negated, prefix=prefix, operator=word if word in _OPERATORS else "")


def _first_terms(signs: Sequence[_Sign]) -> list[_Sign]:
    """The signs up to the last word that is allowed."""
    kept: list[_Sign] = []
    left = MAX_TERMS
    for sign in signs:
        if isinstance(sign, _Words):
            if not left and sign.tokens:
                break
            sign = replace(sign, tokens=sign.tokens[:left])
            left -= len(sign.tokens)
        kept.append(sign)
    return kept


@dataclass(slots=True)
class _Group:
    """What one field name binds."""

    within: QueryField | None = None
    negated: bool = False
    parts: list[Node] = field(default_factory=list)


def _tree(signs: Sequence[_Sign]) -> Node:
    alternatives: list[list[_Group]] = [[_Group()]]
    before: _Sign | None = None
    for place, sign in enumerate(signs):
        groups = alternatives[-1]
        group = groups[-1]
        if isinstance(sign, _Name):
            groups.append(_Group(sign.within, sign.negated))
        elif isinstance(sign, _Number):
            group.parts.append(sign.node)
            groups.append(_Group())
        elif sign.operator and _stands_between(groups, signs[place + 1 :]):
            if sign.operator != "AND":
                alternatives.append([_Group(group.within, group.negated)])
        else:
            group.parts.extend(_clauses(sign, group.within))
            if sign.quoted and isinstance(before, _Name):
                groups.append(_Group())
        before = sign
    return _one_of(Or, [node for groups in alternatives if (node := _conjunction(groups))]) or All()


def _stands_between(groups: Sequence[_Group], later: Sequence[_Sign]) -> bool:
    return any(group.parts for group in groups) and any(
        isinstance(sign, _Number) or (isinstance(sign, _Words) and sign.tokens) for sign in later
    )


def _clauses(words: _Words, within: QueryField | None) -> list[Node]:
    parts: list[Node]
    if words.quoted and len(words.tokens) > 1:
        parts = [Phrase(words.tokens, within)]
    else:
        parts = [Term(token, within) for token in words.tokens]
    if words.prefix:
        parts[-1] = Term(words.tokens[-1], within, prefix=True)
    return [Not(node)] if words.negated and (node := _one_of(And, parts)) else parts


def _conjunction(groups: Sequence[_Group]) -> Node | None:
    parts: list[Node] = []
    for group in groups:
        if not group.negated:
            parts.extend(group.parts)
        elif node := _one_of(And, group.parts):
            parts.append(Not(node))
    return _one_of(And, parts)


def _one_of(kind: type[And] | type[Or], parts: Sequence[Node]) -> Node | None:
    """The parts under one roof, which a single part does not need."""
    if len(parts) < 2:
        return parts[0] if parts else None
    return kind(tuple(parts))


def _whole(signs: Sequence[_Sign]) -> tuple[Token, ...]:
    tokens: list[Token] = []
    for sign in signs:
        if isinstance(sign, _Words) and not (sign.negated or sign.prefix or sign.operator in ("OR", "HOẶC")):
            tokens.extend(sign.tokens)
        elif not isinstance(sign, _Name) or sign.negated or sign.within is not QueryField.TITLE:
            return ()
    return tuple(tokens)


def _lone_number(plain: str) -> Isbn | Issn | None:
    if not (found := _LONE_NUMBER.fullmatch(plain)):
        return None
    return _valid_isbn(found[1]) or _valid_issn(found[1])


def _read_number(kind: type[Isbn] | type[Issn], plain: str, at: int) -> tuple[Isbn | Issn, int] | None:
    """The number that stands here, and where it ends: with blanks inside if it is right so, else up to the first."""
    valid = _valid_isbn if kind is Isbn else _valid_issn
    for pattern in _NUMBERS:
        if (found := pattern.match(plain, at)) and (number := valid(found[1])):
            return number, found.end()
    return (kind(_compact(found[1])), found.end()) if found else None


def _compact(typed: str) -> str:
    return "".join(sign for sign in typed.upper() if sign in "0123456789X")


def _valid_isbn(typed: str) -> Isbn | None:
    isbn13 = read_isbn(_compact(typed)).isbn13
    return Isbn(isbn13) if isbn13 else None


def _valid_issn(typed: str) -> Issn | None:
    issn = read_issn(_compact(typed))
    return Issn(issn) if issn else None
