"""A merged record as compact JSON for the store: each contributor is written once and referred to by number."""

from typing import Any

from unioncat.core.identifiers import ControlNumber, Isil
from unioncat.core.marc import MarcRecord
from unioncat.core.merge.master import Contributor, MergedField, MergedRecord, Provenance
from unioncat.core.parse.compact import from_compact, to_compact


def merged_to_json(merged: MergedRecord) -> dict[str, Any]:
    """`record` in its compact form, and for each field (the leader first) its rule and contributors."""
    whys = [merged.leader_provenance, *(field.provenance for field in merged.fields)]
    contributors = sorted({contributor for why in whys for contributor in why.contributors})
    number = {contributor: index for index, contributor in enumerate(contributors)}
    return {
        "record": to_compact(merged.marc()),
        "contributors": [[c.isil, c.control_number, c.datestamp] for c in contributors],
        "provenance": [[why.rule, *(number[c] for c in why.contributors)] for why in whys],
    }


def merged_from_json(value: dict[str, Any]) -> MergedRecord:
    """The merged record again."""
    contributors = [Contributor(Isil(i), ControlNumber(c), date) for i, c, date in value["contributors"]]
    whys = [
        Provenance(rule, tuple(contributors[n] for n in numbers)) for rule, *numbers in value["provenance"]
    ]
    record: MarcRecord = from_compact(value["record"])
    merged = (MergedField(field, why) for field, why in zip(record.fields, whys[1:], strict=True))
    return MergedRecord(record.leader, whys[0], tuple(merged))
