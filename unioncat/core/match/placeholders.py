"""Values that one library writes where it knows nothing: they are no evidence (per source, found by frequency).

A running number as ISBN, the ISBN of a publisher's catalogue on each of its books, "Sách mới" for a title: where such
a value is taken for what it says, all its records become one.

1. An identifier is suspected when LEAST records of the source have it and their titles are unrelated
   (`large_cluster.unrelated_titles`): more than half of the records have a title that does not go with the commonest.
   Volumes of a set, and copies of a book, share a number as well; but their titles go together. Numbers of standards
   are left alone: books about one standard have all kinds of titles.
2. A whole title is suspected when LEAST_TITLED records have it and nothing else that a title is told by comes twice in
   them: no person, and no year, is of more than a tenth of the records that name one. A popular title ("Toán 6") comes with the same persons.
3. A suspicion is for people: only what they have accepted is left out, and only from the description. The library's
   record, the master record and the search keep it as it was delivered.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from unioncat.core.match.large_cluster import Statement, unrelated_titles
from unioncat.core.normalise.description import Description

LEAST = 10
"""Records with one identifier; fewer do little harm, and the matcher distrusts a shared number anyway."""
LEAST_TITLED = 30
_MOST_OF_ONE = 0.1


class Placed(StrEnum):
    """What a placeholder stands for: the field of a description in which it is left out."""

    ISBN = "isbn"
    ISSN = "issn"
    AGENCY = "agency"
    PUBLISHER = "publisher"
    TITLE = "title"


_SETS = {
    Placed.ISBN: ("isbns", "set_isbns", "wrong_isbns"),
    Placed.ISSN: ("issns",),
    Placed.AGENCY: ("system_numbers",),
    Placed.PUBLISHER: ("publisher_numbers",),
}
FIELDS = {placed: names[0] for placed, names in _SETS.items()} | {Placed.TITLE: "title"}
"""The field of a description in which a placeholder of each kind is looked for."""


@dataclass(frozen=True, slots=True, order=True)
class Placeholder:
    """A value that stands for nothing, as descriptions have it: a number without hyphens, a title as syllable key."""

    placed: Placed
    value: str


@dataclass(frozen=True, slots=True)
class Shared:
    """A value that many records of a source have, and what these say; `persons` and `years` with their records."""

    placeholder: Placeholder
    records: int
    statements: tuple[Statement, ...]
    persons: tuple[tuple[str, int], ...] = ()
    years: tuple[tuple[int, int], ...] = ()


def is_suspected(shared: Shared) -> bool:
    """Whether a value looks like a placeholder (rules 1 and 2)."""
    if shared.placeholder.placed is Placed.TITLE:
        return (
            shared.records >= LEAST_TITLED and _is_scattered(shared.persons) and _is_scattered(shared.years)
        )
    apart = unrelated_titles(shared.statements).total()
    return shared.records >= LEAST and apart > sum(one.members for one in shared.statements) / 2


def _is_scattered(counted: Sequence[tuple[object, int]]) -> bool:
    total = sum(count for _, count in counted)
    return all(count <= max(1, _MOST_OF_ONE * total) for _, count in counted)


def samples(statements: Iterable[Statement], most: int) -> list[str]:
    """Titles of records that share a value, the most frequent first, each once."""
    said: Counter[str] = Counter()
    for one in statements:
        said[one.title] += one.members
    return [title for title, _ in sorted(said.items(), key=lambda item: (-item[1], item[0])) if title][:most]


def without(description: Description, placeholders: Collection[tuple[str, str]]) -> Description:
    """The description without the placeholders, pairs of `Placed` and value."""
    for placed, value in placeholders:
        if placed == Placed.TITLE:
            if description.title == value:
                description = replace(description, title="")
            continue
        for name in _SETS[Placed(placed)]:
            values: frozenset[str] = getattr(description, name)
            if value in values:
                description = replace(description, **{name: values - {value}})  # type: ignore[arg-type]
    return description
