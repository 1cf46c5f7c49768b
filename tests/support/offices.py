"""The feeds of a test store, and the whole API on it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from brute_force_index import BruteForceIndex
from httpx import ASGITransport, AsyncClient
from running_worker import queue_of

from api.app import create_app
from harvesters.pacing import Hosts
from harvesters.uploads import UploadSpool
from unioncat.feeds import Feeds
from unioncat.pipeline.quality_desk import QualityDesk
from unioncat.pipeline.read_ahead import read_here
from unioncat.pipeline.running import FeedControl
from unioncat.pipeline.services import Services
from unioncat.settings import Settings
from unioncat.store.catalogue import PostgresCatalogue
from unioncat.store.engine import PostgresStore


def feeds_of(store: PostgresStore, home: Path, at_once: int = 2) -> Feeds:
    """Feeds that may lead to this machine."""
    settings = Settings(home=home, allowed_networks="127.0.0.0/8")
    uploads = UploadSpool(settings.uploads_home, 10_000_000)
    return Feeds(store, settings, read_here, Hosts(at_once), uploads)


@asynccontextmanager
async def api_of(store: PostgresStore, home: Path) -> AsyncIterator[AsyncClient]:
    """A client of the whole API."""
    services = Services(PostgresCatalogue(store), BruteForceIndex(), "vi", store)
    feeds = feeds_of(store, home)
    async with queue_of(store) as queue:
        desk = QualityDesk(store, feeds.probe)
        app = create_app(services, feeds, FeedControl(store, queue), desk)
        transport = ASGITransport(app)
        async with AsyncClient(transport=transport, base_url="http://catalogue.example/api/v1/") as client:
            yield client
