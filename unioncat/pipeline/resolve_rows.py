"""Rows of a list that have an ISBN and no title take their description from the joint catalogue.

1. Exactly one live master record has the ISBN: the row becomes a record that says the same, with its own holdings.
2. None has it: the row comes back to the sender, and is tried again later.
3. Several have it: nobody can tell which one is meant; the row comes back to the sender.
"""

from collections.abc import Mapping, Sequence

from unioncat.core.delivery import ReadingRules, RejectedRecord
from unioncat.core.findings import FindingKind
from unioncat.core.marc import MarcRecord
from unioncat.core.parse.rows import isbn_of_row
from unioncat.pipeline.reading import Reading, read_delivery
from unioncat.pipeline.unit_of_work import Store


async def resolve_rows(store: Store, rules: ReadingRules, readings: Sequence[Reading]) -> list[Reading]:
    """The readings of a page, with the rows resolved that could be."""
    wanted = {isbn for reading in readings if (isbn := _wanted(reading, rules))}
    if not wanted:
        return list(readings)
    async with store.work() as work:
        found = await work.masters.by_isbn(wanted)
    return [_resolve(reading, rules, found) for reading in readings]


def _wanted(reading: Reading, rules: ReadingRules) -> str | None:
    """The ISBN-13 that a row without a title needs the joint catalogue for."""
    if isinstance(reading, RejectedRecord) and reading.kind is FindingKind.ROW_UNMATCHED:
        return isbn_of_row(reading.delivered.raw, rules.columns)
    return None


def _resolve(reading: Reading, rules: ReadingRules, found: Mapping[str, Sequence[MarcRecord]]) -> Reading:
    isbn = _wanted(reading, rules)
    if isbn is None or not isinstance(reading, RejectedRecord) or not found.get(isbn):
        return reading
    if len(found[isbn]) == 1:
        return read_delivery(reading.delivered, rules, found[isbn][0])
    return RejectedRecord(
        FindingKind.ROW_AMBIGUOUS,
        f"the ISBN {isbn} stands on {len(found[isbn])} publications of the joint catalogue; add the title to the row",
        reading.delivered,
    )
