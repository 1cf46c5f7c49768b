"""What people see and set of a target of Z39.50 or SRU: its terms, what a probe found out, the proof part by part."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from unioncat.core.errors import InvalidSource
from unioncat.core.identifiers import SourceId
from unioncat.core.registry import HarvestKind
from unioncat.core.target import HarvestPart, TargetTerms
from unioncat.pipeline.unit_of_work import Store, UnitOfWork

_RUNS = 50


@dataclass(frozen=True, slots=True)
class TargetView:
    """A target as people see it. `parts` are those of the newest harvest, `run`, that has any."""

    terms: TargetTerms
    probed: datetime | None
    profile: Mapping[str, Any]
    run: int | None
    parts: Sequence[HarvestPart]


async def show_target(store: Store, source: SourceId) -> TargetView:
    """What is known of a target; raises NotRegistered, InvalidSource."""
    async with store.work() as work:
        await _require_target(work, source)
        known = await work.targets.profile(source)
        run, parts = await _newest_parts(work, source)
        return TargetView(
            await work.targets.terms(source),
            known[0] if known else None,
            json.loads(known[1]) if known else {},
            run,
            parts,
        )


async def change_target(store: Store, source: SourceId, terms: TargetTerms) -> None:
    """Set the terms of a target; another syntax or character set has it probed again.

    Raises NotRegistered, InvalidSource.
    """
    _require_charset(terms.charset)
    async with store.work() as work:
        await _require_target(work, source)
        former = await work.targets.terms(source)
        await work.targets.save_terms(source, terms)
        if (former.syntax, former.charset) != (terms.syntax, terms.charset):
            await work.targets.save_profile(source, None)
        await work.commit()


async def _require_target(work: UnitOfWork, source: SourceId) -> None:
    registered = await work.sources.get(source)
    if not registered.protocol.is_target:
        raise InvalidSource(f"Source {source} is a feed of {registered.protocol}, not a Z39.50 or SRU target")


def _require_charset(name: str) -> None:
    try:
        "Việt".encode(name, "replace")
    except LookupError as error:
        raise InvalidSource(
            f"“{name[:40]}” is no character set; write it as utf-8, or as windows-1258"
        ) from error


async def _newest_parts(work: UnitOfWork, source: SourceId) -> tuple[int | None, Sequence[HarvestPart]]:
    for run in await work.harvests.of(source, _RUNS):
        if run.kind is HarvestKind.HARVEST and (parts := await work.targets.parts(run.id)):
            return run.id, parts
    return None, ()
