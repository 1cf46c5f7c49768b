from alembic import command
from sqlalchemy import text

from unioncat.core.identifiers import Isil
from unioncat.core.membership.names import query_words
from unioncat.embedded.postgres import database_url
from unioncat.pipeline.libraries_port import LibraryQuery
from unioncat.store.database import ensure_database
from unioncat.store.engine import PostgresStore
from unioncat.store.migrations import alembic_config


async def test_the_libraries_of_the_first_version_are_found_after_the_migration(postgres_server: str) -> None:
    await ensure_database(postgres_server, "first_version")
    store = PostgresStore(database_url(postgres_server, "first_version"))
    try:
        async with store.connect() as connection:
            await connection.run_sync(lambda sync: command.upgrade(alembic_config(sync), "0001"))
            rows = (
                "('VN-A', 'Thư viện tỉnh', 'Bắc Giang'), ('VN-B', 'Thư viện', 'Paris'), ('VN-C', 'TV', NULL)"
            )
            await connection.execute(text(f"INSERT INTO member_library (isil, name, province) VALUES {rows}"))
            await connection.commit()
        await store.migrate()
        async with store.work() as work:
            by_province = await work.libraries.find(LibraryQuery(province="24"), 10)
            by_words = await work.libraries.find(LibraryQuery(tuple(query_words("thu vien paris"))), 10)
            kept = (await work.libraries.get(Isil("VN-A"))).library
    finally:
        await store.close()
    assert [view.library.isil for view in by_province] == ["VN-A"]
    assert [view.library.isil for view in by_words] == ["VN-B"]
    assert (kept.province, kept.status) == ("Bắc Giang", "active")
