"""The commands about running feeds, as people use them."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import typer
from click.testing import Result
from database import fresh_store
from scripted_feeds import registered_feeds
from typer.testing import CliRunner

from unioncat.cli import running
from unioncat.core.errors import UnioncatError
from unioncat.core.registry import HarvestSource, HarvestTerms
from unioncat.pipeline.feeds_port import FeedStanding
from unioncat.store.engine import PostgresStore

UNIONCAT = Path(sys.executable).with_name("unioncat")


class Home:
    """A home with two feeds at an address where nobody answers."""

    def __init__(self, runner: asyncio.Runner, store: PostgresStore, feeds: list[HarvestSource]) -> None:
        self.runner, self.store, self.feeds = runner, store, feeds
        self.app = typer.Typer()
        self.app.add_typer(running.commands)
        self.app.add_typer(running.source, name="source")

    def __call__(self, *arguments: str) -> Result:
        return CliRunner().invoke(self.app, arguments)

    def good(self, *arguments: str) -> str:
        done = self(*arguments)
        assert done.exit_code == 0, done.exception
        return done.output

    def refused(self, *arguments: str) -> str:
        error = self(*arguments).exception
        assert isinstance(error, UnioncatError)
        return str(error)

    def standing(self, feed: HarvestSource) -> FeedStanding:
        async def ask() -> FeedStanding:
            async with self.store.work() as work:
                return await work.running.standing(feed.id)

        return self.runner.run(ask())


@pytest.fixture
def home(postgres_server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Home]:
    with asyncio.Runner() as runner:
        stores = fresh_store(postgres_server)
        store = runner.run(stores.__aenter__())
        monkeypatch.setenv("UNIONCAT_HOME", str(tmp_path))
        monkeypatch.setenv("UNIONCAT_DATABASE_URL", store.address)
        yield Home(runner, store, runner.run(_feeds(store)))
        runner.run(stores.__aexit__(None, None, None))


async def _feeds(store: PostgresStore) -> list[HarvestSource]:
    """The second one is due."""
    first, second = await registered_feeds(store, 2)
    async with store.work() as work:
        for number, feed in enumerate((first, second)):
            await work.sources.save(
                replace(feed, address=f"http://127.0.0.1:9/oai{number}", terms=HarvestTerms("0 2 * * *"))
            )
        now = datetime.now(UTC)
        await work.running.save_standing(FeedStanding(first.id, now + timedelta(hours=9), 0, None))
        await work.running.save_standing(FeedStanding(second.id, now - timedelta(hours=1), 0, None))
        await work.commit()
    return [first, second]


def test_a_feed_is_started_shown_and_stopped(home: Home) -> None:
    number = str(home.feeds[0].id)
    assert "Nothing runs and nothing waits" in home.good("jobs")
    assert "waits for a worker" in home.good("source", "start", number, "--from", "2026-01-31")
    assert "waits already" in home.good("source", "start", number)
    (job,) = json.loads(home.good("jobs", "--json"))["jobs"]
    assert (job["source"], job["state"], job["from"]) == (home.feeds[0].id, "queued", "2026-01-31")
    assert "queued" in home.good("jobs")
    assert "stops after its page" in home.good("source", "stop", number)
    assert "does not wait" in home.good("source", "stop", number)
    assert json.loads(home.good("jobs", "--json"))["jobs"] == []


def test_what_is_due_next_is_shown_the_first_one_first(home: Home) -> None:
    due = json.loads(home.good("jobs", "--json"))["due"]
    assert [row["source"] for row in due] == [home.feeds[1].id, home.feeds[0].id]
    assert home.good("jobs").count(" due ") == 2


def test_what_is_wrong_is_said(home: Home) -> None:
    number = str(home.feeds[0].id)
    assert "2026-01-31" in home.refused("source", "start", number, "--from", "yesterday")
    assert "99" in home.refused("source", "start", "99")
    assert "99" in home.refused("source", "stop", "99")
    home.good("source", "start", number)
    assert "unioncat source stop" in home.refused("source", "start", number, "--from", "all")


def test_a_worker_runs_what_is_asked_for_and_due_until_it_is_stopped(home: Home) -> None:
    home.good("source", "start", str(home.feeds[0].id), "--now")
    worker = subprocess.Popen([UNIONCAT, "worker"], env=dict(os.environ), stdout=subprocess.PIPE, text=True)
    try:
        deadline = time.monotonic() + 60
        while not all(home.standing(feed).failures == 1 for feed in home.feeds):
            assert time.monotonic() < deadline
            assert worker.poll() is None
            time.sleep(0.2)
        for feed in home.feeds:
            standing = home.standing(feed)
            assert "127.0.0.1" in (standing.message or "")
            assert standing.due is not None
            assert standing.due > datetime.now(UTC)
        shown = json.loads(home.good("jobs", "--json"))
        assert (shown["jobs"], [row["failures"] for row in shown["due"]]) == ([], [1, 1])
        assert "127.0.0.1" in home.good("jobs")
    finally:
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(timeout=60) == 0
