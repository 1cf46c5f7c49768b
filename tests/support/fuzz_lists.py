"""Garbled lists: CSV and XLSX files as people and transfers damage them, read to their end.

`fuzz_lists(count, seed)` can be run with any count; it raises AssertionError with the number of the input that broke a rule,
and `garbled(number, seed)` makes that input again.
"""

import asyncio
import random
import resource
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from workbooks import Day, a_workbook, sheet_xml

from harvesters.lists import ListHarvester, is_list
from unioncat.core.errors import FileUnreadable
from unioncat.core.findings import FindingKind
from unioncat.core.parse.reading import Readable
from unioncat.core.parse.rows import isbn_of_row, parse_row

SECONDS = 10.0
"""No input of a few kilobytes takes as long as this."""
MEBIBYTES = 150
"""So much more memory than before is too much."""

_HEADER = ["STT", "Tên sách", "Tác giả", "NXB", "Năm XB", "ISBN", "Số ĐKCB", "Kho", "Số lượng", "Giá"]
_CELLS = [
    "Tắt đèn", "Ngô Tất Tố; Nam Cao", "9786045701126", "9.78605E+12", "0306406152", "2015", "2015.0", "45000", "VN001, VN002",
    "", "-", "#N/A", "=1+1", '"', '""', "a\nb", "x" * 300, "Tổng cộng", "Th\xad viÖn", "Nguyá»…n", "\ufeff", "\x00", "1e999", "nan",
    "-1", "99999999999999999999", "٣", "²", "1905-07-07", "I. SÁCH", "Tên sách", "Lê, Lợi", "\u202e", "é" * 50,
]  # fmt: skip
_PIECES = [
    b'"', b'""', b",", b";", b"\t", b"\r", b"\n", b"\r\n", b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"\x1a", b"\xc3", b"<", b"&a;",
    b"&#x0;", b"<!DOCTYPE x>", b"</row>", b"<row>", b"]]>", b't="s"', b'r="XFD1048576"', b'r="A99999999"', b"<v>", b"1e308",
    b'<mergeCell ref="A1:A1048576"/>', b"\x80" * 20, b"PK\x05\x06", b'"' * 99, b"," * 600,
]  # fmt: skip


@dataclass
class FuzzReport:
    """What became of the inputs."""

    inputs: int = 0
    records: int = 0
    refused: int = 0
    slowest: float = 0.0
    kinds: Counter[str] = field(default_factory=Counter)


def garbled(number: int, seed: int) -> tuple[str, bytes]:
    """The name and the bytes of one input."""
    rng = random.Random(f"{seed}:{number}")
    rows = [_HEADER[: rng.choice([10, 10, rng.randint(1, 10)])] if rng.random() < 0.9 else _row(rng)]
    rows += [_row(rng) for _ in range(rng.randint(0, 12))]
    if rng.random() < 0.5:
        delimiter = rng.choice([",", ";", "\t", "|"])
        text = rng.choice(["\n", "\r\n", "\r"]).join(delimiter.join(map(_quoted(rng), row)) for row in rows)
        encoding = rng.choice(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1258"])
        return f"{number}.csv", _damaged(rng, text.encode(encoding, "replace"))
    return f"{number}.xlsx", _garbled_workbook(rng, rows)


def _row(rng: random.Random) -> list[str]:
    return [rng.choice(_CELLS) for _ in range(rng.randint(0, 12))]


def _quoted(rng: random.Random) -> Callable[[str], str]:
    return lambda cell: '"' + cell.replace('"', '""') + '"' if rng.random() < 0.3 else cell


def _garbled_workbook(rng: random.Random, rows: list[list[str]]) -> bytes:
    """A workbook whose parts or whose archive is damaged."""
    cells = [
        [
            rng.choice([cell, 9.786e12, Day(2015), True, None])
            if rng.random() < 0.2
            else cell.replace("\x00", "")
            for cell in row
        ]
        for row in rows
    ]
    if rng.random() < 0.4:
        return _damaged(rng, a_workbook({"Sách": cells, "Bìa": [["x"]]}, merged=["B2:B4"]))
    part = rng.choice(
        [
            "xl/worksheets/sheet1.xml",
            "xl/workbook.xml",
            "xl/styles.xml",
            "xl/sharedStrings.xml",
            "_rels/.rels",
        ]
    )
    xml = _damaged(rng, sheet_xml(cells, ["A1:B2"], {}).encode("utf-8", "replace"))
    return a_workbook({"Sách": cells}, parts={part: xml})


def _damaged(rng: random.Random, data: bytes) -> bytes:
    for _ in range(rng.choice([0, 1, 1, 2, 5])):
        place = rng.randint(0, len(data))
        width = rng.choice([1, 1, 5, 50])
        data = rng.choice([
            lambda d, p, w: d[:p],
            lambda d, p, w: d[:p] + d[p + w :],
            lambda d, p, w: d[:p] + rng.choice(_PIECES) + d[p:],
            lambda d, p, w: d[:p] + rng.randbytes(w) + d[p + w :],
            lambda d, p, w: d[:p] + d[p : p + w] * 20 + d[p + w :],
        ])(data, place, width)  # fmt: skip
    return data


def fuzz_lists(count: int, seed: int) -> FuzzReport:
    """Read so many garbled lists; raises AssertionError where one breaks a rule.

    A list is delivered or refused with FileUnreadable; every row is a record or a reason; no two rows have the same
    identifier; nothing takes long or much memory.
    """
    report = FuzzReport()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(_fuzz(count, seed, Path(folder), report))
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < MEBIBYTES * 1024
    return report


async def _fuzz(count: int, seed: int, folder: Path, report: FuzzReport) -> None:
    for number in range(count):
        name, data = garbled(number, seed)
        path = folder / "input"
        path.write_bytes(data)
        began = time.perf_counter()
        try:
            is_list(data[:65536], name)
            await _read(path, name, report)
        except Exception as error:
            raise AssertionError(f"input {number} of seed {seed} ({name}): {error!r}") from error
        taken = time.perf_counter() - began
        assert taken < SECONDS, f"input {number} of seed {seed} took {taken:.1f} s"
        report.inputs += 1
        report.slowest = max(report.slowest, taken)


async def _read(path: Path, name: str, report: FuzzReport) -> None:
    identifiers: set[str | None] = set()
    records = 0
    try:
        async for page in ListHarvester(path, display_name=name).pages(None):
            for record in page.records:
                records += 1
                identifiers.add(record.identifier)
                reading = parse_row(record.raw, ())
                isbn_of_row(record.raw, ())
                report.kinds[
                    "record" if isinstance(reading, Readable) else FindingKind(reading.kind).value
                ] += 1
    except FileUnreadable as refusal:
        if name not in str(refusal):
            raise AssertionError(f"the refusal does not name the file: {refusal}") from refusal
        report.refused += 1
    assert len(identifiers) == records, "two rows have the same identifier"
    report.records += records
