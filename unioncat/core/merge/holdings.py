"""Holdings: what a library says it has, read from its record through a profile (holdings_profiles.toml).

1. Each field that the profile names states copies: one for each barcode, else the number it gives, else one.
2. Copies with the same location and call number are one holding.
3. A call number that is not stated is that of the record: MARC 090, 082, 084, 080, 050, the first there is.
4. A textual statement (MARC 866-868 $a) belongs to the last holding before it, else to the first.
5. A link to the resource or a version of it (MARC 856 $u, second indicator 0, 1, or blank without $3) is a
   holding without copies.
6. A record that states no copies still says that the library has the publication: one copy, note "implied";
   unless it links to the resource itself (856, second indicator 0).
"""

import re
import tomllib
from bisect import bisect
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from unioncat.core.marc import DataField, MarcRecord
from unioncat.core.merge.holding import Holding, Item

IMPLIED = "implied"
"""The note of a holding that follows from the record alone."""

_CALL_NUMBERS = ("090", "082", "084", "080", "050")
_STATEMENTS = ("866", "867", "868")


@dataclass(frozen=True, slots=True)
class HoldingsLine:
    """How one field states copies; the profile file explains the keys."""

    tag: str
    needs: str = ""
    location: tuple[str, ...] = ()
    call_number: tuple[str, ...] = ()
    barcode: tuple[str, ...] = ()
    copies: str = ""
    status: tuple[tuple[str, str], ...] = ()
    note: str = ""
    ranges: bool = False


@dataclass(frozen=True, slots=True)
class HoldingsProfile:
    """The lines of one profile; the first that finds something in a record is used."""

    name: str
    lines: tuple[HoldingsLine, ...]


@dataclass(frozen=True, slots=True)
class _Stated:
    """The copies that one field states, and its place in the record."""

    place: int
    location: str | None
    call_number: str | None
    copies: int
    items: tuple[Item, ...] = ()
    note: str | None = None


@cache
def load_profiles() -> Mapping[str, HoldingsProfile]:
    """All profiles by name, read once."""
    text = files("unioncat.core.merge").joinpath("holdings_profiles.toml").read_text("utf-8")
    table = tomllib.loads(text)
    return {name: HoldingsProfile(name, tuple(_lines(table, name))) for name in table}


def _lines(table: Mapping[str, Any], name: str) -> Iterator[HoldingsLine]:
    for entry in table[name]:
        if isinstance(entry, str):
            yield from _lines(table, entry)
        else:
            yield HoldingsLine(**{key: _frozen(value) for key, value in entry.items()})


def _frozen(value: Any) -> Any:
    if isinstance(value, dict):
        return tuple(value.items())
    return tuple(value) if isinstance(value, list) else value


def read_holdings(record: MarcRecord, profile: HoldingsProfile) -> tuple[Holding, ...]:
    """The holdings that a record states, never none: physical ones first, then links."""
    found = (tuple(_stated(record, line)) for line in profile.lines if record.first(line.tag))
    stated = next(filter(None, found), ())
    links = _link_fields(record)
    if not stated and not any(field.indicators[1:] == "0" for field in links):
        stated = (_Stated(0, None, _record_call_number(record), 1, note=IMPLIED),)
    return (*_aggregated(stated, record), *map(_link, links))


# --- copies -------------------------------------------------------------------------------------------


def _stated(record: MarcRecord, line: HoldingsLine) -> Iterator[_Stated]:
    of_record = _record_call_number(record)
    for place, field in enumerate(record.fields):
        if isinstance(field, DataField) and field.tag == line.tag and _meant(field, line):
            yield _read_copies(field, line, place, of_record)


def _read_copies(field: DataField, line: HoldingsLine, place: int, of_record: str | None) -> _Stated:
    barcodes, used = _barcodes(field, line)
    call_numbers = (_text(field, codes) for codes in line.call_number if codes != used)
    status = _status(field, line)
    items = tuple(Item(barcode, status=status) for barcode in barcodes)
    return _Stated(
        place=place,
        location=next(filter(None, (_parts(field, codes) for codes in line.location)), None),
        call_number=next(filter(None, call_numbers), of_record),
        copies=len(items) or _count(field, line),
        items=items or ((Item(status=status),) if status else ()),
        note=_text(field, line.note),
    )


