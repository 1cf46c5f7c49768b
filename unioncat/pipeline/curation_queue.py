"""The review queue page by page, and the patterns in it.

1. The best evidence first: by score, exactly.
2. Pairs of one score: first those behind whose two master records most libraries stand, then most records. This is
   exact among the WINDOW pairs of a score that are next by number; where more pairs have one score, the others follow,
   again WINDOW at a time. A filter (a pattern, a library) makes the numbers small and the order exact.
3. A cursor keeps the bounds of its window and the last pair shown: what is decided meanwhile is gone from the pages to
   come, and nothing else moves. What the matcher adds to a window that is being read is seen from the first page.
"""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256

from unioncat.core.errors import InvalidQuery
from unioncat.core.identifiers import Isil, SourceId
from unioncat.pipeline.curation_port import (
    Curation,
    MasterBrief,
    MasterSize,
    OpenPair,
    PairId,
    PairKey,
    ReviewFilter,
)
from unioncat.pipeline.unit_of_work import Store, UnitOfWork

WINDOW = 1_000
_NOBODY = MasterSize(0, 0)

Place = tuple[float, int, int, int, int]
"""What pairs are ordered by: score, libraries and records (all negative), and the two numbers."""


@dataclass(frozen=True, slots=True)
class QueuedPair:
    """A pair of the queue with its two master records."""

    pair: OpenPair
    left: MasterBrief
    right: MasterBrief


@dataclass(frozen=True, slots=True)
class QueuePage:
    """Pairs that wait, and the cursor of the next page; None at the end."""

    pairs: Sequence[QueuedPair]
    next: str | None


@dataclass(frozen=True, slots=True)
class PatternCount:
    """How many open pairs have a pattern, and the first of them."""

    pattern: str
    pairs: int
    examples: Sequence[QueuedPair]


@dataclass(frozen=True, slots=True)
class Asked:
    """What a person filters the queue by; `isil` is a library, `source` the number of a feed."""

    pattern: str | None = None
    isil: Isil | None = None
    source: SourceId | None = None
    min_score: float | None = None


@dataclass(frozen=True, slots=True)
class _Cursor:
    """The window lies behind `start` up to `end` (None: from the beginning, to the end); `last` was shown."""

    start: PairKey | None = None
    end: PairKey | None = None
    last: Place | None = None


async def queue_page(store: Store, asked: Asked, cursor: str | None, limit: int) -> QueuePage:
    """The next pairs of the queue; raises InvalidQuery for a cursor that is not of this queue, NotRegistered."""
    name = _name_of(asked)
    async with store.work() as work:
        wanted = await filter_of(work, asked)
        shown: list[OpenPair] = []
        at: _Cursor | None = _read_cursor(cursor, name) if cursor else _Cursor()
        while at is not None and len(shown) < limit:
            found, at = await _read_on(work.curation, wanted, at, limit - len(shown))
            shown += found
        return QueuePage(await with_masters(work, shown), _write_cursor(at, name) if at else None)


async def patterns(store: Store, asked: Asked, examples: int = 3) -> list[PatternCount]:
    """The patterns of the open pairs, most frequent first; the counts are exact."""
    async with store.work() as work:
        wanted = await filter_of(work, asked)
        counts = await work.curation.count_patterns(wanted)
        found = []
        for pattern, pairs in sorted(counts.items(), key=lambda count: (-count[1], count[0])):
            first = await work.curation.open_pairs(replace(wanted, pattern=pattern), None, examples)
            found.append(PatternCount(pattern, pairs, await with_masters(work, first)))
    return found


async def filter_of(work: UnitOfWork, asked: Asked) -> ReviewFilter:
    """What the store filters by; raises NotRegistered."""
    sources: tuple[SourceId, ...] | None = None
    if asked.source is not None:
        sources = ((await work.sources.get(asked.source)).id,)
    if asked.isil is not None:
        own = await work.curation.sources_of(asked.isil)
        sources = tuple(one for one in own if sources is None or one in sources)
    return ReviewFilter(asked.pattern, sources, asked.min_score)


