"""Merge: the members of a master record become the texts that the store keeps of it.

Pure work on texts, so that it can be done in other processes: what goes in and out is what lies in the store.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from unioncat.core.identifiers import ControlNumber, Isil, mint_master_id
from unioncat.core.index.build_document import build_document
from unioncat.core.index.document import SearchDocument
from unioncat.core.index.document_json import document_to_json
from unioncat.core.merge.compact import merged_to_json
from unioncat.core.merge.correct import apply_corrections
from unioncat.core.merge.correction import Correction
from unioncat.core.merge.holding import Holding
from unioncat.core.merge.master import MergedRecord, SourceRecord
from unioncat.core.merge.merge import merge_records
from unioncat.core.parse.compact import from_compact
from unioncat.pipeline.packing import holdings_from_json, to_json


@dataclass(frozen=True, slots=True)
class MemberContent:
    """What a live source record gives to its master; `marc` and `holdings` are compact JSON, as stored."""

    isil: Isil
    control_number: ControlNumber
    datestamp: str
    rank: int
    marc: str
    holdings: str

    def record(self) -> SourceRecord:
        """The record."""
        marc = from_compact(json.loads(self.marc))
        return SourceRecord(self.isil, self.control_number, marc, self.datestamp, self.rank)

    def held(self) -> tuple[Holding, ...]:
        """Its holdings."""
        return holdings_from_json(json.loads(self.holdings))


@dataclass(frozen=True, slots=True)
class MergeTask:
    """A master to be merged: its serial number, its members, and the corrections that hang on these."""

    serial: int
    members: tuple[MemberContent, ...]
    corrections: tuple[Correction, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class MasterTexts:
    """A merged master as it is stored: the merged record and the search document as JSON."""

    serial: int
    content: str
    document: str
    isbns: tuple[str, ...]
    issns: tuple[str, ...]


Merge = Callable[[Sequence[MergeTask]], Awaitable[list[MasterTexts]]]
"""Merges masters, in this process or in others."""


def corrections_for(
    records: Iterable[int], known: Mapping[int, Sequence[Correction]]
) -> tuple[Correction, ...]:
    """The corrections that hang on these records, each once, by number."""
    found = {one.id: one for record in records for one in known.get(record, ())}
    return tuple(found[number] for number in sorted(found))


def merge_tasks(tasks: Sequence[MergeTask]) -> list[MasterTexts]:
    """Merge masters one after the other."""
    return [_merge(task) for task in tasks]


async def merge_here(tasks: Sequence[MergeTask]) -> list[MasterTexts]:
    """Merge in this process, letting others run in between."""
    done: list[MasterTexts] = []
    for task in tasks:
        done.append(_merge(task))
        if len(done) % 50 == 0:
            await asyncio.sleep(0)
    return done


def merge_master(task: MergeTask) -> tuple[MergedRecord, SearchDocument]:
    """The merged record of a master and its search document, as its first version."""
    merged = merge_records([member.record() for member in task.members])
    if task.corrections:
        merged = apply_corrections(merged, task.corrections).record
    held = [(member.isil, holding) for member in task.members for holding in member.held()]
    return merged, build_document(mint_master_id(task.serial), 1, merged, held)


def _merge(task: MergeTask) -> MasterTexts:
    merged, document = merge_master(task)
    parts = document_to_json(document)
    del parts["version"]  # the row counts it
    return MasterTexts(
        task.serial, to_json(merged_to_json(merged)), to_json(parts), document.isbns, document.issns
    )
