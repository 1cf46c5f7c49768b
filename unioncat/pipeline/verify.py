"""Verify: check the laws on the whole store and say what was counted."""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from unioncat.core.identifiers import mint_master_id
from unioncat.core.merge.correct import is_correction
from unioncat.core.merge.correction import Correction
from unioncat.pipeline.audit import StoredMaster
from unioncat.pipeline.index_doubts import compare_index
from unioncat.pipeline.merging import MemberContent, MergeTask, corrections_for, merge_master
from unioncat.pipeline.ports import SearchIndex
from unioncat.pipeline.unit_of_work import Store

_PAGE = 1_000
_SHOWN = 10


@dataclass(frozen=True, slots=True)
class Finding:
    """One check of one law: what was counted, and the first things that break it."""

    law: int
    checked: str
    count: int
    broken: tuple[str, ...] = ()


async def verify_store(
    store: Store, search: SearchIndex, progress: Callable[[str], None] = lambda what: None
) -> list[Finding]:
    """Check laws 1, 3, 4 and 5. Nothing is changed."""
    progress("delivered records")
    findings = await _nothing_lost(store)
    progress("master records")
    findings += await _masters(store)
    progress("search index")
    return [*findings, *await _index(store, search)]


async def _nothing_lost(store: Store) -> list[Finding]:
    async with store.work() as work:
        counts = await work.audit.counts()
        unbalanced = await work.audit.unbalanced_harvests()
        stored = await work.audit.created_and_stored()
        homeless = await work.audit.homeless_records()
        read = 0
        damaged: list[int] = []
        after = 0
        while page := await work.audit.damaged_records(after, _PAGE):
            bad, after, number = page
            damaged += bad
            read += number
    return [
        _finding(1, "harvests whose counts add up", counts["harvests"], [f"harvest {h}" for h in unbalanced]),
        _finding(
            1,
            "records that harvests created and the store has",
            sum(have for _, _, have in stored.values()),
            [
                f"source {source}: created {created}, stored {have}"
                for source, (created, deleted, have) in stored.items()
                # A deletion of a record that was never seen is kept as well.
                if not created <= have <= created + deleted
            ],
        ),
        _finding(1, "records whose bytes are whole", read, [f"source record {r}" for r in damaged]),
        _finding(
            1, "records that wait for a person before they are matched", counts["waiting_for_a_person"], []
        ),
        _finding(
            1,
            "live records with a master record",
            counts["live_records"],
            [f"source record {r}" for r in homeless],
        ),
    ]


async def _masters(store: Store) -> list[Finding]:
    live, claimed, ends = 0, 0, 0
    differing: list[str] = []
    strangers: list[str] = []
    lost: list[str] = []
    status: dict[int, str] = {}
    targets: dict[int, int] = {}
    async for page, contents, corrections in _pages(store):
        for master in page:
            status[master.serial] = master.status
            if master.redirect_to is not None:
                targets[master.serial] = master.redirect_to
            if master.master_id != mint_master_id(master.serial) or (master.status == "live") != bool(
                master.members
            ):
                lost.append(master.master_id)
            ends += 1
            if master.content is None or not master.members:
                continue
            live += 1
            claimed += len(master.content.fields)
            given = [contents[number] for number in sorted(master.members)]
            if not master.waits and not _is_merge_of(
                master, given, corrections_for(master.members, corrections)
            ):
                differing.append(master.master_id)
            if not _is_stated_by(master, given):
                strangers.append(master.master_id)
    lost += [
        f"serial {old}" for old, new in targets.items() if status.get(new) == "redirect" or new not in status
    ]
    return [
        _finding(3, "fields whose every contributor is a live member", claimed, strangers),
        _finding(3, "master records equal to the merge of their members", live, differing),
        _finding(4, "identifiers that are live, redirect to a live one, or are tombstones", ends, lost),
    ]


async def _pages(
    store: Store,
) -> AsyncIterator[
    tuple[list[StoredMaster], Mapping[int, MemberContent], Mapping[int, Sequence[Correction]]]
]:
    after = 0
    async with store.work() as work:
        while page := list(await work.audit.masters(after, _PAGE)):
            after = page[-1].serial
            members = [n for master in page for n in master.members]
            corrections = await work.corrections.of_records(members)
            yield page, await work.masters.contents(members), corrections


def _is_merge_of(
    master: StoredMaster, given: list[MemberContent], corrections: tuple[Correction, ...]
) -> bool:
    ordered = tuple(sorted(given, key=lambda content: (content.isil, content.control_number)))
    merged, document = merge_master(MergeTask(master.serial, ordered, corrections))
    return merged == master.content and document == replace(master.document or document, version=1)


def _is_stated_by(master: StoredMaster, given: list[MemberContent]) -> bool:
    members = {(content.isil, content.control_number) for content in given}
    fields = master.content.fields if master.content else ()
    return all(
        is_correction(field.provenance)
        or (
            field.provenance.contributors
            and all((c.isil, c.control_number) in members for c in field.provenance.contributors)
        )
        for field in fields
    )


async def _index(store: Store, search: SearchIndex) -> list[Finding]:
    async with store.work() as work:
        last = await work.changes.last()
    position = await search.position()
    behind = [f"the index is at change {position}, the store at {last}"] if position != last else []
    found = await compare_index(store, search)
    differing: list[str] = [document.master_id for document in found.differing]
    differing += [f"{master_id} is in the index only" for master_id in found.strays]
    return [
        _finding(5, "changes that the index has seen", position, behind),
        _finding(5, "documents equal in store and index", await search.count(), differing),
    ]


def _finding(law: int, checked: str, count: int, broken: list[str]) -> Finding:
    more = [f"… and {len(broken) - _SHOWN} more"] if len(broken) > _SHOWN else []
    return Finding(law, checked, count, (*broken[:_SHOWN], *more))
