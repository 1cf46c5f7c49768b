"""From a delivered record to everything the store keeps of it: parse, normalise, describe, read holdings, check, pack."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from unioncat.core.delivery import DeliveredRecord, ParsedRecord, ReadingRules, RejectedRecord
from unioncat.core.findings import Finding
from unioncat.core.identifiers import ControlNumber, Fingerprint
from unioncat.core.marc import MarcRecord
from unioncat.core.match.keys import match_keys
from unioncat.core.match.placeholders import without
from unioncat.core.merge.holdings import load_profiles
from unioncat.core.merge.told_holdings import holdings_of
from unioncat.core.normalise.description import canonical_json, describe, fingerprint_of
from unioncat.core.parse.compact import to_compact
from unioncat.core.parse.read import read_record
from unioncat.core.quality.check import check_record
from unioncat.pipeline.packing import holdings_to_json, pack, to_json


@dataclass(frozen=True, slots=True)
class ReadDescription:
    """A description as it is stored (JSON), with what is computed from it."""

    fingerprint: Fingerprint
    content: str
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RecordContent:
    """What a record says, packed as it is stored: `raw` compressed; `marc`, `holdings` and `findings` as JSON."""

    raw: bytes
    marc: str
    holdings: str
    findings: str | None
    description: ReadDescription


@dataclass(frozen=True, slots=True)
class ReadRecord:
    """A delivered record that was understood. `identifier` is its key within the source.

    A deletion that came without a record has no content.
    """

    identifier: str
    control_number: ControlNumber
    delivered: DeliveredRecord
    content_hash: bytes
    deleted: bool
    content: RecordContent | None = None


Reading = ReadRecord | RejectedRecord


def read_delivery(
    delivered: DeliveredRecord, rules: ReadingRules, found: MarcRecord | None = None
) -> Reading:
    """Understand one delivered record.

    1. A deletion in the envelope (OAI-PMH header) needs no record.
    2. A record that cannot be parsed is rejected.
    3. A record that says of itself that it is deleted (MARC 21 leader/05 = d) is a deletion.
    4. The key within the source is the envelope's identifier, else the control number (MARC 001).

    `found` is what the joint catalogue has under the ISBN of a row without a title.
    """
    content_hash = hashlib.sha256(delivered.raw).digest()
    if delivered.deleted and delivered.identifier is not None:
        name = ControlNumber(delivered.identifier)
        return ReadRecord(delivered.identifier, name, delivered, content_hash, deleted=True)
    parsed = read_record(delivered, rules, found)
    if isinstance(parsed, RejectedRecord):
        return parsed
    return ReadRecord(
        identifier=delivered.identifier or parsed.control_number,
        control_number=parsed.control_number,
        delivered=delivered,
        content_hash=content_hash,
        deleted=parsed.marc.leader[5:6] == "d",
        content=_content(parsed, delivered, rules),
    )


def read_deliveries(delivered: Iterable[DeliveredRecord], rules: ReadingRules) -> list[Reading]:
    """Understand a page."""
    return [read_delivery(one, rules) for one in delivered]


def _content(parsed: ParsedRecord, delivered: DeliveredRecord, rules: ReadingRules) -> RecordContent:
    description = without(describe(parsed.marc), rules.placeholders)
    canonical = canonical_json(description)
    holdings = holdings_of(parsed.marc, delivered, load_profiles()[rules.profile])
    return RecordContent(
        raw=pack(delivered.raw),
        marc=to_json(to_compact(parsed.marc)),
        holdings=to_json(holdings_to_json(holdings)),
        findings=_findings((*parsed.findings, *check_record(parsed.marc, description, holdings))),
        description=ReadDescription(
            fingerprint_of(canonical), canonical, tuple(sorted(match_keys(description)))
        ),
    )


def _findings(findings: Iterable[Finding]) -> str | None:
    """Findings as JSON: pairs of kind and detail; None when there are none."""
    pairs = [[finding.kind, finding.detail] for finding in findings]
    return to_json(pairs) if pairs else None
