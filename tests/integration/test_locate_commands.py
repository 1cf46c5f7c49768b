"""The holdings lookup on the command line."""

import csv
import io
import json
from collections.abc import Iterator

import pytest
from command_home import Home, a_home
from deliveries import a_delivery

ISBN = "9786045701126"


@pytest.fixture(scope="module")
def home() -> Iterator[Home]:
    """A home with one book, a group and a list."""
    with a_home([a_delivery("1", isbn=ISBN)]) as made:
        made.good("library", "add", "VN-A", "Thư viện A", "--province", "Hà Nội", "--lends")
        made.good("library", "add", "VN-B", "Thư viện B", "--province", "Huế")
        made.good("library", "group", "add", "pact", "agreement", "Liên thông")
        for isil in ("VN-A", "VN-B"):
            made.good("library", "group", "join", "pact", isil)
        (made.folder / "list.txt").write_text(
            f"\ufeffISBN {ISBN}\n\nTrần Quốc Vượng. Cơ sở văn hoá Việt Nam\r\n9786045701127\n", "utf-8"
        )
        yield made


def test_a_list_is_located_with_reasons(home: Home) -> None:
    told = home.good("locate", str(home.folder / "list.txt"), "--asking", "VN-B").splitlines()
    assert [line for line in told if line[0].isdigit()] == [
        f"1. ISBN {ISBN}",
        "2. Trần Quốc Vượng. Cơ sở văn hoá Việt Nam",
        "3. 9786045701127",
    ]
    (first, second) = (line for line in told if "VN-A" in line)
    assert "in the agreement “Liên thông” with you +300" in first
    assert "lends to other libraries +40" in first
    assert "has 1 requests already -15" in second
    assert told[-1].strip() == "No valid ISBN: check its digits"


def test_the_list_comes_as_json_and_as_a_table(home: Home) -> None:
    file = str(home.folder / "list.txt")
    answer = json.loads(home.good("locate", file, "--json", "--near", "21.03,105.85"))
    assert [line["state"] for line in answer["lines"]] == ["exact", "exact", "unreadable"]
    assert answer["lines"][0]["records"][0]["libraries"][0]["distance_km"] < 50
    rows = list(csv.DictReader(io.StringIO(home.good("locate", file, "--csv").removeprefix("\ufeff"))))
    assert [(row["Line"], row["ISIL"], row["Location"]) for row in rows] == [
        ("1", "VN-A", "Kho A"),
        ("2", "VN-A", "Kho A"),
        ("3", "", ""),
    ]


def test_what_cannot_be_used_is_said_in_a_sentence(home: Home) -> None:
    file = str(home.folder / "list.txt")
    assert "is no point" in home.refused("locate", file, "--near", "200,1")
    assert "is no province" in home.refused("locate", file, "--province", "Xứ Lạng")
    assert "VN-Z" in home.refused("locate", file, "--asking", "VN-Z")
    assert "cannot be read" in home.refused("locate", str(home.folder / "missing.txt"))
    (home.folder / "empty.txt").write_text("\n\n")
    assert "has 0 lines" in home.refused("locate", str(home.folder / "empty.txt"))


def test_a_service_is_registered_shown_and_forgotten(home: Home) -> None:
    asked = ("library", "availability", "VN-A")
    assert home.good(*asked) == "VN-A has no service\n"
    home.good(*asked, "--protocol", "koha", "--address", "https://opac.example.org")
    assert home.good(*asked) == "VN-A koha https://opac.example.org\n"
    assert "together" in home.refused(*asked, "--protocol", "koha")
    assert "no address" in home.refused(*asked, "--protocol", "daia", "--address", "nonsense")
    assert home.good(*asked, "--remove") == "VN-A is not asked any more\n"
