"""Targets of Z39.50: their terms and profiles, which are columns of `harvest_source`, and the parts of runs."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from unioncat.core.errors import NotRegistered
from unioncat.core.identifiers import SourceId
from unioncat.core.target import AskedSyntax, HarvestPart, Hours, TargetTerms
from unioncat.store.schema import harvest_part, harvest_source

_COUNTED = ("live", "deleted", "rejected")


_SEEN = text("""
    SELECT s.identifier FROM seen_record s JOIN harvest h ON h.id = s.harvest_id
    JOIN source_record r ON r.source_id = h.source_id AND r.identifier = s.identifier
    WHERE h.source_id = :source AND NOT r.deleted AND s.identifier NOT LIKE 'sha256:%'
    ORDER BY s.harvest_id DESC LIMIT :limit
""")


class TargetsTables:
    """Implements `Targets`."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def terms(self, source: SourceId) -> TargetTerms:
        """What a person set; raises NotRegistered."""
        query = select(harvest_source.c.target_terms).where(harvest_source.c.id == source)
        row = (await self._connection.execute(query)).one_or_none()
        if row is None:
            raise NotRegistered(f"There is no source {source}; list them with: unioncat source list")
        return _terms(row.target_terms or {})

    async def save_terms(self, source: SourceId, terms: TargetTerms) -> None:
        """Keep what a person set."""
        default = asdict(TargetTerms())
        stated = {name: value for name, value in asdict(terms).items() if value != default[name]}
        await self._change(source, target_terms=stated)

    async def profile(self, source: SourceId) -> tuple[datetime, str] | None:
        """When the target was probed, and what was found out."""
        columns = select(harvest_source.c.probed, harvest_source.c.target_profile)
        row = (await self._connection.execute(columns.where(harvest_source.c.id == source))).one_or_none()
        if row is None or row.target_profile is None:
            return None
        return row.probed, json.dumps(row.target_profile, ensure_ascii=False)

    async def save_profile(self, source: SourceId, profile: str | None) -> None:
        """Keep what a probe found out."""
        if profile is None:
            await self._change(source, target_profile=None)
        else:
            await self._change(source, target_profile=json.loads(profile), probed=func.now())

    async def note_part(self, harvest: int, page: HarvestPart, *, begins: bool) -> None:
        """Add what a page brought to its part, or begin it anew."""
        statement = insert(harvest_part).values(harvest_id=harvest, **asdict(page))
        before = {name: 0 if begins else harvest_part.c[name] for name in _COUNTED}
        changed = {name: former + getattr(page, name) for name, former in before.items()}
        await self._connection.execute(
            statement.on_conflict_do_update(
                index_elements=["harvest_id", "name"], set_={"hits": page.hits, **changed}
            )
        )

    async def parts(self, harvest: int) -> Sequence[HarvestPart]:
        """The parts of a run, by name."""
        query = select(harvest_part).where(harvest_part.c.harvest_id == harvest)
        rows = (await self._connection.execute(query)).all()
        found = [HarvestPart(row.name, row.hits, *(getattr(row, name) for name in _COUNTED)) for row in rows]
        return sorted(found, key=lambda part: part.name)

    async def seen(self, source: SourceId, limit: int) -> Sequence[str]:
        """Some live records that a run has seen; those that have no number of their own do not count."""
        return (await self._connection.scalars(_SEEN, {"source": source, "limit": limit})).all()

    async def _change(self, source: SourceId, **values: Any) -> None:
        await self._connection.execute(
            update(harvest_source).where(harvest_source.c.id == source).values(**values)
        )


def _terms(stated: Mapping[str, Any]) -> TargetTerms:
    known = dict(stated)
    if syntax := known.get("syntax"):
        known["syntax"] = AskedSyntax(syntax)
    if hours := known.get("hours"):
        known["hours"] = Hours(**hours)
    return TargetTerms(**known)
