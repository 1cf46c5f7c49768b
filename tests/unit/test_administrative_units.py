import csv
import json
from datetime import date
from pathlib import Path

import pytest

from unioncat.core.errors import InvalidLibrary
from unioncat.core.membership.units import (
    all_units,
    commune_name,
    current_units,
    former_names,
    resolve_commune,
    resolve_province,
    unit_on,
    units_on,
)

BEFORE, AFTER = date(2025, 6, 30), date(2025, 7, 1)


def test_sixty_three_provinces_became_thirty_four_on_the_first_of_july_2025() -> None:
    assert len(units_on(BEFORE)) == 63
    assert len(units_on(AFTER)) == len(current_units()) == 34


def test_a_code_has_one_name_at_a_time() -> None:
    for day in (date(2000, 1, 1), date(2008, 8, 1), date(2025, 1, 1), BEFORE, AFTER, date(2026, 4, 30)):
        codes = [unit.code for unit in units_on(day)]
        assert len(codes) == len(set(codes)), day


def test_the_codes_and_names_are_those_of_the_official_tables(test_data: Path) -> None:
    for file, day in (
        ("provinces_63_latlon.csv", BEFORE),
        ("provinces_34_latlon.csv", AFTER),
    ):
        with (test_data / "lists" / file).open(encoding="utf-8-sig") as table:
            stated = {row["code"]: row["short"] for row in csv.DictReader(table)}
        ours = {unit.code: unit.name.removeprefix("TP. ") for unit in units_on(day)}
        assert ours == stated


def test_every_old_name_and_its_code_lead_to_the_same_current_province(test_data: Path) -> None:
    entries = json.loads((test_data / "lists" / "provinces_63_before_2025-07.json").read_text("utf-8"))
    for entry in entries:
        by_name, by_code = resolve_province(entry["name"]), resolve_province(str(entry["code"]))
        assert by_name == by_code, entry["name"]
        assert by_name in current_units()


@pytest.mark.parametrize(
    ("code", "before", "after"),
    [("15", "Yên Bái", "Lào Cai"), ("24", "Bắc Giang", "Bắc Ninh"), ("91", "Kiên Giang", "An Giang"), ("10", "Lào Cai", None)],
)  # fmt: skip
def test_the_same_code_means_another_province_since_2025(code: str, before: str, after: str | None) -> None:
    old, new = unit_on(code, BEFORE), unit_on(code, AFTER)
    assert old is not None
    assert (old.name, new and new.name) == (before, after)


@pytest.mark.parametrize(
    ("stated", "current"),
    [
        ("Hà Tây", "Hà Nội"),
        ("ha tay", "Hà Nội"),
        ("Hanoi", "Hà Nội"),
        ("Thủ đô Hà Nội", "Hà Nội"),
        ("Bắc Giang", "Bắc Ninh"),
        ("Tỉnh Bắc Giang", "Bắc Ninh"),
        ("Hà Bắc", "Bắc Ninh"),
        ("TP. Hồ Chí Minh", "TP. Hồ Chí Minh"),
        ("TP.HCM", "TP. Hồ Chí Minh"),
        ("TPHCM", "TP. Hồ Chí Minh"),
        ("Thành phố Hồ Chí Minh", "TP. Hồ Chí Minh"),
        ("Ho Chi Minh City", "TP. Hồ Chí Minh"),
        ("Sài Gòn", "TP. Hồ Chí Minh"),
        ("Bà Rịa – Vũng Tàu", "TP. Hồ Chí Minh"),
        ("BÌNH DƯƠNG", "TP. Hồ Chí Minh"),
        ("Thừa Thiên - Huế", "Huế"),
        ("Hoà Bình", "Phú Thọ"),
        ("Hòa Bình", "Phú Thọ"),
        ("Daklak", "Đắk Lắk"),
        ("Đắc Lắc", "Đắk Lắk"),
        ("Đăk Nông", "Lâm Đồng"),
        ("Minh Hải", "Cà Mau"),
        ("Lào Cai", "Lào Cai"),
        ("2", "Tuyên Quang"),
        ("02", "Tuyên Quang"),
    ],
)
def test_a_province_is_found_under_any_name_it_had(stated: str, current: str) -> None:
    assert resolve_province(stated).name == current


@pytest.mark.parametrize("stated", ["", "  ", "Tỉnh", "Xứ Lạng", "99", "Hà", "Quảng"])
def test_what_is_no_province_is_refused_with_the_list(stated: str) -> None:
    with pytest.raises(InvalidLibrary, match=r"write one of: .*Hà Nội.*Cà Mau"):
        resolve_province(stated)


def test_former_names_are_those_of_all_parts() -> None:
    assert set(former_names("79")) == {"Bình Dương", "Bà Rịa - Vũng Tàu"}
    assert former_names("01") == ("Hà Tây",)
    assert former_names("38") == former_names("99") == ()


def test_every_unit_lies_in_viet_nam() -> None:
    for unit in all_units():
        assert 8 < unit.position.latitude < 23.5, unit.name
        assert 102 < unit.position.longitude < 110, unit.name


def test_a_commune_is_found_by_name_with_and_without_its_kind() -> None:
    for stated in ("Ba Đình", "Phường Ba Đình", "P. Ba Đình", "phuong ba dinh", "00004"):
        found = resolve_commune("01", stated)
        assert found is not None, stated
        assert (found.code, found.name) == ("00004", "Phường Ba Đình")
    assert commune_name("00004") == "Phường Ba Đình"


def test_a_commune_of_another_province_is_not_found() -> None:
    assert resolve_commune("79", "00004") is None
    assert resolve_commune("01", "Vân Đồn") is None
    assert resolve_commune("22", "Đặc khu Vân Đồn") is not None
    assert commune_name("99999") is None
