"""Invitations, registrations and access keys. Tokens and keys come here as hashes only."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import timedelta
from typing import Any

from sqlalchemy import Row, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from unioncat.core.errors import UnknownEntry
from unioncat.core.identifiers import Isil
from unioncat.core.library import Contact
from unioncat.core.membership.admission import RegistrationStatus, Role
from unioncat.core.membership.statement import Statement
from unioncat.pipeline.libraries_port import AccessKey, Invitation, Registration
from unioncat.store.schema_libraries import access_key, library_invitation, library_registration


class AdmissionsTables:
    """Implements `Admissions`."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def invite(self, token_hash: bytes, isil: Isil | None, note: str | None, days: int) -> Invitation:
        """Keep an invitation."""
        statement = insert(library_invitation).values(
            token_hash=token_hash, isil=isil, note=note, expires=func.now() + timedelta(days=days)
        )
        row = (await self._connection.execute(statement.returning(library_invitation))).one()
        return _invitation_of(row)

    async def use(self, token_hash: bytes) -> Invitation | None:
        """Take an invitation, once."""
        table = library_invitation
        valid = (table.c.token_hash == token_hash, table.c.used.is_(None), table.c.expires > func.now())
        statement = update(table).where(*valid).values(used=func.now()).returning(table)
        row = (await self._connection.execute(statement)).one_or_none()
        return _invitation_of(row) if row else None

    async def add(self, invitation: int, isil: Isil, statement: Statement) -> Registration:
        """Keep a registration."""
        values = {"invitation_id": invitation, "isil": isil, "content": asdict(statement)}
        added = insert(library_registration).values(**values).returning(library_registration)
        return _registration_of((await self._connection.execute(added)).one())

    async def take(self, registration: int) -> Registration:
        """A registration, locked until the unit of work ends."""
        table = library_registration
        query = select(table).where(table.c.id == registration).with_for_update()
        row = (await self._connection.execute(query)).one_or_none()
        if row is None:
            raise UnknownEntry(
                f"There is no registration {registration}; they are listed by: unioncat library registrations"
            )
        return _registration_of(row)

    async def decide(self, registration: int, status: RegistrationStatus, reason: str | None) -> None:
        """Approve or refuse a registration."""
        table = library_registration
        values = {"status": status, "reason": reason, "decided": func.now()}
        await self._connection.execute(update(table).where(table.c.id == registration).values(**values))

    async def list(self, status: RegistrationStatus | None) -> Sequence[Registration]:
        """Registrations, the oldest first."""
        query = select(library_registration).order_by(library_registration.c.id)
        if status is not None:
            query = query.where(library_registration.c.status == status)
        return [_registration_of(row) for row in await self._connection.execute(query)]


class KeysTable:
    """Implements `Keys`."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, key_hash: bytes, role: Role, isil: Isil | None, note: str | None) -> AccessKey:
        """Keep a key."""
        statement = insert(access_key).values(key_hash=key_hash, role=role, isil=isil, note=note)
        return _key_of((await self._connection.execute(statement.returning(access_key))).one())

    async def find(self, key_hash: bytes) -> AccessKey | None:
        """The key with this hash, unless it was revoked."""
        query = select(access_key).where(access_key.c.key_hash == key_hash, access_key.c.revoked.is_(None))
        row = (await self._connection.execute(query)).one_or_none()
        return _key_of(row) if row else None

    async def list(self) -> Sequence[AccessKey]:
        """All keys, the oldest first."""
        rows = await self._connection.execute(select(access_key).order_by(access_key.c.id))
        return [_key_of(row) for row in rows]

    async def revoke(self, key: int) -> AccessKey:
        """Make a key useless; the day on which it was first revoked stays."""
        values = {"revoked": func.coalesce(access_key.c.revoked, func.now())}
        statement = update(access_key).where(access_key.c.id == key).values(**values).returning(access_key)
        row = (await self._connection.execute(statement)).one_or_none()
        if row is None:
            raise UnknownEntry(f"There is no key {key}; keys are listed by: unioncat key list")
        return _key_of(row)


def _invitation_of(row: Row[Any]) -> Invitation:
    isil = Isil(row.isil) if row.isil else None
    return Invitation(row.id, isil, row.note, row.created, row.expires, row.used)


def _registration_of(row: Row[Any]) -> Registration:
    return Registration(
        row.id,
        row.invitation_id,
        Isil(row.isil),
        _statement_of(row.content),
        RegistrationStatus(row.status),
        row.reason,
        row.posted,
        row.decided,
    )


def _statement_of(content: Mapping[str, Any]) -> Statement:
    fields, contacts = content["subject_fields"], content["contacts"]
    lists = {
        "subject_fields": None if fields is None else tuple(fields),
        "contacts": None if contacts is None else tuple(Contact(**contact) for contact in contacts),
    }
    return Statement(**{**content, **lists})


def _key_of(row: Row[Any]) -> AccessKey:
    isil = Isil(row.isil) if row.isil else None
    return AccessKey(row.id, Role(row.role), isil, row.note, row.created, row.revoked)