def _parts(field: DataField, codes: str) -> str:
    """The texts of these subfields, in the order in which the profile names them."""
    return " ".join(filter(None, (_text(field, code) for code in codes)))


def _meant(field: DataField, line: HoldingsLine) -> bool:
    """Whether the field states copies at all, and does not use the tag for something else."""
    telling = line.needs or "".join((*line.location, *line.call_number, *line.barcode))
    return _text(field, telling) is not None


def _barcodes(field: DataField, line: HoldingsLine) -> tuple[tuple[str, ...], str]:
    """The barcodes and the subfields that gave them."""
    for codes in line.barcode:
        if values := tuple(value.strip() for value in field.all(codes) if value.strip()):
            expanded = tuple(one for value in values for one in _expanded(value)) if line.ranges else values
            return expanded, codes
    return (), ""


_RANGE = re.compile(r"(.*/)(\d+)-(\d+)")
_LONGEST_RANGE = 1000


def _expanded(value: str) -> Iterator[str]:
    """A range of accession numbers, its end shortened to the digits that change: VV-D2/00072-74."""
    found = _RANGE.fullmatch(value)
    first, last = (found[2], found[2][: -len(found[3])] + found[3]) if found else ("1", "0")
    if not found or not 0 <= int(last) - int(first) < _LONGEST_RANGE:
        yield value
        return
    for number in range(int(first), int(last) + 1):
        yield f"{found[1]}{number:0{len(first)}}"


def _count(field: DataField, line: HoldingsLine) -> int:
    stated = (field.get(line.copies) or "").strip()
    return int(stated) if stated.isdecimal() and len(stated) < 6 and int(stated) else 1


def _status(field: DataField, line: HoldingsLine) -> str | None:
    """The states that the field tells; 0 or nothing in a flag is none."""
    states = (word or value for code, word in line.status for value in field.all(code) if value.strip("0 "))
    return ", ".join(states) or None


def _record_call_number(record: MarcRecord) -> str | None:
    texts = (_text(field, "ab") for tag in _CALL_NUMBERS for field in record.data(tag))
    return next(filter(None, texts), None)


def _text(field: DataField, codes: str) -> str | None:
    return " ".join(field.text(codes).split()) or None


# --- holdings -----------------------------------------------------------------------------------------


def _aggregated(stated: Sequence[_Stated], record: MarcRecord) -> Iterator[Holding]:
    groups: defaultdict[tuple[str | None, str | None], list[_Stated]] = defaultdict(list)
    for one in stated:
        groups[one.location, one.call_number].append(one)
    coverage = _coverage(stated, record)
    for (location, call_number), group in groups.items():
        yield Holding(
            location=location,
            call_number=call_number,
            copies=sum(one.copies for one in group),
            items=tuple(item for one in group for item in one.items),
            coverage=_joined(text for one in group for text in coverage[one.place]),
            note=_joined(one.note for one in group),
        )


def _coverage(stated: Sequence[_Stated], record: MarcRecord) -> Mapping[int, list[str]]:
    """The textual statements by the place of the field that they belong to."""
    coverage: defaultdict[int, list[str]] = defaultdict(list)
    places = [one.place for one in stated]
    if not places or not any(map(record.first, _STATEMENTS)):
        return coverage
    for place, field in enumerate(record.fields):
        if isinstance(field, DataField) and field.tag in _STATEMENTS:
            before = bisect(places, place)
            coverage[places[max(before - 1, 0)]] += filter(None, [_text(field, "a")])
    return coverage


def _joined(texts: Iterable[str | None]) -> str | None:
    return "; ".join(dict.fromkeys(filter(None, texts))) or None


def _link_fields(record: MarcRecord) -> tuple[DataField, ...]:
    """The 856 fields that lead to the resource or a version of it; one for each address."""
    linking = {
        url: field
        for field in record.data("856")
        if (url := (field.get("u") or "").strip())
        and (field.indicators[1:] in ("0", "1") or (field.indicators[1:] == " " and not field.get("3")))
    }
    return tuple(linking.values())


def _link(field: DataField) -> Holding:
    url = (field.get("u") or "").strip()
    return Holding(None, None, 0, url=url, note=_joined(value.strip() for value in field.all("3yz")))
