"""Master records as the API and the pages serve them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from api.problems import TYPING_ERROR, UNKNOWN_RECORD, ApiProblem, RecordGone
from api.state import Libraries
from schemas.related import RelatedRecord
from unioncat.core.errors import InvalidIdentifier
from unioncat.core.identifiers import MasterId, parse_master_id
from unioncat.core.index.build_document import build_document
from unioncat.core.index.document import SearchDocument
from unioncat.core.marc import ControlField, MarcRecord
from unioncat.core.merge.master import MergedRecord
from unioncat.pipeline.ports import Catalogue, HoldingView, MasterView
from unioncat.pipeline.related_port import RelatedView


class MergedAway(Exception):
    """The identifier was merged into another."""

    def __init__(self, now: MasterId) -> None:
        super().__init__(now)
        self.now = now


@dataclass(frozen=True, slots=True)
class LiveRecord:
    """A master record that is there."""

    master_id: MasterId
    version: int
    content: MergedRecord

    def marc(self) -> MarcRecord:
        """The record as it goes out: field 001 is the permanent identifier."""
        plain = self.content.marc()
        return MarcRecord(plain.leader, (ControlField("001", self.master_id), *plain.fields))


async def find_record(catalogue: Catalogue, typed: str) -> LiveRecord:
    """The live record of an identifier that someone typed.

    Raises ApiProblem (misspelt, unknown, gone) and MergedAway.
    """
    try:
        master_id = parse_master_id(typed)
    except InvalidIdentifier as error:
        raise ApiProblem(TYPING_ERROR, str(error)) from error
    view = await catalogue.master(master_id)
    if view is None:
        raise ApiProblem(UNKNOWN_RECORD, f"No record was ever called '{master_id}'")
    if view.redirect is not None:
        raise MergedAway(view.redirect)
    if view.record is None:
        raise _gone(view)
    return LiveRecord(view.master_id, view.version, view.record)


def _gone(view: MasterView) -> RecordGone:
    if view.ended is None:
        return RecordGone(view.master_id)
    document = build_document(view.master_id, view.version, view.ended.record, ())
    return RecordGone(view.master_id, document.title, view.ended.since)


def describe(record: LiveRecord, held: Sequence[HoldingView]) -> SearchDocument:
    """The record and its holdings in the words that the index has for it."""
    stated = [(view.library.isil, view.holding) for view in held]
    return build_document(record.master_id, record.version, record.content, stated)


async def summarised(document: SearchDocument, libraries: Libraries) -> dict[str, Any]:
    """The parts of a `RecordSummary`: a record in short, with the names of its libraries."""
    return {
        "id": document.master_id,
        "title": document.title,
        "subtitle": document.subtitle,
        "responsibility": document.responsibility,
        "edition": document.edition,
        "place": document.place,
        "publisher": document.publisher,
        "year": document.year,
        "format": document.format,
        "languages": list(document.languages),
        "isbns": list(document.isbns),
        "issns": list(document.issns),
        "libraries": await libraries.named(document.libraries),
        "url": record_url(document.master_id),
        "page": record_page(document.master_id),
    }


def related_record(view: RelatedView) -> RelatedRecord:
    """A master record that belongs to another one, in short."""
    return RelatedRecord(
        id=view.master_id,
        title=view.title,
        year=view.year,
        edition=view.edition,
        volume=list(view.volume),
        format=view.format,
        languages=list(view.languages),
        libraries=view.libraries,
        url=record_url(view.master_id),
        page=record_page(view.master_id),
    )


def record_url(master_id: MasterId) -> str:
    """The record in the API."""
    return f"/api/v1/records/{master_id}"


def record_page(master_id: MasterId) -> str:
    """The record as a page."""
    return f"/records/{master_id}"
