"""Holdings of any edition: who lends a text does not always need the printing that was named."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from unioncat.core.identifiers import MasterId
from unioncat.core.match.relation import Relation
from unioncat.pipeline.ports import Catalogue, HoldingView
from unioncat.pipeline.related_port import RelatedView


class Editions(StrEnum):
    """Whose holdings are asked for."""

    THIS = "this"
    ANY = "any"


@dataclass(frozen=True, slots=True)
class HeldCopy:
    """A holding, and the other edition that it is of; None for the edition that was asked for."""

    view: HoldingView
    edition: RelatedView | None


async def copies_of(catalogue: Catalogue, master_id: MasterId, editions: Editions) -> Sequence[HeldCopy]:
    """The holdings of a live master record, and behind them, if asked for, of its other editions, newest first."""
    related = await catalogue.related(master_id) if editions is Editions.ANY else ()
    return await copies_with(catalogue, master_id, related)


async def copies_with(
    catalogue: Catalogue, master_id: MasterId, related: Sequence[RelatedView]
) -> Sequence[HeldCopy]:
    """The holdings of a live master record and of those of its related records that are other editions."""
    others = {view.master_id: view for view in related if view.kind is Relation.OTHER_EDITION}
    held = await catalogue.holdings_of([master_id, *others])
    return [HeldCopy(view, others.get(key)) for key in (master_id, *others) for view in held[key]]
