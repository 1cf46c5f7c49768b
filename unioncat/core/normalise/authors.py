"""Who made a publication (MARC 1XX, 7XX, 245 $c), whatever the choice of headings."""

from collections.abc import Iterable
from dataclasses import dataclass

from unioncat.core.marc import MarcRecord
from unioncat.core.normalise.names import (
    PersonName,
    corporate_key,
    heading_name,
    names_a_body,
    person_names,
    responsibilities,
)
from unioncat.core.normalise.works import standard_numbers

_INVERTED = ("1", "3")
_NO_NAMES = frozenset(
    {"the", "of", "from", "with", "into", "for", "edition", "translation", "notes", "introd", "introduction"}
)
"""Words in statements of responsibility that no name has."""
_BODY_TAGS = ("110", "111", "710", "711")


@dataclass(frozen=True, slots=True)
class Authors:
    """Syllable keys of persons, of translators among them, and plain keys of corporate bodies."""

    persons: frozenset[str]
    translators: frozenset[str]
    bodies: frozenset[str]


def read_authors(record: MarcRecord) -> Authors:
    """All who are named.

    1. A heading (100, 700) is one person, surname first by its indicator, or a list of persons.
    2. The statement of responsibility (245 $c) names persons with what they did.
    3. Bodies stand in 110, 111, 710, 711; and wherever else a name opens like that of a body: some systems have one
       field for authors of all kinds.
    """
    named = frozenset(
        key for field in record.data(*_BODY_TAGS) for key in corporate_key(field.text("ab")) if key
    )
    found: set[str] = set()
    statements = [
        stated
        for value in record.values("245", "c")
        if not named or named.isdisjoint(corporate_key(value))
        for stated in responsibilities(_without_bodies(value, found))
    ]
    headed = [
        name
        for field in record.data("100", "700")
        for value in field.all("a")
        for name in _headed(_without_bodies(value, found), field.indicators[:1] in _INVERTED)
    ]
    bodies = named | found
    stated = [one.name for one in statements]
    translators = [one.name for one in statements if one.role == "translator"]
    return Authors(_keys((*headed, *stated)), _keys(translators), bodies)


def _keys(names: Iterable[PersonName]) -> frozenset[str]:
    return frozenset(" ".join(name.tokens) for name in names if _NO_NAMES.isdisjoint(name.tokens))


def _without_bodies(value: str, bodies: set[str]) -> str:
    """The text without the parts between semicolons that name bodies, which go into `bodies`."""
    if not any(names_a_body(part) for part in value.split(";")):
        return value
    parts = [(part, names_a_body(part) and "," not in part) for part in value.split(";")]
    bodies.update(key for part, is_body in parts if is_body for key in corporate_key(part))
    return ";".join(part for part, is_body in parts if not is_body)


def _headed(value: str, is_inverted: bool) -> tuple[PersonName, ...]:
    """The persons of a heading; the number of a standard is none."""
    if standard_numbers(value):
        return ()
    name = heading_name(value) if is_inverted and ";" not in value else None
    return (name,) if name else person_names(value)
