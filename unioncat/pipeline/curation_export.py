"""Standing decisions as labelled pairs, in the form that `unioncat evaluate` reads."""

from collections.abc import AsyncIterator
from typing import Any

from unioncat.core.match.labelled import choose_labelled
from unioncat.core.parse.marcjson import render_marcjson
from unioncat.pipeline.unit_of_work import Store

PAIRS_OF_A_DECISION = 3
_PAGE = 100


async def labelled_pairs(store: Store, most: int = PAIRS_OF_A_DECISION) -> AsyncIterator[dict[str, Any]]:
    """Pairs `{"id", "expected", "left", "right"}` with records in MARC-in-JSON, by the number of the decision.

    At most `most` of each decision; those whose records are gone give none.
    """
    after = 0
    while True:
        async with store.work() as work:
            decisions = await work.curation.labelled(after, _PAGE, most)
            chosen = [
                (number, kind, choose_labelled(left, right, most)) for number, kind, left, right in decisions
            ]
            marc = await work.curation.marc({one for _, _, pairs in chosen for pair in pairs for one in pair})
        if not chosen:
            return
        after = chosen[-1][0]
        for number, kind, pairs in chosen:
            for place, (left, right) in enumerate(pairs, start=1):
                yield {
                    "id": f"decision-{number}-{place}",
                    "expected": kind.value,
                    "left": render_marcjson(marc[left]),
                    "right": render_marcjson(marc[right]),
                }
