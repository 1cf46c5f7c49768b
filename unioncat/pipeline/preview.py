"""What would become of master records that are merged or split: nothing is written.

1. The records that would come are merged as the matcher would, corrections included, and compared with those of today.
2. Identifiers are handed on by the rule of succession.
3. What speaks against a merge is told: vetoes of the matcher between records of two of the masters (a person may
   overrule these), and standing decisions `different` (these are withdrawn first).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from unioncat.core.errors import InvalidDecision, UnknownEntry
from unioncat.core.identifiers import ControlNumber, Isil, MasterId, mint_master_id
from unioncat.core.index.document import SearchDocument
from unioncat.core.match.decide import decide
from unioncat.core.match.evidence import Evidence, Verdict
from unioncat.core.match.policy import Policy, policy_named
from unioncat.core.match.wording import written_names
from unioncat.core.merge.difference import Difference, difference
from unioncat.core.merge.master import MergedRecord
from unioncat.core.merge.succession import succeed
from unioncat.pipeline.corrections import live_master
from unioncat.pipeline.curation_sides import standing_around
from unioncat.pipeline.merging import MergeTask, corrections_for, merge_master
from unioncat.pipeline.unit_of_work import Member, Store, UnitOfWork

_LOOKED_AT = 30
"""Descriptions of each master that are compared for vetoes."""
_TOLD = 20


@dataclass(frozen=True, slots=True)
class Hindrance:
    """What speaks against a merge: a veto of the matcher between two records, or a standing decision."""

    left: tuple[Isil, ControlNumber] | None
    right: tuple[Isil, ControlNumber] | None
    veto: Evidence | None = None
    decision: int | None = None


@dataclass(frozen=True, slots=True)
class Outlook:
    """A master record that would be there: its identifier (None: a new one), content, members, and what changes.

    `changes` compares it with the record of that identifier today; `takes_over` are identifiers that would lead to it.
    """

    master: MasterId | None
    record: MergedRecord
    document: SearchDocument
    members: tuple[tuple[Isil, ControlNumber], ...]
    copies: int
    changes: Difference | None
    takes_over: tuple[MasterId, ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """What would come, and what speaks against it."""

    records: tuple[Outlook, ...]
    hindrances: tuple[Hindrance, ...] = ()
    written: Mapping[str, str] = field(default_factory=dict)
    """How the records of the hindrances write the names in these."""


async def preview_merge(store: Store, masters: Sequence[MasterId]) -> Preview:
    """What would come of merging these master records; raises UnknownEntry, InvalidDecision."""
    async with store.work() as work:
        serials = list(dict.fromkeys([(await live_master(work, one))[0] for one in masters]))
        if len(serials) < 2:
            raise InvalidDecision("Name two master records at least to merge them")
        members = await _members(work, serials)
        together = [member for group in members.values() for member in group]
        outlooks = await _outlooks(work, [together], members)
        policy = policy_named(await work.matching.policy())
        hindrances = [*await _vetoes(work, members, policy), *await _decisions(work, serials)][:_TOLD]
        named = {name for one in hindrances for name in (one.left, one.right)}
        written = await _written(work, [member for member in together if _name(member) in named])
    return Preview(outlooks, tuple(hindrances), written)


async def preview_split(
    store: Store, master: MasterId, leave: Sequence[tuple[Isil, ControlNumber]]
) -> Preview:
    """What would come of it if these records left; raises UnknownEntry, InvalidDecision."""
    async with store.work() as work:
        serial, _ = await live_master(work, master)
        members = await _members(work, [serial])
        wanted = {(isil.lower(), number) for isil, number in leave}
        known = {(member.isil.lower(), member.control_number) for member in members[serial]}
        if unknown := sorted(wanted - known):
            raise UnknownEntry(f"{master} has no record {unknown[0][1]} of {unknown[0][0].upper()}")
        leaving = [m for m in members[serial] if (m.isil.lower(), m.control_number) in wanted]
        staying = [m for m in members[serial] if m not in leaving]
        if not leaving or not staying:
            raise InvalidDecision(f"Name some of the records of {master}, but not all, that leave it")
        return Preview(await _outlooks(work, [staying, leaving], members))


async def _members(work: UnitOfWork, serials: Sequence[int]) -> Mapping[int, Sequence[Member]]:
    named = await work.curation.members(serials)
    numbers = {serial: [one.id for one in named.get(serial, ())] for serial in serials}
    found = await work.masters.members((), [number for own in numbers.values() for number in own])
    by_number = {member.id: member for member in found}
    return {serial: sorted((by_number[n] for n in own), key=_key) for serial, own in numbers.items()}


async def _outlooks(
    work: UnitOfWork, groups: Sequence[Sequence[Member]], today: Mapping[int, Sequence[Member]]
) -> tuple[Outlook, ...]:
    former = {_key(member): serial for serial, own in today.items() for member in own}
    clusters = [frozenset(map(_key, group)) for group in groups]
    succession = succeed(clusters, former)
    numbers = [member.id for group in groups for member in group]
    contents = await work.masters.contents(numbers)
    corrections = await work.corrections.of_records(numbers)
    found = []
    for index, group in enumerate(groups):
        kept = succession.kept[index]
        ids = [member.id for member in sorted(group, key=_key)]
        task = MergeTask(kept or 0, tuple(contents[n] for n in ids), corrections_for(ids, corrections))
        record, document = merge_master(task)
        master = None if kept is None else mint_master_id(kept)
        now = await _today(work, master)
        taken = [mint_master_id(old) for old, to in succession.redirects.items() if to == index]
        members = tuple((member.isil, member.control_number) for member in sorted(group, key=_key))
        changes = None if now is None else difference(now, record)
        copies = sum(holding.copies for member in task.members for holding in member.held())
        found.append(Outlook(master, record, document, members, copies, changes, tuple(taken)))
    return tuple(found)


async def _today(work: UnitOfWork, master: MasterId | None) -> MergedRecord | None:
    if master is None:
        return None
    states = await work.versions.states(master)
    return await work.versions.content(master, states[0].version) if states else None


async def _vetoes(
    work: UnitOfWork, members: Mapping[int, Sequence[Member]], policy: Policy
) -> list[Hindrance]:
    """Vetoes between the descriptions of two masters, each with a record of either side."""
    shown = {
        serial: dict(reversed([(m.description_id, m) for m in own if m.description_id is not None]))
        for serial, own in members.items()
    }
    numbers = {number for own in shown.values() for number in sorted(own)[:_LOOKED_AT]}
    loaded = await work.matching.load(numbers)

    def told() -> Iterator[Hindrance]:
        for one, other in combinations(sorted(shown), 2):
            for left in sorted(shown[one])[:_LOOKED_AT]:
                for right in sorted(shown[other])[:_LOOKED_AT]:
                    decision = decide(loaded[left].description, loaded[right].description, policy)
                    for evidence in decision.evidence:
                        if evidence.verdict is Verdict.VETO:
                            yield Hindrance(
                                _name(shown[one][left]), _name(shown[other][right]), veto=evidence
                            )

    return list(dict.fromkeys(told()))


async def _written(work: UnitOfWork, members: Sequence[Member]) -> Mapping[str, str]:
    contents = await work.masters.contents([member.id for member in members])
    return written_names(*(contents[member.id].record().marc for member in members))


async def _decisions(work: UnitOfWork, serials: Sequence[int]) -> list[Hindrance]:
    standing = await standing_around(work, serials)
    against = {said.id for one, other in combinations(serials, 2) if (said := standing.part(one, other))}
    return [Hindrance(None, None, decision=number) for number in sorted(against)]


def _key(member: Member) -> tuple[str, str, int]:
    return (member.isil, member.control_number, member.id)


def _name(member: Member) -> tuple[Isil, ControlNumber]:
    return (member.isil, member.control_number)
