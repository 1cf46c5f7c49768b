"""The private PostgreSQL: who starts it, who stops it, and what it survives."""

import os
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import asyncpg
import pytest
from sqlalchemy.engine import make_url

from unioncat.core.errors import StoreUnavailable
from unioncat.embedded.postgres import database_url, embedded_postgres

_USE_UNTIL_TOLD = """
import signal
import sys
from pathlib import Path
from unioncat.embedded.postgres import embedded_postgres

signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell ignores it in what it runs in the background
with embedded_postgres(Path(sys.argv[1])) as url:
    while True:
        try:
            print(url, flush=True)
            sys.exit(bool(sys.stdin.read()))
        except KeyboardInterrupt:
            continue
"""
_SYSTEM = sorted(Path("/usr/lib/postgresql").glob("*/bin"))


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """A folder outside pytest's own: that one is closed to `nobody`, who runs the server of root."""
    with tempfile.TemporaryDirectory(prefix="unioncat-", ignore_cleanup_errors=True) as name:
        path = Path(name).resolve()
        path.chmod(0o755)
        yield path


@pytest.fixture(scope="module")
def home(folder: Path) -> Path:
    """A home that every test leaves healthy."""
    return folder / "home"


async def ask(url: str, *statements: str) -> object:
    connection = await connect(url)
    try:
        for statement in statements[:-1]:
            await connection.execute(statement)
        return await connection.fetchval(statements[-1])
    finally:
        await connection.close()


async def connect(url: str) -> asyncpg.Connection:
    parts = make_url(url)
    return await asyncpg.connect(
        host=parts.query["host"], port=5432, user=parts.username, database=parts.database
    )


def socket_folder(url: str) -> Path:
    return Path(str(make_url(url).query["host"]))


def is_private(folder: Path) -> bool:
    return folder.stat().st_mode & 0o777 == 0o700


def postmaster(home: Path) -> int:
    return int((home / "server" / "data" / "postmaster.pid").read_text().split()[0])


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


