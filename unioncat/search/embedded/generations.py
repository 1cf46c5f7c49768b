"""The folder of an index: one subfolder per generation, and the file `current`, which names the live one.

The name of a generation carries the version of the index, so that no other version is ever read. The file
`position` in it is written after each commit; a crash between the two leaves an older position, and the
changes after it are applied again, which alters nothing.
"""

import fcntl
import os
import shutil
from pathlib import Path
from typing import IO

import tantivy

from unioncat.core.errors import IndexOutdated, IndexUnavailable
from unioncat.core.index.fields import INDEX_VERSION

_VERSION = f"v{INDEX_VERSION}-"
_CURRENT = "current"
_POSITION = "position"
_META = "meta.json"


def live_generation(folder: Path) -> Path | None:
    """The live generation; None for an index that was never written.

    Raises IndexOutdated when another version built it, IndexUnavailable when it is damaged or not ours to read.
    """
    try:
        name = (folder / _CURRENT).read_text().strip()
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise IndexUnavailable(f"The search index in {folder} cannot be read: {error}") from error
    generation = folder / name
    if not (generation / _META).exists():
        raise IndexUnavailable(
            f"The search index in {folder} is damaged: {name} is missing. Run `unioncat reindex`"
        )
    if not name.startswith(_VERSION) or not tantivy.Index.is_compatible(str(generation)):
        raise IndexOutdated(
            f"The search index in {folder} was built by another version of unioncat. Run `unioncat reindex`"
        )
    return generation


def new_generation(folder: Path) -> Path:
    """An empty folder for a generation newer than all others."""
    newest = max((_number(path) for path in _generations(folder)), default=0)
    generation = folder / f"{_VERSION}{newest + 1:06}"
    generation.mkdir(parents=True)
    return generation


def lock_rebuild(folder: Path) -> IO[str]:
    """A lock that is held until the file is closed or the process ends; BlockingIOError when another has it."""
    folder.mkdir(parents=True, exist_ok=True)
    lock = (folder / "rebuild.lock").open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        lock.close()
        raise
    return lock


def make_live(generation: Path) -> None:
    """Let `current` name this generation, at once for every reader, and remove the older ones."""
    _write_durably(generation.parent / _CURRENT, generation.name)
    for path in _generations(generation.parent):
        if _number(path) < _number(generation):
            shutil.rmtree(path, ignore_errors=True)


def read_position(generation: Path) -> int:
    """The position of the last durable commit; 0 when it is not known."""
    try:
        return int((generation / _POSITION).read_text())
    except (FileNotFoundError, ValueError):
        return 0


def write_position(generation: Path, position: int) -> None:
    """Keep the position of the commit that was just made."""
    _write_durably(generation / _POSITION, str(position))


def _write_durably(path: Path, text: str) -> None:
    """Replace a small file in one step that survives a crash."""
    beside = path.with_suffix(".new")
    with beside.open("w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)


def live_stamp(folder: Path) -> object:
    """What changes whenever another generation becomes the live one."""
    return _stamp(folder / _CURRENT)


def commit_stamp(generation: Path | None) -> object:
    """What changes with every commit."""
    return None if generation is None else _stamp(generation / _META)


def _stamp(path: Path) -> object:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_ino, found.st_size


def _generations(folder: Path) -> list[Path]:
    return [path for path in folder.glob("v*-*") if path.is_dir() and path.name.rpartition("-")[2].isdigit()]


def _number(generation: Path) -> int:
    return int(generation.name.rpartition("-")[2])
