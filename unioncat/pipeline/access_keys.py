"""Access keys: who holds the key may write. Keys begin with `uk_`, are shown once, and are kept as SHA-256."""

import secrets
from hashlib import sha256

from unioncat.core.errors import InvalidLibrary
from unioncat.core.identifiers import Isil
from unioncat.core.membership.admission import Role
from unioncat.pipeline.libraries_port import AccessKey
from unioncat.pipeline.unit_of_work import Store, UnitOfWork

_KEY_PREFIX = "uk_"
_TOKEN_PREFIX = "ui_"
_SECRET_BYTES = 32


def new_key() -> str:
    """A new access key; 256 bits of chance, so that a plain hash of it is enough."""
    return _KEY_PREFIX + secrets.token_urlsafe(_SECRET_BYTES)


def new_token() -> str:
    """A new token of an invitation, `ui_…`."""
    return _TOKEN_PREFIX + secrets.token_urlsafe(_SECRET_BYTES)


def hash_of(secret: str) -> bytes:
    """What is kept of a key or token."""
    return sha256(secret.strip().encode()).digest()


async def add_key(
    store: Store, role: Role, isil: Isil | None = None, note: str | None = None
) -> tuple[AccessKey, str]:
    """Make a key; returns it with its secret, which nobody can see again.

    A key of a library needs the ISIL of a registered one, no other has any; a curator's has a note that names the
    person, for it stands under each decision. Raises InvalidLibrary, NotRegistered.
    """
    if (role is Role.LIBRARY) != (isil is not None):
        raise InvalidLibrary("A key of a library needs the library's ISIL, and no other key has one")
    note = (note or "").strip() or None
    if role is Role.CURATOR and note is None:
        raise InvalidLibrary(
            "A key of a curator needs the name of the person as its note: it stands under each decision"
        )
    async with store.work() as work:
        made = await issue_key(work, role, isil, note)
        await work.commit()
    return made


async def issue_key(
    work: UnitOfWork, role: Role, isil: Isil | None, note: str | None
) -> tuple[AccessKey, str]:
    """Make a key within a unit of work."""
    if isil is not None:
        isil = (await work.libraries.get(isil)).library.isil
    secret = new_key()
    return await work.keys.add(hash_of(secret), role, isil, note), secret


async def find_key(store: Store, secret: str) -> AccessKey | None:
    """The key that somebody shows; None when it is unknown or was revoked."""
    if not secret.startswith(_KEY_PREFIX):
        return None
    async with store.work() as work:
        return await work.keys.find(hash_of(secret))


async def revoke_key(store: Store, number: int) -> AccessKey:
    """Make a key useless from now on; raises NotRegistered."""
    async with store.work() as work:
        key = await work.keys.revoke(number)
        await work.commit()
    return key
