"""A file as a feed: what it delivers, how it resumes, and what it says about a file that it cannot read."""

import gzip
import json
from pathlib import Path

import pytest

from harvesters.files import PAGE, FileHarvester, sniff_format
from unioncat.core.delivery import DeliveredRecord, RecordFormat
from unioncat.core.errors import FileUnreadable
from unioncat.core.marc import ControlField, DataField, MarcRecord
from unioncat.core.parse.iso2709 import render_iso2709
from unioncat.core.parse.marcjson import render_marcjson
from unioncat.core.parse.marcxml import render_marcxml
from unioncat.core.registry import Checkpoint


def a_record(number: int) -> MarcRecord:
    title = DataField("245", "10", (("a", f"Truyện {number * 7919:x}"),))
    return MarcRecord("00000nam a2200000 a 4500", (ControlField("001", str(number)), title))


def a_file(path: Path, count: int = 3) -> bytes:
    contents = b"".join(render_iso2709(a_record(number)) for number in range(count))
    path.write_bytes(contents)
    return contents


async def deliver(path: Path, resume: Checkpoint | None = None) -> list[DeliveredRecord]:
    return [record async for page in FileHarvester(path).pages(resume) for record in page.records]


async def refusal(path: Path) -> str:
    with pytest.raises(FileUnreadable) as refused:
        await deliver(path)
    return str(refused.value)


async def test_a_file_comes_in_pages_and_resumes_after_each(tmp_path: Path) -> None:
    path = tmp_path / "books.mrc"
    a_file(path, PAGE + 3)
    pages = [page async for page in FileHarvester(path, "upload.mrc").pages(None)]
    assert [len(page.records) for page in pages] == [PAGE, 3]
    assert pages[0].records[16].place == "record 17 of upload.mrc"
    rest = [page async for page in FileHarvester(path, "upload.mrc").pages(pages[0].checkpoint)]
    assert rest == pages[1:]
    assert [page async for page in FileHarvester(path).pages(pages[1].checkpoint)] == []


@pytest.mark.parametrize("compress", [bytes, gzip.compress])
@pytest.mark.parametrize(
    ("form", "contents"),
    [
        (RecordFormat.ISO2709, render_iso2709(a_record(1))),
        (RecordFormat.MARCXML, render_marcxml(a_record(1))),
        (RecordFormat.MARC_JSON, json.dumps(render_marcjson(a_record(1))).encode()),
        (RecordFormat.LIBOL, b"Ldr 00025nam a2200024 a 4500\n#001 A\n#245 10 $aB\n##\n"),
        (RecordFormat.LIBOL, b"\xef\xbb\xbf00041nam a2200037 p 4500001000300000#A1##"),
        (RecordFormat.ALEPH, b"000000001 FMT   L BK\n000000001 24510 L $$aA\n"),
        (RecordFormat.OAI_DC, b'<dc xmlns="http://purl.org/dc/elements/1.1/"><title>T</title></dc>'),
    ],
)
async def test_the_format_is_told_from_the_contents(
    tmp_path: Path, form: RecordFormat, contents: bytes, compress
) -> None:
    path = tmp_path / "upload.dat"
    path.write_bytes(compress(contents))
    assert [record.format for record in await deliver(path)] == [form]


@pytest.mark.parametrize(
    "head", [b"", b"id,title\n1,x", b"12345,2001,7\n", b'{"name": "x"}', b"=LDR  00755cam", b"PK\x03\x04"]
)
def test_a_head_of_no_format_that_is_read_is_none(head: bytes) -> None:
    assert sniff_format(head) is None


async def test_a_truncated_gzip_delivers_what_came_before_and_then_fails(tmp_path: Path) -> None:
    path = tmp_path / "books.mrc.gz"
    contents = a_file(path, 2000)
    path.write_bytes(gzip.compress(contents)[:-2000])
    delivered: list[DeliveredRecord] = []

    async def collect() -> None:
        async for page in FileHarvester(path).pages(None):
            delivered.extend(page.records)

    with pytest.raises(FileUnreadable, match=r"^books\.mrc\.gz is a damaged gzip file: after \d+ bytes"):
        await collect()
    assert len(delivered) > PAGE
    assert contents.startswith(b"".join(record.raw for record in delivered))


async def test_a_long_page_is_kept_short(tmp_path: Path) -> None:
    path = tmp_path / "long.mrc"
    path.write_bytes(a_file(path) + b"x" * 30_000_000)
    pages = [page async for page in FileHarvester(path).pages(None)]
    assert [len(page.records) for page in pages] == [5, 1]


async def test_a_file_that_cannot_be_read_is_refused_with_its_name_and_what_is_wrong(tmp_path: Path) -> None:
    empty, page = tmp_path / "empty.mrc", tmp_path / "page.xml"
    empty.write_bytes(b"\n ")
    page.write_text("<html><body>No records</body></html>")
    settings = tmp_path / "settings.json"
    settings.write_text('{"colour": "blue"}')
    assert await refusal(empty) == "empty.mrc is empty; deliver a file with records"
    assert "page.xml holds no bibliographic record" in await refusal(page)
    assert 'settings.json holds JSON without the "leader" and "fields"' in await refusal(settings)
    assert "missing.mrc cannot be read: No such file" in await refusal(tmp_path / "missing.mrc")
    assert "cannot be read: Is a directory" in await refusal(tmp_path)


async def test_a_gzip_file_that_grows_without_end_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "bomb.mrc.gz"
    path.write_bytes(gzip.compress(b'{"leader": "' + b"0" * 64 * 2**20))
    with pytest.raises(FileUnreadable, match="grows more than 200 times"):
        [page async for page in FileHarvester(path).pages(None)]
