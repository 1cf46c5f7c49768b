"""Elasticsearch for tests: one node for all workers of a test run, and clusters of their own for tests that kill nodes.

Where no node can be had a test is skipped with the reason, and fails in CI.
"""

import contextlib
import fcntl
import itertools
import os
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import NoReturn, TypeVar

import pytest
from elastic_node import ElasticNode, NodeUnavailable, install, single_node, start

from unioncat.search.elasticsearch import Cluster, ClusterAddress

_HEAP_OF_THREE = "512m"
_T = TypeVar("_T")
_numbers = itertools.count()


@contextlib.asynccontextmanager
async def a_cluster(url: str) -> AsyncIterator[Cluster]:
    """Elasticsearch under a name that nobody else uses; what is left there is removed."""
    cluster = Cluster(ClusterAddress(tuple(url.split(",")), f"test-{os.getpid()}-{next(_numbers)}"))
    try:
        yield cluster
        async with cluster.client() as client:
            ours = f"{cluster.address.name}-*"
            for name in (await client.indices.get_alias(index=ours, expand_wildcards="all")).body:
                await client.indices.delete(index=name)
    finally:
        await cluster.close()


@contextlib.contextmanager
def shared_node(folder: Path) -> Iterator[str]:
    """The address of the node of all processes that name this folder.

    The first starts it, and waits at its end until the others are done with it.
    """
    gate, users, address = folder / "gate.lock", folder / "users.lock", folder / "address"
    with gate.open("a") as gated, users.open("a") as used, contextlib.ExitStack() as stack:
        fcntl.flock(gated, fcntl.LOCK_EX)
        if mine := not address.exists():
            address.write_text(stack.enter_context(_or_skipped(single_node())))
        fcntl.flock(used, fcntl.LOCK_SH)
        fcntl.flock(gated, fcntl.LOCK_UN)
        try:
            yield address.read_text()
        finally:
            fcntl.flock(used, fcntl.LOCK_UN)
            if mine:
                address.unlink()
                fcntl.flock(used, fcntl.LOCK_EX)


@contextlib.contextmanager
def three_nodes() -> Iterator[list[ElasticNode]]:
    """A cluster of three nodes; the first is its master."""
    with _or_skipped(_three_nodes()) as nodes:
        yield nodes


@contextlib.contextmanager
def _three_nodes() -> Iterator[list[ElasticNode]]:
    home = install()
    with tempfile.TemporaryDirectory(prefix="unioncat-es-") as folder, contextlib.ExitStack() as stack:

        def run(name: str, **settings: str) -> ElasticNode:
            named = {setting.replace("__", "."): value for setting, value in settings.items()}
            node = start(home, Path(folder, name), {"node.name": name, **named}, heap=_HEAP_OF_THREE)
            stack.callback(node.stop)
            return node

        first = run("n1", cluster__initial_master_nodes="n1")
        with ThreadPoolExecutor() as pool:
            others = pool.map(partial(run, discovery__seed_hosts=first.transport), ("n2", "n3"))
        yield [first, *others]


@contextlib.contextmanager
def one_node(port: int) -> Iterator[Callable[[], ElasticNode]]:
    """What starts a node at a port, again and again on the same data; the last one is stopped at the end."""
    with _or_skipped(_one_node(port)) as starting:
        yield starting


@contextlib.contextmanager
def _one_node(port: int) -> Iterator[Callable[[], ElasticNode]]:
    home, started = install(), []
    with tempfile.TemporaryDirectory(prefix="unioncat-es-") as data:

        def run() -> ElasticNode:
            settings = {"discovery.type": "single-node", "http.port": str(port)}
            started.append(start(home, Path(data), settings, heap=_HEAP_OF_THREE))
            return started[-1]

        try:
            yield run
        finally:
            for node in started:
                node.stop()


@contextlib.contextmanager
def _or_skipped(opening: contextlib.AbstractContextManager[_T]) -> Iterator[_T]:
    try:
        opened = opening.__enter__()
    except NodeUnavailable as error:
        _skip(str(error))
    try:
        yield opened
    finally:
        opening.__exit__(None, None, None)


def _skip(said: str) -> NoReturn:
    if os.environ.get("CI") == "true":
        pytest.fail(said)
    pytest.skip(said)
