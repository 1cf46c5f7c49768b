import pytest
from hypothesis import given
from hypothesis import strategies as st

from unioncat.core.errors import InvalidIdentifier
from unioncat.core.identifiers import BETANUMERIC, mint_master_id, parse_isil, parse_master_id, serial_of

SERIALS = st.integers(min_value=0, max_value=29**9)


@given(SERIALS, SERIALS)
def test_two_serials_never_share_an_identifier(one: int, other: int) -> None:
    assert (mint_master_id(one) == mint_master_id(other)) == (one == other)


@given(SERIALS)
def test_case_and_blanks_do_not_matter(serial: int) -> None:
    master_id = mint_master_id(serial)
    assert serial_of(master_id) == serial
    assert parse_master_id(f"  {master_id.upper()} ") == master_id


@given(st.integers(min_value=0, max_value=29**5 - 1), st.data())
def test_every_single_wrong_character_is_found(serial: int, data: st.DataObject) -> None:
    master_id = mint_master_id(serial)
    place = data.draw(st.integers(1, len(master_id) - 1))
    wrong = data.draw(st.sampled_from([sign for sign in BETANUMERIC if sign != master_id[place]]))
    with pytest.raises(InvalidIdentifier, match="typing error"):
        parse_master_id(master_id[:place] + wrong + master_id[place + 1 :])


@given(st.integers(min_value=0, max_value=29**5 - 1), st.integers(1, 5))
def test_every_swap_of_two_neighbours_is_found(serial: int, place: int) -> None:
    text = mint_master_id(serial)
    swapped = text[:place] + text[place + 1] + text[place] + text[place + 2 :]
    if swapped != text:
        with pytest.raises(InvalidIdentifier):
            parse_master_id(swapped)


@pytest.mark.parametrize("text", ["", "u", "x000000", "u00000", "u0000a0", "978604", "u" * 40])
def test_what_is_not_a_master_identifier_is_refused(text: str) -> None:
    with pytest.raises(InvalidIdentifier):
        parse_master_id(text)


@pytest.mark.parametrize("text", ["VN-TVQG", "DE-7", "FR-751131010", "US-DLC", "OCLC-ABC"])
def test_an_isil_is_a_prefix_a_hyphen_and_a_unit(text: str) -> None:
    assert parse_isil(f" {text} ") == text


@pytest.mark.parametrize(
    "text", ["", "VN", "VN-", "-X", "VN_TVQG", "VN-ABCDEFGHIJKLMN", "Thư viện", "ABCDE-1"]
)
def test_another_shape_is_not_an_isil(text: str) -> None:
    with pytest.raises(InvalidIdentifier, match="ISIL"):
        parse_isil(text)
