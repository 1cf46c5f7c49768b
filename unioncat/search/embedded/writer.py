"""The one writer of the index."""

import asyncio
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import IO, Self

import tantivy

from unioncat.core.errors import IndexUnavailable
from unioncat.core.identifiers import MasterId
from unioncat.core.index.document import SearchDocument
from unioncat.core.index.stored import StoredDocuments
from unioncat.search.aside import Aside
from unioncat.search.embedded.generations import (
    live_generation,
    lock_rebuild,
    make_live,
    new_generation,
    read_position,
    write_position,
)
from unioncat.search.embedded.reader import TantivyIndex
from unioncat.search.embedded.schema import SCHEMA, Fields, fields_of_all, open_index, to_tantivy

_MEMORY = 64_000_000
_MEMORY_OF_REBUILD = 128_000_000
"""More memory makes fewer parts, which need not be put together afterwards."""


class TantivyWriter:
    """Writes one generation of the index, and holds its lock until it is closed (`async with` closes it).

    Make one with `open` or `rebuild`.
    """

    def __init__(
        self, folder: Path, generation: Path, lock: IO[str] | None, aside: Aside = asyncio.to_thread
    ) -> None:
        self._folder = folder
        self._generation = generation
        self._lock = lock
        self._aside = aside
        self._adding = asyncio.Lock()
        self._index = open_index(generation)
        self._writer: tantivy.IndexWriter | None = self._index.writer(
            _MEMORY if lock is None else _MEMORY_OF_REBUILD, 1
        )

    @classmethod
    async def open(cls, folder: Path) -> Self:
        """Go on with the live generation; an index that was never written is made.

        Raises IndexUnavailable when another writer has it or it cannot be written, IndexOutdated when it was
        built by another version.
        """
        return await asyncio.to_thread(cls._open, folder)

    @classmethod
    def rebuild(cls, folder: Path, aside: Aside = asyncio.to_thread) -> Self:
        """Begin a new, empty generation beside the live one, which stays as it is until `switch`.

        `aside` makes documents ready; of processes it is quicker than of threads.

        Raises IndexUnavailable when another rebuild is under way or the folder cannot be written.
        """
        try:
            lock = lock_rebuild(folder)
            return cls(folder, new_generation(folder), lock, aside)
        except BlockingIOError as error:
            raise IndexUnavailable(
                f"The search index in {folder} is being rebuilt already: wait until it is"
            ) from error
        except (OSError, ValueError) as error:
            raise IndexUnavailable(f"The search index in {folder} cannot be written: {error}") from error

    async def apply(
        self, documents: Iterable[SearchDocument], deleted: Iterable[MasterId], position: int
    ) -> None:
        """Upsert and delete, then make it durable and visible together with `position`.

        What is deleted here is gone even when it is among the documents. A repeat changes nothing, nor does what
        comes later than something of a higher position. Raises IndexUnavailable when the disk is full or the index was rebuilt meanwhile; the position is then the old
        one, and the same is to be applied again.
        """
        await asyncio.to_thread(self._apply, documents, deleted, position)

    async def fill(self, documents: StoredDocuments, position: int) -> None:
        """Add documents that this generation has not yet; the next `apply` makes them durable and visible.

        Raises IndexUnavailable when the disk is full.
        """
        ready = await self._aside(fields_of_all, documents)
        async with self._adding:
            await asyncio.to_thread(self._add, ready)

    async def repair(self, documents: Iterable[SearchDocument], strays: Iterable[MasterId]) -> None:
        """Apply once more at the same position."""
        await self.apply(documents, strays, await self.position())

    async def position(self) -> int:
        """The position of the last `apply` that is durable."""
        return read_position(self._generation)

    async def preview(self) -> TantivyIndex:
        """What was applied to this generation, as readers will see it."""
        return TantivyIndex(self._folder, self._generation)

    async def switch(self) -> None:
        """Make this generation the live one and remove the older ones; closes the writer."""
        await self.close()
        await asyncio.to_thread(make_live, self._generation)

    async def close(self) -> None:
        """Give the lock back; what was not applied is not kept."""
        await asyncio.to_thread(self._close)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *failure: object) -> None:
        await self.close()

    @classmethod
    def _open(cls, folder: Path) -> Self:
        try:
            live = live_generation(folder)
            writer = cls(folder, live or new_generation(folder), None)
        except (OSError, ValueError) as error:
            reason = "another process writes it" if "LockBusy" in str(error) else str(error)
            raise IndexUnavailable(f"The search index in {folder} cannot be written: {reason}") from error
        if live is None:
            make_live(writer._generation)
        return writer

    def _apply(self, documents: Iterable[SearchDocument], deleted: Iterable[MasterId], position: int) -> None:
        if self._writer is None:
            raise IndexUnavailable(
                f"The writer of the search index in {self._folder} is closed: open it again"
            )
        if self._lock is None and live_generation(self._folder) != self._generation:
            raise IndexUnavailable(f"The search index in {self._folder} was rebuilt: open it again")
        if position < read_position(self._generation):
            return
        try:
            self._write(self._writer, documents, deleted)
            write_position(self._generation, position)
        except BaseException as error:
            with suppress(ValueError):
                self._writer.rollback()
            if isinstance(error, (OSError, ValueError)):
                raise self._unwritable(error) from error
            raise

    def _add(self, ready: list[Fields]) -> None:
        writer = self._writer
        if writer is None:
            raise self._unwritable("its writer is closed")
        try:
            for fields in ready:
                writer.add_document(tantivy.Document.from_dict(fields, SCHEMA))
        except (OSError, ValueError) as error:
            raise self._unwritable(error) from error

    def _unwritable(self, why: object) -> IndexUnavailable:
        return IndexUnavailable(f"The search index in {self._folder} cannot be written: {why}")

    @staticmethod
    def _write(
        writer: tantivy.IndexWriter, documents: Iterable[SearchDocument], deleted: Iterable[MasterId]
    ) -> None:
        for document in documents:
            made = to_tantivy(document)
            writer.delete_documents_by_term("id", document.master_id)
            writer.add_document(made)
        for master_id in deleted:
            writer.delete_documents_by_term("id", master_id)
        writer.commit()

    def _close(self) -> None:
        writer, self._writer = self._writer, None
        if writer is not None:
            writer.wait_merging_threads()
        if self._lock is not None:
            self._lock.close()
