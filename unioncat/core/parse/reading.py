"""What reading bytes comes to."""

import re
from dataclasses import dataclass

from unioncat.core.findings import Finding, FindingKind
from unioncat.core.marc import DEFAULT_LEADER, MarcRecord

Told = list[Finding]
"""Findings while they are being collected."""

_NOT_PRINTABLE = re.compile(r"[^ -~]")


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Why bytes are not a record, in words for a librarian."""

    kind: FindingKind
    reason: str


@dataclass(frozen=True, slots=True)
class Readable:
    """A record, and what was mended in it."""

    marc: MarcRecord
    findings: tuple[Finding, ...] = ()


Reading = Readable | Unreadable


def readable(marc: MarcRecord, told: Told) -> Readable:
    """A record with its findings, each said once."""
    return Readable(marc, tuple(dict.fromkeys(told)))


def uniform_leader(leader: str, told: Told) -> str:
    """A leader of 24 characters that says the same in every format.

    1. A missing one is replaced, a short one filled up: where it ends with 4500, positions 17-19 are counted from
       its end, for it is blanks in the middle that get lost.
    2. What describes the bytes of a delivery and not the publication is made uniform: the two lengths (00-04,
       12-16), the character set (09: text is always Unicode here), the counts (10-11) and the entry map (20-22).
    """
    if not leader.strip(' "'):
        told.append(Finding(FindingKind.LEADER, "the leader is missing; a default one stands in its place"))
        return DEFAULT_LEADER
    text = _NOT_PRINTABLE.sub(" ", leader)
    if len(text) != 24:
        told.append(Finding(FindingKind.LEADER, "the leader does not have 24 characters"))
        text = _filled_up(text)
    return f"00000{text[5:9]}a2200000{text[17:20]}450{text[23]}"


def _filled_up(text: str) -> str:
    if 16 <= len(text) < 24 and text.endswith("4500"):
        return DEFAULT_LEADER[:5] + text[5:9].ljust(4) + DEFAULT_LEADER[9:17] + text[-7:]
    return (text + DEFAULT_LEADER[len(text) :])[:24]
