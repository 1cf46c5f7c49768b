"""Files at HTTP(S) addresses: conditional, resumable, bounded."""

import gzip
import hashlib
from collections.abc import Sequence
from dataclasses import replace
from itertools import repeat
from pathlib import Path

import pytest
from scripted_provider import HERE, Script, Scripted, ScriptedProvider, in_order, scripted_provider

from harvesters.access import FeedAccess, Limits
from harvesters.credentials import bearer
from harvesters.web_file import Fetched, fetch_file
from unioncat.core.errors import FileUnreadable, SourceUnreachable

CONTENT = b"".join(b"record %d\n" % number for number in range(20_000))
ETAG = {"ETag": '"v1"'}
SHORT = Limits(connect=1, read=0.3, answer=2, size=1024 * 1024, tries=3)


class Naps:
    """Does not sleep."""

    def __init__(self) -> None:
        self.taken: list[float] = []

    async def __call__(self, seconds: float) -> None:
        self.taken.append(seconds)


async def fetch(
    provider: ScriptedProvider,
    into: Path,
    remembered: dict[str, str] | None = None,
    *,
    limits: Limits = SHORT,
    access: FeedAccess = HERE,
    path: str = "export.mrc",
) -> Fetched | None:
    address = provider.address.replace("/oai", f"/{path}")
    return await fetch_file(
        address, into, access=access, remembered=remembered or {}, limits=limits, sleep=Naps()
    )


def ranged(content: bytes, cuts: Sequence[int | None], headers: dict[str, str] = ETAG) -> Script:
    """A server that goes on where it is asked to, and cuts its answers off after so many bytes."""
    left = list(cuts)

    def answer(asked: dict[str, str]) -> Scripted:
        begin = int(asked.get("Range", "bytes=0-")[6:-1])
        place = {"Content-Range": f"bytes {begin}-{len(content) - 1}/{len(content)}"} if begin else {}
        return Scripted(
            content[begin:], 206 if begin else 200, {**headers, **place}, cut=left.pop(0) if left else None
        )

    return answer


async def test_a_file_is_fetched_with_its_name_size_and_hash(tmp_path: Path) -> None:
    with scripted_provider(in_order(Scripted(CONTENT, headers=ETAG))) as provider:
        fetched = await fetch(provider, tmp_path / "new" / "7")
    assert fetched is not None
    assert fetched.path.read_bytes() == CONTENT
    assert (fetched.name, fetched.size) == ("export.mrc", len(CONTENT))
    assert fetched.sha256 == hashlib.sha256(CONTENT).hexdigest()
    assert [path.name for path in fetched.path.parent.iterdir()] == ["7"]


@pytest.mark.parametrize(
    ("validator", "asked"),
    [(ETAG, "if-none-match"), ({"Last-Modified": "Wed, 01 May 2024 12:00:00 GMT"}, "if-modified-since")],
)
async def test_what_has_not_changed_is_not_fetched(
    tmp_path: Path, validator: dict[str, str], asked: str
) -> None:
    script = in_order(Scripted(CONTENT, headers=validator), Scripted(status=304))
    with scripted_provider(script) as provider:
        first = await fetch(provider, tmp_path / "f")
        assert first is not None
        assert await fetch(provider, tmp_path / "f", first.remember) is None
        assert provider.headers[1][asked] == next(iter(validator.values()))
    assert first.path.read_bytes() == CONTENT


async def test_the_same_bytes_are_unchanged_for_a_server_without_validators(tmp_path: Path) -> None:
    with scripted_provider(in_order(Scripted(CONTENT), Scripted(CONTENT), Scripted(b"new"))) as provider:
        first = await fetch(provider, tmp_path / "f")
        assert first is not None
        assert await fetch(provider, tmp_path / "f", first.remember) is None
        assert await fetch(provider, tmp_path / "f", first.remember) is not None
    assert (tmp_path / "f").read_bytes() == b"new"


