"""Reading, merging and indexing records in processes of their own: it is what a harvest spends most of its time on."""

import asyncio
import gc
import multiprocessing
import os
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.connection import wait
from typing import TypeVar

from unioncat.core.delivery import DeliveredRecord, ReadingRules
from unioncat.pipeline.merging import MasterTexts, MergeTask, merge_here, merge_tasks
from unioncat.pipeline.read_ahead import read_here
from unioncat.pipeline.reading import Reading, read_deliveries

_SMALL = 40  # a page of so few records is read sooner than it is sent
_A = TypeVar("_A")
_B = TypeVar("_B")
_SHARE = 250  # masters that one process merges at a time


class ReadingPool:
    """Reads pages (`read` is a `ReadPage`) and merges masters (`merge` is a `Merge`) side by side.

    The processes are started with the first work worth it.
    """

    def __init__(self, processes: int | None = None) -> None:
        self._processes = processes or min(os.cpu_count() or 1, 8)
        self._executor: ProcessPoolExecutor | None = None

    async def read(self, page: Sequence[DeliveredRecord], rules: ReadingRules) -> list[Reading]:
        """Understand the records of a page; in this process when the others are gone."""
        if len(page) < _SMALL:
            return await read_here(page, rules)
        loop = asyncio.get_running_loop()
        executor = self._started()
        try:
            return await loop.run_in_executor(executor, _read, page, rules)
        except BrokenProcessPool:
            if self._executor is executor:
                self._executor = None
            return await read_here(page, rules)

    async def merge(self, tasks: Sequence[MergeTask]) -> list[MasterTexts]:
        """Merge masters; in this process when they are few, or the others are gone."""
        if len(tasks) < _SMALL:
            return await merge_here(tasks)
        loop = asyncio.get_running_loop()
        executor = self._started()
        shares = [tasks[place : place + _SHARE] for place in range(0, len(tasks), _SHARE)]
        try:
            merged = await asyncio.gather(
                *(loop.run_in_executor(executor, _merge, share) for share in shares)
            )
        except BrokenProcessPool:
            if self._executor is executor:
                self._executor = None
            return await merge_here(tasks)
        return [texts for share in merged for texts in share]

    async def call(self, function: Callable[[_A], _B], given: _A, /) -> _B:
        """Call a function of a module; in this process when the others are gone."""
        executor = self._started()
        try:
            return await asyncio.get_running_loop().run_in_executor(executor, function, given)
        except BrokenProcessPool:
            if self._executor is executor:
                self._executor = None
            return await asyncio.to_thread(function, given)

    def close(self) -> None:
        """End the processes."""
        if self._executor is not None:
            self._executor.shutdown(wait=True, cancel_futures=True)
            self._executor = None

    def _started(self) -> ProcessPoolExecutor:
        if self._executor is None:
            self._executor = ProcessPoolExecutor(
                self._processes, multiprocessing.get_context("spawn"), initializer=_prepare
            )
        return self._executor


def _read(page: Sequence[DeliveredRecord], rules: ReadingRules) -> list[Reading]:
    """Understand a page, then look for garbage once: doing so all the time costs a fifth of the reading."""
    readings = read_deliveries(page, rules)
    gc.collect()
    return readings


def _merge(tasks: Sequence[MergeTask]) -> list[MasterTexts]:
    """Merge masters, then look for garbage once."""
    merged = merge_tasks(tasks)
    gc.collect()
    return merged


def _prepare() -> None:
    """What is loaded now is no garbage. A process whose parent was killed would wait for ever: it watches it."""
    gc.freeze()
    gc.disable()
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_watch, args=(parent.sentinel,), daemon=True).start()


def _watch(sentinel: int) -> None:
    wait([sentinel])
    os._exit(1)
