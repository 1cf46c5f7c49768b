"""The database itself, on a server of our own."""

import asyncpg
from sqlalchemy.engine import make_url

from unioncat.core.errors import StoreUnavailable


async def ensure_database(server_url: str, name: str) -> None:
    """Create a database on the embedded server when it is not there yet."""
    url = make_url(server_url)
    try:
        connection = await asyncpg.connect(
            host=url.query["host"], port=5432, user=url.username, database="postgres"
        )
    except (OSError, asyncpg.PostgresError) as error:
        raise StoreUnavailable(f"The private PostgreSQL does not answer: {error}") from error
    try:
        if not await connection.fetchval("SELECT true FROM pg_database WHERE datname = $1", name):
            await connection.execute(f'CREATE DATABASE "{name}"')
    except asyncpg.DuplicateDatabaseError:
        pass  # another process was faster
    finally:
        await connection.close()
