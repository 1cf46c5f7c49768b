"""The registry of libraries on PostgreSQL: statements, lists, events, groups, admission and keys."""

import asyncio
from collections import Counter
from dataclasses import replace
from datetime import date
from itertools import pairwise

import pytest
from deliveries import a_delivery, a_source, deliver
from many_libraries import KINDS, library_list, library_rows
from sqlalchemy import text

from unioncat.core.errors import Conflict, InvalidLibrary, NotRegistered, UnknownEntry
from unioncat.core.identifiers import Isil
from unioncat.core.library import Contact, Lending, LibraryStatus, MemberLibrary, Position
from unioncat.core.membership.admission import RegistrationStatus, Role
from unioncat.core.membership.duplicates import Likeness
from unioncat.core.membership.events import EventKind, LibraryEvent
from unioncat.core.membership.groups import GroupMember, GroupType, LibraryGroup
from unioncat.core.membership.library_list import RowOutcome
from unioncat.core.membership.names import query_words
from unioncat.core.membership.statement import Statement
from unioncat.core.membership.write_list import write_library_list
from unioncat.pipeline import libraries as registry
from unioncat.pipeline.access_keys import add_key, find_key, revoke_key
from unioncat.pipeline.admission import approve, invite, list_registrations, refuse, register
from unioncat.pipeline.index import LibraryWatch, last_change
from unioncat.pipeline.libraries_port import LibraryQuery
from unioncat.pipeline.library_list import import_library_list
from unioncat.pipeline.match import match_pending
from unioncat.store.engine import PostgresStore

A, B, C = Isil("VN-A"), Isil("VN-B"), Isil("VN-C")
DAY = date(2025, 7, 1)
COUNT = 31_000
ALL = 1_000_000


async def add(store: PostgresStore, *isils: Isil, **said: str) -> None:
    for isil in isils:
        await registry.save_library(store, isil, Statement(name=f"Thư viện {isil}", **said))


async def found(store: PostgresStore, query: LibraryQuery, limit: int = ALL) -> list[str]:
    async with store.work() as work:
        return [view.library.isil for view in await work.libraries.find(query, limit)]


# --- statements -------------------------------------------------------------------------------------


async def test_everything_that_is_stated_comes_back(store: PostgresStore) -> None:
    said = Statement(
        "Thư viện Hà Nội", "Hanoi Library", "Hà Tây", "Ba Đình", "47 Bà Triệu", 21.02, 105.85, "provincial", 3, True, "công lập",
        "Tỉnh", "Công cộng", ("Địa chí", "Y học"), "Sở", "https://tv.example.vn", (Contact("a", "a@example.org", "1"),),
        True, False, None, "30 ngày",
    )  # fmt: skip
    saved = await registry.save_library(store, A, said)
    again = (await registry.show_library(store, Isil("vn-a"))).view
    assert again.library == saved
    assert again.live_records == 0
    assert saved.place.position == Position(21.02, 105.85)
    assert saved.lending == Lending(True, False, None, "30 ngày")


async def test_a_library_without_a_name_is_not_kept(store: PostgresStore) -> None:
    with pytest.raises(InvalidLibrary, match="needs a name"):
        await registry.save_library(store, A, Statement(kind="school"))
    with pytest.raises(NotRegistered):
        await registry.show_library(store, A)


async def test_an_isil_in_other_letters_is_the_same_library(store: PostgresStore) -> None:
    await add(store, A)
    saved = await registry.save_library(store, Isil("vn-a"), Statement(kind="school"))
    assert (saved.isil, saved.name, saved.kind) == (A, "Thư viện VN-A", "school")
    with pytest.raises(Conflict, match="registered already"):
        await registry.add_library(store, Isil("Vn-a"), Statement(name="x"))


async def test_to_replace_forgets_what_is_not_stated(store: PostgresStore) -> None:
    await add(store, A, kind="school", province="Huế")
    replaced = await registry.replace_library(store, A, Statement(name="Mới"))
    assert replaced == MemberLibrary(A, "Mới")
    with pytest.raises(NotRegistered):
        await registry.replace_library(store, B, Statement(name="x"))


