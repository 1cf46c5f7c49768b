"""Curation: pairs that wait for people, decisions, merges and splits, and their undoing. For curators."""

import json
from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Path, Query
from starlette.responses import StreamingResponse

from api.access import Curator
from api.curation_shapes import (
    bulk_entry,
    comparison_entry,
    decided_entry,
    decision_entry,
    deferred_entry,
    done_entry,
    pattern_entry,
    record_entry,
    review_entry,
    undone_entry,
)
from api.library_shapes import printable
from api.problems import (
    CONFLICT,
    INVALID_PARAMETER,
    INVALID_QUERY,
    INVALID_STATEMENT,
    NOT_REGISTERED,
    UNAVAILABLE,
    UNKNOWN_ENTRY,
    documented,
)
from api.state import UsedServices
from api.v1.quality import AskedLanguage, Language
from schemas.curation import (
    BulkEntry,
    BulkStatement,
    ComparisonEntry,
    DecidedEntry,
    DecisionDetail,
    DecisionList,
    DeferredList,
    MergeStatement,
    PairStatement,
    PatternList,
    Reasoned,
    ReviewPage,
    SplitStatement,
    UndoneEntry,
    Wish,
)
from unioncat.core.errors import InvalidDecision, InvalidQuery
from unioncat.core.identifiers import ControlNumber, SourceId, parse_isil, parse_master_id
from unioncat.core.match.curation import DecisionKind
from unioncat.pipeline import curation_decide as deciding
from unioncat.pipeline.curation_bulk import BulkWish, apply_bulk, preview_bulk
from unioncat.pipeline.curation_decide import sign
from unioncat.pipeline.curation_export import labelled_pairs
from unioncat.pipeline.curation_port import DecisionFilter
from unioncat.pipeline.curation_queue import Asked, patterns, queue_page, read_pair
from unioncat.pipeline.curation_review import compare_pair

router = APIRouter(prefix="/curation", tags=["curation"])

PairName = Annotated[
    str, Path(max_length=40, description="Name of the pair, as the queue has it.", examples=["12-15"])
]
DecisionNumber = Annotated[int, Path(ge=1, lt=2**63, description="Number of the decision.", examples=[17])]
AskedPattern = Annotated[
    str | None, Query(max_length=200, description="Only pairs of this pattern.", examples=["year"])
]
AskedIsil = Annotated[
    str | None, Query(max_length=40, description="Only pairs of this library.", examples=["VN-TVQG"])
]
AskedSource = Annotated[
    int | None, Query(ge=1, lt=2**63, description="Only pairs of this feed.", examples=[2])
]
MinScore = Annotated[
    float | None, Query(ge=-1e6, le=1e6, description="Only pairs with so many points.", examples=[6])
]
Limit = Annotated[int, Query(ge=1, le=200, description="How many at most.", examples=[50])]

_READING = documented(INVALID_PARAMETER, INVALID_QUERY, NOT_REGISTERED, UNAVAILABLE)
_DECIDING = documented(
    INVALID_PARAMETER, INVALID_QUERY, INVALID_STATEMENT, UNKNOWN_ENTRY, NOT_REGISTERED, CONFLICT, UNAVAILABLE
)
_KINDS = {Wish.SAME: DecisionKind.SAME, Wish.DIFFERENT: DecisionKind.DIFFERENT, Wish.LATER: None}
_LINES = {"application/x-ndjson": {"schema": {"type": "string"}, "example": '{"id": "decision-17-1", …}\n'}}


# --- the queue ----------------------------------------------------------------------------------------


@router.get(
    "/reviews",
    summary="Pairs that wait for a person",
    response_description="Pairs of the queue.",
    responses=_READING,
)
async def list_reviews(
    services: UsedServices,
    access: Curator,
    pattern: AskedPattern = None,
    isil: AskedIsil = None,
    source: AskedSource = None,
    min_score: MinScore = None,
    cursor: Annotated[
        str | None, Query(max_length=1000, description="`next` of the page before.", examples=["WyJ…"])
    ] = None,
    limit: Limit = 50,
    language: AskedLanguage = Language.VIETNAMESE,
) -> ReviewPage:
    """The best evidence first, and of equal evidence those of which most libraries hold copies."""
    page = await queue_page(services.store, _asked(pattern, isil, source, min_score), cursor, limit)
    return ReviewPage(pairs=[review_entry(one, language) for one in page.pairs], next=page.next)


