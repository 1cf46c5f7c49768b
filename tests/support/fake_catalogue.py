"""The read side of the store in memory, and a small catalogue to serve from it."""

from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from books import a_record
from brute_force_index import BruteForceIndex
from fake_libraries import fake_store
from httpx import ASGITransport, AsyncClient

from api.app import create_app
from unioncat.core.errors import StoreUnavailable
from unioncat.core.identifiers import ControlNumber, Isil, MasterId, mint_master_id
from unioncat.core.index import of_libraries
from unioncat.core.index.build_document import build_document
from unioncat.core.index.document import SearchDocument
from unioncat.core.library import MemberLibrary
from unioncat.core.marc import MarcRecord
from unioncat.core.match.relation import Relation
from unioncat.core.merge.holding import Holding, Item
from unioncat.core.merge.master import SourceRecord
from unioncat.core.merge.merge import merge_records
from unioncat.core.normalise.description import describe
from unioncat.core.registry import Harvest
from unioncat.pipeline.ports import (
    EndedRecord,
    HoldingView,
    IndexLag,
    LibraryView,
    MasterView,
    RejectedView,
    SearchIndex,
    SourceView,
)
from unioncat.pipeline.related_port import RelatedView, in_order
from unioncat.pipeline.services import Services


@dataclass(frozen=True)
class Stated:
    """A source record and the holdings that it states."""

    record: SourceRecord
    holdings: tuple[Holding, ...] = ()


@dataclass
class FakeCatalogue:
    """Keeps what is put into it; a master record is the merge of its source records, as in the store."""

    members: dict[Isil, MemberLibrary] = field(default_factory=dict)
    masters: dict[MasterId, tuple[Stated, ...]] = field(default_factory=dict)
    redirects: dict[MasterId, MasterId] = field(default_factory=dict)
    ended: dict[MasterId, EndedRecord] = field(default_factory=dict)
    feeds: list[SourceView] = field(default_factory=list)
    runs: list[Harvest] = field(default_factory=list)
    unreadable: list[RejectedView] = field(default_factory=list)
    relations: list[tuple[MasterId, MasterId, Relation]] = field(default_factory=list)
    down: bool = False

    def merge_away(self, old: MasterId, new: MasterId) -> None:
        self.masters[new] += self.masters.pop(old)
        self.redirects[old] = new

    def withdraw(self, master_id: MasterId) -> None:
        last = merge_records([one.record for one in self.masters[master_id]])
        self.ended[master_id] = EndedRecord(last, datetime(2026, 3, 1, tzinfo=UTC))
        self.masters[master_id] = ()

    def documents(self) -> list[SearchDocument]:
        return [self._document(master_id) for master_id, stated in self.masters.items() if stated]

    async def master_views(self, master_ids: Sequence[MasterId]) -> Mapping[MasterId, MasterView]:
        views = [await self.master(master_id) for master_id in master_ids]
        return {view.master_id: view for view in views if view}

    async def master(self, master_id: MasterId) -> MasterView | None:
        self._answer()
        if master_id in self.redirects:
            return MasterView(master_id, 2, None, redirect=self.redirects[master_id])
        if master_id not in self.masters:
            return None
        stated = self.masters[master_id]
        merged = merge_records([one.record for one in stated]) if stated else None
        return MasterView(master_id, 1, merged, deleted=not stated, ended=self.ended.get(master_id))

    async def holdings(self, master_id: MasterId) -> Sequence[HoldingView]:
        self._answer()
        views = [
            HoldingView(self.members[stated.record.isil], stated.record.control_number, holding)
            for stated in self.masters.get(master_id, ())
            for holding in stated.holdings
        ]
        return sorted(
            views, key=lambda view: (view.library.name, view.library.isil, view.holding.location or "")
        )

    async def holdings_of(self, master_ids: Sequence[MasterId]) -> Mapping[MasterId, Sequence[HoldingView]]:
        return {master_id: await self.holdings(master_id) for master_id in master_ids}

    async def related(self, master_id: MasterId) -> Sequence[RelatedView]:
        self._answer()
        found = {(kind, other) for one, other, kind in self._links() if one == master_id}
        found |= {(Relation.OTHER_EDITION, other) for other in self._editions(master_id) - {master_id}}
        documents = {document.master_id: document for document in self.documents()}
        return in_order(self._view(kind, documents[other]) for kind, other in found if other in documents)

    async def edition_counts(self, master_ids: Sequence[MasterId]) -> Mapping[MasterId, int]:
        self._answer()
        return {master_id: len(self._editions(master_id)) - 1 for master_id in master_ids}

    def _links(self) -> list[tuple[MasterId, MasterId, Relation]]:
        """Every relation read from both sides."""
        return self.relations + [(other, one, kind.inverse) for one, other, kind in self.relations]

    def _editions(self, start: MasterId) -> set[MasterId]:
        group = {start}
        while (
            found := {b for a, b, kind in self._links() if kind is Relation.OTHER_EDITION and a in group}
            - group
        ):
            group |= found
        return group

    def _view(self, kind: Relation, document: SearchDocument) -> RelatedView:
        first = self.masters[document.master_id][0].record.marc
        return RelatedView(
            kind,
            document.master_id,
            document.title,
            document.year,
            document.edition,
            describe(first).volume,
            document.format,
            document.languages,
            len(document.libraries),
        )

    async def masters_by_isbn(self, isbn13: str) -> Sequence[MasterId]:
        self._answer()
        return [document.master_id for document in self.documents() if isbn13 in document.isbns]

    async def masters_by_issn(self, issn: str) -> Sequence[MasterId]:
        self._answer()
        return [document.master_id for document in self.documents() if issn in document.issns]

    async def master_of(self, isil: Isil, control_number: ControlNumber) -> MasterId | None:
        self._answer()
        for master_id, stated in self.masters.items():
            if any((one.record.isil, one.record.control_number) == (isil, control_number) for one in stated):
                return master_id
        return None

    async def titles(self, master_ids: Sequence[MasterId]) -> Mapping[MasterId, str]:
        self._answer()
        return {
            document.master_id: document.title
            for document in self.documents()
            if document.master_id in master_ids
        }

    async def libraries(self) -> Sequence[MemberLibrary]:
        return [view.library for view in self.library_views()]

    async def contributing_libraries(self) -> int:
        return sum(view.live_records > 0 for view in self.library_views())

    def library_views(self) -> Sequence[LibraryView]:
        self._answer()
        records = [one.record.isil for stated in self.masters.values() for one in stated]
        return [
            LibraryView(library, records.count(library.isil))
            for library in sorted(self.members.values(), key=lambda library: (library.name, library.isil))
        ]

    async def sources(self) -> Sequence[SourceView]:
        self._answer()
        return sorted(self.feeds, key=lambda view: (view.source.isil, view.source.id))

    async def harvests(self, isil: Isil | None, limit: int, before: int | None) -> Sequence[Harvest]:
        self._answer()
        runs = [run for run in self.runs if isil in (None, run.isil) and (before is None or run.id < before)]
        return sorted(runs, key=lambda run: -run.id)[:limit]

    async def rejected(self, isil: Isil | None, limit: int, before: int | None) -> Sequence[RejectedView]:
        self._answer()
        found = [
            view
            for view in self.unreadable
            if isil in (None, view.source.isil) and (before is None or view.id < before)
        ]
        return sorted(found, key=lambda view: -view.id)[:limit]

    async def group_names(self) -> Mapping[str, str]:
        self._answer()
        return {}

    async def index_lag(self, position: int) -> IndexLag:
        self._answer()
        return IndexLag()

    async def ping(self) -> None:
        self._answer()

    def _answer(self) -> None:
        if self.down:
            raise StoreUnavailable("The database does not answer")

    def _document(self, master_id: MasterId) -> SearchDocument:
        stated = self.masters[master_id]
        held = [(one.record.isil, holding) for one in stated for holding in one.holdings]
        made = build_document(master_id, 1, merge_records([one.record for one in stated]), held)
        known = {
            isil: of_libraries.ShownLibrary(one.province, one.kind) for isil, one in self.members.items()
        }
        return replace(made, **of_libraries.parts_of_libraries(made.libraries, made.available_at, known))


