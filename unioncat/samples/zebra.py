"""A Zebra server with a folder of its own: a real Z39.50 target for the demo and for tests.

Zebra is a Debian package (see PACKAGES). It folds words by ICU, or by its own character map, as Koha has it; dates of
change are a date register beside the words, or words only, as in Koha.
"""

import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from importlib.resources import files
from pathlib import Path

from unioncat.core.errors import UnioncatError

PACKAGES = ("yaz", "idzebra-2.0-utils", "idzebra-2.0-common", "libidzebra-2.0-mod-dom")
DATABASE = "biblios"
_TABLES = Path("/usr/share/idzebra-2.0/tab")
_MODULES = "*/idzebra-2.0/modules/mod-dom.so"
_SECONDS_TO_START = 10.0
_SECONDS_TO_STOP = 5.0

_CONFIGURATION = """\
profilePath: {folder}:{tables}
modulePath: {modules}
encoding: UTF-8
attset: bib1.att
attset: explain.att
index: {index}
recordtype: dom.marc.xml
recordId: (bib1,Local-number)
storeKeys: 1
storeData: 1
lockDir: {folder}/lock
register: {folder}/register:4G
shadow: {folder}/shadow:4G
setTmpDir: {folder}/tmp
keyTmpDir: {folder}/key
memMax: 200M
truncmax: 1000000000
perm.anonymous: r
"""
_DOM = """\
<dom>
  <extract name="index"><xslt stylesheet="index.xsl"/></extract>
  <retrieve name="marc"><xslt stylesheet="same.xsl"/></retrieve>
  <input syntax="marc"><marc inputcharset="utf-8"/></input>
</dom>
"""
_SERVER = """\
<yazgfs>
  <listen id="only">tcp:127.0.0.1:{port}</listen>
  <server id="main" listenref="only">
    <config>{folder}/zebra.cfg</config>
    <cql2rpn>{folder}/pqf.properties</cql2rpn>
    <maximumrecordsize>4000000</maximumrecordsize>
    <retrievalinfo>
      <retrieval syntax="usmarc" name="F">{marc}</retrieval>
      <retrieval syntax="usmarc">{marc}</retrieval>
      <retrieval syntax="xml" name="marcxml"><backend syntax="xml" name="marc"/></retrieval>
      <retrieval syntax="xml"><backend syntax="xml" name="marc"/></retrieval>
    </retrievalinfo>
  </server>
</yazgfs>
"""
_MARC = """\
<backend syntax="xml" name="marc">\
<marc inputformat="xml" outputformat="marc" inputcharset="utf-8" outputcharset="{charset}"/></backend>"""
_CQL = """\
set.cql = info:srw/cql-context-set/1/cql-v1.1
set.rec = info:srw/cql-context-set/2/rec-1.1
set.dc = info:srw/cql-context-set/1/dc-v1.1
set = info:srw/cql-context-set/1/dc-v1.1
index.cql.serverChoice = 1=1016
index.cql.allRecords = 1=_ALLRECORDS 2=103
index.rec.id = 1=12
index.rec.lastModificationDate = 1=1012{structure}
index.dc.date = 1=31 4=4
index.dc.title = 1=4
relation.< = 2=1
relation.le = 2=2
relation.eq = 2=3
relation.exact = 2=3
relation.ge = 2=4
relation.> = 2=5
relation.scr = 2=3
relation.any = 2=3
truncation.right = 5=1
truncation.none = 5=100
structure.* =
position.any =
position.first = 3=1
position.last = 3=3
position.firstAndLast = 3=3
always = 2=103
"""


class Style(StrEnum):
    """How Zebra folds words and indexes dates of change."""

    ICU = "icu"
    CHR = "chr"
    KOHA = "koha"  # like CHR, and dates are words only


@dataclass(frozen=True, slots=True)
class Zebra:
    """One server; `folder` is its own. `charset` is that of its USMARC: MARC-8 loses Vietnamese letters."""

    folder: Path
    style: Style = Style.ICU
    charset: str = "utf-8"

    @staticmethod
    def is_here() -> bool:
        """Whether Zebra is installed."""
        return bool(shutil.which("zebrasrv") and shutil.which("zebraidx") and _modules())

    def prepare(self) -> None:
        """Make an empty database in the folder."""
        for name in ("register", "shadow", "tmp", "key", "lock"):
            (self.folder / name).mkdir(parents=True, exist_ok=True)
        sources = files(__package__) / "zebra_files"
        dates = "Date/time-last-modified:w" if self.style is Style.KOHA else "Date/time-last-modified:d"
        index = (sources / "index.xsl").read_text("utf-8").replace("@dates@", dates)
        self._write("index.xsl", index)
        self._write("same.xsl", (sources / "same.xsl").read_text("utf-8"))
        self._write("icu.idx", (sources / "icu.idx").read_text("utf-8"))
        self._write("marc.xml", _DOM)
        self._write("pqf.properties", _CQL.format(structure="" if self.style is Style.KOHA else " 4=5"))
        configuration = _CONFIGURATION.format(
            folder=self.folder,
            tables=_TABLES,
            modules=_modules(),
            index="icu.idx" if self.style is Style.ICU else "default.idx",
        )
        self._write("zebra.cfg", configuration)
        self._run("init")

    def update(self, records: Iterable[bytes]) -> None:
        """Add records (ISO 2709, UTF-8), change those of the same 001, delete those whose leader/05 is `d`."""
        delivery = self.folder / "delivery.mrc"
        delivery.write_bytes(b"".join(records))
        self._run("-d", DATABASE, "update", str(delivery))
        self._run("commit")

    @contextmanager
    def serving(self) -> Iterator[int]:
        """Serve the database on a free port of 127.0.0.1 while inside."""
        port = _free_port()
        marc = _MARC.format(charset=self.charset)
        self._write("yazgfs.xml", _SERVER.format(port=port, folder=self.folder, marc=marc))
        with (self.folder / "server.log").open("w") as log:
            process = subprocess.Popen(
                ["zebrasrv", "-f", "yazgfs.xml"],
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # it forks for each session: all of its group are stopped
            )
            try:
                _wait_for(port, process, self.folder / "server.log")
                yield port
            finally:
                os.killpg(process.pid, signal.SIGTERM)
                try:
                    process.wait(_SECONDS_TO_STOP)
                except subprocess.TimeoutExpired:
                    os.killpg(process.pid, signal.SIGKILL)
                    process.wait()

    def _write(self, name: str, text: str) -> None:
        (self.folder / name).write_text(text, "utf-8")

    def _run(self, *command: str) -> None:
        ran = subprocess.run(
            ["zebraidx", "-c", "zebra.cfg", *command],
            cwd=self.folder,
            capture_output=True,
            text=True,
            check=False,
        )
        if ran.returncode:
            raise UnioncatError(
                f"Zebra's index in {self.folder} cannot be written: {ran.stderr[-300:].strip()}"
            )


def _modules() -> Path | None:
    return next((found.parent for found in Path("/usr/lib").glob(_MODULES)), None)


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
        return port


def _wait_for(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    ends = time.monotonic() + _SECONDS_TO_START
    while process.poll() is None and time.monotonic() < ends:
        with socket.socket() as tried:
            tried.settimeout(1)
            if tried.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise UnioncatError(f"Zebra does not listen on port {port}; {log} says why")
