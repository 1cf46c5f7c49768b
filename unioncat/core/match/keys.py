"""Match keys: two descriptions are compared when they share one (blocking).

A key is a type, a colon, a value. Titles and names go into keys in plain letters, so that spelling, accents and
case do not separate what should be compared; the features judge on the accented form.

| type     | value                                     | finds                                   |
|----------|-------------------------------------------|-----------------------------------------|
| isbn …   | an identifier                             | what shares it                          |
| title    | a whole title and its volume number       | records without author or year          |
| opening  | first letters of the title, a year        | titles cut short; years off by one      |
| author   | first letters of the title, a person      | other years                             |
| extent   | a person, a year, a number of pages       | titles worded differently               |

A key that more than MAX_SHARE descriptions share is crowded: a pair needs a second one of another type.
"""

from collections.abc import Collection, Container, Iterable, Iterator

from unioncat.core.match.words import words
from unioncat.core.normalise.description import Description

MAX_SHARE = 50
"""How many live descriptions may share a key before it is crowded."""

_MAX_KEY = 120
_TITLE = 60
_OPENING = 12
_SPAN = 10
_MAX_PERSONS = 6


def match_keys(description: Description) -> frozenset[str]:
    """The typed keys of a description, each of 120 characters at the most."""
    found = (*_identifiers(description), *_titles(description), *_persons(description))
    return frozenset(f"{kind}:{value}"[:_MAX_KEY] for kind, value in found if value)


def is_candidate(shared: Collection[str], crowded: Container[str]) -> bool:
    """Whether a pair that shares these keys is to be judged."""
    if any(key not in crowded for key in shared):
        return True
    return len({key_type(key) for key in shared}) > 1


def key_type(key: str) -> str:
    """The type of a key: what stands before its first colon."""
    return key.partition(":")[0]


def _identifiers(side: Description) -> Iterator[tuple[str, str]]:
    for kind, values in (
        ("isbn", side.isbns),
        ("issn", side.issns if side.level == "serial" else ()),
        ("agency", side.system_numbers),
        ("publisher", side.publisher_numbers),
        ("standard", side.standards),
    ):
        for value in values:
            yield kind, value


def _titles(side: Description) -> Iterator[tuple[str, str]]:
    numbers = ".".join(map(str, side.volume))
    for title in {side.title, *side.variants, f"{side.title} {side.rest}"}:
        letters = words(title).flat_joined
        if letters:
            yield "title", f"{letters[:_TITLE]}|{numbers}"
    for title in {side.title, *side.variants}:
        opening = words(title).flat_joined[:_OPENING]
        for year in _years(side):
            if opening:
                yield "opening", f"{opening}|{year}"


def _persons(side: Description) -> Iterator[tuple[str, str]]:
    opening = words(side.title).flat_joined[:_OPENING]
    for name in _names(side.persons | side.bodies):
        if opening:
            yield "author", f"{opening}|{name}"
        if side.pages:
            for year in _years(side):
                yield "extent", f"{name}|{year}|{side.pages}"


def _names(persons: Iterable[str]) -> set[str]:
    """Of each name its longest word, and for names of Vietnamese form all words: they share few surnames."""
    names = set()
    for person in sorted(persons)[:_MAX_PERSONS]:
        flat = words(person).flat
        if flat:
            names.add(max(flat, key=lambda word: (len(word), word)))
            names.add("".join(sorted(flat)))
    return names


def _years(side: Description) -> Iterable[int]:
    """The possible years and one more, so that neighbouring years meet."""
    if not side.years:
        return ()
    return range(side.years[0], min(side.years[-1], side.years[0] + _SPAN) + 2)