async def test_a_new_province_or_kind_has_the_records_of_the_library_indexed_anew(
    store: PostgresStore,
) -> None:
    await deliver(store, await a_source(store, "VN-A"), [a_delivery("a")])
    await match_pending(store)
    watch, today = LibraryWatch(), date(2026, 1, 1)
    await watch.look(store, today)
    seen = [await last_change(store)]
    for stated in (
        Statement(province="Hà Tây"),  # it was in Hà Nội
        Statement(province="Huế"),
        Statement(province="Huế"),
        Statement(website="https://example.org/"),
        Statement(kind="school"),
    ):
        await registry.save_library(store, A, stated)
        await watch.look(store, today)
        seen.append(await last_change(store))
    assert [later - earlier for earlier, later in pairwise(seen)] == [0, 1, 0, 0, 1]


# --- lists ------------------------------------------------------------------------------------------


async def test_thirty_one_thousand_libraries_are_imported_listed_and_found(store: PostgresStore) -> None:
    report = await import_library_list(store, library_list(COUNT))
    assert report.count(RowOutcome.ADDED) == len(report.rows) == COUNT

    rows = list(library_rows(COUNT))
    by_province = Counter(province.code for _, _, _, province, _ in rows)
    assert len(await found(store, LibraryQuery(province="01"))) == by_province["01"]
    assert len(await found(store, LibraryQuery(kind=KINDS[0]))) == COUNT / len(KINDS)
    words = tuple(query_words("le quy don hà tây"))
    expected = sum("Lê Quý Đôn" in name and province.code == "01" for _, name, _, province, _ in rows)
    assert len(await found(store, LibraryQuery(words))) == expected > 0
    (one,) = await found(store, LibraryQuery(tuple(query_words("sao mai số 12343"))))
    assert one == "VN-N12343"

    pages, after = [], None
    while page := await found(store, LibraryQuery(kind="special", after=after), 1000):
        pages += page
        after = Isil(page[-1])
    assert len(pages) == len(set(pages)) == COUNT / len(KINDS)
    async with store.work() as work:
        assert await work.libraries.count(LibraryQuery(kind="special", after=after)) == len(pages)

    again = await import_library_list(store, library_list(COUNT, changed=frozenset({5, 31})))
    assert [row.line for row in again.rows if row.outcome is RowOutcome.CHANGED] == [7, 33]
    assert again.count(RowOutcome.UNCHANGED) == COUNT - 2


async def test_a_row_names_its_line_and_holds_nothing_back(store: PostgresStore) -> None:
    await add(store, A, province="Huế")
    report = await import_library_list(
        store,
        "Mã thư viện;Tên;Tỉnh;Loại\n"
        "vn-a;Thư viện mới;;\n"
        ";Sao Mai;Xứ Lạng;\n"
        ";Sao Mai;Lào Cai;trường học\n"
        ";TV SAO MAI;Yên Bái;\n"
        ";Sao  mai;tinh lao cai;\n"
        "VN-B;Kim Đồng;Huế;hiệu sách\n".encode(),
    )
    assert [(row.line, row.outcome) for row in report.rows] == [
        (2, RowOutcome.CHANGED),
        (3, RowOutcome.REFUSED),
        (4, RowOutcome.ADDED),
        (5, RowOutcome.ADDED),
        (6, RowOutcome.REFUSED),
        (7, RowOutcome.REFUSED),
    ]
    reasons = [row.reason or "" for row in report.rows if row.outcome is RowOutcome.REFUSED]
    assert "Xứ Lạng" in reasons[0]
    assert "line 4" in reasons[1]
    assert "hiệu sách" in reasons[2]
    kept = (await registry.show_library(store, A)).view.library
    assert (kept.name, kept.province, kept.status) == ("Thư viện mới", "Huế", LibraryStatus.ACTIVE)
    async with store.work() as work:
        listed = await work.libraries.find(LibraryQuery(status=LibraryStatus.LISTED), ALL)
    assert [view.library.name for view in listed] == ["Sao Mai", "TV SAO MAI"]


async def test_a_list_that_was_written_changes_nothing(store: PostgresStore) -> None:
    await import_library_list(store, library_list(50))
    async with store.work() as work:
        written = write_library_list(await work.libraries.everything())
    report = await import_library_list(store, written)
    assert report.count(RowOutcome.UNCHANGED) == len(report.rows) == 50


# --- events, groups, duplicates ---------------------------------------------------------------------


async def test_a_library_that_merged_is_closed_and_its_successor_says_so(store: PostgresStore) -> None:
    await add(store, A, B)
    merged = LibraryEvent(Isil("vn-a"), EventKind.MERGED_INTO, DAY, "12/QĐ", None, (Isil("vn-b"),))
    done = await registry.record_event(store, merged)
    assert done == replace(merged, isil=A, successors=(B,))
    gone, heir = await registry.show_library(store, A), await registry.show_library(store, B)
    assert gone.view.library.status is LibraryStatus.CLOSED
    assert gone.events == heir.became == [done]
    assert heir.view.library.status is LibraryStatus.ACTIVE
    with pytest.raises(Conflict):
        await registry.record_event(store, LibraryEvent(A, EventKind.CLOSED, DAY))


