"""A private PostgreSQL for one home: started by the first process that needs it, stopped by the last.

1. It listens on a unix socket in a folder that only its own user may enter; never on the network.
2. Locks say who is there, and the kernel takes them from killed processes. `gate.lock`: held by whoever
   initialises, starts or stops. `users.lock`: shared by all users. `alive.lock`: inherited by every process of
   the server, so that it is free only when none of them is left.
3. While `alive.lock` is free, files with process numbers are leftovers: a number may be anybody's by now.
4. For root the server belongs to `nobody`. Where `nobody` cannot enter the home, its folder `server` is a link.
"""

import contextlib
import fcntl
import hashlib
import os
import re
import shlex
import shutil
import stat
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from subprocess import CompletedProcess
from typing import IO

from sqlalchemy.engine import URL, make_url

from unioncat.core.errors import StoreUnavailable
from unioncat.embedded.programs import Programs, find_programs, open_folder

_USER = "unioncat"
_LONGEST_SOCKET_FOLDER = 107 - len("/.s.PGSQL.5432")
_PLAIN_PATH = re.compile(r"[\w/.+-]+")  # in others PostgreSQL or a client sees a list
_SETTINGS = (
    "listen_addresses=",
    "port=5432",
    "shared_buffers=256MB",
    "work_mem=16MB",
    "maintenance_work_mem=128MB",
    "max_wal_size=2GB",
    "jit=off",
    "log_checkpoints=off",
)
_LOG_PREFIX = re.compile(r"^\S+ \S+ \S+ \[\d+\] ")
_SAYS_WHY = re.compile(r"FATAL|PANIC|DETAIL|HINT|error:|could not")
_LEAST_SPACE = 32 * 2**20  # two segments of PostgreSQL's log of changes
_PATIENCE = 600  # tenths of a second


@contextlib.contextmanager
def embedded_postgres(home: Path, pg_bin: Path | None = None) -> Iterator[str]:
    """Run the PostgreSQL of `home` while inside; yields the SQLAlchemy URL of its database `postgres`.

    Raises StoreUnavailable with what its log says last.
    """
    home = home.absolute()
    with contextlib.ExitStack() as files:
        with _told_in_a_sentence(home):
            home.mkdir(mode=0o700, parents=True, exist_ok=True)
            gate = files.enter_context((home / "gate.lock").open("a"))
            users = files.enter_context((home / "users.lock").open("a"))
            with _held(gate):
                server = _Server(home, _server_folder(home, programs := find_programs(pg_bin)), programs)
                server.start()
                fcntl.flock(users, fcntl.LOCK_SH)
        try:
            yield server.url
        finally:
            with _told_in_a_sentence(home), _held(gate):
                fcntl.flock(users, fcntl.LOCK_UN)
                if _take(users):
                    server.stop()


def database_url(server_url: str, name: str) -> str:
    """The URL of a database on the server of `server_url`."""
    return make_url(server_url).set(database=name).render_as_string(hide_password=False)


