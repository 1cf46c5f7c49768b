from dataclasses import replace
from datetime import date

import pytest

from unioncat.core.errors import Conflict, InvalidLibrary
from unioncat.core.identifiers import Isil, parse_isil
from unioncat.core.library import Contact, LibraryStatus, MemberLibrary, Place, Position
from unioncat.core.membership.duplicates import (
    Likeness,
    duplicates_of,
    find_duplicates,
    metres_between,
)
from unioncat.core.membership.events import EventKind, LibraryEvent, check_event
from unioncat.core.membership.groups import GroupType, LibraryGroup, check_group
from unioncat.core.membership.kinds import VOCABULARIES, label_of, resolve_term, vocabulary
from unioncat.core.membership.names import name_key, search_key
from unioncat.core.membership.provisional import mint_provisional
from unioncat.core.membership.statement import Statement, apply_statement

LIBRARY = MemberLibrary(Isil("VN-A"), "Thư viện A")
DAY = date(2025, 7, 1)


def at(
    isil: str, name: str, province: str = "01", commune: str | None = None, **place: object
) -> MemberLibrary:
    where = Place(province, None, commune, None, place.get("position"))  # type: ignore[arg-type]
    return MemberLibrary(Isil(isil), name, place=where)


# --- statements -------------------------------------------------------------------------------------


def test_an_old_province_becomes_the_current_one() -> None:
    changed = apply_statement(LIBRARY, Statement(province="Hà Tây", commune="phuong ba dinh"))
    assert (changed.province, changed.place.province_code) == ("Hà Nội", "01")
    assert (changed.place.commune_code, changed.place.commune) == ("00004", "Phường Ba Đình")


def test_a_commune_that_is_gone_stays_as_text() -> None:
    place = apply_statement(LIBRARY, Statement(province="Hà Nội", commune="Xã Cổ Nhuế")).place
    assert (place.commune_code, place.commune) == (None, "Xã Cổ Nhuế")


def test_a_library_that_moves_to_another_province_forgets_commune_and_position() -> None:
    there = apply_statement(
        LIBRARY, Statement(province="Hà Nội", commune="Ba Đình", address="1", latitude=21, longitude=105.8)
    )
    moved = apply_statement(there, Statement(province="Huế"))
    assert moved.place == Place("46")
    assert apply_statement(there, Statement(province="ha tay")).place == there.place


def test_what_is_not_stated_stays() -> None:
    full = apply_statement(
        LIBRARY,
        Statement(
            name_en="A", province="Huế", kind="Đại học", rank=5, confirmed=True, legal_form="công lập", level="Trung ương",
            function="f", subject_fields=("Y học; Dược học", "Y học"), governing_body="g", website="https://a.example.vn",
            contacts=(Contact("Nghiệp vụ", "a@example.org"),), lends=True, copies=False, fee=False, lending_policy="p",
        ),
    )  # fmt: skip
    assert full.kind == "university"
    assert full.subject_fields == ("Y học", "Dược học")
    assert apply_statement(full, Statement()) == full


@pytest.mark.parametrize(
    ("said", "named"),
    [
        (Statement(kind="bookshop"), "national, provincial"),
        (Statement(latitude=21.0), "together"),
        (Statement(latitude=91.0, longitude=105.0), "91.0"),
        (Statement(latitude=float("nan"), longitude=105.0), "nan"),
        (Statement(website="javascript:alert(1)"), "https://"),
        (Statement(website="https://a b.example"), "https://"),
        (Statement(contacts=(Contact("x", "no address"),)), "no address"),
        (Statement(name="Thư\x00viện"), "printed"),
        (Statement(name="a" * 301), "301"),
        (Statement(rank=10_000), "10000"),
        (Statement(province="Huế", commune="00004"), "00004"),
    ],
)
def test_what_cannot_be_used_is_refused_and_named(said: Statement, named: str) -> None:
    with pytest.raises(InvalidLibrary, match=named):
        apply_statement(LIBRARY, said)


