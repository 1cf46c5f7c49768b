"""Bring a database to the schema of this version, by alembic only."""

from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import AsyncConnection

from unioncat.core.errors import StoreUnavailable
from unioncat.store.schema_curation import metadata

_INSTALLED = Path(__file__).parent / "alembic"
_CHECKOUT = Path(__file__).parents[2] / "alembic"
_MIGRATION_LOCK = 0x756E696F6E


def alembic_config(connection: Connection) -> Config:
    """The alembic configuration for one connection; the scripts are installed with the package."""
    config = Config()
    config.set_main_option("script_location", str(_INSTALLED if _INSTALLED.exists() else _CHECKOUT))
    config.attributes["connection"] = connection
    return config


async def migrate(connection: AsyncConnection) -> None:
    """Apply all missing migrations; several processes may try at once.

    Raises StoreUnavailable when the database was migrated by a newer unioncat.
    """
    await connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _MIGRATION_LOCK})
    try:
        await connection.run_sync(lambda sync: command.upgrade(alembic_config(sync), "head"))
    except CommandError as error:
        raise StoreUnavailable(
            f"The database cannot be migrated: {error}. It was probably used by a newer unioncat; install that."
        ) from error


async def is_current(connection: AsyncConnection) -> bool:
    """Whether the newest migration is applied."""

    def compare(sync: Connection) -> bool:
        head = ScriptDirectory.from_config(alembic_config(sync)).get_current_head()
        return MigrationContext.configure(sync).get_current_revision() == head

    return await connection.run_sync(compare)


async def differences(connection: AsyncConnection) -> list[object]:
    """Where the migrated database and `schema.py` disagree; empty when all is well."""

    def compare(sync: Connection) -> list[object]:
        return list(compare_metadata(MigrationContext.configure(sync), metadata))

    return await connection.run_sync(compare)