async def test_what_another_address_said_is_not_asked_of_this_one(tmp_path: Path) -> None:
    with scripted_provider(in_order(Scripted(CONTENT, headers=ETAG))) as provider:
        first = await fetch(provider, tmp_path / "f")
        assert first is not None
        assert await fetch(provider, tmp_path / "f", first.remember, path="other.mrc") is not None
        assert "if-none-match" not in provider.headers[1]


# --- what is cut off --------------------------------------------------------------------------------


async def test_a_download_that_is_cut_off_goes_on_where_it_stopped(tmp_path: Path) -> None:
    with scripted_provider(ranged(CONTENT, [50_000, 30_000])) as provider:
        fetched = await fetch(provider, tmp_path / "f")
        places = [asked.get("range") for asked in provider.headers]
    assert fetched is not None
    assert fetched.path.read_bytes() == CONTENT
    assert places == [None, "bytes=50000-", "bytes=80000-"]
    assert provider.headers[1]["if-range"] == '"v1"'


async def test_a_later_process_goes_on_too_and_until_then_there_is_no_file(tmp_path: Path) -> None:
    once = replace(SHORT, tries=1)
    with scripted_provider(ranged(CONTENT, [50_000])) as provider:
        with pytest.raises(SourceUnreachable):
            await fetch(provider, tmp_path / "f", limits=once)
        assert not (tmp_path / "f").exists()
        assert await fetch(provider, tmp_path / "f", limits=once) is not None
        assert provider.headers[1]["range"] == "bytes=50000-"
    assert (tmp_path / "f").read_bytes() == CONTENT
    assert len(list(tmp_path.iterdir())) == 1


async def test_a_file_that_changed_meanwhile_is_fetched_from_its_beginning(tmp_path: Path) -> None:
    changed = Scripted(b"another", headers={"ETag": '"v2"'})
    with scripted_provider(in_order(Scripted(CONTENT, headers=ETAG, cut=50_000), changed)) as provider:
        fetched = await fetch(provider, tmp_path / "f")
    assert fetched is not None
    assert fetched.path.read_bytes() == b"another"
    assert fetched.remember["etag"] == '"v2"'


@pytest.mark.parametrize(
    "odd",
    [
        Scripted(status=416),
        Scripted(b"xx", 206, {"Content-Range": "bytes 7-8/9"}),
        Scripted(b"xx", 206),
        Scripted(gzip.compress(b"xx"), 206, {"Content-Range": "bytes 50000-1/2", "Content-Encoding": "gzip"}),
    ],
    ids=["not satisfiable", "elsewhere", "nowhere", "compressed"],
)
async def test_an_answer_that_does_not_go_on_there_begins_anew(tmp_path: Path, odd: Scripted) -> None:
    cut = Scripted(CONTENT, headers=ETAG, cut=50_000)
    with scripted_provider(in_order(cut, odd, Scripted(CONTENT, headers=ETAG))) as provider:
        fetched = await fetch(provider, tmp_path / "f")
    assert fetched is not None
    assert fetched.path.read_bytes() == CONTENT


@pytest.mark.parametrize("headers", [{}, {"ETag": 'W/"v1"'}])
async def test_without_a_strong_validator_nothing_is_pieced_together(
    tmp_path: Path, headers: dict[str, str]
) -> None:
    with scripted_provider(ranged(CONTENT, [50_000], headers)) as provider:
        fetched = await fetch(provider, tmp_path / "f")
        assert provider.headers[1].get("range") is None
    assert fetched is not None
    assert fetched.path.read_bytes() == CONTENT


# --- bounds -----------------------------------------------------------------------------------------


async def test_a_file_without_end_is_refused_and_leaves_nothing(tmp_path: Path) -> None:
    with (
        scripted_provider(in_order(Scripted(pieces=repeat(b"x" * 65536)))) as provider,
        pytest.raises(SourceUnreachable, match="1,048,576 bytes"),
    ):
        await fetch(provider, tmp_path / "f")
    assert not (tmp_path / "f").exists()


