"""Corrections: a curator says that a field of a master record is wrong, and the libraries' records stay as they are.

1. A correction is signed, and made on a version that was seen: when the record has changed since, it is refused.
2. It hangs on all live records of the master record, follows them through harvests, merges and splits, and sleeps while
   none of them lives.
3. One that would change nothing is refused, and so is one that names a field that is not there.
4. Afterwards the matcher merges these records again.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from unioncat.core.errors import Conflict, InvalidDecision, UnknownEntry
from unioncat.core.identifiers import MasterId, mint_master_id
from unioncat.core.marc import MarcField
from unioncat.core.merge.correct import CorrectionEffect, apply_corrections, check_field, in_the_way
from unioncat.core.merge.correction import Correction, CorrectionAction
from unioncat.core.merge.master import MergedRecord
from unioncat.core.merge.survivorship import text_of
from unioncat.pipeline.corrections_port import CorrectionView, NewCorrection
from unioncat.pipeline.curation_port import Signed
from unioncat.pipeline.merging import MergeTask, corrections_for, merge_master
from unioncat.pipeline.unit_of_work import Store, UnitOfWork

_NOT_YET_NUMBERED = 2**62


@dataclass(frozen=True, slots=True)
class Wish:
    """What a curator wants: `old` is the field that is replaced or removed, `new` the one that is added or takes its place.

    Without `old` all fields of the tag of `new` are replaced, or, with `adds`, one is added.
    """

    old: MarcField | None
    new: MarcField | None
    adds: bool = False


@dataclass(frozen=True, slots=True)
class Effective:
    """A correction and what it does now."""

    view: CorrectionView
    effect: CorrectionEffect


async def correct(
    store: Store, master: MasterId, wish: Wish, signed: Signed, version: int | None = None
) -> int:
    """Keep a correction; returns its number. `version` is the one that was seen (None: whatever there is).

    Raises UnknownEntry, InvalidDecision, Conflict.
    """
    new = _stated(wish)
    async with store.work() as work:
        await work.curation.lock_decisions()
        serial, known = await live_master(work, master)
        if version is not None and version != known:
            raise Conflict(f"{master} is at version {known} now, not {version}: look at it again")
        members = await _members(work, serial)
        merged, corrections = await _merged(work, serial, members)
        trial = Correction(
            _NOT_YET_NUMBERED, new.action, new.tag, new.replaced, new.field, signed.who, signed.why, ""
        )
        standing = apply_corrections(merged, corrections).record
        if wish.adds and (found := in_the_way(standing.fields, new.tag)):
            raise Conflict(f"{master} has field {found[0].field.tag}, and one is all it can have: replace it")
        effect = apply_corrections(merged, [*corrections, trial]).effects[_NOT_YET_NUMBERED]
        if effect is not CorrectionEffect.IN_FORCE:
            said = (
                "has no such field"
                if effect is CorrectionEffect.STALE or wish.new is None
                else "says so already"
            )
            raise Conflict(f"{master} {said}: field {new.tag}; look at it again")
        number = await work.corrections.save(new, members, signed)
        await work.curation.look_again(members)
        await work.commit()
    return number


def _stated(wish: Wish) -> NewCorrection:
    """What is to be kept; raises InvalidDecision."""
    for one in (wish.old, wish.new):
        if one is not None:
            check_field(one)
    if wish.old is not None and wish.new is not None and wish.old.tag != wish.new.tag:
        raise InvalidDecision("A field is replaced by one of the same tag; remove the one and add the other")
    if wish.new is None:
        if wish.old is None:
            raise InvalidDecision("Name the field that is wrong, or the one that is right")
        return NewCorrection(CorrectionAction.REMOVE, wish.old.tag, text_of(wish.old), None)
    if wish.adds:
        return NewCorrection(CorrectionAction.ADD, wish.new.tag, None, wish.new)
    replaced = text_of(wish.old) if wish.old is not None else None
    return NewCorrection(CorrectionAction.REPLACE, wish.new.tag, replaced, wish.new)


async def withdraw_correction(store: Store, number: int, signed: Signed) -> bool:
    """Withdraw a correction; False when it was before. Raises UnknownEntry."""
    async with store.work() as work:
        await work.curation.lock_decisions()
        done = await work.corrections.withdraw(number, signed)
        await work.curation.look_again(await work.corrections.anchors(number))
        await work.commit()
    return done


async def corrections_of(store: Store, master: MasterId) -> list[Effective]:
    """All corrections of a live master record, with what they do now; raises UnknownEntry."""
    async with store.work() as work:
        serial, _ = await live_master(work, master)
        views = await work.corrections.of_masters([serial])
        merged, corrections = await _merged(work, serial, await _members(work, serial))
    effects = apply_corrections(merged, corrections).effects
    return [Effective(view, effects.get(view.correction.id, CorrectionEffect.WITHDRAWN)) for view in views]


async def live_master(work: UnitOfWork, master: MasterId) -> tuple[int, int]:
    """Serial number and version of the live master record of an identifier, also of one that redirects.

    Raises UnknownEntry.
    """
    state = (await work.curation.states([master])).get(master)
    if state is None:
        raise UnknownEntry(f"No record was ever called '{master}'")
    if state.serial is None:
        raise UnknownEntry(f"The last library that had '{master}' has withdrawn its record")
    states = await work.versions.states(mint_master_id(state.serial))
    return state.serial, next(line.version for line in states if line.current)


async def _members(work: UnitOfWork, serial: int) -> Sequence[int]:
    return [member.id for member in (await work.curation.members([serial])).get(serial, ())]


async def _merged(
    work: UnitOfWork, serial: int, members: Sequence[int]
) -> tuple[MergedRecord, tuple[Correction, ...]]:
    """The record as the libraries have it, and its standing corrections."""
    contents = await work.masters.contents(members)
    corrections = corrections_for(members, await work.corrections.of_records(members))
    merged, _ = merge_master(MergeTask(serial, tuple(contents[number] for number in members)))
    return merged, corrections
