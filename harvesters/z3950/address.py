"""The address of a database behind a target: `z3950://host:port/database`, `z3950s://…` over TLS.

1. Without a port it is 210, the one of Z39.50 (IANA). Several databases stand with `+` between them.
2. A user name and password have no place in it: they are the secret of the source.
"""

from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from harvesters.guard import shown
from unioncat.core.errors import InvalidSource

PORT = 210
_SCHEMES = {"z3950": False, "z3950s": True}
_LONGEST = 200


@dataclass(frozen=True, slots=True)
class TargetAddress:
    """Where a database is."""

    host: str
    port: int
    databases: tuple[str, ...]
    tls: bool


def is_target(address: str) -> bool:
    """Whether an address looks like that of a target."""
    return address.partition("://")[0].lower() in _SCHEMES


def read_address(text: str) -> TargetAddress:
    """The address; raises InvalidSource."""
    try:
        parts = urlsplit(text)
        port = parts.port or PORT
    except ValueError as error:
        raise _refused(text, str(error)) from error
    if parts.scheme not in _SCHEMES or not parts.hostname:
        raise _refused(text, "write it as z3950://host:port/database")
    if parts.username is not None or parts.password is not None:
        raise _refused(text, "it has a user name or password in it; give them as the secret of the source")
    names = tuple(unquote(name) for name in parts.path.strip("/").split("+"))
    if not all(names) or any("/" in name or len(name) > _LONGEST for name in names):
        raise _refused(text, "it names no database; write it as z3950://host:port/database")
    if parts.query or parts.fragment:
        raise _refused(text, "nothing stands behind the name of the database")
    return TargetAddress(parts.hostname, port, names, _SCHEMES[parts.scheme])


def _refused(text: str, why: str) -> InvalidSource:
    return InvalidSource(f"{shown(text)} is no address of a Z39.50 database: {why}")