@router.get(
    "/patterns",
    summary="What speaks against the pairs that wait",
    response_description="The patterns with their counts.",
    responses=_READING,
)
async def list_patterns(
    services: UsedServices,
    access: Curator,
    isil: AskedIsil = None,
    source: AskedSource = None,
    min_score: MinScore = None,
    language: AskedLanguage = Language.VIETNAMESE,
) -> PatternList:
    """Pairs of one pattern can often be decided together."""
    found = await patterns(services.store, _asked(None, isil, source, min_score))
    return PatternList(patterns=[pattern_entry(one, language) for one in found])


@router.get(
    "/reviews/{pair}",
    summary="One pair, field by field",
    response_description="Both records with the reasons of the matcher.",
    responses=_DECIDING,
)
async def read_review(
    pair: PairName, services: UsedServices, access: Curator, language: AskedLanguage = Language.VIETNAMESE
) -> ComparisonEntry:
    """All that a person needs to decide. Any two descriptions that libraries have now can be compared."""
    return comparison_entry(await compare_pair(services.store, read_pair(pair)), language)


@router.post(
    "/reviews/{pair}/decision",
    summary="Decide a pair",
    response_description="What came of it.",
    responses=_DECIDING,
)
async def decide_review(
    pair: PairName, stated: PairStatement, services: UsedServices, access: Curator
) -> DecidedEntry:
    """Same, different, or later. The clusters follow within seconds."""
    signed, kind = sign(access.holder, stated.why), _KINDS[stated.decision]
    if kind is None:
        await deciding.put_off(services.store, read_pair(pair), stated.until, signed)
        return DecidedEntry(made=True, decision=None, records=[])
    if stated.until is not None:
        raise InvalidDecision("Only what is put off till later has a day")
    return decided_entry(await deciding.decide_pair(services.store, read_pair(pair), kind, signed))


@router.get(
    "/deferred",
    summary="Pairs that were put off",
    response_description="The pairs by their numbers.",
    responses=_READING,
)
async def list_deferred(
    services: UsedServices,
    access: Curator,
    after: Annotated[
        str | None, Query(max_length=40, description="`next_after` of the page before.", examples=["12-15"])
    ] = None,
    limit: Limit = 50,
) -> DeferredList:
    """They come back into the queue on their day, or when one of their records changes."""
    async with services.store.work() as work:
        found = await work.curation.deferred(read_pair(after) if after else None, limit)
    return DeferredList(
        pairs=[deferred_entry(one) for one in found],
        next_after=str(found[-1].id) if len(found) == limit else None,
    )


@router.delete(
    "/deferred/{pair}",
    status_code=204,
    summary="Take a pair back into the queue",
    response_description="It waits again.",
    responses=_DECIDING,
)
async def recall_review(pair: PairName, services: UsedServices, access: Curator) -> None:
    """Before its day has come."""
    await deciding.recall(services.store, read_pair(pair))


# --- merge, split, undo -------------------------------------------------------------------------------


@router.post(
    "/merges",
    summary="Merge master records",
    response_description="What came of it.",
    responses=_DECIDING,
)
async def merge(stated: MergeStatement, services: UsedServices, access: Curator) -> DecidedEntry:
    """Say that all their records are of one publication, whatever the matcher thinks."""
    masters = [parse_master_id(one) for one in stated.records]
    signed = sign(access.holder, stated.why)
    return decided_entry(await deciding.merge_masters(services.store, masters, signed))


@router.post(
    "/splits",
    summary="Split a master record",
    response_description="What came of it.",
    responses=_DECIDING,
)
async def split(stated: SplitStatement, services: UsedServices, access: Curator) -> DecidedEntry:
    """Say that some of its records are of another publication than the rest."""
    leave = [(parse_isil(one.isil), ControlNumber(printable(one.control_number))) for one in stated.leave]
    signed = sign(access.holder, stated.why)
    return decided_entry(
        await deciding.split_master(services.store, parse_master_id(stated.record), leave, signed)
    )


