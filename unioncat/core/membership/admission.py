"""How a library stands on its way to membership, and what an access key opens."""

from enum import StrEnum


class RegistrationStatus(StrEnum):
    """How a registration stands. The value is kept in the store: never change it."""

    PENDING = "pending"
    APPROVED = "approved"
    REFUSED = "refused"


class Role(StrEnum):
    """What a key opens: the operator's everything, a curator's the work on records, a library its own.

    The value is kept in the store.
    """

    OPERATOR = "operator"
    CURATOR = "curator"
    LIBRARY = "library"
