"""A made-up national catalogue of any size, for measurements: records in an order that the seed alone decides.

1. 3,000 libraries; the n-th gets records in proportion to 1/n.
2. A share of the records repeats a publication that is there already: that of any earlier record, so that the numbers
   of holders follow a power law. One in three is the first record again, but for 001 and holdings; two are perturbed.
3. The others are new publications, every second a neighbour of the one before (`synthetic_publications.py`).

It shares the assumptions of the matcher about how records differ: what it finds is told apart from real records.
"""

import itertools
import random
from array import array
from collections.abc import Iterator
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

from synthetic_copies import Habits, catalogued, habits_of, perturbed, with_holdings
from synthetic_publications import Parts, publication, real_titles

from unioncat.core.identifiers import Isil
from unioncat.core.marc import MarcField, MarcRecord

LIBRARIES = 3_000
IDENTICAL = 1 / 3
_WEIGHTS = list(itertools.accumulate(1 / rank for rank in range(1, LIBRARIES + 1)))
_KEPT = 20_000
_DEFAULT_DATA = Path(__file__).parents[3] / "shared/data"


class SyntheticRecord(NamedTuple):
    """A record and the truth about it."""

    isil: Isil
    identifier: str
    marc: MarcRecord
    publication: int
    copy: str
    """`first`, `identical` or `perturbed`."""


def synthetic_records(
    count: int, duplicates: float = 0.4, seed: int = 1, data: Path = _DEFAULT_DATA
) -> Iterator[tuple[Isil, str, MarcRecord]]:
    """So many records as library, identifier (unique in the catalogue; also its 001) and MARC."""
    for one in synthetic_catalogue(count, duplicates, seed, data):
        yield one.isil, one.identifier, one.marc


def synthetic_catalogue(
    count: int, duplicates: float = 0.4, seed: int = 1, data: Path = _DEFAULT_DATA
) -> Iterator[SyntheticRecord]:
    """The same with the publication that each is of."""
    titles, draw = real_titles(data), random.Random(seed)
    told = lru_cache(_KEPT)(lambda number: publication(titles, seed, number))
    first = lru_cache(_KEPT)(lambda number: catalogued(told(number), _habits(holders[number]), number))
    holders, of_record = array("H"), array("L")
    """The library whose record was the first of a publication; the publication of each record."""
    for serial in range(count):
        library = draw.choices(range(LIBRARIES), cum_weights=_WEIGHTS)[0]
        copy, number = "first", len(holders)
        if serial and draw.random() < duplicates:
            copy = "identical" if draw.random() < IDENTICAL else "perturbed"
            number = of_record[draw.randrange(serial)]
        else:
            holders.append(library)
        of_record.append(number)
        habits = _habits(library)
        fields = _copied(told(number), habits, serial, draw) if copy == "perturbed" else first(number)
        identifier = f"{library:04d}{serial:07d}"
        marc = with_holdings(fields, identifier, habits, draw)
        yield SyntheticRecord(Isil(habits.isil), identifier, marc, number, copy)


_habits = cache(habits_of)


def _copied(parts: Parts, habits: Habits, serial: int, draw: random.Random) -> list[MarcField]:
    return catalogued(perturbed(parts, draw), habits, serial)
