"""Publications that belong to another one, as the catalogue answers for them, and their order."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from unioncat.core.identifiers import MasterId
from unioncat.core.match.relation import Relation

MOST_RELATED = 200
"""How many publications of one kind are told, and how large an edition group is told."""

_BY_NUMBER = frozenset((Relation.OTHER_VOLUME, Relation.PART))
_KINDS = {kind: place for place, kind in enumerate(Relation)}


@dataclass(frozen=True, slots=True)
class RelatedView:
    """A live master record that belongs to another one; `kind` says what it is for that one: its set, a volume."""

    kind: Relation
    master_id: MasterId
    title: str
    year: int | None
    edition: str | None
    volume: tuple[int, ...]
    format: str
    languages: tuple[str, ...]
    libraries: int


class RelatedRecords(Protocol):
    """What belongs together: live master records only, and none twice in one kind."""

    async def related(self, master_id: MasterId) -> Sequence[RelatedView]:
        """What belongs to a master record, in order, at most MOST_RELATED of a kind.

        Its other editions are all of its edition group, also those that only a third edition leads to.
        """
        ...

    async def edition_counts(self, master_ids: Sequence[MasterId]) -> Mapping[MasterId, int]:
        """How many other editions each of these has, at most MOST_RELATED; none is left out."""
        ...


def in_order(views: Iterable[RelatedView]) -> list[RelatedView]:
    """Kind by kind; volumes by number, editions from the newest on, all others by title; MOST_RELATED of a kind."""
    kept: list[RelatedView] = []
    told: dict[Relation, int] = {}
    for view in sorted(views, key=_place):
        told[view.kind] = told.get(view.kind, 0) + 1
        if told[view.kind] <= MOST_RELATED:
            kept.append(view)
    return kept


def _place(view: RelatedView) -> tuple[object, ...]:
    newest_first = -(view.year or 0)
    own: tuple[object, ...] = (view.title, newest_first)
    if view.kind in _BY_NUMBER:
        own = (not view.volume, view.volume, newest_first)
    elif view.kind is Relation.OTHER_EDITION:
        own = (newest_first, view.title)
    return (_KINDS[view.kind], *own, view.master_id)
