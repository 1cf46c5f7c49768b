"""When the database is to blame: its failures as `StoreUnavailable`, in a sentence."""

from collections.abc import Iterator
from contextlib import contextmanager

import asyncpg
from sqlalchemy.exc import DBAPIError

from unioncat.core.errors import StoreUnavailable

_BROKEN = (asyncpg.PostgresConnectionError, asyncpg.InterfaceError, asyncpg.InternalClientError, OSError)
"""The last but one: the connection broke while something else was under way on it."""
_NOT_OUR_FAULT = {"53", "57", "3D", "28"}
"""SQLSTATE classes: no disk, memory or connections; shut down; no such database; login."""


def is_resource_error(error: DBAPIError) -> bool:
    """Whether the server could not do what was asked, whatever it was."""
    return _class_of(error.orig) in _NOT_OUR_FAULT


def unavailable(error: Exception) -> StoreUnavailable:
    """The failure in a sentence."""
    cause = getattr(error, "orig", None) or error
    return StoreUnavailable(
        f"The database does not answer ({str(cause).splitlines()[0] if str(cause) else type(cause).__name__}); "
        "check UNIONCAT_DATABASE_URL and that the server runs and has room on its disk"
    )


@contextmanager
def failures_of_driver() -> Iterator[None]:
    """What is asked of asyncpg itself, past SQLAlchemy, fails as StoreUnavailable too."""
    try:
        yield
    except _BROKEN as error:
        raise unavailable(error) from error
    except asyncpg.PostgresError as error:
        if _class_of(error) in _NOT_OUR_FAULT:
            raise unavailable(error) from error
        raise


def _class_of(error: BaseException | None) -> str:
    return str(getattr(error, "sqlstate", None) or "")[:2]