@router.get(
    "/decisions",
    summary="Decisions, the newest first",
    response_description="Decisions with their effect now.",
    responses=_READING,
)
async def list_decisions(
    services: UsedServices,
    access: Curator,
    who: Annotated[
        str | None, Query(max_length=200, description="Only those of this person.", examples=["Hoa"])
    ] = None,
    isil: Annotated[
        str | None, Query(max_length=40, description="With `control_number`: a record.", examples=["VN-TVQG"])
    ] = None,
    control_number: Annotated[
        str | None,
        Query(max_length=200, description="Only those about this record.", examples=["000012345"]),
    ] = None,
    standing: Annotated[
        bool | None, Query(description="Only those that stand, or that were undone.", examples=[True])
    ] = None,
    batch: Annotated[
        int | None, Query(ge=1, lt=2**63, description="Only those of this bulk.", examples=[17])
    ] = None,
    before: Annotated[
        int | None, Query(ge=1, lt=2**63, description="`next_before` of the page before.", examples=[17])
    ] = None,
    limit: Limit = 50,
) -> DecisionList:
    """Who decided what, when and why, and what it does now."""
    if (isil is None) != (control_number is None):
        raise InvalidQuery("A record is named by isil and control_number together")
    record = (parse_isil(isil), ControlNumber(printable(control_number))) if isil and control_number else None
    async with services.store.work() as work:
        wanted = DecisionFilter(who and printable(who), record, standing, batch)
        found = await work.curation.history(wanted, before, limit)
    return DecisionList(
        decisions=[decision_entry(one) for one in found],
        next_before=found[-1].id if len(found) == limit else None,
    )


@router.get(
    "/decisions/{number}",
    summary="One decision",
    response_description="The decision with its records.",
    responses=_DECIDING,
)
async def read_decision(number: DecisionNumber, services: UsedServices, access: Curator) -> DecisionDetail:
    """With the records it speaks of, and where these are now."""
    async with services.store.work() as work:
        view = await work.curation.decision(number)
        records = await work.curation.decision_records(number)
    return DecisionDetail(**dict(decision_entry(view)), records=[record_entry(one) for one in records])


@router.post(
    "/decisions/{number}/withdrawal",
    summary="Undo a decision",
    response_description="What was undone.",
    responses=_DECIDING,
)
async def withdraw(
    number: DecisionNumber, stated: Reasoned, services: UsedServices, access: Curator
) -> UndoneEntry:
    """The clusters become what they are without it, and master records get their identifiers back."""
    signed = sign(access.holder, stated.why)
    return undone_entry(await deciding.withdraw(services.store, number, signed))


# --- many at once -------------------------------------------------------------------------------------


@router.post(
    "/bulk",
    summary="Decide all pairs of a pattern",
    response_description="What would be decided, or was.",
    responses=_DECIDING,
)
async def decide_bulk(
    stated: BulkStatement,
    services: UsedServices,
    access: Curator,
    language: AskedLanguage = Language.VIETNAMESE,
) -> BulkEntry:
    """Without `token` a dry run; with it exactly what that showed is decided, or nothing when it has changed."""
    asked = _asked(stated.pattern, stated.isil, stated.source, stated.min_score)
    wish = BulkWish(asked, _KINDS[stated.decision], stated.until)
    if stated.token is None:
        return bulk_entry(await preview_bulk(services.store, wish), language)
    signed = sign(access.holder, stated.why or "")
    return done_entry(await apply_bulk(services.store, wish, stated.token, signed))


@router.post(
    "/bulk/{number}/withdrawal",
    summary="Undo a bulk",
    response_description="What was undone.",
    responses=_DECIDING,
)
async def withdraw_bulk(
    number: DecisionNumber, stated: Reasoned, services: UsedServices, access: Curator
) -> UndoneEntry:
    """All its decisions, and all that it put off."""
    signed = sign(access.holder, stated.why)
    return undone_entry(await deciding.withdraw_batch(services.store, number, signed))


@router.get(
    "/export",
    summary="Decisions as labelled pairs",
    response_description="One JSON object a line.",
    response_class=StreamingResponse,
    responses={200: {"content": _LINES}, **documented(UNAVAILABLE)},
)
async def export(services: UsedServices, access: Curator) -> StreamingResponse:
    """Pairs of records with what people said of them, as `unioncat evaluate` reads them."""

    async def lines() -> AsyncIterator[str]:
        async for pair in labelled_pairs(services.store):
            yield json.dumps(pair, ensure_ascii=False) + "\n"

    headers = {"Content-Disposition": 'attachment; filename="decisions.jsonl"'}
    return StreamingResponse(lines(), media_type="application/x-ndjson", headers=headers)


def _asked(pattern: str | None, isil: str | None, source: int | None, min_score: float | None) -> Asked:
    return Asked(
        pattern and printable(pattern),
        None if isil is None else parse_isil(isil),
        None if source is None else SourceId(source),
        min_score,
    )
