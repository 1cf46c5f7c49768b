from dataclasses import replace
from random import Random

from hypothesis import example, given
from hypothesis import strategies as st

from unioncat.core.errors import InvalidLibrary
from unioncat.core.identifiers import Isil, parse_isil
from unioncat.core.library import Contact, LibraryStatus, MemberLibrary, Place, Position
from unioncat.core.membership.duplicates import find_duplicates, metres_between
from unioncat.core.membership.library_list import ListedLibrary, read_library_list
from unioncat.core.membership.names import query_words, search_key
from unioncat.core.membership.provisional import mint_provisional
from unioncat.core.membership.statement import Statement, apply_statement
from unioncat.core.membership.units import Unit, all_units, current_units, resolve_province
from unioncat.core.membership.write_list import write_library_list

NAMES = ("Thư viện Sao Mai", "TV Sao Mai", "Thư viện Sao Mai 2", "Kim Đồng")
COMMUNES = (None, "Xã A", "Xã B")
texts = st.text(st.characters(codec="utf-8"), max_size=40)
degrees = st.floats(-90, 90) | st.floats()
contacts = st.tuples(st.builds(Contact, texts, st.none() | texts, st.none() | texts)) | st.just(())
statements = st.builds(
    Statement,
    name=texts,
    name_en=st.none() | texts,
    province=st.sampled_from([None, *(unit.name for unit in all_units())]),
    commune=st.none() | texts,
    address=st.none() | texts,
    latitude=st.none() | degrees,
    longitude=st.none() | degrees,
    subject_fields=st.none() | st.lists(texts, max_size=3).map(tuple),
    contacts=st.none() | contacts,
    lends=st.none() | st.booleans(),
    lending_policy=st.none() | texts,
)


def crowd(draw: st.DrawFn) -> list[MemberLibrary]:
    """Libraries of a small world, so that many of them meet."""
    places = st.builds(
        Place,
        st.sampled_from(("01", "46")),
        commune=st.sampled_from(COMMUNES),
        position=st.none() | st.builds(Position, st.floats(21, 21.004), st.floats(105, 105.004)),
    )
    size = draw(st.integers(0, 8))
    return [
        MemberLibrary(Isil(f"VN-{n}"), draw(st.sampled_from(NAMES)), place=draw(places)) for n in range(size)
    ]


@given(st.composite(crowd)(), st.randoms())
def test_duplicates_do_not_depend_on_the_order(libraries: list[MemberLibrary], random: Random) -> None:
    expected = find_duplicates(libraries)
    shuffled = list(libraries)
    random.shuffle(shuffled)
    assert find_duplicates(shuffled) == expected
    assert all(len(group.isils) > 1 and list(group.isils) == sorted(group.isils) for group in expected)


@given(st.composite(crowd)())
def test_every_pair_within_a_hundred_metres_with_one_name_is_in_a_group(
    libraries: list[MemberLibrary],
) -> None:
    together = [set(group.isils) for group in find_duplicates(libraries)]
    for left in libraries:
        for right in libraries:
            here, there = left.place.position, right.place.position
            if left.isil < right.isil and left.name == right.name and here and there:
                near = metres_between(here, there) <= 100
                assert not near or any({left.isil, right.isil} <= isils for isils in together)


@given(statements)
def test_a_statement_applied_twice_changes_nothing_more(said: Statement) -> None:
    try:
        once = apply_statement(MemberLibrary(Isil("VN-A"), "A"), said)
    except InvalidLibrary:
        return
    assert apply_statement(once, said) == once


@given(statements)
@example(Statement(name="'=1", address="-1", function="=1", name_en="''-x"))
def test_what_is_written_as_a_list_is_read_as_the_same_library(said: Statement) -> None:
    try:
        library = apply_statement(MemberLibrary(Isil("VN-A"), "A", status=LibraryStatus.LISTED), said)
    except InvalidLibrary:
        return
    library = replace(library, contacts=())  # a contact without address or telephone is not written
    (row,) = read_library_list(write_library_list([library]))
    assert isinstance(row, ListedLibrary)
    bare = MemberLibrary(Isil("VN-A"), "", status=LibraryStatus.LISTED)
    assert apply_statement(bare, row.statement) == library


@given(statements)
def test_a_provisional_code_is_an_isil(said: Statement) -> None:
    try:
        library = apply_statement(MemberLibrary(Isil("VN-X"), "A"), said)
    except InvalidLibrary:
        return
    code = mint_provisional(library)
    assert parse_isil(code) == code
    assert all(f" {word}" in search_key(library) for word in query_words(library.name))


@given(st.sampled_from(all_units()))
def test_every_name_leads_to_a_current_unit_in_every_spelling(unit: Unit) -> None:
    name, plain = unit.name, unit.plain
    found = resolve_province(name)
    assert found in current_units()
    for spelling in (
        plain,
        name.upper(),
        f"Tỉnh {name.removeprefix('TP. ')}",
        plain.replace(" ", ""),
        f"{plain} Province",
    ):
        assert resolve_province(spelling) == found, spelling
