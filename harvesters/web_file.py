"""A file at an HTTP(S) address, fetched into a file of ours.

1. What has not changed is not fetched: the validators of last time are sent (RFC 9110, 13.1: If-None-Match,
   If-Modified-Since), and the same bytes as last time count as unchanged too.
2. What was cut off is gone on with (14.2: Range with If-Range) while the file is still the same, also by a later
   process; otherwise it is fetched from its beginning.
3. The file appears under its name when it is whole; until then it has the ending `.part`.
4. All that `http` says of limits, patience, redirects and secrets holds; a silence of `Limits.read` is a fault.
"""

import asyncio
import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import unquote

import httpx

from harvesters.access import FILE_LIMITS, FeedAccess, Limits
from harvesters.guard import shown
from harvesters.http import FeedClient, Setback, Sleep, phrase, temporary
from unioncat.core.errors import FileUnreadable, SourceUnreachable

_NAME = re.compile(r"filename\s*=\s*(?:\"([^\"]*)\"|([^;\s]*))", re.IGNORECASE)
_NAME_EXTENDED = re.compile(r"filename\*\s*=\s*(?:utf-8|iso-8859-1)'[^']*'([^;\s]+)", re.IGNORECASE)
_PLACE = re.compile(r"bytes (\d{1,18})-\d+/(?:\d+|\*)")
_UNSAFE = re.compile(r"[\x00-\x1f\x7f/\\]")
_LONGEST_NAME = 100


@dataclass(frozen=True, slots=True)
class Fetched:
    """A file that was fetched: where it is, what it is, its name there, and what to remember for the next time."""

    path: Path
    name: str
    size: int
    sha256: str
    remember: dict[str, str]


async def fetch_file(
    address: str,
    into: Path,
    *,
    access: FeedAccess = FeedAccess(),
    remembered: Mapping[str, str] = {},
    limits: Limits = FILE_LIMITS,
    sleep: Sleep = asyncio.sleep,
) -> Fetched | None:
    """Fetch what is at `address` into the file `into`; None when it is what it was.

    `remembered` is `Fetched.remember` of the last time that was made use of. `limits` stand in for those of `access`.
    Raises SourceUnreachable, and FileUnreadable when `into` cannot be written.
    """
    into.parent.mkdir(parents=True, exist_ok=True)
    async with FeedClient(replace(access, limits=limits), sleep=sleep) as client:
        fetching = _Fetching(client, address, into, remembered)
        try:
            found = await client.patiently(address, fetching.attempt)
            return await fetching.whole(found) if isinstance(found, httpx.Headers) else None
        except OSError as error:
            raise FileUnreadable(
                f"{into} cannot be written: {error.strerror or error}; make room or change its rights"
            ) from error


@dataclass(frozen=True, slots=True)
class _Unchanged:
    """The server says that it is what it was."""


class _Fetching:
    """One file on its way."""

    def __init__(self, client: FeedClient, address: str, into: Path, remembered: Mapping[str, str]) -> None:
        self._client = client
        self._address = address
        self._into = into
        self._part = into.with_name(into.name + ".part")
        self._about = into.with_name(into.name + ".part.json")
        self._remembered = remembered if remembered.get("address") == address else {}

    async def attempt(self) -> httpx.Headers | _Unchanged | Setback:
        """One try; the headers of the answer once all of it is in the part."""
        offset, headers = self._asked()
        async with self._client.open(self._address, {"Accept-Encoding": "identity", **headers}) as response:
            if setback := temporary(response):
                return setback
            if response.status_code == 304 and not offset:
                return _Unchanged()
            if response.status_code == 416 or (
                response.status_code == 206 and not _goes_on(response, offset)
            ):
                self._forget()
                return Setback("does not go on where it was cut off", 0)
            if not response.is_success:
                raise self._refusal(response)
            await self._write(response, offset if response.status_code == 206 else 0)
        return Setback("sends an empty file") if self._part.stat().st_size == 0 else response.headers

    async def whole(self, headers: httpx.Headers) -> Fetched | None:
        """Give the part its name."""
        size, sha256 = self._part.stat().st_size, await asyncio.to_thread(_sha256, self._part)
        if sha256 == self._remembered.get("sha256"):
            self._forget()
            return None
        self._part.replace(self._into)
        self._forget()
        remember = {"address": self._address, "sha256": sha256, **_validators(headers)}
        return Fetched(self._into, _name(headers, self._address), size, sha256, remember)

    def _asked(self) -> tuple[int, dict[str, str]]:
        """Where to go on, and the headers that ask for it; else the question whether it has changed."""
        size = self._part.stat().st_size if self._part.exists() else 0
        validator = self._validator_of_part() if size else None
        if validator:
            return size, {"Range": f"bytes={size}-", "If-Range": validator}
        names = {"etag": "If-None-Match", "last-modified": "If-Modified-Since"}
        return 0, {names[key]: value for key, value in self._remembered.items() if key in names}

    def _validator_of_part(self) -> str | None:
        """A strong validator (RFC 9110, 13.1.5: a weak one must not be used with a range)."""
        try:
            about = json.loads(self._about.read_text())
        except (OSError, ValueError):
            return None
        if not isinstance(about, dict) or about.get("address") != self._address:
            return None
        etag = about.get("etag", "")
        return etag if etag and not etag.startswith("W/") else about.get("last-modified")

    async def _write(self, response: httpx.Response, offset: int) -> None:
        """Write the body from `offset` on; what has come stays when it is cut off."""
        if offset == 0:
            self._forget()
            if "Content-Encoding" not in response.headers:
                about = {"address": self._address, **_validators(response.headers)}
                self._about.write_text(json.dumps(about))
        with self._part.open("r+b" if offset else "wb") as file:
            file.seek(offset)
            size = offset
            async for piece in self._client.body(response, self._address):
                file.write(piece)
                size += len(piece)
                if size > self._client.limits.size:
                    self._forget()
                    raise SourceUnreachable(
                        f"{shown(self._address)} has more than {self._client.limits.size:,} bytes"
                    )

    def _forget(self) -> None:
        self._part.unlink(missing_ok=True)
        self._about.unlink(missing_ok=True)

    def _refusal(self, response: httpx.Response) -> SourceUnreachable:
        said = f"{shown(self._address)} answers {phrase(response.status_code)}"
        if response.status_code in (401, 403):
            return SourceUnreachable(f"{said}; ask its library for access, or give the secret of the source")
        if response.status_code in (404, 410):
            return SourceUnreachable(f"{said}; check the address of the source")
        return SourceUnreachable(f"{said}; try again later, or ask its library")


def _goes_on(response: httpx.Response, offset: int) -> bool:
    """Whether a partial answer begins where we stopped; compressed, its places would be others."""
    found = _PLACE.match(response.headers.get("Content-Range", ""))
    return found is not None and int(found[1]) == offset and "Content-Encoding" not in response.headers


def _validators(headers: httpx.Headers) -> dict[str, str]:
    return {key: headers[key] for key in ("etag", "last-modified") if headers.get(key)}


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _name(headers: httpx.Headers, address: str) -> str:
    """The name of the file for people: Content-Disposition (RFC 6266), or else the end of the address."""
    stated = headers.get("Content-Disposition", "")
    if extended := _NAME_EXTENDED.search(stated):
        name = unquote(extended[1])
    elif plain := _NAME.search(stated):
        name = plain[1] or plain[2] or ""
    else:
        name = httpx.URL(address).path.rstrip("/")
    return _UNSAFE.sub("/", name).rpartition("/")[2].strip(". ")[-_LONGEST_NAME:] or "file"
