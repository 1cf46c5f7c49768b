from unioncat.store.engine import PostgresStore
from unioncat.store.migrations import differences, is_current


async def test_the_migrated_database_is_the_one_the_tables_describe(store: PostgresStore) -> None:
    async with store.connect() as connection:
        assert await is_current(connection)
        assert await differences(connection) == []


async def test_migrating_again_changes_nothing(store: PostgresStore) -> None:
    await store.migrate()
    async with store.connect() as connection:
        assert await is_current(connection)