def test_vietnamese_codes_are_provisional_until_confirmed() -> None:
    assert MemberLibrary(Isil("VN-TVQG"), "a").provisional
    assert MemberLibrary(Isil("vn-x"), "a").provisional
    assert not MemberLibrary(Isil("VN-TVQG"), "a", confirmed=True).provisional
    assert not MemberLibrary(Isil("DE-1"), "a").provisional


# --- words ------------------------------------------------------------------------------------------


def test_every_term_is_found_by_its_code_and_names() -> None:
    for name in VOCABULARIES:
        for code, term in vocabulary(name).items():
            for word in (code, *term.names.values(), *term.also):
                assert resolve_term(name, word.upper()) == code, (name, word)


def test_every_state_event_and_group_type_has_a_label() -> None:
    for name, values in (("status", LibraryStatus), ("event", EventKind), ("group_type", GroupType)):
        assert set(vocabulary(name)) == set(values)
    assert label_of("kind", "university", "vi") == "Thư viện đại học"
    assert label_of("kind", "ship", "vi") == "ship"
    assert label_of("kind", None, "en") == ""


def test_names_are_compared_without_accents_and_abbreviations() -> None:
    assert name_key("TV ĐH Y – Hà Nội") == name_key("thư viện Đại học Y Hà Nội")


def test_a_library_is_searched_by_its_old_province() -> None:
    key = search_key(MemberLibrary(Isil("VN-A"), "Thư viện A", None, "Bắc Ninh", place=Place("24")))
    assert " bac giang" in key
    assert " vn a" in key


# --- provisional codes ------------------------------------------------------------------------------


def test_a_provisional_code_is_an_isil_and_does_not_depend_on_spelling() -> None:
    code = mint_provisional(at("VN-X", "Thư viện tỉnh Lào Cai", "15"))
    assert parse_isil(code) == code
    assert code.startswith("VN-X")
    assert len(code) == 14
    assert mint_provisional(at("VN-X", "TV TỈNH LÀO CAI", "15")) == code
    assert mint_provisional(at("VN-X", "Thư viện tỉnh Lào Cai", "14")) != code
    assert mint_provisional(at("VN-X", "Thư viện tỉnh Lào Cai", "15", "Xã Tả Phìn")) != code


def test_a_provisional_code_never_changes_between_versions() -> None:
    assert mint_provisional(at("VN-X", "Thư viện tỉnh Lào Cai", "15")) == "VN-X4x9nh9k7kk"


# --- duplicates -------------------------------------------------------------------------------------


def test_the_same_name_in_the_same_commune_is_flagged() -> None:
    left, right = at("VN-A", "Thư viện Sao Mai", commune="Xã A"), at("VN-B", "TV Sao mai", commune="xã a")
    (group,) = find_duplicates([left, right])
    assert (group.isils, group.reason) == (("VN-A", "VN-B"), Likeness.SAME_COMMUNE)


def test_the_same_name_in_another_commune_is_not_flagged() -> None:
    names = [at("VN-A", "Kim Đồng", commune="Xã A"), at("VN-B", "Kim Đồng", commune="Xã B")]
    assert find_duplicates(names) == []


def test_without_a_commune_the_province_decides() -> None:
    names = [at("VN-A", "Kim Đồng", commune="Xã A"), at("VN-B", "Kim Đồng"), at("VN-C", "Kim Đồng", "46")]
    (group,) = find_duplicates(names)
    assert (group.isils, group.reason) == (("VN-A", "VN-B"), Likeness.SAME_PROVINCE)


def test_similar_names_within_a_hundred_metres_are_flagged() -> None:
    here, near, far = Position(21.0, 105.8), Position(21.0008, 105.8), Position(21.001, 105.8)
    left = at("VN-A", "Thư viện Đại học Bách khoa Hà Nội", "01", "Xã A", position=here)
    right = at("VN-B", "Thư viện Bách khoa, Đại học Hà Nội", "01", "Xã B", position=near)
    (group,) = find_duplicates([left, right])
    assert group.reason is Likeness.SAME_PLACE
    assert metres_between(here, far) > 100 > metres_between(here, near)
    assert find_duplicates([left, replace(right, place=replace(right.place, position=far))]) == []
    assert find_duplicates([left, replace(right, name="Thư viện Quân đội")]) == []


