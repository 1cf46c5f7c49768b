"""How a library becomes a member: invitation, registration, approval.

1. The operator invites; the token is shown once and expires. An invitation may be for one library (ISIL).
2. With the token a library registers itself, once. Without an ISIL in the invitation it may state one that is not
   registered yet, or gets a provisional code; it can never take the place of a registered library.
3. The operator approves or refuses with a reason. On approval the library becomes active and gets its access key, which
   is shown once. Rank and the confirmation of an ISIL are the operator's, never a library's own.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from unioncat.core.errors import Conflict, InvalidLibrary, UnknownEntry
from unioncat.core.identifiers import Isil
from unioncat.core.library import LibraryStatus, MemberLibrary
from unioncat.core.membership.admission import RegistrationStatus, Role
from unioncat.core.membership.duplicates import DuplicateGroup
from unioncat.core.membership.provisional import PREFIX, mint_provisional
from unioncat.core.membership.statement import Statement, apply_statement
from unioncat.pipeline.access_keys import hash_of, issue_key, new_token
from unioncat.pipeline.libraries import duplicates_among_registered
from unioncat.pipeline.libraries_port import Invitation, Registration
from unioncat.pipeline.unit_of_work import Store, UnitOfWork

INVITATION_DAYS = 30


@dataclass(frozen=True, slots=True)
class RegistrationView:
    """A registration as the operator sees it: the library it would be, and which ones it may be a duplicate of."""

    registration: Registration
    library: MemberLibrary
    duplicates: Sequence[DuplicateGroup]


async def invite(
    store: Store, isil: Isil | None = None, note: str | None = None, days: int = INVITATION_DAYS
) -> tuple[Invitation, str]:
    """Invite a library; returns the invitation and its token, which nobody can see again. Raises Conflict."""
    if not 1 <= days <= 365:
        raise InvalidLibrary(f"An invitation lasts from 1 to 365 days, not {days}")
    token = new_token()
    async with store.work() as work:
        known = await _known(work, isil) if isil else None
        if known is not None:
            await _move(work, known, LibraryStatus.INVITED)
        stated = known.isil if known else isil
        invitation = await work.admissions.invite(hash_of(token), stated, note, days)
        await work.commit()
    return invitation, token


async def register(store: Store, token: str, isil: Isil | None, said: Statement) -> Registration:
    """A library registers itself; raises UnknownEntry for a token that is not valid, Conflict, InvalidLibrary."""
    said = replace(said, rank=None, confirmed=None)
    async with store.work() as work:
        invitation = await work.admissions.use(hash_of(token))
        if invitation is None:
            raise UnknownEntry(
                "The invitation is unknown, was used already, or has expired; ask the operator for another"
            )
        library = await _candidate(work, invitation.isil, isil, said)
        registration = await work.admissions.add(invitation.id, library.isil, said)
        if known := await _known(work, library.isil):
            await _move(work, known, LibraryStatus.PENDING)
        await work.commit()
    return registration


async def list_registrations(
    store: Store, status: RegistrationStatus | None = RegistrationStatus.PENDING
) -> Sequence[RegistrationView]:
    """Registrations with their possible duplicates, the oldest first."""
    async with store.work() as work:
        return [await _view(work, one) for one in await work.admissions.list(status)]


async def approve(store: Store, number: int) -> tuple[MemberLibrary, str]:
    """Make the library of a registration active; returns it and its access key. Raises UnknownEntry, Conflict."""
    async with store.work() as work:
        registration = await _pending(work, number)
        known = await _known(work, registration.isil)
        base = known or MemberLibrary(registration.isil, "")
        library = replace(apply_statement(base, registration.statement), status=LibraryStatus.ACTIVE)
        await work.libraries.save([library])
        await work.admissions.decide(number, RegistrationStatus.APPROVED, None)
        _, secret = await issue_key(work, Role.LIBRARY, library.isil, f"registration {number}")
        await work.commit()
    return library, secret


async def refuse(store: Store, number: int, reason: str) -> Registration:
    """Refuse a registration; raises UnknownEntry, Conflict, InvalidLibrary when no reason is given."""
    if not reason.strip():
        raise InvalidLibrary("Say why the registration is refused; the library will ask")
    async with store.work() as work:
        registration = await _pending(work, number)
        await work.admissions.decide(number, RegistrationStatus.REFUSED, reason.strip())
        if known := await _known(work, registration.isil):
            await _move(work, known, LibraryStatus.LISTED)
        await work.commit()
    return registration


async def _candidate(
    work: UnitOfWork, invited: Isil | None, stated: Isil | None, said: Statement
) -> MemberLibrary:
    """The library that registers, with its code (rule 2)."""
    if invited and stated and invited.lower() != stated.lower():
        raise Conflict(f"The invitation is for {invited}, not for {stated}")
    isil = invited or stated
    known = await _known(work, isil) if isil else None
    library = apply_statement(known or MemberLibrary(isil or Isil(PREFIX), ""), said)
    if not library.name:
        raise InvalidLibrary("A registration needs the name of the library")
    if isil is None:
        library = replace(library, isil=mint_provisional(library))
        known = await _known(work, library.isil)
    pending = await work.admissions.list(RegistrationStatus.PENDING)
    if any(one.isil.lower() == library.isil.lower() for one in pending):
        raise Conflict(f"A registration of {library.isil} waits for a decision already")
    if known and not invited:
        raise Conflict(
            f"{known.isil} is registered already: {known.name}; ask for an invitation for this library"
        )
    return library


async def _view(work: UnitOfWork, registration: Registration) -> RegistrationView:
    base = await _known(work, registration.isil) or MemberLibrary(registration.isil, "")
    library = apply_statement(base, registration.statement)
    return RegistrationView(registration, library, await duplicates_among_registered(work, library))


async def _pending(work: UnitOfWork, number: int) -> Registration:
    registration = await work.admissions.take(number)
    if registration.status is not RegistrationStatus.PENDING:
        raise Conflict(f"Registration {number} of {registration.isil} was {registration.status} already")
    return registration


async def _known(work: UnitOfWork, isil: Isil) -> MemberLibrary | None:
    return (await work.libraries.known([isil])).get(isil.lower())


async def _move(work: UnitOfWork, library: MemberLibrary, status: LibraryStatus) -> None:
    """A library that already contributes stays active while it is asked to state itself anew."""
    if library.status is LibraryStatus.CLOSED:
        raise Conflict(f"{library.isil} is closed and cannot become a member")
    if library.status is not LibraryStatus.ACTIVE:
        await work.libraries.save([replace(library, status=status)])
