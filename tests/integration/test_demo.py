"""The demo: sample libraries served by somebody else's OAI-PMH provider become one searchable catalogue."""

import contextlib
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from elastic_clusters import a_cluster

from unioncat.bootstrap import Application, open_application
from unioncat.cli.demo import harvest_samples
from unioncat.core.index.request import SearchRequest
from unioncat.pipeline.verify import verify_store
from unioncat.samples import sample_providers, sample_target
from unioncat.settings import Settings


@pytest.fixture(params=["embedded", "elasticsearch"])
async def application(request: pytest.FixtureRequest) -> AsyncIterator[Application]:
    """An empty unioncat with a home of its own, on either engine."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        engine = {}
        async with contextlib.AsyncExitStack() as stack:
            if request.param == "elasticsearch":
                url = request.getfixturevalue("elasticsearch_url")
                name = (await stack.enter_async_context(a_cluster(url))).address.name
                engine = {"engine": "elasticsearch", "es_url": url, "es_index": name}
            settings = Settings(home=Path(folder), allowed_networks="127.0.0.0/8", **engine)
            yield await stack.enter_async_context(open_application(settings))


async def titles(application: Application, text: str) -> list[tuple[str, int]]:
    page = await application.services.search.search(SearchRequest(text))
    return [(hit.title, len(hit.libraries)) for hit in page.hits]


async def test_sample_libraries_become_one_catalogue(application: Application) -> None:
    home = application.settings.samples_home
    with sample_providers(home) as feeds, sample_target(home) as target:
        assert len(feeds) >= 3
        await harvest_samples(application, [*feeds, target])
    first = (await titles(application, "co so van hoa viet nam"))[0]
    assert first[0] in ("Cơ sở văn hoá Việt Nam", "Cơ sở văn hóa Việt Nam")
    assert first[1] >= 2
    assert await titles(application, "cơ sở văn hóa việt nam") == await titles(
        application, "cơ sở văn hoá việt nam"
    )
    micro, macro = await titles(application, "kinh tế vi mô"), await titles(application, "kinh tế vĩ mô")
    assert micro[0][0] != macro[0][0]
    assert not [f for f in await verify_store(application.store, application.services.search) if f.broken]

    before = await _counts(application)
    with sample_providers(home) as feeds, sample_target(home) as target:  # other ports: the sources move
        await harvest_samples(application, [*feeds, target])
    after = await _counts(application)
    same = {"sources", "live_records", "deleted_records", "rejected_records", "masters", "last_change"}
    assert {name: before[name] for name in same} == {name: after[name] for name in same}


async def _counts(application: Application) -> dict[str, int]:
    async with application.store.work() as work:
        return dict(await work.audit.counts())
