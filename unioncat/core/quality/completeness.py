"""Whether the catalogue has what a feed has (law 1): the feed's own count against ours at the end of the same run.

1. The feed's records are live or rejected here; deleted ones count where the feed counts them too (OAI-PMH 2.0,
   section 3.5: completeListSize counts headers, and headers of deleted records are headers).
2. Fewer here: some are missing. More here: deletions that nobody told, or a delivery of a part.
3. Without a count of the feed nothing is proven.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Stock:
    """What a source has here: live and rejected records, and tombstones."""

    live: int
    rejected: int
    tombstones: int = 0


@dataclass(frozen=True, slots=True)
class Completeness:
    """`outcome` is complete, missing, surplus or unproven; `difference` is the feed's count less ours."""

    outcome: str
    total: int | None
    difference: int
    said: str


def prove_completeness(total: int | None, stock: Stock | None, language: str) -> Completeness:
    """Compare the feed's count with the stock at that time; the sentence is in `language`."""
    if total is None or stock is None:
        return Completeness("unproven", total, 0, _sentences()["unproven"][language])
    difference = total - stock.live - stock.rejected
    if difference in (0, stock.tombstones):
        difference = 0
    outcome = "missing" if difference > 0 else "surplus" if difference < 0 else "complete"
    said = _sentences()[outcome][language].format(
        total=total, live=stock.live, rejected=stock.rejected, difference=abs(difference)
    )
    return Completeness(outcome, total, difference, said)


@cache
def _sentences() -> Mapping[str, Mapping[str, str]]:
    return tomllib.loads(files(__package__).joinpath("completeness.toml").read_text("utf-8"))
