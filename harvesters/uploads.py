"""Files that wait for their delivery: uploaded ones, one folder a source, and those of watched folders.

1. A file is written under a name that ends with `.part` and is not looked at before it is whole.
2. It is called by the hash of its contents and the sender's name for it, so that the same upload repeated is one file.
3. It stays until its delivery has come to its end: a process that is killed loses nothing.
"""

import asyncio
import hashlib
import os
import re
import time
import unicodedata
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

from unioncat.core.errors import FileUnreadable
from unioncat.core.identifiers import SourceId

PARTIAL = ".part"
REFUSED = ".refused"
_UNSAFE = re.compile(r"[^\w.()-]+")
_SECONDS_TO_SETTLE = 10
_LONGEST_NAME = 200  # bytes, of the 255 that file systems give


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came in whole: how it is called, its size in bytes, and the SHA-256 of its contents."""

    name: str
    size: int
    sha256: str


class UploadSpool:
    """Keeps uploaded files under one folder; `largest` is in bytes."""

    def __init__(self, home: Path, largest: int) -> None:
        self._home = home
        self._largest = largest

    async def receive(self, source: SourceId, name: str, chunks: AsyncIterator[bytes]) -> Upload:
        """Keep an upload; raises FileUnreadable when it is empty or too large. What was cut off is thrown away."""
        folder = self._home / str(source)
        folder.mkdir(parents=True, exist_ok=True)
        safe = safe_name(name)
        partial = folder / f"{os.urandom(8).hex()}{PARTIAL}"
        try:
            size, digest = await self._write(partial, safe, chunks)
            if not size:
                raise FileUnreadable(f"{safe} is empty; deliver a file with records")
            partial.rename(folder / f"{digest[:16]}-{safe}")
        finally:
            partial.unlink(missing_ok=True)
        return Upload(safe, size, digest)

    def waiting(self, source: SourceId) -> list[Path]:
        """The files of a source that wait, the oldest first."""
        folder = self._home / str(source)
        return whole_files(folder) if folder.is_dir() else []

    def sources(self) -> list[SourceId]:
        """The sources of which a file waits."""
        if not self._home.is_dir():
            return []
        named = [SourceId(int(path.name)) for path in self._home.iterdir() if path.name.isdecimal()]
        return sorted(source for source in named if self.waiting(source))

    async def _write(self, path: Path, name: str, chunks: AsyncIterator[bytes]) -> tuple[int, str]:
        size, digest = 0, hashlib.sha256()
        with path.open("wb") as file:
            async for chunk in chunks:
                size += len(chunk)
                if size > self._largest:
                    raise FileUnreadable(
                        f"{name} is larger than the {self._largest:,} bytes that an upload may have; "
                        "deliver it in parts, or compressed with gzip"
                    )
                digest.update(chunk)
                await asyncio.to_thread(file.write, chunk)
            file.flush()
            await asyncio.to_thread(os.fsync, file.fileno())
        return size, digest.hexdigest()


def whole_files(folder: Path) -> list[Path]:
    """The files of a folder that are whole and not refused, the oldest first."""
    files = [
        path
        for path in folder.iterdir()
        if path.is_file() and not path.name.startswith(".") and path.suffix not in (PARTIAL, REFUSED)
    ]
    return sorted(files, key=lambda path: (path.stat().st_mtime_ns, path.name))


def settled_files(folder: Path) -> list[Path]:
    """The files of a watched folder, without those that are perhaps still being written; raises FileUnreadable."""
    if not folder.is_dir():
        raise FileUnreadable(f"{folder} is no folder of this machine; check the address of the source")
    settled = time.time() - _SECONDS_TO_SETTLE
    return [path for path in whole_files(folder) if path.stat().st_mtime <= settled]


def sent_name(path: Path) -> str:
    """What the sender called an uploaded file."""
    return path.name.partition("-")[2]


def safe_name(name: str) -> str:
    """A sender's file name without folders and odd signs; its ending stays, for it tells a list from records."""
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    safe = _UNSAFE.sub("_", last).encode()[-_LONGEST_NAME:].decode(errors="ignore")
    return safe.strip(".") or "upload"
