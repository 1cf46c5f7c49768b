"""A home in which commands are run as people run them."""

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from click.testing import Result
from typer.testing import CliRunner

from unioncat.cli import app
from unioncat.core.delivery import DeliveredRecord
from unioncat.core.errors import UnioncatError
from unioncat.embedded.postgres import embedded_postgres

RUNNER = CliRunner()


class Home:
    """Runs commands in one home, in English."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __call__(self, *arguments: str) -> Result:
        environment = {"UNIONCAT_HOME": str(self.folder), "UNIONCAT_LANGUAGE": "en"}
        return RUNNER.invoke(app, arguments, env=environment)

    def good(self, *arguments: str) -> str:
        """What a command prints that ends well."""
        done = self(*arguments)
        assert done.exit_code == 0, done.output
        return done.stdout

    def refused(self, *arguments: str) -> str:
        """The sentence of a command that is refused."""
        error = self(*arguments).exception
        assert isinstance(error, UnioncatError), error
        return str(error)


@contextmanager
def a_home(records: Sequence[DeliveredRecord]) -> Iterator[Home]:
    """A home with one library, VN-A, that has these records; one PostgreSQL for all commands, so that they are fast."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)  # so that PostgreSQL, which does not run as root, may enter
        home = Home(Path(folder))
        file = home.folder / "books.jsonl"
        file.write_bytes(b"".join(record.raw + b"\n" for record in records))
        with embedded_postgres(home.folder / "postgres"):
            home.good("library", "add", "VN-A", "Thư viện A")
            home.good("import", str(file), "--library", "VN-A")
            yield home
