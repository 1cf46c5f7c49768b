"""Reading of the labelled sets; `data` is the folder that UNIONCAT_TEST_DATA names."""

import asyncio
import csv
import gzip
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from harvesters.files import FileHarvester
from unioncat.core.delivery import DeliveredRecord, ParsedRecord, RecordFormat
from unioncat.core.identifiers import Fingerprint
from unioncat.core.marc import MarcRecord
from unioncat.core.match.clusters import cluster_all
from unioncat.core.match.labelled_pairs import LabelledPair, read_labelled_pair
from unioncat.core.normalise.description import Description, describe, fingerprint
from unioncat.core.parse.framing import split_iso2709
from unioncat.core.parse.read import read_record

_NONE: frozenset[str] = frozenset()


def cases(data: Path) -> list[LabelledPair]:
    """The hand-made pairs."""
    lines = (data / "match/cases.jsonl").read_text(encoding="utf-8").splitlines()
    return [
        read_labelled_pair(line, f"line {number} of cases.jsonl")
        for number, line in enumerate(lines, start=1)
        if line
    ]


def goldfinch(data: Path) -> tuple[dict[str, Fingerprint], dict[Fingerprint, Description], dict[str, str]]:
    """Fingerprints by record, descriptions without identifiers by fingerprint, true cluster by record."""
    with gzip.open(data / "match/goldfinch/records.jsonl.gz") as lines:
        records = [read_marc(line, RecordFormat.MARC_JSON) for line in lines]
    with (data / "match/goldfinch/clusters.csv").open(encoding="utf-8") as rows:
        truth = {row["id"]: row["cid"] for row in csv.DictReader(rows)}
    described = ((record.control("001") or "", _without_identifiers(describe(record))) for record in records)
    return *by_fingerprint(described), truth


def goldfinch_pairs(data: Path) -> list[tuple[str, str, bool]]:
    """The pairs of records of goldfinch that are listed with a label."""
    with (data / "match/goldfinch/pairs.csv").open(encoding="utf-8") as rows:
        return [(row["id1"], row["id2"], row["label"] == "1") for row in csv.DictReader(rows)]


def _without_identifiers(description: Description) -> Description:
    return replace(
        description,
        isbns=_NONE,
        set_isbns=_NONE,
        wrong_isbns=_NONE,
        issns=_NONE,
        system_numbers=_NONE,
        publisher_numbers=_NONE,
    )


def hcmut(data: Path) -> Iterator[tuple[str, MarcRecord]]:
    """The records of a Vietnamese university library, named by the running number in their 020$a, else by their place."""
    raw = gzip.decompress((data / "vn/hcmut_bk.mrc.gz").read_bytes())
    for place, one in enumerate(split_iso2709([raw])):
        record = read_marc(one, RecordFormat.ISO2709)
        yield f"HCMUT:{next(iter(record.values('020', 'a')), f'place {place}')}", record


def libol(data: Path) -> dict[str, MarcRecord]:
    """The readable records of all Libol uploads, named by file and 001; of the same name in a file the last."""
    return asyncio.run(_read_libol(data))


async def _read_libol(data: Path) -> dict[str, MarcRecord]:
    found = {}
    for path in sorted((data / "vn/libol").iterdir()):
        for record in await _read_file(path):
            found[f"LIBOL:{path.name.split('.')[0]}:{(record.control('001') or '').strip()}"] = record
    return found


async def _read_file(path: Path) -> list[MarcRecord]:
    """The readable records of a file."""
    return [
        parsed.marc
        async for page in FileHarvester(path).pages(None)
        for parsed in map(read_record, page.records)
        if isinstance(parsed, ParsedRecord)
    ]


def zephir(data: Path) -> list[MarcRecord]:
    """Records of a digital library, with the name of their cluster in field CID."""
    (path,) = (data / "match/zephir").iterdir()
    return asyncio.run(_read_file(path))


def silver_pairs(data: Path) -> list[dict[str, str]]:
    """The Vietnamese pairs that were labelled by rule."""
    with gzip.open(data / "match/vn_silver_pairs.tsv.gz", "rt", encoding="utf-8") as rows:
        return list(csv.DictReader(rows, delimiter="\t"))


def marc_of(value: Mapping[str, Any]) -> MarcRecord:
    """A record that is given as MARC-in-JSON."""
    return read_marc(json.dumps(value).encode(), RecordFormat.MARC_JSON)


def read_marc(raw: bytes, form: RecordFormat) -> MarcRecord:
    """A record of the test data, all of which can be read."""
    read = read_record(DeliveredRecord(raw, form, "test data"))
    assert isinstance(read, ParsedRecord)
    return read.marc


def describe_all(
    records: Iterable[tuple[str, MarcRecord]],
) -> tuple[dict[str, Fingerprint], dict[Fingerprint, Description]]:
    """Fingerprints by record and descriptions by fingerprint."""
    return by_fingerprint((name, describe(record)) for name, record in records)


def by_fingerprint(
    described: Iterable[tuple[str, Description]],
) -> tuple[dict[str, Fingerprint], dict[Fingerprint, Description]]:
    """Fingerprints by record and descriptions by fingerprint."""
    names, descriptions = {}, {}
    for name, description in described:
        names[name] = fingerprint(description)
        descriptions[names[name]] = description
    return names, descriptions


def homes(
    names: Mapping[str, Fingerprint], descriptions: Mapping[Fingerprint, Description]
) -> dict[str, int]:
    """The number of the cluster of each record."""
    home = {name: place for place, cluster in enumerate(cluster_all(descriptions)) for name in cluster}
    return {record: home[name] for record, name in names.items()}