async def test_an_event_with_a_successor_that_nobody_knows_is_not_kept(store: PostgresStore) -> None:
    await add(store, A)
    with pytest.raises(NotRegistered, match="VN-B"):
        await registry.record_event(store, LibraryEvent(A, EventKind.CLOSED, DAY, successors=(B,)))
    detail = await registry.show_library(store, A)
    assert (detail.events, detail.view.library.status) == ([], LibraryStatus.ACTIVE)


async def test_an_event_is_recorded_once(store: PostgresStore) -> None:
    await add(store, A)
    founded = LibraryEvent(A, EventKind.FOUNDED, date(1917, 11, 29))
    await registry.record_event(store, founded)
    with pytest.raises(Conflict, match="recorded already"):
        await registry.record_event(store, founded)


async def test_a_library_is_in_many_groups(store: PostgresStore) -> None:
    await add(store, A, B)
    for code, kind in (("dong-bac", GroupType.GEO), ("y-hoc", GroupType.FIELD)):
        await registry.save_group(store, LibraryGroup(code, kind, f"Nhóm {code}", Isil("vn-b"), DAY))
        await registry.join_group(store, code, GroupMember(Isil("vn-a"), DAY))
    await registry.join_group(store, "y-hoc", GroupMember(B))
    assert await found(store, LibraryQuery(group="y-hoc")) == [A, B]
    assert [group.code for group in (await registry.show_library(store, A)).groups] == ["dong-bac", "y-hoc"]
    async with store.work() as work:
        assert [(view.group.coordinator, view.libraries) for view in await work.libraries.groups()] == [
            (B, 1),
            (B, 2),
        ]
    assert await registry.leave_group(store, "y-hoc", A)
    assert not await registry.leave_group(store, "y-hoc", A)
    assert await found(store, LibraryQuery(group="y-hoc")) == [B]
    with pytest.raises(UnknownEntry):
        await registry.join_group(store, "nix", GroupMember(A))


async def test_duplicates_are_listed(store: PostgresStore) -> None:
    for isil, name in ((A, "Thư viện Sao Mai"), (B, "TV Sao Mai"), (C, "Kim Đồng")):
        await registry.save_library(store, isil, Statement(name=name, province="Huế", commune="Thuận Hóa"))
    (group,) = await registry.list_duplicates(store)
    assert (group.isils, group.reason) == ((A, B), Likeness.SAME_COMMUNE)


# --- admission --------------------------------------------------------------------------------------

SAID = Statement(name="Thư viện Sao Mai", province="Huế")


async def test_invited_registered_approved(store: PostgresStore) -> None:
    _, token = await invite(store, note="thuvien@example.org")
    registration = await register(store, token, None, replace(SAID, rank=0, confirmed=True))
    assert registration.isil.startswith("VN-X")
    with pytest.raises(NotRegistered):  # nobody sees it before it is approved
        await registry.show_library(store, registration.isil)
    library, secret = await approve(store, registration.id)
    assert (library.name, library.status, library.rank) == (SAID.name, LibraryStatus.ACTIVE, 100)
    assert library.provisional
    key = await find_key(store, secret)
    assert key is not None
    assert (key.role, key.isil) == (Role.LIBRARY, library.isil)
    with pytest.raises(Conflict, match="approved already"):
        await approve(store, registration.id)


async def test_a_token_is_used_once_and_a_refused_statement_does_not_use_it(store: PostgresStore) -> None:
    _, token = await invite(store)
    with pytest.raises(InvalidLibrary):
        await register(store, token, None, Statement(name="x", province="Xứ Lạng"))
    await register(store, token, A, SAID)
    with pytest.raises(UnknownEntry, match="invitation"):
        await register(store, token, B, SAID)
    with pytest.raises(UnknownEntry, match="invitation"):
        await register(store, "ui_guessed", B, SAID)


async def test_an_expired_invitation_opens_nothing(store: PostgresStore) -> None:
    _, token = await invite(store)
    async with store.connect() as connection:
        await connection.execute(text("UPDATE library_invitation SET expires = now()"))
        await connection.commit()
    with pytest.raises(UnknownEntry, match="expired"):
        await register(store, token, A, SAID)