def test_the_middle_of_a_town_is_no_place() -> None:
    centre = Position(21.0, 105.8)
    crowd = [at(f"VN-{n}", f"Thư viện phường số {n}", "01", f"Xã {n}", position=centre) for n in range(31)]
    assert find_duplicates(crowd) == []
    assert find_duplicates(crowd[:30]) != []


def test_closed_libraries_are_not_compared() -> None:
    left, right = at("VN-A", "Kim Đồng"), at("VN-B", "Kim Đồng")
    assert find_duplicates([left, replace(right, status=LibraryStatus.CLOSED)]) == []


def test_duplicates_of_one_leave_out_those_of_others() -> None:
    others = [at("VN-B", "Kim Đồng"), at("VN-C", "Sao Mai"), at("VN-D", "Sao Mai")]
    (group,) = duplicates_of(at("VN-A", "Kim Đồng"), others)
    assert group.isils == ("VN-A", "VN-B")


# --- events and groups ------------------------------------------------------------------------------


def event(kind: EventKind, *successors: str) -> LibraryEvent:
    return LibraryEvent(Isil("VN-A"), kind, DAY, successors=tuple(map(Isil, successors)))


@pytest.mark.parametrize(
    ("happened", "after"),
    [
        (event(EventKind.FOUNDED), LibraryStatus.ACTIVE),
        (event(EventKind.RENAMED), LibraryStatus.ACTIVE),
        (event(EventKind.MERGED_INTO, "VN-B"), LibraryStatus.CLOSED),
        (event(EventKind.SPLIT_INTO, "VN-B", "VN-C"), LibraryStatus.CLOSED),
        (event(EventKind.CLOSED), LibraryStatus.CLOSED),
        (event(EventKind.CLOSED, "VN-B"), LibraryStatus.CLOSED),
    ],
)
def test_an_event_says_how_the_library_stands_after_it(happened: LibraryEvent, after: LibraryStatus) -> None:
    assert check_event(happened, LibraryStatus.ACTIVE) is after


@pytest.mark.parametrize(
    "happened",
    [
        event(EventKind.FOUNDED, "VN-B"),
        event(EventKind.MERGED_INTO),
        event(EventKind.MERGED_INTO, "VN-B", "VN-C"),
        event(EventKind.SPLIT_INTO, "VN-B"),
        event(EventKind.SPLIT_INTO, "VN-B", "VN-B"),
        event(EventKind.CLOSED, "VN-B", "VN-C"),
        event(EventKind.MERGED_INTO, "VN-A"),
    ],
)
def test_successors_that_do_not_fit_the_event_are_refused(happened: LibraryEvent) -> None:
    with pytest.raises(InvalidLibrary, match="successor"):
        check_event(happened, LibraryStatus.ACTIVE)


def test_a_library_is_closed_once() -> None:
    with pytest.raises(Conflict, match="closed already"):
        check_event(event(EventKind.MERGED_INTO, "VN-B"), LibraryStatus.CLOSED)
    assert check_event(event(EventKind.RENAMED), LibraryStatus.CLOSED) is LibraryStatus.CLOSED


@pytest.mark.parametrize(
    "group",
    [
        LibraryGroup("Đông Bắc", GroupType.GEO, "a"),
        LibraryGroup("a", GroupType.GEO, "a"),
        LibraryGroup("dong-bac", GroupType.GEO, " "),
        LibraryGroup("dong-bac", GroupType.GEO, "a", starts=date(2026, 1, 1), ends=date(2025, 1, 1)),
    ],
)
def test_a_group_that_cannot_be_is_refused(group: LibraryGroup) -> None:
    with pytest.raises(InvalidLibrary):
        check_group(group)
