"""Errors on the wire (RFC 9457): the kinds of problems, and which kind an error of ours is."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Any

from unioncat.core.errors import (
    Conflict,
    CursorExpired,
    FileUnreadable,
    IndexUnavailable,
    InvalidDecision,
    InvalidIdentifier,
    InvalidLibrary,
    InvalidQuery,
    InvalidSource,
    NotRegistered,
    StoreUnavailable,
    UnioncatError,
    UnknownEntry,
)

MEDIA_TYPE = "application/problem+json"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of problem: its name, status, title, an example of a detail, and what to do about it."""

    name: str
    status: int
    title: str
    example: str
    advice: str

    @property
    def type(self) -> str:
        """The address where the kind is described; nameless kinds are all said by their status."""
        return f"/docs#{self.name}" if self.name else "about:blank"


INVALID_PARAMETER = Kind(
    "invalid-parameter",
    400,
    "A parameter cannot be used",
    "'97860412345' is not a valid ISBN: check its digits",
    "Correct the parameter that the detail names.",
)
INVALID_QUERY = Kind(
    "invalid-query",
    400,
    "The search cannot be answered",
    "The cursor belongs to another search: ask again from the first page",
    "Correct what the detail names; with a cursor, keep all other parameters as they were.",
)
INVALID_STATEMENT = Kind(
    "invalid-statement",
    400,
    "What is stated cannot be used",
    "'Xứ Lạng' is no province of Viet Nam; write one of: Hà Nội, Cao Bằng …",
    "Correct what the detail names.",
)
UNAUTHORISED = Kind(
    "unauthorised",
    401,
    "An access key is needed",
    "Send your access key in the header Authorization: Bearer uk_…",
    "Send a key that is valid; ask the operator for one.",
)
FORBIDDEN = Kind(
    "forbidden",
    403,
    "The access key does not open this",
    "This is for the operator; your key is the one of VN-TVQG",
    "Ask with another key, or ask the operator to do it.",
)
UNKNOWN_RECORD = Kind(
    "unknown-record",
    404,
    "There is no such record",
    "No record was ever called 'u0000kh'",
    "Search for the record.",
)
TYPING_ERROR = Kind(
    "typing-error",
    404,
    "The identifier has a typing error",
    "'u0000kx' has a typing error: its check character does not fit",
    "Compare the identifier with where you have it from.",
)
NOT_REGISTERED = Kind(
    "not-registered",
    404,
    "There is no such library",
    "No library is registered as 'VN-XYZ': see /api/v1/libraries",
    "Take an identifier from /api/v1/libraries.",
)
UNKNOWN_ENTRY = Kind(
    "unknown-entry",
    404,
    "There is no such entry",
    "There is no group 'dong-bac'",
    "Take the number or code from the list; an invitation that was used or has expired is none.",
)
NOT_ACCEPTABLE = Kind(
    "not-acceptable",
    406,
    "The record is not to be had in this format",
    "The record comes as application/json, application/marcxml+xml or application/marc",
    "Ask for another format.",
)
CONFLICT = Kind(
    "conflict",
    409,
    "It does not fit what is stored now",
    "Registration 3 of VN-XYZ was approved already",
    "Look at what is stored now, and ask again if it is still needed.",
)
GONE = Kind(
    "gone",
    410,
    "The record is no more",
    "The last library that had 'u0000kh', Truyện Kiều, withdrew its record on 2026-11-23",
    "Search for another record; the identifier is never used again.",
)
CURSOR_EXPIRED = Kind(
    "cursor-expired",
    410,
    "The cursor is too old",
    "The index was built anew since this cursor: ask again from the first page",
    "Begin again from the first page.",
)
TOO_LARGE = Kind(
    "too-large",
    413,
    "What was sent is too large",
    "A list may have 32 MB",
    "Send it in parts.",
)
HARVEST_UNDER_WAY = Kind(
    "harvest-under-way",
    409,
    "The feed is being harvested, or waits for it",
    "Source 2 waits for a worker already, so it cannot begin again from 2026-01-31",
    "Stop the harvest, then ask for this one.",
)
SOURCE_NOT_CHECKED = Kind(
    "source-not-checked",
    404,
    "The feed was never checked",
    "Source 2 of VN-TVQG was never checked: POST to /api/v1/sources/2/check",
    "Check the feed first.",
)
SOURCE_NOT_ACCEPTED = Kind(
    "source-not-accepted",
    409,
    "The feed may not be harvested",
    "Source 2 of VN-TVQG is proposed; nothing of it is harvested before it is accepted",
    "Have the feed accepted by the operator.",
)
SOURCE_NOT_ACCEPTABLE = Kind(
    "source-not-acceptable",
    409,
    "The feed cannot be accepted, paused or closed as it is",
    "The last check of source 2 of VN-TVQG was bad; mend what it says and check again",
    "Do what the detail says, or insist with `force`.",
)
UNUSABLE_FILE = Kind(
    "unusable-file",
    422,
    "The file cannot be taken",
    "books.mrc is empty; deliver a file with records",
    "Deliver another file.",
)
UNAVAILABLE = Kind(
    "unavailable",
    503,
    "The catalogue is not available now",
    "The database does not answer",
    "Try again in a minute.",
)

