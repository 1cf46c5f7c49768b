"""Clusters of a large library's own records, judged over all of them."""

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping
from itertools import combinations
from pathlib import Path
from zlib import crc32

from labelled_data import goldfinch, goldfinch_pairs, homes
from quality_page import Gate, Section, Table, at_least

from unioncat.core.identifiers import Fingerprint
from unioncat.core.match.decide import decide
from unioncat.core.match.evaluation import Agreement, b_cubed, pairwise
from unioncat.core.match.evidence import Outcome
from unioncat.core.match.keys import match_keys
from unioncat.core.normalise.description import Description

_TEXT = (
    "`match/goldfinch`: {records} records of English monographs ({descriptions} distinct descriptions) in {clusters} clusters of their "
    "library, without any identifier: author, title, imprint and extent must do. The clusters are that library's own merge and "
    "not the judgement of people; some of what counts as wrong here is right. `pairs` counts two records in one "
    "cluster; `B-cubed` counts every record alike. The halves (by a checksum of the cluster's name) show how much the "
    "figures depend on the records that the rules were made with."
)
_SHOWN_PATTERNS = 10


def measure(data: Path) -> Section:
    """Cluster all records; the gates, both halves, and what keeps true pairs apart."""
    names, descriptions, truth = goldfinch(data)
    found = homes(names, descriptions)
    by_pair, by_record = pairwise(found, truth), b_cubed(found, truth)
    halves = [
        {name: label for name, label in truth.items() if crc32(label.encode()) % 2 == half} for half in (0, 1)
    ]
    rows = [
        row
        for part, labels in (
            ("all", truth),
            *zip(("first half", "second half"), halves, strict=True),
        )
        for row in _rows(part, found, labels)
    ]
    text = _TEXT.format(records=len(names), descriptions=len(descriptions), clusters=len(set(truth.values())))
    tables = (
        Table("Precision, recall and F1:", ("records", "measure", "precision", "recall", "F1"), rows),
        _listed_pairs(names, descriptions, goldfinch_pairs(data)),
        _apart(names, descriptions, found, truth),
        _joined(names, descriptions, found, truth),
    )
    return Section("Clusters of a library", text, _gates(by_pair, by_record), tables)


def _gates(by_pair: Agreement, by_record: Agreement) -> tuple[Gate, ...]:
    return (
        at_least("goldfinch: F1 of pairs", by_pair.f1, 0.970),
        at_least("goldfinch: precision of pairs", by_pair.precision, 0.985),
        at_least("goldfinch: B-cubed F1", by_record.f1, 0.992),
    )


def _rows(part: str, found: Mapping[str, int], labels: Mapping[str, str]) -> Iterator[tuple[object, ...]]:
    for measure_name, agreement in (("pairs", pairwise(found, labels)), ("B-cubed", b_cubed(found, labels))):
        yield f"{part} ({len(labels)})", measure_name, agreement.precision, agreement.recall, agreement.f1


def _listed_pairs(
    names: Mapping[str, Fingerprint],
    descriptions: Mapping[Fingerprint, Description],
    pairs: Iterable[tuple[str, str, bool]],
) -> Table:
    """The answers to pairs of records alone, without the clusters around them."""
    answers = Counter(
        (is_same, decide(descriptions[names[one]], descriptions[names[other]]).outcome)
        for one, other, is_same in pairs
    )
    rows = [
        (said, *(answers[is_same, outcome] for outcome in Outcome))
        for is_same, said in ((True, "the same"), (False, "not the same"))
    ]
    caption = "Answers to the list of pairs that comes with the records (its negatives are easy):"
    return Table(caption, ("the library says", *(outcome.value for outcome in Outcome)), rows)


def _apart(
    names: Mapping[str, Fingerprint],
    descriptions: Mapping[Fingerprint, Description],
    found: Mapping[str, int],
    truth: Mapping[str, str],
) -> Table:
    """What keeps true pairs apart: of each pair of records the answer on its descriptions, and what speaks against it."""
    pairs = [pair for pair in _pairs_within(truth) if len({found[record] for record in pair}) > 1]
    reasons = Counter(_reason(*(descriptions[names[record]] for record in pair)) for pair in pairs)
    rows = [
        (pattern, answer, count)
        for (pattern, answer), count in sorted(reasons.items(), key=lambda item: (-item[1], item[0]))
    ]
    caption = f"What keeps {len(pairs)} pairs of that library apart here, the most frequent first:"
    return Table(caption, ("what speaks against it", "answer", "pairs"), rows[:_SHOWN_PATTERNS])


def _joined(
    names: Mapping[str, Fingerprint],
    descriptions: Mapping[Fingerprint, Description],
    found: Mapping[str, int],
    truth: Mapping[str, str],
) -> Table:
    """How pairs came together that the library keeps apart."""
    pairs = [pair for pair in _pairs_within(found) if len({truth[record] for record in pair}) > 1]
    ways = Counter(_way(*(descriptions[names[record]] for record in pair)) for pair in pairs)
    caption = f"How {len(pairs)} pairs came together here that the library keeps apart:"
    return Table(caption, ("joined by", "pairs"), sorted(ways.items(), key=lambda item: (-item[1], item[0])))


def _pairs_within(homes_of: Mapping[str, Hashable]) -> Iterator[tuple[str, str]]:
    """Every two records of one cluster."""
    members: dict[Hashable, list[str]] = defaultdict(list)
    for record in sorted(homes_of):
        members[homes_of[record]].append(record)
    for records in members.values():
        yield from combinations(records, 2)


def _way(left: Description, right: Description) -> str:
    if left == right:
        return "nothing that tells them apart"
    outcome = decide(left, right).outcome
    return "their own likeness" if outcome is Outcome.SAME else "a third record that is like both"


def _reason(left: Description, right: Description) -> tuple[str, str]:
    if not match_keys(left) & match_keys(right):
        return "they share no match key", "never compared"
    decision = decide(left, right)
    if decision.outcome is Outcome.SAME:
        return "a third record with a veto, or a crowded key", "kept apart"
    return decision.pattern, decision.outcome.value