async def services_on(catalogue: FakeCatalogue, language: str = "vi") -> Services:
    """The catalogue with an index of all its documents."""
    index = BruteForceIndex()
    await index.apply(catalogue.documents(), (), position=1)
    return Services(catalogue, index, language, fake_store(catalogue))


def with_libraries(libraries: Iterable[MemberLibrary]) -> FakeCatalogue:
    """A catalogue without records."""
    return FakeCatalogue(members={library.isil: library for library in libraries})


KIEU, SERIAL = mint_master_id(1), mint_master_id(2)
NATIONAL, PROVINCIAL = Isil("VN-TVQG"), Isil("VN-DN")


def a_small_catalogue(books: int = 30) -> FakeCatalogue:
    """Two libraries; Truyện Kiều in both, a serial in one, and ordinary books up to this number."""
    catalogue = with_libraries(
        [
            MemberLibrary(NATIONAL, "Thư viện Quốc gia Việt Nam", "National Library of Vietnam", "Hà Nội"),
            MemberLibrary(PROVINCIAL, "Thư viện tỉnh Đồng Nai", None, "Đồng Nai"),
        ]
    )
    kieu = a_record(
        isbn="9786040100016", author="Nguyễn Du", title="Truyện Kiều", publisher="Văn học", year="2015"
    )
    item = Item("VV15.01234", status="sẵn sàng")
    catalogue.masters[KIEU] = (
        stated(NATIONAL, "QG1", kieu, Holding("Kho đọc", "895.92212 TR527K", 1, (item,))),
        stated(PROVINCIAL, "DN1", kieu, Holding("Kho mượn", "V21", 2)),
    )
    serial = a_record("00000nas a2200000 a 4500", title="Tạp chí Thư viện", issn="0866-7373")
    catalogue.masters[SERIAL] = (stated(NATIONAL, "QG2", serial, Holding(None, None, 1, note="implied")),)
    for number in range(3, books + 1):
        book = a_record(title=f"Sách thứ {number}", year=str(1980 + number), language="vie")
        only = stated(NATIONAL, f"QG{number}", book, Holding("Kho đọc", str(number), 1))
        catalogue.masters[mint_master_id(number)] = (only,)
    return catalogue


def stated(isil: Isil, control_number: str, marc: MarcRecord, *holdings: Holding) -> Stated:
    """What a library says of one publication."""
    return Stated(SourceRecord(isil, ControlNumber(control_number), marc, "2026-03-01T02:00:00Z"), holdings)


@asynccontextmanager
async def served(
    catalogue: FakeCatalogue, language: str = "vi", search: SearchIndex | None = None
) -> AsyncIterator[AsyncClient]:
    """A client of the application on this catalogue; a fault of the server is an answer with status 500."""
    services = await services_on(catalogue, language)
    app = create_app(replace(services, search=search) if search else services)
    transport = ASGITransport(app, raise_app_exceptions=False)
    async with AsyncClient(transport=transport, base_url="http://catalogue.example") as client:
        yield client
