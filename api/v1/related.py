"""What belongs to a master record without being the same: editions, volumes, formats, translations, titles."""

from itertools import groupby

from fastapi import APIRouter

from api.problems import GONE, TYPING_ERROR, UNAVAILABLE, UNKNOWN_RECORD, documented
from api.records import describe, find_record, record_url, related_record
from api.state import UsedServices
from api.v1.records import MOVED, RecordId
from schemas.related import RelatedAnswer, RelatedGroup

router = APIRouter(tags=["records"])


@router.get(
    "/records/{record_id}/related",
    summary="What belongs to one master record",
    response_description="Other master records, grouped by how they belong to it.",
    responses={**MOVED, **documented(TYPING_ERROR, UNKNOWN_RECORD, GONE, UNAVAILABLE)},
)
async def read_related(record_id: RecordId, services: UsedServices) -> RelatedAnswer:
    """Its other editions, volumes and set, formats, translations, and earlier and later titles.

    Editions of editions count: the group is the same whichever of them is asked for.
    """
    record = await find_record(services.catalogue, record_id)
    views = await services.catalogue.related(record.master_id)
    return RelatedAnswer(
        id=record.master_id,
        title=describe(record, ()).title,
        url=record_url(record.master_id),
        groups=[
            RelatedGroup(kind=kind, records=[related_record(view) for view in of_kind])
            for kind, of_kind in groupby(views, key=lambda view: view.kind)
        ],
    )
