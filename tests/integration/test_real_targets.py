"""Real servers of others: Zebra in three configurations, over Z39.50 and SRU, and yaz-ztest.

They are Debian packages. A machine without them skips these tests; CI installs them, and fails without.
"""

import asyncio
import json
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from offices import feeds_of
from target_sources import changed, member_at, numbers
from z3950_target import a_held

from harvesters.z3950.records import Syntax
from harvesters.z3950.shelf import Held
from unioncat.core.parse.iso2709 import render_iso2709
from unioncat.core.registry import Protocol
from unioncat.pipeline.quality_desk import QualityDesk
from unioncat.pipeline.target_desk import show_target
from unioncat.samples.zebra import DATABASE, PACKAGES, Style, Zebra
from unioncat.store.engine import PostgresStore

RECORDS = [
    a_held(
        n,
        "Lịch sử Đà Nẵng",
        date=f"2025{1 + n % 12:02d}{1 + n % 28:02d}",
        year="" if n % 40 == 0 else f"{1990 + n % 9}",
    )
    for n in range(1, 1501)
]
STRATEGIES = {Style.ICU: "date-range", Style.CHR: "date-range", Style.KOHA: "date-prefix"}


@pytest.fixture(scope="module", autouse=True)
def _installed() -> None:
    """Zebra and yaz-ztest are here, or the test is skipped; in CI it fails."""
    if Zebra.is_here() and shutil.which("yaz-ztest"):
        return
    said = f"Zebra and yaz-ztest are not installed; install: {' '.join(PACKAGES)}"
    if os.environ.get("CI") == "true":
        pytest.fail(said)
    pytest.skip(said)


@contextmanager
def _zebra(folder: Path, style: Style = Style.ICU, charset: str = "utf-8") -> Iterator[tuple[Zebra, int]]:
    zebra = Zebra(folder / "zebra", style, charset)
    zebra.prepare()
    zebra.update(one.raw for one in RECORDS)
    with zebra.serving() as port:
        yield zebra, port


def _gone(one: Held) -> bytes:
    return render_iso2709(replace(one.marc, leader=one.marc.leader[:5] + "d" + one.marc.leader[6:]))


@pytest.mark.parametrize("protocol", [Protocol.Z3950, Protocol.SRU])
@pytest.mark.parametrize("style", Style)
async def test_everything_and_then_what_changed_and_is_gone(
    store: PostgresStore, tmp_path: Path, style: Style, protocol: Protocol
) -> None:
    with _zebra(tmp_path, style) as (zebra, port):
        scheme = "z3950" if protocol is Protocol.Z3950 else "http"
        member = await member_at(
            feeds_of(store, tmp_path), protocol, f"{scheme}://127.0.0.1:{port}/{DATABASE}"
        )
        counts = await member.harvest()
        assert (counts.created, counts.rejected) == (len(RECORDS), 0)
        assert await member.live() == numbers(RECORDS)
        if protocol is Protocol.Z3950:
            assert json.loads(await member.profile())["strategy"] == STRATEGIES[style]

        now = [changed(one, "Đường về Huế") for one in RECORDS[:300]] + RECORDS[340:]
        zebra.update([one.raw for one in now[:300]] + [_gone(one) for one in RECORDS[300:340]])
        counts = await member.harvest()
        assert (counts.created, counts.updated) == (0, 300)
        assert await member.live() == numbers(now)
        view = await show_target(store, member.source.id)
        assert view.parts
        assert not any(part.missing for part in view.parts)


async def test_a_form_that_loses_vietnamese_letters_is_named_and_another_is_asked_for(
    store: PostgresStore, tmp_path: Path
) -> None:
    with _zebra(tmp_path, charset="marc-8") as (_, port):
        feeds = feeds_of(store, tmp_path)
        member = await member_at(feeds, Protocol.Z3950, f"z3950://127.0.0.1:{port}/{DATABASE}")
        report = await QualityDesk(store, feeds.probe).check(member.source.id)
        assert "target-other-form" in {one.code for one in report.reasons}
        assert (await member.harvest()).created == len(RECORDS)
        assert json.loads(await member.profile())["syntax"] == Syntax.XML


async def test_records_that_are_reindexed_in_mid_harvest_neither_vanish_nor_double(
    store: PostgresStore, tmp_path: Path
) -> None:
    with _zebra(tmp_path) as (zebra, port):
        feeds = feeds_of(store, tmp_path)
        member = await member_at(feeds, Protocol.Z3950, f"z3950://127.0.0.1:{port}/{DATABASE}")
        now = [*RECORDS[:200], *RECORDS[230:]]
        under_way = asyncio.create_task(member.harvest())
        for _ in range(500):
            if under_way.done() or await member.live():
                break
            await asyncio.sleep(0.01)
        await asyncio.to_thread(zebra.update, [_gone(one) for one in RECORDS[200:230]])
        await under_way
        await member.harvest()
        assert await member.live() == numbers(now)


@contextmanager
def _ztest(folder: Path) -> Iterator[int]:
    """yaz-ztest on a free port."""
    folder.mkdir()
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    with (folder / "log").open("w") as log:
        server = subprocess.Popen(["yaz-ztest", f"tcp:127.0.0.1:{port}"], cwd=folder, stdout=log, stderr=log)
        try:
            for _ in range(100):
                with socket.socket() as tried:
                    if tried.connect_ex(("127.0.0.1", port)) == 0:
                        break
                time.sleep(0.05)
            yield port
        finally:
            server.kill()
            server.wait()


async def test_yaz_ztest_tells_holdings_and_its_made_up_counts_prove_nothing(
    store: PostgresStore, tmp_path: Path
) -> None:
    """It finds as many records as the number in a query says: no count of its own is believed."""
    with _ztest(tmp_path / "ztest") as port:
        feeds = feeds_of(store, tmp_path)
        member = await member_at(feeds, Protocol.Z3950, f"z3950://127.0.0.1:{port}/Default")
        seen = (await QualityDesk(store, feeds.probe).check(member.source.id)).identity.target
        assert seen is not None
        assert (seen.syntax, seen.holdings, seen.total) == ("OPAC F", True, None)
        counts = await member.harvest()
        assert (counts.delivered, counts.rejected) == (3, 0)
        async with store.work() as work:
            stored = await work.records.stored(member.source.id, 0, 9)
        assert all("status_time" in one.holdings for one in stored)