async def test_a_library_cannot_take_the_place_of_another(store: PostgresStore) -> None:
    await add(store, A)
    _, token = await invite(store)
    with pytest.raises(Conflict, match="VN-A is registered already"):
        await register(store, token, Isil("vn-a"), SAID)
    _, for_b = await invite(store, B)
    with pytest.raises(Conflict, match="for VN-B"):
        await register(store, for_b, A, SAID)
    await register(store, token, C, SAID)
    _, second = await invite(store)
    with pytest.raises(Conflict, match="waits for a decision"):
        await register(store, second, C, SAID)


async def test_a_listed_library_goes_from_invited_to_pending_to_active(store: PostgresStore) -> None:
    await import_library_list(store, b"isil,name,website\nVN-A,Sao Mai,https://a.example.vn\n")

    async def status() -> LibraryStatus:
        return (await registry.show_library(store, A)).view.library.status

    assert await status() is LibraryStatus.LISTED
    _, token = await invite(store, Isil("vn-a"))
    assert await status() is LibraryStatus.INVITED
    first = await register(store, token, None, SAID)
    assert await status() is LibraryStatus.PENDING
    with pytest.raises(InvalidLibrary, match="why"):
        await refuse(store, first.id, " ")
    await refuse(store, first.id, "Sai địa chỉ")
    assert await status() is LibraryStatus.LISTED
    _, token = await invite(store, A)
    second = await register(store, token, None, SAID)
    library, _ = await approve(store, second.id)
    assert (library.status, library.name, library.website) == (
        LibraryStatus.ACTIVE,
        SAID.name,
        "https://a.example.vn",
    )
    refused = await list_registrations(store, RegistrationStatus.REFUSED)
    assert [view.registration.reason for view in refused] == ["Sai địa chỉ"]


async def test_the_operator_sees_possible_duplicates_before_approval(store: PostgresStore) -> None:
    await registry.save_library(store, A, SAID)
    _, token = await invite(store)
    await register(store, token, B, Statement(name="TV Sao Mai", province="hue"))
    (view,) = await list_registrations(store)
    assert [group.isils for group in view.duplicates] == [(A, B)]


async def test_two_approvals_at_once_make_one_member(store: PostgresStore) -> None:
    _, token = await invite(store)
    registration = await register(store, token, A, SAID)
    done = await asyncio.gather(*(approve(store, registration.id) for _ in range(3)), return_exceptions=True)
    assert sorted(type(one).__name__ for one in done) == ["Conflict", "Conflict", "tuple"]


# --- keys -------------------------------------------------------------------------------------------


async def test_a_key_is_kept_as_a_hash_and_opens_until_it_is_revoked(store: PostgresStore) -> None:
    await add(store, A)
    operator, secret = await add_key(store, Role.OPERATOR, note="phòng máy")
    library, other = await add_key(store, Role.LIBRARY, Isil("vn-a"))
    assert secret.startswith("uk_")
    assert await find_key(store, secret) == operator
    assert (await find_key(store, other)) == library
    assert library.isil == A
    async with store.connect() as connection:
        rows = (await connection.execute(text("SELECT access_key::text FROM access_key"))).scalars().all()
    assert not any(secret in row or other in row for row in rows)
    await revoke_key(store, operator.id)
    assert await find_key(store, secret) is None
    assert await find_key(store, other) is not None


async def test_a_key_that_fits_nobody_is_not_made(store: PostgresStore) -> None:
    with pytest.raises(InvalidLibrary):
        await add_key(store, Role.LIBRARY)
    with pytest.raises(InvalidLibrary):
        await add_key(store, Role.OPERATOR, A)
    with pytest.raises(NotRegistered):
        await add_key(store, Role.LIBRARY, A)
    with pytest.raises(InvalidLibrary):
        await add_key(store, Role.CURATOR, A, "Lan")
    with pytest.raises(InvalidLibrary):
        await add_key(store, Role.CURATOR, note="  ")
    with pytest.raises(UnknownEntry):
        await revoke_key(store, 1)


async def test_a_curator_is_called_by_the_note_of_the_key_and_a_library_by_its_isil(
    store: PostgresStore,
) -> None:
    await add(store, A)
    made = [
        (await add_key(store, role, isil, note))[0].holder
        for role, isil, note in (
            (Role.CURATOR, None, " Lan "),
            (Role.OPERATOR, None, None),
            (Role.LIBRARY, A, "registration 3"),
        )
    ]
    assert made == ["Lan", "operator", A]
