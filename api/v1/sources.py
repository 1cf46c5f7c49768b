"""Feeds: register, change, upload to, decide about. For operators, and for each library its own."""

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Path, Request, Response, status

from api.access import Access, Contributor
from api.problems import (
    CONFLICT,
    INVALID_PARAMETER,
    INVALID_STATEMENT,
    NOT_REGISTERED,
    UNAVAILABLE,
    UNUSABLE_FILE,
    documented,
)
from api.state import UsedFeeds
from api.v1.running import UsedControl
from harvesters.credentials import Credentials
from schemas.sources import (
    ColumnRole,
    HeldDecision,
    HeldDeletions,
    RunAnswer,
    RunWish,
    SourceDetail,
    SourceProposal,
    SourceSecret,
    SourceTerms,
    UploadReceipt,
)
from unioncat.core.identifiers import SourceId, parse_isil
from unioncat.core.registry import NEW_SOURCE, HarvestKind, HarvestSource, HarvestTerms, SourceState
from unioncat.core.schedule import check_schedule
from unioncat.feeds import Feeds

router = APIRouter(tags=["feeds"])

_SHOWN = 1000
_ANSWERS = documented(INVALID_PARAMETER, INVALID_STATEMENT, NOT_REGISTERED, CONFLICT, UNAVAILABLE)

SourceNumber = Annotated[int, Path(ge=1, lt=2**63, description="Number of the feed.", examples=[2])]


@router.post(
    "/libraries/{isil}/sources",
    status_code=status.HTTP_201_CREATED,
    summary="Offer a feed",
    response_description="The feed, proposed.",
    responses=_ANSWERS,
)
async def propose_source(
    isil: Annotated[str, Path(description="The library.", examples=["VN-TVQG"])],
    proposal: SourceProposal,
    feeds: UsedFeeds,
    access: Contributor,
) -> SourceDetail:
    """Registers a feed of a library. Nothing of it is published before it was checked and accepted."""
    library = parse_isil(isil)
    access.require_library(library)
    draft = HarvestSource(
        NEW_SOURCE,
        library,
        proposal.protocol,
        proposal.address,
        proposal.metadata_prefix,
        proposal.set_spec,
        state=SourceState.PROPOSED,
    )
    return await _detail(feeds, await feeds.propose(_with_terms(draft, proposal)))


@router.get(
    "/sources/{number}",
    summary="A feed",
    response_description="The feed.",
    responses=documented(INVALID_PARAMETER, NOT_REGISTERED, UNAVAILABLE),
)
async def show_source(number: SourceNumber, feeds: UsedFeeds) -> SourceDetail:
    """How a feed is delivered, read and harvested."""
    return await _detail(feeds, await feeds.get(SourceId(number)))


@router.put(
    "/sources/{number}/terms",
    summary="Change a feed",
    response_description="The feed.",
    responses=_ANSWERS,
)
async def change_source(
    number: SourceNumber, terms: SourceTerms, feeds: UsedFeeds, access: Contributor
) -> SourceDetail:
    """Changes how a feed is read and when it is harvested; rejected records can then be read again."""
    source = await _own(number, feeds, access)
    return await _detail(feeds, await feeds.save(_with_terms(source, terms)))


@router.put(
    "/sources/{number}/secret",
    status_code=status.HTTP_204_NO_CONTENT,
    summary="Give a feed's secret",
    response_description="It is kept, encrypted.",
    responses=_ANSWERS,
)
async def keep_secret(
    number: SourceNumber, secret: SourceSecret, feeds: UsedFeeds, access: Contributor
) -> Response:
    """Keeps the password, token or header value that the feed asks for; it is never shown again."""
    source = await _own(number, feeds, access)
    await feeds.save_secret(source.id, Credentials.of(secret.kind, secret.name or "", secret.secret))
    return Response(status_code=status.HTTP_204_NO_CONTENT)


