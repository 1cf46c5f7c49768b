"""Garbled files of records, in every format that the readers know, read to their end.

`fuzz_records(seeds, count, seed)` can be run with any count; it raises AssertionError with the number of the input
that broke a rule, and `garbled(seeds, number, seed)` makes that input again.
"""

import asyncio
import json
import random
import re
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from wrong_encodings import AS, in_windows_1258

from harvesters.files import FileHarvester
from unioncat.core.delivery import DeliveredRecord, ParsedRecord, ReadingRules, RecordFormat, TextEncoding
from unioncat.core.errors import FileUnreadable
from unioncat.core.marc import ControlField, DataField, MarcRecord
from unioncat.core.parse.iso2709 import render_iso2709
from unioncat.core.parse.marcjson import render_marcjson
from unioncat.core.parse.marcxml import render_marcxml
from unioncat.core.parse.read import read_record

SECONDS = 1.0
"""No input of a few kilobytes takes as long as this."""
FORMATS = sorted(set(RecordFormat) - {RecordFormat.ROW})
"""The formats of files of records; lists have a reader and a fuzzer of their own."""

_TEXTS = [
    "Đất rừng phương Nam", "Đoàn Giỏi ; Bùi Xuân Phái", "Th viện Quốc gia", "Bộ GIáO DụC", "C# và C++ #1", "US$40", "$$a", "##", "1957",
    "Mü\u0308ller", "\u202e", "卡尔·马克思", "a^ o+ dd", "©2001", "Ã Ã Ã ", "x" * 400, "&amp;<b>", '"}', "\x98The \x9cend", "tập 1 = vol. 1",
]  # fmt: skip
_NOT_STORED = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_OF_1258 = frozenset("àáâãèéêìíòóôõùúýăđĩũơưạảấầẩẫậắằẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹĐ")
_PIECES = [
    b"\x1d", b"\x1e", b"\x1f", b"\x1e\x1d", b"#", b"##", b"##\nLdr ", b"$", b"$$", b"\n", b"\r\n", b"00025nam a2200025 a 4500", b"99999",
    b"<record>", b"</record>", b"<!--", b"<![CDATA[", b"]]>", b"&x;", b"&#x0;", b"{", b"}", b"[", b"]", b'"', b"\\", b"\\u0000", b"\x00", b"\xff\xfe",
    b"\xef\xbb\xbf", b"\x1b$1", b"\x1b(B", b"\xc3", b"\xad", b"\xe1\xbb", b"Ldr ", b"000000001 LDR   L ", b"\x1f\x8b", b"\x80" * 30, b"(" * 200,
    b"<a>" * 300, b"[" * 3000, b"^" * 500, b"\xc3\x83" * 300, b"a(" * 400, b"th " * 400,
]  # fmt: skip


@dataclass
class FuzzReport:
    """What became of the inputs."""

    inputs: int = 0
    refused: int = 0
    slowest: float = 0.0
    outcomes: Counter[str] = field(default_factory=Counter)


def rendered_seeds() -> list[bytes]:
    """Files of a few records in every format."""
    rng = random.Random(0)
    return [_file(rng, form) for form in FORMATS for _ in range(12)]


def _file(rng: random.Random, form: RecordFormat) -> bytes:
    records = [_record(rng, number) for number in range(rng.randint(1, 3))]
    if form is RecordFormat.MARCXML:
        inner = b"".join(render_marcxml(record).partition(b"?>")[2] for record in records)
        return b"<collection>" + inner + b"</collection>"
    if form is RecordFormat.MARC_JSON:
        return b"\n".join(json.dumps(render_marcjson(record)).encode() for record in records)
    if form is RecordFormat.OAI_DC:
        inner = "".join(
            f"<title>{value[:20].replace('&', '').replace('<', '')}</title>" for value in _values(records)
        )
        return f'<dc xmlns="http://purl.org/dc/elements/1.1/">{inner}</dc>'.encode("utf-8", "replace")
    if form is RecordFormat.LIBOL:
        return rng.choice([_libol_lines, _pseudo_iso])(records)
    if form is RecordFormat.ALEPH:
        return "".join(_aleph(record, number) for number, record in enumerate(records)).encode()
    return b"".join(map(render_iso2709, records))


def _record(rng: random.Random, number: int) -> MarcRecord:
    wrong = rng.choice([*AS.values(), str, str, str])
    values = [(rng.choice("abcn9"), wrong(rng.choice(_TEXTS))) for _ in range(rng.randint(1, 6))]
    fields = [DataField(rng.choice(["020", "245", "260", "653", "CAT"]), "1 ", (pair,)) for pair in values]
    return MarcRecord("00000nam a2200000 a 4500", (ControlField("001", f"b{number}"), *fields))


def _values(records: list[MarcRecord]) -> list[str]:
    return [
        value
        for one in records
        for part in one.fields
        if isinstance(part, DataField)
        for _, value in part.subfields
    ]