@dataclass(frozen=True, slots=True)
class _Server:
    home: Path
    folder: Path
    programs: Programs

    @property
    def url(self) -> str:
        address = URL.create(
            "postgresql+asyncpg", _USER, database="postgres", query={"host": self._socket_folder()}
        )
        return address.render_as_string()

    def start(self) -> None:
        """Initialise a new home, and start the server unless it runs already."""
        with (self.home / "alive.lock").open("a") as alive:
            if self._runs(alive):
                return
            self._initialise_once(alive.fileno())
            self._launch(alive.fileno())

    def stop(self) -> None:
        """Stop the server if it lives; what is committed stays."""
        with (self.home / "alive.lock").open("a") as alive:
            if not _take(alive):
                self._run("pg_ctl", "stop", "-D", "data", "-m", "fast", "-w")

    def _runs(self, alive: IO[str]) -> bool:
        """Whether the server runs and answers; returns with `alive` taken when it does not run.

        It may be starting, or be dying of a kill, or its socket may have been swept from the temporary folder.
        """
        for tenth in range(_PATIENCE):
            if _take(alive):
                return False
            if self._run("pg_isready", "-h", self._socket_folder(), "-p", "5432").returncode == 0:
                return True
            if tenth == 20 and not Path(self._socket_folder(), ".s.PGSQL.5432").exists():
                self._run("pg_ctl", "stop", "-D", "data", "-m", "fast", "-W")
            time.sleep(0.1)
        raise StoreUnavailable(
            f"A former PostgreSQL in {self.folder} still runs but does not answer; end its processes, or see "
            f"{self.folder / 'pg.log'}"
        )

    def _initialise_once(self, alive: int) -> None:
        """Make the data directory beside, then rename: a half-made one is never used."""
        version = self.programs.version()
        data, fresh = self.folder / "data", self.folder / "data.tmp"
        if data.exists():
            _check_version(data, version)
            return
        shutil.rmtree(fresh, ignore_errors=True)
        # PostgreSQL 18 knows the lower case of Vietnamese letters by itself; before, the system's locale does.
        builtin = ("--locale-provider=builtin", "--builtin-locale=PG_UNICODE_FAST") if version >= 18 else ()
        made = self._run(
            *("initdb", "-D", fresh.name, "-U", _USER, "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8"),
            *builtin,
            inherit=(alive,),
        )
        if made.returncode != 0:
            raise StoreUnavailable(
                f"PostgreSQL cannot make its files in {self.folder}: {_why(made.stdout, self.folder)}"
            )
        fresh.rename(data)

    def _launch(self, alive: int) -> None:
        log = self.folder / "pg.log"
        if log.exists():
            log.replace(log.with_name("pg.log.1"))
        sockets = self._new_socket_folder()
        for leftover in (self.folder / "data" / "postmaster.pid", sockets / ".s.PGSQL.5432.lock"):
            leftover.unlink(missing_ok=True)
        options = [f"-c {shlex.quote(each)}" for each in (*_SETTINGS, f"unix_socket_directories={sockets}")]
        started = self._run(
            *("pg_ctl", "start", "-D", "data", "-l", log.name, "-w", "-t", "300", "-o", " ".join(options)),
            inherit=(alive,),
        )
        if started.returncode != 0:
            said = log.read_text(errors="replace") if log.exists() else started.stdout
            raise StoreUnavailable(
                f"PostgreSQL in {self.folder} does not start: {_why(said, self.folder)} (see {log})"
            )

    def _run(self, *command: str, inherit: tuple[int, ...] = ()) -> CompletedProcess[str]:
        return self.programs.run(*command, cwd=self.folder, inherit=inherit)

    def _socket_folder(self) -> str:
        """Where the server that runs listens, as it says itself in line 5 of postmaster.pid."""
        try:
            return (self.folder / "data" / "postmaster.pid").read_text().splitlines()[4]
        except (FileNotFoundError, IndexError):
            return str(self.folder)

    def _new_socket_folder(self) -> Path:
        """The server's folder, or a short private one where its path does not make a socket address."""
        path = os.fsencode(self.folder)
        if len(path) <= _LONGEST_SOCKET_FOLDER and _PLAIN_PATH.fullmatch(str(self.folder)):
            return self.folder
        short = Path(tempfile.gettempdir(), f"unioncat-{hashlib.sha256(path).hexdigest()[:16]}")
        return _private(short, self.programs)


def _server_folder(home: Path, programs: Programs) -> Path:
    """The folder of the server's files; for root where `nobody` can enter it (rule 4)."""
    folder = home / "server"
    if os.geteuid() == 0 and not os.path.lexists(folder):
        os.chown(home, -1, programs.gid)
        home.chmod(0o710)
        if programs.run("/usr/bin/test", "-x", str(home)).returncode != 0:
            folder.symlink_to(tempfile.mkdtemp(prefix="server-", dir=open_folder()))
    return _private(folder.resolve(), programs)


def _private(folder: Path, programs: Programs) -> Path:
    """A folder that only the server's user may enter; raises StoreUnavailable when somebody else made it."""
    with contextlib.suppress(FileExistsError):
        folder.mkdir(mode=0o700)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid not in (os.geteuid(), programs.uid):
        raise StoreUnavailable(
            f"{folder} is not a folder of the user who runs PostgreSQL; remove it or choose another UNIONCAT_HOME"
        )
    os.chown(folder, programs.uid, programs.gid)
    folder.chmod(0o700)
    return folder


def _check_version(data: Path, version: int) -> None:
    """Refuse the files of another major version: PostgreSQL cannot read them."""
    made_by = (data / "PG_VERSION").read_text().strip()
    if made_by != str(version):
        raise StoreUnavailable(
            f"{data} was made by PostgreSQL {made_by}, but the programs are version {version}; set UNIONCAT_PG_BIN "
            f"to those of {made_by}, or choose another UNIONCAT_HOME and harvest again"
        )


def _why(said: str, folder: Path) -> str:
    """The last lines that give a reason; a full disk swallows them."""
    if shutil.disk_usage(folder).free < _LEAST_SPACE:
        return "its disk is full"
    lines = [_LOG_PREFIX.sub("", line.strip()) for line in said.splitlines() if line.strip()]
    return " | ".join(([line for line in lines if _SAYS_WHY.search(line)] or lines)[-3:])


@contextlib.contextmanager
def _told_in_a_sentence(home: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StoreUnavailable(
            f"{home} cannot hold the database ({error.strerror}: {error.filename or home}); set UNIONCAT_HOME to a "
            "folder that you may write to"
        ) from error


@contextlib.contextmanager
def _held(gate: IO[str]) -> Iterator[None]:
    fcntl.flock(gate, fcntl.LOCK_EX)
    try:
        yield
    finally:
        fcntl.flock(gate, fcntl.LOCK_UN)


def _take(lock: IO[str]) -> bool:
    """Take a lock for oneself if nobody holds it."""
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
