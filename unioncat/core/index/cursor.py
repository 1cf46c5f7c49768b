"""The cursor of a result: where the next page goes on, in a form that says nothing to the client.

It holds the sort value of the last record shown, so it is good for ever: records that come, go or move
meanwhile neither repeat nor hide others. It belongs to one search and to one version of the index.
"""

import json
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from hashlib import sha256

from unioncat.core.errors import CursorExpired, InvalidQuery
from unioncat.core.identifiers import MasterId
from unioncat.core.index.fields import INDEX_VERSION
from unioncat.core.index.request import SearchRequest

_KEY = re.compile(r"[0-9A-Za-z]*\.[0-9a-z]{1,9}")


@dataclass(frozen=True, slots=True)
class Cursor:
    """The last record shown: its points (0 where keys decide), its key, and how many were shown."""

    points: int
    key: str
    shown: int

    @property
    def master_id(self) -> MasterId:
        """The identifier that every key ends with."""
        return MasterId(self.key.partition(".")[2])


def write_cursor(cursor: Cursor, request: SearchRequest) -> str:
    """The cursor as text for a URL."""
    parts = [INDEX_VERSION, _search_of(request), cursor.points, cursor.key, cursor.shown]
    return urlsafe_b64encode(json.dumps(parts, separators=(",", ":")).encode()).decode().rstrip("=")


def read_cursor(request: SearchRequest) -> Cursor | None:
    """The cursor of a request.

    Raises InvalidQuery when it is not one of ours or of another search, CursorExpired when the index has
    changed its version since.
    """
    if request.cursor is None:
        return None
    try:
        version, search, points, key, shown = json.loads(urlsafe_b64decode(f"{request.cursor}===".encode()))
        if version == INDEX_VERSION and not _KEY.fullmatch(key):
            raise ValueError("not a key that we write")
        cursor = Cursor(int(points), key, max(int(shown), 0))
    except (ValueError, TypeError, OverflowError, RecursionError) as error:
        raise InvalidQuery("The cursor is damaged: ask again from the first page") from error
    if version != INDEX_VERSION:
        raise CursorExpired("The index was built anew since this cursor: ask again from the first page")
    if search != _search_of(request):
        raise InvalidQuery("The cursor belongs to another search: ask again from the first page")
    return cursor


def _search_of(request: SearchRequest) -> str:
    filters = sorted((name, sorted(values)) for name, values in request.filters.items() if values)
    how = (request.language, request.reading)
    parts = [request.text, filters, request.year_from, request.year_to, request.sort, *how]
    return sha256(json.dumps(parts).encode()).hexdigest()[:16]
