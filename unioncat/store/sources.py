"""The feeds of member libraries."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, case, func, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from unioncat.core.delivery import ReadingRules, TextEncoding
from unioncat.core.errors import NotRegistered
from unioncat.core.identifiers import Isil, SourceId
from unioncat.core.registry import (
    NEW_SOURCE,
    Deletions,
    HarvestSource,
    HarvestTerms,
    Protocol,
    SourceState,
)
from unioncat.store.schema import harvest_source

_FEED: list[Any] = ["isil", "protocol", "address", text("coalesce(set_spec, '')")]


def source_of(row: Row[Any]) -> HarvestSource:
    """A source from a row that has its columns."""
    return HarvestSource(
        SourceId(row.id),
        Isil(row.isil),
        Protocol(row.protocol),
        row.address,
        row.metadata_prefix,
        row.set_spec,
        ReadingRules(
            row.profile,
            TextEncoding(row.encoding) if row.encoding else None,
            tuple((name, role) for name, role in _json(row.columns) or ()),
            tuple((one["placed"], one["value"]) for one in _json(row.placeholders) or ()),
        ),
        HarvestTerms(row.schedule, row.overlap, Deletions(row.deletions), row.most_deletions, row.pause),
        SourceState(row.state),
    )


class SourcesTable:
    """Implements `Sources`."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def save(self, source: HarvestSource) -> HarvestSource:
        """Add a feed, or change one."""
        values = _values(source)
        if source.id != NEW_SOURCE:
            statement = update(harvest_source).where(harvest_source.c.id == source.id)
            statement = statement.values(**values, due=_due_after(source))
            row = (await self._connection.execute(statement.returning(harvest_source))).one_or_none()
            return source_of(_known(row, source.id))
        added = insert(harvest_source).values(**values)
        changed = added.on_conflict_do_update(
            index_elements=_FEED, set_={**values, "due": _due_after(source)}
        )
        return source_of((await self._connection.execute(changed.returning(harvest_source))).one())

    async def get(self, source: SourceId) -> HarvestSource:
        """A registered source; raises NotRegistered."""
        return source_of(await self._row(source))

    async def all(self, isil: Isil | None = None) -> Sequence[HarvestSource]:
        """The sources of one library or of all."""
        query = select(harvest_source).order_by(harvest_source.c.isil, harvest_source.c.id)
        if isil is not None:
            query = query.where(harvest_source.c.isil == isil)
        return [source_of(row) for row in await self._connection.execute(query)]

    async def save_secret(self, source: SourceId, encrypted: bytes | None) -> None:
        """Keep the encrypted secret of a source, or none."""
        await self._change(source, secret=encrypted)

    async def secret(self, source: SourceId) -> bytes | None:
        """The encrypted secret of a source."""
        found: bytes | None = (await self._row(source)).secret
        return found

    async def remember(self, source: SourceId, values: Mapping[str, str]) -> None:
        """Keep what a harvester wants to know next time."""
        await self._change(source, remembered=dict(values))

    async def remembered(self, source: SourceId) -> Mapping[str, str]:
        """What was kept with `remember`."""
        return _json((await self._row(source)).remembered) or {}

    async def save_placeholders(self, source: SourceId, accepted: Sequence[Mapping[str, str]]) -> None:
        """Keep the placeholders of a source, each with who accepted it, when and why."""
        await self._change(source, placeholders=[dict(one) for one in accepted] or None)

    async def placeholders(self, source: SourceId) -> Sequence[Mapping[str, str]]:
        """What was kept with `save_placeholders`."""
        return _json((await self._row(source)).placeholders) or []

    async def save_check(self, source: SourceId, report: Mapping[str, Any]) -> None:
        """Keep the report of a preflight with its time."""
        await self._change(source, checked=func.now(), check_report=dict(report))

    async def check_report(self, source: SourceId) -> tuple[datetime, Mapping[str, Any]] | None:
        """The newest preflight."""
        row = await self._row(source)
        return None if row.checked is None else (row.checked, _json(row.check_report))

    async def _row(self, source: SourceId) -> Row[Any]:
        query = select(harvest_source).where(harvest_source.c.id == source)
        return _known((await self._connection.execute(query)).one_or_none(), source)

    async def _change(self, source: SourceId, **values: Any) -> None:
        await self._connection.execute(
            update(harvest_source).where(harvest_source.c.id == source).values(**values)
        )


def _due_after(source: HarvestSource) -> Any:
    """A feed with another schedule than before is planned anew."""
    same = harvest_source.c.schedule.is_not_distinct_from(source.terms.schedule)
    return case((same, harvest_source.c.due), else_=None)


def _known(row: Row[Any] | None, source: SourceId) -> Row[Any]:
    if row is None:
        raise NotRegistered(f"There is no source {source}; list them with: unioncat source list")
    return row


def _values(source: HarvestSource) -> dict[str, Any]:
    rules, terms = source.rules, source.terms
    return {
        "isil": source.isil,
        "protocol": source.protocol,
        "address": source.address,
        "metadata_prefix": source.metadata_prefix,
        "set_spec": source.set_spec,
        "profile": rules.profile,
        "encoding": rules.encoding,
        "columns": [list(pair) for pair in rules.columns] or None,
        "state": source.state,
        "schedule": terms.schedule,
        "overlap": terms.overlap,
        "deletions": terms.deletions,
        "most_deletions": terms.most_deletions,
        "pause": terms.pause,
    }


def _json(value: Any) -> Any:
    """JSON columns come as text from a text query and decoded from a typed one."""
    return json.loads(value) if isinstance(value, str) else value
