"""Records with holdings and circulation as Z39.50 gives them (OPAC record, Z39.50-2003, appendix REC.3).

They are kept as JSON: `record` (Base64) in `format`, the holdings as they were told, and `marc_holdings` (Base64, MARC).
"""

import json
from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from unioncat.core.delivery import RecordFormat, TextEncoding
from unioncat.core.findings import FindingKind
from unioncat.core.marc import MarcRecord
from unioncat.core.parse.iso2709 import parse_iso2709
from unioncat.core.parse.marcxml import parse_marcxml
from unioncat.core.parse.reading import Reading, Unreadable

_PARSERS: Mapping[str, Callable[[bytes, TextEncoding | None], Reading]] = {
    RecordFormat.ISO2709: parse_iso2709,
    RecordFormat.MARCXML: lambda raw, encoding: parse_marcxml(raw),
}


def keep_opac(
    form: RecordFormat,
    record: bytes,
    holdings: Sequence[Mapping[str, Any]],
    marc_holdings: Sequence[bytes] = (),
) -> bytes:
    """A record with its holdings as one delivery; the same content gives the same bytes."""
    told = {
        "format": form,
        "record": b64encode(record).decode("ascii"),
        "holdings": list(holdings),
        "marc_holdings": [b64encode(one).decode("ascii") for one in marc_holdings],
    }
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()


def parse_opac(raw: bytes, encoding: TextEncoding | None = None) -> Reading:
    """The record inside."""
    told = _told(raw)
    parse = _PARSERS.get(str(told.get("format")))
    if parse is None:
        return Unreadable(FindingKind.NOT_A_RECORD, "this is no record with holdings as a target gives it")
    return parse(_bytes(told.get("record")), encoding)


def told_holdings(raw: bytes) -> Sequence[Mapping[str, Any]]:
    """The holdings as the target told them; none when there are none."""
    holdings = _told(raw).get("holdings")
    return [one for one in holdings if isinstance(one, dict)] if isinstance(holdings, list) else []


def told_marc_holdings(raw: bytes) -> Sequence[MarcRecord]:
    """The MARC holdings records that can be read."""
    kept = _told(raw).get("marc_holdings")
    read = [parse_iso2709(_bytes(one), None) for one in kept] if isinstance(kept, list) else []
    return [one.marc for one in read if not isinstance(one, Unreadable)]


def _told(raw: bytes) -> Mapping[str, Any]:
    try:
        told = json.loads(raw)
    except (ValueError, RecursionError):
        return {}
    return told if isinstance(told, dict) else {}


def _bytes(text: object) -> bytes:
    try:
        return b64decode(text, validate=True) if isinstance(text, str) else b""
    except ValueError:
        return b""
