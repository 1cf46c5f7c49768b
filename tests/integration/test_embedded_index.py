"""The folder of the embedded index: generations, locks, other processes, and what breaks."""

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from search_documents import a_document

from unioncat.core.errors import CursorExpired, IndexOutdated, IndexUnavailable, InvalidQuery
from unioncat.core.identifiers import mint_master_id
from unioncat.core.index import cursor as cursors
from unioncat.core.index.document import SearchDocument
from unioncat.core.index.request import SearchRequest
from unioncat.search.embedded import TantivyIndex, TantivyWriter

_OTHER_PROCESS = """
import asyncio, sys
from pathlib import Path
from unioncat.core.identifiers import mint_master_id
from unioncat.core.index.document import SearchDocument
from unioncat.search.embedded import TantivyWriter

async def write():
    writer = await TantivyWriter.open(Path(sys.argv[1]))
    def pages():
        for number in range(10, 20):
            yield SearchDocument(mint_master_id(number), 1, "theirs")
        if sys.argv[2] == "hang":
            print("half", flush=True)
            sys.stdin.read()
    await writer.apply(pages(), (), 20)
    print("done", flush=True)
    sys.stdin.read()

asyncio.run(write())
"""


def another_process(folder: Path, how: str) -> "subprocess.Popen[str]":
    """A process that writes ten documents, or hangs before they are committed."""
    process = subprocess.Popen(
        [sys.executable, "-c", _OTHER_PROCESS, str(folder), how],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline().strip() == ("half" if how == "hang" else "done")
    return process


def end(process: "subprocess.Popen[str]") -> None:
    process.kill()
    process.communicate()


def generations(folder: Path) -> list[Path]:
    return [path for path in folder.iterdir() if path.is_dir()]


def the_file(folder: Path, name: str) -> Path:
    (generation,) = generations(folder)
    return generation / name


async def found(folder: Path) -> list[str]:
    index = TantivyIndex(folder)
    page = await index.search(SearchRequest(size=100))
    await index.close()
    return [hit.title for hit in page.hits]


async def write(folder: Path, *documents: SearchDocument, position: int = 1) -> None:
    async with await TantivyWriter.open(folder) as writer:
        await writer.apply(documents, (), position)


async def test_a_second_writer_is_told_which_folder_is_taken(tmp_path: Path) -> None:
    async with await TantivyWriter.open(tmp_path):
        with pytest.raises(IndexUnavailable, match=tmp_path.name):
            await TantivyWriter.open(tmp_path)
    async with await TantivyWriter.open(tmp_path):
        pass


async def test_a_reader_sees_what_another_process_has_written(tmp_path: Path) -> None:
    reader = TantivyIndex(tmp_path)
    assert await reader.count() == 0
    other = another_process(tmp_path, "write")
    try:
        assert (await reader.count(), await reader.position()) == (10, 20)
    finally:
        end(other)


async def test_a_killed_writer_leaves_the_last_commit_and_no_lock(tmp_path: Path) -> None:
    await write(tmp_path, a_document(1, "ours"), position=7)
    end(another_process(tmp_path, "hang"))
    async with await TantivyWriter.open(tmp_path) as writer:
        assert await writer.position() == 7
        assert await found(tmp_path) == ["ours"]
        await writer.apply([a_document(n, "theirs") for n in range(10, 20)], (), 20)
    assert sorted(await found(tmp_path)) == ["ours", *["theirs"] * 10]


async def test_a_rebuilt_index_is_seen_once_it_is_switched_and_not_before(tmp_path: Path) -> None:
    await write(tmp_path, a_document(1, "old"), position=5)
    reader = TantivyIndex(tmp_path)
    assert await reader.count() == 1
    async with TantivyWriter.rebuild(tmp_path) as writer:
        await writer.apply([a_document(1, "new"), a_document(2, "new")], (), 9)
        assert (await reader.count(), await reader.position()) == (1, 5)
        await writer.switch()
    assert (await reader.count(), await reader.position()) == (2, 9)
    assert len(generations(tmp_path)) == 1


async def test_searches_go_on_while_the_index_is_rebuilt_again_and_again(tmp_path: Path) -> None:
    await write(tmp_path, a_document(1, "x"))
    reader = TantivyIndex(tmp_path)

    async def rebuild() -> None:
        for _ in range(8):
            async with TantivyWriter.rebuild(tmp_path) as writer:
                await writer.apply([a_document(1, "x")], (), 1)
                await writer.switch()

    rebuilding = asyncio.create_task(rebuild())
    while not rebuilding.done():
        assert await reader.count() == 1
    await rebuilding


async def test_a_writer_of_the_old_generation_stops_after_the_switch(tmp_path: Path) -> None:
    async with await TantivyWriter.open(tmp_path) as old:
        await old.apply([a_document(1, "old")], (), 1)
        async with TantivyWriter.rebuild(tmp_path) as new:
            await old.apply([a_document(2, "meanwhile")], (), 2)
            await new.apply([a_document(1, "new")], (), 1)
            await new.switch()
        with pytest.raises(IndexUnavailable, match="rebuilt"):
            await old.apply([a_document(3, "late")], (), 3)
    async with await TantivyWriter.open(tmp_path) as writer:
        assert await writer.position() == 1


async def test_only_one_rebuild_at_a_time(tmp_path: Path) -> None:
    async with TantivyWriter.rebuild(tmp_path):
        with pytest.raises(IndexUnavailable, match="being rebuilt"):
            TantivyWriter.rebuild(tmp_path)


async def test_an_abandoned_rebuild_changes_nothing_and_goes_with_the_next(tmp_path: Path) -> None:
    await write(tmp_path, a_document(1, "old"))
    async with TantivyWriter.rebuild(tmp_path) as writer:
        await writer.apply([a_document(2, "half")], (), 9)
    assert await found(tmp_path) == ["old"]
    async with TantivyWriter.rebuild(tmp_path) as writer:
        await writer.switch()
    assert await found(tmp_path) == []
    assert len(generations(tmp_path)) == 1


async def test_a_closed_rebuild_can_still_be_switched(tmp_path: Path) -> None:
    writer = TantivyWriter.rebuild(tmp_path)
    await writer.apply([a_document(1, "new")], (), 3)
    await writer.close()
    await writer.switch()
    assert await found(tmp_path) == ["new"]


async def test_an_index_of_another_version_asks_for_a_rebuild(tmp_path: Path) -> None:
    await write(tmp_path, a_document(1, "old"))
    generations(tmp_path)[0].rename(tmp_path / "v0-000001")
    (tmp_path / "current").write_text("v0-000001")
    for ask in (TantivyIndex(tmp_path).count, TantivyIndex(tmp_path).position):
        with pytest.raises(IndexOutdated, match="unioncat reindex"):
            await ask()
    with pytest.raises(IndexOutdated, match="unioncat reindex"):
        await TantivyWriter.open(tmp_path)
    async with TantivyWriter.rebuild(tmp_path) as writer:
        await writer.switch()
    assert await found(tmp_path) == []


async def test_a_damaged_index_asks_for_a_rebuild(tmp_path: Path) -> None:
    await write(tmp_path, a_document(1, "old"))
    meta = the_file(tmp_path, "meta.json")
    meta.write_text("{")
    with pytest.raises(IndexUnavailable, match="unioncat reindex"):
        await TantivyIndex(tmp_path).count()
    meta.unlink()
    with pytest.raises(IndexUnavailable, match="unioncat reindex"):
        await TantivyIndex(tmp_path).count()


async def test_a_folder_that_is_a_file_is_named(tmp_path: Path) -> None:
    place = tmp_path / "index"
    place.write_text("")
    for open_it in (TantivyIndex(place).count, lambda: TantivyWriter.open(place)):
        with pytest.raises(IndexUnavailable, match=str(place)):
            await open_it()
    with pytest.raises(IndexUnavailable, match=str(place)):
        TantivyWriter.rebuild(place)


async def test_a_lost_position_means_from_the_beginning(tmp_path: Path) -> None:
    await write(tmp_path, a_document(1, "old"), position=5)
    the_file(tmp_path, "position").unlink()
    async with await TantivyWriter.open(tmp_path) as writer:
        assert await writer.position() == 0


async def test_a_failed_apply_leaves_nothing_behind(tmp_path: Path) -> None:
    def broken() -> Iterator[SearchDocument]:
        yield a_document(1, "half")
        raise RuntimeError("the source broke")

    async with await TantivyWriter.open(tmp_path) as writer:
        with pytest.raises(RuntimeError):
            await writer.apply(broken(), (), 1)
        assert await writer.position() == 0
        await writer.apply([a_document(2, "whole")], [mint_master_id(3)], 2)
    assert await found(tmp_path) == ["whole"]


async def test_a_closed_writer_says_so(tmp_path: Path) -> None:
    writer = await TantivyWriter.open(tmp_path)
    await writer.close()
    await writer.close()
    with pytest.raises(IndexUnavailable, match="closed"):
        await writer.apply([], [], 1)


async def test_a_cursor_belongs_to_its_search_and_to_its_version(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await write(tmp_path, *(a_document(n, "a b") for n in range(5)))
    index = TantivyIndex(tmp_path)
    cursor = (await index.search(SearchRequest("a", size=1))).next_cursor
    with pytest.raises(InvalidQuery, match="another search"):
        await index.search(SearchRequest("b", size=1, cursor=cursor))
    monkeypatch.setattr(cursors, "INDEX_VERSION", 999)
    with pytest.raises(CursorExpired):
        await index.search(SearchRequest("a", size=1, cursor=cursor))


async def test_a_cursor_outlives_a_rebuild(tmp_path: Path) -> None:
    documents = [a_document(n, "toán", year=2000 + n) for n in range(9)]
    await write(tmp_path, *documents)
    index = TantivyIndex(tmp_path)
    first = await index.search(SearchRequest("toan", size=4))
    async with TantivyWriter.rebuild(tmp_path) as writer:
        await writer.apply(reversed(documents), (), 1)
        await writer.switch()
    second = await index.search(SearchRequest("toan", size=10, cursor=first.next_cursor))
    assert [*first.hits, *second.hits] == documents


async def test_pages_go_through_thousands_of_equal_points_in_the_order_of_identifiers(tmp_path: Path) -> None:
    held = ("VN-A", "VN-B")
    better = [a_document(n, "Toán", libraries=held) for n in range(9_000, 9_030)]
    equal = [a_document(n * 7 % 2_503, "Toán") for n in range(2_503)]
    for start in range(0, 2_503, 900):
        await write(tmp_path, *equal[start : start + 900], position=start + 1)
    await write(tmp_path, *better, position=9_999)
    expected = sorted(d.master_id for d in better) + sorted(d.master_id for d in equal)
    index, found, cursor = TantivyIndex(tmp_path), [], None
    while True:
        page = await index.search(SearchRequest("toan", size=100, cursor=cursor))
        found += [hit.master_id for hit in page.hits]
        if (cursor := page.next_cursor) is None:
            break
    assert found == expected
