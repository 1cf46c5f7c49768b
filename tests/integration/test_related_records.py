"""What belongs together, from delivered records through the matcher to the read side of a real PostgreSQL."""

import pytest
from deliveries import a_deletion, a_delivery, a_source, clusters_in, deliver
from histories import History

from unioncat.core.delivery import DeliveredRecord
from unioncat.core.identifiers import MasterId
from unioncat.core.match.curation import DecisionKind
from unioncat.core.match.relation import Relation
from unioncat.core.registry import HarvestSource
from unioncat.pipeline.match import match_pending
from unioncat.pipeline.related_port import MOST_RELATED
from unioncat.store.catalogue import PostgresCatalogue
from unioncat.store.engine import PostgresStore

FIRST = a_delivery("first", year="1998")
SECOND = a_delivery("second", year="2006", edition="Tái bản lần thứ 2")
THIRD = a_delivery("third", year="2012", edition="Tái bản lần thứ 3")
VOLUMES = [a_delivery(f"v{number}", f"Kinh tế học đại cương. T.{number}") for number in (2, 10, 1)]
SET = a_delivery("set", "Kinh tế học đại cương", pages="3 tập")


@pytest.fixture
async def source(store: PostgresStore) -> HarvestSource:
    """A library into which records are delivered."""
    return await a_source(store)


async def load(store: PostgresStore, source: HarvestSource, *records: DeliveredRecord) -> dict[str, MasterId]:
    """Deliver and match; returns the master identifier of each live record."""
    await deliver(store, source, records)
    await match_pending(store)
    async with store.work() as work:
        return {str(number): MasterId(name) async for _, number, name in work.audit.clusters()}


async def told(store: PostgresStore, master_id: MasterId) -> list[tuple[Relation, MasterId]]:
    return [(view.kind, view.master_id) for view in await PostgresCatalogue(store).related(master_id)]


async def test_editions_are_told_newest_first(store: PostgresStore, source: HarvestSource) -> None:
    ids = await load(store, source, SECOND, FIRST, THIRD)
    edition = Relation.OTHER_EDITION
    assert await told(store, ids["first"]) == [(edition, ids["third"]), (edition, ids["second"])]
    assert await told(store, ids["third"]) == [(edition, ids["second"]), (edition, ids["first"])]


async def test_volumes_and_their_set_are_told_by_number(store: PostgresStore, source: HarvestSource) -> None:
    ids = await load(store, source, *VOLUMES, SET)
    part, other, whole = Relation.PART, Relation.OTHER_VOLUME, Relation.SET
    assert await told(store, ids["set"]) == [(part, ids["v1"]), (part, ids["v2"]), (part, ids["v10"])]
    assert await told(store, ids["v2"]) == [(other, ids["v1"]), (other, ids["v10"]), (whole, ids["set"])]


async def test_a_related_record_is_told_with_its_libraries(
    store: PostgresStore, source: HarvestSource
) -> None:
    ids = await load(store, source, FIRST, THIRD)
    await load(store, await a_source(store, "VN-TEST2"), THIRD)
    (view,) = await PostgresCatalogue(store).related(ids["first"])
    assert (view.year, view.edition, view.libraries) == (2012, "Tái bản lần thứ 3", 2)
    assert (view.title, view.volume, view.format) == ("Cơ sở văn hoá Việt Nam", (), "book")


async def test_what_was_deleted_belongs_to_nothing(store: PostgresStore, source: HarvestSource) -> None:
    ids = await load(store, source, FIRST, THIRD)
    await load(store, source, a_deletion("third"))
    assert await told(store, ids["first"]) == await told(store, ids["third"]) == []


async def test_a_corrected_record_no_longer_belongs_where_it_did(
    store: PostgresStore, source: HarvestSource
) -> None:
    ids = await load(store, source, FIRST, THIRD)
    await load(store, source, a_delivery("third", year="2012", author="Lê Văn Bình", edition="In lần thứ 3"))
    assert await told(store, ids["first"]) == []


async def test_editions_that_a_person_joins_are_one_record_and_no_longer_related(
    store: PostgresStore, source: HarvestSource
) -> None:
    ids = await load(store, source, FIRST, SECOND, THIRD)
    history = History(store, {"VN-TEST1": source}, None)
    await history.read_numbers()
    first, second = (frozenset((history.numbers["VN-TEST1", name],)) for name in ("first", "second"))
    decision = await history.decide(DecisionKind.SAME, first, second)
    await match_pending(store)
    assert frozenset((("VN-TEST1", "first"), ("VN-TEST1", "second"))) in await clusters_in(store)
    joined = (await load(store, source))["first"]
    (gone,) = {ids["first"], ids["second"]} - {joined}
    assert await told(store, joined) == [(Relation.OTHER_EDITION, ids["third"])]
    assert await told(store, gone) == []
    await history.withdraw(decision)
    await match_pending(store)
    assert len(await told(store, ids["third"])) == 2


async def test_hits_tell_the_number_of_other_editions(store: PostgresStore, source: HarvestSource) -> None:
    ids = await load(store, source, FIRST, SECOND, THIRD, *VOLUMES)
    never = MasterId("u000016") if "u000016" not in ids.values() else MasterId("u0000kh")
    counts = await PostgresCatalogue(store).edition_counts([ids["first"], ids["v1"], never])
    assert counts == {ids["first"]: 2, ids["v1"]: 0, never: 0}
    assert await PostgresCatalogue(store).edition_counts([]) == {}


async def test_no_more_editions_are_told_than_a_page_can_show(
    store: PostgresStore, source: HarvestSource
) -> None:
    years = (a_delivery(f"y{year}", year=str(year), pages=None) for year in range(1800, 2020))
    many = await load(store, source, *years)
    assert len(set(many.values())) > MOST_RELATED
    counts = await PostgresCatalogue(store).edition_counts([many["y1800"]])
    assert counts == {many["y1800"]: MOST_RELATED}
    assert len(await told(store, many["y1800"])) == MOST_RELATED
