"""Whom to ask first, and how far it is."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unioncat.core.identifiers import Isil
from unioncat.core.library import Lending, MemberLibrary, Place, Position
from unioncat.core.locate.distance import Distance, Origin, distance_to
from unioncat.core.locate.ranking import Membership, Offer, distance_points, load_points, rank, shared_group
from unioncat.core.locate.wording import LANGUAGES, say_rank
from unioncat.core.membership.groups import GroupMember, GroupType, LibraryGroup
from unioncat.core.membership.units import all_units, resolve_province
from unioncat.core.merge.holding import Holding, Item
from unioncat.core.merge.statuses import Availability, availability_of, read_status

A, B = Isil("VN-A"), Isil("VN-B")
DAY = date(2026, 11, 23)
PACT = LibraryGroup("pact", GroupType.AGREEMENT, "Thoả thuận", None, date(2026, 1, 1), date(2026, 12, 31))
AREA = LibraryGroup("area", GroupType.GEO, "Đông Bắc")
HANOI = Origin(Position(21.0283, 105.8542))

distances = st.none() | st.builds(Distance, st.floats(0, 2000), st.booleans())
offers = st.builds(
    Offer,
    st.sampled_from(
        [
            MemberLibrary(Isil(f"VN-{n}"), "x", lending=Lending(lends))
            for n, lends in enumerate((None, True, False))
        ]
    ),
    shared=st.sampled_from([None, PACT, AREA]),
    distance=distances,
    availability=st.sampled_from(Availability),
    copies=st.integers(0, 9),
    digital=st.booleans(),
    other_edition=st.booleans(),
    load=st.integers(0, 30),
)


def an_offer(isil: Isil, lends: bool | None = None) -> Offer:
    return Offer(MemberLibrary(isil, isil, lending=Lending(lends)))


def first_of(*offered: Offer) -> Isil:
    return rank(offered)[0].offer.library.isil


@pytest.mark.parametrize(
    "better",
    [
        {"shared": PACT},
        {"shared": AREA},
        {"distance": Distance(5, True)},
        {"availability": Availability.AVAILABLE},
        {"digital": True},
        {"copies": 3},
        {"own": True},
    ],
)
def test_what_speaks_for_a_library_puts_it_first(better: dict[str, object]) -> None:
    assert first_of(an_offer(A), replace(an_offer(B), **better)) == B


@pytest.mark.parametrize(
    "worse", [{"availability": Availability.UNAVAILABLE}, {"load": 1}, {"other_edition": True}]
)
def test_what_speaks_against_a_library_puts_it_last(worse: dict[str, object]) -> None:
    assert first_of(replace(an_offer(A), **worse), an_offer(B)) == B


def test_an_agreement_outweighs_nearness_and_another_group_together() -> None:
    near = replace(an_offer(A), shared=AREA, distance=Distance(1, True))
    assert first_of(near, replace(an_offer(B), shared=PACT)) == B


def test_a_library_that_does_not_lend_comes_last_even_if_it_is_near_and_in_an_agreement() -> None:
    assert first_of(replace(an_offer(A, False), shared=PACT, distance=Distance(1, True)), an_offer(B)) == B


@given(st.lists(offers, max_size=8))
def test_points_are_the_sum_of_the_reasons_and_every_reason_has_words(offered: list[Offer]) -> None:
    ranked = rank(offered)
    assert [one.points for one in ranked] == sorted((one.points for one in ranked), reverse=True)
    for one in ranked:
        assert one.points == sum(reason.points for reason in one.reasons)
        assert all(say_rank(reason, language) for reason in one.reasons for language in LANGUAGES)


@given(
    st.lists(offers, max_size=8, unique_by=lambda offer: offer.library.isil),
    st.randoms(use_true_random=False),
)
def test_the_order_does_not_depend_on_the_order_of_the_libraries(offered: list[Offer], draw: object) -> None:
    assert rank(offered) == rank(list(reversed(offered)))


@given(st.floats(0, 3000), st.floats(0, 3000))
def test_nearer_is_never_worse(one: float, other: float) -> None:
    assert (distance_points(min(one, other))) >= distance_points(max(one, other))


@given(st.integers(0, 1000))
def test_more_load_is_never_better_and_has_a_limit(load: int) -> None:
    assert load_points(load + 1) <= load_points(load) <= 0
    assert load_points(load) >= -150


def joined(isil: Isil, group: LibraryGroup, until: date | None = None) -> Membership:
    return Membership(group, GroupMember(isil, None, until))


def test_an_agreement_that_ended_stops_counting_the_next_day() -> None:
    mine, theirs = [joined(A, PACT)], [joined(B, PACT)]
    assert PACT.ends is not None
    assert shared_group(mine, theirs, PACT.ends) == PACT
    assert shared_group(mine, theirs, PACT.ends + timedelta(days=1)) is None


def test_a_membership_that_ended_counts_no_more_though_the_group_goes_on() -> None:
    assert shared_group([joined(A, PACT, DAY - timedelta(days=1))], [joined(B, PACT)], DAY) is None


def test_of_an_agreement_and_another_group_the_agreement_counts() -> None:
    mine, theirs = [joined(A, AREA), joined(A, PACT)], [joined(B, AREA), joined(B, PACT)]
    assert shared_group(mine, theirs, DAY) == PACT


def test_the_distance_between_hanoi_and_saigon() -> None:
    saigon = MemberLibrary(B, "b", place=Place(position=Position(10.7769, 106.7009)))
    found = distance_to(saigon, HANOI)
    assert found is not None
    assert found.exact
    assert found.km == pytest.approx(1143, abs=5)


@pytest.mark.parametrize("unit", all_units(), ids=lambda unit: f"{unit.name} {unit.valid_from}")
def test_a_library_without_coordinates_is_in_its_province_whatever_its_name_was(unit: object) -> None:
    name = unit.name  # type: ignore[attr-defined]
    found = distance_to(MemberLibrary(B, "b", province=name), Origin(resolve_province(name).position))
    assert found == Distance(0.0, exact=False)


def test_a_library_of_which_no_place_is_known_has_no_distance() -> None:
    assert distance_to(MemberLibrary(B, "b"), HANOI) is None


@pytest.mark.parametrize(
    ("said", "means"),
    [
        ("On loan", Availability.UNAVAILABLE),
        ("ĐANG MƯỢN", Availability.UNAVAILABLE),
        ("sẵn sàng", Availability.AVAILABLE),
        ("moved to the attic", Availability.UNKNOWN),
        (None, Availability.UNKNOWN),
    ],
)
def test_a_word_for_a_state_is_known_or_unknown(said: str | None, means: Availability) -> None:
    assert read_status(said) is means


def test_one_available_piece_makes_a_holding_available() -> None:
    out, here, unknown = Item(status="on loan"), Item(status="available"), Item()
    assert availability_of(Holding(None, None, 2, (out, here))) is Availability.AVAILABLE
    assert availability_of(Holding(None, None, 2, (out, unknown))) is Availability.UNKNOWN
    assert availability_of(Holding(None, None, 1, (out,))) is Availability.UNAVAILABLE
    assert availability_of(Holding(None, None, 0, url="https://example.org/1.pdf")) is Availability.AVAILABLE
