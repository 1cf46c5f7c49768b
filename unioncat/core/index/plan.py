"""A query as what an index is asked: which records are found, and apart from that which points they get.

1. Whether a record is found depends on folded words only, because what has the exact form has the folded one too. A word
   that may stand anywhere is looked for in one field with all words of the record.
2. Points are only counted for records that are found: those of all required parts, and of each alternative that the
   record fulfils as a whole.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from unioncat.core.index.analysis import Token
from unioncat.core.index.corrections import slips_allowed
from unioncat.core.index.fields import (
    DOUBLING,
    EXACT,
    FOLDED,
    FOLDED_SHARE,
    MOST_DOUBLINGS,
    NUMBER,
    POINTS,
    SEARCHED_AS,
    SIDE_BY_SIDE,
    WHOLE,
    WHOLE_TITLE,
    WORDS,
    TextField,
    beginnings,
    forms,
    title_points,
    word_points,
)
from unioncat.core.index.query import (
    All,
    And,
    Isbn,
    Issn,
    Near,
    Node,
    Not,
    Or,
    Phrase,
    Query,
    QueryField,
    Term,
)


@dataclass(frozen=True, slots=True)
class Everything:
    """All records."""


@dataclass(frozen=True, slots=True)
class Value:
    """A field has this word, or is this value."""

    field: str
    value: str


@dataclass(frozen=True, slots=True)
class Held:
    """The number of holding libraries doubles one so often (`fields.doublings`)."""

    doublings: int


@dataclass(frozen=True, slots=True)
class SideBySide:
    """A field has these words, parted by blanks, one behind the other."""

    field: str
    words: str


@dataclass(frozen=True, slots=True)
class Beginning:
    """A field has a word that begins with one of these."""

    field: str
    starts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Slipped:
    """A field has a word that differs from this one by so many slips at most."""

    field: str
    word: str
    slips: int


@dataclass(frozen=True, slots=True)
class Either:
    """One of the parts at least."""

    parts: tuple["Clause", ...]


@dataclass(frozen=True, slots=True)
class Both:
    """All required parts (without any: all records), and none of the excluded ones."""

    required: tuple["Clause", ...]
    excluded: tuple["Clause", ...] = ()


Clause = Everything | Value | Held | SideBySide | Beginning | Slipped | Either | Both


@dataclass(frozen=True, slots=True)
class Scored:
    """So many points for records that a clause finds."""

    clause: Clause
    points: int


@dataclass(frozen=True, slots=True)
class Best:
    """The most points that one of the parts gives."""

    parts: tuple[Scored, ...]


@dataclass(frozen=True, slots=True)
class Ranked:
    """The sum of some points, for records that a clause finds."""

    found: Clause
    points: tuple["Points", ...]


Points = Scored | Best | Ranked


def found_by(node: Node) -> Clause:
    """The records that a tree finds."""
    match node:
        case All():
            return Everything()
        case Term(token, within, prefix=True):
            return _either(Beginning(name, beginnings(token)) for name in _searched(within))
        case Term(token, within):
            return _either(Value(name, token.folded) for name in _searched(within))
        case Near(token, within):
            slips = slips_allowed(token.folded)
            return _either(Slipped(name, token.folded, slips) for name in _searched(within))
        case Phrase(tokens, within):
            words = forms(tokens).folded
            return _either(SideBySide(FOLDED[name], words) for name in SEARCHED_AS[within])
        case Isbn(number):
            return Value("isbn", number)
        case Issn(number):
            return Value("issn", number)
        case Or(parts):
            return _either(map(found_by, parts))
        case And(parts):
            return _both(parts)
        case Not():
            return _both((node,))


def ranked(query: Query) -> Ranked:
    """The records of a query with their points."""
    by_words = ranked_by_words(query)
    held = (Scored(Held(step), step * DOUBLING) for step in range(1, MOST_DOUBLINGS + 1))
    return Ranked(by_words.found, (*by_words.points, *held))


def ranked_by_words(query: Query) -> Ranked:
    """The records of a query with their points, but for those that libraries give."""
    return Ranked(found_by(query.tree), (*_points(query.tree), *_title_bonuses(query.whole)))


def _points(node: Node) -> Iterator[Points]:
    """What a record gets that the tree finds, or that fulfils a part of it."""
    match node:
        case Term(token, within, prefix=True):
            starts = beginnings(token)
            yield Best(
                tuple(Scored(Beginning(FOLDED[name], starts), POINTS[name]) for name in SEARCHED_AS[within])
            )
        case Term(token, within):
            yield Best(tuple(_scored_words((token,), within)))
        case Near(token, within):
            yield Best((*_scored_words((token,), within), *_scored_slips(token, within)))
        case Phrase(tokens, within):
            yield Best(tuple(_scored_words(tokens, within)))
        case Isbn() | Issn():
            yield Scored(found_by(node), NUMBER)
        case Or(parts):
            for part in parts:
                if isinstance(part, And):
                    yield Ranked(found_by(part), tuple(_points(part)))
                else:
                    yield from _points(part)
        case And(parts):
            for part in parts:
                yield from _points(part)


def _searched(within: QueryField | None) -> tuple[str, ...]:
    """The fields whose folded words decide whether a record is found."""
    return (WORDS,) if within is None else tuple(FOLDED[name] for name in SEARCHED_AS[within])


def _scored_words(tokens: tuple[Token, ...], within: QueryField | None) -> Iterator[Scored]:
    for name in SEARCHED_AS[within]:
        yield from _in_both_forms(name, tokens, word_points(name, tokens))


def _in_both_forms(name: TextField, tokens: tuple[Token, ...], points: tuple[int, int]) -> Iterator[Scored]:
    words, kind = forms(tokens), Value if len(tokens) == 1 else SideBySide
    yield Scored(kind(EXACT[name], words.exact), points[0])
    yield Scored(kind(FOLDED[name], words.folded), points[1])


def _scored_slips(token: Token, within: QueryField | None) -> Iterator[Scored]:
    slips = slips_allowed(token.folded)
    for name in SEARCHED_AS[within]:
        yield Scored(Slipped(FOLDED[name], token.folded, slips), POINTS[name] // FOLDED_SHARE)


def _title_bonuses(tokens: tuple[Token, ...]) -> Iterator[Points]:
    if not tokens:
        return
    words, points = forms(tokens), title_points(WHOLE_TITLE, tokens)
    yield Best(
        (
            Scored(Value(WHOLE[0], words.exact), points[0]),
            Scored(Value(WHOLE[1], words.folded), points[1]),
        )
    )
    if len(tokens) > 1:
        yield Best(tuple(_in_both_forms(TextField.TITLE, tokens, title_points(SIDE_BY_SIDE, tokens))))


def _either(clauses: Iterable[Clause]) -> Clause:
    parts = tuple(clauses)
    return parts[0] if len(parts) == 1 else Either(parts)


def _both(parts: Iterable[Node]) -> Both:
    required = tuple(found_by(part) for part in parts if not isinstance(part, Not))
    excluded = tuple(found_by(part.part) for part in parts if isinstance(part, Not))
    return Both(required, excluded)
