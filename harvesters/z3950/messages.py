"""The messages of Z39.50 (APDUs, Z39.50-2003 section 4.1) as values; `codec.py` reads and writes them.

Of a message is kept what a client that harvests, and a target that serves it, need.
"""

from dataclasses import dataclass
from enum import IntEnum

from harvesters.z3950.diagnostics import Diagnostic
from harvesters.z3950.query import Clause, Query
from harvesters.z3950.records import Entry


class Option(IntEnum):
    """Bits of the options in Init (4.2.1.1.1)."""

    SEARCH = 0
    PRESENT = 1
    DELETE = 2
    SCAN = 7
    SORT = 8
    SEGMENTATION_1 = 11
    SEGMENTATION_2 = 12
    NAMED_SETS = 14
    NEGOTIATION = 17


VERSION_3 = frozenset((0, 1, 2))


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a target asks for: user and password, perhaps with a group; one open string in `user` when there is no
    password; nobody at all (anonymous) when there is no user."""

    user: str | None = None
    password: str | None = None
    group: str | None = None


@dataclass(frozen=True, slots=True)
class InitRequest:
    """Begin a session. Sizes are in bytes; `utf8` asks for UTF-8 in terms and names (negotiation model 3)."""

    options: frozenset[int] = frozenset()
    message_size: int = 4 * 1024 * 1024
    record_size: int = 4 * 1024 * 1024
    credentials: Credentials | None = None
    versions: frozenset[int] = VERSION_3
    implementation: tuple[str, str, str] = ("", "unioncat", "")
    utf8: bool = False


@dataclass(frozen=True, slots=True)
class InitResponse:
    """Whether the session began, and on which terms. `utf8`: None when the target says nothing of it."""

    accepted: bool
    options: frozenset[int] = frozenset()
    message_size: int = 0
    record_size: int = 0
    versions: frozenset[int] = VERSION_3
    implementation: tuple[str, str, str] = ("", "", "")
    utf8: bool | None = None


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """Make a result set; no records are asked for."""

    databases: tuple[str, ...]
    query: Query
    result_set: str = "1"
    syntax: str | None = None


@dataclass(frozen=True, slots=True)
class SearchResponse:
    """How many records were found, or why not."""

    hits: int
    succeeded: bool
    diagnostics: tuple[Diagnostic, ...] = ()
    result_set_status: int | None = None
    """1 subset, 2 interim, 3 none (only when the search failed)."""


@dataclass(frozen=True, slots=True)
class PresentRequest:
    """Ask for `count` records from position `start` (from 1) on."""

    start: int
    count: int
    result_set: str = "1"
    syntax: str | None = None
    element_set: str | None = None


@dataclass(frozen=True, slots=True)
class PresentResponse:
    """Records, as many as the target gave; or diagnostics instead of all of them."""

    entries: tuple[Entry, ...]
    next_position: int
    status: int
    """0 success, 1 to 4 partial, 5 failure."""
    diagnostics: tuple[Diagnostic, ...] = ()


@dataclass(frozen=True, slots=True)
class Segment:
    """Records that come before the response to a Present."""

    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class ScanRequest:
    """Ask for terms of an index, from `start` on; `position` is where that stands among them, from 1."""

    databases: tuple[str, ...]
    start: Clause
    count: int
    position: int = 1
    step: int = 0


@dataclass(frozen=True, slots=True)
class TermCount:
    """A term of an index, and how many records have it (None: not said)."""

    term: str
    records: int | None


@dataclass(frozen=True, slots=True)
class ScanResponse:
    """Terms in the order of the index."""

    terms: tuple[TermCount | Diagnostic, ...]
    status: int
    """0 success, 1 to 5 partial, 6 failure."""
    position: int | None = None
    diagnostics: tuple[Diagnostic, ...] = ()


@dataclass(frozen=True, slots=True)
class SortRequest:
    """Sort result sets by attributes into `result_set`."""

    inputs: tuple[str, ...]
    result_set: str
    keys: tuple[tuple[tuple[int, int | str], ...], ...]
    descending: bool = False


@dataclass(frozen=True, slots=True)
class SortResponse:
    """0 success, 1 partial, 2 failure."""

    status: int
    diagnostics: tuple[Diagnostic, ...] = ()


@dataclass(frozen=True, slots=True)
class DeleteRequest:
    """Give up result sets; all of them when none is named."""

    result_sets: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DeleteResponse:
    """0 success; others: why not."""

    status: int


@dataclass(frozen=True, slots=True)
class Close:
    """The end of the session, by either side. Reasons: 0 finished, 1 shutdown, 3 cost, 5 protocol error, 7 idle."""

    reason: int = 0
    detail: str = ""


Message = (
    InitRequest
    | InitResponse
    | SearchRequest
    | SearchResponse
    | PresentRequest
    | PresentResponse
    | Segment
    | ScanRequest
    | ScanResponse
    | SortRequest
    | SortResponse
    | DeleteRequest
    | DeleteResponse
    | Close
)