async def test_a_bomb_is_refused(tmp_path: Path) -> None:
    bomb = Scripted(gzip.compress(bytes(50_000_000)), headers={"Content-Encoding": "gzip"})
    with scripted_provider(in_order(bomb)) as provider, pytest.raises(SourceUnreachable, match="grows more"):
        await fetch(provider, tmp_path / "f", limits=replace(SHORT, size=10**9))


async def test_a_file_that_is_compressed_on_the_way_is_stored_as_it_is(tmp_path: Path) -> None:
    packed = Scripted(gzip.compress(CONTENT), headers={"Content-Encoding": "gzip", **ETAG})
    with scripted_provider(in_order(packed)) as provider:
        fetched = await fetch(provider, tmp_path / "f")
    assert fetched is not None
    assert fetched.path.read_bytes() == CONTENT


async def test_silence_and_dripping_end(tmp_path: Path) -> None:
    silent, dripping = in_order(Scripted(silent=True)), in_order(Scripted(CONTENT, drip=0.05))
    with scripted_provider(silent) as provider, pytest.raises(SourceUnreachable, match="3 tries"):
        await fetch(provider, tmp_path / "f")
    with scripted_provider(dripping) as provider, pytest.raises(SourceUnreachable, match=r"more than 0\.5 s"):
        await fetch(provider, tmp_path / "f", limits=replace(SHORT, answer=0.5))


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (Scripted(status=403), "403 Forbidden; ask its library for access"),
        (Scripted(status=404), "404 Not Found; check the address"),
        (Scripted(status=500), "500 Internal Server Error; try again later"),
        (Scripted(status=503), "is busy: 503"),
        (Scripted(b""), "sends an empty file"),
    ],
)
async def test_a_refusal_is_named(tmp_path: Path, answer: Scripted, said: str) -> None:
    with scripted_provider(in_order(answer)) as provider, pytest.raises(SourceUnreachable, match=said):
        await fetch(provider, tmp_path / "f")


async def test_a_private_address_is_refused(tmp_path: Path) -> None:
    with scripted_provider(in_order(Scripted(CONTENT))) as provider:
        with pytest.raises(SourceUnreachable, match="private address"):
            await fetch(provider, tmp_path / "f", access=FeedAccess())
        assert provider.requests == []


async def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "f.part").mkdir()
    script = in_order(Scripted(CONTENT))
    with scripted_provider(script) as provider, pytest.raises(FileUnreadable, match="cannot be written"):
        await fetch(provider, tmp_path / "f")


async def test_the_secret_is_sent_and_not_remembered(tmp_path: Path) -> None:
    with scripted_provider(in_order(Scripted(CONTENT, headers=ETAG))) as provider:
        fetched = await fetch(provider, tmp_path / "f", access=replace(HERE, credentials=bearer("S3CRET")))
        assert provider.headers[0]["authorization"] == "Bearer S3CRET"
    assert "S3CRET" not in repr(fetched)


@pytest.mark.parametrize(
    ("disposition", "path", "expected"),
    [
        (None, "a/b/s%C3%A1ch.csv?x=1", "sách.csv"),
        (None, "", "file"),
        ('attachment; filename="bia.xlsx"', "x", "bia.xlsx"),
        ("attachment; filename=bia.xlsx; size=1", "x", "bia.xlsx"),
        ("attachment; filename=\"x\"; filename*=UTF-8''s%C3%A1ch.xlsx", "x", "sách.xlsx"),
        ('attachment; filename="../../etc/passwd"', "x", "passwd"),
        ('attachment; filename="..\\\\..\\\\a.mrc"', "x", "a.mrc"),
        ('attachment; filename=".."', "x", "file"),
        (f'attachment; filename="{"n" * 500}.mrc"', "x", "n" * 96 + ".mrc"),
    ],
)
async def test_the_name_is_for_people_and_never_a_path(
    tmp_path: Path, disposition: str | None, path: str, expected: str
) -> None:
    headers = {"Content-Disposition": disposition} if disposition else {}
    with scripted_provider(in_order(Scripted(CONTENT, headers=headers))) as provider:
        fetched = await fetch(provider, tmp_path / "f", path=path)
    assert fetched is not None
    assert fetched.name == expected
