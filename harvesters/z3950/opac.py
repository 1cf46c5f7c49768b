"""The OPAC record syntax (Z39.50-2003, appendix REC.3): a bibliographic record with its holdings and circulation."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from harvesters.z3950 import ber
from harvesters.z3950.ber import Element


@dataclass(frozen=True, slots=True)
class Circulation:
    """CircRecord: one item and whether it can be had now."""

    available_now: bool = False
    availability_date: str | None = None
    available_thru: str | None = None
    restrictions: str | None = None
    item_id: str | None = None
    renewable: bool = False
    on_hold: bool = False
    enumeration: str | None = None
    midspine: str | None = None
    temporary_location: str | None = None


@dataclass(frozen=True, slots=True)
class OpacHolding:
    """HoldingsAndCircData: copies at one place."""

    nuc_code: str | None = None
    local_location: str | None = None
    shelving_location: str | None = None
    call_number: str | None = None
    shelving_data: str | None = None
    copy_number: str | None = None
    public_note: str | None = None
    enumeration: str | None = None
    circulation: tuple[Circulation, ...] = ()


_CIRCULATION = {
    1: "available_now",
    2: "availability_date",
    3: "available_thru",
    4: "restrictions",
    5: "item_id",
    6: "renewable",
    7: "on_hold",
    8: "enumeration",
    9: "midspine",
    10: "temporary_location",
}
_HOLDING = {
    8: "nuc_code",
    9: "local_location",
    10: "shelving_location",
    11: "call_number",
    12: "shelving_data",
    13: "copy_number",
    14: "public_note",
    17: "enumeration",
}
_FLAGS = frozenset(one.name for one in fields(Circulation) if one.type in (bool, "bool"))
_CIRCULATION_DATA = 19


def read_holding(element: Element) -> OpacHolding:
    """HoldingsAndCircData; raises BerError."""
    circulation = element.get(_CIRCULATION_DATA)
    items = circulation.inside() if circulation else ()
    return OpacHolding(
        **{_HOLDING[part.tag]: part.text() for part in element.inside() if part.tag in _HOLDING},
        circulation=tuple(Circulation(**_circulation(item)) for item in items),
    )


def _circulation(item: Element) -> Mapping[str, Any]:
    known = ((_CIRCULATION[part.tag], part) for part in item.inside() if part.tag in _CIRCULATION)
    return {name: part.boolean() if name in _FLAGS else part.text() for name, part in known}


def encode_holding(holding: OpacHolding, tag: int) -> bytes:
    """HoldingsAndCircData."""
    items = [ber.sequence(ber.SEQUENCE, *_parts(item, _CIRCULATION)) for item in holding.circulation]
    return ber.sequence(
        tag, *_parts(holding, _HOLDING), ber.sequence(_CIRCULATION_DATA, *items) if items else b""
    )


def _parts(value: Circulation | OpacHolding, names: Mapping[int, str]) -> list[bytes]:
    stated = ((tag, name, getattr(value, name)) for tag, name in names.items())
    return [
        ber.boolean(tag, said) if name in _FLAGS else ber.text(tag, said)
        for tag, name, said in stated
        if said is not None
    ]
