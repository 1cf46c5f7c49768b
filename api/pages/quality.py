"""A feed and the quality of its records, for its library."""

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.pages.language import choose_language
from api.pages.page import render
from api.state import UsedLibraries, library_of
from api.v1.quality import SourceNumber, UsedDesk
from unioncat.core.identifiers import SourceId
from unioncat.core.quality.sentences import sentences_of

router = APIRouter()

_FAULTS = 12
_REASONS = 8
_TREND = 8


@router.api_route("/sources/{source_id}", methods=["GET", "HEAD"])
async def source_page(
    request: Request, source_id: SourceNumber, desk: UsedDesk, libraries: UsedLibraries
) -> Response:
    """How complete and how good a feed is, and what its library should mend first."""
    language = choose_language(request)
    report = await desk.report(SourceId(source_id), language)
    checked = await desk.last_check(SourceId(source_id))
    return render(
        request,
        "quality.html",
        source=await desk.source(SourceId(source_id)),
        library=library_of(await libraries.all(), report.isil),
        report=report,
        faults=report.faults[:_FAULTS],
        trend=report.trend[-_TREND:],
        checked=checked and checked[0],
        verdict=checked and checked[1].get("verdict"),
        reasons=_reasons(checked[1], language) if checked else [],
        name_of=lambda kind: sentences_of(kind, language).title,
    )


def _reasons(check: Mapping[str, Any], language: str) -> list[str]:
    """The reasons of a check that was kept, in a language."""
    return [reason[language] for reason in check.get("reasons", ())[:_REASONS]]
