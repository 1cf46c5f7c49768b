"""From a delivered record to everything the store keeps of it: parse, normalise, describe, read holdings."""

import hashlib
from dataclasses import dataclass

from unioncat.core.delivery import DeliveredRecord, RejectedRecord
from unioncat.core.identifiers import ControlNumber, Fingerprint
from unioncat.core.marc import MarcRecord
from unioncat.core.match.keys import match_keys
from unioncat.core.merge.holding import Holding
from unioncat.core.merge.holdings import HoldingsProfile, read_holdings
from unioncat.core.normalise.description import Description, describe, fingerprint
from unioncat.core.parse.read import read_record


@dataclass(frozen=True, slots=True)
class ReadDescription:
    """A description with what is computed from it."""

    fingerprint: Fingerprint
    description: Description
    keys: frozenset[str]


@dataclass(frozen=True, slots=True)
class ReadRecord:
    """A delivered record that was understood. `identifier` is its key within the source.

    A deletion that came without a record has neither `marc` nor `description`.
    """

    identifier: str
    control_number: ControlNumber
    delivered: DeliveredRecord
    content_hash: bytes
    deleted: bool
    marc: MarcRecord | None = None
    holdings: tuple[Holding, ...] = ()
    findings: tuple[str, ...] = ()
    description: ReadDescription | None = None


def read_delivery(delivered: DeliveredRecord, profile: HoldingsProfile) -> ReadRecord | RejectedRecord:
    """Understand one delivered record.

    1. A deletion in the envelope (OAI-PMH header) needs no record.
    2. A record that cannot be parsed is rejected.
    3. A record that says of itself that it is deleted (MARC 21 leader/05 = d) is a deletion.
    4. The key within the source is the envelope's identifier, else the control number (MARC 001).
    """
    content_hash = hashlib.sha256(delivered.raw).digest()
    if delivered.deleted and delivered.identifier is not None:
        name = ControlNumber(delivered.identifier)
        return ReadRecord(delivered.identifier, name, delivered, content_hash, deleted=True)
    parsed = read_record(delivered)
    if isinstance(parsed, RejectedRecord):
        return parsed
    description = describe(parsed.marc)
    return ReadRecord(
        identifier=delivered.identifier or parsed.control_number,
        control_number=parsed.control_number,
        delivered=delivered,
        content_hash=content_hash,
        deleted=parsed.marc.leader[5:6] == "d",
        marc=parsed.marc,
        holdings=read_holdings(parsed.marc, profile),
        findings=parsed.findings,
        description=ReadDescription(fingerprint(description), description, match_keys(description)),
    )
