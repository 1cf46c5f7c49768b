"""The commands of the registry as people run them, in one home."""

import csv
import io
import json
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from unioncat.cli import app
from unioncat.core.errors import UnioncatError
from unioncat.embedded.postgres import embedded_postgres

RUNNER = CliRunner()


class Home:
    """Runs commands in one home."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __call__(self, *arguments: str) -> Result:
        return RUNNER.invoke(app, arguments, env={"UNIONCAT_HOME": str(self.folder)})

    def good(self, *arguments: str) -> str:
        done = self(*arguments)
        assert done.exit_code == 0, done.output
        return done.stdout

    def refused(self, *arguments: str) -> str:
        error = self(*arguments).exception
        assert isinstance(error, UnioncatError), error
        return str(error)


@pytest.fixture(scope="module")
def home() -> Iterator[Home]:
    """A home with two libraries."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)  # so that PostgreSQL, which does not run as root, may enter
        home = Home(Path(folder))
        with embedded_postgres(home.folder / "postgres"):  # one server for all commands: they are faster
            home.good("library", "add", "VN-A", "Thư viện A", "--province", "Hà Tây", "--kind", "Đại học")
            home.good(
                "library", "add", "VN-B", "Thư viện B", "--province", "Huế", "--contact", "Nghiệp vụ,b@example.org",
                "--lends", "--no-fee", "--field", "Y học", "--latitude", "16.46", "--longitude", "107.59",
            )  # fmt: skip
            yield home


def test_a_library_is_shown_with_its_current_province(home: Home) -> None:
    shown = home.good("library", "show", "vn-a")
    assert "Hà Nội (01)" in shown
    assert "VN-A (provisional)" in shown
    full = json.loads(home.good("library", "show", "VN-B", "--json"))
    assert full["contacts"] == [{"role": "Nghiệp vụ", "email": "b@example.org", "phone": None}]
    assert (full["lending"]["lends"], full["lending"]["fee"]) == (True, False)


def test_libraries_are_listed_by_province_and_kind(home: Home) -> None:
    entries = json.loads(
        home.good("library", "list", "--province", "ha noi", "--kind", "university", "--json")
    )
    assert [entry["isil"] for entry in entries] == ["VN-A"]
    assert "no province" in home.refused("library", "list", "--province", "Xứ Lạng")


def test_a_list_that_was_printed_is_imported_again_without_a_change(home: Home) -> None:
    printed = home.good("library", "list", "--csv")
    rows = list(csv.DictReader(io.StringIO(printed.removeprefix("\ufeff")), delimiter=";"))
    assert {row["Mã thư viện"] for row in rows} >= {"VN-A", "VN-B"}
    file = home.folder / "list.csv"
    file.write_text(printed + "VN C;Thư viện C\n", "utf-8")
    report = home.good("library", "import", str(file))
    assert "'VN C' is not an ISIL" in report
    assert f"0 added, 0 changed, {len(rows)} unchanged, 1 refused" in report
    assert "cannot be read" in home.refused("library", "import", str(home.folder / "nix.csv"))


def test_a_library_is_closed_with_its_successor(home: Home) -> None:
    home.good("library", "add", "VN-OLD", "Thư viện cũ")
    said = home.good("library", "close", "VN-OLD", "--date", "2025-07-01", "--successor", "VN-B")
    assert "VN-OLD: closed on 2025-07-01 → VN-B" in said
    assert "closed already" in home.refused("library", "close", "VN-OLD", "--date", "2025-07-02")
    assert "formed from" in home.good("library", "show", "VN-B")


def test_groups_are_kept(home: Home) -> None:
    home.good("library", "group", "add", "y-hoc", "field", "Thư viện y học", "--coordinator", "VN-B")
    home.good("library", "group", "join", "y-hoc", "VN-A", "--from", "2026-01-01")
    (group,) = json.loads(home.good("library", "group", "list", "--json"))
    assert (group["code"], group["coordinator"], group["libraries"]) == ("y-hoc", "VN-B", 1)
    home.good("library", "group", "leave", "y-hoc", "VN-A")
    assert "not in the group" in home.refused("library", "group", "leave", "y-hoc", "VN-A")


def test_invitations_and_registrations_are_handled(home: Home) -> None:
    token = home.good("library", "invite", "VN-A", "--note", "a@example.org").splitlines()[0]
    assert token.startswith("ui_")
    assert json.loads(home.good("library", "registrations", "--json")) == []
    assert "no registration 7" in home.refused("library", "approve", "7")
    assert "no registration 7" in home.refused("library", "refuse", "7", "Sai")


def test_keys_are_made_listed_and_revoked(home: Home) -> None:
    key = home.good(
        "key", "add", "--role", "library", "--library", "VN-A", "--note", "phòng máy"
    ).splitlines()[0]
    assert key.startswith("uk_")
    (listed,) = json.loads(home.good("key", "list", "--json"))
    assert (listed["role"], listed["isil"], listed["revoked"]) == ("library", "VN-A", None)
    assert key not in home.good("key", "list")
    home.good("key", "revoke", str(listed["id"]))
    assert "revoked" in home.good("key", "list")
    assert "needs the library's ISIL" in home.refused("key", "add", "--role", "library")


def test_duplicates_are_listed(home: Home) -> None:
    home.good("library", "add", "VN-DUP", "TV A", "--province", "Hà Nội")
    assert "same name and province: VN-A, VN-DUP" in home.good("library", "duplicates")
