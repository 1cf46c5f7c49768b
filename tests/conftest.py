"""Fixtures for all tests: the real records, a private PostgreSQL, a store of its own for each test."""

import asyncio
import os
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from database import fresh_store, make_template
from elastic_clusters import a_cluster, shared_node
from hypothesis import HealthCheck, settings

from unioncat.embedded.postgres import embedded_postgres
from unioncat.search.elasticsearch import Cluster
from unioncat.store.engine import PostgresStore

settings.register_profile("unioncat", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("unioncat")

_DEFAULT_DATA = Path(__file__).parents[2] / "shared" / "data"


@pytest.fixture(scope="session")
def test_data() -> Path:
    """The folder of real records; without it a test is skipped, and fails in CI."""
    folder = Path(os.environ.get("UNIONCAT_TEST_DATA") or _DEFAULT_DATA)
    if folder.is_dir():
        return folder
    said = f"the real records are not in {folder}; name their folder in UNIONCAT_TEST_DATA"
    if os.environ.get("CI") == "true":
        pytest.fail(said)
    pytest.skip(said)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The URL of a private PostgreSQL server that lives as long as the test session."""
    with tempfile.TemporaryDirectory() as home, embedded_postgres(Path(home)) as server:
        asyncio.run(make_template(server))
        yield server


@pytest.fixture
async def store(postgres_server: str) -> AsyncIterator[PostgresStore]:
    """A migrated, empty store."""
    async with fresh_store(postgres_server) as fresh:
        yield fresh


@pytest.fixture(scope="session")
def elasticsearch_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A real Elasticsearch, one for all workers of this run."""
    folder = tmp_path_factory.getbasetemp()
    with shared_node(folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder) as url:
        yield url


@pytest.fixture
async def cluster(elasticsearch_url: str) -> AsyncIterator[Cluster]:
    """Elasticsearch under a name that nobody else uses; what the test leaves there is removed."""
    async with a_cluster(elasticsearch_url) as opened:
        yield opened
