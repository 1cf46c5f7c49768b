"""Holdings of a delivered record: those that a target told beside it, else those that its fields state.

1. What a target tells (OPAC record) comes first, for it knows what is on loan now; links of the record stay.
2. Each circulation record is an item: its barcode, and its status with the time at which it was told. The time is that
   of the delivery; a status that later deliveries repeat keeps the first.
3. MARC holdings records beside the record are read like its own fields.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from unioncat.core.delivery import DeliveredRecord, RecordFormat
from unioncat.core.marc import MarcRecord
from unioncat.core.merge.holding import Holding, Item
from unioncat.core.merge.holdings import IMPLIED, HoldingsProfile, read_holdings
from unioncat.core.parse.opac import told_holdings, told_marc_holdings

_AVAILABLE, _UNAVAILABLE = "available", "not available"


def holdings_of(
    record: MarcRecord, delivered: DeliveredRecord, profile: HoldingsProfile
) -> tuple[Holding, ...]:
    """The holdings of a delivered record, never none."""
    stated = read_holdings(record, profile)
    if delivered.format is not RecordFormat.OPAC:
        return stated
    told = (*_told(delivered), *_of_marc(delivered, profile))
    return (*told, *(one for one in stated if one.url)) if told else stated


def _of_marc(delivered: DeliveredRecord, profile: HoldingsProfile) -> Iterator[Holding]:
    for marc in told_marc_holdings(delivered.raw):
        yield from (one for one in read_holdings(marc, profile) if one.note != IMPLIED)


def _told(delivered: DeliveredRecord) -> Iterator[Holding]:
    for one in told_holdings(delivered.raw):
        items = tuple(_item(item, delivered.datestamp) for item in one.get("circulation", ()))
        yield Holding(
            location=_joined(one, ("local_location", "shelving_location")) or _text(one, "nuc_code"),
            call_number=_text(one, "call_number"),
            copies=len(items) or 1,
            items=items,
            coverage=_text(one, "enumeration"),
            note=_text(one, "public_note"),
        )


def _item(told: Mapping[str, Any], at: str | None) -> Item:
    return Item(_text(told, "item_id"), _text(told, "midspine"), status_of(told), at)


def status_of(told: Mapping[str, Any]) -> str:
    """What a circulation record says, in words: whether it can be had, until when not, and under which restrictions."""
    words = [_AVAILABLE if told.get("available_now") else _UNAVAILABLE]
    if not told.get("available_now") and (until := _text(told, "availability_date")):
        words = [f"{_UNAVAILABLE} until {until}"]
    if told.get("on_hold"):
        words.append("on hold")
    if place := _text(told, "temporary_location"):
        words.append(f"at {place}")
    return ", ".join([*words, *filter(None, [_text(told, "restrictions")])])


def _joined(told: Mapping[str, Any], names: tuple[str, ...]) -> str | None:
    return ", ".join(dict.fromkeys(filter(None, (_text(told, name) for name in names)))) or None


def _text(told: Mapping[str, Any], name: str) -> str | None:
    value = told.get(name)
    return " ".join(value.split()) or None if isinstance(value, str) else None
