"""Groups of libraries (Decree 93/2020/NĐ-CP: interconnection by area, function, field, type, agreement).

A library is in as many groups as it likes. A group may end, and so may a membership; both keep their days.
"""

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from unioncat.core.errors import InvalidLibrary
from unioncat.core.identifiers import Isil

_CODE = re.compile(r"[a-z0-9][a-z0-9-]{1,39}")


class GroupType(StrEnum):
    """On what a group rests. The value is kept in the store: never change it."""

    GEO = "geo"
    FUNCTION = "function"
    FIELD = "field"
    TYPE = "type"
    AGREEMENT = "agreement"


@dataclass(frozen=True, slots=True)
class LibraryGroup:
    """A group of libraries. `code` names it in addresses; `coordinator` is the liaison library."""

    code: str
    type: GroupType
    name: str
    coordinator: Isil | None = None
    starts: date | None = None
    ends: date | None = None


@dataclass(frozen=True, slots=True)
class GroupMember:
    """A library in a group, since when and until when; None: as long as the group."""

    isil: Isil
    starts: date | None = None
    ends: date | None = None


def check_group(group: LibraryGroup) -> LibraryGroup:
    """The group, if its code, name and days can be used; raises InvalidLibrary."""
    if not _CODE.fullmatch(group.code):
        raise InvalidLibrary(
            f"'{group.code}' is no code of a group; use 2 to 40 small letters, digits and hyphens, such as dong-bac"
        )
    if not group.name.strip():
        raise InvalidLibrary(f"The group {group.code} needs a name")
    check_days(f"group {group.code}", group.starts, group.ends)
    return group


def check_days(what: str, starts: date | None, ends: date | None) -> None:
    """Raises InvalidLibrary when something would end before it starts."""
    if starts and ends and ends < starts:
        raise InvalidLibrary(f"The {what} would end on {ends}, before it starts on {starts}")
