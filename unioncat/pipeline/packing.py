"""How values lie in the database: raw bytes compressed, records and holdings as compact JSON."""

import json
import zlib
from collections.abc import Iterable
from typing import Any

from unioncat.core.merge.holding import Holding, Item


def pack(raw: bytes) -> bytes:
    """Compress delivered bytes; level 1, since records are small and many."""
    return zlib.compress(raw, 1)


def unpack(packed: bytes) -> bytes:
    """The delivered bytes again."""
    return zlib.decompress(packed)


def to_json(value: Any) -> str:
    """Compact JSON text, letters as they are."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def holdings_to_json(holdings: Iterable[Holding]) -> list[dict[str, Any]]:
    """Holdings without their empty parts."""
    return [
        _parts(holding) | ({"items": [_parts(item) for item in holding.items]} if holding.items else {})
        for holding in holdings
    ]


def holdings_from_json(values: Iterable[dict[str, Any]]) -> tuple[Holding, ...]:
    """The holdings again."""
    return tuple(_holding(value) for value in values)


def _holding(value: dict[str, Any]) -> Holding:
    items = tuple(Item(**item) for item in value.get("items", ()))
    parts = {"location": None, "call_number": None} | value | {"items": items}
    return Holding(**parts)


def _parts(value: Holding | Item) -> dict[str, Any]:
    """The parts of a value that are there; of a holding without its items."""
    parts = ((name, getattr(value, name)) for name in value.__slots__ if name != "items")
    return {name: part for name, part in parts if part is not None}
