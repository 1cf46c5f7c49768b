"""Records of a target as deliveries."""

from harvesters.z3950.records import DUBLIN_CORE, Record, Syntax
from unioncat.core.delivery import DeliveredRecord, RecordFormat
from unioncat.core.errors import FeedError

_FORMATS: dict[str, RecordFormat] = {
    Syntax.USMARC: RecordFormat.ISO2709,
    Syntax.UNIMARC: RecordFormat.ISO2709,
    Syntax.XML: RecordFormat.MARCXML,
    DUBLIN_CORE: RecordFormat.OAI_DC,
}


def delivered(record: Record, where: str) -> DeliveredRecord:
    """A record as it is stored: ISO 2709 or MARCXML; raises FeedError for a syntax that is no MARC."""
    syntax = record.inner_syntax or "" if record.syntax == Syntax.OPAC else record.syntax
    form = _FORMATS.get(syntax)
    if form is None:
        raise FeedError(f"{where}: a record of syntax {syntax or 'unknown'}, which is no MARC")
    return DeliveredRecord(record.data, form, where, record.identifier)
