"""How the registry of libraries is printed."""

from collections.abc import Iterator
from dataclasses import asdict

from unioncat.cli.console import print_table
from unioncat.core.membership.events import LibraryEvent
from unioncat.core.membership.library_list import RowOutcome
from unioncat.pipeline.libraries import LibraryDetail
from unioncat.pipeline.library_list import ListReport


def print_library(detail: LibraryDetail) -> None:
    """All that is known of a library, one fact a line."""
    print_table((name, value) for name, value in _facts(detail) if value not in (None, ""))


def library_json(detail: LibraryDetail) -> dict[str, object]:
    """All that is known of a library, for programs."""
    library = detail.view.library
    return {
        **asdict(library),
        "provisional": library.provisional,
        "live_records": detail.view.live_records,
        "events": [_event_json(event) for event in detail.events],
        "formed_from": [_event_json(event) for event in detail.became],
        "groups": [group.code for group in detail.groups],
    }


def print_list_report(report: ListReport) -> None:
    """The refused rows, each with its line and the reason, and how many rows ended how."""
    for row in report.rows:
        if row.outcome is RowOutcome.REFUSED:
            print(f"line {row.line}: {row.reason}")
    counts = ", ".join(f"{report.count(outcome):,} {outcome}" for outcome in RowOutcome)
    print(f"{len(report.rows):,} rows: {counts}")


def _facts(detail: LibraryDetail) -> Iterator[tuple[str, object]]:
    library = detail.view.library
    place, lending = library.place, library.lending
    yield "ISIL", f"{library.isil}{' (provisional)' if library.provisional else ''}"
    yield "name", library.name
    yield "name in English", library.name_en
    yield "status", library.status
    yield "kind", library.kind
    yield "legal form", library.legal_form
    yield "level", library.level
    yield "province", library.province and f"{library.province} ({place.province_code or 'no code'})"
    yield "commune", place.commune and f"{place.commune} ({place.commune_code or 'no code'})"
    yield "address", place.address
    if place.position:
        yield "position", f"{place.position.latitude}, {place.position.longitude}"
    yield "function", library.function
    yield "subject fields", "; ".join(library.subject_fields)
    yield "governing body", library.governing_body
    yield "website", library.website
    for contact in library.contacts:
        yield "contact", ", ".join(part for part in (contact.role, contact.email, contact.phone) if part)
    for name, flag in (("lends", lending.lends), ("copies", lending.copies), ("fee", lending.fee)):
        yield name, None if flag is None else "yes" if flag else "no"
    yield "lending policy", lending.policy
    yield "rank", library.rank
    yield "live records", detail.view.live_records
    for event in detail.events:
        yield event.kind, _said(event, ", ".join(event.successors))
    for event in detail.became:
        yield "formed from", _said(event, event.isil)
    for group in detail.groups:
        yield "group", f"{group.code}: {group.name}"


def _said(event: LibraryEvent, other: str) -> str:
    return ", ".join(part for part in (event.day.isoformat(), other, event.document, event.note) if part)


def _event_json(event: LibraryEvent) -> dict[str, object]:
    return {**asdict(event), "day": event.day.isoformat()}