def _contents(record: MarcRecord) -> list[tuple[str, str]]:
    return [
        (one.tag, one.value if isinstance(one, ControlField) else one.indicators + "".join(f"${code}{value}" for code, value in one.subfields))
        for one in record.fields
    ]  # fmt: skip


def _libol_lines(records: list[MarcRecord]) -> bytes:
    lines = ("".join(f"#{tag} {text}\n" for tag, text in _contents(one)) for one in records)
    return "".join(f"Ldr 00025nam a2200024 a 4500\n{text}##\n" for text in lines).encode()


def _pseudo_iso(records: list[MarcRecord]) -> bytes:
    made = b""
    for one in records:
        contents = [(tag, f"{text}#".encode()) for tag, text in _contents(one)]
        directory = b"".join(b"%s%04d%05d" % (tag.encode(), len(text), 0) for tag, text in contents)
        made += b"00025nam a2200024 a 4500" + directory + b"#" + b"".join(text for _, text in contents) + b"#"
    return made


def _aleph(record: MarcRecord, number: int) -> str:
    lines = (f"{number:09} {tag}   L {text.replace('$', '$$')}\n" for tag, text in _contents(record))
    return f"{number:09} LDR   L 00000nam^a22^^^^^^a^4500\n" + "".join(lines)


def garbled(seeds: list[bytes], number: int, seed: int) -> bytes:
    """One input: a seed cut, garbled, spliced with another, or written in another encoding."""
    rng = random.Random(f"{seed}:{number}")
    data = rng.choice(seeds)
    if rng.random() < 0.2:
        data = _in_bytes(rng, data)
    for _ in range(rng.choice([1, 1, 2, 3, 6])):
        place, width = rng.randint(0, len(data)), rng.choice([1, 1, 4, 40])
        way = rng.randrange(6)
        if way == 0:
            data = data[:place]
        elif way == 1:
            data = data[:place] + data[place + width :]
        elif way == 2:
            data = data[:place] + rng.choice(_PIECES) + data[place:]
        elif way == 3:
            data = data[:place] + rng.randbytes(width) + data[place + width :]
        elif way == 4:
            data = data[:place] + data[place : place + width] * 30 + data[place + width :]
        else:
            other = rng.choice(seeds)
            data = data[:place] + other[rng.randint(0, len(other)) :]
    return data


def _in_bytes(rng: random.Random, data: bytes) -> bytes:
    """The text of a file in a one-byte encoding, or with wide characters."""
    text = data.decode("utf-8", "replace")
    if rng.random() < 0.5:
        return text.encode(rng.choice(["utf-16", "utf-16-le", "latin-1", "cp1251"]), "replace")
    return in_windows_1258("".join(sign for sign in text if sign.isascii() or sign in _OF_1258))


def fuzz_records(seeds: list[bytes], count: int, seed: int, first: int = 0) -> FuzzReport:
    """Read so many garbled files; raises AssertionError where one breaks a rule.

    A file is delivered or refused with FileUnreadable; each of its records, and the whole as a record of any format and
    any declared encoding, is a record that can be stored or a reason; nothing takes long.
    """
    report = FuzzReport()
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(_run(seeds, range(first, first + count), seed, Path(folder) / "garbled.dat", report))
    return report


async def _run(seeds: list[bytes], numbers: range, seed: int, path: Path, report: FuzzReport) -> None:
    for number in numbers:
        data = garbled(seeds, number, seed)
        path.write_bytes(data)
        begin = time.perf_counter()
        try:
            await _read(data, path, random.Random(number), report)
        except Exception as error:
            raise AssertionError(f"input {number} of seed {seed}: {error!r}") from error
        seconds = time.perf_counter() - begin
        assert seconds < SECONDS, f"input {number} of seed {seed} took {seconds:.1f} s"
        report.slowest = max(report.slowest, seconds)
        report.inputs += 1


async def _read(data: bytes, path: Path, rng: random.Random, report: FuzzReport) -> None:
    rules = ReadingRules(encoding=rng.choice([None, None, *TextEncoding]))
    found = [DeliveredRecord(data, rng.choice(FORMATS), "record 1")]
    try:
        async for page in FileHarvester(path).pages(None):
            found += page.records
    except FileUnreadable as refusal:
        report.refused += path.name in str(refusal)
    for delivered in found:
        read = read_record(delivered, rules)
        report.outcomes[type(read).__name__] += 1
        if isinstance(read, ParsedRecord):
            said = [one.detail for one in read.findings]
            assert read.marc.fields, "no fields"
            assert len(read.marc.leader) == 24, "a leader of another length"
            texts = [read.marc.leader, read.control_number, *_values([read.marc])]
            assert not _NOT_STORED.search("".join(texts)), "characters that cannot be stored"
        else:
            said = [read.reason]
            assert read.delivered is delivered
        assert all(said), "nothing said"
        assert not _NOT_STORED.search("".join(said)), f"characters that cannot be stored in {said}"
