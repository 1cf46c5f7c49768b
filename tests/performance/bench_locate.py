"""Locate 50 and 200 lines in a large catalogue: seconds for one list, as inter-library loan staff send it.

The masters are written into the database at once (COPY), without the matcher: titles of three to six common words, so
that many share most of theirs; persons, years, ISBN, holdings of one to five of 200 libraries, editions in pairs. The
index is built by the product. A list has equal parts of ISBN, control numbers, identifiers and citations.

Usage: python tests/performance/bench_locate.py [MASTERS]
"""

import asyncio
import json
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import asyncpg
from sqlalchemy import text
from sqlalchemy.engine import make_url

from unioncat.bootstrap import Application, open_application
from unioncat.core.identifiers import Isil, mint_master_id
from unioncat.core.library import MemberLibrary, Place, Position
from unioncat.core.membership.groups import GroupMember, GroupType, LibraryGroup
from unioncat.core.membership.units import current_units
from unioncat.core.normalise.isbn import read_isbn
from unioncat.core.registry import NEW_SOURCE, HarvestSource, Protocol
from unioncat.pipeline.locate import Question, locate
from unioncat.settings import Settings

LIBRARIES = 200
ROUNDS = 20
_KINDS = ("provincial", "university", "school", "special", "commune")
WORDS = [
    "giáo",
    "trình",
    "lịch",
    "sử",
    "văn",
    "học",
    "kinh",
    "tế",
    "chính",
    "trị",
    "xã",
    "hội",
    "khoa",
    "học",
    "kỹ",
    "thuật",
    "môi",
    "trường",
    "đất",
    "nước",
    "con",
    "người",
    "truyện",
    "thơ",
    "nghiên",
    "cứu",
    "phương",
    "pháp",
    "quản",
    "lý",
    "phát",
    "triển",
    "cơ",
    "sở",
    "toán",
    "vật",
    "lý",
    "hóa",
    "sinh",
    "y",
    "dược",
    "nông",
    "nghiệp",
    "pháp",
    "luật",
    "đời",
    "sống",
]
FAMILY, GIVEN = (
    ["Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Vũ", "Đặng", "Bùi", "Đỗ"],
    ["An", "Bình", "Cường", "Dũng", "Hà", "Lan", "Mai", "Nam", "Sơn", "Tú"],
)


