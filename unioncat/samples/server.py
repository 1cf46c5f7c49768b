"""Starting and stopping the sample member libraries."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from unioncat.core.errors import UnioncatError
from unioncat.core.identifiers import Isil, parse_isil
from unioncat.core.registry import Protocol
from unioncat.samples.dialects import LIBRARIES, SampleLibrary

_SECONDS_TO_STOP = 5


@dataclass(frozen=True, slots=True)
class SampleFeed:
    """A sample library and where it is served; `server` is the program that does."""

    isil: Isil
    name: str
    name_en: str
    province: str | None
    kind: str
    address: str
    metadata_prefix: str
    profile: str
    protocol: Protocol = Protocol.OAI_PMH
    server: str = "oaipmh"


@contextmanager
def sample_providers(folder: Path) -> Iterator[list[SampleFeed]]:
    """Serve the sample libraries over OAI-PMH on free ports of 127.0.0.1, from a process of their own.

    What the process has to say is in `folder/providers.log`. Raises UnioncatError when it cannot start.
    """
    if find_spec("oaipmh") is None:
        raise UnioncatError(
            "The sample libraries need the package oaipmh, which only a development environment has; "
            "install it with: pip install 'unioncat[dev]'"
        )
    folder.mkdir(parents=True, exist_ok=True)
    log = folder / "providers.log"
    with log.open("w") as messages:
        process = subprocess.Popen(
            [sys.executable, "-m", "unioncat.samples.provider"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=messages,
            start_new_session=True,
        )
        try:
            addresses = _addresses(process, log)
            yield [feed_of(library, addresses[library.isil]) for library in LIBRARIES]
        finally:
            stop(process)


def _addresses(process: subprocess.Popen[bytes], log: Path) -> dict[str, str]:
    """Wait for the line that says that all libraries listen."""
    assert process.stdout is not None
    line = process.stdout.readline()
    if not line:
        raise UnioncatError(f"The sample libraries could not be started; {log} says why")
    addresses: dict[str, str] = json.loads(line)
    return addresses


def feed_of(library: SampleLibrary, address: str) -> SampleFeed:
    """A library behind an OAI-PMH address."""
    return SampleFeed(
        parse_isil(library.isil),
        library.name,
        library.name_en,
        library.province,
        library.kind,
        address,
        library.metadata_prefix,
        library.profile,
    )


def stop(process: subprocess.Popen[bytes]) -> None:
    """The process ends with its standard input; if it does not, it is ended."""
    try:
        process.communicate(timeout=_SECONDS_TO_STOP)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
