"""Standing decisions as labelled pairs, in the form that `unioncat evaluate` reads."""

from collections.abc import AsyncIterator
from typing import Any

from unioncat.core.match.labelled import choose_labelled
from unioncat.core.parse.marcjson import render_marcjson
from unioncat.pipeline.unit_of_work import Store

PAIRS_OF_A_DECISION = 3
_PAGE = 100
_BY_HAND = "by-hand"
"""The category of decisions that no pattern of the matcher led to: merges and splits."""


async def labelled_pairs(store: Store, most: int = PAIRS_OF_A_DECISION) -> AsyncIterator[dict[str, Any]]:
    """Pairs with records in MARC-in-JSON, by the number of the decision; who decided, when and why is with them.

    At most `most` of each decision; those whose records are gone give none.
    """
    after = 0
    while True:
        async with store.work() as work:
            decisions = await work.curation.labelled(after, _PAGE, most)
            chosen = [(one, choose_labelled(one.left, one.right, most)) for one in decisions]
            marc = await work.curation.marc({one for _, pairs in chosen for pair in pairs for one in pair})
        if not chosen:
            return
        after = decisions[-1].id
        for decision, pairs in chosen:
            for place, (left, right) in enumerate(pairs, start=1):
                yield {
                    "id": f"decision-{decision.id}-{place}",
                    "expected": decision.kind.value,
                    "category": decision.pattern or _BY_HAND,
                    "left": render_marcjson(marc[left]),
                    "right": render_marcjson(marc[right]),
                    "who": decision.signed.who,
                    "when": decision.made.isoformat(),
                    "why": decision.signed.why,
                }
