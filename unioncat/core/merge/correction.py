"""A correction by a curator: an overlay on master records, never an edit of a library's record."""

from dataclasses import dataclass
from enum import StrEnum

from unioncat.core.marc import MarcField


class CorrectionAction(StrEnum):
    """What a correction does. The value is kept in the store: never change it."""

    ADD = "add"
    REPLACE = "replace"
    REMOVE = "remove"


@dataclass(frozen=True, slots=True)
class Correction:
    """One correction. It hangs on source records and is true for each master record that one of them is part of.

    `replaced` is the wording (`survivorship.text_of`) of the field that is replaced or removed; None means every field
    of the tag. `field` is the field that is added or takes its place. `made` is ISO 8601.
    """

    id: int
    action: CorrectionAction
    tag: str
    replaced: str | None
    field: MarcField | None
    who: str
    why: str
    made: str
