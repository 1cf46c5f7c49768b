"""Who may write: access keys (`Authorization: Bearer uk_…`, RFC 6750) and what they open.

Say in a function's parameters who may call it: `access: Operator`, `access: Curator` (and then `access.holder` did it), or
`access: Contributor` and then `access.require_library(isil)`. The OpenAPI document gets the security scheme and the answers 401 and 403 from that.
"""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from api.problems import FORBIDDEN, UNAUTHORISED, ApiProblem
from api.state import UsedServices
from unioncat.core.identifiers import Isil
from unioncat.core.membership.admission import Role
from unioncat.pipeline.access_keys import find_key
from unioncat.pipeline.libraries_port import AccessKey

_SCHEME = HTTPBearer(
    scheme_name="AccessKey",
    bearerFormat="uk_…",
    description="An access key of the operator, of a curator or of a library; made with `unioncat key add`.",
    auto_error=False,
)


@dataclass(frozen=True, slots=True)
class Access:
    """What the key of a request opens."""

    key: AccessKey

    @property
    def is_operator(self) -> bool:
        """Whether it is the operator's."""
        return self.key.role is Role.OPERATOR

    @property
    def holder(self) -> str:
        """Who acts, as it stands under decisions."""
        return self.key.holder

    def require_library(self, isil: Isil) -> None:
        """The operator may act for every library, a library for itself; raises ApiProblem (403)."""
        if not self.is_operator and (self.key.isil or "").lower() != isil.lower():
            raise ApiProblem(FORBIDDEN, f"Your key is the one of {self.holder} and does not open {isil}")


async def contributor(
    services: UsedServices, credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_SCHEME)]
) -> Access:
    """Whoever has a key; raises ApiProblem (401)."""
    if credentials is None:
        raise ApiProblem(UNAUTHORISED, "Send your access key in the header Authorization: Bearer uk_…")
    key = await find_key(services.store, credentials.credentials)
    if key is None:
        raise ApiProblem(
            UNAUTHORISED, "The access key is unknown or was revoked; ask the operator for another"
        )
    return Access(key)


Contributor = Annotated[Access, Depends(contributor)]
"""Whoever has a key: the operator, a curator, a library."""


async def operator(access: Contributor) -> Access:
    """The operator only; raises ApiProblem (401, 403)."""
    if not access.is_operator:
        raise ApiProblem(FORBIDDEN, f"This is for the operator; your key is the one of {access.holder}")
    return access


Operator = Annotated[Access, Depends(operator)]
"""The operator."""


async def curator(access: Contributor) -> Access:
    """A curator or the operator; raises ApiProblem (401, 403)."""
    if access.key.role not in (Role.CURATOR, Role.OPERATOR):
        raise ApiProblem(FORBIDDEN, f"This is for curators; your key is the one of {access.holder}")
    return access


Curator = Annotated[Access, Depends(curator)]
"""A curator or the operator."""