@router.put(
    "/sources/{number}/files/{name}",
    status_code=status.HTTP_202_ACCEPTED,
    summary="Upload a file",
    response_description="The file is here whole; it is delivered next.",
    responses=documented(INVALID_PARAMETER, NOT_REGISTERED, UNUSABLE_FILE, UNAVAILABLE),
)
async def upload(
    number: SourceNumber,
    name: Annotated[
        str, Path(max_length=300, description="The file's name with its ending.", examples=["books.mrc"])
    ],
    request: Request,
    feeds: UsedFeeds,
    control: UsedControl,
    access: Contributor,
) -> UploadReceipt:
    """Takes the body as a file: ISO 2709, MARCXML, MARC-in-JSON, Aleph sequential, Libol's exports, CSV or XLSX.

    An upload that was cut off is simply repeated; the same file twice changes nothing.
    """
    source = await _own(number, feeds, access)
    kept = await feeds.upload(source, name, request.stream())
    if source.state is SourceState.ACCEPTED:
        await control.start(source.id, f"upload of {kept.name}")
    return UploadReceipt(source=source.id, name=kept.name, size=kept.size, sha256=kept.sha256)


@router.post(
    "/sources/{number}/runs",
    status_code=status.HTTP_202_ACCEPTED,
    summary="Read records again, or audit a feed",
    response_description="The run waits for a worker, or one was under way already.",
    responses=_ANSWERS,
)
async def start_run(
    number: SourceNumber, wish: RunWish, feeds: UsedFeeds, control: UsedControl, access: Contributor
) -> RunAnswer:
    """Queues a run: `retry` reads the rejected records again and `reread` the stored ones, after a change of profile,
    encoding, columns or placeholders; `audit` compares the identifiers that an OAI-PMH feed lists with what is here.
    """
    source = await _own(number, feeds, access)
    started = await control.start(source.id, f"library {source.isil}", kind=HarvestKind(wish.kind))
    return RunAnswer(source=source.id, kind=wish.kind, state=started.value)


@router.get(
    "/sources/{number}/deletions",
    summary="Deletions that wait",
    response_description="The records that would be deleted.",
    responses=documented(INVALID_PARAMETER, NOT_REGISTERED, UNAVAILABLE),
)
async def show_deletions(number: SourceNumber, feeds: UsedFeeds) -> HeldDeletions:
    """Deletions that were found by comparing, and are so many that a person must decide."""
    held = await feeds.held(SourceId(number))
    run, identifiers = held or (None, [])
    return HeldDeletions(run=run, count=len(identifiers), identifiers=list(identifiers[:_SHOWN]))


@router.post(
    "/sources/{number}/deletions",
    summary="Decide about deletions",
    response_description="What still waits.",
    responses=_ANSWERS,
)
async def decide_deletions(
    number: SourceNumber, decision: HeldDecision, feeds: UsedFeeds, access: Contributor
) -> HeldDeletions:
    """Deletes the records that wait, or lets them stay."""
    source = await _own(number, feeds, access)
    await feeds.decide_deletions(source, delete=decision.delete)
    return await show_deletions(number, feeds)


async def _own(number: int, feeds: Feeds, access: Access) -> HarvestSource:
    """The source, if the key may change it."""
    source = await feeds.get(SourceId(number))
    access.require_library(source.isil)
    return source


async def _detail(feeds: Feeds, source: HarvestSource) -> SourceDetail:
    return SourceDetail(
        **dict(_terms(source)),
        id=source.id,
        isil=source.isil,
        protocol=source.protocol,
        address=source.address,
        metadata_prefix=source.metadata_prefix,
        set_spec=source.set_spec,
        state=source.state,
        has_secret=await feeds.has_secret(source.id),
    )


def _terms(source: HarvestSource) -> SourceTerms:
    rules, terms = source.rules, source.terms
    return SourceTerms(
        profile=rules.profile,
        encoding=rules.encoding,
        columns=[ColumnRole(name=name, role=role) for name, role in rules.columns],
        schedule=terms.schedule,
        overlap=terms.overlap,
        deletions=terms.deletions,
        most_deletions=terms.most_deletions,
        pause=terms.pause,
    )


def _with_terms(source: HarvestSource, stated: SourceTerms) -> HarvestSource:
    columns = tuple((column.name, column.role) for column in stated.columns)
    schedule = check_schedule(stated.schedule) if stated.schedule else None
    rules = replace(source.rules, profile=stated.profile, encoding=stated.encoding, columns=columns)
    terms = HarvestTerms(schedule, stated.overlap, stated.deletions, stated.most_deletions, stated.pause)
    return replace(source, rules=rules, terms=terms)
