"""Databases for tests: one private server a session, one migrated template, a copy for each test."""

import itertools
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
from sqlalchemy.engine import make_url

from unioncat.embedded.postgres import database_url
from unioncat.store.database import ensure_database
from unioncat.store.engine import PostgresStore

_numbers = itertools.count()
_TEMPLATE = "migrated"


async def make_template(server: str) -> None:
    """Create and migrate the template; later calls in the same session find it."""
    await ensure_database(server, _TEMPLATE)
    store = PostgresStore(database_url(server, _TEMPLATE))
    await store.migrate()
    await store.close()


@asynccontextmanager
async def fresh_store(server: str) -> AsyncIterator[PostgresStore]:
    """A store on a database of its own."""
    name = f"t{os.getpid()}_{next(_numbers)}"
    await _execute(server, f'CREATE DATABASE "{name}" TEMPLATE "{_TEMPLATE}"')
    store = PostgresStore(database_url(server, name))
    try:
        yield store
    finally:
        await store.close()
        await _execute(server, f'DROP DATABASE "{name}" WITH (FORCE)')


async def _execute(server: str, statement: str) -> None:
    url = make_url(server)
    connection = await asyncpg.connect(
        host=url.query["host"], port=5432, user=url.username, database="postgres"
    )
    try:
        await connection.execute(statement)
    finally:
        await connection.close()
