"""Uploads: whole or not at all, the same again is one file, names do no harm."""

import hashlib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harvesters.uploads import UploadSpool, safe_name, sent_name
from unioncat.core.errors import FileUnreadable
from unioncat.core.identifiers import SourceId

SOURCE = SourceId(7)


async def chunks(*pieces: bytes) -> AsyncIterator[bytes]:
    for piece in pieces:
        yield piece


async def test_an_upload_is_kept_whole_until_it_is_delivered(tmp_path: Path) -> None:
    spool = UploadSpool(tmp_path, 1000)
    upload = await spool.receive(SOURCE, "sách.mrc", chunks(b"one", b"two"))
    assert (upload.size, upload.sha256) == (6, hashlib.sha256(b"onetwo").hexdigest())
    (path,) = spool.waiting(SOURCE)
    assert (path.read_bytes(), sent_name(path)) == (b"onetwo", "sách.mrc")


async def test_the_same_upload_again_is_one_file(tmp_path: Path) -> None:
    spool = UploadSpool(tmp_path, 1000)
    for _ in range(2):
        await spool.receive(SOURCE, "a.mrc", chunks(b"same"))
    assert len(spool.waiting(SOURCE)) == 1


async def test_what_is_cut_off_is_thrown_away(tmp_path: Path) -> None:
    async def broken() -> AsyncIterator[bytes]:
        yield b"half"
        raise ConnectionError

    spool = UploadSpool(tmp_path, 1000)
    with pytest.raises(ConnectionError):
        await spool.receive(SOURCE, "a.mrc", broken())
    assert list((tmp_path / "7").iterdir()) == []


@pytest.mark.parametrize(
    ("pieces", "said"), [([b"12345", b"678901"], "larger than the 10 bytes"), ([], "is empty")]
)
async def test_an_upload_that_is_empty_or_too_large_is_refused(
    tmp_path: Path, pieces: list[bytes], said: str
) -> None:
    spool = UploadSpool(tmp_path, 10)
    with pytest.raises(FileUnreadable, match=said):
        await spool.receive(SOURCE, "a.mrc", chunks(*pieces))
    assert spool.waiting(SOURCE) == []


@given(st.text())
def test_no_name_leads_out_of_the_folder(name: str) -> None:
    safe = safe_name(name)
    assert safe
    assert not set("/\\\x00") & set(safe)
    assert safe not in (".", "..")
    assert len(f"{'0' * 16}-{safe}.refused".encode()) <= 255


def test_the_ending_of_a_name_stays() -> None:
    assert safe_name("C:\\Tài liệu\\Danh mục sách.xlsx") == "Danh_mục_sách.xlsx"
