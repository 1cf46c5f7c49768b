"""Connections for the short questions of readers, of which there are hundreds a second.

1. There is no transaction: each statement sees what is committed when it begins, and two journeys to the server are saved.
2. A statement is planned once for a connection, whatever its values: planning one costs more than answering it.
3. A connection is tried before it is used only when it lay idle. Where the server went away since, the question fails as
   it does while the server is away, and all connections are made anew.
"""

import time
from typing import Any

from sqlalchemy import event
from sqlalchemy.exc import DBAPIError, DisconnectionError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

_CONNECTIONS = 5
_IDLE_SECONDS = 1.0
_USED = "used"


def reading_engine(url: str) -> AsyncEngine:
    """An engine for statements that only read, each for itself."""
    engine = create_async_engine(
        url,
        pool_size=_CONNECTIONS,
        max_overflow=0,
        isolation_level="AUTOCOMMIT",
        connect_args={"server_settings": {"plan_cache_mode": "force_generic_plan"}},
    )
    dialect = engine.dialect

    def try_idle(connection: Any, record: Any, _: Any) -> None:
        if time.monotonic() - record.info.get(_USED, time.monotonic()) < _IDLE_SECONDS:
            return
        try:
            dialect.do_ping(connection)
        except (OSError, DBAPIError, dialect.loaded_dbapi.Error) as error:
            raise DisconnectionError from error

    def note_use(_: Any, record: Any) -> None:
        record.info[_USED] = time.monotonic()

    event.listen(engine.sync_engine, "checkout", try_idle)
    event.listen(engine.sync_engine, "checkin", note_use)
    return engine