def a_publication(serial: int) -> dict[str, Any]:
    """The document of one master; two neighbours are editions of one text."""
    draw = random.Random(serial // 2)
    title = " ".join(draw.choices(WORDS, k=draw.randint(3, 6))).capitalize()
    person = f"{draw.choice(FAMILY)} {draw.choice(WORDS).capitalize()} {draw.choice(GIVEN)}"
    return {
        "master_id": mint_master_id(serial),
        "title": title,
        "responsibility": person,
        "contributors": [person],
        "year": 1960 + draw.randrange(60) + 3 * (serial % 2),
        "isbns": [isbn_of(serial)],
        "libraries": [isil_of(number) for number in sorted(holders(serial))],
    }


def isbn_of(serial: int) -> str:
    body = f"978604{serial:06d}"
    return body + str(-sum(int(sign) * (3 if place % 2 else 1) for place, sign in enumerate(body)) % 10)


def holders(serial: int) -> Sequence[int]:
    draw = random.Random(serial)
    return draw.sample(range(LIBRARIES), draw.randint(1, 5))


def isil_of(number: int) -> str:
    return f"VN-B{number:03d}"


Publication = Callable[[int], dict[str, Any]]
"""The document of the master of a serial number."""


async def fill(application: Application, count: int, publication: Publication = a_publication) -> None:
    """Libraries with a source and a run each, then masters, descriptions and records by COPY."""
    async with application.store.work() as work:
        pact = LibraryGroup("pact", GroupType.AGREEMENT, "Liên thông")
        await work.libraries.save_group(pact)
        for number in range(LIBRARIES):
            isil, unit = Isil(isil_of(number)), current_units()[number % 34]
            place = Place(unit.code, position=Position(unit.position.latitude, unit.position.longitude))
            await work.registry.save_library(
                MemberLibrary(isil, f"Thư viện {number}", None, unit.name, _KINDS[number % 5], place=place)
            )
            await work.sources.save(HarvestSource(NEW_SOURCE, isil, Protocol.FILE, "upload", "auto"))
            if number % 3 == 0:
                await work.libraries.save_member("pact", GroupMember(isil))
        await work.connection.execute(
            text(
                "INSERT INTO harvest (source_id, status) SELECT id, 'complete' FROM harvest_source ORDER BY id"
            )
        )
        await work.commit()
    await application.catch_up()  # so that it knows of the libraries and of the policy
    url = make_url(application.store.address)
    raw = await asyncpg.connect(
        host=url.query.get("host", url.host), port=url.port or 5432, user=url.username, database=url.database
    )
    try:
        await _copy(raw, count, publication)
    finally:
        await raw.close()


async def _copy(raw: Any, count: int, publication: Publication) -> None:
    serials = range(1, count + 1)
    await raw.copy_records_to_table(
        "description",
        columns=["fingerprint", "content", "keys", "matched"],
        records=((f"{serial}", "{}", [], True) for serial in serials),
    )
    first = await raw.fetchval("SELECT min(id) FROM description")
    await raw.copy_records_to_table(
        "master_record",
        columns=["serial", "master_id", "status", "version", "content", "document", "isbns", "issns"],
        records=(
            (
                serial,
                mint_master_id(serial),
                "live",
                1,
                _content(serial, one),
                json.dumps(one),
                one["isbns"],
                [],
            )
            for serial, one in ((serial, publication(serial)) for serial in serials)
        ),
    )
    await raw.copy_records_to_table(
        "source_record",
        columns=_RECORD,
        records=_records(serials, first),
    )
    await raw.copy_records_to_table(
        "pair_relation",
        columns=["low", "high", "kind"],
        records=((first + serial - 1, first + serial, "other-edition") for serial in range(2, count, 2)),
    )
    await raw.execute("ANALYZE")


def _content(serial: int, one: dict[str, Any]) -> str:
    """A merged record that states the title."""
    contributor = [isil_of(holders(serial)[0]), f"R{serial}", "2026-01-01"]
    record = ["00000nam a2200000 a 4500", [["245", "10", ["a", one["title"]]]]]
    return json.dumps({"record": record, "contributors": [contributor], "provenance": [["only", 0]] * 2})


_RECORD = [
    "id", "source_id", "identifier", "control_number", "format", "raw", "content_hash", "datestamp", "deleted", "marc",
    "holdings", "description_id", "master_serial", "member", "harvest_id",
]  # fmt: skip


def _records(serials: Sequence[int], first: int) -> Iterator[tuple[Any, ...]]:
    number = 0
    for serial in serials:
        for library in holders(serial):
            number += 1
            holding = [
                {"location": "Kho đọc", "call_number": f"{serial}", "copies": 2, "items": [{"barcode": "1"}]}
            ]
            yield (
                number, library + 1, f"{serial}", f"R{serial}", "iso2709", b"", b"", "2026-01-01", False, "{}",
                json.dumps(holding), first + serial - 1, serial, True, library + 1,
            )  # fmt: skip


def a_list(count: int, draw: random.Random, lines: int) -> tuple[str, ...]:
    """Lines of all kinds, equally many."""
    return tuple(_line(draw.randint(1, count), place % 4) for place in range(lines))


def _line(serial: int, kind: int) -> str:
    one = a_publication(serial)
    return (
        isbn_of(serial),
        f"({isil_of(holders(serial)[0])})R{serial}",
        mint_master_id(serial),
        f"{one['responsibility']}, {one['title']}, {one['year']}",
    )[kind]


async def bench(home: Path, count: int) -> None:
    """Fill, index, ask."""
    async with open_application(Settings(home=home)) as application:
        begin = time.perf_counter()
        await fill(application, count)
        print(f"{count:,} masters written in {time.perf_counter() - begin:.0f} s", flush=True)
        begin = time.perf_counter()
        documents = await application.reindex()
        print(f"{documents:,} documents indexed in {time.perf_counter() - begin:.0f} s", flush=True)
        draw = random.Random(7)
        for lines in (50, 200):
            for any_edition in (False, True):
                await ask(application, count, lines, any_edition, draw)


async def ask(
    application: Application, count: int, lines: int, any_edition: bool, draw: random.Random
) -> None:
    """Print the median and the slowest of some lists, none asked twice."""
    services, times, found = application.services, [], 0
    for _ in range(ROUNDS):
        question = Question(
            a_list(count, draw, lines), date(2026, 11, 23), Isil(isil_of(0)), None, any_edition
        )
        begin = time.perf_counter()
        answers = await locate(question, services.store, services.search)
        times.append(time.perf_counter() - begin)
        found += sum(line.state == "exact" for line in answers)
    print(
        f"{lines} lines{', any edition' if any_edition else ''}: p50 {statistics.median(times):.2f} s, "
        f"slowest {max(times):.2f} s of {ROUNDS} lists; {found / (ROUNDS * lines):.1%} exact",
        flush=True,
    )


if __name__ == "__main__":
    assert read_isbn(isbn_of(1234)).isbn13 == isbn_of(1234)
    with tempfile.TemporaryDirectory(prefix="unioncat-bench-") as folder:
        Path(folder).chmod(0o755)
        asyncio.run(bench(Path(folder), int(sys.argv[1]) if len(sys.argv) > 1 else 300_000))
