"""Administrative units of Viet Nam, and what they were called when (`provinces.toml`, `communes.toml`).

1. A code has one name at a time: a unit is a code with the days on which the name holds, `valid_until` excluded.
2. A unit whose area went to another names it as successor; the current unit of a code or name is the last in the row.
3. A name is found in any spelling: with or without diacritics, blanks, and words such as `Tỉnh` or `TP.`; an old name
   leads to the current unit (Hà Tây to Hà Nội, Bắc Giang to Bắc Ninh). A current name wins over an old one.
4. Communes are those since 2025-07-01; a name that two of a province share needs its kind (`Xã …`, `Phường …`).
"""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from unioncat.core.errors import InvalidLibrary
from unioncat.core.library import Position
from unioncat.core.normalise.vietnamese import plain

_BEFORE = re.compile(r"^(?:tinh|thanh pho|t ?p|thu do|city of|province of) ?(?=\w)")
_AFTER = re.compile(r"(?<=\w) (?:city|province)$")
_COMMUNE_WORDS = re.compile(r"(xa|phuong|dac khu|thi tran|p|x) (?=\w)")
_SHORT_KINDS = {"p": "phuong", "x": "xa"}


@dataclass(frozen=True, slots=True)
class Unit:
    """A province, or a city under central rule, under one of its names.

    `plain` is the name without diacritics; `position` a point inside, for maps; `type` is `province` or `city`.
    """

    code: str
    name: str
    plain: str
    type: str
    position: Position
    valid_from: date | None
    valid_until: date | None
    successor: str | None
    also: tuple[str, ...] = ()

    def holds_on(self, day: date) -> bool:
        """Whether the unit has this name on a day."""
        begun = self.valid_from is None or self.valid_from <= day
        return begun and (self.valid_until is None or day < self.valid_until)


@dataclass(frozen=True, slots=True)
class Commune:
    """A commune, ward or special zone; `name` is as people write it, with its kind."""

    code: str
    name: str
    province: str


@cache
def all_units() -> Sequence[Unit]:
    """Every province under every name it has had since 2008, the oldest first."""
    return tuple(_unit(entry) for entry in _table("provinces")["unit"])


def current_units() -> Sequence[Unit]:
    """The provinces of today: those whose name still holds."""
    return tuple(unit for unit in all_units() if unit.valid_until is None)


def unit_on(code: str, day: date) -> Unit | None:
    """What a code meant on a day; None when it meant nothing."""
    return next((unit for unit in all_units() if unit.code == code and unit.holds_on(day)), None)


def units_on(day: date) -> Sequence[Unit]:
    """All provinces of a day."""
    return tuple(unit for unit in all_units() if unit.holds_on(day))


def resolve_province(name_or_code: str) -> Unit:
    """The current province of a name or code, old or new, in any spelling; raises InvalidLibrary."""
    asked = name_or_code.strip()
    found = _by_code().get(asked.zfill(2)) if asked.isdigit() else _by_name().get(_key(asked))
    if found is None:
        known = ", ".join(unit.name for unit in current_units())
        raise InvalidLibrary(f"'{name_or_code}' is no province of Viet Nam; write one of: {known}")
    return found


def current_province(name: str) -> str:
    """The name today of a province under any name; a name that is not known stays as it is."""
    try:
        return resolve_province(name).name
    except InvalidLibrary:
        return name


def former_names(code: str) -> Sequence[str]:
    """The names of which this is the current province, besides its own, the oldest first; none for an unknown code."""
    return _former_names().get(code, ())


def resolve_commune(province: str, name_or_code: str) -> Commune | None:
    """The commune of a province (its current code) under a name or code; None when it is not one, or not only one."""
    asked = name_or_code.strip()
    if asked.isdigit():
        found = _communes().get(asked.zfill(5))
        return found if found and found.province == province else None
    return _communes_by_name().get((province, _commune_key(asked)))


def commune_name(code: str) -> str | None:
    """The name of a commune with its kind (`Phường Ba Đình`); None for an unknown code."""
    found = _communes().get(code)
    return found.name if found else None


def _current(unit: Unit) -> Unit:
    while unit.valid_until is not None:
        successor, day = unit.successor or unit.code, unit.valid_until
        following = unit_on(successor, day)
        if following is None:
            raise InvalidLibrary(
                f"provinces.toml names no unit {successor} on {day}, the successor of {unit.name}"
            )
        unit = following
    return unit


@cache
def _by_code() -> Mapping[str, Unit]:
    return {unit.code: _current(unit) for unit in all_units()}


@cache
def _by_name() -> Mapping[str, Unit]:
    former = {_key(name): _current(unit) for unit in all_units() for name in (unit.name, *unit.also)}
    return former | {_key(unit.name): unit for unit in current_units()}


@cache
def _former_names() -> Mapping[str, Sequence[str]]:
    names: dict[str, list[str]] = {unit.code: [] for unit in current_units()}
    for unit in all_units():
        heir = _current(unit)
        if unit.name != heir.name and unit.name not in names[heir.code]:
            names[heir.code].append(unit.name)
    return {code: tuple(former) for code, former in names.items()}


def _key(name: str) -> str:
    """The letters of a name without `Tỉnh`, `TP.`, `City` and the like."""
    return _AFTER.sub("", _BEFORE.sub("", plain(name))).replace(" ", "")


@cache
def _communes() -> Mapping[str, Commune]:
    return {
        code: Commune(code, _commune_name(stated), province)
        for province, entries in _table("communes").items()
        for code, stated in entries.items()
    }


@cache
def _communes_by_name() -> Mapping[tuple[str, str], Commune]:
    """By province and name, with and without the kind; a bare name that two share is left out."""
    full: dict[tuple[str, str], Commune] = {}
    bare: dict[tuple[str, str], list[Commune]] = {}
    for commune in _communes().values():
        full[commune.province, _commune_key(commune.name)] = commune
        short = _COMMUNE_WORDS.sub("", plain(commune.name), count=1).replace(" ", "")
        bare.setdefault((commune.province, short), []).append(commune)
    return {key: those[0] for key, those in bare.items() if len(those) == 1} | full


def _commune_key(name: str) -> str:
    words = plain(name)
    if (kind := _COMMUNE_WORDS.match(words)) is not None:
        words = f"{_SHORT_KINDS.get(kind[1], kind[1])} {words[kind.end() :]}"
    return words.replace(" ", "")


def _commune_name(stated: str) -> str:
    for short, full in (("P. ", "Phường "), ("Đ. ", "Đặc khu ")):
        if stated.startswith(short):
            return full + stated.removeprefix(short)
    return f"Xã {stated}"


def _unit(entry: Mapping[str, Any]) -> Unit:
    return Unit(
        entry["code"],
        entry["name"],
        entry["plain"],
        entry["type"],
        Position(entry["lat"], entry["lon"]),
        entry.get("from"),
        entry.get("until"),
        entry.get("successor"),
        tuple(entry.get("also", ())),
    )


def _table(name: str) -> Mapping[str, Any]:
    return tomllib.loads(files(__package__).joinpath(f"{name}.toml").read_text("utf-8"))
