"""Hand-made pairs, one for each difficulty that cataloguers know."""

from collections.abc import Sequence
from math import ceil
from pathlib import Path

from labelled_data import cases
from quality_page import Gate, Section, Table, at_least, at_most

from unioncat.core.match.decide import decide
from unioncat.core.match.evaluation import DecisionTable, tabulate, tabulate_categories
from unioncat.core.match.evidence import MatchDecision
from unioncat.core.match.labelled_pairs import LabelledPair
from unioncat.core.match.policy import POLICIES
from unioncat.core.normalise.description import describe

_TEXT = (
    "`match/cases.jsonl`: pairs made by hand, one for each difficulty, with the decision that a careful cataloguer "
    "would take. A false merge is a pair that the matcher calls the same and a cataloguer does not; `review` means that "
    "a person must look. The categories are the middle of the name of a case (ENC encoding, ORT spelling, NAM names, TTL titles, VOL "
    "volumes, ISB identifiers, EDN editions, DAT dates, PUB publishers, EXT extent, FMT formats, LNG languages, THS "
    "theses, SER serials, MAP, MUS, RAR early books, STD standards, LEG law, PRO proceedings, ANA articles, DUP copies, "
    "CIP records before publication, MIS brief records)."
)
_REVIEWED = 8 / 12
_DIFFERENT_REVIEWED = 4


def measure(data: Path) -> Section:
    """Decide every pair; all gates of the set."""
    judged = [(pair, decide(describe(pair.left), describe(pair.right))) for pair in cases(data)]
    table = tabulate((pair.name, pair.expected, decision) for pair, decision in judged)
    by_category = tabulate_categories((pair.category, pair.expected, decision) for pair, decision in judged)
    astray = [
        (pair.name, pair.expected, decision.outcome, decision.pattern)
        for pair, decision in judged
        if decision.outcome is not pair.expected
    ]
    rows = [_row(name, one) for name, one in (*by_category.items(), ("**all**", table))]
    head = ("category", "pairs", "same", "same found", "false merges", "reviews", "different in review")
    tables = [Table("By category:", head, rows), _policies(judged)]
    if astray:
        head = ("case", "a cataloguer says", "the matcher says", "what speaks against it")
        tables.append(Table("Where the two do not agree:", head, astray))
    return Section("Hand-made cases", _TEXT, _gates(table), tuple(tables))


def _policies(judged: Sequence[tuple[LabelledPair, MatchDecision]]) -> Table:
    """What the settings REPRINT and PUBLISHER change."""
    rows = []
    for policy in POLICIES:
        decided = [(pair, decide(describe(pair.left), describe(pair.right), policy)) for pair, _ in judged]
        table = tabulate((pair.name, pair.expected, decision) for pair, decision in decided)
        changed = [
            f"{pair.name} {before.outcome} → {after.outcome}"
            for (pair, before), (_, after) in zip(judged, decided, strict=True)
            if before.outcome is not after.outcome
        ]
        rows.append((policy.reprint, policy.publisher, table.same_found, table.reviews, "; ".join(changed)))
    caption = (
        "What the settings REPRINT and PUBLISHER change. The labels hold for the first line only; where a catalogue chooses "
        "otherwise, the cases that change are no faults:"
    )
    return Table(caption, ("REPRINT", "PUBLISHER", "same found", "reviews", "cases that change"), rows)


def _row(name: str, table: DecisionTable) -> tuple[object, ...]:
    return (
        name,
        table.pairs,
        table.same,
        table.same_found,
        table.false_merges,
        table.reviews,
        table.different_reviewed,
    )


def _gates(table: DecisionTable) -> tuple[Gate, ...]:
    reviewed = ceil(_REVIEWED * table.review)
    return (
        at_most("cases: false merges", table.false_merges, 0),
        at_least("cases: share of the same that is found", table.recall or 0.0, 0.9),
        Gate("cases: review answered review", reviewed, table.review_found, True, out_of=table.review),
        at_most("cases: different left to a person", table.different_reviewed, _DIFFERENT_REVIEWED),
    )
