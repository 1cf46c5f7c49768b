"""Records of a target as deliveries."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from harvesters.z3950.opac import OpacHolding
from harvesters.z3950.records import DUBLIN_CORE, Record, Syntax
from unioncat.core.delivery import DeliveredRecord, RecordFormat
from unioncat.core.errors import FeedError
from unioncat.core.parse.opac import keep_opac

_FORMATS: dict[str, RecordFormat] = {
    Syntax.USMARC: RecordFormat.ISO2709,
    Syntax.UNIMARC: RecordFormat.ISO2709,
    Syntax.XML: RecordFormat.MARCXML,
    DUBLIN_CORE: RecordFormat.OAI_DC,
}


def delivered(record: Record, where: str, told: str | None = None) -> DeliveredRecord:
    """A record as it is stored: ISO 2709, MARCXML, or either with its holdings (OPAC), told at the time `told`.

    Raises FeedError for a syntax that is no MARC.
    """
    syntax = record.inner_syntax or "" if record.syntax == Syntax.OPAC else record.syntax
    form = _FORMATS.get(syntax)
    if form is None:
        raise FeedError(f"{where}: a record of syntax {syntax or 'unknown'}, which is no MARC")
    if record.syntax != Syntax.OPAC:
        return DeliveredRecord(record.data, form, where, record.identifier)
    holdings = [_stated(holding) for holding in record.holdings]
    raw = keep_opac(form, record.data, holdings, record.marc_holdings)
    return DeliveredRecord(raw, RecordFormat.OPAC, where, datestamp=told)


def _stated(holding: OpacHolding) -> Mapping[str, Any]:
    """What a holding says, without its empty parts."""
    parts = asdict(holding)
    items = [_filled(item) for item in parts.pop("circulation")]
    return _filled(parts) | ({"circulation": items} if items else {})


def _filled(parts: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in parts.items() if value is not None}
