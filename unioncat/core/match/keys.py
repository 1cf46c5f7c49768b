"""Match keys: two descriptions are compared when they share one (blocking).

A key is a type, a colon, a value. Titles and names go into keys in plain letters, so that spelling, accents and
case do not separate what should be compared; the features judge on the accented form.

| type     | value                                     | finds                                   |
|----------|-------------------------------------------|-----------------------------------------|
| isbn …   | an identifier                             | what shares it                          |
| title    | a whole title and its volume number       | records without author or year          |
| opening  | first letters of the title, a year        | titles cut short; years off by one      |
| author   | first letters of the title, a person      | other years                             |
| extent   | a person, a year, pages or volumes        | titles worded differently               |

A key that more than MAX_SHARE descriptions share is crowded: a pair needs a second one of another type.
"""

from collections.abc import Collection, Container, Iterable, Iterator

from unioncat.core.match.relation_keys import relation_keys
from unioncat.core.match.title_letters import title_letters
from unioncat.core.normalise.description import Description
from unioncat.core.normalise.remembered import remembered
from unioncat.core.normalise.vietnamese import flat_words

MAX_SHARE = 50
"""How many live descriptions may share a key before it is crowded."""

_MAX_KEY = 120
_TITLE = 60
_OPENING = 12
_SPAN = 10
_MAX_PERSONS = 6


def match_keys(description: Description) -> frozenset[str]:
    """The typed keys of a description, each of 120 characters at the most."""
    found = (
        *_identifiers(description),
        *_titles(description),
        *_persons(description),
        *relation_keys(description),
    )
    return frozenset([key[:_MAX_KEY] for key in found])


def is_candidate(shared: Collection[str], crowded: Container[str]) -> bool:
    """Whether a pair that shares these keys is to be judged."""
    if any(key not in crowded for key in shared):
        return True
    return len({key_type(key) for key in shared}) > 1


def key_type(key: str) -> str:
    """The type of a key: what stands before its first colon."""
    return key.partition(":")[0]


def _identifiers(side: Description) -> Iterator[str]:
    for kind, values in (
        ("isbn", side.isbns),
        ("issn", side.issns if side.level == "serial" else ()),
        ("agency", side.system_numbers),
        ("publisher", side.publisher_numbers),
        ("standard", side.standards),
    ):
        for value in filter(None, values):
            yield f"{kind}:{value}"


def _titles(side: Description) -> Iterator[str]:
    numbers = ".".join(map(str, side.volume))
    years = _years(side)
    for title in {side.title, *side.variants}:
        letters = title_letters(title)
        if letters:
            yield f"title:{letters[:_TITLE]}|{numbers}"
            for year in years:
                yield f"opening:{letters[:_OPENING]}|{year}"
    if side.rest and (letters := title_letters(f"{side.title} {side.rest}")):
        yield f"title:{letters[:_TITLE]}|{numbers}"


def _persons(side: Description) -> Iterator[str]:
    opening = title_letters(side.title)[:_OPENING]
    for name in _names(side.persons | side.bodies):
        if opening:
            yield f"author:{opening}|{name}"
        if extent := side.pages or (f"v{side.volumes}" if side.volumes > 1 else 0):
            for year in _years(side):
                yield f"extent:{name}|{year}|{extent}"


def _names(persons: Iterable[str]) -> frozenset[str]:
    return frozenset().union(*map(_forms, sorted(persons)[:_MAX_PERSONS]))


@remembered
def _forms(person: str) -> frozenset[str]:
    """Of a name its longest word, and for names of Vietnamese form all words: they share few surnames."""
    flat = flat_words(person)
    if not flat:
        return frozenset()
    return frozenset({max(flat, key=lambda word: (len(word), word)), "".join(sorted(flat))})


def _years(side: Description) -> Iterable[int]:
    """The possible years and one more, so that neighbouring years meet."""
    if not side.years:
        return ()
    return range(side.years[0], min(side.years[-1], side.years[0] + _SPAN) + 2)