@contextmanager
def another_process(home: Path) -> Iterator[subprocess.Popen[str]]:
    """A process in a group of its own that uses the server until its standard input is closed."""
    with subprocess.Popen(
        [sys.executable, "-c", _USE_UNTIL_TOLD, str(home)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def said_by(process: subprocess.Popen[str]) -> str:
    assert process.stdout
    return process.stdout.readline().strip()


def _speaks(process: subprocess.Popen[str]) -> bool:
    return bool(select.select([process.stdout], [], [], 5)[0])


def leave(process: subprocess.Popen[str]) -> int:
    assert process.stdin
    process.stdin.close()
    return process.wait()


@pytest.mark.parametrize("pg_bin", [None, *_SYSTEM[-1:]], ids=lambda place: "system" if place else "wheel")
async def test_it_runs_inside_only_and_keeps_what_was_committed(folder: Path, pg_bin: Path | None) -> None:
    home = folder / ("wheel" if pg_bin is None else "system")
    with embedded_postgres(home, pg_bin) as url:
        assert await ask(url, "SELECT lower('ĐẤT NƯỚC')") == "đất nước"
        await ask(url, 'CREATE DATABASE "other"', "SELECT 1")
        await ask(database_url(url, "other"), "CREATE TABLE kept AS SELECT 7 AS x", "SELECT 1")
    with pytest.raises(OSError, match=r"."):
        await connect(url)
    with embedded_postgres(home, pg_bin) as url:
        assert await ask(database_url(url, "other"), "SELECT x FROM kept") == 7


async def test_it_listens_on_no_network(home: Path) -> None:
    with embedded_postgres(home) as url:
        assert await ask(url, "SHOW listen_addresses") == ""
        assert is_private(socket_folder(url))


async def test_two_processes_that_race_on_a_new_home_share_one_server(folder: Path) -> None:
    home = folder / "race"
    with another_process(home) as first, another_process(home) as second:
        url = said_by(first)
        assert said_by(second) == url
        assert leave(first) == 0
        assert await ask(url, "SELECT 1") == 1
        assert leave(second) == 0
        with pytest.raises(OSError, match=r"."):
            await connect(url)


async def test_the_server_of_a_killed_process_is_taken_over_and_stopped(home: Path) -> None:
    with another_process(home) as killed:
        url = said_by(killed)
        first = postmaster(home)
        killed.kill()
        killed.wait()
        with embedded_postgres(home):
            assert postmaster(home) == first
            assert await ask(url, "SELECT 1") == 1
        with pytest.raises(OSError, match=r"."):
            await connect(url)


async def test_it_survives_the_interrupt_of_the_terminal(home: Path) -> None:
    with another_process(home) as process:
        url = said_by(process)
        connection = await connect(url)
        os.killpg(process.pid, signal.SIGINT)
        while not _speaks(process):  # a signal just before a blocking read interrupts nothing: send another
            os.killpg(process.pid, signal.SIGINT)
        assert said_by(process) == url
        assert await connection.fetchval("SELECT 1") == 1
        await connection.close()
        assert leave(process) == 0


async def test_a_killed_server_starts_again_with_the_committed_rows_only(home: Path) -> None:
    with embedded_postgres(home) as url:
        await ask(url, "CREATE TABLE rows AS SELECT generate_series(1, 1000) AS x", "SELECT 1")
        open_transaction = await connect(url)
        await open_transaction.execute("BEGIN; INSERT INTO rows VALUES (1001)")
        os.kill(postmaster(home), signal.SIGKILL)
        with embedded_postgres(home) as again:
            assert await ask(again, "SELECT count(*) FROM rows") == 1000
        open_transaction.terminate()


async def test_a_leftover_pid_file_with_the_number_of_another_process_is_no_obstacle(home: Path) -> None:
    with embedded_postgres(home):
        pid_file = home / "server" / "data" / "postmaster.pid"
        left = pid_file.read_text().splitlines()
    pid_file.write_text("\n".join([str(os.getpid()), *left[1:]]))
    with embedded_postgres(home) as url:
        assert await ask(url, "SELECT 1") == 1


async def test_a_server_whose_socket_was_swept_away_is_started_anew(home: Path) -> None:
    with embedded_postgres(home):
        (home / "server" / ".s.PGSQL.5432").unlink()
        with embedded_postgres(home) as url:
            assert await ask(url, "SELECT 1") == 1


async def test_an_initialisation_that_was_killed_is_done_again(folder: Path) -> None:
    home = folder / "half"
    with another_process(home) as killed:
        until((home / "server" / "data.tmp" / "PG_VERSION").exists)
        killed.kill()
        killed.wait()
        with embedded_postgres(home) as url:
            assert await ask(url, "SELECT 1") == 1


async def test_two_homes_do_not_disturb_each_other(home: Path, folder: Path) -> None:
    with embedded_postgres(home) as one, embedded_postgres(folder / "second") as two:
        await ask(two, "CREATE TABLE only_here (x int)", "SELECT 1")
        assert await ask(one, "SELECT to_regclass('only_here')") is None
        os.kill(postmaster(folder / "second"), signal.SIGKILL)
        assert await ask(one, "SELECT 1") == 1


@pytest.mark.parametrize("name", ["long" * 40, "tên lạ, có 'dấu' \"và\" $HOME: ?&#%"], ids=["long", "odd"])
async def test_any_path_can_be_a_home(folder: Path, name: str) -> None:
    with embedded_postgres(folder / name) as url:
        assert await ask(url, "SELECT 1") == 1
        assert is_private(socket_folder(url))
    if socket_folder(url) != folder / name / "server":
        shutil.rmtree(socket_folder(url))


def test_a_folder_that_somebody_else_put_where_the_socket_should_be_is_refused(folder: Path) -> None:
    home = folder / ("taken" * 30)
    with embedded_postgres(home) as url:
        short = socket_folder(url)
    shutil.rmtree(short)
    short.symlink_to(folder)
    with pytest.raises(StoreUnavailable, match=str(short)), embedded_postgres(home):
        pass
    short.unlink()


def test_a_home_that_cannot_be_made_is_named(folder: Path) -> None:
    (folder / "file").touch()
    for home in (folder / "file", folder / "file" / "below", Path("/sys/unioncat")):
        with (
            pytest.raises(StoreUnavailable, match=f"{home} cannot hold the database"),
            embedded_postgres(home),
        ):
            pass


def test_damaged_files_and_those_of_another_version_are_told_in_a_sentence(folder: Path) -> None:
    home = folder / "damaged"
    with embedded_postgres(home):
        pass
    data = home / "server" / "data"
    (data / "global" / "pg_control").unlink()
    with pytest.raises(StoreUnavailable, match=r"does not start: .*pg_control"), embedded_postgres(home):
        pass
    (data / "PG_VERSION").write_text("9.6\n")
    with pytest.raises(StoreUnavailable, match=r"made by PostgreSQL 9\.6"), embedded_postgres(home):
        pass


def test_programs_that_are_not_there_are_named(folder: Path) -> None:
    with pytest.raises(StoreUnavailable, match="UNIONCAT_PG_BIN"), embedded_postgres(folder / "new", folder):
        pass


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs the server as somebody else")
async def test_for_root_a_home_below_a_private_folder_works(folder: Path) -> None:
    private = folder / "private"
    private.mkdir(mode=0o700)
    with embedded_postgres(private / "home") as url:
        assert await ask(url, "SELECT 1") == 1
    shutil.rmtree((private / "home" / "server").resolve())
