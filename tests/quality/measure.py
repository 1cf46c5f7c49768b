"""Measure the matcher on labelled data and print the tables.

UNIONCAT_TEST_DATA=... python tests/quality/measure.py [cases] [goldfinch] [hcmut]
"""

import csv
import gzip
import json
import os
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path

from unioncat.core.delivery import DeliveredRecord, ParsedRecord, RecordFormat
from unioncat.core.identifiers import Fingerprint
from unioncat.core.marc import MarcRecord
from unioncat.core.match.clusters import candidate_pairs, cluster_all
from unioncat.core.match.decide import decide
from unioncat.core.match.evaluation import Agreement, DecisionTable, b_cubed, pairwise, tabulate
from unioncat.core.match.evidence import MatchDecision, Outcome
from unioncat.core.match.explain import explain
from unioncat.core.match.keys import match_keys
from unioncat.core.normalise.description import Description, describe, fingerprint
from unioncat.core.parse.framing import split_iso2709
from unioncat.core.parse.read import read_record

Judged = tuple[str, Outcome, MatchDecision]


def judge_cases(data: Path) -> list[Judged]:
    """The decision on every labelled pair of `match/cases.jsonl`."""
    lines = (data / "match/cases.jsonl").read_text(encoding="utf-8").splitlines()
    return [
        (
            case["id"],
            Outcome(case["expected"]),
            decide(*(_described(case[side]) for side in ("left", "right"))),
        )
        for case in map(json.loads, filter(None, lines))
    ]


def _described(value: object) -> Description:
    return describe(_marc(json.dumps(value).encode(), RecordFormat.MARC_JSON))


def _marc(raw: bytes, form: RecordFormat) -> MarcRecord:
    read = read_record(DeliveredRecord(raw, form, "test data"))
    assert isinstance(read, ParsedRecord)
    return read.marc


def goldfinch(data: Path) -> tuple[dict[str, Fingerprint], dict[Fingerprint, Description], dict[str, str]]:
    """Fingerprints by record, descriptions by fingerprint, true cluster by record."""
    with gzip.open(data / "match/goldfinch/records.jsonl.gz") as lines:
        records = [_marc(line, RecordFormat.MARC_JSON) for line in lines]
    with (data / "match/goldfinch/clusters.csv").open(encoding="utf-8") as rows:
        truth = {row["id"]: row["cid"] for row in csv.DictReader(rows)}
    names, descriptions = describe_all((record.control("001") or "", record) for record in records)
    return names, descriptions, truth


def hcmut(data: Path) -> Iterator[tuple[str, MarcRecord]]:
    """The records of a Vietnamese university library, named by their place in the file."""
    raw = gzip.decompress((data / "vn/hcmut_bk.mrc.gz").read_bytes())
    for number, one in enumerate(split_iso2709([raw])):
        yield str(number), _marc(one, RecordFormat.ISO2709)


def describe_all(
    records: Iterator[tuple[str, MarcRecord]],
) -> tuple[dict[str, Fingerprint], dict[Fingerprint, Description]]:
    """Fingerprints by record and descriptions by fingerprint."""
    names, descriptions = {}, {}
    for name, record in records:
        description = describe(record)
        names[name] = fingerprint(description)
        descriptions[names[name]] = description
    return names, descriptions


def homes(
    names: Mapping[str, Fingerprint], descriptions: Mapping[Fingerprint, Description]
) -> dict[str, int]:
    """The number of the cluster of each record."""
    home = {name: place for place, cluster in enumerate(cluster_all(descriptions)) for name in cluster}
    return {record: home[name] for record, name in names.items()}


def agreement(data: Path) -> tuple[Agreement, Agreement]:
    """B-cubed and pairwise agreement over all records of goldfinch."""
    names, descriptions, truth = goldfinch(data)
    found = homes(names, descriptions)
    return b_cubed(found, truth), pairwise(found, truth)


def table_of_cases(data: Path) -> DecisionTable:
    """The table of `match/cases.jsonl`."""
    return tabulate(judge_cases(data))


def _print_cases(data: Path) -> None:
    judged = judge_cases(data)
    for name, expected, decision in judged:
        if expected is not decision.outcome:
            print(f"{name}: expected {expected}")
            print("    " + "\n    ".join(explain(decision)))
    print(asdict(tabulate(judged)))


def _print_goldfinch(data: Path) -> None:
    started = time.perf_counter()
    names, descriptions, truth = goldfinch(data)
    described = time.perf_counter()
    pairs = list(candidate_pairs({name: match_keys(one) for name, one in descriptions.items()}))
    paired = time.perf_counter()
    outcomes = Counter(decide(descriptions[left], descriptions[right]).outcome for left, right in pairs)
    decided = time.perf_counter()
    found = homes(names, descriptions)
    print(
        f"{len(names)} records, {len(descriptions)} descriptions: {len(names) / (described - started):.0f}/s"
    )
    print(
        f"{len(pairs)} pairs: keys and pairs {paired - described:.1f} s, {len(pairs) / (decided - paired):.0f} decisions/s"
    )
    print({str(outcome): count for outcome, count in outcomes.items()})
    for kind, measured in (("B-cubed", b_cubed(found, truth)), ("pairs", pairwise(found, truth))):
        print(f"{kind}: P {measured.precision:.4f} R {measured.recall:.4f} F1 {measured.f1:.4f}")


def _print_hcmut(data: Path) -> None:
    names, descriptions = describe_all(hcmut(data))
    found = homes(names, descriptions)
    clusters: dict[int, set[Fingerprint]] = defaultdict(set)
    for record, home in found.items():
        clusters[home].add(names[record])
    print(f"{len(names)} records, {len(descriptions)} descriptions, {len(clusters)} clusters")
    sizes = Counter(found.values())
    for home, size in sizes.most_common(15):
        titles = sorted({(descriptions[name].title, descriptions[name].years) for name in clusters[home]})
        print(f"{size} records, {len(clusters[home])} descriptions: {titles[:4]}")
    for home in sorted(clusters, key=lambda home: -len(clusters[home]))[:15]:
        print(f"{len(clusters[home])} descriptions:")
        for name in sorted(clusters[home])[:8]:
            one = descriptions[name]
            print(f"    {one.title} | {sorted(one.persons)} | {one.years} | {one.volume}")


if __name__ == "__main__":
    folder = Path(os.environ.get("UNIONCAT_TEST_DATA", "../shared/data"))
    parts = {"cases": _print_cases, "goldfinch": _print_goldfinch, "hcmut": _print_hcmut}
    for part in sys.argv[1:] or parts:
        parts[part](folder)
