"""Type-1 queries (RPN, Z39.50-2003 3.7): trees built by code, and a strict reader for the notation PQF that people write.

1. A clause is a term with attributes of bib-1: pairs of type and value, such as (1, 12) for Use = Local number.
2. Terms are values, never notation: what a user or a catalogue says cannot become an operator.
3. PQF: `@and`, `@or`, `@not` before two operands; `@attr TYPE=VALUE` before a term holds for all that follows below
   it; `@attrset bib-1` at the front; a term is a word or "quoted", with a backslash before " and itself.
   Anything else is refused with its place.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum

from harvesters.z3950 import ber
from harvesters.z3950.ber import BerError, Element

BIB_1 = "1.2.840.10003.3.1"
MOST_CLAUSES = 200
_DEEPEST = 100
_LONGEST = 10_000


class Use(IntEnum):
    """Attributes of type 1 in bib-1 that a harvest asks for."""

    TITLE = 4
    ISBN = 7
    ISSN = 8
    LOCAL_NUMBER = 12
    DATE_OF_PUBLICATION = 31
    LANGUAGE = 54
    DATE_ADDED = 1011
    DATE_MODIFIED = 1012
    ANY = 1016
    ANYWHERE = 1035
    SERVER_CHOICE = 1017


class Relation(IntEnum):
    """Attributes of type 2."""

    LESS = 1
    LESS_OR_EQUAL = 2
    EQUAL = 3
    GREATER_OR_EQUAL = 4
    GREATER = 5
    ALWAYS = 103


class Operator(IntEnum):
    """How two operands are combined; the value is the tag of the operator."""

    AND = 0
    OR = 1
    NOT = 2


@dataclass(frozen=True, slots=True)
class Clause:
    """A term and its attributes, by rising type. Attribute values are numbers or, rarely, strings."""

    term: str
    attributes: tuple[tuple[int, int | str], ...] = ()


@dataclass(frozen=True, slots=True)
class ResultSet:
    """The records of an earlier result set."""

    name: str


@dataclass(frozen=True, slots=True)
class Combined:
    """Two operands and the operator between them."""

    operator: Operator
    left: "Query"
    right: "Query"


Query = Clause | ResultSet | Combined


class InvalidPqf(ValueError):
    """A query in PQF that cannot be read; says what is wrong and where."""


def clause(term: str, use: int, **attributes: int) -> Clause:
    """A clause with a Use attribute and others by name: relation, structure, truncation, completeness, position."""
    types = {"relation": 2, "position": 3, "structure": 4, "truncation": 5, "completeness": 6}
    named = ((types[name], value) for name, value in attributes.items())
    return Clause(term, tuple(sorted(((1, use), *named))))


def both(left: Query, right: Query) -> Combined:
    """What both find."""
    return Combined(Operator.AND, left, right)


# --- BER --------------------------------------------------------------------------------------------


def encode_query(query: Query, charset: str = "utf-8") -> bytes:
    """The type-1 Query of a search; raises UnicodeEncodeError when the charset has not all letters of a term."""
    return ber.sequence(21, ber.sequence(1, ber.oid(ber.OID, BIB_1), _encode(query, charset)))


def _encode(query: Query, charset: str) -> bytes:
    if isinstance(query, Combined):
        sides = (_encode(query.left, charset), _encode(query.right, charset))
        return ber.sequence(1, *sides, ber.sequence(46, ber.element(query.operator, b"")))
    if isinstance(query, ResultSet):
        return ber.sequence(0, ber.text(31, query.name))
    return ber.sequence(0, encode_clause(query, charset))


def encode_clause(one: Clause, charset: str = "utf-8") -> bytes:
    """AttributesPlusTerm."""
    return ber.sequence(102, encode_attributes(one.attributes), ber.element(45, one.term.encode(charset)))


def encode_attributes(attributes: Iterable[tuple[int, int | str]]) -> bytes:
    """AttributeList."""
    return ber.sequence(44, *[_attribute(kind, value) for kind, value in attributes])


def _attribute(kind: int, value: int | str) -> bytes:
    if isinstance(value, int):
        stated = ber.integer(121, value)
    else:
        stated = ber.sequence(224, ber.sequence(1, ber.text(1, value)))
    return ber.sequence(ber.SEQUENCE, ber.integer(120, kind), stated)


def read_query(element: Element, charset: str = "utf-8") -> Query:
    """The query of a search; raises BerError for other types than 1 and 101, and for what is no RPN."""
    kind = element.only()
    if kind.tag not in (1, 101):
        raise BerError(f"a query of type {kind.tag}")
    structure = [part for part in kind.inside() if part.tag >= 0]
    if not structure:
        raise BerError("an empty query")
    return _read(structure[0], charset, [MOST_CLAUSES])


def _read(element: Element, charset: str, left: list[int]) -> Query:
    if element.tag == 0:
        left[0] -= 1
        if left[0] < 0:
            raise BerError(f"a query of more than {MOST_CLAUSES} terms")
        operand = element.only()
        if operand.tag == 31:
            return ResultSet(operand.text())
        if operand.tag == 102:
            return read_clause(operand, charset)
        raise BerError(f"an operand of kind {operand.tag}")
    parts = element.inside() if element.tag == 1 else ()
    if len(parts) != 3 or parts[2].tag != 46 or parts[2].only().tag not in tuple(Operator):
        raise BerError("an operator that is none of and, or, not")
    first, second = (_read(part, charset, left) for part in parts[:2])
    return Combined(Operator(parts[2].only().tag), first, second)


def read_clause(element: Element, charset: str = "utf-8") -> Clause:
    """AttributesPlusTerm."""
    attributes, terms = element.get(44), [part for part in element.inside() if part.tag != 44]
    if not terms:
        raise BerError("a clause without a term")
    term = terms[0]
    stated = str(term.integer()) if term.tag == 215 else term.octets().decode(charset, "replace")
    return Clause(stated, read_attributes(attributes) if attributes else ())


def read_attributes(element: Element) -> tuple[tuple[int, int | str], ...]:
    """AttributeList."""
    return tuple([_read_attribute(one) for one in element.inside()])


def _read_attribute(element: Element) -> tuple[int, int | str]:
    kind, number, words = element.get(120), element.get(121), element.get(224)
    if kind is None:
        raise BerError("an attribute without a type")
    if number is not None:
        return kind.integer(), number.integer()
    listed = words and words.get(1)
    if not listed:
        raise BerError("an attribute without a value")
    value = listed.only()
    return kind.integer(), value.integer() if value.tag == 2 else value.text()


# --- PQF --------------------------------------------------------------------------------------------

_TOKEN = re.compile(r'\s*(?:"(?P<quoted>(?:[^"\\]|\\.)*)"(?!\S)|(?P<word>[^\s"]+))')
_OPERATORS = {"@and": Operator.AND, "@or": Operator.OR, "@not": Operator.NOT}
_ATTRIBUTE = re.compile(r"([1-9][0-9]{0,2})=([0-9]{1,9}|[A-Za-z_][A-Za-z0-9_-]{0,99})")


def parse_pqf(text: str) -> Query:
    """The query that the notation says; raises InvalidPqf."""
    if len(text) > _LONGEST:
        raise InvalidPqf(f"a query of more than {_LONGEST} characters")
    tokens = _tokens(text)
    if [word for word, _, _ in tokens[:2]] == ["@attrset", "bib-1"]:
        tokens = tokens[2:]
    query, rest = _operand(tokens, {}, 0)
    if rest:
        raise InvalidPqf(f"more than one query: '{rest[0][0]}' at character {rest[0][2] + 1}")
    return query


_Token = tuple[str, bool, int]  # the text, whether it was quoted, and where it begins


def _tokens(text: str) -> list[_Token]:
    found: list[_Token] = []
    place = 0
    while text[place:].strip():
        match = _TOKEN.match(text, place)
        if match is None:
            raise InvalidPqf(f"a quotation mark without its other at character {place + 1}")
        quoted = match["quoted"]
        value = match["word"] if quoted is None else re.sub(r"\\(.)", r"\1", quoted)
        found.append((value, quoted is not None, match.start(match.lastgroup or 0)))
        place = match.end()
    return found


def _operand(
    tokens: list[_Token], attributes: dict[int, int | str], depth: int
) -> tuple[Query, list[_Token]]:
    if depth > _DEEPEST:
        raise InvalidPqf("operators are nested too deeply")
    while tokens:
        (word, quoted, place), *tokens = tokens
        if quoted or not word.startswith("@"):
            return Clause(word, tuple(sorted(attributes.items()))), tokens
        if word == "@attr":
            attributes = attributes | dict([_pqf_attribute(tokens, place)])
            tokens = tokens[1:]
        elif word == "@set" and tokens:
            return ResultSet(tokens[0][0]), tokens[1:]
        elif word in _OPERATORS:
            left, tokens = _operand(tokens, attributes, depth + 1)
            right, tokens = _operand(tokens, attributes, depth + 1)
            return Combined(_OPERATORS[word], left, right), tokens
        else:
            raise InvalidPqf(f"'{word}' at character {place + 1} is not known")
    raise InvalidPqf("the query ends where a term should stand")


def _pqf_attribute(tokens: list[_Token], place: int) -> tuple[int, int | str]:
    match = _ATTRIBUTE.fullmatch(tokens[0][0]) if tokens else None
    if match is None:
        raise InvalidPqf(f"@attr at character {place + 1} needs TYPE=VALUE, such as 1=4")
    return int(match[1]), int(match[2]) if match[2].isdigit() else match[2]


def to_pqf(query: Query) -> str:
    """The query in PQF, for people and logs."""
    if isinstance(query, ResultSet):
        return f"@set {_quoted(query.name)}"
    if isinstance(query, Combined):
        return f"@{query.operator.name.lower()} {to_pqf(query.left)} {to_pqf(query.right)}"
    return "".join(f"@attr {kind}={value} " for kind, value in query.attributes) + _quoted(query.term)


def _quoted(term: str) -> str:
    escaped = term.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
