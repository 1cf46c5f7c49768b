"""The columns of a list (CSV, XLSX): what each of them holds, guessed and then confirmed by a person.

1. A column whose name stands in `column_names.toml` has that role; case, accents, punctuation and line breaks do not
   matter. The whole name counts first, then what stands before a bracket or a slash, then a known name inside it.
2. Of several columns that claim a role, the one with the better claim has it; authors, subjects, notes, barcodes and
   ISBNs may stand in several columns.
3. A column whose name says nothing is told by its contents (`column_contents.py`), if no other has that role.
4. All others are ignored. Each guess tells its reason.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from unioncat.core.delivery import ReadingRules
from unioncat.core.errors import InvalidSource
from unioncat.core.parse.column_contents import roles_by_contents
from unioncat.core.parse.column_names import SHARED, NamedRole, Role, name_key, role_of_name

__all__ = [
    "SHARED",
    "ColumnGuess",
    "Columns",
    "Role",
    "columns_from",
    "guess_columns",
    "mapping_of",
    "name_key",
    "role_of_name",
    "roles_of",
    "with_roles",
]


@dataclass(frozen=True, slots=True)
class ColumnGuess:
    """What a column seems to hold, and why, in words for the person who confirms it."""

    name: str
    role: Role
    reason: str


Columns = Mapping[str, Role]
"""Roles by the key (`name_key`) of the name of the column."""


def guess_columns(header: Sequence[str], sample: Sequence[Sequence[str]]) -> tuple[ColumnGuess, ...]:
    """A role and its reason for each column, from its name and from the first rows of the list."""
    claims = [role_of_name(name) for name in header]
    winners = _winners(claims)
    guesses = [
        _by_name(name, claim, place in winners)
        for place, (name, claim) in enumerate(zip(header, claims, strict=True))
    ]
    open_places = [place for place, claim in enumerate(claims) if claim is None]
    taken = {guess.role for guess in guesses if guess.role not in SHARED}
    for place, (role, reason) in roles_by_contents(open_places, sample, taken).items():
        guesses[place] = ColumnGuess(header[place], role, reason)
    return tuple(guesses)


def _winners(claims: Sequence[NamedRole | None]) -> set[int]:
    """The places of the columns that get the role they claim."""
    best: dict[Role, int] = {}
    shared = set()
    for place, claim in enumerate(claims):
        if claim is None:
            continue
        if claim.role in SHARED:
            shared.add(place)
            continue
        before = claims[best[claim.role]] if claim.role in best else None
        if before is None or claim.strength > before.strength:
            best[claim.role] = place
    return shared | set(best.values())


def _by_name(name: str, claim: NamedRole | None, wins: bool) -> ColumnGuess:
    if claim is None:
        said = "neither the name nor the contents tell what it holds"
        return ColumnGuess(name, Role.IGNORED, said)
    said = f"the name is '{claim.alias}'" if claim.strength == 3 else f"the name contains '{claim.alias}'"
    if wins:
        return ColumnGuess(name, claim.role, said)
    return ColumnGuess(name, Role.IGNORED, f"{said}, but another column has the role {claim.role}")


def mapping_of(guesses: Sequence[ColumnGuess]) -> tuple[tuple[str, str], ...]:
    """The guesses as `ReadingRules.columns`: pairs of a column name and a role."""
    return tuple((guess.name, guess.role.value) for guess in guesses)


def columns_from(rules: ReadingRules) -> Columns:
    """The mapping of a source, checked; raises UnioncatError where it cannot be used (see `roles_of`)."""
    return roles_of(rules.columns)


@lru_cache(maxsize=1000)
def roles_of(columns: tuple[tuple[str, str], ...]) -> Columns:
    """A mapping by the keys of names.

    Raises UnioncatError when a role is unknown, two columns have a role that only one may have, or neither a title
    nor an ISBN is named.
    """
    roles: dict[str, Role] = {}
    for name, value in columns:
        role = _role(name, value)
        other = next((known for known, given in columns if given == value and known != name), None)
        if role not in SHARED and other is not None:
            raise InvalidSource(
                f"The columns '{name}' and '{other}' both have the role '{role}'; give it to one"
            )
        roles[name_key(name)] = role
    if columns and not {Role.TITLE, Role.ISBN} & set(roles.values()):
        raise InvalidSource(
            "No column has the role 'title' or 'isbn', so nobody can tell which publications the list means;"
            f" give one of these roles to one of: {', '.join(name for name, _ in columns)}"
        )
    return roles


def _role(name: str, value: str) -> Role:
    try:
        return Role(value)
    except ValueError:
        roles = ", ".join(Role)
        raise InvalidSource(
            f"'{value}', given to the column '{name}', is no role; choose one of: {roles}"
        ) from None


def with_roles(
    cells: Mapping[str, str], columns: tuple[tuple[str, str], ...]
) -> Iterator[tuple[str, Role | None, str]]:
    """Name, role and text of each cell of a row. Without a mapping the names of the columns tell their roles.

    The role is None where a mapping does not know the column.
    """
    if columns:
        roles = roles_of(columns)
        yield from ((name, roles.get(name_key(name)), text) for name, text in cells.items())
        return
    names = tuple(cells)
    claims = [role_of_name(name) for name in names]
    winners = _winners(claims)
    for place, claim in enumerate(claims):
        yield names[place], claim.role if claim and place in winners else Role.IGNORED, cells[names[place]]
