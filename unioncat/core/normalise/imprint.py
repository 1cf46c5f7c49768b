"""Publishers and years of a record (MARC 260, 264, 008)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from unioncat.core.marc import MarcRecord
from unioncat.core.normalise.publishers import is_partner, place_key, publisher_keys
from unioncat.core.normalise.vietnamese import syllable_key
from unioncat.core.normalise.years import Years, read_years, year_of_008


@dataclass(frozen=True, slots=True)
class Imprint:
    """Publishers of record, partner companies, places; first and last possible year; copyright year or 0.

    `coded` is the first date of 008 where it is none of the years that the imprint states, else 0.
    """

    publishers: frozenset[str]
    partners: frozenset[str]
    places: frozenset[str]
    years: tuple[int, ...]
    copyright: int
    coded: int


def read_imprint(record: MarcRecord) -> Imprint:
    """Read the imprint.

    1. Publishers stand in 260 $b and 264 _1 $b, their places in $a, several of them parted by semicolons.
    2. The year is that of 260 $c or 264 _1 $c, else the copyright year, else the first date of 008.
    3. A span of years (`[196-?]`, 2001-2003) is kept as its first and last year.
    4. A first date of 008 outside these years is kept beside them: one of the two is of a printing, or a slip.
    """
    names = {key for value in _imprints(record, "b") for key in publisher_keys(value)}
    partners = {name for name in names if is_partner(name)}
    stated = [read_years(value) for value in _imprints(record, "c")]
    copyright_year = next((years.copyright for years in (*stated, *_notices(record)) if years.copyright), 0)
    years = next(filter(None, map(_span, stated)), ())
    fixed = year_of_008(record.control("008") or "") or 0
    if not years:
        years = (year,) if (year := copyright_year or fixed) else ()
    coded = fixed if years and not years[0] <= fixed <= years[-1] else 0
    return Imprint(
        _keys(names - partners), _keys(partners), frozenset(_places(record)), years, copyright_year, coded
    )


def _keys(names: Iterable[str]) -> frozenset[str]:
    """Plain names with i for y, as in syllable keys."""
    return frozenset(map(syllable_key, names))


def _imprints(record: MarcRecord, code: str) -> Iterator[str]:
    for field in record.data("260", "264"):
        if field.tag == "260" or field.indicators[1:2] not in ("2", "3", "4"):
            yield from field.all(code)


def _places(record: MarcRecord) -> Iterator[str]:
    for value in _imprints(record, "a"):
        yield from filter(None, map(place_key, value.split(";")))


def _notices(record: MarcRecord) -> Iterator[Years]:
    return (read_years(v) for f in record.data("264") if f.indicators[1:2] == "4" for v in f.all("c"))


def _span(years: Years) -> tuple[int, ...]:
    if years.approximate:
        return years.approximate
    return (years.publication,) if years.publication else ()
