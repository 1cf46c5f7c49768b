"""What opens a feed: a user with a password, a bearer token, or a header of its own. Never shown."""

import json
import re
from base64 import b64encode
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from unioncat.core.errors import InvalidSource, UnioncatError

_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")  # RFC 9110, 5.6.2
_VISIBLE = re.compile(r"[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?")
_OURS = frozenset(
    [
        "accept-encoding",
        "connection",
        "content-length",
        "host",
        "if-range",
        "range",
        "te",
        "transfer-encoding",
        "upgrade",
    ]
)


class CredentialKind(StrEnum):
    """How a feed is opened."""

    BASIC = "basic"
    BEARER = "bearer"
    HEADER = "header"


@dataclass(frozen=True, slots=True, repr=False)
class Credentials:
    """A secret that is sent as a header. `name` is the user or the header; made by `basic`, `bearer`, `header`."""

    kind: CredentialKind
    name: str
    secret: str

    def __repr__(self) -> str:
        return f"<Credentials {self.kind}>"

    @property
    def as_header(self) -> tuple[str, str]:
        """Name and value of the header (RFC 7617, RFC 6750)."""
        if self.kind is CredentialKind.BASIC:
            return "Authorization", f"Basic {b64encode(f'{self.name}:{self.secret}'.encode()).decode()}"
        if self.kind is CredentialKind.BEARER:
            return "Authorization", f"Bearer {self.secret}"
        return self.name, self.secret

    @classmethod
    def of(cls, kind: str, name: str, secret: str) -> Self:
        """Credentials of this kind; raises UnioncatError, which never shows the secret."""
        match kind:
            case CredentialKind.BASIC:
                _check(bool(name) and ":" not in name, "A user name is not empty and has no colon (RFC 7617)")
                _check("\n" not in name + secret, "A user name or password has no line break")
            case CredentialKind.BEARER:
                _check(bool(_VISIBLE.fullmatch(secret)), "A bearer token has only visible ASCII characters")
            case CredentialKind.HEADER:
                _check(
                    bool(_TOKEN.fullmatch(name)) and name.lower() not in _OURS,
                    f"“{name[:40]}” is no name of a header that can be sent; write one such as X-Api-Key",
                )
                _check(
                    bool(_VISIBLE.fullmatch(secret)),
                    "The value of a header has only visible ASCII characters",
                )
            case _:
                raise InvalidSource(f"“{kind[:40]}” is no kind of secret; there are basic, bearer and header")
        return cls(CredentialKind(kind), name, secret)


def basic(user: str, password: str) -> Credentials:
    """A user with a password; raises UnioncatError."""
    return Credentials.of(CredentialKind.BASIC, user, password)


def bearer(token: str) -> Credentials:
    """A bearer token; raises UnioncatError."""
    return Credentials.of(CredentialKind.BEARER, "", token)


def header(name: str, value: str) -> Credentials:
    """A header of the feed's own; raises UnioncatError."""
    return Credentials.of(CredentialKind.HEADER, name, value)


def credentials_to_json(credentials: Credentials) -> str:
    """For keeping, encrypted."""
    return json.dumps({"kind": credentials.kind, "name": credentials.name, "secret": credentials.secret})


def credentials_from_json(text: str | bytes) -> Credentials:
    """What `credentials_to_json` wrote; raises UnioncatError."""
    try:
        kept = json.loads(text)
        return Credentials.of(str(kept["kind"]), str(kept["name"]), str(kept["secret"]))
    except (ValueError, KeyError, TypeError):
        raise UnioncatError(
            "The secret of this source cannot be read; give it again with: unioncat source secret ID"
        ) from None


def _check(is_good: bool, sentence: str) -> None:
    if not is_good:
        raise InvalidSource(sentence)
