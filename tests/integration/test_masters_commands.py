"""Corrections, versions and previews on the command line, as a cataloguer works with them."""

import json
from collections.abc import Iterator

import pytest
from command_home import Home, a_home
from deliveries import a_delivery

from unioncat.cli.masters_text import read_line, write_line
from unioncat.core.errors import Conflict, InvalidDecision, UnknownEntry
from unioncat.core.identifiers import mint_master_id
from unioncat.core.marc import ControlField, DataField

ONE, TWO = mint_master_id(1), mint_master_id(2)


@pytest.fixture(scope="module")
def home() -> Iterator[Home]:
    """A home with two books of near titles."""
    with a_home([a_delivery("1", "Kinh tế học vi mô"), a_delivery("2", "Kinh tế học vĩ mô")]) as made:
        yield made


def test_a_correction_is_made_shown_compared_and_withdrawn(home: Home) -> None:
    record = ONE
    new = "245 __ $aKinh tế vi mô$cTrần Quốc Vượng"
    made = home.good("correct", record, "--new", new, "--why", "trang tên", "--by", "Lan")
    number = made.split()[1]
    told = home.good("corrections", record).splitlines()
    assert told[0] == f"{number}  245  in force"
    assert f"    + {new}" in told
    assert told[-1].startswith("    Lan, ")
    states = home.good("versions", record).splitlines()
    assert [line.split()[1] for line in states] == ["2", "1"]
    assert states[0].endswith("(now)")
    changes = home.good("diff", record, "1", "2").splitlines()
    assert changes[0] == "- 245 __ $aKinh tế học vi mô$cTrần Quốc Vượng"
    assert changes[1].endswith("of VN-A=1")
    assert changes[2] == f"+ {new}"
    assert changes[3].startswith(f"      by correction {number} by Lan, ")
    assert home.good("diff", record, "2", "2") == "Nothing differs.\n"
    assert home.good("uncorrect", number, "--why", "nhầm") == f"Correction {number} is withdrawn.\n"
    assert "was withdrawn before" in home.good("uncorrect", number, "--why", "nhầm")
    assert json.loads(home.good("corrections", record, "--json"))[0]["effect"] == "withdrawn"
    assert "đã bỏ" in home.good("corrections", record, "--language", "vi")


def test_a_preview_names_identifiers_and_vetoes_and_writes_nothing(home: Home) -> None:
    versions = home.good("versions", ONE)
    told = home.good("preview", "merge", ONE, TWO).splitlines()
    assert told[0].startswith(f"{ONE}: ")
    assert "(records: 2, libraries: 1, copies: 2)" in told[0]
    assert told[1] == f"  identifiers that would lead here: {TWO}"
    assert any(line.startswith("! VN-A=1 and VN-A=2: ") for line in told)
    assert told[-1] == "Nothing was written."
    assert home.good("versions", ONE) == versions
    assert json.loads(home.good("preview", "merge", ONE, TWO, "--json"))["hindrances"]


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (("correct", ONE, "--new", "nonsense", "--why", "x y"), InvalidDecision),
        (("correct", ONE, "--why", "x y"), InvalidDecision),
        (("correct", ONE, "--old", "500 __ $ano", "--why", "x y"), Conflict),
        (("uncorrect", "99", "--why", "x y"), UnknownEntry),
        (("diff", ONE, "1", "99"), UnknownEntry),
        (("preview", "merge", ONE), InvalidDecision),
        (("preview", "split", ONE, "--leave", "VN-A=9"), UnknownEntry),
        (("preview", "split", ONE, "--leave", "VN-A=1"), InvalidDecision),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(
    home: Home, arguments: tuple[str, ...], error: type[Exception]
) -> None:
    assert isinstance(home(*arguments).exception, error)


@pytest.mark.parametrize(
    "field",
    [
        ControlField("008", "181222s2004    vm            000 0 vie d"),
        DataField("245", "1 ", (("a", "Truyện Kiều"), ("c", "Nguyễn Du"))),
    ],
)
def test_a_field_is_read_as_it_is_written(field: ControlField | DataField) -> None:
    assert read_line(write_line(field)) == field
