"""A file that a library delivers: records or a list, and a mark that tells whether it is the same file again."""

import hashlib
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

from harvesters.files import FileHarvester, sniff_format
from harvesters.lists import ListHarvester, is_list, read_head
from unioncat.core.delivery import ReadingRules
from unioncat.core.errors import FileUnreadable, InvalidSource
from unioncat.core.registry import Checkpoint
from unioncat.pipeline.ports import HarvestPage

_HEAD = 64 * 1024


def holds_a_list(path: Path, name: str | None = None) -> bool:
    """Whether the file is a list (CSV, XLSX) and not a file of records; raises FileUnreadable.

    `name` is what the sender calls it, when that is not what it is kept under.
    """
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD)
    except OSError as error:
        raise FileUnreadable(f"{path} cannot be read: {error.strerror or error}") from error
    return sniff_format(head) is None and is_list(head, name or path.name)


def file_mark(path: Path) -> str:
    """What tells this file from another: size, and a hash of its beginning and end; raises FileUnreadable."""
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            ends = hashlib.sha256(file.read(_HEAD))
            file.seek(max(0, size - _HEAD))
            ends.update(file.read(_HEAD))
    except OSError as error:
        raise FileUnreadable(f"{path} cannot be read: {error.strerror or error}") from error
    return f"{size}:{ends.hexdigest()[:32]}"


class DeliveredFile:
    """The records of a delivered file; a `Harvester` whose checkpoints carry the mark of the file."""

    def __init__(self, path: Path, rules: ReadingRules, display_name: str | None = None) -> None:
        self.mark = file_mark(path)
        self._harvester = (
            ListHarvester(path, rules.columns, display_name)
            if holds_a_list(path, display_name)
            else FileHarvester(path, display_name)
        )

    async def pages(self, resume: Checkpoint | None) -> AsyncIterator[HarvestPage]:
        """Yield pages of records; raises FileUnreadable. The checkpoint of another file is not used."""
        same = resume is not None and resume.state.get("file") == self.mark
        async for page in self._harvester.pages(resume if same else None):
            yield replace(page, checkpoint=Checkpoint({**page.checkpoint.state, "file": self.mark}))


def rules_for(rules: ReadingRules, path: Path, name: str | None = None) -> ReadingRules:
    """The rules with columns for a list that has none yet; raises UnioncatError when a remembered column is missing."""
    if not holds_a_list(path, name):
        return rules
    head = read_head(path)
    if not rules.columns:
        return replace(rules, columns=head.mapping)
    if missing := [name for name, _ in rules.columns if name not in head.header]:
        raise InvalidSource(
            f"{path.name} has no column “{missing[0]}”, which this source's lists had; its columns are "
            f"{', '.join(head.header)}: name what they hold with --column NAME=ROLE"
        )
    return rules
