"""The sample library with a Z39.50 port: served by Zebra where it is installed, otherwise by our own target.

Run as `python -m unioncat.samples.target` this is our own target: it prints its port and ends with its standard input.
"""

import asyncio
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from harvesters.z3950.shelf import Held, Shelf
from harvesters.z3950.target import Target
from unioncat.core.errors import UnioncatError
from unioncat.core.marc import ControlField
from unioncat.core.parse.iso2709 import render_iso2709
from unioncat.core.parse.marcxml import parse_marcxml
from unioncat.core.parse.reading import Unreadable
from unioncat.core.registry import Protocol
from unioncat.samples.dialects import TARGET_LIBRARY
from unioncat.samples.generate import SampleRecord, records_of
from unioncat.samples.server import SampleFeed, feed_of, stop
from unioncat.samples.zebra import DATABASE, Zebra

_ZEBRA, _OURS = "Zebra", "unioncat"


@contextmanager
def sample_target(folder: Path) -> Iterator[SampleFeed]:
    """Serve the sample library on a free port of 127.0.0.1; raises UnioncatError when it cannot be."""
    with _zebra(folder) if Zebra.is_here() else _own() as (server, address):
        yield replace(feed_of(TARGET_LIBRARY, address), protocol=Protocol.Z3950, server=server)


@contextmanager
def _zebra(folder: Path) -> Iterator[tuple[str, str]]:
    home = folder / "zebra"
    shutil.rmtree(home, ignore_errors=True)
    zebra = Zebra(home)
    zebra.prepare()
    zebra.update(one.raw for one in shelf_records())
    with zebra.serving() as port:
        yield _ZEBRA, f"z3950://127.0.0.1:{port}/{DATABASE}"


@contextmanager
def _own() -> Iterator[tuple[str, str]]:
    process = subprocess.Popen(
        [sys.executable, "-m", __name__],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        start_new_session=True,
    )
    try:
        assert process.stdout is not None
        port = process.stdout.readline().decode().strip()
        if not port:
            raise UnioncatError("The sample library with a Z39.50 port could not be started")
        yield _OURS, f"z3950://127.0.0.1:{port}/{DATABASE}"
    finally:
        stop(process)


def shelf_records() -> list[Held]:
    """The records of the library, each with its date of change (005)."""
    return [_held(record) for record in records_of(TARGET_LIBRARY)]


def _held(record: SampleRecord) -> Held:
    read = parse_marcxml(record.marcxml)
    assert not isinstance(read, Unreadable), "the sample records are ours"
    changed = ControlField("005", f"{record.datestamp:%Y%m%d%H%M%S}.0")
    marc = replace(read.marc, fields=(read.marc.fields[0], changed, *read.marc.fields[1:]))
    return Held(marc.control("001") or "", render_iso2709(marc), marc)


async def _serve() -> None:
    async with Target(Shelf(shelf_records()), DATABASE).listening() as port:
        print(port, flush=True)
        await asyncio.to_thread(sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(_serve())