async def with_masters(work: UnitOfWork, pairs: Sequence[OpenPair]) -> list[QueuedPair]:
    """Pairs with what is to be shown of their master records."""
    briefs = await work.curation.briefs({serial for pair in pairs for serial in (pair.left, pair.right)})
    return [
        QueuedPair(pair, briefs[pair.left], briefs[pair.right])
        for pair in pairs
        if pair.left in briefs and pair.right in briefs
    ]


async def _read_on(
    curation: Curation, wanted: ReviewFilter, at: _Cursor, limit: int
) -> tuple[Sequence[OpenPair], _Cursor | None]:
    """The next pairs of the window, at most `limit`, and where it goes on."""
    pairs = await curation.open_pairs(wanted, at.start, WINDOW)
    end = at.end or (pairs[-1].key if len(pairs) == WINDOW else None)
    inside = [pair for pair in pairs if end is None or pair.key <= end]
    sizes = await curation.sizes({serial for pair in inside for serial in (pair.left, pair.right)})
    placed = sorted(((_place(pair, sizes), pair) for pair in inside), key=lambda one: one[0])
    rest = [(place, pair) for place, pair in placed if at.last is None or place > at.last]
    found = [pair for _, pair in rest[:limit]]
    if len(rest) > limit:
        return found, _Cursor(at.start, end, rest[limit - 1][0])
    return found, _Cursor(end) if end else None


def _place(pair: OpenPair, sizes: Mapping[int, MasterSize]) -> Place:
    both = [sizes.get(serial, _NOBODY) for serial in (pair.left, pair.right)]
    libraries, records = sum(size.libraries for size in both), sum(size.records for size in both)
    return -pair.score, -libraries, -records, pair.id.low, pair.id.high


# --- cursors ----------------------------------------------------------------------------------------


def _name_of(asked: Asked) -> str:
    parts = [asked.pattern, asked.isil, asked.source, asked.min_score]
    return sha256(json.dumps(parts).encode()).hexdigest()[:16]


def _write_cursor(cursor: _Cursor, name: str) -> str:
    keys = [key and [key.score, key.low, key.high] for key in (cursor.start, cursor.end)]
    text = json.dumps([name, *keys, cursor.last], separators=(",", ":"))
    return urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _read_cursor(text: str, name: str) -> _Cursor:
    try:
        of, start, end, last = json.loads(urlsafe_b64decode(f"{text}===".encode()))
        cursor = _Cursor(_key(start), _key(end), None if last is None else _read_place(last))
    except (ValueError, TypeError, OverflowError, RecursionError) as error:
        raise InvalidQuery("The cursor is damaged: ask again from the first page") from error
    if of != name:
        raise InvalidQuery("The cursor belongs to other filters: ask again from the first page")
    return cursor


def _key(parts: Sequence[float] | None) -> PairKey | None:
    if parts is None:
        return None
    score, low, high = parts
    return PairKey(float(score), int(low), int(high))


def _read_place(parts: Sequence[float]) -> Place:
    score, libraries, records, low, high = parts
    return float(score), int(libraries), int(records), int(low), int(high)


def read_pair(text: str) -> PairId:
    """A pair as people write it (`12-15`); raises InvalidQuery."""
    low, sign, high = text.partition("-")
    if not sign or not (low + high).isascii() or not (low.isdigit() and high.isdigit()):
        raise InvalidQuery(f"'{text:.50}' is not a pair: write it as the queue does, such as 12-15")
    numbers = sorted((int(low), int(high)))
    if numbers[0] == numbers[1] or numbers[1] >= 2**63:
        raise InvalidQuery(f"'{text:.50}' is not a pair: it has two different numbers")
    return PairId(*numbers)
