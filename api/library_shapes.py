"""Libraries, groups and statements between the wire and our values."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from api.problems import INVALID_PARAMETER, ApiProblem
from schemas.libraries import (
    DuplicateEntry,
    EventEntry,
    GroupEntry,
    LibraryDetail,
    LibraryEntry,
    LibraryStatement,
)
from unioncat.core.library import Contact, MemberLibrary
from unioncat.core.membership.duplicates import DuplicateGroup
from unioncat.core.membership.groups import LibraryGroup
from unioncat.core.membership.statement import Statement
from unioncat.core.membership.units import former_names
from unioncat.pipeline.libraries import LibraryDetail as KnownLibrary


def library_entry(library: MemberLibrary, live_records: int = 0) -> LibraryEntry:
    """A library as the public may see it."""
    return LibraryEntry.model_validate(_facts(library, live_records))


def library_detail(known: KnownLibrary) -> LibraryDetail:
    """All that the public may know of a library."""
    library = known.view.library
    more = {
        "events": [EventEntry.model_validate(event) for event in known.events],
        "formed_from": [EventEntry.model_validate(event) for event in known.became],
        "groups": [group_entry(group) for group in known.groups],
        "former_province_names": former_names(library.place.province_code or ""),
    }
    return LibraryDetail.model_validate(_facts(library, known.view.live_records) | more)


def group_entry(group: LibraryGroup, libraries: int | None = None) -> GroupEntry:
    """A group, with the number of its libraries where it is counted."""
    return GroupEntry.model_validate({**asdict(group), "libraries": libraries})


def statement_of(stated: LibraryStatement) -> Statement:
    """What was stated, as a value of ours."""
    fields, contacts = stated.subject_fields, stated.contacts
    return Statement(
        **stated.model_dump(exclude={"isil", "subject_fields", "contacts"}),
        subject_fields=None if fields is None else tuple(fields),
        contacts=None if contacts is None else tuple(Contact(c.role, c.email, c.phone) for c in contacts),
    )


def duplicate_entries(groups: Iterable[DuplicateGroup]) -> list[DuplicateEntry]:
    """Groups of libraries that may be one."""
    return [DuplicateEntry(isils=list(group.isils), reason=group.reason) for group in groups]


def printable(text: str) -> str:
    """The text, if it has no control characters but line breaks; raises ApiProblem (400)."""
    if any(not (sign.isprintable() or sign in "\n\t") for sign in text):
        raise ApiProblem(INVALID_PARAMETER, f"{text!r:.100} has signs that cannot be printed")
    return text


def _facts(library: MemberLibrary, live_records: int) -> dict[str, Any]:
    place, lending, position = library.place, library.lending, library.place.position
    return {
        "isil": library.isil,
        "name": library.name,
        "name_en": library.name_en,
        "province": library.province,
        "kind": library.kind,
        "live_records": live_records,
        "provisional": library.provisional,
        "status": library.status,
        "legal_form": library.legal_form,
        "level": library.level,
        "province_code": place.province_code,
        "commune_code": place.commune_code,
        "commune": place.commune,
        "address": place.address,
        "latitude": position and position.latitude,
        "longitude": position and position.longitude,
        "function": library.function,
        "subject_fields": library.subject_fields,
        "governing_body": library.governing_body,
        "website": library.website,
        "lends": lending.lends,
        "copies": lending.copies,
        "fee": lending.fee,
        "lending_policy": lending.policy,
    }