KINDS = (
    INVALID_PARAMETER,
    INVALID_QUERY,
    INVALID_STATEMENT,
    UNAUTHORISED,
    FORBIDDEN,
    UNKNOWN_RECORD,
    TYPING_ERROR,
    NOT_REGISTERED,
    UNKNOWN_ENTRY,
    NOT_ACCEPTABLE,
    CONFLICT,
    GONE,
    CURSOR_EXPIRED,
    TOO_LARGE,
    UNUSABLE_FILE,
    HARVEST_UNDER_WAY,
    SOURCE_NOT_ACCEPTABLE,
    SOURCE_NOT_ACCEPTED,
    SOURCE_NOT_CHECKED,
    UNAVAILABLE,
)

HEADERS_OF_STATUS: Mapping[int, Mapping[str, str]] = {
    401: {"WWW-Authenticate": 'Bearer realm="unioncat"'},
    403: {"WWW-Authenticate": 'Bearer realm="unioncat", error="insufficient_scope"'},
    503: {"Retry-After": "60"},
}
"""What an answer of this status says to programs besides (RFC 6750, section 3; RFC 9110, section 10.2.3)."""

_KIND_OF_ERROR: tuple[tuple[type[UnioncatError], Kind], ...] = (
    (CursorExpired, CURSOR_EXPIRED),
    (InvalidQuery, INVALID_QUERY),
    (InvalidIdentifier, INVALID_PARAMETER),
    (InvalidLibrary, INVALID_STATEMENT),
    (InvalidSource, INVALID_STATEMENT),
    (InvalidDecision, INVALID_STATEMENT),
    (FileUnreadable, UNUSABLE_FILE),
    (Conflict, CONFLICT),
    (UnknownEntry, UNKNOWN_ENTRY),
    (NotRegistered, NOT_REGISTERED),
    (StoreUnavailable, UNAVAILABLE),
    (IndexUnavailable, UNAVAILABLE),
)


class ApiProblem(Exception):
    """A problem of this kind; the detail says what is wrong and what to do."""

    def __init__(self, kind: Kind, detail: str) -> None:
        super().__init__(detail)
        self.kind = kind
        self.detail = detail


class RecordGone(ApiProblem):
    """A record that no library has any more: its title and when it ended, where that is known."""

    def __init__(self, master_id: str, title: str = "", since: datetime | None = None) -> None:
        last = f"The last library that had '{master_id}'"
        if title:
            last += f", {title},"
        super().__init__(GONE, f"{last} withdrew its record" + (f" on {since:%Y-%m-%d}" if since else ""))
        self.title, self.since = title, since


def kind_of(error: UnioncatError) -> Kind:
    """The kind of problem that an error of ours is; one that no reader can cause is a fault of the server."""
    return next((kind for base, kind in _KIND_OF_ERROR if isinstance(error, base)), plain_kind(500))


def plain_kind(status: int) -> Kind:
    """A problem that its HTTP status says all about (RFC 9457, section 4.2.1: about:blank)."""
    phrase = HTTPStatus(status).phrase
    return Kind("", status, phrase, phrase, "")


def documented(*kinds: Kind) -> dict[int | str, dict[str, Any]]:
    """The responses of an operation that can meet these problems, for OpenAPI."""
    return {status: _response(status, kinds) for status in sorted({kind.status for kind in kinds})}


def _response(status: int, kinds: tuple[Kind, ...]) -> dict[str, Any]:
    those = [kind for kind in kinds if kind.status == status]
    return {
        "description": "; or: ".join(kind.title for kind in those),
        "content": {
            MEDIA_TYPE: {
                "schema": {"$ref": "#/components/schemas/Problem"},
                "examples": {kind.name: {"value": _example(kind)} for kind in those},
            }
        },
    }


def _example(kind: Kind) -> Mapping[str, Any]:
    return {
        "type": kind.type,
        "title": kind.title,
        "status": kind.status,
        "detail": kind.example,
        "instance": "/api/v1/…",
    }
